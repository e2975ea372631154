"""What a line of a plan is, where no heading and no first word says so."""

from collections.abc import Sequence

from domain.drafts import PlanField
from domain.reading.drafts.figures import Figures
from domain.reading.drafts.items import said_before, something_of
from domain.reading.drafts.pieces import PlanPart
from domain.reading.drafts.sections import PlanKind


def kind_of_part(pieces: Sequence[PlanPart]) -> PlanKind | None:
    """A bullet under an initiative is a milestone where it has a name, a day and at most a person."""
    fields = [one.field for one in pieces]
    is_milestone = PlanField.DUE in fields and not {
        PlanField.METRIC,
        PlanField.BUDGET,
        PlanField.MAY_DECIDE,
    } & set(fields)
    return PlanKind.MILESTONE if is_milestone else None


def kind_alone(pieces: Sequence[PlanPart], *, is_under_goal: bool) -> PlanKind | None:
    """What a line is that no heading speaks of: it must say enough, or it may be anything."""
    figures = [one.value for one in pieces if isinstance(one.value, Figures)]
    given = {one.field for one in pieces} & {
        PlanField.BUDGET,
        PlanField.MAY_DECIDE,
        PlanField.START,
        PlanField.DATES,
    }
    if len(figures) == 1 and not said_before(pieces) and not given and figures[0].name:
        return PlanKind.KPI
    item = something_of(pieces)
    if item is None:
        return None
    is_said = item.owner or item.metrics or item.budget or item.may_decide or _has_lead(pieces)
    return PlanKind.INITIATIVE if (is_said and not is_under_goal) or (is_said and item.owner) else None


def _has_lead(pieces: Sequence[PlanPart]) -> bool:
    """Whether a day is said to be the last or the first, rather than just said."""
    days = [one.words for one in pieces if one.field in (PlanField.DUE, PlanField.START, PlanField.DATES)]
    return any(
        words[:1].isalpha() and words.split()[0].casefold() not in ("on", "am") and " " in words
        for words in days
    )
