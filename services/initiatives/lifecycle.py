"""Initiatives paused, resumed and closed: what follows for their owners and for what was asked about them."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.changes import Change, ChangeKind
from domain.decisions import AskFate
from domain.initiatives import Initiative, Status, require_move, require_room
from domain.people import Person
from domain.strategies import Strategy
from services.decisions.settling import settle_asks_of_closed
from services.joins import part_all
from services.kickoffs.messages import is_kickoff_confirmed, send_kickoff
from services.planning import find_next_prompt, plan_owner
from services.retrospectives import ask_to_look_back
from services.telling import tell_person
from storage import answers, changes, initiatives, people
from storage.database import lock
from views.initiatives import messages


def change_status(
    session: Session,
    strategy: Strategy,
    initiative: Initiative,
    to: Status,
    by: Person,
    now: datetime,
    why: str = "",
    *,
    is_told: bool = False,
    asks: AskFate = AskFate.WITHDRAW,
) -> str:
    """Pause, resume or close it and tell its owner, unless they were; returns the sentence for whoever did it.

    `asks` is what becomes of the open asks of one that is closed.
    One that owner and sponsor have not both said yes to is only proposed again by resuming it.

    Raises DomainError when the lifecycle or the limit of five does not allow it.
    """
    lock(session, strategy.workspace_id, strategy.id)
    initiative = initiatives.get_initiative(session, strategy.workspace_id, initiative.id)
    require_move(initiative, to)
    if to is Status.ACTIVE:
        require_room(len(list_counted(session, strategy)))
    kind = ChangeKind.RESUMED if to is Status.ACTIVE else ChangeKind(to.value)
    is_confirmed = is_kickoff_confirmed(session, initiative)
    if to is Status.ACTIVE and not is_confirmed:
        to = Status.PROPOSED
    initiatives.set_status(session, strategy.workspace_id, initiative.id, to, now)
    change = Change(kind, initiative.id, "", why, by.id, now)
    changes.record_change(session, strategy.workspace_id, strategy.id, change)
    if to is Status.ACTIVE:
        plan_owner(session, strategy, initiative.owner_id, now)
    else:
        answers.drop_unanswered(session, strategy.workspace_id, initiative.id)
    kickoff = send_kickoff(session, strategy, initiative.id, [], now)
    if not is_told:
        _tell_owner(session, strategy, kickoff.initiative, by, now, why)
    if to.is_closed:
        part_all(session, strategy, [initiative], by, now)
        settle_asks_of_closed(session, strategy, initiative.id, asks, by, now)
    if to.is_closed and (is_confirmed or initiative.status is Status.ACTIVE):
        ask_to_look_back(session, kickoff.initiative, None, now)
    return messages.status_sentence(initiative, to)


def _tell_owner(
    session: Session, strategy: Strategy, initiative: Initiative, by: Person, now: datetime, why: str
) -> None:
    owner = people.get_person(session, strategy.workspace_id, initiative.owner_id)
    if owner.id == by.id or owner.is_deactivated:
        return
    first = find_next_prompt(session, strategy, owner, [initiative], now)
    told = messages.status_notice(initiative, by, why, first)
    tell_person(session, strategy.workspace_id, owner.id, told, now, strategy=strategy)


def list_counted(session: Session, strategy: Strategy) -> list[Initiative]:
    """Those that count toward the limit of five."""
    listing = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    return [initiative for initiative in listing if initiative.status.counts_toward_limit]
