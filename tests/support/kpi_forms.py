"""What leads type into the KPI form, in the example plan."""

KPI_FIELDS = {
    "Name": "Monthly givers",
    "Goal it serves": "Monthly givers from 310 to 420 by 31 March",
    "Kind of number": "Count",
    "Which way is good?": "Increase to",
    "Baseline": "310",
    "Baseline measured on": "2026-11-20",
    "Target": "420",
    "Target date": "2027-03-31",
    "Owner": "@Ben Carter",
    "What will we do if it falls short?": "Call last year's givers",
}
