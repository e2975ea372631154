"""Pace: how a number does on its way from baseline to target, a KPI's or a success metric's.

docs/pace.md publishes the rule, docs/pace-simulation.md what it is worth (`python -m bench.pace`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

WEEKLY = timedelta(days=7)
MONTHLY = timedelta(days=31)
_OUTDATED_AFTER = {WEEKLY: timedelta(days=14), MONTHLY: timedelta(days=41)}
"""By how often it is read: two periods, of a month one and ten days."""
RECENT = 13
"""Readings of a limit that are looked back on: a quarter's."""
_WELL_BELOW = Decimal("0.9")


class Pace(StrEnum):
    """What is said of a number on a day; of a limit, on pace means that it holds."""

    NO_READING = "no reading yet"
    TOO_EARLY = "too early to say"
    ON_PACE = "on pace"
    BEHIND = "behind"
    REACHED = "reached"
    MISSED = "missed"
    NOT_READ = "not read by its day"
    OUTDATED = "outdated"

    @property
    def is_kept(self) -> bool:
        return self in (Pace.ON_PACE, Pace.REACHED)


class Read(Protocol):
    """A value that was read on a day."""

    @property
    def on(self) -> date: ...
    @property
    def value(self) -> Decimal: ...


ReadT = TypeVar("ReadT", bound=Read)


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day: one that was read, or one that is due."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """The constants of the rule, all shares of the whole plan or of what of it is due."""

    floor: Decimal = Decimal("0.05")
    """Of the whole plan: what is short by no more is not behind."""
    twice: Decimal = Decimal("0.1")
    """Of what is due: short by more on two readings running is behind."""
    once: Decimal = Decimal("0.4")
    """Of what is due: short by more is behind at once."""
    back: Decimal = Decimal("0.05")
    """Of what is due: short by no more is on pace again."""
    early_share: Decimal = Decimal("0.25")
    early_readings: int = 3
    """Before this reading nothing is said while less than `early_share` is due."""


RULE = Rule()


@dataclass(frozen=True, slots=True)
class Plan:
    """The way from a baseline to a target: straight, or through the values that `steps` has due between them.

    A limit has no way to go; its value must stay on the right side of the target. `expected_from` is the day from
    which it is read, every `period`.
    """

    baseline: Point
    target: Point
    is_up: bool
    is_limit: bool = False
    steps: tuple[Point, ...] = ()
    expected_from: date = date.min
    period: timedelta = WEEKLY

    def due(self, on: date) -> Decimal:
        """The value due on a day; level before the baseline's day and after the target's."""
        if self.is_limit:
            return self.target.value
        before = self.baseline
        for after in (*self.steps, self.target):
            if on < after.on:
                return _between(before, after, on)
            before = after
        return self.target.value

    def share(self, value: Decimal) -> Decimal:
        """How much of the way a value has made."""
        way = self.target.value - self.baseline.value
        return (value - self.baseline.value) / way if way else Decimal(self.is_met(value))

    def is_met(self, value: Decimal) -> bool:
        return value >= self.target.value if self.is_up else value <= self.target.value

    def is_well_short(self, read: Read) -> bool:
        """Below nine tenths of what is due, of the way or of the number itself."""
        due = self.due(read.on)
        if self.is_limit:
            return False
        low, high = (read.value, due) if self.is_up else (due, read.value)
        is_far = high > 0 and low < _WELL_BELOW * high
        return is_far or self.share(read.value) < _WELL_BELOW * self.share(due)


def _between(before: Point, after: Point, on: date) -> Decimal:
    passed, length = max((on - before.on).days, 0), (after.on - before.on).days
    return before.value + (after.value - before.value) * passed / max(length, 1)


def judge(plan: Plan, readings: Sequence[Read], on: date, rule: Rule = RULE) -> Pace:
    """What is true on a day; `readings` are one a day, oldest first."""
    known = counted(plan, readings, on)
    if on > plan.target.on:
        return _verdict(plan, known)
    if is_outdated(plan, known, on):
        return Pace.OUTDATED
    if not known:
        return Pace.NO_READING
    if plan.is_met(known[-1].value):
        return Pace.ON_PACE if plan.is_limit else Pace.REACHED
    if plan.is_limit:
        return Pace.BEHIND
    shares = ((plan.share(plan.due(read.on)), plan.share(read.value)) for read in known)
    return list(on_the_way(shares, rule))[-1]


def counted(plan: Plan, readings: Sequence[ReadT], on: date) -> list[ReadT]:
    """Those that count on a day: none before the baseline's day, and once the target's has passed none after it."""
    last = min(on, plan.target.on)
    return [read for read in readings if plan.baseline.on <= read.on <= last]


def is_outdated(plan: Plan, known: Sequence[Read], on: date) -> bool:
    """Whether nobody has read it for so long that nothing can be said."""
    since = known[-1].on if known else max(plan.baseline.on, plan.expected_from)
    return on - since > _OUTDATED_AFTER[plan.period]


def _verdict(plan: Plan, known: Sequence[Read]) -> Pace:
    """Once the day of the target has passed."""
    if not known or known[-1].on < plan.target.on - plan.period:
        return Pace.NOT_READ
    return Pace.REACHED if plan.is_met(known[-1].value) else Pace.MISSED


def on_the_way(shares: Iterable[tuple[Decimal, Decimal]], rule: Rule) -> Iterator[Pace]:
    """What is said after each reading, of which the share due and the share made are given.

    Once behind, it must catch up to be on pace again.
    """
    is_behind = was_short = False
    for number, (due, made) in enumerate(shares, start=1):
        short = due - made
        is_early = number < rule.early_readings and due < rule.early_share
        is_short = short > max(rule.floor, rule.twice * abs(due))
        if not is_early:
            if (is_short and was_short) or short > max(rule.floor, rule.once * abs(due)):
                is_behind = True
            elif short <= rule.back * abs(due):
                is_behind = False
        was_short = is_short
        yield Pace.TOO_EARLY if is_early else Pace.BEHIND if is_behind else Pace.ON_PACE


def held(plan: Plan, readings: Sequence[Read]) -> tuple[int, int]:
    """Of a limit's last readings, in how many it held, and how many there are."""
    recent = readings[-RECENT:]
    return sum(plan.is_met(read.value) for read in recent), len(recent)
