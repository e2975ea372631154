"""What was asked at a kickoff is answered: a yes, a decline with its reason, a question; and what follows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.errors import DomainError, NotFound
from domain.initiatives import Initiative, Status
from domain.kickoffs import Confirmation, ConfirmationState, Role, begun_together
from domain.people import Person
from domain.strategies import Strategy
from services.checklists import tells_of_kickoff
from services.kickoffs.messages import (
    find_asker,
    is_kickoff_confirmed,
    load_kickoff,
    send_kickoff,
    send_kickoffs,
    tell_of_kickoff,
)
from services.planning import plan_owner
from services.references import Request, see_confirmation
from storage import acts, initiatives, kickoffs, people, retrospectives
from views.kickoffs import messages as views
from views.kickoffs.messages import Kickoff


def load_asked(
    session: Session, request: Request, confirmation_id: int
) -> tuple[Strategy, Initiative, Confirmation, Person]:
    """What is asked, and whoever acts; locks the strategy. Raises DomainError once it is over."""
    person, strategy, initiative, asked = see_confirmation(session, request, confirmation_id)
    if initiative.status.is_closed:
        raise DomainError(f"{initiative.name} has been closed, so nothing is asked any more.")
    return strategy, initiative, asked, person


def load_own_asked(
    session: Session, request: Request, confirmation_id: int
) -> tuple[Strategy, Initiative, Confirmation]:
    """What is asked of the one who acts; raises DomainError naming who can answer."""
    strategy, initiative, asked, person = load_asked(session, request, confirmation_id)
    if person.id != asked.person_id:
        named = people.get_person(session, person.workspace_id, asked.person_id)
        raise DomainError(f"Only {named.name} can answer this: it is asked of them as the {asked.role}.")
    if asked.state is ConfirmationState.WITHDRAWN:
        raise DomainError(f"This is not asked of you any more: a lead has changed {initiative.name}.")
    return strategy, initiative, asked


def load_unsettled(
    session: Session, request: Request, confirmation_id: int
) -> tuple[Strategy, Initiative, Confirmation]:
    """The same, unless they have said yes already."""
    strategy, initiative, asked = load_own_asked(session, request, confirmation_id)
    if asked.state is ConfirmationState.YES:
        lead_id = find_asker(session, strategy, initiative.id)
        lead = people.get_person(session, strategy.workspace_id, lead_id)
        raise DomainError(f"You have said yes already. If that has changed, please tell {lead.name}.")
    return strategy, initiative, asked


def load_all_asked(
    session: Session, request: Request, confirmation_ids: Sequence[int]
) -> tuple[Strategy, list[tuple[Initiative, Confirmation]]]:
    """What one message asks of the one who acts, as far as they have not answered. Raises DomainError when all is."""
    found = [see_confirmation(session, request, id_) for id_ in confirmation_ids]
    if not found or any(one.id != found[0][1].id for _, one, _, _ in found):
        raise NotFound
    person, strategy = found[0][:2]
    if any(asked.person_id != person.id for *_, asked in found):
        load_own_asked(session, request, found[0][3].id)
        raise NotFound
    still = [
        (initiative, asked)
        for _, _, initiative, asked in found
        if asked.state is ConfirmationState.ASKED and not initiative.status.is_closed
    ]
    if not still:
        raise DomainError("You have answered all of these already. *One by one…* shows what you said.")
    return strategy, still


def settle_confirmations(
    session: Session,
    strategy: Strategy,
    asked: Sequence[Confirmation],
    state: ConfirmationState,
    words: str,
    now: datetime,
) -> list[Kickoff]:
    """One person has said yes to these, or declined: keep it, begin what that was the last yes of, and show it to everybody
    asked, who hear of it once.
    """
    begun = []
    for one in asked:
        kickoffs.save_answer(session, strategy.workspace_id, one.id, state, words, now)
    ids = list(dict.fromkeys(one.initiative_id for one in asked))
    for id_ in ids:
        before = initiatives.get_initiative(session, strategy.workspace_id, id_)
        kind = ActKind.ACCEPTED if state is ConfirmationState.YES else ActKind.DECLINED
        for one in asked:
            if one.initiative_id == id_:
                _record(session, strategy, before, one, kind, now, one.role.value)
        if activate_if_confirmed(session, strategy, before, now).status is not before.status:
            begun.append(id_)
    loaded = send_kickoffs(session, strategy, ids, [], now)
    if begun:
        _tell_begun(session, strategy, [loaded[id_] for id_ in begun], asked[0].person_id, now)
    for one in asked:
        if one.changed and state is ConfirmationState.YES and one.initiative_id not in begun:
            _tell_confirmed_again(session, loaded[one.initiative_id], one, now)
    return [loaded[id_] for id_ in ids]


def _tell_begun(
    session: Session, strategy: Strategy, begun: Sequence[Kickoff], by_id: str, now: datetime
) -> None:
    """The lead hears once of all that were asked together, when the last of them has begun; a checklist of theirs says it
    without a message.
    """
    if tells_of_kickoff(session, strategy, begun[-1].asker_id):
        return
    opened = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    standing = kickoffs.list_confirmations(session, strategy.workspace_id, [one.id for one in opened])
    together = begun_together(opened, standing, {one.initiative.id for one in begun})
    last = begun[-1]
    if not together or (len(together) == 1 and last.asker_id == by_id):
        return
    if len(together) == 1:
        told = views.active_message(last)
    else:
        told = views.all_active_message(strategy, together, is_all=len(together) == len(opened))
    tell_of_kickoff(session, last, last.asker_id, told, now)


def _tell_confirmed_again(session: Session, kickoff: Kickoff, asked: Confirmation, now: datetime) -> None:
    for person_id in sorted({kickoff.asker_id, kickoff.initiative.owner_id} - {asked.person_id}):
        told = views.confirmed_again_message(kickoff, asked)
        tell_of_kickoff(session, kickoff, person_id, told, now)


def decline_confirmation(
    session: Session, strategy: Strategy, asked: Confirmation, words: str, now: datetime
) -> None:
    """Whoever asked is told and asked for another, and of a partner or new owner who declines the owner is told too."""
    [kickoff] = settle_confirmations(session, strategy, [asked], ConfirmationState.DECLINED, words, now)
    declined = kickoffs.get_confirmation(session, strategy.workspace_id, asked.id)
    told = {kickoff.asker_id}
    if asked.role in (Role.PARTNER, Role.NEW_OWNER):
        told.add(kickoff.initiative.owner_id)
    for person_id in sorted(told - {asked.person_id}):
        payload = views.declined_message(kickoff, declined, is_lead=person_id == kickoff.asker_id)
        tell_of_kickoff(session, kickoff, person_id, payload, now)


def ask_back(session: Session, strategy: Strategy, asked: Confirmation, words: str, now: datetime) -> None:
    """A question to whoever asked; the answer is still awaited, from one who had declined too."""
    kickoffs.save_question(session, strategy.workspace_id, asked.id, words)
    kickoff = send_kickoff(session, strategy, asked.initiative_id, [], now)
    _record(session, strategy, kickoff.initiative, asked, ActKind.ASKED_BACK, now)
    asked = kickoffs.get_confirmation(session, strategy.workspace_id, asked.id)
    tell_of_kickoff(session, kickoff, kickoff.asker_id, views.question_message(kickoff, asked), now)


def settle_learning(
    session: Session,
    strategy: Strategy,
    asked: Confirmation,
    learning_id: int,
    now: datetime,
    *,
    is_accepted: bool,
) -> None:
    """Raises NotFound for a learning that this kickoff does not show."""
    initiative_id = asked.initiative_id
    shown = load_kickoff(session, strategy, initiative_id, now).learnings
    if learning_id not in {learning.id for learning in shown}:
        raise NotFound
    retrospectives.answer_learning(
        session,
        strategy.workspace_id,
        learning_id,
        initiative_id,
        is_accepted=is_accepted,
        person_id=asked.person_id,
        now=now,
    )
    kickoff = send_kickoff(session, strategy, initiative_id, [], now)
    taken = "taken over" if is_accepted else "left"
    _record(session, strategy, kickoff.initiative, asked, ActKind.LEARNING_ANSWERED, now, taken)


def _record(
    session: Session,
    strategy: Strategy,
    initiative: Initiative,
    asked: Confirmation,
    kind: ActKind,
    now: datetime,
    after: str = "",
) -> None:
    act = Act(kind, asked.person_id, now, initiative.name, after=after, thing_id=initiative.id)
    acts.add_act(session, strategy.workspace_id, strategy.id, act)


def activate_if_confirmed(
    session: Session, strategy: Strategy, initiative: Initiative, now: datetime
) -> Initiative:
    if initiative.status is not Status.PROPOSED or not is_kickoff_confirmed(session, initiative):
        return initiative
    initiatives.set_status(session, strategy.workspace_id, initiative.id, Status.ACTIVE, now)
    plan_owner(session, strategy, initiative.owner_id, now)
    return replace(initiative, status=Status.ACTIVE)
