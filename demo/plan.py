"""The example plan that the demo plays: Harbor Lights, a nonprofit that pays for swimming lessons. All names are made up."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

WORKSPACE = "Harbor Lights"
CHANNEL = "marketing"
FIRST_MONDAY = date(2026, 11, 23)
SET_UP_DAY = date(2026, 11, 19)


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the plan; `city` says whose clock they live by."""

    name: str
    city: str
    tz: str

    @property
    def first(self) -> str:
        return self.name.split()[0]

    @property
    def mention(self) -> str:
        """As typed after a command."""
        return "@" + self.name.lower().replace(" ", ".")

    @property
    def mention_by_name(self) -> str:
        """As chosen in a form."""
        return "@" + self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)


@dataclass(frozen=True, slots=True)
class PlannedMetric:
    """A success metric as a lead types it."""

    name: str
    unit: str
    baseline: str
    target: str


@dataclass(frozen=True, slots=True)
class Work:
    """An initiative as a lead adds it; `by` is how they write its due date, `partners` what each is to commit."""

    name: str
    owner: str
    goal: str
    by: str
    measures: tuple[PlannedMetric, ...]
    may_decide: str
    budget: str
    channels: tuple[str, ...] = ()
    partners: tuple[tuple[str, str], ...] = ()
    start: date = FIRST_MONDAY


@dataclass(frozen=True, slots=True)
class Watched:
    """A KPI as a lead adds it, and its readings by week, "" where there is none."""

    name: str
    owner: str
    goal: str
    kind: str
    unit: str
    direction: str
    baseline: str
    target: str
    by: str
    if_short: str
    readings: tuple[str, ...]
    cadence: str = "Weekly"


PEOPLE = {
    someone.first: someone
    for someone in (
        Someone("Maya Okafor", "London", "Europe/London"),
        Someone("Ruth Adler", "London", "Europe/London"),
        Someone("Ben Carter", "Los Angeles", "America/Los_Angeles"),
        Someone("Aroha Ngata", "Auckland", "Pacific/Auckland"),
        Someone("Priya Raman", "Kolkata", "Asia/Kolkata"),
        Someone("Tom Lindqvist", "Stockholm", "Europe/Stockholm"),
        Someone("Sam Ortiz", "New York", "America/New_York"),
        Someone("Ines Faria", "Lisbon", "Europe/Lisbon"),
    )
}
OWNERS = ("Aroha", "Priya", "Tom", "Maya", "Ben")
"""From the first Monday morning on earth to the last."""

SUBSCRIBERS = "Newsletter subscribers from 4,200 to 6,000 by 31 March"
GIVERS = "Monthly givers from 310 to 420 by 31 March"
LESSONS = "Lesson sign-ups from 95 a month to 140 a month by 30 April"

STRATEGY = {
    "Name": "Harbor Lights",
    "Why": (
        "One child in three in our cities cannot swim. Families should meet us before they need us, "
        "and givers should see what a lesson changes."
    ),
    "Goal 1": SUBSCRIBERS,
    "Goal 2": GIVERS,
    "Goal 3": LESSONS,
    "Audience": "Parents in the ten harbor districts; past givers.",
    "What makes us different": "We publish every lesson's result.",
    "Core message": "Every lesson, on the record.",
    "Leads": ["@Maya Okafor", "@Ruth Adler"],
    "Country": "None: public holidays do not count",
}

NEWSLETTER = "Newsletter relaunch"
REFERRALS = "Giver referral programme"
OPEN_WATER = "Spring open-water days"
QUESTION_DESK = "Parents' question desk"
RESULTS_PAGE = "Lesson results page"
FIRST_PHASE = "Four issues to compare"

