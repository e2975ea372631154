"""What people type after `/kpi update`: a name, a number, and perhaps a note."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.kpis import Kind, Kpi
from domain.reading.amounts import canonical_unit, is_known_unit, read_amount
from domain.reading.dates import read_past_day
from domain.reading.names import find_name, fold
from domain.reading.numbers import why_change
from domain.readings import is_plausible

_MOST_WORDS = 4
"""Of a number: `1 234 567 GBP`."""
_MOST_DAY_WORDS = 4
"""Of a day: `20th of November 2026`."""
_ON = (("on",), ("as", "of"), ("for",))
_BEGINS_A_NUMBER = re.compile(r"[+\-−–]?\D{0,3}\d")


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """`rest` begins with the number; it is empty where only a name was typed."""

    name: str
    rest: str


@dataclass(frozen=True, slots=True)
class ValueLine:
    """What follows the name; `on` is None where no day was said."""

    value: Decimal
    on: date | None = None
    note: str = ""


def split_update(text: str, names: Sequence[str]) -> UpdateLine:
    """Where the name ends: at the last number that leaves a name we know before it, else at the first."""
    words = text.split()
    if find_name(text, names).found is not None:
        return UpdateLine(text.strip(), "")
    numbers = [at for at, word in enumerate(words) if at and _BEGINS_A_NUMBER.match(word)]
    # What has more words than any name names nothing; quotation marks may stand apart at both ends.
    most = 2 + max((len(fold(name).split()) for name in names), default=0)
    for at in reversed([at for at in numbers if at <= most]):
        match = find_name(" ".join(words[:at]), names)
        if match.found is not None or match.candidates:
            return _split(words, at)
    return _split(words, numbers[0]) if numbers else UpdateLine(text.strip(), "")


def _split(words: Sequence[str], at: int) -> UpdateLine:
    return UpdateLine(" ".join(words[:at]), " ".join(words[at:]))


def read_value_and_note(rest: str, kpi: Kpi, today: date) -> ValueLine:
    """The number, as long as it can be read on and is likely; its day, if that follows; and what is left, a note.

    Raises ValueError with a sentence.
    """
    words, before = rest.split(), kpi.before(today)
    if problem := why_change(words[0], kpi.before(today + timedelta(days=1))):
        raise ValueError(problem)
    found: list[tuple[Decimal, int]] = []
    for count in range(min(_MOST_WORDS, len(words)), 1, -1):
        with suppress(ValueError):
            found.append((read_amount(" ".join(words[:count]), kpi.kind, kpi.unit, before), count))
    if not found and len(words) > 1 and _is_another_unit(words[1], kpi):
        read_amount(" ".join(words[:2]), kpi.kind, kpi.unit)
    if not found or not is_plausible(found[0][0], before):
        with suppress(ValueError):
            found.append((read_amount(words[0], kpi.kind, kpi.unit, before), 1))
    if not found:
        read_amount(words[0], kpi.kind, kpi.unit)
    value, count = next((one for one in found if is_plausible(one[0], before)), found[0])
    on, left = _take_day(words[count:], today)
    return ValueLine(value, on, " ".join(left))


def _take_day(words: Sequence[str], today: date) -> tuple[date | None, Sequence[str]]:
    """The day that follows a number, "on 20 Nov" or "yesterday", and the words after it."""
    lead = next((len(one) for one in _ON if [word.lower() for word in words[: len(one)]] == list(one)), 0)
    if not lead and words[:1] != ["yesterday"]:
        return None, words
    for end in range(min(len(words), lead + _MOST_DAY_WORDS), lead, -1):
        with suppress(ValueError):
            return read_past_day(" ".join(words[lead:end]).rstrip(",.;:"), today), words[end:]
    return None, words


def _is_another_unit(word: str, kpi: Kpi) -> bool:
    """Whether the word after the number can only be its unit; "days" may also begin a note."""
    is_time = re.fullmatch(r"\w+", word) is not None and not re.fullmatch(r"[A-Z]{3}", word)
    return is_known_unit(canonical_unit(word)) and (kpi.kind is Kind.DURATION or not is_time)
