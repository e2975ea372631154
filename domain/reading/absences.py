"""Reading `/rhythm away 24 Dec to 5 Jan`: the days in whatever way they were typed."""

import re
from datetime import date, timedelta

from domain.absences import Absence
from domain.days import why_too_far
from domain.errors import DomainError
from domain.reading.dates import Days, after, count_of, is_day_first, read_days
from domain.reading.spans import first_and_last, first_day_of
from domain.words import echo

_OPENING = re.compile(r"^(?:from|between|on|away|von|vom)\s+", re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till|to|through|bis)\s+(?:the\s+)?(.+)", re.IGNORECASE)
_FOR = re.compile(r"(?:(.+?)\s+)?for\s+(?:the\s+next\s+)?(\w+)\s+(day|week|month)s?", re.IGNORECASE)
_MOST_WORDS = 4
"""Of a day: `31st of March 2027`."""
_HOW = "Write both days, like `24 Dec to 5 Jan`."


def read_away(text: str, today: date) -> Absence:
    """The days away; a single day means just that day, "next week" all of it. Raises DomainError."""
    words = _OPENING.sub("", " ".join(text.split()))
    try:
        days = _days(words, today)
    except ValueError as problem:
        raise DomainError(str(problem)) from None
    if days.last < days.first:
        raise DomainError(f"The last day comes before the first one. {_HOW}")
    if days.last < today:
        raise DomainError(f"That is over already. {_HOW}")
    if too_far := why_too_far(days.last, today):
        raise DomainError(too_far)
    return Absence(days.first, days.last)


def read_return(text: str, today: date) -> date | None:
    """A day of the absence that is over or cancelled; None where none is said. Raises DomainError."""
    words = _OPENING.sub("", " ".join(text.split()))
    if not words:
        return None
    try:
        return first_day_of(words, today).first
    except ValueError:
        raise DomainError(
            f"I could not read “{echo(words)}” as a day. Write the first day away, like `/rhythm back 24 Dec`."
        ) from None


def _days(words: str, today: date) -> Days:
    if found := _UNTIL.fullmatch(words):
        return Days(today, read_days(found[1], today).last)
    if (found := _FOR.fullmatch(words)) and (count := count_of(found[2].lower())):
        first = first_day_of(found[1], today).first if found[1] else today
        return Days(first, after(first, count, found[3].lower()) - timedelta(days=1))
    for first_words, last_words in first_and_last(words):
        first = first_day_of(first_words, today, day_first=is_day_first(last_words)).first
        last = read_days(last_words, _from(first, today), day_first=is_day_first(first_words)).last
        return Days(first, last)
    try:
        return read_days(words, today)
    except ValueError:
        return _adjacent_days(words, today)


def _adjacent_days(words: str, today: date) -> Days:
    parts = words.split(" ")
    for at in range(max(1, len(parts) - _MOST_WORDS), min(_MOST_WORDS + 1, len(parts))):
        try:
            first = first_day_of(" ".join(parts[:at]), today).first
            return Days(first, read_days(" ".join(parts[at:]), _from(first, today)).last)
        except ValueError:
            continue
    raise ValueError(f"I could not read “{echo(words)}” as days. {_HOW}")


def _from(first: date, today: date) -> date:
    """The last day is the next such day after the first, which may have begun already."""
    return max(first, today)