INITIATIVES = (
    Work(
        NEWSLETTER,
        "Maya",
        SUBSCRIBERS,
        "31 March",
        (
            PlannedMetric("subscribers", "", "4,200", "6,000"),
            PlannedMetric("open-to-click", "%", "2.1", "3.5"),
        ),
        "Subject, layout, send days",
        "£1,200",
        ("Email",),
        (("Ines", "a story a month"),),
    ),
    Work(
        REFERRALS,
        "Ben",
        GIVERS,
        "28 February",
        (PlannedMetric("referred givers", "", "0", "60"),),
        "Rewards up to £5 each",
        "£3,000",
        ("Email", "Events"),
        (("Sam", "the pledge form by 15 Dec"),),
    ),
    Work(
        OPEN_WATER,
        "Aroha",
        LESSONS,
        "30 April",
        (PlannedMetric("sign-ups a month", "", "95", "140"), PlannedMetric("days held", "", "0", "6")),
        "Venues under £400",
        "£2,400",
        ("Events",),
        (("Ines", "two instructors a day"),),
    ),
    Work(
        QUESTION_DESK,
        "Priya",
        LESSONS,
        "31 January",
        (PlannedMetric("answer time", "hours", "41", "20"),),
        "Wording, tools",
        "£0",
    ),
    Work(
        RESULTS_PAGE,
        "Tom",
        GIVERS,
        "31 March",
        (PlannedMetric("visits that give", "%", "0.8", "1.6"),),
        "Design",
        "£900",
        ("Web",),
        (("Sam", "the consent texts"),),
    ),
)

STORIES = Work(
    "Parents tell",
    "Priya",
    SUBSCRIBERS,
    "31 March",
    (PlannedMetric("stories sent", "", "0", "6"),),
    "Whom to ask",
    "£300",
    start=date(2027, 2, 22),
)
"""Proposed in the last week, for the goal that the relaunch taught something about."""

SUBSCRIBERS_KPI = "Newsletter subscribers"
KPIS = (
    Watched(
        SUBSCRIBERS_KPI,
        "Maya",
        SUBSCRIBERS,
        "Count",
        "",
        "Increase to",
        "4,200",
        "6,000",
        "2027-03-31",
        "Ask the ten schools to send it home with the children",
        (
            "4,200",
            "4,230",
            "4,310",
            "4,390",
            "4,520",
            "4,600",
            "4,650",
            "4,790",
            "4,930",
            "5,080",
            "5,240",
            "5,400",
            "5,580",
        ),
    ),
    Watched(
        "Monthly givers",
        "Ben",
        GIVERS,
        "Count",
        "",
        "Increase to",
        "310",
        "420",
        "2027-03-31",
        "Call last year's givers",
        ("311", "313", "314", "316", "319", "326", "334", "343", "352", "362", "374", "385", "396"),
    ),
    Watched(
        "Sign-ups a month",
        "Aroha",
        LESSONS,
        "Count",
        "",
        "Increase to",
        "95",
        "140",
        "2027-04-30",
        "Offer evening lessons",
        ("96", "99", "104", "", "108", "", "", "111", "112", "116", "121", "126", "131"),
    ),
    Watched(
        "Cost per new giver",
        "Ben",
        GIVERS,
        "Currency",
        "£",
        "Decrease to",
        "52",
        "38",
        "2027-03-31",
        "Stop the paid posts",
        ("52", "51", "", "", "", "", "46", "", "", "", "42", "", ""),
        "Monthly",
    ),
    Watched(
        "Donor retention",
        "Maya",
        GIVERS,
        "%",
        "",
        "Stay above",
        "64",
        "62",
        "2027-03-31",
        "Write to everyone who stopped",
        ("64", "64", "", "", "", "", "65", "", "", "", "66", "", ""),
        "Monthly",
    ),
    Watched(
        "Answer time to parents",
        "Priya",
        LESSONS,
        "Duration",
        "h",
        "Decrease to",
        "41",
        "24",
        "2027-01-31",
        "Answer by telephone on Mondays",
        ("40", "38", "33", "31", "30", "28", "26", "24", "22", "20", "20", "19", "19"),
    ),
)
