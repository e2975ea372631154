"""Days as people type them: one day, or the days of a week, a month, a quarter."""

import re
from calendar import monthrange
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from domain.periods import Month, Week
from domain.reading.month_names import month_number
from domain.schedules import DAY_NAMES
from domain.words import echo

_LONGEST = 60
"""Characters of a day."""
_EXAMPLE = "Write it like 24 Dec, tomorrow or Monday."
_FULL_EXAMPLE = "Write it like 30 Nov 2026, or 2026-11-30."
_SHORT_ENDS = {"eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}
_FEW = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "eight": 8,
    "ten": 10,
    "twelve": 12,
}
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
"""A weekday's name as a part of a pattern that ignores case, where it stands among other words."""
_YEAR = r"(?:,? ?(?:(\d{4})|'?(\d{2})))?"
_ISO_DAY = re.compile(r"(\d{4})([/.-])(\d{1,2})\2(\d{1,2})")
_RUN_TOGETHER = re.compile(r"((?:19|20)\d\d)()(\d\d)(\d\d)")
_TIME_OF_DAY = re.compile(
    r"(?<=\d)(?:T|,? )\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?$",
    re.IGNORECASE,
)
"""That spreadsheets and exports put after a day."""
_DAY_MONTH = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? ?([^\W\d_]+)\.?{_YEAR}")
_HYPHENED = re.compile(r"(\d{1,2})-([^\W\d_]+)-(\d{4}|\d{2})")
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.? ?(\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4})|, ?'?(\d{2}))?")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(?:(\d{4})|(\d{2}))|(\.))?")
_MONTH = re.compile(r"([^\W\d_]+)\.?(?:,? ?(?:of )?(\d{4})| '(\d{2}))?")
_MONTH_NUMBERS = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})")
_QUARTER = re.compile(r"(?:q([1-4])|([1-4])\. ?quartal)(?:(?: of|,|/| /)? ?(?:(\d{4})|'?(\d{2})))?")
_PERIOD = re.compile(r"(this|next|the) (week|month|quarter|year)")
_LATER = re.compile(r"(?:in )?(\d{1,3}|[a-z]+) (day|week|wk|month|year)s?(?: from (?:now|today))?")
_AGO = re.compile(r"(\d{1,3}|[a-z]+) (day|week|wk|month|year)s? ago")
_PART = re.compile(
    r"(?:by )?(?:the )?(?:(?P<end>ende?)|(?P<start>beginning|start|anfang)|middle|mid|mitte)(?: of|-)? ?(?P<of>.+)"
)


@dataclass(frozen=True, slots=True)
class Days:
    """The days somebody means, both ends included."""

    first: date
    last: date


def read_day(text: str, today: date) -> date:
    """The day a person means, of a week, month or quarter its last; without a year the next such, `today` included.

    "Friday" is the coming one, "next Friday" the one of next week (Monday to Sunday). Raises ValueError
    with a sentence for the person.
    """
    return read_days(text, today).last


def read_past_day(text: str, today: date) -> date:
    """As `read_day`; but without a year it is the last such day, `today` included, and "November" is over by then."""
    words = " ".join(text[: _LONGEST + 1].lower().split())
    if words == "yesterday":
        return today - timedelta(days=1)
    if (number := _weekday_number(words.removeprefix("last "))) is not None:
        is_today = today.weekday() == number and not words.startswith("last ")
        return today if is_today else today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    if (found := _AGO.fullmatch(words)) and (count := count_of(found[1])) is not None:
        return after(today, -count, found[2])
    if re.fullmatch(r"q[1-4]", words) or month_number(words.rstrip(".")):
        days = read_days(text, today)
        return min(days.last, today) if days.first <= today else after(days.last, -1, "year")
    with suppress(ValueError):
        return _day(words, after(today, -1, "year") + timedelta(days=1), text, None)
    return read_day(text, today)


def read_past_month(text: str, today: date) -> Month:
    """The month a person means: without a year the last such, this one included. Raises ValueError with a sentence."""
    words, this = " ".join(text[: _LONGEST + 1].lower().split()), Month.of(today)
    if words in ("this month", "last month"):
        return this if words == "this month" else this.previous()
    named, numbers = _MONTH.fullmatch(words), _MONTH_NUMBERS.fullmatch(words)
    with suppress(ValueError):
        if numbers:
            return Month(int(numbers[1] or numbers[4]), int(numbers[2] or numbers[3]))
        if named and (number := month_number(named[1])):
            year = _year(named[2], named[3])
            return Month(year or this.year - (number > this.number), number)
    raise ValueError(f"I could not read “{echo(text)}” as a month. Write it like November, or 2026-11.")


