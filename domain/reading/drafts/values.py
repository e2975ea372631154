"""What a cell, or what follows "Budget:", says, where it is known what it is about; None where that is not plain."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from domain.drafts import DraftPartner, PlanField, Whom
from domain.kpis import Cadence, Direction
from domain.reading.dates import Days, without_time
from domain.reading.drafts.figures import Figures, read_figures, read_limit, read_money, read_one
from domain.reading.drafts.persons import read_person
from domain.reading.spans import first_day_of, read_span

_BARE_NUMBER = re.compile(r"\d[\d.,'’ ]*")
_LEAD_OF_DAY = re.compile(r"(?:by|until|due|bis(?:\szum)?|from|ab|vom|am|on)\s+", re.IGNORECASE)
_NUMBER_AND_NOUN = re.compile(
    r"(?P<number>[^\w\s]?\d[\d.,'’]*(?:\s?[kKmM])?\s?[%€]?)\s+(?P<noun>[^\W\d_][^\d,;:→]{1,40})"
)
_RELATIVE = re.compile(
    r"\b(?:increase|growth|uplift|more|less|reduction|higher|lower|better|steigerung|mehr|weniger)\b",
    re.IGNORECASE,
)
CADENCES = {
    "weekly": Cadence.WEEKLY,
    "every week": Cadence.WEEKLY,
    "each week": Cadence.WEEKLY,
    "wöchentlich": Cadence.WEEKLY,
    "monthly": Cadence.MONTHLY,
    "every month": Cadence.MONTHLY,
    "each month": Cadence.MONTHLY,
    "monatlich": Cadence.MONTHLY,
}
_DIRECTIONS = {
    "increase": Direction.INCREASE_TO,
    "increase to": Direction.INCREASE_TO,
    "up": Direction.INCREASE_TO,
    "steigern": Direction.INCREASE_TO,
    "decrease": Direction.DECREASE_TO,
    "decrease to": Direction.DECREASE_TO,
    "down": Direction.DECREASE_TO,
    "senken": Direction.DECREASE_TO,
    "stay above": Direction.STAY_ABOVE,
    "above": Direction.STAY_ABOVE,
    "stay below": Direction.STAY_BELOW,
    "below": Direction.STAY_BELOW,
}
_EMPTY = frozenset({"", "-", "–", "—", "n/a", "na", "none", "."})

Value = str | Days | date | Whom | DraftPartner | Figures | Cadence | Direction


def is_empty(words: str) -> bool:
    """Whether a cell says that there is nothing."""
    return words.strip().casefold() in _EMPTY


def read_value(field: PlanField, words: str, today: date, *, day_first: bool | None = None) -> Value | None:
    words = words.strip()
    if field in (PlanField.START, PlanField.DUE, PlanField.DATES):
        return _days(field, words, today, day_first)
    if field in (PlanField.BASELINE, PlanField.TARGET):
        return read_end(field, words)
    return _READERS.get(field, _words)(words)


def _words(words: str) -> str | None:
    return " ".join(words.split()) or None


def read_metric(words: str) -> Figures | None:
    words = words.strip()
    return read_figures(words) or read_limit(words)


def _budget(words: str) -> str | None:
    return read_money(words) or (words if _BARE_NUMBER.fullmatch(words) else None)


def _cadence(words: str) -> Cadence | None:
    return CADENCES.get(words.casefold())


def _direction(words: str) -> Direction | None:
    return _DIRECTIONS.get(" ".join(words.casefold().split()))


def _partner(words: str) -> DraftPartner | None:
    name, _, what = words.partition(":")
    who = read_person(name)
    return DraftPartner(who, " ".join(what.split())) if who else None


def _days(field: PlanField, words: str, today: date, day_first: bool | None) -> Days | date | None:
    bare = (
        _LEAD_OF_DAY.sub("", without_time(words), count=1).rstrip(".,")
        if not re.search(r"\d\.$", words)
        else words
    )
    if field is PlanField.DATES and bare.count(",") == 1:  # "23 Nov, 31 Mar"
        bare = bare.replace(", ", " – ")
    try:
        read = first_day_of if field is PlanField.START else read_span
        days = read(bare, today, day_first=day_first)
    except ValueError:
        return None
    if field is PlanField.START:
        return days.first
    if field is PlanField.DUE and days.first == days.last:
        return days.last
    return days if field is PlanField.DATES or re.search(r"[–—]|\s-\s|\b(?:to|bis)\b", bare) else days.last


def read_end(field: PlanField, words: str) -> Figures | None:
    """A baseline or target, with what it counts; "40 % more" is none."""
    words, noun = words.strip(), ""
    if found := _NUMBER_AND_NOUN.fullmatch(words):
        words, noun = found["number"], found["noun"].strip()
    one = read_one(words)
    if one is None or _RELATIVE.search(noun):
        return None
    unit, value = one
    is_target = field is PlanField.TARGET
    return Figures(noun, unit, None if is_target else value, value if is_target else None)


_READERS: Mapping[PlanField, Callable[[str], Value | None]] = {
    PlanField.OWNER: read_person,
    PlanField.SPONSOR: read_person,
    PlanField.PARTNER: _partner,
    PlanField.METRIC: read_metric,
    PlanField.BUDGET: _budget,
    PlanField.CADENCE: _cadence,
    PlanField.DIRECTION: _direction,
}
