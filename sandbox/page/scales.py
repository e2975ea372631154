"""Scales, numbers and colours that all charts share."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

# The four that Slack goes round, as seen in its client in June 2026; it documents none, and apps cannot choose.
_COLOURS = ("#bf4d1a", "#263b9c", "#106f4d", "#d94c75")

_SMALLEST_SPAN = 1e-6  # below it a line is flat, and the axis is as long as the value is large
_STEPS = 4
"""About so many between the ends."""


def colour(at: int) -> str:
    """The colour of a chart's series or segment number `at`, from 0."""
    return _COLOURS[at % len(_COLOURS)]


@dataclass(frozen=True, slots=True)
class Scale:
    """Values between `low` and `high` on a line from `start` to `end` (user units of the drawing)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, *, whole: bool) -> list[float]:
    """Round numbers at equal steps that enclose both ends; whole numbers where all values are."""
    span = high - low if high - low > _SMALLEST_SPAN else max(abs(high), 1.0)
    step = _round_up(span / _STEPS)
    if whole:
        step = max(1.0, float(ceil(step)))
    first, last = floor(low / step), ceil(high / step)
    last = max(last, first + 1)
    return [round(step * at, 10) for at in range(first, last + 1)]


def enclosing(values: Sequence[float], *, from_zero: bool) -> tuple[float, float]:
    """The range to show: bars and areas stand on zero, lines keep their own range."""
    low, high = min(values), max(values)
    return (min(0.0, low), max(0.0, high)) if from_zero else (low, high)


def number(value: float) -> str:
    """`4,200`, `2.1`, `-3`."""
    words = f"{value:,.2f}"
    return words.rstrip("0").rstrip(".")


def _round_up(step: float) -> float:
    size = 10.0 ** floor(log10(step))
    return next(size * nice for nice in (1, 2, 2.5, 5, 10) if size * nice >= step * 0.999999)
