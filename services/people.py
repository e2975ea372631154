"""People as Slack tells of them: what follows when they move, leave, or let Drumbeat into a channel."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from domain.initiatives import Initiative, Status
from domain.people import Person
from services.decisions.moving import tell_decider_left
from services.planning import replan
from services.telling import tell_unless_left
from storage import checklists, initiatives, kpis, people, strategies, workspaces
from storage.delivery import outbox
from views.people import owner_left_message


def update_person(session: Session, person: Person, now: datetime) -> None:
    """In another zone they are prompted at other times; who leaves leaves initiatives, KPIs and decisions behind."""
    before = people.find_person(session, person.workspace_id, person.id)
    people.save_people(session, [person])
    if before is None:
        return
    if person.zone != before.zone:
        for strategy in strategies.list_strategies_of(session, person.workspace_id, person.id):
            replan(session, strategy, now)
        outbox.look_again(session, person.workspace_id, person.id, now)
    if person.is_deactivated and not before.is_deactivated:
        _tell_leads(session, person, now)
        tell_decider_left(session, person, now)


def list_ownerless(session: Session, workspace_id: str, listed: Iterable[Initiative]) -> frozenset[int]:
    """The ids of those that are not closed and whose owner has left Slack."""
    still_open = [initiative for initiative in listed if not initiative.status.is_closed]
    owners = people.list_people(session, workspace_id, {initiative.owner_id for initiative in still_open})
    return frozenset(one.id for one in still_open if owners[one.owner_id].is_deactivated)


def _tell_leads(session: Session, person: Person, now: datetime) -> None:
    """Somebody who owns initiatives or KPIs left: each lead is asked for a new owner."""
    for strategy in strategies.list_strategies_of(session, person.workspace_id, person.id):
        owned = initiatives.list_owned(
            session, person.workspace_id, person.id, strategy.id, statuses=(Status.PROPOSED, Status.ACTIVE)
        )
        reported = kpis.list_owned_kpis(session, person.workspace_id, strategy.id, [person.id])
        checklists.mark_stale(session, person.workspace_id, strategy.id)
        for lead in strategy.leads:
            if (owned or reported) and lead != person.id:
                message = owner_left_message(person, strategy, owned, reported)
                tell_unless_left(session, person.workspace_id, lead, message, now, strategy=strategy)


def open_channel(session: Session, workspace_id: str, channel_id: str, joined: str | None) -> None:
    """What waited for the channel can go out, unless `joined` is somebody else's id than the bot's own."""
    workspace = workspaces.find_workspace(session, workspace_id)
    if joined is None or (workspace and joined == workspace.bot_user_id):
        outbox.release_held(session, workspace_id, channel_id)
