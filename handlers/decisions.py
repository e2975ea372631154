"""Asking for decisions, taking them, and listing them."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from domain.decisions import Decision
from domain.errors import DomainError, NotFound
from domain.people import Person
from domain.strategies import Strategy
from domain.words import listed
from handlers.requests import (
    Click,
    Command,
    Handler,
    Reply,
    Routes,
    Shortcut,
    Subcommand,
    Submission,
    View,
    opens,
    replies,
    shows,
    submits,
)
from services.access import load_actor, load_strategy, remember_in, tell_actor
from services.decisions.asks import (
    asked_words,
    list_subjects,
    open_decision,
    prepare_ask,
    require_asked_well,
    require_decider,
)
from services.decisions.lists import list_asks, list_asks_of, show_asks
from services.decisions.moving import (
    hand_over_ask,
    load_own_ask,
    load_to_hand_over,
    redate_ask,
    require_handed_well,
    withdraw_ask,
)
from services.decisions.settling import give_reason, load_to_decide, load_to_explain, settle_decision
from services.references import initiative_of, see_strategy
from views.decisions import asks, forms, messages
from views.slack.blocks import Payload
from views.slack.references import is_direct_message, read_id

Load = Callable[[Session, Click, int], tuple[Person, Strategy, Decision]]
_FILTERS = ("open", "overdue", "past", "mine")


# Asking


def request_decision(session: Session, shortcut: Shortcut, now: datetime) -> View:
    """The shortcut on a message, whose words become the context."""
    person = load_actor(session, shortcut.actor)
    remember_in(session, person, shortcut.channel_id, now)
    about, context = prepare_ask(session, person, shortcut.channel_id, shortcut.message_ts, shortcut.text)
    return forms.request_modal(about, context)


def open_request(session: Session, click: Click, now: datetime) -> View:
    """From a review: the same form, about that strategy."""
    _, strategy = see_strategy(session, click, read_id(click.value))
    return forms.request_modal(list_subjects(session, [strategy]), "")


def submit_request(session: Session, submission: Submission, now: datetime) -> None:
    strategy_id, initiative_id = forms.read_about(submission.form.state)
    person, strategy = see_strategy(session, submission, strategy_id)
    if initiative_id is not None:
        initiative_of(session, strategy, initiative_id)
    ask = forms.read_ask(submission.form.state, strategy.zone, now)
    require_asked_well(session, strategy, ask, now)
    decision = open_decision(session, strategy, ask, by=person, now=now, initiative_id=initiative_id)
    told = asked_words(session, strategy, decision, now)
    tell_actor(session, submission.actor, strategy, "", told, now)


# Deciding


def choose_option(session: Session, click: Click, now: datetime) -> Reply | None:
    decision_id, number = messages.read_choice(click.value)
    person, strategy, decision = load_to_decide(session, click, decision_id)
    if number >= len(decision.choices):
        raise NotFound
    ended = settle_decision(session, strategy, decision, decision.choices[number], by=person, now=now)
    if person.id == decision.decider_id and is_direct_message(click.channel_id or ""):
        return None  # their message shows it
    [shown] = show_asks(session, strategy, [ended])
    return Reply(message=messages.told_message([shown], may_look_again=True))


def submit_other(session: Session, submission: Submission, now: datetime) -> None:
    outcome, reason = forms.read_other(submission.form.state)
    person, strategy, decision = load_to_decide(session, submission, read_id(submission.form.metadata))
    settle_decision(session, strategy, decision, outcome, by=person, now=now, reason=reason)


def submit_reason(session: Session, submission: Submission, now: datetime) -> None:
    reason = forms.read_reason(submission.form.state)
    person, strategy, decision = load_to_explain(session, submission, read_id(submission.form.metadata))
    give_reason(session, strategy, decision, reason, person, now)


def submit_hand_over(session: Session, submission: Submission, now: datetime) -> None:
    person, strategy, decision = load_to_hand_over(session, submission, read_id(submission.form.metadata))
    decider_id, due = forms.read_hand_over(submission.form.state, strategy.zone, now)
    decider = require_decider(session, person.workspace_id, decider_id, forms.DECIDER)
    require_handed_well(session, strategy, decision, decider, due, person, now)
    hand_over_ask(session, strategy, decision, decider, due, person, now)


# Taking back what was asked


def submit_withdraw(session: Session, submission: Submission, now: datetime) -> None:
    reason = forms.read_withdrawal(submission.form.state)
    person, strategy, decision = load_own_ask(session, submission, read_id(submission.form.metadata))
    withdraw_ask(session, strategy, decision, reason, person, now)


def submit_redate(session: Session, submission: Submission, now: datetime) -> None:
    person, strategy, decision = load_own_ask(session, submission, read_id(submission.form.metadata))
    due = forms.read_redate(submission.form.state, decision, strategy.zone, now)
    redate_ask(session, strategy, decision, due, person, now)


# Listing


def list_all(session: Session, command: Command, now: datetime) -> Payload:
    wanted = command.option or "open"
    if wanted not in _FILTERS:
        raise DomainError(
            f"I know {listed([f'`/rhythm decisions {one}`' for one in _FILTERS])}, "
            "and `/rhythm decisions` for what is open."
        )
    person = load_actor(session, command.actor)
    if wanted == "mine":
        return messages.list_message(None, wanted, list_asks_of(session, person), now, person.id)
    strategy = load_strategy(session, person, command.channel_id)
    found = list_asks(session, strategy, wanted, person, now)
    return messages.list_message(strategy, wanted, found, now, person.id)


def _about_ask(load: Load, draw: Callable[[Decision], View]) -> Handler:
    """Opens a form about the ask that a button names, for whoever may do with it what `load` says."""

    def open_form(session: Session, click: Click, now: datetime) -> View:
        _, _, decision = load(session, click, read_id(click.value))
        return draw(decision)

    return opens(open_form)


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand(
                "decisions",
                "[open, overdue, past or mine]",
                "what waits for a decision, and what was decided",
                shows(list_all),
            ),
        )
    },
    clicks={
        **dict.fromkeys(messages.CHOOSE, replies(choose_option)),
        forms.ASK: opens(open_request),
        messages.OTHER: _about_ask(load_to_decide, forms.other_modal),
        messages.REASON: _about_ask(load_to_explain, forms.reason_modal),
        asks.HAND_OVER: _about_ask(load_to_hand_over, forms.hand_over_modal),
        asks.WITHDRAW: _about_ask(load_own_ask, forms.withdraw_modal),
        asks.REDATE: _about_ask(load_own_ask, forms.redate_modal),
    },
    submissions={
        forms.REQUEST_FORM: submits(submit_request),
        forms.OTHER_FORM: submits(submit_other),
        forms.REASON_FORM: submits(submit_reason),
        forms.HAND_OVER_FORM: submits(submit_hand_over),
        forms.WITHDRAW_FORM: submits(submit_withdraw),
        forms.REDATE_FORM: submits(submit_redate),
    },
    shortcuts={forms.SHORTCUT: opens(request_decision)},
)