def read_days(text: str, today: date, *, day_first: bool | None = None) -> Days:
    """The days of what a person means: "next week", "March", "Q1", "end of March", or one day. Raises ValueError.

    `day_first`: how 5/6 is meant, where something else says it.
    """
    words = " ".join(text[: _LONGEST + 1].lower().split())
    if len(text.strip()) > _LONGEST:
        raise ValueError(f"I could not read “{echo(text)}” as a day. {_EXAMPLE}")
    found = _named(words, today) or _period(words, today)
    if found is not None:
        return found
    day = _day(words, today, text, day_first)
    return Days(day, day)


def read_full_day(text: str, *, day_first: bool | None) -> date:
    """The one day that a text means whenever it is read: with its year. Raises ValueError with a sentence."""
    if len(text.strip()) > _LONGEST:
        raise ValueError(f"I could not read “{echo(text)}” as a day. {_FULL_EXAMPLE}")
    return _day(" ".join(text.lower().split()), None, text, day_first)


def without_time(text: str) -> str:
    """A day without the time of day after it; it is the day that is written, in whichever zone that was."""
    return _TIME_OF_DAY.sub("", text.strip().replace("\u202f", " "))


def is_day_first(text: str) -> bool | None:
    """Whether numbers such as 24/12 begin with the day; None where they do not say."""
    found = _NUMBERS.fullmatch(text.strip())
    if found is None:
        return None
    if found[2] == "." or int(found[1]) > 12:
        return True
    return False if int(found[3]) > 12 else None


def are_day_first(days: Iterable[str]) -> bool | None:
    """As `is_day_first` of those that say it; None where none does, or they disagree."""
    said = {is_day_first(day) for day in days} - {None}
    return said.pop() if len(said) == 1 else None


def _named(words: str, today: date) -> Days | None:
    """Today, a weekday, in 6 weeks."""
    near = {"today": 0, "tomorrow": 1, "day after tomorrow": 2, "the day after tomorrow": 2}
    if words in near:
        return _one(today + timedelta(days=near[words]))
    if (weekday := _weekday_meant(words, today)) is not None:
        return _one(weekday)
    if found := _LATER.fullmatch(words):
        count = count_of(found[1])
        if count is not None and (words.startswith("in ") or words.endswith(("now", "today"))):
            return _one(after(today, count, found[2]))
    return None


def after(day: date, count: int, unit: str) -> date:
    """So many days, weeks, months or years later; of a month without that day its last."""
    if unit.startswith("d"):
        return day + timedelta(days=count)
    if unit.startswith("w"):
        return day + timedelta(weeks=count)
    months = day.month - 1 + count * (12 if unit.startswith("y") else 1)
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def count_of(word: str) -> int | None:
    """A small number, in digits or as a word."""
    return int(word) if re.fullmatch(r"[0-9]{1,3}", word) else _FEW.get(word)


def _period(words: str, today: date) -> Days | None:
    """A week, month, quarter or year, or its end, beginning or middle."""
    if words in _SHORT_ENDS:
        return _one(_this(_SHORT_ENDS[words], today).last)
    if found := _PERIOD.fullmatch(words):
        this = _this(found[2], today)
        return this if found[1] in ("this", "the") else _this(found[2], this.last + timedelta(days=1))
    if found := _QUARTER.fullmatch(words):
        quarter = int(found[1] or found[2])
        return _next_of(_year(found[3], found[4]), 3 * quarter - 2, 3, today)
    if found := _PART.fullmatch(words):
        return _part(found, today)
    found = _MONTH.fullmatch(words)
    month = month_number(found[1]) if found else None
    return _next_of(_year(found[2], found[3]), month, 1, today) if found and month else None


