"""Initiatives that change hands: one that is running is its owner's until the new one accepts it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.changes import Change, ChangeKind
from domain.initiatives import Initiative, Status
from domain.kickoffs import Confirmation, ConfirmationState, Role
from domain.people import Person
from domain.strategies import Strategy
from services.check_ins.prompts import redraw_open_check_ins
from services.kickoffs.asks import add_confirmation
from services.kickoffs.messages import find_asker, send_kickoff, withdraw_confirmations
from services.planning import plan_owner
from services.telling import tell_unless_left
from storage import acts, answers, changes, initiatives, kickoffs, people
from views.initiatives import messages


def is_running(session: Session, initiative: Initiative) -> bool:
    """It has begun, so that somebody answers for it."""
    if initiative.status is not Status.PAUSED:
        return initiative.status is Status.ACTIVE
    return not any(one.is_awaited for one in _standing(session, initiative) if one.role is Role.OWNER)


def find_offered(session: Session, initiative: Initiative) -> str:
    """Whose it is to be: whoever is asked to take it over, else its owner."""
    asked = (
        one
        for one in _standing(session, initiative)
        if one.role is Role.NEW_OWNER and one.state is ConfirmationState.ASKED
    )
    return next((one.person_id for one in asked), initiative.owner_id)


def offer_to(
    session: Session, strategy: Strategy, initiative: Initiative, person_id: str, by: Person, now: datetime
) -> None:
    """Ask somebody to take over one that is running, in place of whoever was asked before; a lead for themselves does."""
    if person_id == find_offered(session, initiative):
        return
    earlier = [one for one in _standing(session, initiative) if one.role is Role.NEW_OWNER]
    withdraw_confirmations(session, strategy, initiative, earlier, now)
    if person_id == initiative.owner_id:
        for one in earlier:
            act = Act(
                ActKind.ASKED_NO_MORE, by.id, now, initiative.name, "", "", one.person_id, initiative.id
            )
            acts.add_act(session, strategy.workspace_id, strategy.id, act)
        return
    owner, wanted = _both(session, initiative, person_id)
    change = Change(ChangeKind.OFFERED, initiative.id, owner.name, wanted.name, by.id, now)
    changes.record_change(session, strategy.workspace_id, strategy.id, change)
    asked = add_confirmation(session, strategy, initiative, (Role.NEW_OWNER, person_id, ""), by, now)
    if asked.state is ConfirmationState.YES:
        take_over(session, strategy, initiative, asked, now)
        return
    send_kickoff(session, strategy, initiative.id, [asked], now)
    if owner.id != by.id:
        told = messages.offered_message(initiative, wanted, by)
        tell_unless_left(session, owner.workspace_id, owner.id, told, now)


def take_over(
    session: Session, strategy: Strategy, initiative: Initiative, asked: Confirmation, now: datetime
) -> None:
    """The new owner has accepted: from now on they are asked, and the former owner and the lead are told."""
    workspace_id = strategy.workspace_id
    lead_id = find_asker(session, strategy, initiative.id)
    former, owner = _both(session, initiative, asked.person_id)
    before = [one for one in _standing(session, initiative) if one.role is Role.OWNER]
    withdraw_confirmations(session, strategy, initiative, before, now)
    kickoffs.save_answer(session, workspace_id, asked.id, ConfirmationState.YES, "", now)
    kickoffs.make_owner(session, workspace_id, asked.id)
    after = initiatives.save_initiative(session, replace(initiative, owner_id=owner.id, owner_since=now))
    answers.drop_unanswered(session, workspace_id, after.id)
    if after.status is Status.ACTIVE:
        plan_owner(session, strategy, owner.id, now)
    change = Change(ChangeKind.OWNER, after.id, former.name, owner.name, lead_id, now)
    changes.record_change(session, workspace_id, strategy.id, change, done_by=owner.id)
    for one in (former, owner):
        redraw_open_check_ins(session, one, now)
    send_kickoff(session, strategy, after.id, [], now)
    for person_id in sorted({former.id, lead_id} - {owner.id}):
        told = messages.former_owner_message if person_id == former.id else messages.new_owner_message
        tell_unless_left(session, workspace_id, person_id, told(after, owner), now)


def _standing(session: Session, initiative: Initiative) -> tuple[Confirmation, ...]:
    return kickoffs.list_confirmations(session, initiative.workspace_id, [initiative.id])[initiative.id]


def _both(session: Session, initiative: Initiative, person_id: str) -> tuple[Person, Person]:
    """Its owner, and somebody else."""
    found = people.list_people(session, initiative.workspace_id, [initiative.owner_id, person_id])
    return found[initiative.owner_id], found[person_id]
