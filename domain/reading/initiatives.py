"""Reading `/initiative add Newsletter relaunch @ben by 31 March`: a head start for the form, which shows it all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from domain.reading.dates import read_day
from domain.reading.markup import plain_text
from domain.reading.mentions import MENTION

_OWNER = re.compile(rf"{MENTION}|(?<!\S)@(?P<handle>[^\W_][\w.'-]*)")
_DATE_WORD = re.compile(
    r"(?<!\S)(?:(?P<start>from|starting|starts|start|since)|(?P<due>by|due|until|till|to|before|ends|ending))"
    r"(?:\s+(?:by|on|from|the))?\s+(?=\S)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\S+")
_MOST_TRIES = 30
"""Words such as "to" after which a date is looked for."""
_MOST_DATE_WORDS = 4  # "31st of March 2027"


@dataclass(frozen=True, slots=True)
class InitiativeLine:
    """What was understood; a mention gives `owner_id` (and a handle where Slack sent one), "@ben" only a handle."""

    name: str
    owner_id: str | None = None
    owner_handle: str | None = None
    start: date | None = None
    due: date | None = None


def read_line(text: str, today: date) -> InitiativeLine:
    """Read the words after `add`, as Slack sends them. What is no owner and no date is the name, as written."""
    owner_id, handle, text = _take_owner(text)
    text = plain_text(text)
    start, text = _take_day(text, "start", today)
    due, rest = _take_day(text, "due", today)
    if due and start and due < start:  # "from 1 Feb by 31 Jan" ends a year later
        due, rest = _take_day(text, "due", start)
    return InitiativeLine(_tidy(rest), owner_id, handle, start, due)


def _take_owner(text: str) -> tuple[str | None, str | None, str]:
    match = _OWNER.search(text)
    if not match:
        return None, None, text
    handle = match["name"] or (match["handle"] or "").rstrip(".'-") or None
    left, right = text[: match.start()].rstrip(), text[match.end() :]
    if left.lower().endswith((" owner", " owner:", " owned by")):
        left = re.sub(r"\s(?:owner:?|owned by)$", "", left, flags=re.IGNORECASE)
    return match["id"], handle, f"{left} {right}"


def _take_day(text: str, kind: str, today: date) -> tuple[date | None, str]:
    """The last such date and the text without it."""
    told = [match for match in _DATE_WORD.finditer(text) if match[kind]]
    for match in reversed(told[-_MOST_TRIES:]):
        for end in reversed(list(islice(_word_ends(text, match.end()), _MOST_DATE_WORDS))):
            try:
                day = read_day(text[match.end() : end].rstrip(",.;"), today)
            except ValueError:
                continue
            return day, f"{text[: match.start()].rstrip()} {text[end:].lstrip()}"
    return None, text


def _word_ends(text: str, start: int) -> Iterator[int]:
    return (word.end() for word in _WORD.finditer(text, start))


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(' ,;:-–—"“”')
