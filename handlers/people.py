"""What Slack tells about people and channels: zones, deactivations, invitations."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from domain.initiatives import Status
from domain.people import Person
from handlers.requests import Deps, Event, Reply, Routes, acts, hears
from services.decisions import tell_decider_left
from services.planning import replan
from storage import initiatives, kpis, people, strategies, workspaces
from storage.delivery import outbox
from views.people import owner_left_message, read_person

log = structlog.get_logger()


async def notice_removal(deps: Deps, event: Event) -> Reply | None:
    """Uninstalled or tokens revoked: what is to be said waits, and everything stays kept."""
    log.error("token_revoked", workspace=event.workspace_id, event_type=event.body["type"])
    return None


def update_person(session: Session, event: Event, now: datetime) -> None:
    """`user_change` and `team_join`."""
    person = read_person(event.workspace_id, event.body["user"])
    before = people.find_person(session, event.workspace_id, person.id)
    people.save_people(session, [person])
    if before is None:
        return
    if person.zone != before.zone:
        for strategy in strategies.list_strategies_of(session, event.workspace_id, person.id):
            replan(session, strategy, now)
    if person.is_deactivated and not before.is_deactivated:
        _tell_leads(session, person, now)
        tell_decider_left(session, person, now)


def _tell_leads(session: Session, person: Person, now: datetime) -> None:
    """Somebody who owns initiatives or KPIs left: each lead is asked for a new owner."""
    for strategy in strategies.list_strategies_of(session, person.workspace_id, person.id):
        owned = initiatives.list_owned(
            session, person.workspace_id, person.id, strategy.id, statuses=(Status.PROPOSED, Status.ACTIVE)
        )
        reported = kpis.list_owned_kpis(session, person.workspace_id, strategy.id, person.id)
        for lead in strategy.leads:
            if (owned or reported) and lead != person.id:
                message = owner_left_message(person, strategy, owned, reported)
                outbox.enqueue_post(session, person.workspace_id, lead, message, now=now)


def notice_invitation(session: Session, event: Event, now: datetime) -> None:
    """Invited to a channel, or it was unarchived: what waited for it can go out."""
    workspace = workspaces.find_workspace(session, event.workspace_id)
    joined = event.body.get("user")
    if event.body["type"] != "member_joined_channel" or (workspace and joined == workspace.bot_user_id):
        outbox.release_held(session, event.workspace_id, event.body["channel"])


ROUTES = Routes(
    events={
        "user_change": hears(update_person),
        "team_join": hears(update_person),
        "member_joined_channel": acts(notice_invitation),
        "channel_unarchive": acts(notice_invitation),
        "group_unarchive": acts(notice_invitation),
        "app_uninstalled": notice_removal,
        "tokens_revoked": notice_removal,
    }
)
