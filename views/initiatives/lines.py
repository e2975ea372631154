"""The initiative form as a line fills it in: what was understood of it, and what was not."""

from collections.abc import Iterator, Sequence

from domain.drafts import DraftInitiative, DraftMetric, DraftPartner, Whom
from domain.kpis import Kpi
from domain.reading.goals import goal_of
from domain.reading.names import is_same_name
from domain.strategies import Strategy
from domain.words import MAX_NAME
from views.initiatives.charters import MAX_BUDGET, MAX_COMMITMENT, MAX_WORDS, CharterDraft, PartnerDraft
from views.initiatives.forms import InitiativeDraft, MetricDraft
from views.slack.fields import MAX_UNIT, filled_in
from views.slack.unread import unread_parts


def draft_of_line(strategy: Strategy, item: DraftInitiative, unread: Sequence[str]) -> InitiativeDraft:
    """Who is named without a mention, and what is longer than its field, is said rather than cut."""
    goal = goal_of(item, strategy.goals)
    metrics = [one for one in item.metrics if _fits(one)]
    partners = [one for one in item.partners if one.who.person_id and len(one.what) <= MAX_COMMITMENT]
    charter = CharterDraft(
        sponsor_id=_id(item.sponsor),
        may_decide=item.may_decide if len(item.may_decide) <= MAX_WORDS else "",
        budget=item.budget if len(item.budget) <= MAX_BUDGET else "",
        partners=partner_drafts(partners),
    )
    return InitiativeDraft(
        name=item.name[:MAX_NAME],
        goal_id=goal.id if goal else None,
        owner_id=_id(item.owner),
        start=item.start,
        due=item.due,
        metrics=tuple(map(metric_draft, metrics)),
        charter=charter,
        unread=unread_parts([*_left_out(item, charter, has_goal=goal is not None), *unread]),
    )


def _left_out(item: DraftInitiative, charter: CharterDraft, *, has_goal: bool) -> Iterator[str]:
    if len(item.name) > MAX_NAME:
        yield item.name[MAX_NAME:]
    yield from (who.words for who in (item.owner, item.sponsor) if who and who.person_id is None)
    kept = {one.person_id for one in charter.partners}
    yield from (one.who.words for one in item.partners if one.who.person_id not in kept)
    yield from (one.name for one in item.metrics if not _fits(one))
    if item.may_decide != charter.may_decide:
        yield item.may_decide
    if item.budget != charter.budget:
        yield item.budget
    if item.goal and not has_goal:
        yield item.goal


def _id(who: Whom | None) -> str | None:
    return who.person_id if who else None


def _fits(metric: DraftMetric) -> bool:
    return len(metric.name) <= MAX_NAME and len(metric.unit) <= MAX_UNIT


def partner_drafts(partners: Sequence[DraftPartner]) -> tuple[PartnerDraft, ...]:
    """Each in a row of their own."""
    return tuple(
        PartnerDraft(person_id=one.who.person_id or "", what=one.what, number=number)
        for number, one in enumerate(partners, start=1)
    )


def metric_draft(metric: DraftMetric, watched: Sequence[Kpi] = ()) -> MetricDraft:
    """As the fields of its row; `watched` are the KPIs that it may be."""
    kpi = next((one for one in watched if metric.kpi and is_same_name(one.name, metric.kpi)), None)
    return MetricDraft(
        name=metric.name,
        unit=metric.unit,
        baseline=filled_in(metric.baseline),
        target=filled_in(metric.target),
        kpi_id=kpi.id if kpi else None,
    )
