"""Periods: the ISO weeks (ISO 8601) that check-ins and digests belong to, the months that reviews belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_WEEKS_OF_ANY_YEAR = 52
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week, written `2026-W48`. Raises ValueError when the year has no such week."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 1)

    @classmethod
    def of(cls, day: date) -> Week:
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> Week:
        """Read `2026-W48`; raise ValueError for anything else."""
        found = _WEEK.fullmatch(text)
        if found is None:
            raise ValueError(f"“{text}” is not a week; write it like 2026-W48.")
        return cls(int(found[1]), int(found[2]))

    def next(self) -> Week:
        return self.plus(1)

    def previous(self) -> Week:
        return self.plus(-1)

    def plus(self, weeks: int) -> Week:
        if 1 <= self.number + weeks <= _WEEKS_OF_ANY_YEAR:
            return Week(self.year, self.number + weeks)
        return Week.of(self.day(0) + timedelta(weeks=weeks))

    def day(self, weekday: int) -> date:
        """The date of a weekday of this week, 0 = Monday to 6 = Sunday."""
        return date.fromisocalendar(self.year, self.number, weekday + 1)

    def weeks_until(self, other: Week) -> int:
        """How many weeks later `other` is; negative when it is earlier."""
        return (other.day(0) - self.day(0)).days // 7

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, written `2026-12`. Raises ValueError when there is no such month."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date(self.year, self.number, 1)

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `2026-12`; raise ValueError for anything else."""
        found = _MONTH.fullmatch(text)
        if found is None:
            raise ValueError(f"“{text}” is not a month; write it like 2026-12.")
        return cls(int(found[1]), int(found[2]))

    def next(self) -> Month:
        return Month.of(self.day(28) + timedelta(days=4))

    def previous(self) -> Month:
        return Month.of(self.day(1) - timedelta(days=1))

    def day(self, number: int) -> date:
        return date(self.year, self.number, number)

    @property
    def last_day(self) -> date:
        return self.next().day(1) - timedelta(days=1)

    def weekday(self, nth: int, weekday: int) -> date:
        """The date of the nth (1 to 4) of a weekday, 0 = Monday to 6 = Sunday."""
        return self.day(1 + (weekday - self.day(1).weekday()) % 7 + 7 * (nth - 1))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"
