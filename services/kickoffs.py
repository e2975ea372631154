"""Asking an initiative's owner, sponsor and partners to say yes, and what follows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError, NotFound
from domain.initiatives import Initiative, Status
from domain.kickoffs import Confirmation, ConfirmationState, Role, awaited
from domain.people import Person
from domain.strategies import Strategy
from services.planning import find_next_prompt, plan_owner
from services.references import Request, see_confirmation
from storage import homes, initiatives, kickoffs, people, retrospectives, strategies
from storage.delivery import outbox
from views import kickoffs as views
from views.initiatives.charters import CharterDraft
from views.kickoffs import Kickoff


def begin_kickoff(
    session: Session, strategy: Strategy, added: Initiative, draft: CharterDraft, by: Person, now: datetime
) -> Kickoff:
    """Ask everybody an initiative just added names; whoever adds it says yes by adding. Active at once if all did."""
    workspace_id = strategy.workspace_id
    charter = draft.charter(added.id, by.id)
    kickoffs.save_charter(session, workspace_id, charter)
    wanted = [(Role.OWNER, added.owner_id, ""), (Role.SPONSOR, charter.sponsor_id, "")]
    wanted += [(Role.PARTNER, partner.person_id, partner.what) for partner in draft.partners]
    asked = [add_confirmation(session, strategy, added, one, by, now) for one in wanted]
    _activate_if_confirmed(session, strategy, added, now)
    return send_kickoff(session, strategy, added.id, asked, now)


def change_kickoff(
    session: Session, strategy: Strategy, after: Initiative, draft: CharterDraft, by: Person, now: datetime
) -> None:
    """After an edit: ask who is new, ask no more who is not named any more, show the others what changed."""
    workspace_id = strategy.workspace_id
    charter = draft.charter(after.id, by.id)
    kickoffs.save_charter(session, workspace_id, charter)
    wanted = [(Role.SPONSOR, charter.sponsor_id, "")]
    wanted += [(Role.PARTNER, partner.person_id, partner.what) for partner in draft.partners]
    standing = kickoffs.list_confirmations(session, workspace_id, [after.id])[after.id]
    named = [one for one in standing if one.role in (Role.SPONSOR, Role.PARTNER)]
    known = {(one.role, one.person_id, one.what): one for one in named}
    withdraw_confirmations(
        session, strategy, after, [one for key, one in known.items() if key not in wanted], now
    )
    asked = [add_confirmation(session, strategy, after, one, by, now) for one in wanted if one not in known]
    _activate_if_confirmed(session, strategy, after, now)
    send_kickoff(session, strategy, after.id, asked, now)


def ask_new_owner(
    session: Session, strategy: Strategy, after: Initiative, by: Person, now: datetime
) -> Kickoff:
    """Of one that is yet to begin: the former owner's word counts no more, the new owner is asked."""
    standing = kickoffs.list_confirmations(session, strategy.workspace_id, [after.id])[after.id]
    withdraw_confirmations(session, strategy, after, [one for one in standing if one.role is Role.OWNER], now)
    asked = add_confirmation(session, strategy, after, (Role.OWNER, after.owner_id, ""), by, now)
    after = _activate_if_confirmed(session, strategy, after, now)
    return send_kickoff(session, strategy, after.id, [asked], now)


def reopen_confirmation(
    session: Session, strategy: Strategy, initiative: Initiative, changed: str, now: datetime
) -> None:
    """Authority and resources are not what its sponsor confirmed: they are told what changed, and asked anew.

    It goes on meanwhile. One from before there were kickoffs has no sponsor to ask.
    """
    standing = kickoffs.list_confirmations(session, strategy.workspace_id, [initiative.id])[initiative.id]
    sponsors = [one for one in standing if one.role is Role.SPONSOR]
    if not sponsors or any(one.changed == changed and one.is_awaited for one in sponsors):
        return
    withdraw_confirmations(session, strategy, initiative, sponsors, now)
    wanted = Confirmation(
        0,
        initiative.id,
        Role.SPONSOR,
        sponsors[-1].person_id,
        "",
        ConfirmationState.ASKED,
        "",
        now,
        changed=changed,
    )
    asked = kickoffs.add_confirmation(session, strategy.workspace_id, wanted)
    send_kickoff(session, strategy, initiative.id, [asked], now)


def settle_confirmation(
    session: Session,
    strategy: Strategy,
    asked: Confirmation,
    state: ConfirmationState,
    words: str,
    now: datetime,
) -> Kickoff:
    """One of them has said yes or declined: keep it, begin when it was the last yes, and show it to everybody asked."""
    kickoffs.save_answer(session, strategy.workspace_id, asked.id, state, words, now)
    before = initiatives.get_initiative(session, strategy.workspace_id, asked.initiative_id)
    after = _activate_if_confirmed(session, strategy, before, now)
    kickoff = send_kickoff(session, strategy, after.id, [], now)
    if after.status is not before.status and kickoff.asker_id != asked.person_id:
        tell_of_kickoff(session, kickoff, kickoff.asker_id, views.active_message(kickoff), now)
    elif asked.changed and state is ConfirmationState.YES:
        for person_id in sorted({kickoff.asker_id, after.owner_id} - {asked.person_id}):
            told = views.confirmed_again_message(kickoff, asked)
            tell_of_kickoff(session, kickoff, person_id, told, now)
    return kickoff


