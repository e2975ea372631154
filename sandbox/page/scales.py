"""Scales, numbers and colours that all charts share."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

# Twelve, because a chart holds at most twelve series or segments; told apart by lightness as well as hue.
COLOURS = (
    "#2a78b8",
    "#e8912d",
    "#2f9e77",
    "#c94f7c",
    "#7a5cc4",
    "#d3b52b",
    "#4db6d0",
    "#a0522d",
    "#8aa83a",
    "#5b6b82",
    "#e57373",
    "#1d4e6b",
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values between `low` and `high` on a line from `start` to `end` (user units of the drawing)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, *, whole: bool, about: int = 4) -> list[float]:
    """Round numbers at equal steps that enclose both ends; whole numbers where all values are."""
    span = (high - low) or abs(high) or 1.0
    step = _round_up(span / about)
    if whole:
        step = max(1.0, float(ceil(step)))
    first, last = floor(low / step), ceil(high / step)
    last = max(last, first + 1)
    return [round(step * at, 10) for at in range(first, last + 1)]


def enclosing(values: Sequence[float], *, from_zero: bool) -> tuple[float, float]:
    """The range to show. A line far above zero keeps its own range, or its shape would be lost."""
    low, high = min(values), max(values)
    if from_zero or low < (high - low):
        return min(0.0, low), max(0.0, high)
    return low, high


def number(value: float) -> str:
    """`4,200`, `2.1`, `-3`."""
    words = f"{value:,.2f}"
    return words.rstrip("0").rstrip(".")


def _round_up(step: float) -> float:
    size = 10.0 ** floor(log10(step))
    return next(size * nice for nice in (1, 2, 2.5, 5, 10) if size * nice >= step * 0.999999)
