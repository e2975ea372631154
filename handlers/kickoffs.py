"""Kickoff: the owner, the sponsor and the partners of an initiative say yes, decline, or ask; learnings are taken over."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.kickoffs import ConfirmationState, Role
from handlers.requests import Click, Routes, Submission, View, acts, opens, submits
from services.access import require_lead
from services.initiatives.owners import take_over
from services.kickoffs import (
    ask_back,
    decline_confirmation,
    load_asked,
    load_kickoff,
    load_own_asked,
    load_unsettled,
    settle_confirmation,
    settle_learning,
    tell_of_kickoff,
)
from views import kickoffs as views
from views.slack.references import read_id, read_two_ids


def say_yes(session: Session, click: Click, now: datetime) -> None:
    strategy, initiative, asked = load_unsettled(session, click, read_id(click.value))
    if asked.role is Role.NEW_OWNER:
        take_over(session, strategy, initiative, asked, now)
    else:
        settle_confirmation(session, strategy, asked, ConfirmationState.YES, "", now)


def open_decline(session: Session, click: Click, now: datetime) -> View:
    _, initiative, asked = load_unsettled(session, click, read_id(click.value))
    return views.decline_modal(initiative, asked)


def open_question(session: Session, click: Click, now: datetime) -> View:
    _, initiative, asked = load_unsettled(session, click, read_id(click.value))
    return views.ask_modal(initiative, asked)


def submit_decline(session: Session, submission: Submission, now: datetime) -> None:
    words = views.read_words(submission.form.state)
    confirmation_id = read_id(submission.form.metadata)
    strategy, _, asked = load_unsettled(session, submission, confirmation_id)
    decline_confirmation(session, strategy, asked, words, now)


def submit_question(session: Session, submission: Submission, now: datetime) -> None:
    words = views.read_words(submission.form.state)
    confirmation_id = read_id(submission.form.metadata)
    strategy, _, asked = load_unsettled(session, submission, confirmation_id)
    ask_back(session, strategy, asked, words, now)


def open_answer(session: Session, click: Click, now: datetime) -> View:
    strategy, initiative, asked, person = load_asked(session, click, read_id(click.value))
    require_lead(session, strategy, person)
    return views.answer_modal(initiative, asked)


def submit_answer(session: Session, submission: Submission, now: datetime) -> None:
    words = views.read_words(submission.form.state)
    confirmation_id = read_id(submission.form.metadata)
    strategy, initiative, asked, person = load_asked(session, submission, confirmation_id)
    require_lead(session, strategy, person)
    kickoff = load_kickoff(session, strategy, initiative.id, now)
    if asked.person_id not in kickoff.people:
        raise DomainError("A lead has chosen somebody else meanwhile, so nobody waits for this answer.")
    told = views.answer_message(kickoff, asked, person, words)
    tell_of_kickoff(session, kickoff, asked.person_id, told, now)


def answer_learning(session: Session, click: Click, now: datetime) -> None:
    confirmation_id, learning_id = read_two_ids(click.value)
    strategy, _, asked = load_own_asked(session, click, confirmation_id)
    is_accepted = click.action_id == views.TAKE_OVER
    settle_learning(session, strategy, asked, learning_id, now, is_accepted=is_accepted)


ROUTES = Routes(
    clicks={
        views.YES: acts(say_yes),
        views.DECLINE: opens(open_decline),
        views.ASK: opens(open_question),
        views.ANSWER: opens(open_answer),
        views.TAKE_OVER: acts(answer_learning),
        views.LEAVE: acts(answer_learning),
    },
    submissions={
        views.DECLINE_FORM: submits(submit_decline),
        views.ASK_FORM: submits(submit_question),
        views.ANSWER_FORM: submits(submit_answer),
    },
)
