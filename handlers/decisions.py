"""Asking for decisions, taking them, and listing them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.decisions import SETTLED, Decision, DecisionState, is_overdue
from domain.errors import DomainError, NotFound
from domain.people import Person
from domain.reading.markup import plain_text
from domain.strategies import Strategy
from domain.words import listed
from handlers.requests import (
    Click,
    Command,
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
from services.access import is_direct_message, load_actor, load_strategy, may_lead, remember_in, tell_actor
from services.decisions import (
    give_reason,
    hand_over_ask,
    list_open_asks,
    open_decision,
    require_decider,
    require_may_decide,
    settle_decision,
    show_asks,
)
from services.references import Request, initiative_of, see_decision, see_strategy
from storage import check_ins, decisions, initiatives, notes, people, strategies
from storage.delivery import outbox
from views.decisions import forms, messages
from views.decisions.words import AskShown
from views.slack.blocks import Payload
from views.slack.references import read_id

_FILTERS = ("open", "overdue", "past", "mine")
_MOST_PAST = 100


# Asking


def request_decision(session: Session, shortcut: Shortcut, now: datetime) -> View:
    """The shortcut on a message, whose words become the context."""
    person = load_actor(session, shortcut.actor)
    remember_in(session, person, shortcut.channel_id, now)
    found = _strategies_at(session, person, shortcut.channel_id)
    if not found:
        raise DomainError(
            "I do not know which strategy this is about. Use the shortcut on a message in a strategy's channel, "
            "or run `/rhythm setup` in the channel where your team talks."
        )
    if len(found) > 1:
        found, context = _told_to_us(session, person, shortcut, found)
        return _form_about(session, found, context)
    return _form_about(session, found, plain_text(shortcut.text))


def _told_to_us(
    session: Session, person: Person, shortcut: Shortcut, found: Sequence[Strategy]
) -> tuple[list[Strategy], str | None]:
    """What may be quoted of a message that is not in a strategy's channel, and in which strategies.

    Of what somebody wrote to us, only what was recorded for one; None where that is not sure.
    """
    where = (person.workspace_id, shortcut.channel_id, shortcut.message_ts)
    prompted, note = check_ins.find_by_message(session, *where), notes.find_note(session, *where)
    if prompted is not None:
        words, told = plain_text(shortcut.text), {prompted.strategy_id}
    elif note is not None:
        recorded = [part for part in notes.list_parts(session, note) if part.revision is not None]
        words = note.text if note.strategy_id else "\n".join(part.text for part in recorded if part.text)
        told = {part.strategy_id for part in recorded}
    else:
        return list(found), plain_text(shortcut.text)
    chosen = [one for one in found if {one.id} == told]
    return (chosen, words) if chosen and words else (list(found), None)


def open_request(session: Session, click: Click, now: datetime) -> View:
    """From a review: the same form, about that strategy."""
    return _form_about(session, [see_strategy(session, click, read_id(click.value))[1]])


def _form_about(session: Session, found: Sequence[Strategy], context: str | None = "") -> View:
    choices = [
        (strategy, initiatives.list_initiatives(session, strategy.workspace_id, strategy.id))
        for strategy in found
    ]
    return forms.request_modal(choices, context)


def _strategies_at(session: Session, person: Person, channel_id: str) -> list[Strategy]:
    """The channel's, else those the person has a part in."""
    here = strategies.find_strategy_by_channel(session, person.workspace_id, channel_id)
    return [here] if here else strategies.list_strategies_of(session, person.workspace_id, person.id)


def submit_request(session: Session, submission: Submission, now: datetime) -> None:
    strategy_id, initiative_id = forms.read_about(submission.form.state)
    person, strategy = see_strategy(session, submission, strategy_id)
    if initiative_id is not None:
        initiative_of(session, strategy, initiative_id)
    ask = forms.read_ask(submission.form.state, strategy.zone, now)
    assert ask is not None
    require_decider(session, person.workspace_id, ask.decider_id, forms.WHOM)
    decision = open_decision(session, strategy, ask, by=person, now=now, initiative_id=initiative_id)
    [shown] = show_asks(session, strategy, [decision])
    tell_actor(session, submission.actor, strategy, "", messages.asked_message(shown), now)


# Deciding


def _load_to_decide(
    session: Session, request: Request, decision_id: int
) -> tuple[Person, Strategy, Decision]:
    person, strategy, decision = see_decision(session, request, decision_id)
    require_may_decide(session, strategy, person, decision)
    return person, strategy, decision


def choose_option(session: Session, click: Click, now: datetime) -> Reply | None:
    decision_id, number = messages.read_choice(click.value)
    person, strategy, decision = _load_to_decide(session, click, decision_id)
    if number >= len(decision.choices):
        raise NotFound
    ended = settle_decision(session, strategy, decision, decision.choices[number], by=person, now=now)
    if person.id == decision.decider_id and is_direct_message(click.channel_id or ""):
        return None  # their message shows it
    [shown] = show_asks(session, strategy, [ended])
    return Reply(message=messages.told_message([shown]))


def open_other(session: Session, click: Click, now: datetime) -> View:
    return forms.other_modal(_load_to_decide(session, click, read_id(click.value))[2])


