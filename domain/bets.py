"""Bets: what a decision should move, by how much and by when, and what came of it.

What was known when it was decided is kept with the bet, and so is what was found when it was looked at again: neither is
reckoned anew from what is recorded later. docs/bets.md publishes the rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.absences import Absence, WorkPattern, is_free
from domain.closed_weeks import InitiativeThen
from domain.days import why_too_far
from domain.forecasts import Band, forecast
from domain.healths import Health
from domain.initiatives import Initiative, Status, metric_plan
from domain.kpis import Kpi
from domain.pace import Pace, Plan, Read, judge
from domain.periods import Week
from domain.reading.amounts import is_another_unit
from domain.schedules import local_instant

MAX_EXPECTED = 300
LEAST_JUDGED = 3
"""Bets of which it is known whether they came true, before any share of them is told."""
WEEKS_BEFORE = 4
"""Of an initiative's health that are kept with what was known."""
_LOOK_TIME = time(9)
"""Wall time in the strategy's zone from which a bet is looked at on its day."""
_FOUR_WEEKS = timedelta(days=28)
_MOST_YEARS = 1
_LONGEST_SEARCH = 60
"""Days after four weeks in which a working day is looked for."""


class Verdict(StrEnum):
    """What is to become of the decision."""

    KEEP = "keep"
    CHANGE = "change"
    STOP = "stop"


class BetFate(StrEnum):
    """What became meanwhile of what a bet is about."""

    GOES_ON = ""
    RETIRED = "retired"
    """A KPI."""
    PAUSED = "paused"
    COMPLETED = "completed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class NumberKnown:
    """A KPI, or an initiative's first metric: its last value (the baseline's before there was a reading) and its day."""

    name: str
    unit: str
    is_up: bool
    """More is better."""
    pace: Pace
    value: Decimal
    on: date
    forecast: Band | None = None
    """What it came to by the day to look again, if it went on as it had; None where nothing could be said."""
    is_at_least: bool = False
    """Of that range: it holds more often than in 8 of 10 cases."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was known on a day of what a decision should move; `weeks` are an initiative's healths, None for no answer."""

    on: date
    name: str
    number: NumberKnown | None = None
    """None where nothing is measured, or in another unit than before."""
    weeks: tuple[tuple[Week, Health | None], ...] = ()
    fate: BetFate = BetFate.GOES_ON


@dataclass(frozen=True, slots=True)
class Look:
    """One person who is asked on the day, and what they said: the first word of several people's stands, all stay."""

    bet_id: int
    person_id: str
    message_id: int | None = None
    verdict: Verdict | None = None
    learning: str = ""
    answered_at: datetime | None = None
    place: int | None = None
    """1 for whoever answered first."""


@dataclass(frozen=True, slots=True)
class Bet:
    """`expected` and `expected_value` say what is to come of a decision by `look_on`, a day of the strategy's zone.

    `person_id` said so; `then` is what was known when it was decided, `found` what was when it was looked at again.
    """

    id: int
    workspace_id: str
    strategy_id: int
    decision_id: int
    kpi_id: int | None
    initiative_id: int | None
    expected: str
    expected_value: Decimal | None
    look_on: date
    person_id: str
    made_at: datetime
    then: Known
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    found: Known | None = None
    looked_at: datetime | None = None
    looks: tuple[Look, ...] = ()

    @property
    def is_waiting(self) -> bool:
        return self.withdrawn_at is None and self.looked_at is None

    def as_of(self, at: datetime) -> "Bet":
        """As it stood at an instant: without what was found and said later."""
        if self.looked_at is None or self.looked_at > at:
            return replace(self, found=None, looked_at=None, looks=())
        said = (look.answered_at is None or look.answered_at <= at for look in self.looks)
        return replace(self, looks=tuple(look for look, was in zip(self.looks, said, strict=True) if was))

    @property
    def answers(self) -> tuple[Look, ...]:
        """What was said of it, the first first."""
        return tuple(sorted((one for one in self.looks if one.place), key=lambda look: look.place or 0))

    @property
    def verdict(self) -> Verdict | None:
        """The first one given stands."""
        return self.answers[0].verdict if self.answers else None

    @property
    def is_read(self) -> bool:
        """Whether its number was read after the day of the decision."""
        return (
            self.found is not None and self.found.number is not None and self.found.number.on > self.then.on
        )

    @property
    def came_true(self) -> bool | None:
        """Whether the number expected was met, or, where none was, the decision was kept; None where nobody knows."""
        if self.expected_value is None:
            return None if self.verdict is None else self.verdict is Verdict.KEEP
        if not self.is_read or self.found is None or self.found.number is None or self.then.number is None:
            return None
        value = self.found.number.value
        return value >= self.expected_value if self.then.number.is_up else value <= self.expected_value


