"""KPIs that a review found outdated: whoever reports them is asked, once and in their working time."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import next_working_moment
from domain.kpis import Kpi
from domain.pace import Pace
from domain.people import Person
from domain.periods import Month
from domain.rituals import Due, Ritual
from domain.schedules import local_day
from domain.strategies import Strategy, pattern_of, review_ends
from storage import absences, kpis, people, rituals
from storage.delivery import outbox
from views.readings import outdated_message


def plan_to_ask(
    session: Session, strategy: Strategy, outdated: Iterable[Kpi], month: Month, now: datetime
) -> None:
    """Set when each owner of these is asked; who is away until after the review has closed is not."""
    owners = people.list_people(session, strategy.workspace_id, {kpi.owner_id for kpi in outdated})
    for owner in owners.values():
        at = _moment(session, strategy, owner, now)
        if at is not None and at < review_ends(strategy, now) and not owner.is_deactivated:
            due = Due(strategy.workspace_id, strategy.id, Ritual.READINGS, owner.id, str(month), at)
            rituals.set_due(session, due)


def ask_for_readings(session: Session, strategy: Strategy, owner: Person, due: Due, now: datetime) -> str:
    """Ask for what is outdated by now, or say why not; returns what became of it."""
    at = _moment(session, strategy, owner, now)
    rituals.drop_all(session, [due])
    if strategy.paused_at is not None or owner.is_deactivated or at is None:
        return "nobody to ask"
    if now >= review_ends(strategy, due.due_at):
        return "missed"
    if at > now:
        rituals.set_due(session, replace(due, due_at=at))
        return "moved"
    today = local_day(now, strategy.zone)
    owned = kpis.list_owned_kpis(session, strategy.workspace_id, strategy.id, [owner.id])
    outdated = [kpi for kpi in owned if kpi.pace(today) is Pace.OUTDATED]
    if not outdated:
        return "read since"
    if not rituals.claim_occurrence(session, due, now, "asked"):
        return "asked already"
    told = outdated_message(strategy, outdated, today)
    outbox.enqueue_post(session, strategy.workspace_id, owner.id, told, now=now)
    return "asked"


def _moment(session: Session, strategy: Strategy, owner: Person, now: datetime) -> datetime | None:
    planned = absences.list_absences(session, strategy.workspace_id, [owner.id])[owner.id]
    return next_working_moment(now, owner.zone, pattern_of(strategy, owner), planned)
