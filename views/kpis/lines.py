"""The KPI form as a line fills it in: what was understood of it, and what was not."""

from collections.abc import Iterator, Sequence

from domain.drafts import DraftKpi
from domain.kpis import Cadence, Kind
from domain.reading.amounts import kind_of
from domain.reading.goals import goal_of
from domain.strategies import Strategy
from domain.words import MAX_NAME
from views.kpis.forms import KpiDraft
from views.slack.fields import MAX_UNIT, filled_in
from views.slack.unread import unread_parts


def draft_of_line(strategy: Strategy, item: DraftKpi, unread: Sequence[str]) -> KpiDraft:
    """Who is named without a mention, and what is longer than its field, is said rather than cut."""
    goal = goal_of(item, strategy.goals)
    return KpiDraft(
        name=item.name[:MAX_NAME],
        goal_id=goal.id if goal else None,
        kind=_kind(item),
        unit=item.unit if len(item.unit) <= MAX_UNIT else "",
        direction=item.direction,
        baseline=filled_in(item.baseline),
        target=filled_in(item.target),
        target_on=item.due,
        owner_id=item.owner.person_id if item.owner else None,
        cadence=item.cadence or Cadence.WEEKLY,
        unread=unread_parts([*_left_out(item, has_goal=goal is not None), *unread]),
    )


def _left_out(item: DraftKpi, *, has_goal: bool) -> Iterator[str]:
    if len(item.name) > MAX_NAME:
        yield item.name[MAX_NAME:]
    if item.owner and item.owner.person_id is None:
        yield item.owner.words
    if len(item.unit) > MAX_UNIT:
        yield item.unit
    if item.goal and not has_goal:
        yield item.goal


def _kind(item: DraftKpi) -> Kind | None:
    """That of its unit; whole numbers without one are counts, others may be a ratio."""
    if known := kind_of(item.unit):
        return known
    numbers = [value for value in (item.baseline, item.target) if value is not None]
    return Kind.COUNT if numbers and all(value == value.to_integral_value() for value in numbers) else None
