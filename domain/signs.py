"""Signs of slipping: what the answers, the dates and the numbers of an initiative say before it is late; never of a person.

docs/promises.md publishes the rule. Whoever owns it reads them first, its leads a week later, if they still stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.check_ins import Answer, BlockerOutcome, CheckIn, CheckInState, NextOutcome
from domain.healths import Health
from domain.initiatives import Initiative, Status, metric_plan
from domain.pace import Pace, judge
from domain.periods import Week
from domain.promises import LOOKED_BACK, is_same_matter, promises_of, said_of, standing_promise
from domain.schedules import local_day

LEAST_SIGNS = 3
CARRIED_WEEKS = 3
DROPPED = 2
OF_LAST = 4
"""Promises that ended, of which `DROPPED` were dropped."""
BLOCKED_WEEKS = 2
FRESH_WEEKS = 2
"""A health that is older says nothing of now."""
LEAST_KNOWN = 10
"""Initiatives with signs whose end is known, before it is said how many of them slipped."""
_LAGS = (Pace.BEHIND, Pace.MISSED)


class SignKind(StrEnum):
    """The five; the values are stored."""

    CARRIED = "carried"
    DROPPED = "dropped"
    MOVED = "moved"
    BLOCKED = "blocked"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign with its figure: weeks carried or blocked, promises dropped of the last `of`, moves, metrics that lag.

    `words` are what the owner promised or has in the way, or the names of these metrics.
    """

    kind: SignKind
    figure: int
    of: int = 0
    words: tuple[str, ...] = ()
    is_least: bool = False
    """It may be more: nobody looks further back."""


@dataclass(frozen=True, slots=True)
class Showing:
    """That an initiative had three signs or more when its owner was asked in a period: kept as it was then."""

    initiative_id: int
    period: Week
    signs: Mapping[SignKind, int]
    """The figure of each."""
    due: date
    is_for_leads: bool
    """It had them when its owner was asked before, too."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Course:
    """A showing, and its initiative as it is by now; `ended_at` is when its strategy was closed."""

    showing: Showing
    due: date
    status: Status
    closed_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slips:
    """Of initiatives that had three signs or more, how many slipped, among those of which that is known."""

    slipped: int
    known: int

    @property
    def is_told(self) -> bool:
        return self.known >= LEAST_KNOWN


@dataclass(frozen=True, slots=True)
class Slipping:
    """The signs of one strategy's initiatives, three or more each, by initiative; and what became of such before."""

    signs: Mapping[int, tuple[Sign, ...]] = field(default_factory=dict)
    for_leads: frozenset[int] = frozenset()
    slips: Slips = Slips(0, 0)


NOTHING_SLIPS = Slipping()


def signs_of(
    initiative: Initiative, check_ins: Iterable[CheckIn], period: Week, today: date
) -> tuple[Sign, ...]:
    """What is to be seen in a period, from its owner's check-ins, the oldest first, up to that period.

    What an owner before said was theirs: whoever takes it over begins anew.
    """
    said = said_of(initiative.id, check_ins, period)
    found = (_carried(said, period), _dropped(said), _moved(initiative), _blocked(said, period))
    green = _green(initiative, said, period, today)
    return tuple(sign for sign in (*found, green) if sign is not None)


def _carried(said: Sequence[tuple[Week, Answer]], period: Week) -> Sign | None:
    promise = standing_promise(said, period)
    if promise is None or promise.carried < CARRIED_WEEKS:
        return None
    return Sign(SignKind.CARRIED, promise.carried, words=(promise.text,), is_least=promise.is_older)


def _dropped(said: Sequence[tuple[Week, Answer]]) -> Sign | None:
    settled, _ = promises_of(said)
    last = settled[-OF_LAST:]
    dropped = sum(one.outcome is NextOutcome.DROPPED for one in last)
    return Sign(SignKind.DROPPED, dropped, len(last)) if dropped >= DROPPED else None


def _moved(initiative: Initiative) -> Sign | None:
    if initiative.due <= initiative.first_due:
        return None
    return Sign(SignKind.MOVED, initiative.due_moves)


def _blocked(said: Iterable[tuple[Week, Answer]], period: Week) -> Sign | None:
    """A click and silence leave standing what is in the way; other words are about something else."""
    blocker, since = "", period
    for week, answer in said:
        if answer.last_blocker is BlockerOutcome.RESOLVED:
            blocker = ""
        if answer.blocker:
            if not (blocker and is_same_matter(blocker, answer.blocker)):
                since = week
            blocker = answer.blocker
    weeks = since.weeks_until(period)
    if not blocker or weeks < BLOCKED_WEEKS:
        return None
    return Sign(SignKind.BLOCKED, weeks, words=(blocker,), is_least=weeks == LOOKED_BACK)


def _green(
    initiative: Initiative, said: Sequence[tuple[Week, Answer]], period: Week, today: date
) -> Sign | None:
    healths = [answer.health for week, answer in said if week >= period.plus(-FRESH_WEEKS) and answer.health]
    if not healths or healths[-1] is not Health.ON_TRACK:
        return None
    lagging = [
        metric.name
        for metric in initiative.metrics
        if judge(metric_plan(metric, initiative), metric.readings, today) in _LAGS
    ]
    return Sign(SignKind.GREEN, len(lagging), words=tuple(lagging)) if lagging else None


def last_asked(check_ins: Iterable[CheckIn], initiative_id: int) -> Week | None:
    """When its owner was last asked about it, of these check-ins: a week away is none."""
    asked = (one for one in check_ins if one.state is CheckInState.ASKED and one.answer_for(initiative_id))
    return max((one.period for one in asked), default=None)


def slips_of(courses: Iterable[Course], zone: str, today: date) -> Slips:
    """What became of initiatives that had three signs or more, each from the first time on."""
    first: dict[int, Course] = {}
    for one in courses:
        id_ = one.showing.initiative_id
        if id_ not in first or one.showing.period < first[id_].showing.period:
            first[id_] = one
    known = [fate for one in first.values() if (fate := _has_slipped(one, zone, today)) is not None]
    return Slips(sum(known), len(known))


def _has_slipped(one: Course, zone: str, today: date) -> bool | None:
    """Whether it was later than it was to be then; None for one that was stopped, and while nobody can know."""
    due = one.showing.due
    if one.status is Status.STOPPED:
        return None
    if one.due > due:
        return True
    if one.status is Status.COMPLETED and one.closed_at is not None:
        return local_day(one.closed_at, zone) > due
    last = min(today, local_day(one.ended_at, zone)) if one.ended_at else today
    return True if last > due else None
