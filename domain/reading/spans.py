"""Several days in a row as people write them: "24-31 Dec", "Jan–Mar", "1.2. bis 31.3."."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from domain.reading.dates import Days, is_day_first, read_days
from domain.words import echo

_SEPARATOR = re.compile(
    r"\s(?:to|until|till|through|and|bis|au)\s|\s*(?:–|—|\.\.\.?)\s*|\s+-+\s+|(?<=[^\W\d_])\.?-(?=[^\W\d_])|(?<=\.)-(?=\d)"
    r"|(?<=\bq\d)-(?=q)",
    re.IGNORECASE,
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th|\.)?"
_TO = r"\s*(?:-|–|—|to|until|till|through|and|bis)\s*"
_ONE_MONTH = re.compile(
    rf"{_DAY}{_TO}{_DAY}\s*((?:of\s+)?[^\W\d_]+\.?.*|(?<=\.)\d{{1,2}}\..*)", re.IGNORECASE
)
_MONTH_FIRST = re.compile(rf"([^\W\d_]+\.?)\s+{_DAY}{_TO}{_DAY}((?:,?\s+\d{{4}})?)", re.IGNORECASE)
_YEAR = re.compile(r"\b20\d\d\b|'\d\d\b|[./]\d\d[./]\d\d\b")
_FULL_YEAR = re.compile(r"\b20\d\d\b")
_LAST_WEEKS = timedelta(weeks=6)
_NEXT_YEAR = timedelta(days=365) - _LAST_WEEKS


def first_and_last(words: str) -> Iterator[tuple[str, str]]:
    """The first and the last day, each in words of its own: "24-31 Dec" is 24 Dec and 31 Dec."""
    if found := _ONE_MONTH.fullmatch(words):
        rest = found[3]
        gap = "." if rest[:1].isdecimal() else " "
        yield f"{found[1]}{gap}{rest}", f"{found[2]}{gap}{rest}"
    elif found := _MONTH_FIRST.fullmatch(words):
        yield f"{found[1]} {found[2]}{found[4]}", f"{found[1]} {found[3]}{found[4]}"
    elif len(separated := _SEPARATOR.split(words)) == 2:
        yield separated[0], separated[1]


def first_day_of(words: str, today: date, *, day_first: bool | None = None) -> Days:
    """The first of several days: what has begun may have begun in the last weeks, rather than begin in a year."""
    first = read_days(words, today, day_first=day_first)
    if first.first - today > _NEXT_YEAR:
        return read_days(words, today - _LAST_WEEKS, day_first=day_first)
    return first


def read_span(words: str, today: date, *, day_first: bool | None = None) -> Days:
    """The days of work that is planned, of one day, a period, or from one to another. Raises ValueError.

    A year said at the end alone is that of both; without one it must be plain which year is meant.
    """
    for first_words, last_words in first_and_last(" ".join(words.split())):
        known = [is_day_first(one) for one in (first_words, last_words)]
        which = next((one for one in known if one is not None), day_first)
        year = _FULL_YEAR.search(last_words)
        if year and not _YEAR.search(first_words):
            return _with_year(first_words, last_words, year[0], today, which)
        first = first_day_of(first_words, today, day_first=which).first
        last = read_days(last_words, max(first, today), day_first=which).last
        is_plain = _YEAR.search(last_words) or read_days(last_words, today, day_first=which).last >= first
        if last < first or not is_plain:
            raise ValueError(f"I cannot tell which days “{echo(words)}” are. Write them with their years.")
        return Days(first, last)
    return read_days(words, today, day_first=day_first)


def _with_year(first_words: str, last_words: str, year: str, today: date, day_first: bool | None) -> Days:
    last = read_days(last_words, today, day_first=day_first).last
    gap = "" if first_words.endswith((".", "/")) else " "
    for one in (int(year), int(year) - 1):
        first = read_days(f"{first_words}{gap}{one}", today, day_first=day_first).first
        if first <= last:
            return Days(first, last)
    raise ValueError(
        f"I cannot tell which days “{echo(last_words)}” belongs to. Write both with their years."
    )
