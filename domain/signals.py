"""Signals: a reading unlike the readings before it, by an XmR chart (individuals and moving range).

Shewhart's chart with Wheeler's constants (Understanding Variation, 1993). docs/signals.md publishes the rule and what it is
worth (`python -m bench.signals`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import accumulate, pairwise

from domain.forecasts import possible
from domain.pace import Plan, Read, counted, is_outdated

LEAST_READINGS = 12
"""The one that is judged included: with fewer nothing is said."""
WINDOW = 26
"""Readings before it that one is judged by, at most: half a year of weeks."""
_LOOKED_THROUGH = WINDOW + LEAST_READINGS
"""Readings for the latest one: those in its window, and by which the first of them is judged."""
NATURAL = 2.66
"""Mean moving ranges from the mean to a natural process limit: three standard deviations."""
STEP = 1.75
"""Mean moving ranges that the change to a signal has at least, where changes alternate."""
RANGE = 3.75
"""Mean moving ranges to the upper range limit, elsewhere; Wheeler's 3.27 gives more false alarms where a plan is phased."""
ALTERNATE_ABOVE = 1.4
"""Von Neumann's ratio of the squared changes to the squared distances from their mean: about 2 where each reading is off
by chance, and small where the number itself wanders.
"""


_COARSEST = Decimal("1E15")
"""Beyond every number there can be: nothing but 0 is a multiple of it."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """A reading outside the range in which it would have been ordinary."""

    on: date
    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said happened; of several the latest stands."""

    words: str
    person_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signal:
    """A reading unlike those before it, as it was when `owner_id` was asked about it, and what was said since."""

    id: int
    workspace_id: str
    strategy_id: int
    kpi_id: int
    unlike: Unlike
    owner_id: str
    check_in_id: int
    asked_at: datetime
    said: Said | None = None

    def stands(self, readings: Sequence[Read]) -> bool:
        """Whether there is something to say: it is answered, or its reading is still what it was."""
        was = (self.unlike.on, self.unlike.value)
        return self.said is not None or any((read.on, read.value) == was for read in readings)


@dataclass(frozen=True, slots=True)
class _Point:
    """`due` is what the plan adds to its baseline by the day, `value` what there is more than the baseline."""

    on: date
    due: float
    value: float
    is_ordinary: bool = True


def latest_signal(
    plan: Plan, readings: Sequence[Read], today: date, *, is_percent: bool = False
) -> Unlike | None:
    """The latest signal that is no older than a reading may be before a number is outdated."""
    found = find_signals(plan, readings[-_LOOKED_THROUGH:], today, is_percent=is_percent)
    return found[-1] if found and not is_outdated(plan, found[-1:], today) else None


def find_signals(plan: Plan, readings: Sequence[Read], on: date, *, is_percent: bool = False) -> list[Unlike]:
    """Those among the readings known on a day, oldest first; `readings` are one a day, oldest first.

    None before the twelfth. A signal does not widen the range of what follows, and what stays where it led is ordinary.
    """
    known = [read for read in counted(plan, readings, on) if read.on > plan.baseline.on]
    if len(known) < LEAST_READINGS:
        return []
    bounds = possible(plan, known, is_percent=is_percent)
    shown = [plan.baseline, *known]
    points: list[_Point] = []
    found = []
    for read, finest in zip(shown, accumulate((_step(one.value) for one in shown), min), strict=True):
        point = _point(plan, read)
        if len(points) >= LEAST_READINGS:
            low, high = _ordinary(points[-WINDOW:], point, float(finest))
            if not low <= point.value <= high:
                ends = [_bounded(plan.baseline.value + Decimal(end), bounds) for end in (low, high)]
                found.append(Unlike(read.on, read.value, *_rounded(ends, finest)))
                point = _Point(point.on, point.due, point.value, is_ordinary=False)
        points.append(point)
    return found


def _point(plan: Plan, read: Read) -> _Point:
    base = plan.baseline.value
    due = 0.0 if plan.is_limit else float(plan.due(read.on) - base)
    return _Point(read.on, due, float(read.value - base))


def _ordinary(before: Sequence[_Point], point: _Point, finest: float) -> tuple[float, float]:
    """From where to where the next one would be like those before it; never nearer than the finest step of the numbers."""
    share = _share([one for one in before if one.is_ordinary])
    distances = [one.value - share * one.due for one in before]
    usual = [at for at, one in zip(distances, before, strict=True) if one.is_ordinary]
    changes = [
        (then - at, _weeks(one, other))
        for (one, at), (other, then) in pairwise(zip(before, distances, strict=True))
        if one.is_ordinary and other.is_ordinary
    ]
    if not changes:
        return -math.inf, math.inf
    if _alternate(usual, changes):
        moving = sum(abs(change) for change, _ in changes) / len(changes)
        around = [(_mean(usual), NATURAL * moving), (distances[-1], STEP * moving)]
        if since := _since_signal(before):
            around.append((_mean(distances[-since:]), NATURAL * moving))
    else:
        moving = sum(abs(change) / math.sqrt(weeks) for change, weeks in changes) / len(changes)
        around = [
            (distances[at], RANGE * moving * math.sqrt(_weeks(before[at], point))) for at in _led_to(before)
        ]
    line = share * point.due
    low = min(at - max(half, finest) for at, half in around)
    high = max(at + max(half, finest) for at, half in around)
    return line + low, line + high


def _share(usual: Sequence[_Point]) -> float:
    """Of the plan that they make, by least squares; of a limit, none."""
    whole = sum(one.due * one.due for one in usual)
    return sum(one.due * one.value for one in usual) / whole if whole else 0.0


def _alternate(distances: Sequence[float], changes: Sequence[tuple[float, float]]) -> bool:
    centre = _mean(distances)
    spread = sum((at - centre) ** 2 for at in distances)
    return sum(change * change for change, _ in changes) > ALTERNATE_ABOVE * spread


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _since_signal(before: Sequence[_Point]) -> int:
    """How many there are from the last signal on; 0 where there is none."""
    return next((back for back, one in enumerate(reversed(before), start=1) if not one.is_ordinary), 0)


def _led_to(before: Sequence[_Point]) -> list[int]:
    """The last one, and the last ordinary one: after a signal it may stay there as well as come back."""
    last = len(before) - 1
    return sorted({last, max((at for at, one in enumerate(before) if one.is_ordinary), default=last)})


def _weeks(one: _Point, other: _Point) -> float:
    return max((other.on - one.on).days, 1) / 7


def _step(value: Decimal) -> Decimal:
    """The largest power of ten of which it is a whole multiple: a number is not read more finely than that."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if value and isinstance(exponent, int) else _COARSEST


def _bounded(value: Decimal, bounds: tuple[Decimal | None, Decimal | None]) -> Decimal:
    least, most = bounds
    value = value if least is None else max(value, least)
    return value if most is None else min(value, most)


def _rounded(ends: Sequence[Decimal], finest: Decimal) -> tuple[Decimal, Decimal]:
    """Inwards, so that what lies outside is outside of what is written, too."""
    low, high = ends
    return _to(low, finest, ROUND_CEILING), _to(high, finest, ROUND_FLOOR)


def _to(value: Decimal, finest: Decimal, rounding: str) -> Decimal:
    return (value / finest).to_integral_value(rounding) * finest