def _part(found: re.Match[str], today: date) -> Days | None:
    of = found["of"].removeprefix("the ")
    whole = _this(of, today) if of in ("week", "month", "quarter", "year") else None
    if re.fullmatch(r"\d{4}", of) and int(of):
        whole = Days(date(int(of), 1, 1), date(int(of), 12, 31))
    whole = whole or _period(of, today)
    if whole is None:
        return None
    if found["end"]:
        return _one(whole.last)
    if found["start"]:
        return _one(whole.first)
    return _one(whole.first + (whole.last - whole.first) // 2)


def _this(unit: str, today: date) -> Days:
    if unit == "week":
        week = Week.of(today)
        return Days(week.day(0), week.day(6))
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    return _months(today.year, today.month - (today.month - 1) % months, months)


def _months(year: int, month: int, count: int) -> Days:
    last = month + count - 1
    return Days(date(year, month, 1), date(year, last, monthrange(year, last)[1]))


def _next_of(year: int | None, month: int, count: int, today: date) -> Days | None:
    """These months of a year, or the next ones that are not over."""
    if year is not None:
        return _months(year, month, count) if year else None
    found = _months(today.year, month, count)
    return found if found.last >= today else _months(today.year + 1, month, count)


def _one(day: date) -> Days:
    return Days(day, day)


def _day(words: str, today: date | None, text: str, day_first: bool | None) -> date:
    """Without `today` only a day that has its year."""
    first, _, rest = words.partition(" ")
    weekday = _weekday_number(first.rstrip(","))
    if rest and weekday is not None:
        day = _day(rest, today, text, day_first)
        if day.weekday() != weekday:
            raise ValueError(f"“{echo(text)}” is a {DAY_NAMES[day.weekday()]}. Which of the two do you mean?")
        return day
    if found := _ISO_DAY.fullmatch(words) or _RUN_TOGETHER.fullmatch(words):
        return _day_of(int(found[1]), int(found[3]), int(found[4]), today, text)
    if (found := _HYPHENED.fullmatch(words)) and (month := month_number(found[2])):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        return _day_of(year, month, int(found[1]), today, text)
    if (found := _DAY_MONTH.fullmatch(words)) and (month := month_number(found[2])):
        return _day_of(_year(found[3], found[4]), month, int(found[1]), today, text)
    if (found := _MONTH_DAY.fullmatch(words)) and (month := month_number(found[1])):
        return _day_of(_year(found[3], found[4]), month, int(found[2]), today, text)
    if found := _NUMBERS.fullmatch(words):
        is_dotted = found[2] == "." and bool(found[4] or found[5] or found[6])
        number, month = _day_and_month(int(found[1]), int(found[3]), text, True if is_dotted else day_first)
        return _day_of(_year(found[4], found[5]), month, number, today, text)
    raise ValueError(f"I could not read “{echo(text)}” as a day. {_EXAMPLE if today else _FULL_EXAMPLE}")


def _year(full: str | None, short: str | None) -> int | None:
    return int(full) if full else 2000 + int(short) if short else None


def _weekday_meant(words: str, today: date) -> date | None:
    is_next = words.startswith("next ")
    number = _weekday_number(words.removeprefix("next ").removeprefix("this "))
    if number is None:
        return None
    if is_next:
        return Week.of(today).next().day(number)
    return today + timedelta(days=(number - today.weekday()) % 7)


def _weekday_number(word: str) -> int | None:
    return next((number for number, full in enumerate(DAY_NAMES) if _is_short_for(word, full)), None)


def _is_short_for(word: str, name: str) -> bool:
    return len(word) >= 3 and name.lower().startswith(word)


def _day_and_month(first: int, second: int, text: str, day_first: bool | None) -> tuple[int, int]:
    if second > 12:
        return second, first
    if first > 12 or first == second or day_first:
        return first, second
    if day_first is False:
        return second, first
    raise ValueError(f"“{echo(text)}” could mean two days: write the month as a word, like 24 Dec 2026.")


def _day_of(year: int | None, month: int, day: int, today: date | None, text: str) -> date:
    if year is None and today is None:
        raise ValueError(f"“{echo(text)}” has no year. {_FULL_EXAMPLE}")
    # Leap days are at most eight years apart, so a day that exists at all is found within that time.
    years = range(today.year, today.year + 9) if year is None and today else [year or 0]
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year is not None or today is None or found >= today:
            return found
    raise ValueError(f"There is no such day as “{echo(text)}”. {_EXAMPLE if today else _FULL_EXAMPLE}")
