"""Days as people type them."""

import re
from datetime import date, timedelta

from domain.periods import Week
from domain.schedules import DAY_NAMES
from domain.words import echo

_EXAMPLE = "Write it like 2026-12-24, 24 Dec, tomorrow or Monday."


_MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? ?([a-z]+)\.?,?(?: (\d{4}))?")


_MONTH_DAY = re.compile(r"([a-z]+)\.? ?(\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?")


_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?\.?")


def read_day(text: str, today: date) -> date:
    """The day a person means; one without a year is the next such day, `today` included.

    "Friday" is the coming one, "next Friday" the one of next week (Monday to Sunday). Raises ValueError
    with a sentence for the person.
    """
    words = " ".join(text.lower().split())
    if words in ("today", "tomorrow"):
        return today + timedelta(days=words == "tomorrow")
    if found := _ISO_DAY.fullmatch(words):
        return _day_of(int(found[1]), int(found[2]), int(found[3]), today, text)
    if (weekday := _weekday_meant(words, today)) is not None:
        return weekday
    if found := _DAY_MONTH.fullmatch(words):
        return _day_of(found[3], _month_number(found[2], text), int(found[1]), today, text)
    if found := _MONTH_DAY.fullmatch(words):
        return _day_of(found[3], _month_number(found[1], text), int(found[2]), today, text)
    if found := _NUMBERS.fullmatch(words):
        day, month = _day_and_month(int(found[1]), int(found[2]), text)
        return _day_of(found[3], month, day, today, text)
    raise ValueError(f"I could not read “{echo(text)}” as a day. {_EXAMPLE}")


def _weekday_meant(words: str, today: date) -> date | None:
    is_next = words.startswith("next ")
    name = words.removeprefix("next ").removeprefix("this ")
    matching = [number for number, full in enumerate(DAY_NAMES) if _is_short_for(name, full)]
    if not matching:
        return None
    if is_next:
        return Week.of(today).next().day(matching[0])
    return today + timedelta(days=(matching[0] - today.weekday()) % 7)


def _is_short_for(word: str, name: str) -> bool:
    return len(word) >= 3 and name.lower().startswith(word)


def _month_number(word: str, text: str) -> int:
    for number, name in enumerate(_MONTH_NAMES, start=1):
        if _is_short_for(word, name):
            return number
    raise ValueError(f"I could not read “{echo(text)}” as a day. {_EXAMPLE}")


def _day_and_month(first: int, second: int, text: str) -> tuple[int, int]:
    if second > 12:
        return second, first
    if first > 12 or first == second:
        return first, second
    raise ValueError(f"“{echo(text)}” could mean two days: write the month as a word, like 24 Dec 2026.")


def _day_of(year: str | int | None, month: int, day: int, today: date, text: str) -> date:
    # Leap days are at most eight years apart, so a day that exists at all is found within that time.
    years = [int(year)] if year else range(today.year, today.year + 9)
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    raise ValueError(f"There is no such day as “{echo(text)}”. {_EXAMPLE}")
