"""Decisions that come back: what they should move, when to look again, and what is to become of them then."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.requests import Click, Reply, Routes, Submission, View, opens, replies, submits
from services.bets.answering import answer_bet, load_to_answer
from services.bets.looking import show_bets
from services.bets.making import load_to_look_again, open_bet, save_bet
from views.bets import forms, messages, words
from views.slack.blocks import text_message
from views.slack.references import is_direct_message, read_id


def open_form(session: Session, click: Click, now: datetime) -> View:
    _, strategy, decision = load_to_look_again(session, click, read_id(click.value))
    return open_bet(session, strategy, decision, now)


def submit_form(session: Session, submission: Submission, now: datetime) -> None:
    reference = forms.BetRef.read(submission.form.metadata)
    person, strategy, decision = load_to_look_again(session, submission, reference.decision)
    save_bet(session, strategy, decision, submission.form.state, reference.bet, person, now)


def keep(session: Session, click: Click, now: datetime) -> Reply | None:
    bet_id, verdict = messages.read_verdict(click.action_id, click.value)
    person, strategy, bet, decision = load_to_answer(session, click, bet_id, verdict)
    answered = answer_bet(session, strategy, bet, decision, verdict, "", person, now)
    is_shown = any(look.person_id == person.id and look.message_id for look in answered.looks)
    if is_shown and is_direct_message(click.channel_id or ""):
        return None  # their message shows it
    [shown] = show_bets(session, strategy, [answered])
    return Reply(message=text_message("; ".join(words.said(answered, shown.names))))


def open_answer(session: Session, click: Click, now: datetime) -> View:
    bet_id, verdict = messages.read_verdict(click.action_id, click.value)
    _, _, bet, decision = load_to_answer(session, click, bet_id, verdict)
    return forms.answer_modal(bet, decision, verdict)


def submit_answer(session: Session, submission: Submission, now: datetime) -> None:
    reference = forms.AnswerRef.read(submission.form.metadata)
    learned = forms.read_learning(submission.form.state, is_needed=reference.verdict is None)
    person, strategy, bet, decision = load_to_answer(session, submission, reference.bet, reference.verdict)
    answer_bet(session, strategy, bet, decision, reference.verdict, learned, person, now)


ROUTES = Routes(
    clicks={
        words.LOOK: opens(open_form),
        words.KEEP: replies(keep),
        words.CHANGE: opens(open_answer),
        words.STOP: opens(open_answer),
        messages.LEARN: opens(open_answer),
    },
    submissions={forms.FORM: submits(submit_form), forms.ANSWER_FORM: submits(submit_answer)},
)
