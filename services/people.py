"""People as Slack tells of them: what follows when they move or leave."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.initiatives import OPEN, Initiative
from domain.people import Person, why_not_a_participant
from domain.strategies import Strategy
from services.decisions.moving import tell_decider_left
from services.planning import replan
from services.telling import tell_person, tell_unless_left
from storage import acts, checklists, initiatives, kpis, people, strategies
from storage.delivery import outbox
from storage.forgetting.requests import is_forgotten
from views.people import no_lead_in_channel_message, no_lead_message, owner_left_message


def update_person(session: Session, person: Person, now: datetime) -> None:
    """In another zone they are prompted at other times; who leaves leaves initiatives, KPIs and decisions behind.

    Somebody who was forgotten is not known again by what Slack tells of them, only by what they do.
    """
    before = people.find_person(session, person.workspace_id, person.id)
    if before is None and is_forgotten(session, person.workspace_id, person.id):
        return
    people.save_people(session, [person])
    if before is not None:
        _follow(session, before, person, now)


def refresh_people(session: Session, described: Sequence[Person], now: datetime) -> int:
    """As Slack describes them today; returns how many were known otherwise. Of those never seen, admins are kept."""
    if not described:
        return 0
    workspace_id = described[0].workspace_id
    known = {one.id: one for one in people.list_known(session, workspace_id, {one.id for one in described})}
    changed = [one for one in described if one.id in known and one != known[one.id].as_described]
    admins = [
        one
        for one in described
        if one.id not in known
        and one.is_admin
        and why_not_a_participant(one) is None
        and not is_forgotten(session, workspace_id, one.id)
    ]
    people.save_people(session, changed + admins)
    for person in changed:
        _follow(session, known[person.id], person, now)
    return len(changed)


def _follow(session: Session, before: Person, person: Person, now: datetime) -> None:
    if person.zone != before.zone:
        for strategy in strategies.list_strategies_of(session, person.workspace_id, person.id):
            replan(session, strategy, now)
        outbox.look_again(session, person.workspace_id, person.id, now)
    if person.is_deactivated and not before.is_deactivated:
        theirs = strategies.list_strategies_of(session, person.workspace_id, person.id)
        _record_leaving(session, person, theirs, now)
        _tell_leads(session, person, theirs, now)
        _tell_of_no_lead(session, person, theirs, now)
        tell_decider_left(session, person, now)


def _record_leaving(session: Session, person: Person, theirs: Sequence[Strategy], now: datetime) -> None:
    """Who is forgotten is so by an act of its own."""
    if person.is_forgotten:
        return
    for strategy in theirs:
        act = Act(ActKind.LEFT, None, now, about_id=person.id)
        acts.add_act(session, person.workspace_id, strategy.id, act)


def list_ownerless(session: Session, workspace_id: str, listed: Iterable[Initiative]) -> frozenset[int]:
    """The ids of those that are not closed and whose owner has left Slack."""
    still_open = [initiative for initiative in listed if not initiative.status.is_closed]
    owners = people.list_people(session, workspace_id, {initiative.owner_id for initiative in still_open})
    return frozenset(one.id for one in still_open if owners[one.owner_id].is_deactivated)


def _tell_leads(session: Session, person: Person, theirs: Sequence[Strategy], now: datetime) -> None:
    """Somebody who owns initiatives or KPIs left: each lead is asked for a new owner."""
    for strategy in theirs:
        owned = initiatives.list_owned(session, person.workspace_id, person.id, strategy.id, statuses=OPEN)
        reported = kpis.list_owned_kpis(session, person.workspace_id, strategy.id, [person.id])
        checklists.mark_stale(session, person.workspace_id, strategy.id)
        for lead in strategy.leads:
            if (owned or reported) and lead != person.id:
                message = owner_left_message(person, strategy, owned, reported)
                tell_unless_left(session, person.workspace_id, lead, message, now, strategy=strategy)


def _tell_of_no_lead(session: Session, person: Person, theirs: Sequence[Strategy], now: datetime) -> None:
    """The only lead, or the last of several, left: an admin and the channel are asked for another."""
    for strategy in theirs:
        leads = people.list_people(session, person.workspace_id, strategy.leads).values()
        if person.id not in strategy.leads or not all(lead.is_deactivated for lead in leads):
            continue
        for admin in people.list_admins(session, person.workspace_id)[:1]:
            message = no_lead_message(person, strategy)
            tell_person(session, person.workspace_id, admin.id, message, now, strategy=strategy)
        message = no_lead_in_channel_message(person, strategy)
        outbox.enqueue_post(session, person.workspace_id, strategy.channel_id, message, now=now)
