"""Decisions: an ask names a decider, a date and a default."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import combinations

from domain.absences import FARTHEST_LOOK, Absence, WorkPattern, is_free, last_free_day, next_working_moment
from domain.days import why_too_far
from domain.reading.legible import is_blank
from domain.reading.names import is_same_name
from domain.schedules import DAY_END, DAY_START, local_day, local_instant

MAX_OPTIONS = 5
MAX_OPTION = 75
MAX_QUESTION = 300
MAX_DEFAULT = 300
YES_OR_NO = ("Yes", "No")
DEFAULT_TIME = time(18)
"""Wall time in the strategy's zone at which an undecided day is over."""
REMINDER_TIME = time(9)
"""Wall time in the decider's zone."""
LEAST_TIME = timedelta(hours=4)
"""Working hours of their own that an ask leaves its decider."""
_FRIDAY = 4
_ONE_DAY = timedelta(days=1)


class AskKind(StrEnum):
    """What is asked for."""

    DECISION = "decision"
    RESOURCE = "resource"
    HELP = "help"


class DecisionState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    DEFAULTED = "defaulted"
    WITHDRAWN = "withdrawn"


SETTLED = (DecisionState.DECIDED, DecisionState.DEFAULTED, DecisionState.WITHDRAWN)


class AskFate(StrEnum):
    """What happens to the open asks of an initiative that is closed."""

    WITHDRAW = "withdraw"
    DEFAULT = "default"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants decided, before it is on record; without options the choice is yes or no."""

    kind: AskKind
    question: str
    decider_id: str
    due: date
    default: str
    context: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`default` takes effect when `due`, a day of the strategy's zone, ends with nothing decided."""

    id: int
    workspace_id: str
    strategy_id: int
    initiative_id: int | None
    check_in_id: int | None
    kind: AskKind
    question: str
    context: str
    options: tuple[str, ...]
    default: str
    requested_by: str
    decider_id: str
    due: date
    state: DecisionState = DecisionState.OPEN
    outcome: str = ""
    reason: str = ""
    decided_by: str | None = None
    """Who decided or withdrew it, or closed its initiative; None for a default on its date."""
    decided_at: datetime | None = None
    reminded_at: datetime | None = None
    created_at: datetime | None = None
    message_id: int | None = None

    @property
    def is_open(self) -> bool:
        return self.state is DecisionState.OPEN

    @property
    def choices(self) -> tuple[str, ...]:
        return self.options or YES_OR_NO


def read_options(text: str) -> tuple[str, ...]:
    """The options, one a line; raises ValueError with a sentence for the person."""
    options = tuple(dict.fromkeys(line.strip() for line in text.splitlines() if not is_blank(line)))
    if len(options) > MAX_OPTIONS:
        raise ValueError(
            f"That is {len(options)} options, and {MAX_OPTIONS} is the most. Leave the weakest out."
        )
    if len(options) == 1:
        raise ValueError("One option is no choice: write at least two, or none for yes or no.")
    if too_long := [option for option in options if len(option) > MAX_OPTION]:
        raise ValueError(f"An option has room for {MAX_OPTION} characters. Shorten “{too_long[0][:40]}…”.")
    for one, other in combinations(options, 2):
        if is_same_name(one, other):
            raise ValueError(f"Two options read the same: “{one}”. Say how they differ, or leave one out.")
    return options


def default_instant(due: date, zone: str) -> datetime:
    """When the default takes effect; `zone` is the strategy's."""
    return local_instant(due, DEFAULT_TIME, zone)


def is_overdue(decision: Decision, zone: str, now: datetime) -> bool:
    return decision.is_open and now >= default_instant(decision.due, zone)


def why_not_due(due: date, zone: str, now: datetime) -> str | None:
    """The sentence refusing a day that leaves the decider no time, or lies too far ahead, or None."""
    if default_instant(due, zone) > now:
        return why_too_far(due, local_day(now, zone))
    if due < local_day(now, zone):
        return "That day is over. Choose today or a later day."
    return f"Asks are decided by {DEFAULT_TIME:%H:%M}, and that is over for today. Choose a later day."


def offered_day(
    now: datetime, strategy_zone: str, zone: str, pattern: WorkPattern, absences: Sequence[Absence]
) -> date:
    """The day an ask is offered: the coming Friday, or the first one after it that leaves its decider time.

    `zone`, `pattern` and `absences` are the decider's; one who does not say when they are back is not waited for.
    """
    today = local_day(now, strategy_zone)
    friday = today + _ONE_DAY * ((_FRIDAY - today.weekday()) % 7)
    moment = _had_time(now, zone, pattern, absences) or _had_time(now, zone, pattern, ())
    return friday if moment is None else max(friday, _first_day_ending_after(moment, strategy_zone))


def first_fair_day(now: datetime, strategy_zone: str, zone: str, pattern: WorkPattern) -> date | None:
    """The first day of an ask that leaves a decider at least four of their own working hours; None within a year."""
    moment = _had_time(now, zone, pattern, ())
    return None if moment is None else _first_day_ending_after(moment, strategy_zone)


def _had_time(now: datetime, zone: str, pattern: WorkPattern, absences: Sequence[Absence]) -> datetime | None:
    """The moment at which somebody has had their four working hours since `now`; None within a year."""
    left, today = LEAST_TIME, local_day(now, zone)
    for day in (today + _ONE_DAY * ahead for ahead in range(FARTHEST_LOOK)):
        starts = max(now, local_instant(day, DAY_START, zone))
        there = local_instant(day, DAY_END, zone) - starts if is_free(day, pattern, absences) else timedelta()
        if there >= left:
            return starts + left
        left -= max(there, timedelta())
    return None


def _first_day_ending_after(moment: datetime, zone: str) -> date:
    day = local_day(moment, zone)
    return day if default_instant(day, zone) >= moment else day + _ONE_DAY


def reminder_instant(
    takes_effect: datetime,
    asked_at: datetime,
    zone: str,
    pattern: WorkPattern,
    absences: Sequence[Absence],
) -> datetime | None:
    """When the decider (`zone`, `pattern`, `absences` are theirs) is reminded; None where they are not.

    09:00 on the day before the default takes effect for them; where they are off or away, on their last working day
    before that; where there is none since they were asked, on the day itself; else not at all.
    """
    last_day = local_day(takes_effect, zone)
    nominal = last_day - _ONE_DAY
    if local_instant(nominal, REMINDER_TIME, zone) <= asked_at:
        return None
    before = last_free_day(nominal, local_day(asked_at, zone), pattern, absences)
    on_the_day = last_free_day(last_day, last_day, pattern, absences)
    for day in filter(None, (before, on_the_day)):
        at = local_instant(day, REMINDER_TIME, zone)
        if asked_at < at < takes_effect:
            return at
    return None


def next_instant(
    takes_effect: datetime,
    reminder: datetime | None,
    now: datetime,
    zone: str,
    pattern: WorkPattern,
    absences: Sequence[Absence],
) -> datetime:
    """When something is next to happen for an open decision; `reminder` is the one still to be sent.

    A reminder that is late waits for the decider's next 08:00-18:00 of a day on which they work and are not away,
    while there is still time to decide.
    """
    if reminder is None:
        return takes_effect
    moment = next_working_moment(max(reminder, now), zone, pattern, absences)
    return takes_effect if moment is None else min(takes_effect, moment)
