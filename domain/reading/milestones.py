"""What people type after `/initiative milestone`: an initiative, and perhaps a new milestone with its day and person."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from domain.reading.dates import read_day
from domain.reading.initiatives import read_line
from domain.reading.names import find_name, fold

_MOST_DAY_WORDS = 4
_LIKE_A_DAY = re.compile(r".*\d.*|(?:next |this )?\w+day|tomorrow|today|eo[wmqy]|end of .+", re.IGNORECASE)
_LEADS = ("on", "in", "at", "for")


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """`initiative` is its name as typed; of the milestone what was understood, and in `unread` what was not."""

    initiative: str
    name: str = ""
    person_id: str | None = None
    due: date | None = None
    unread: tuple[str, ...] = ()


def read_milestone_line(text: str, names: Sequence[str], today: date) -> MilestoneLine:
    """`Newsletter First issue 15 Jan @ines`; the longest beginning that is one of `names` is the initiative."""
    words = text.split()
    # What has more words than any name names nothing.
    most = 2 + max((len(fold(name).split()) for name in names), default=0)
    for at in range(min(len(words), most), 0, -1):
        match = find_name(" ".join(words[:at]).rstrip(":,"), names)
        if match.found is not None or match.candidates:
            return _read(" ".join(words[:at]).rstrip(":,"), " ".join(words[at:]), today)
    return MilestoneLine(text.strip())


def _read(initiative: str, rest: str, today: date) -> MilestoneLine:
    line = read_line(rest, today)
    name, due, unread = line.name, line.due, list(line.unread)
    for part in unread:
        if due is None and (due := _day(part, today)):
            unread.remove(part)
            break
    if due is None:
        name, due = _take_last_day(name, today)
    return MilestoneLine(initiative, name, line.owner_id, due, tuple(unread))


def _take_last_day(name: str, today: date) -> tuple[str, date | None]:
    words = name.split()
    for count in range(min(_MOST_DAY_WORDS, len(words) - 1), 0, -1):
        if day := _day(" ".join(words[-count:]), today):
            left = words[:-count]
            return " ".join(left[:-1] if left[-1].lower() in _LEADS else left).rstrip(" ,:-–"), day
    return name, None


def _day(text: str, today: date) -> date | None:
    with suppress(ValueError):
        return read_day(text, today) if _LIKE_A_DAY.fullmatch(text) else None
    return None
