"""Which values are too far from the last one to be taken without asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median

from domain.words import show_number

FURTHEST = 5
"""Times the last value, or a part of it, that a value may be."""
_MOST_STEPS = 10
_FEWEST_CHANGES = 4
"""From so many readings with a change on the usual step is known."""


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a number: its last value, its target, its earlier values (oldest first, the last one included)."""

    last: Decimal | None
    target: Decimal | None = None
    values: tuple[Decimal, ...] = ()


UNKNOWN = Before(None)


def is_plausible(value: Decimal, before: Before) -> bool:
    """Whether a value may be the next one: within a fifth to five times the last, and within ten usual steps of it.

    From 0 it may go to twice the target. Where nothing is known everything is plausible.
    """
    last = before.last
    if last is None:
        return True
    if last == 0:
        return before.target is None or abs(value) <= 2 * abs(before.target)
    if value * last <= 0 or not abs(last) <= abs(value) * FURTHEST or abs(value) > abs(last) * FURTHEST:
        return False
    step = usual_step(before.values)
    return step is None or abs(value - last) <= _MOST_STEPS * step


def question(name: str, unit: str, value: Decimal, before: Before) -> str | None:
    """What to ask about a value before it is believed; None for a plausible one."""
    if is_plausible(value, before) or before.last is None:
        return None
    return is_that_right(name, unit, value, before.last)


def is_that_right(name: str, unit: str, value: Decimal, last: Decimal | None) -> str:
    """As in "subscribers 46,500, was 4,310: is that right?"."""
    was = "" if last is None else f", was {show_number(last, unit)}"
    return f"{name} {show_number(value, unit)}{was}: is that right?"


def usual_step(values: Sequence[Decimal]) -> Decimal | None:
    """The median of the changes from one value to the next; None where too few are known."""
    changes = [abs(later - earlier) for earlier, later in pairwise(values) if later != earlier]
    return median(changes) if len(changes) >= _FEWEST_CHANGES else None