def tally(bets: Iterable[Bet]) -> tuple[int, int] | None:
    """How many came true of those of which it is known; None below the least number of them."""
    judged = [bet.came_true for bet in bets if bet.withdrawn_at is None and bet.came_true is not None]
    return (sum(judged), len(judged)) if len(judged) >= LEAST_JUDGED else None


def look_instant(look_on: date, zone: str) -> datetime:
    """From when it is looked at; `zone` is the strategy's."""
    return local_instant(look_on, _LOOK_TIME, zone)


def offered_look(today: date, pattern: WorkPattern, absences: Sequence[Absence]) -> date:
    """Four weeks ahead, or the first day after that on which the decider, away as `absences`, works."""
    first = today + _FOUR_WEEKS
    days = (first + timedelta(days=ahead) for ahead in range(_LONGEST_SEARCH))
    return next((day for day in days if is_free(day, pattern, absences)), first)


def why_no_look(day: date, today: date) -> str | None:
    """The sentence refusing a day to look again, or None."""
    if day <= today:
        return "Choose a day after today: something has to have happened by then."
    return why_too_far(day, today, _MOST_YEARS)


def know_kpi(kpi: Kpi, on: date, look_on: date) -> Known:
    """What is known on a day of a KPI, with the plan and the readings that it has."""
    number = _know(kpi.name, kpi.unit, kpi.plan, kpi.readings, on, look_on, kpi.is_percent)
    return Known(on, kpi.name, number, fate=BetFate.RETIRED if kpi.retired_at else BetFate.GOES_ON)


def know_initiative(
    initiative: Initiative, by_week: Mapping[Week, InitiativeThen], on: date, look_on: date
) -> Known:
    """What is known on a day of an initiative: how the weeks left it (in the present one it may still be answered), and
    its first metric.
    """
    this_week = Week.of(on)
    weeks = [
        (week, then.health)
        for week, then in sorted(by_week.items(), key=lambda entry: entry[0])
        if then.standing.counts and (week < this_week or (week == this_week and then.health))
    ]
    number = None
    if initiative.metrics:
        metric = initiative.metrics[0]
        plan = metric_plan(metric, initiative)
        number = _know(metric.name, metric.unit, plan, metric.readings, on, look_on, metric.is_percent)
    return Known(on, initiative.name, number, tuple(weeks), _FATES.get(initiative.status, BetFate.GOES_ON))


def last_weeks(known: Known) -> Known:
    """With the last weeks only, as it is kept when it was decided."""
    return replace(known, weeks=known.weeks[-WEEKS_BEFORE:])


def compared(then: Known, found: Known) -> Known:
    """What was found, as far as it compares with what was known then: the weeks after, and a number of the same unit."""
    number = found.number
    if number is not None and (then.number is None or is_another_unit(then.number.unit, number.unit)):
        number = None
    weeks = tuple(entry for entry in found.weeks if entry[0] > Week.of(then.on))
    return replace(found, number=number, weeks=weeks)


_FATES = {
    Status.PAUSED: BetFate.PAUSED,
    Status.COMPLETED: BetFate.COMPLETED,
    Status.STOPPED: BetFate.STOPPED,
}


def _know(
    name: str, unit: str, plan: Plan, readings: Sequence[Read], on: date, look_on: date, is_percent: bool
) -> NumberKnown:
    known = [read for read in readings if read.on <= on]
    last: Read = known[-1] if known else plan.baseline
    ahead = forecast(plan, known, on, is_percent=is_percent, also=look_on) if look_on > on else None
    return NumberKnown(
        name,
        unit,
        plan.is_up,
        judge(plan, known, on),
        last.value,
        last.on,
        ahead.by(look_on) if ahead is not None else None,
        is_at_least=ahead is not None and ahead.is_at_least,
    )
