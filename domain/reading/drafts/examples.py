"""Plans to begin from, in the words of lines and read by the same reader; whoever takes one puts in people and numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanExample:
    key: str
    label: str
    plan: str


LAUNCH = """\
Goals
- Trial sign-ups from 40 a week to 120 a week within 3 months
- Paying customers from 0 to 150 within 4 months
Initiatives
- Launch page and waiting list, in 6 weeks, waiting-list sign-ups 0→800, decides text and design, goal: Trial sign-ups
- Milestone: Launch page is live, in 4 weeks
- Customer stories, in 10 weeks, published stories 0→6, decides whom to ask, goal: Paying customers
- Launch week, in 12 weeks, trial sign-ups a week 40→120, decides the programme of the week
- Welcome emails, in 9 weeks, trials that become paying customers 4%→9%, decides subject and timing, goal: Paying customers
KPIs
- Trial sign-ups a week 40→120 in 13 weeks, weekly
- Paying customers 0→150 in 17 weeks, weekly
- Cost per trial £32→£20 in 13 weeks, monthly, goal: Trial sign-ups
- Answer time to trial questions 30h→8h in 8 weeks, weekly, goal: Paying customers
"""
FUNDRAISING = """\
Goals
- Monthly givers from 310 to 420 within 4 months
- Gifts of the appeal from 0 to 900 within 3 months
Initiatives
- Spring appeal, in 11 weeks, gifts of the appeal 0→900, decides text, pictures and send days
- Milestone: Appeal is printed, in 7 weeks
- Thank-you calls, in 8 weeks, givers called 0→300, decides whom to call first, goal: Monthly givers
- Givers invite givers, in 12 weeks, referred givers 0→60, decides small rewards, goal: Monthly givers
- Monthly giving page, in 9 weeks, visitors who become monthly givers 0.8%→1.6%, decides design, goal: Monthly givers
KPIs
- Monthly givers 310→420 in 17 weeks, weekly
- Gifts of the appeal 0→900 in 13 weeks, weekly
- Cost per new giver £52→£38 in 13 weeks, monthly, goal: Monthly givers
- Givers who give again 44%→50% in 17 weeks, monthly, goal: Monthly givers
"""
DEMAND = """\
Goals
- Qualified leads from 60 a month to 110 a month within 4 months
- Sales talks from 18 a month to 35 a month within 4 months
Initiatives
- Buyer's guide, in 7 weeks, guide requests 0→400, decides text and design, goal: Qualified leads
- Monthly webinar, in 14 weeks, guests per webinar 25→80, decides topics and speakers, goal: Qualified leads
- Milestone: First webinar held, in 5 weeks
- Search campaign, in 12 weeks, qualified leads a month 60→110, decides wording and daily spend
- Lead hand-over to sales, in 6 weeks, time until the first call 40h→8h, decides the steps, goal: Sales talks
KPIs
- Qualified leads a month 60→110 in 17 weeks, monthly
- Sales talks a month 18→35 in 17 weeks, monthly
- Cost per qualified lead £95→£70 in 13 weeks, monthly, goal: Qualified leads
- Leads that become sales talks 30%→38% in 17 weeks, monthly, goal: Sales talks
"""
EVENTS = """\
Goals
- Guests of the open day from 240 to 400 within 4 months
- Guests who sign up from 12 to 60 within 5 months
Initiatives
- Invitations, in 10 weeks, guests who said yes 0→450, decides text and channels, goal: Guests of the open day
- Programme and speakers, in 8 weeks, confirmed speakers 0→8, decides the order of the day, goal: Guests of the open day
- Milestone: Venue is booked, in 3 weeks
- Sponsors of the day, in 9 weeks, sponsors found 0→5, decides packages, goal: Guests of the open day
- Follow-up after the day, in 18 weeks, guests who sign up 12→60, decides text and timing
KPIs
- Guests of the open day 240→400 in 16 weeks, weekly
- Guests who sign up 12→60 in 20 weeks, weekly
- Cost per guest £21→£15 in 16 weeks, monthly, goal: Guests of the open day
- Guests who come again 18%→30% in 20 weeks, monthly, goal: Guests who sign up
"""
EXAMPLES = (
    PlanExample("launch", "A launch", LAUNCH),
    PlanExample("fundraising", "Fundraising", FUNDRAISING),
    PlanExample("demand", "Demand generation", DEMAND),
    PlanExample("events", "An event", EVENTS),
)
