"""Reading `/rhythm away 24 Dec to 5 Jan`: two days in whatever way they were typed."""

import re
from datetime import date, timedelta

from domain.absences import Absence
from domain.days import why_too_far
from domain.errors import DomainError
from domain.reading.dates import read_day
from domain.words import echo

_SEPARATOR = re.compile(r"\s(?:to|until|till|through|and)\s|\s*(?:–|—|\.\.\.?)\s*|\s+-+\s+", re.IGNORECASE)
_OPENING = re.compile(r"^(?:from|between|on)\s+", re.IGNORECASE)
_MOST_WORDS = 4
"""Of a day: `31st of March 2027`."""
_LAST_WEEKS = timedelta(weeks=6)
_NEXT_YEAR = timedelta(days=365) - _LAST_WEEKS
_HOW = "Write both days, like `24 Dec to 5 Jan` or `2026-12-24 2027-01-05`."


def read_away(text: str, today: date) -> Absence:
    """The days away; a single day means just that day. Raises DomainError."""
    words = _OPENING.sub("", " ".join(text.split()))
    try:
        first, last = _two_days(words, today)
    except ValueError as problem:
        raise DomainError(str(problem)) from None
    if last < first:
        raise DomainError(f"The last day comes before the first one. {_HOW}")
    if last < today:
        raise DomainError(f"That is over already. {_HOW}")
    if too_far := why_too_far(last, today):
        raise DomainError(too_far)
    return Absence(first, last)


def read_return(text: str, today: date) -> date | None:
    """A day of the absence that is over or cancelled; None where none is said. Raises DomainError."""
    words = _OPENING.sub("", " ".join(text.split()))
    if not words:
        return None
    try:
        return _first_day(words, today)
    except ValueError:
        raise DomainError(
            f"I could not read “{echo(words)}” as a day. Write the first day away, like `/rhythm back 24 Dec`."
        ) from None


def _two_days(words: str, today: date) -> tuple[date, date]:
    separated = _SEPARATOR.split(words)
    if len(separated) == 2:
        first = _first_day(separated[0], today)
        return first, read_day(separated[1], _from(first, today))
    try:
        only = read_day(words, today)
    except ValueError:
        return _adjacent_days(words, today)
    return only, only


def _adjacent_days(words: str, today: date) -> tuple[date, date]:
    parts = words.split(" ")
    for at in range(max(1, len(parts) - _MOST_WORDS), min(_MOST_WORDS + 1, len(parts))):
        try:
            first = _first_day(" ".join(parts[:at]), today)
            return first, read_day(" ".join(parts[at:]), _from(first, today))
        except ValueError:
            continue
    raise ValueError(f"I could not read “{echo(words)}” as days. {_HOW}")


def _first_day(words: str, today: date) -> date:
    """Somebody who is away already may say since when: a day of the last weeks is not one of next year."""
    first = read_day(words, today)
    if first - today > _NEXT_YEAR:
        return read_day(words, today - _LAST_WEEKS)
    return first


def _from(first: date, today: date) -> date:
    """The last day is the next such day after the first, which may have begun already."""
    return max(first, today)
