"""A plan by month as people type it: "Dec 320, Jan 345, Feb 380"; each value is due on the last day of its month."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain.kpis import Kind
from domain.pace import Point
from domain.periods import Month
from domain.reading.amounts import read_amount
from domain.reading.month_names import ENGLISH
from domain.words import echo, full_day, listed, show_number

_NUMBERS = {name[:letters]: number for number, name in enumerate(ENGLISH, start=1) for letters in (3, None)}
_NUMBERS["sept"] = 9
_MONTH = re.compile(
    r"""(?<![\w.,/-])(?:
        (?P<year>20\d\d)-(?P<number>\d\d?)
      | (?P<number2>\d\d?)[/.](?P<year2>20\d\d)
      | (?P<name>[A-Za-z]{3,9})\.?(?:\s+(?P<year3>20\d\d)(?=\s*[:=]|\s+\S))?
    )(?=\s*[:=]|\s|$)\s*[:=]?\s*""",
    re.VERBOSE,
)
_EXAMPLE = "Write each month with its value, such as Dec 320, Jan 345."


def read_months(text: str, kind: Kind, unit: str, baseline: Point, target: Point) -> tuple[Point, ...]:
    """The values between baseline and target, in order. Raises ValueError with a sentence for the person.

    A month without a year is the one of the plan; the target's own month may only repeat the target.
    """
    found: dict[Month, Decimal] = {}
    for month, typed in _pairs(text, baseline.on, target.on):
        value = read_amount(typed, kind, unit)
        if found.setdefault(month, value) != value:
            raise ValueError(f"{_label(month)} stands here twice. Give it one value.")
    _require_between(found, baseline, target, unit)
    return tuple(
        Point(month.last_day, value) for month, value in sorted(found.items()) if month.last_day < target.on
    )


def write_months(steps: tuple[Point, ...], unit: str = "") -> str:
    """As `read_months` reads it back, a month a line."""
    return "\n".join(f"{step.on:%b %Y}: {show_number(step.value, unit)}" for step in steps)


def _pairs(text: str, first: date, last: date) -> Iterator[tuple[Month, str]]:
    marks = [mark for mark in _MONTH.finditer(text) if mark["name"] is None or _number_of(mark["name"])]
    if not marks or text[: marks[0].start()].strip():
        raise ValueError(f"I could not read “{echo(text)}” as values by month. {_EXAMPLE}")
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        typed = text[mark.end() : end].strip(" \t\r\n,;")
        month = _month(mark, first, last)
        if not typed:
            raise ValueError(f"{_label(month)} has no value here. {_EXAMPLE}")
        yield month, typed


def _month(mark: re.Match[str], first: date, last: date) -> Month:
    year = mark["year"] or mark["year2"] or mark["year3"]
    number = _number_of(mark["name"]) if mark["name"] else int(mark["number"] or mark["number2"])
    if not 1 <= number <= 12:
        raise ValueError(f"There is no month {number}. {_EXAMPLE}")
    if year:
        return Month(int(year), number)
    years = [one for one in range(first.year, last.year + 1) if _touches(Month(one, number), first, last)]
    if len(years) > 1:
        name = f"{Month(years[0], number).day(1):%B}"
        raise ValueError(
            f"The plan has {name} {listed([str(one) for one in years], 'or')}: which one is meant?"
        )
    return Month(years[0] if years else first.year, number)


def _touches(month: Month, first: date, last: date) -> bool:
    return Month.of(first) <= month <= Month.of(last)


def _number_of(name: str) -> int:
    """Of a month's name or its first letters; 0 for another word."""
    return _NUMBERS.get(name.lower(), 0)


def _require_between(found: dict[Month, Decimal], baseline: Point, target: Point, unit: str) -> None:
    for month, value in found.items():
        if month.last_day <= baseline.on:
            raise ValueError(f"{_label(month)} is over before the plan begins on {full_day(baseline.on)}.")
        if month.last_day >= target.on and (month > Month.of(target.on) or value != target.value):
            due = f"{show_number(target.value, unit)} on {full_day(target.on)}"
            raise ValueError(
                f"{_label(month)} ends with the target itself, {due}, or after it. Leave it out."
            )


def _label(month: Month) -> str:
    return f"{month.day(1):%B %Y}"
