"""What pieces of a line come to: an initiative, a KPI or a milestone, with all that fits; what does not is left unread."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from domain.drafts import (
    DraftInitiative,
    DraftKpi,
    DraftMetric,
    DraftMilestone,
    DraftPartner,
    PlanField,
    Whom,
)
from domain.initiatives import MAX_METRICS
from domain.kickoffs import MAX_PARTNERS
from domain.kpis import Cadence, Direction
from domain.reading.dates import Days
from domain.reading.drafts.figures import Figures
from domain.reading.drafts.pieces import PlanPart, is_annotation, tidy

T = TypeVar("T")
_MARK = re.compile(r"(?:P[0-4]|#?\d+(?:\.\d+)*\.?|[A-Z]{1,5}-?\d{1,5})")
_SMALL = re.compile(r"[^\W\d_]")
_FILLERS = frozenset({"and", "und", "&", "+", "/", "or", "oder", ".", "the"})


@dataclass
class _Said:
    """The pieces not used yet, in order."""

    left: list[PlanPart]
    unread: list[PlanPart] = field(default_factory=list)

    def take(self, what: PlanField, of: type[T]) -> T | None:
        """The value of the one piece about something; where two differ none is taken."""
        found = [one for one in self.left if one.field is what and isinstance(one.value, of)]
        values = {one.value for one in found}
        if len(values) != 1:
            return None
        self.left = [one for one in self.left if one not in found]
        value = values.pop()
        return value if isinstance(value, of) else None

    def take_first(self, what: PlanField, of: type[T]) -> T | None:
        """As `take`; of several the first."""
        found = next((one for one in self.left if one.field is what and isinstance(one.value, of)), None)
        if found is None:
            return None
        self.left.remove(found)
        return found.value if isinstance(found.value, of) else None

    def take_all(self, what: PlanField, of: type[T], most: int) -> tuple[T, ...]:
        found = [one for one in self.left if one.field is what][:most]
        self.left = [one for one in self.left if one not in found]
        return tuple(one.value for one in found if isinstance(one.value, of))

    def take_days(self) -> tuple[date | None, date | None]:
        """First and last day, of a single one the last; where there is more than one of either, neither."""
        wholes = [
            one
            for one in self.left
            if one.field in (PlanField.DATES, PlanField.DUE) and isinstance(one.value, Days)
        ]
        starts = [one for one in self.left if one.field is PlanField.START]
        dues = [one for one in self.left if one.field is PlanField.DUE and one not in wholes]
        if len(wholes) + max(len(starts), len(dues)) != 1 and not (
            len(starts) <= 1 and len(dues) <= 1 and not wholes
        ):
            return None, None
        if wholes:
            self.left.remove(wholes[0])
            days = wholes[0].value
            assert isinstance(days, Days)
            return days.first if days.first < days.last else None, days.last
        start, due = self.take(PlanField.START, date), self.take(PlanField.DUE, date)
        return start, due

    def give_back(self, what: PlanField, pieces: Sequence[PlanPart]) -> None:
        """What has no place in a kind of thing is left unread."""
        self.left += [one for one in pieces if one.field is what and one not in self.left]

    def take_name(self) -> str:
        """What is known to be it, else the first words that say nothing else, with those that go on after a comma."""
        if named := self.take_first(PlanField.NAME, str):
            return named
        at = next((at for at, one in enumerate(self.left) if _may_be_name(one)), None)
        if at is None:
            return ""
        name = self.left.pop(at).words
        while at < len(self.left) and _goes_on(self.left[at]):
            more = self.left.pop(at)
            name = f"{name}{more.joint}{more.words}"
        return tidy(name)

    def rest(self) -> tuple[str, ...]:
        """The words that nothing was made of, those that stood together joined."""
        return tuple(_unread(self.left))


def _may_be_name(piece: PlanPart) -> bool:
    if piece.field is not None or piece.joint == ";" or not _SMALL.search(piece.words):
        return False
    words = tidy(piece.words)
    return not (_MARK.fullmatch(words) or is_annotation(words) or words.casefold() in _FILLERS)


def _goes_on(piece: PlanPart) -> bool:
    """As in "Research, write, ship": words in small letters without numbers go on a name, others may be anything."""
    words = piece.words.strip()
    return (
        piece.field is None
        and piece.joint not in ("", ";")
        and words[:1].islower()
        and not re.search(r"[\d:]", words)
        and not is_annotation(words)
    )


def _unread(pieces: Sequence[PlanPart]) -> Iterable[str]:
    kept = ""
    for piece in pieces:
        words = tidy(piece.words) if piece.field is None else piece.words.strip()
        if piece.field is None and words.casefold() in _FILLERS:
            kept = words
        elif words:
            yield f"{kept} {words}".strip()
            kept = ""


def initiative_of(pieces: Sequence[PlanPart]) -> tuple[DraftInitiative, tuple[str, ...]]:
    """The initiative, and what was not understood. Where no words are left for a name, its number's name is it."""
    said = _Said(list(pieces))
    return _initiative(said, pieces), said.rest()


