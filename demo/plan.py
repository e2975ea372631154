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
class Work:
    """An initiative of the pasted plan."""

    name: str
    owner: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A KPI of the pasted plan, what is done if it falls short, and its readings by week, "" where there is none.

    `one_with` is the initiative whose success metric is the same number, "" for none.
    """

    name: str
    owner: str
    meant: str
    if_short: str
    readings: tuple[str, ...]
    one_with: str = ""


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
    "Country": "Nowhere: public holidays do not count",
}

NEWSLETTER = "Newsletter relaunch"
REFERRALS = "Giver referral programme"
OPEN_WATER = "Spring open-water days"
QUESTION_DESK = "Parents' question desk"
RESULTS_PAGE = "Lesson results page"
FIRST_PHASE = "Four issues to compare"

INITIATIVES = (
    Work(NEWSLETTER, "Maya"),
    Work(REFERRALS, "Ben"),
    Work(OPEN_WATER, "Aroha"),
    Work(QUESTION_DESK, "Priya"),
    Work(RESULTS_PAGE, "Tom"),
)

PASTED = """\
Newsletter relaunch @maya 23 Nov to 31 Mar, subscribers 4,200→6,000, open-to-click 2.1%→3.5%, £1,200, \
decides subject, layout, send days, sponsor @ruth, partner @ines: a story a month
Giver referral programme @ben 23 Nov to 28 Feb, referred givers 0→60, £3,000, goal 2, \
decides rewards up to £5 each, sponsor @ruth, partner @sam: the pledge form by 15 Dec
Spring open-water days @aroha 23 Nov to 30 Apr, sign-ups a month 95→140, days held 0→6, £2,400, \
decides venues under £400, sponsor @ruth, partner @ines: two instructors a day
Parents' question desk @priya 23 Nov to 31 Jan, answer time 41h→20h, £0, goal 3, \
decides wording and tools, sponsor @ruth
Lesson results page @tom 23 Nov to 31 Mar, visits that give 0.8%→1.6%, £900, goal 2, \
decides design, sponsor @ruth, partner @sam: the consent texts
KPI Newsletter subscribers 4,200→6,000 by 31 March @maya
KPI Monthly givers 310→420 by 31 March @ben
KPI Sign-ups a month 95→140 by 30 April @aroha
KPI Cost per new giver £52→£38 by 31 March @ben monthly, goal 2
KPI Donor retention stay above 62% until 31 March @maya monthly, baseline 64%, goal 2
KPI Answer time to parents 41h→24h by 31 January @priya, goal 3
"""
UNDERSTOOD = "I understood 5 initiatives and 6 KPIs."
"""What is said to it when nothing is left over."""
ONE_NUMBER = {
    f"{NEWSLETTER}: is “subscribers” a KPI?": "Newsletter subscribers",
    f"{OPEN_WATER}: is “sign-ups a month” a KPI?": "Sign-ups a month",
    f"{QUESTION_DESK}: is “answer time” a KPI?": "Answer time to parents",
}
"""The metrics that are KPIs by their names, as the draft has it filled in."""

STORIES = (
    "Parents tell @priya.raman 22 Feb to 31 March, stories sent 0→6, £300, goal 1, "
    "decides whom to ask, sponsor @ruth.adler"
)
"""Proposed in the last week, for the goal that the relaunch taught something about."""

SUBSCRIBERS_KPI = "Newsletter subscribers"
KPIS = (
    Watched(
        SUBSCRIBERS_KPI,
        "Maya",
        "4,200 → 6,000",
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
            "5,800",
            "5,880",
        ),
        NEWSLETTER,
    ),
    Watched(
        "Monthly givers",
        "Ben",
        "310 → 420",
        "Call last year's givers",
        ("311", "313", "314", "316", "319", "326", "334", "343", "352", "362", "374", "385", "396"),
    ),
    Watched(
        "Sign-ups a month",
        "Aroha",
        "95 → 140",
        "Offer evening lessons",
        ("96", "99", "104", "", "108", "", "", "111", "112", "116", "121", "126", "131"),
        OPEN_WATER,
    ),
    Watched(
        "Cost per new giver",
        "Ben",
        "52 → 38 £",
        "Stop the paid posts",
        ("52", "51", "", "", "", "", "46", "", "", "", "42", "", ""),
    ),
    Watched(
        "Donor retention",
        "Maya",
        "64 above 62 %",
        "Write to everyone who stopped",
        ("64", "64", "", "", "", "", "65", "", "", "", "66", "", ""),
    ),
    Watched(
        "Answer time to parents",
        "Priya",
        "41 → 24 h",
        "Answer by telephone on Mondays",
        ("40", "38", "33", "31", "30", "28", "26", "24", "22", "20", "20", "19", "19"),
        QUESTION_DESK,
    ),
)
