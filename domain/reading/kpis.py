"""What people type after `/kpi update`: a name, a number, and perhaps a note."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.kpis import Kind, Kpi
from domain.reading.amounts import canonical_unit, is_known_unit, read_amount
from domain.reading.names import find_name, fold

_MOST_WORDS = 4
"""Of a number: `1 234 567 GBP`."""
_BEGINS_A_NUMBER = re.compile(r"[+\-−–]?\D{0,3}\d")


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """`rest` begins with the number; it is empty where only a name was typed."""

    name: str
    rest: str


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


def read_value_and_note(rest: str, kpi: Kpi) -> tuple[Decimal, str]:
    """The number, as long as it can be read on, and what follows it. Raises ValueError with a sentence."""
    words = rest.split()
    for count in range(min(_MOST_WORDS, len(words)), 1, -1):
        try:
            value = read_amount(" ".join(words[:count]), kpi.kind, kpi.unit)
        except ValueError:
            continue
        return value, " ".join(words[count:])
    value = read_amount(words[0], kpi.kind, kpi.unit)
    if len(words) > 1 and _is_another_unit(words[1], kpi):
        read_amount(" ".join(words[:2]), kpi.kind, kpi.unit)
    return value, " ".join(words[1:])


def _is_another_unit(word: str, kpi: Kpi) -> bool:
    """Whether the word after the number can only be its unit; "days" may also begin a note."""
    is_time = re.fullmatch(r"\w+", word) is not None and not re.fullmatch(r"[A-Z]{3}", word)
    return is_known_unit(canonical_unit(word)) and (kpi.kind is Kind.DURATION or not is_time)