def submit_other(session: Session, submission: Submission, now: datetime) -> None:
    outcome, reason = forms.read_other(submission.form.state)
    person, strategy, decision = _load_to_decide(session, submission, read_id(submission.form.metadata))
    settle_decision(session, strategy, decision, outcome, by=person, now=now, reason=reason)


def _load_to_explain(
    session: Session, request: Request, decision_id: int
) -> tuple[Person, Strategy, Decision]:
    """Only who decided says why."""
    person, strategy, decision = see_decision(session, request, decision_id)
    if decision.state is not DecisionState.DECIDED or decision.decided_by is None:
        raise DomainError("Nobody decided this, so there is no reason to give.")
    if person.id != decision.decided_by:
        name = people.get_person(session, person.workspace_id, decision.decided_by).name
        raise DomainError(f"Only {name}, who decided this, can say why.")
    return person, strategy, decision


def open_reason(session: Session, click: Click, now: datetime) -> View:
    return forms.reason_modal(_load_to_explain(session, click, read_id(click.value))[2])


def submit_reason(session: Session, submission: Submission, now: datetime) -> None:
    reason = forms.read_reason(submission.form.state)
    person, strategy, decision = _load_to_explain(session, submission, read_id(submission.form.metadata))
    give_reason(session, strategy, decision, reason, person, now)


def _load_to_hand_over(
    session: Session, request: Request, decision_id: int
) -> tuple[Person, Strategy, Decision]:
    """The decider, who asked, and leads."""
    person, strategy, decision = see_decision(session, request, decision_id)
    if person.id != decision.requested_by or not decision.is_open:
        require_may_decide(session, strategy, person, decision)
    return person, strategy, decision


def open_hand_over(session: Session, click: Click, now: datetime) -> View:
    return forms.hand_over_modal(_load_to_hand_over(session, click, read_id(click.value))[2])


def submit_hand_over(session: Session, submission: Submission, now: datetime) -> None:
    decider_id = forms.read_decider(submission.form.state)
    person, strategy, decision = _load_to_hand_over(session, submission, read_id(submission.form.metadata))
    decider = require_decider(session, person.workspace_id, decider_id, forms.DECIDER)
    if decider.id != decision.decider_id:
        decision = hand_over_ask(session, strategy, decision, decider, person, now)
    [shown] = show_asks(session, strategy, [decision])
    outbox.enqueue_post(session, person.workspace_id, person.id, messages.handed_message(shown), now=now)


# Listing


def list_all(session: Session, command: Command, now: datetime) -> Payload:
    wanted = command.text.lower() or "open"
    if wanted not in _FILTERS:
        raise DomainError(
            f"I know {listed([f'`/rhythm decisions {one}`' for one in _FILTERS])}, "
            "and `/rhythm decisions` for what is open."
        )
    person = load_actor(session, command.actor)
    if wanted == "mine":
        return messages.list_message(None, wanted, _mine(session, person), now)
    strategy = load_strategy(session, person, command.channel_id)
    found = _CHOSEN[wanted](session, strategy, now)
    shown = show_asks(session, strategy, found)
    return messages.list_message(
        strategy, wanted, [(ask, _may_decide(strategy, person, ask.decision)) for ask in shown], now
    )


def _may_decide(strategy: Strategy, person: Person, decision: Decision) -> bool:
    return person.id == decision.decider_id or may_lead(strategy, person)


def _overdue(session: Session, strategy: Strategy, now: datetime) -> list[Decision]:
    return [d for d in list_open_asks(session, strategy) if is_overdue(d, strategy.zone, now)]


def _past(session: Session, strategy: Strategy, now: datetime) -> list[Decision]:
    found = decisions.list_decisions(session, strategy.workspace_id, strategy.id, states=SETTLED)
    return sorted(found, key=lambda one: (str(one.decided_at), one.id), reverse=True)[:_MOST_PAST]


_CHOSEN: dict[str, Callable[[Session, Strategy, datetime], list[Decision]]] = {
    "open": lambda session, strategy, now: list_open_asks(session, strategy),  # noqa: ARG005
    "overdue": _overdue,
    "past": _past,
}


def _mine(session: Session, person: Person) -> list[tuple[AskShown, bool]]:
    """What waits for the person, then what they asked of others, in all strategies."""
    found: list[tuple[AskShown, bool]] = []
    own = decisions.list_open_of_person(session, person.workspace_id, person.id)
    for strategy_id in dict.fromkeys(decision.strategy_id for decision in own):
        strategy = strategies.get_strategy(session, person.workspace_id, strategy_id)
        asks = [decision for decision in own if decision.strategy_id == strategy_id]
        shown = show_asks(session, strategy, asks)
        found += [(ask, _may_decide(strategy, person, ask.decision)) for ask in shown]
    return sorted(found, key=lambda entry: entry[0].decision.decider_id != person.id)


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
        messages.OTHER: opens(open_other),
        messages.REASON: opens(open_reason),
        messages.HAND_OVER: opens(open_hand_over),
    },
    submissions={
        forms.REQUEST_FORM: submits(submit_request),
        forms.OTHER_FORM: submits(submit_other),
        forms.REASON_FORM: submits(submit_reason),
        forms.HAND_OVER_FORM: submits(submit_hand_over),
    },
    shortcuts={forms.SHORTCUT: opens(request_decision)},
)
