"""What people type after `/kpi update`, a name, a number and perhaps a note, and after `/kpi add`, a whole KPI."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.drafts import DraftKpi
from domain.kpis import Kind, Kpi
from domain.reading.amounts import canonical_unit, is_known_unit, read_amount
from domain.reading.dates import WEEKDAY, read_past_day
from domain.reading.drafts.figures import YEAR
from domain.reading.drafts.items import kpi_of
from domain.reading.drafts.pieces import read_pieces
from domain.reading.markup import plain_but_mentions
from domain.reading.metric_names import metric_names, stems
from domain.reading.names import find_name, names_at_start
from domain.reading.numbers import why_change
from domain.readings import is_plausible

_MOST_WORDS = 4
"""Of a number: `1 234 567 GBP`."""
_MOST_DAY_WORDS = 4
"""Of a day: `20th of November 2026`."""
_ON = (("on",), ("as", "of"), ("for",))
_BEGINS_A_NUMBER = re.compile(r"[+\-−–]?\D{0,3}\d")
_SURELY_A_DAY = re.compile(
    r"\d{4}-\d\d?-\d\d?|\d\d?\.\d\d?\.(?:\d\d|\d{4})?|\d\d?/\d\d?/(?:\d\d|\d{4})|today|yesterday|tomorrow|.* ago"
    rf"|(?:(?:last|this|next) )?{WEEKDAY}"
    r"|(?=.*\d).*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|okt|nov|dec|dez|mär|mai).*",
    re.IGNORECASE,
)


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


def read_kpi_line(text: str, today: date) -> tuple[DraftKpi, tuple[str, ...]]:
    """What was understood of the words after `/kpi add`, as Slack sends them, and the words that were not.

    A line of a pasted plan is read the same way.
    """
    return kpi_of(read_pieces(plain_but_mentions(text), today, is_kpi=True))


def find_named(typed: str, kpis: Sequence[Kpi]) -> int | None:
    """The position of the only one that the words plainly mean, though its name does not begin so: "subscribers" where one
    KPI alone counts them.
    """
    wanted = tuple(stems(typed))
    names = metric_names([(kpi.name, kpi.unit) for kpi in kpis])
    meant = {name.metric for name in names if name.words == wanted}
    return meant.pop() if len(meant) == 1 else None


def split_update(text: str, names: Sequence[str], today: date) -> UpdateLine:
    """Where the name ends: at the last number, or a day before it, that leaves a name we know; else at the first number."""
    words = text.split()
    if find_name(text, names).found is not None:
        return UpdateLine(text.strip(), "")
    numbers = [at for at, word in enumerate(words) if at and _BEGINS_A_NUMBER.match(word)]
    for at in names_at_start(words, names):
        if at in numbers or _day_at(words[at:], today):
            return _split(words, at)
    return _split(words, numbers[0]) if numbers else UpdateLine(text.strip(), "")


def _split(words: Sequence[str], at: int) -> UpdateLine:
    return UpdateLine(" ".join(words[:at]).rstrip(":,"), " ".join(words[at:]))


def read_value_and_note(rest: str, kpi: Kpi, today: date) -> ValueLine:
    """The number, as long as it can be read on and is likely; its day, before or after it; and what is left, a note.

    Raises ValueError with a sentence.
    """
    on, words = _take_day_before(rest.split(), today)
    before = kpi.before(on or today)
    if problem := why_change(words[0], kpi.before((on or today) + timedelta(days=1))):
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
    after, left = (None, words[count:]) if on else _take_day_after(words[count:], today)
    return ValueLine(value, on or after, " ".join(left))


def _take_day_before(words: Sequence[str], today: date) -> tuple[date | None, Sequence[str]]:
    """The day that a number follows, "on 20 Nov" or "20.11.", and the words from the number on.

    Raises ValueError where what follows may be its year.
    """
    end = _day_at(words, today)
    if not end:
        return None, words
    told = _tidy(words[_lead(words) : end])
    if len(words) == end + 1 and YEAR.fullmatch(words[end]) and not YEAR.search(told):
        raise ValueError(
            f"Is {words[end]} the number, or the year of the day? Write the number first, like `316 on {told}`."
        )
    return read_past_day(told, today), words[end:]


def _day_at(words: Sequence[str], today: date) -> int:
    """How many words say a day, before a number; 0 where none do."""
    lead = _lead(words)
    for end in range(min(len(words) - 1, lead + _MOST_DAY_WORDS), lead, -1):
        told = _tidy(words[lead:end])
        is_like_one = lead or _SURELY_A_DAY.fullmatch(told)
        if _BEGINS_A_NUMBER.match(words[end]) and is_like_one and _is_day(told, today):
            return end
    return 0


def _take_day_after(words: Sequence[str], today: date) -> tuple[date | None, Sequence[str]]:
    """The day that follows a number, "on 20 Nov", "yesterday" or nothing but "(20 Nov)", and the words after it."""
    lead = _lead(words)
    whole = _tidy(words[:_MOST_DAY_WORDS])
    is_short = not lead and 0 < len(words) <= _MOST_DAY_WORDS
    if is_short and _SURELY_A_DAY.fullmatch(whole) and _is_day(whole, today):
        return read_past_day(whole, today), ()
    if not lead and words[:1] != ["yesterday"]:
        return None, words
    for end in range(min(len(words), lead + _MOST_DAY_WORDS), lead, -1):
        with suppress(ValueError):
            return read_past_day(_tidy(words[lead:end]), today), words[end:]
    return None, words


def _lead(words: Sequence[str]) -> int:
    """How many words lead to a day: "on", "as of"."""
    return next((len(one) for one in _ON if tuple(word.lower() for word in words[: len(one)]) == one), 0)


def _tidy(words: Sequence[str]) -> str:
    return " ".join(words).strip("(),;:").removesuffix("..")


def _is_day(told: str, today: date) -> bool:
    with suppress(ValueError):
        read_past_day(told, today)
        return True
    return False


def _is_another_unit(word: str, kpi: Kpi) -> bool:
    """Whether the word after the number can only be its unit; "days" may also begin a note."""
    is_time = re.fullmatch(r"\w+", word) is not None and not re.fullmatch(r"[A-Z]{3}", word)
    return is_known_unit(canonical_unit(word)) and (kpi.kind is Kind.DURATION or not is_time)
