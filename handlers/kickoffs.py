"""Kickoff: the owner, the sponsor and the partners of an initiative say yes, decline, or ask; learnings are taken over."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError, NotFound
from domain.initiatives import Initiative
from domain.kickoffs import Confirmation, ConfirmationState, Role
from domain.people import Person
from domain.strategies import Strategy
from handlers.requests import Click, Deps, Routes, Submission, View, acts, opens, submits
from services.access import require_lead
from services.kickoffs import find_asker, load_kickoff, send_kickoff, settle_confirmation, tell_of_kickoff
from services.references import Request, see_confirmation
from storage import kickoffs, people, retrospectives
from views import kickoffs as views
from views.slack.references import read_id, read_two_ids


async def open_decline(deps: Deps, click: Click) -> None:
    asked, initiative = await deps.transact(_open, click)
    await deps.slack.open_view(click.trigger_id, views.decline_modal(initiative, asked))


async def open_question(deps: Deps, click: Click) -> None:
    asked, initiative = await deps.transact(_open, click)
    await deps.slack.open_view(click.trigger_id, views.ask_modal(initiative, asked))


def _load(
    session: Session, request: Request, confirmation_id: int
) -> tuple[Strategy, Initiative, Confirmation, Person]:
    """Whoever acts, and what is asked; locks the strategy. Raises DomainError once it is over."""
    person, strategy, initiative, asked = see_confirmation(session, request, confirmation_id)
    if initiative.status.is_closed:
        raise DomainError(f"{initiative.name} has been closed meanwhile, so nothing is asked any more.")
    return strategy, initiative, asked, person


def _load_own(
    session: Session, request: Request, confirmation_id: int
) -> tuple[Strategy, Initiative, Confirmation]:
    """What is asked of the one who acts; raises DomainError naming who can answer."""
    strategy, initiative, asked, person = _load(session, request, confirmation_id)
    if person.id != asked.person_id:
        named = people.get_person(session, person.workspace_id, asked.person_id)
        raise DomainError(f"Only {named.name} can answer this: it is asked of them as the {asked.role}.")
    if asked.state is ConfirmationState.WITHDRAWN:
        raise DomainError(f"This is not asked of you any more: a lead changed {initiative.name} meanwhile.")
    return strategy, initiative, asked


def _load_unsettled(
    session: Session, request: Request, confirmation_id: int
) -> tuple[Strategy, Initiative, Confirmation]:
    strategy, initiative, asked = _load_own(session, request, confirmation_id)
    if asked.state is ConfirmationState.YES:
        lead_id = find_asker(session, strategy, initiative.id)
        lead = people.get_person(session, strategy.workspace_id, lead_id)
        raise DomainError(f"You have said yes already. If that has changed, please tell {lead.name}.")
    return strategy, initiative, asked


def say_yes(session: Session, click: Click, now: datetime) -> None:
    strategy, _, asked = _load_unsettled(session, click, read_id(click.value))
    settle_confirmation(session, strategy, asked, ConfirmationState.YES, "", now)


def _open(session: Session, click: Click) -> tuple[Confirmation, Initiative]:
    _, initiative, asked = _load_unsettled(session, click, read_id(click.value))
    return asked, initiative


def submit_decline(session: Session, submission: Submission, now: datetime) -> None:
    words = views.read_words(submission.form.state)
    confirmation_id = read_id(submission.form.metadata)
    strategy, initiative, asked = _load_unsettled(session, submission, confirmation_id)
    kickoff = settle_confirmation(session, strategy, asked, ConfirmationState.DECLINED, words, now)
    declined = kickoffs.get_confirmation(session, strategy.workspace_id, asked.id)
    told = {kickoff.asker_id} | ({initiative.owner_id} if asked.role is Role.PARTNER else set())
    for person_id in sorted(told - {asked.person_id}):
        tell_of_kickoff(session, kickoff, person_id, views.declined_message(kickoff, declined), now)


def submit_question(session: Session, submission: Submission, now: datetime) -> None:
    words = views.read_words(submission.form.state)
    confirmation_id = read_id(submission.form.metadata)
    strategy, initiative, asked = _load_unsettled(session, submission, confirmation_id)
    kickoffs.update_confirmation(
        session, strategy.workspace_id, asked.id, words=words, state=ConfirmationState.ASKED.value
    )
    kickoff = send_kickoff(session, strategy, initiative.id, [], now)
    asked = kickoffs.get_confirmation(session, strategy.workspace_id, asked.id)
    tell_of_kickoff(session, kickoff, kickoff.asker_id, views.question_message(kickoff, asked), now)


def open_answer(session: Session, click: Click, now: datetime) -> View:
    strategy, initiative, asked, person = _load(session, click, read_id(click.value))
    require_lead(session, strategy, person)
    return views.answer_modal(initiative, asked)


def submit_answer(session: Session, submission: Submission, now: datetime) -> None:
    words = views.read_words(submission.form.state)
    confirmation_id = read_id(submission.form.metadata)
    strategy, initiative, asked, person = _load(session, submission, confirmation_id)
    require_lead(session, strategy, person)
    kickoff = load_kickoff(session, strategy, initiative.id, now)
    if asked.person_id not in kickoff.people:
        raise DomainError("A lead has chosen somebody else meanwhile, so nobody waits for this answer.")
    told = views.answer_message(kickoff, asked, person, words)
    tell_of_kickoff(session, kickoff, asked.person_id, told, now)


def settle_learning(session: Session, click: Click, now: datetime) -> None:
    confirmation_id, learning_id = read_two_ids(click.value)
    strategy, initiative, asked = _load_own(session, click, confirmation_id)
    shown = load_kickoff(session, strategy, initiative.id, now).learnings
    if learning_id not in {learning.id for learning in shown}:
        raise NotFound
    retrospectives.answer_learning(
        session,
        strategy.workspace_id,
        learning_id,
        initiative.id,
        is_accepted=click.action_id == views.TAKE_OVER,
        person_id=asked.person_id,
        now=now,
    )
    send_kickoff(session, strategy, initiative.id, [], now)


ROUTES = Routes(
    clicks={
        views.YES: acts(say_yes),
        views.DECLINE: open_decline,
        views.ASK: open_question,
        views.ANSWER: opens(open_answer),
        views.TAKE_OVER: acts(settle_learning),
        views.LEAVE: acts(settle_learning),
    },
    submissions={
        views.DECLINE_FORM: submits(submit_decline),
        views.ASK_FORM: submits(submit_question),
        views.ANSWER_FORM: submits(submit_answer),
    },
)
