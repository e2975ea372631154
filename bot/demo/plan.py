"""The example plan that the demo plays: Harbor Lights, a nonprofit that pays for swimming lessons. All names are made up."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

WORKSPACE = "Harbor Lights"
CHANNEL = "marketing"
FIRST_MONDAY = date(2026, 11, 23)
SET_UP_DAY = date(2026, 11, 20)


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
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)


@dataclass(frozen=True, slots=True)
class Measure:
    """A success metric as a lead types it."""

    name: str
    unit: str
    baseline: str
    target: str


@dataclass(frozen=True, slots=True)
class Work:
    """An initiative as a lead adds it; `by` is how they write its due date."""

    name: str
    owner: str
    goal: str
    by: str
    measures: tuple[Measure, ...]


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
    "Leads": ["@Maya Okafor", "@Ruth Adler"],
}

NEWSLETTER = "Newsletter relaunch"
REFERRALS = "Giver referral programme"
OPEN_WATER = "Spring open-water days"
QUESTION_DESK = "Parents' question desk"
RESULTS_PAGE = "Lesson results page"

INITIATIVES = (
    Work(
        NEWSLETTER,
        "Maya",
        SUBSCRIBERS,
        "31 March",
        (Measure("subscribers", "", "4,200", "6,000"), Measure("open-to-click", "%", "2.1", "3.5")),
    ),
    Work(REFERRALS, "Ben", GIVERS, "28 February", (Measure("referred givers", "", "0", "60"),)),
    Work(
        OPEN_WATER,
        "Aroha",
        LESSONS,
        "30 April",
        (Measure("sign-ups a month", "", "95", "140"), Measure("days held", "", "0", "6")),
    ),
    Work(QUESTION_DESK, "Priya", LESSONS, "31 January", (Measure("answer time", "hours", "41", "20"),)),
    Work(RESULTS_PAGE, "Tom", GIVERS, "31 March", (Measure("visits that give", "%", "0.8", "1.6"),)),
)

WAYS = (
    "one click",
    "one click, then why",
    "the Update… form",
    "Same as last week",
    "plain words in the DM",
    "plain words in the prompt's thread",
    "words without a health, then a button",
    "Remind me in 3 h, then a click",
    "/checkin",
    "a lead answers for an owner",
    "late, after the digest",
    "an edit, after the digest",
)
"""Every way to answer a check-in; the demo fails where its story leaves one out."""

HEALTHS = {
    OPEN_WATER: ("on track", "on track", "on track", "away"),
    QUESTION_DESK: ("on track", "on track", "on track", "on track"),
    RESULTS_PAGE: ("silent", "silent", "at risk", "on track"),
    NEWSLETTER: ("on track", "on track", "on track", "on track"),
    REFERRALS: ("on track", "on track", "at risk", "at risk"),
}
"""What must stand recorded at the end, week by week."""

MESSAGES = {
    "Aroha": (1, 1, 1, 0),
    "Priya": (1, 2, 1, 1),
    "Tom": (2, 2, 2, 1),
    "Maya": (1, 1, 1, 1),
    "Ben": (1, 1, 1, 1),
}
"""Prompts and reminders that each owner must have received, week by week."""
MOST_MESSAGES = 3
"""An owner and week."""