def send_kickoff(
    session: Session, strategy: Strategy, initiative_id: int, asked: Iterable[Confirmation], now: datetime
) -> Kickoff:
    """One DM to each of those newly asked, and to an owner who says yes by adding it where there are learnings for its
    goal; the DMs of the others are redrawn.
    """
    kickoff = load_kickoff(session, strategy, initiative_id, now)
    new = {
        one.id
        for one in asked
        if one.state is ConfirmationState.ASKED or (one.role is Role.OWNER and kickoff.learnings)
    }
    named = [one.person_id for one in kickoff.confirmations]
    homes.mark_stale(session, strategy.workspace_id, strategy.id, named)
    for one in kickoff.confirmations:
        payload = views.kickoff_message(kickoff, one)
        if one.id in new and not kickoff.people[one.person_id].is_deactivated:
            message_id = outbox.enqueue_post(session, strategy.workspace_id, one.person_id, payload, now=now)
            kickoffs.set_message(session, strategy.workspace_id, one.id, message_id)
        elif one.message_id is not None:
            outbox.enqueue_update(session, strategy.workspace_id, one.message_id, payload, now=now)
    return kickoff


def load_kickoff(session: Session, strategy: Strategy, initiative_id: int, now: datetime) -> Kickoff:
    workspace_id = strategy.workspace_id
    initiative = initiatives.get_initiative(session, workspace_id, initiative_id)
    charter = kickoffs.list_charters(session, workspace_id, [initiative_id]).get(initiative_id)
    standing = kickoffs.list_confirmations(session, workspace_id, [initiative_id])[initiative_id]
    asker_id = find_asker(session, strategy, initiative_id)
    named = views.names_in(charter, standing) | {initiative.owner_id, asker_id}
    everybody = people.list_people(session, workspace_id, named)
    earlier = []
    if initiative.goal_id is not None:
        before = strategies.list_goals_before(session, workspace_id, initiative.goal_id)
        earlier = retrospectives.list_learnings(
            session, workspace_id, strategy.id, goal_ids=[initiative.goal_id, *before]
        )
    return Kickoff(
        strategy=strategy,
        initiative=initiative,
        charter=charter,
        confirmations=standing,
        people=everybody,
        asker_id=asker_id,
        first=find_next_prompt(session, strategy, everybody[initiative.owner_id], [initiative], now),
        learnings=tuple(one for one in earlier if one.initiative_id != initiative_id),
        taken=retrospectives.list_learning_answers(session, workspace_id, initiative_id),
    )


def find_asker(session: Session, strategy: Strategy, initiative_id: int) -> str:
    """The lead who added it or gave it away last; another lead once they have left."""
    asker = kickoffs.find_asker(session, strategy.workspace_id, initiative_id)
    candidates = dict.fromkeys([*([asker] if asker else []), *strategy.leads])
    known = people.list_people(session, strategy.workspace_id, candidates)
    return next((one.id for one in known.values() if not one.is_deactivated), next(iter(known)))


def withdraw_confirmations(
    session: Session, strategy: Strategy, initiative: Initiative, those: Iterable[Confirmation], now: datetime
) -> None:
    """They are not asked any more, and their DM says so."""
    for one in those:
        kickoffs.withdraw(session, strategy.workspace_id, one.id)
        if one.message_id is not None:
            payload = views.withdrawn_message(initiative)
            outbox.enqueue_update(session, strategy.workspace_id, one.message_id, payload, now=now)


def is_kickoff_confirmed(session: Session, initiative: Initiative) -> bool:
    """Whether owner and sponsor have said yes; so has one from before there were kickoffs."""
    standing = kickoffs.list_confirmations(session, initiative.workspace_id, [initiative.id])
    return not awaited(standing[initiative.id])


def load_asked(
    session: Session, request: Request, confirmation_id: int
) -> tuple[Strategy, Initiative, Confirmation, Person]:
    """What is asked, and whoever acts; locks the strategy. Raises DomainError once it is over."""
    person, strategy, initiative, asked = see_confirmation(session, request, confirmation_id)
    if initiative.status.is_closed:
        raise DomainError(f"{initiative.name} has been closed meanwhile, so nothing is asked any more.")
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
        raise DomainError(f"This is not asked of you any more: a lead changed {initiative.name} meanwhile.")
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


def decline_confirmation(
    session: Session, strategy: Strategy, asked: Confirmation, words: str, now: datetime
) -> None:
    """Whoever asked is told and asked for another, and of a partner or new owner who declines the owner is told too."""
    kickoff = settle_confirmation(session, strategy, asked, ConfirmationState.DECLINED, words, now)
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
    send_kickoff(session, strategy, initiative_id, [], now)


def tell_of_kickoff(
    session: Session, kickoff: Kickoff, person_id: str, payload: dict[str, object], now: datetime
) -> None:
    """By DM, unless they have left."""
    if not kickoff.people[person_id].is_deactivated:
        outbox.enqueue_post(session, kickoff.strategy.workspace_id, person_id, payload, now=now)


def add_confirmation(
    session: Session,
    strategy: Strategy,
    initiative: Initiative,
    wanted: tuple[Role, str, str],
    by: Person,
    now: datetime,
) -> Confirmation:
    """As what somebody is asked, who, and a partner's commitment; whoever asks themselves says yes by it."""
    role, person_id, what = wanted
    is_own = person_id == by.id
    state = ConfirmationState.YES if is_own else ConfirmationState.ASKED
    answered_at = now if is_own else None
    asked = Confirmation(0, initiative.id, role, person_id, what, state, "", now, answered_at)
    return kickoffs.add_confirmation(session, strategy.workspace_id, asked)


def _activate_if_confirmed(
    session: Session, strategy: Strategy, initiative: Initiative, now: datetime
) -> Initiative:
    if initiative.status is not Status.PROPOSED or not is_kickoff_confirmed(session, initiative):
        return initiative
    initiatives.set_status(session, strategy.workspace_id, initiative.id, Status.ACTIVE, now)
    plan_owner(session, strategy, initiative.owner_id, now)
    return replace(initiative, status=Status.ACTIVE)