def _initiative(said: _Said, pieces: Sequence[PlanPart]) -> DraftInitiative:
    figures = said.take_all(PlanField.METRIC, Figures, len(said.left))
    name = (
        said.take_name()
        or said.take_first(PlanField.INITIATIVE, str)
        or next((one.aim for one in figures), "")
    )
    metrics = [_metric(one) for one in figures if one.name or len(figures) == 1]
    nameless = [
        one for one in pieces if isinstance(one.value, Figures) and not one.value.name and len(figures) > 1
    ]
    said.left += nameless
    if len(metrics) > MAX_METRICS or (metrics and not metrics[0].name):
        kept = MAX_METRICS if metrics[0].name else 0
        said.left += [one for one in pieces if one.field is PlanField.METRIC][kept:]
        metrics = metrics[:kept]
    start, due = said.take_days()
    return DraftInitiative(
        name=name,
        owner=said.take_first(PlanField.OWNER, Whom),
        sponsor=said.take_first(PlanField.SPONSOR, Whom),
        partners=said.take_all(PlanField.PARTNER, DraftPartner, MAX_PARTNERS),
        start=start,
        due=due,
        metrics=tuple(metrics),
        budget=said.take(PlanField.BUDGET, str) or "",
        may_decide=said.take(PlanField.MAY_DECIDE, str) or "",
        goal=said.take(PlanField.GOAL, str) or "",
    )


def _metric(figures: Figures) -> DraftMetric:
    return DraftMetric(_with_rate(figures.name, figures), figures.unit, figures.baseline, figures.target)


def _with_rate(name: str, figures: Figures) -> str:
    return f"{name} {figures.rate}".strip() if name else ""


def kpi_of(pieces: Sequence[PlanPart]) -> tuple[DraftKpi, tuple[str, ...]]:
    said = _Said(list(pieces))
    figures = said.take_first(PlanField.METRIC, Figures)
    named = said.take_first(PlanField.NAME, str)
    name = named or (figures.name if figures else "") or said.take_name()
    number = figures or Figures("", "", None, None)
    baseline = said.take(PlanField.BASELINE, Figures) if number.baseline is None else None
    target = said.take(PlanField.TARGET, Figures) if number.target is None else None
    unit = (
        said.take(PlanField.UNIT, str)
        or number.unit
        or next((one.unit for one in (target, baseline) if one and one.unit), "")
    )
    low = number.baseline if number.baseline is not None else baseline.baseline if baseline else None
    high = number.target if number.target is not None else target.target if target else None
    direction = said.take(PlanField.DIRECTION, Direction) or number.direction
    if direction is None and low is not None and high is not None and low != high:
        direction = Direction.INCREASE_TO if high > low else Direction.DECREASE_TO
    _, due = said.take_days()
    said.give_back(PlanField.START, pieces)
    item = DraftKpi(
        name=_with_rate(name, number),
        unit=unit,
        baseline=low,
        target=high,
        direction=direction,
        due=due,
        owner=said.take_first(PlanField.OWNER, Whom),
        cadence=said.take(PlanField.CADENCE, Cadence),
        goal=said.take(PlanField.GOAL, str) or "",
    )
    return item, said.rest()


def said_before(pieces: Sequence[PlanPart]) -> bool:
    """Whether words that may be a name come before the first number."""
    at = next((at for at, one in enumerate(pieces) if one.field is PlanField.METRIC), 0)
    return any(_may_be_name(one) or one.field is PlanField.NAME for one in pieces[:at])


def milestone_of(pieces: Sequence[PlanPart]) -> tuple[DraftMilestone, tuple[str, ...]]:
    said = _Said(list(pieces))
    name = said.take_name()
    _, due = said.take_days()
    said.give_back(PlanField.START, pieces)
    item = DraftMilestone(
        name=name,
        due=due,
        person=said.take_first(PlanField.OWNER, Whom),
        initiative=said.take(PlanField.INITIATIVE, str) or "",
    )
    return item, said.rest()


def something_of(pieces: Sequence[PlanPart]) -> DraftInitiative | None:
    """The initiative, if it has a name and says anything beside it."""
    item = _initiative(_Said(list(pieces)), pieces)
    said = (
        item.owner,
        item.sponsor,
        item.partners,
        item.start,
        item.due,
        item.metrics,
        item.budget,
        item.may_decide,
    )
    return item if item.name and any(said) else None
