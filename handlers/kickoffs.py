"""Kickoff: the owner, the sponsor and the partners of an initiative say yes, decline, or ask; learnings are taken over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.initiatives import Initiative
from domain.kickoffs import Confirmation, ConfirmationState, Role
from domain.strategies import Strategy
from handlers.requests import (
    Click,
    Command,
    Routes,
    Subcommand,
    Submission,
    View,
    acts,
    opens,
    redraws,
    shows,
    submits,
)
from services.access import load_as_lead, require_lead
from services.initiatives.owners import take_over
from services.kickoffs.asks import nudge
from services.kickoffs.messages import list_asked_with, load_kickoff, tell_of_kickoff
from services.kickoffs.settling import (
    ask_back,
    decline_confirmation,
    load_all_asked,
    load_asked,
    load_own_asked,
    load_unsettled,
    settle_confirmations,
    settle_learning,
)
from views.kickoffs import messages as views
from views.kickoffs import together
from views.slack.blocks import Payload
from views.slack.references import read_id, read_two_ids


def say_yes(session: Session, click: Click, now: datetime) -> None:
    strategy, initiative, asked = load_unsettled(session, click, read_id(click.value))
    _accept(session, strategy, [(initiative, asked)], now)


def say_yes_to_all(session: Session, click: Click, now: datetime) -> None:
    """To what the message showed when it was clicked, and to nothing that came into it since."""
    strategy, still = load_all_asked(session, click, together.read_ids(click.value))
    _accept(session, strategy, still, now)


def _accept(
    session: Session, strategy: Strategy, those: Sequence[tuple[Initiative, Confirmation]], now: datetime
) -> None:
    for initiative, asked in those:
        if asked.role is Role.NEW_OWNER:
            take_over(session, strategy, initiative, asked, now)
    others = [asked for _, asked in those if asked.role is not Role.NEW_OWNER]
    if others:
        settle_confirmations(session, strategy, others, ConfirmationState.YES, "", now)


def open_window(session: Session, click: Click, now: datetime) -> View:
    strategy, _, asked = load_own_asked(session, click, read_id(click.value))
    return together.window(list_asked_with(session, strategy, asked, now))


def say_one_yes(session: Session, click: Click, now: datetime) -> View:
    say_yes(session, click, now)
    return open_window(session, click, now)


def answer_one_learning(session: Session, click: Click, now: datetime) -> View:
    strategy, asked = _settle_learning(session, click, now)
    return together.window(list_asked_with(session, strategy, asked, now))


def show_awaited(session: Session, command: Command, now: datetime) -> Payload:
    """Who has still to say yes; whoever was not nudged yet is."""
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    return nudge(session, strategy, person, now)


def open_decline(session: Session, click: Click, now: datetime) -> View:
    _, initiative, asked = load_unsettled(session, click, read_id(click.value))
    return views.decline_modal(initiative, asked)


def open_question(session: Session, click: Click, now: datetime) -> View:
    _, initiative, asked = load_unsettled(session, click, read_id(click.value))
    return views.ask_modal(initiative, asked)


def submit_words(session: Session, submission: Submission, now: datetime) -> View | None:
    """Why they decline, or what they ask."""
    words = views.read_words(submission.form.state)
    strategy, _, asked = load_unsettled(session, submission, read_id(submission.form.metadata))
    answer = decline_confirmation if submission.form.callback_id == views.DECLINE_FORM else ask_back
    answer(session, strategy, asked, words, now)
    return together.rest(list_asked_with(session, strategy, asked, now), asked.id)


def open_answer(session: Session, click: Click, now: datetime) -> View:
    strategy, initiative, asked, person = load_asked(session, click, read_id(click.value))
    require_lead(session, strategy, person)
    return views.answer_modal(initiative, asked)


def submit_answer(session: Session, submission: Submission, now: datetime) -> None:
    words = views.read_words(submission.form.state)
    strategy, initiative, asked, person = load_asked(session, submission, read_id(submission.form.metadata))
    require_lead(session, strategy, person)
    kickoff = load_kickoff(session, strategy, initiative.id, now)
    if asked.person_id not in kickoff.people:
        raise DomainError("A lead has chosen somebody else by now, so nobody waits for this answer.")
    told = views.answer_message(kickoff, asked, person, words)
    tell_of_kickoff(session, kickoff, asked.person_id, told, now)


def answer_learning(session: Session, click: Click, now: datetime) -> None:
    _settle_learning(session, click, now)


def _settle_learning(session: Session, click: Click, now: datetime) -> tuple[Strategy, Confirmation]:
    confirmation_id, learning_id = read_two_ids(click.value)
    strategy, _, asked = load_own_asked(session, click, confirmation_id)
    is_accepted = click.action_id in (views.TAKE_OVER, together.ONE_TAKE_OVER)
    settle_learning(session, strategy, asked, learning_id, now, is_accepted=is_accepted)
    return strategy, asked


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand(
                "kickoff", "", "who has still to say yes; reminds each of them, once", shows(show_awaited)
            ),
        )
    },
    clicks={
        together.YES_TO_ALL: acts(say_yes_to_all),
        together.ONE_BY_ONE: opens(open_window),
        together.ONE_YES: redraws(say_one_yes),
        together.ONE_DECLINE: redraws(open_decline),
        together.ONE_ASK: redraws(open_question),
        together.ONE_TAKE_OVER: redraws(answer_one_learning),
        together.ONE_LEAVE: redraws(answer_one_learning),
        views.YES: acts(say_yes),
        views.DECLINE: opens(open_decline),
        views.ASK: opens(open_question),
        views.ANSWER: opens(open_answer),
        views.TAKE_OVER: acts(answer_learning),
        views.LEAVE: acts(answer_learning),
    },
    submissions={
        views.DECLINE_FORM: submits(submit_words),
        views.ASK_FORM: submits(submit_words),
        views.ANSWER_FORM: submits(submit_answer),
    },
)
