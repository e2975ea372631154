"""Forecasts: where a number on its way to a target ends if it goes on as it did, and within which range in 8 of 10 cases.

The range follows from a random walk around a drift that is estimated from the same changes. docs/forecast.md publishes the
rule and how often it held (`python -m bench.forecast`).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from domain.pace import WEEKLY, Pace, Plan, Point, Read, counted, judge

LEAST_READINGS = 4
"""After the baseline's day: with fewer nothing is said."""
FOUR_WEEKS = timedelta(days=28)
_UPPER = 0.90
"""Of all cases a tenth lies above the range, and a tenth below it."""
AT_LEAST_BELOW = 0.0
"""Correlation of a change with the one before, for a range that is said to hold in at least 8 of 10 cases: 0 in a random
walk, -0.5 where every reading is off by chance. docs/forecast.md says why it is none lower.
"""
_SILENT = (Pace.REACHED, Pace.MISSED, Pace.NOT_READ, Pace.OUTDATED)


@dataclass(frozen=True, slots=True)
class Band:
    """What a number comes to on a day: `value` and, in 8 of 10 cases, from `low` to `high`."""

    on: date
    value: Decimal
    low: Decimal
    high: Decimal


class Reached(NamedTuple):
    """Weeks after the baseline's day, which share of the plan was due then, and which was made."""

    weeks: float
    due: float
    made: float


