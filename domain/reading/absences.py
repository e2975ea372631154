"""Reading `/rhythm away 24 Dec to 5 Jan`: the days in whatever way they were typed."""

import re
from contextlib import suppress
from datetime import date, timedelta

from domain.absences import Absence
from domain.days import why_too_far
from domain.errors import DomainError
from domain.reading.dates import Days, after, count_of, is_day_first, read_days
from domain.reading.month_names import month_number
from domain.reading.spans import first_and_last, first_day_of
from domain.reading.text import composed, own_words
from domain.words import echo

_OPENING = re.compile(r"^(?:from|between|on|away|von|vom)\s+", re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till|to|through|bis)\s+(?:the\s+)?(.+)", re.IGNORECASE)
_FOR = re.compile(r"(?:(.+?)\s+)?for\s+(?:the\s+next\s+)?(\w+)\s+(day|week|month)s?", re.IGNORECASE)
_SAID = re.compile(
    r"(?:^|[,;.!?:\n]|\s(?:and|but|so|as)\s)\s*(?:(?:hi|hello|hey|btw|fyi|note)\s+)?"
    r"(?:(?:i'?m|i\s+am|i'?ll\s+be|i\s+will\s+be|will\s+be|am|ich\s+bin|bin)\s+)?"
    r"(?:going\s+)?(?:(?:away|off|ooo|(?:on\s+(?:a\s+)?)?(?:holidays?|vacation|pto)|(?:on\s+|annual\s+|parental\s+){1,2}leave"
    r"|out\s+of\s+(?:the\s+)?office|(?:im\s+)?urlaub)\b)"
    r"(?P<days>[^,;!?\n]{2,60})",
    re.IGNORECASE,
)
"""What somebody says of themselves, at the beginning of a clause; what follows may say the days."""
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
    return absence_of(days, today)


def absence_of(days: Days, today: date) -> Absence:
    """Raises DomainError for days that end before they begin, are over, or too far away."""
    if days.last < days.first:
        raise DomainError(f"The last day comes before the first one. {_HOW}")
    if days.last < today:
        raise DomainError(f"That is over already. {_HOW}")
    if too_far := why_too_far(days.last, today):
        raise DomainError(too_far)
    return Absence(days.first, days.last)


def read_away_said(text: str, today: date) -> Absence | None:
    """The days to come that a message says its writer is away; None where it does not say so, or not which.

    It is enough to offer them, not to record anything.
    """
    for found in _SAID.finditer(own_words(composed(text))):
        words = found["days"].strip(" .)").split()
        if words[:1] in (["in"], ["during"]) and words[1:] and month_number(words[1].rstrip(".")):
            del words[0]
        for count in range(len(words), 0, -1):
            with suppress(DomainError):
                return read_away(" ".join(words[:count]), today)
    return None


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
