"""The checklists of a strategy: given to whoever begins it, and kept true until there is nothing more to tick."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.check_ins import CheckInState
from domain.checklists import Progress
from domain.initiatives import Status
from domain.kickoffs import ConfirmationState, awaited
from domain.people import Person
from domain.strategies import Strategy, digest_after, is_lead
from services.people import list_ownerless
from services.planning import find_first_prompt
from services.telling import tell_person
from storage import check_ins, checklists, digests, initiatives, kickoffs, kpis, people, strategies
from storage.checklists import Checklist
from storage.delivery import outbox
from views import checklists as views


def begin_checklists(
    session: Session, strategy: Strategy, leads: Sequence[Person], by: Person, now: datetime
) -> None:
    """Whoever set it up and leads it has one; if they do not, those who lead it have one each."""
    holders = [by] if by.id in strategy.leads else leads
    told = views.checklist_message(Progress(strategy))
    for lead in holders:
        message_id = tell_person(session, lead.workspace_id, lead.id, told, now, strategy=strategy, by=by)
        checklists.add_checklist(session, Checklist(lead.workspace_id, strategy.id, lead.id, message_id))
    if by not in holders:
        told = views.setup_message(strategy)
        tell_person(session, by.workspace_id, by.id, told, now, strategy=strategy, by=by)


def list_stale_checklists(session: Session, workspace_id: str) -> Sequence[Checklist]:
    """Those that something has changed for since they were drawn."""
    return checklists.list_stale(session, workspace_id)


def leave_checklist(session: Session, checklist: Checklist) -> None:
    """One that could not be drawn stays as it is until something changes again."""
    checklists.claim_checklist(session, checklist)
    checklists.set_answered(session, checklist)


def redraw_checklist(session: Session, checklist: Checklist, now: datetime) -> None:
    """As things stand; it ends with its last step once nothing is missing, or with its lead's part in the strategy."""
    checklists.claim_checklist(session, checklist)
    strategy = strategies.get_strategy(session, checklist.workspace_id, checklist.strategy_id)
    holder = people.get_person(session, checklist.workspace_id, checklist.person_id)
    if strategy.closed_at is not None or not is_lead(strategy, holder.id):
        told, is_over = views.ended_message(strategy), True
    else:
        progress = gather_progress(session, strategy, now)
        told, is_over = views.checklist_message(progress), views.is_over(progress)
        if progress.is_answered:
            checklists.set_answered(session, checklist)
    if not holder.is_deactivated:
        outbox.enqueue_update(session, checklist.workspace_id, checklist.message_id, told, now=now)
    if is_over or holder.is_deactivated:
        checklists.drop_checklist(session, checklist)


def gather_progress(session: Session, strategy: Strategy, now: datetime) -> Progress:
    """What stands recorded of it."""
    workspace_id = strategy.workspace_id
    listed = initiatives.list_initiatives(session, workspace_id, strategy.id)
    waiting = [one.id for one in listed if one.status is Status.PROPOSED]
    asked = kickoffs.list_confirmations(session, workspace_id, waiting)
    missing = [one for of_one in asked.values() for one in awaited(of_one)]
    names = people.list_people(session, workspace_id, {one.person_id for one in missing})

    def named(state: ConfirmationState) -> tuple[str, ...]:
        return tuple(dict.fromkeys(names[one.person_id].name for one in missing if one.state is state))

    open_weeks = check_ins.list_uncovered(session, workspace_id, strategy.id, now)
    is_asked = any(one.state is CheckInState.ASKED for one in open_weeks)
    prompt_at = find_first_prompt(session, strategy, now)
    follows = now if is_asked else prompt_at
    zone = ZoneInfo(strategy.zone)
    return Progress(
        strategy,
        listed,
        kpis.list_kpis(session, workspace_id, strategy.id),
        list_ownerless(session, workspace_id, listed),
        awaited=named(ConfirmationState.ASKED),
        declined=named(ConfirmationState.DECLINED),
        is_asked=is_asked,
        prompt_at=prompt_at,
        is_answered=checklists.is_anything_answered(session, workspace_id, strategy.id),
        digest_at=digest_after(strategy, follows)[1].astimezone(zone) if follows else None,
        is_posted=digests.find_latest_digest(session, workspace_id, strategy.id) is not None,
    )


def tells_of_kickoff(session: Session, strategy: Strategy, person_id: str) -> bool:
    """Whether somebody sees on a checklist that the initiatives are active, so that no message need say it."""
    found = checklists.find_checklist(session, strategy.workspace_id, strategy.id, person_id)
    if found is None or not outbox.can_be_edited(session, found.workspace_id, found.message_id):
        return False
    return digests.find_latest_digest(session, strategy.workspace_id, strategy.id) is None


def has_checklist(session: Session, strategy: Strategy, person_id: str) -> bool:
    """Whether somebody reads there what is missing."""
    return checklists.find_checklist(session, strategy.workspace_id, strategy.id, person_id) is not None