_BASELINE = Reached(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a number has kept its plan up to its last step, in shares of the plan."""

    last: Reached
    ratio: float
    """Made of what was due."""
    spread: float
    """Standard deviation of a week's change around that."""
    freedom: int
    correlation: float
    """Of a change with the one before."""

    @property
    def is_at_least(self) -> bool:
        return self.correlation < AT_LEAST_BELOW

    def share(self, due: float) -> float:
        """Made when that share is due, if it goes on as it did."""
        return self.last.made + self.ratio * (due - self.last.due)

    def half_width(self, ahead: float, due: float) -> float:
        """Of the range, so many weeks ahead, when that share is due."""
        return quantile(_UPPER, self.freedom) * self.error(ahead, due)

    def error(self, ahead: float, due: float) -> float:
        return self.spread * math.sqrt(ahead + self.last.weeks * ((due - self.last.due) / self.last.due) ** 2)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a number goes on: by its plan, as it kept it so far, between the least and the most that is possible."""

    plan: Plan
    fit: Fit
    last_on: date
    bounds: tuple[Decimal | None, Decimal | None]

    def band(self, day: date) -> Band:
        due = float(self.plan.share(self.plan.due(day)))
        middle, half = self.fit.share(due), self.fit.half_width(_weeks(self.last_on, day), due)
        low, high = sorted(map(self._value, (middle - half, middle + half)))
        return Band(day, self._value(middle), low, high)

    def _value(self, share: float) -> Decimal:
        plan, (least, most) = self.plan, self.bounds
        value = plan.baseline.value + (plan.target.value - plan.baseline.value) * Decimal(f"{share:.9f}")
        value = value if least is None else max(value, least)
        return value if most is None else min(value, most)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a number ends if it goes on as it did; `end` is on the day of its target."""

    last: Point
    end: Band
    days: tuple[date, ...]
    """One a week from the last reading on, the target's last."""
    outlook: Outlook
    falls_short: bool
    """Even the better end of the range."""
    chance: float
    """That the target is met, from 0 to 1."""
    needed: Decimal
    """A week, from the last reading to the target: above 0 toward it."""
    best: Decimal | None
    """The most a week that any four weeks brought; None where less is known."""

    @property
    def is_at_least(self) -> bool:
        """Its readings may be off by chance, so that the range holds more often than it says."""
        return self.outlook.fit.is_at_least

    @property
    def weeks(self) -> tuple[Band, ...]:
        """Those that lead to the end, which is the last of them."""
        return tuple(map(self.outlook.band, self.days))

    def by(self, day: date) -> Band:
        """The last of `weeks` up to a day, which was asked for or is past the target's."""
        return [band for band in self.weeks if band.on <= day][-1]


def forecast(
    plan: Plan, readings: Sequence[Read], on: date, *, is_percent: bool = False, also: date | None = None
) -> Forecast | None:
    """What can be said on a day; `readings` are one a day, oldest first. `also` is a day to come that `weeks` is to have.

    None for a limit, before the fourth reading after the baseline, once reached or past its day, for what nobody has
    read lately, where nothing was due yet, and where the range is wider than the whole plan.
    """
    if plan.is_limit or judge(plan, readings, on) in _SILENT:
        return None
    known = [read for read in counted(plan, readings, on) if read.on > plan.baseline.on]
    if not known:
        return None
    last = known[-1]
    ahead = _weeks(last.on, plan.target.on)
    fit = fitted([_step(plan, read) for read in known], ahead)
    if fit is None:
        return None
    outlook = Outlook(plan, fit, last.on, possible(plan, known, is_percent=is_percent))
    end = plan.target.on
    days = sorted({*_weekly(last.on, end), min(also or end, end), end})
    best_share = fit.share(1) + fit.half_width(ahead, 1)
    return Forecast(
        Point(last.on, last.value),
        outlook.band(end),
        tuple(days),
        outlook,
        falls_short=best_share < 1,
        chance=_chance(fit, ahead),
        needed=_toward(plan, plan.target.value - last.value) / Decimal(ahead),
        best=_best_weeks(plan, known),
    )


def fitted(steps: Sequence[Reached], ahead: float) -> Fit | None:
    """What `steps`, oldest first, say of the weeks ahead; None where nothing is said."""
    if len(steps) < LEAST_READINGS or steps[-1].due <= 0 or steps[-1].made >= 1 or ahead <= 0:
        return None
    last = steps[-1]
    ratio = last.made / last.due
    changes = [
        (step.made - before.made - ratio * (step.due - before.due)) / math.sqrt(step.weeks - before.weeks)
        for before, step in pairwise((_BASELINE, *steps))
    ]
    freedom = len(changes) - 1
    spread = math.sqrt(sum(change * change for change in changes) / freedom)
    fit = Fit(last, ratio, spread, freedom, correlation(changes))
    return fit if fit.half_width(ahead, 1) <= 1 else None


def correlation(changes: Sequence[float]) -> float:
    """Of a change with the one before; 0 where nothing changes."""
    whole = sum(change * change for change in changes)
    return sum(one * other for one, other in pairwise(changes)) / whole if whole else 0.0


def _step(plan: Plan, read: Read) -> Reached:
    return Reached(
        _weeks(plan.baseline.on, read.on),
        float(plan.share(plan.due(read.on))),
        float(plan.share(read.value)),
    )


def possible(plan: Plan, known: Iterable[Read], *, is_percent: bool) -> tuple[Decimal | None, Decimal | None]:
    """Nothing falls below 0, and no percentage rises above 100, that never was and is not meant to."""
    values = [plan.baseline.value, plan.target.value, *(read.value for read in known)]
    least = Decimal(0) if min(values) >= 0 else None
    most = Decimal(100) if is_percent and max(values) <= 100 else None
    return least, most


def _best_weeks(plan: Plan, known: Sequence[Read]) -> Decimal | None:
    points: list[Read] = [plan.baseline, *known]
    rates = [
        _toward(plan, later.value - point.value) / Decimal(_weeks(point.on, later.on))
        for number, point in enumerate(points)
        if (later := next((one for one in points[number:] if one.on - point.on >= FOUR_WEEKS), None))
    ]
    return max(rates, default=None)


def _toward(plan: Plan, change: Decimal) -> Decimal:
    return change if plan.is_up else -change


def _weekly(after: date, before: date) -> list[date]:
    return [after + number * WEEKLY for number in range(1, math.ceil(_weeks(after, before)))]


def _weeks(one: date, other: date) -> float:
    return (other - one).days / 7


def _chance(fit: Fit, ahead: float) -> float:
    error = fit.error(ahead, 1)
    if error == 0:
        return float(fit.share(1) >= 1)
    return distribution((fit.share(1) - 1) / error, fit.freedom)


def distribution(t: float, freedom: int) -> float:
    """Student's t distribution at `t` for whole degrees of freedom (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4)."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine, is_odd = math.cos(angle), freedom % 2 == 1
    term = math.sin(angle) * (cosine if is_odd else 1)
    total = 0.0
    for step in range(3 if is_odd else 2, freedom + 1, 2):
        total += term
        term *= cosine**2 * (step - 1) / step
    within = 2 / math.pi * (angle + total) if is_odd else total
    return (1 + within) / 2


@cache
def quantile(probability: float, freedom: int) -> float:
    """Where Student's t distribution has reached a probability of one half or more."""
    low, high = 0.0, 1.0
    while distribution(high, freedom) < probability:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if distribution(middle, freedom) < probability else (low, middle)
    return high
