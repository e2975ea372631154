"""Forms about asks: asking, deciding something else, giving a reason, handing over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from domain.days import why_too_far
from domain.decisions import (
    MAX_DEFAULT,
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_QUESTION,
    Ask,
    AskKind,
    Decision,
    read_options,
    why_not_due,
)
from domain.initiatives import Initiative
from domain.schedules import local_day
from domain.strategies import Strategy
from views.decisions.words import KINDS, question_of
from views.slack import blocks as b
from views.slack.fields import FormReader, State, choice_of, day_of, person_of, text_of
from views.slack.references import read_id

SHORTCUT = "decision.request"
ASK = "decision.ask"
"""A button that opens the form of an ask; its value is the strategy's id."""
REQUEST_FORM = "decision.ask"
OTHER_FORM = "decision.other"
REASON_FORM = "decision.reason"
HAND_OVER_FORM = "decision.hand_over"
WITHDRAW_FORM = "decision.withdraw"
REDATE_FORM = "decision.redate"

ABOUT, CONTEXT, OPTIONS = "ask_about", "ask_context", "ask_options"
KIND, WHAT, WHOM, BY, DEFAULT = "ask_kind", "ask_what", "ask_from", "ask_by", "ask_default"
OUTCOME, REASON, DECIDER = "outcome", "reason", "decider"
NOT_QUOTED = (
    "Your message may speak of several strategies, so it is not copied. The decider sees what you write here."
)
WITHOUT_IT = "We go on without it"
_MAX_REASON = 1000
_NO_DAY = "Choose the day by which it must be decided."
_WHOLE_STRATEGY = "0"


@dataclass(frozen=True, slots=True)
class AskOffer:
    """What the ask of a check-in comes filled in with: the sponsor, and a day that leaves them time."""

    decider_id: str = ""
    due: date | None = None


NO_OFFER = AskOffer()


def need_fields(offer: AskOffer) -> list[b.Block]:
    """An ask as a part of a check-in: all but what is needed is filled in."""
    what = b.text_input(max_length=MAX_QUESTION, placeholder="Leave it empty to ask for nothing")
    default = b.text_input(WITHOUT_IT, max_length=MAX_DEFAULT)
    return [
        b.input_block("Need something from someone?", what, block_id=WHAT, optional=True),
        b.input_block("From whom?", b.user_select(offer.decider_id or None), block_id=WHOM, optional=True),
        b.input_block("By when?", b.date_input(offer.due), block_id=BY, optional=True),
        b.input_block("Otherwise", default, block_id=DEFAULT, optional=True),
        _kind_input(is_optional=True),
    ]


def read_need(state: State, sponsor_id: str, zone: str, now: datetime) -> Ask | None:
    """None where nothing is needed, whatever the day. Raises FieldErrors for an ask given by half."""
    whom, kind, _ = person_of(state, WHOM), choice_of(state, KIND), day_of(state, BY)
    is_as_offered = (
        text_of(state, DEFAULT) in ("", WITHOUT_IT)
        and whom in (None, sponsor_id)
        and kind in (None, AskKind.DECISION)
    )
    return None if is_as_offered and not text_of(state, WHAT) else read_ask(state, zone, now)


def read_ask(state: State, zone: str, now: datetime) -> Ask:
    """Raises FieldErrors for one filled in by half."""
    reader = FormReader(state)
    kind = AskKind(reader.choice(KIND, set(AskKind)) or AskKind.DECISION)
    due, whom = day_of(state, BY), person_of(state, WHOM)
    if whom is None:
        reader.refuse(WHOM, "Choose the one person who decides.")
    if due is None:
        reader.refuse(BY, _NO_DAY)
    elif sentence := why_not_due(due, zone, now):
        reader.refuse(BY, sentence)
    question = reader.words(WHAT, MAX_QUESTION, missing="Say what you ask for, in one sentence.")
    default = reader.words(
        DEFAULT, MAX_DEFAULT, missing="Say what happens if nobody decides, such as “we go on without it”."
    )
    none: tuple[str, ...] = ()
    options = reader.attempt(OPTIONS, partial(read_options, reader.words(OPTIONS)), none)
    context = reader.words(CONTEXT)
    reader.finish()
    assert whom is not None
    assert due is not None
    return Ask(kind, question, whom, due, default, context, options)


def request_modal(
    choices: Sequence[tuple[Strategy, Sequence[Initiative]]], context: str | None
) -> dict[str, Any]:
    """The shortcut's form; `choices` are the strategies it may be about, `context` the message it was opened on, None
    for one that is not quoted, because nobody can tell for sure of which strategy it speaks.
    """
    groups = [
        (
            strategy.name,
            [
                ("The strategy as a whole", f"{strategy.id}:{_WHOLE_STRATEGY}"),
                *((initiative.name, f"{strategy.id}:{initiative.id}") for initiative in initiatives),
            ],
        )
        for strategy, initiatives in choices
    ]
    first = groups[0][1][0][1] if len(groups) == 1 else None
    hint = f"Up to {MAX_OPTIONS}, one on each line, of {MAX_OPTION} characters at most. Left empty, it is yes or no."
    blocks = [
        b.input_block("About", b.grouped_select(groups, first), block_id=ABOUT),
        _kind_input(is_optional=False),
        b.input_block("What do you ask for?", b.text_input(max_length=MAX_QUESTION), block_id=WHAT),
        b.input_block(
            "What should they know to decide?",
            b.text_input(context or "", multiline=True),
            block_id=CONTEXT,
            hint=NOT_QUOTED if context is None else "The decider sees this." if context else None,
            optional=True,
        ),
        b.input_block("Options", b.text_input(multiline=True), block_id=OPTIONS, hint=hint, optional=True),
        b.input_block("Who decides?", b.user_select(), block_id=WHOM),
        b.input_block("By when?", b.date_input(), block_id=BY),
        b.input_block(
            "What happens if nobody decides?", b.text_input(max_length=MAX_DEFAULT), block_id=DEFAULT
        ),
    ]
    return b.modal("Request a decision", blocks, callback_id=REQUEST_FORM, submit="Ask")


def ask_button(strategy: Strategy) -> b.Element:
    return b.button("Request a decision…", ASK, str(strategy.id))


def read_about(state: State) -> tuple[int, int | None]:
    """(strategy id, initiative id or None). Raises FieldErrors and NotFound."""
    chosen = choice_of(state, ABOUT) or ""
    strategy_id, _, initiative_id = chosen.partition(":")
    if not strategy_id:
        reader = FormReader(state)
        reader.refuse(ABOUT, "Choose what it is about.")
        reader.finish()
    return read_id(strategy_id), None if initiative_id == _WHOLE_STRATEGY else read_id(initiative_id)


def other_modal(decision: Decision) -> dict[str, Any]:
    """Deciding something that is none of the options."""
    blocks = [
        b.section(question_of(decision, MAX_QUESTION)),
        b.input_block("What do you decide?", b.text_input(max_length=MAX_QUESTION), block_id=OUTCOME),
        _reason_input(is_optional=True),
    ]
    return _modal("Your decision", blocks, OTHER_FORM, "Decide", decision)


def read_other(state: State) -> tuple[str, str]:
    """(outcome, reason). Raises FieldErrors."""
    reader = FormReader(state)
    outcome = reader.words(OUTCOME, MAX_QUESTION, missing="Say what you decide, in a sentence.")
    reason = reader.words(REASON, _MAX_REASON)
    reader.finish()
    return outcome, reason


def reason_modal(decision: Decision) -> dict[str, Any]:
    said = f"{question_of(decision, MAX_QUESTION)}: {b.one_line(decision.outcome, MAX_QUESTION)}"
    return _modal("Why?", [b.section(said), _reason_input(is_optional=False)], REASON_FORM, "Save", decision)


def read_reason(state: State) -> str:
    """Raises FieldErrors."""
    reader = FormReader(state)
    reason = reader.words(REASON, _MAX_REASON, missing="Write the reason in a sentence, or close this.")
    reader.finish()
    return reason


def hand_over_modal(decision: Decision) -> dict[str, Any]:
    blocks = [
        b.section(question_of(decision, MAX_QUESTION)),
        b.input_block("Who decides instead?", b.user_select(), block_id=DECIDER),
        b.input_block("By when?", b.date_input(decision.due), block_id=BY),
    ]
    return _modal("Hand over", blocks, HAND_OVER_FORM, "Hand over", decision)


def withdraw_modal(decision: Decision) -> dict[str, Any]:
    blocks = [
        b.section(
            f"{question_of(decision, MAX_QUESTION)}\nNobody has to decide it any more, and what would happen otherwise does not."
        ),
        _reason_input(is_optional=True),
    ]
    return _modal("Withdraw", blocks, WITHDRAW_FORM, "Withdraw", decision)


def read_withdrawal(state: State) -> str:
    """Why, "" where that is left out. Raises FieldErrors."""
    reader = FormReader(state)
    reason = reader.words(REASON, _MAX_REASON)
    reader.finish()
    return reason


def redate_modal(decision: Decision) -> dict[str, Any]:
    blocks = [
        b.section(question_of(decision, MAX_QUESTION)),
        b.input_block("By when?", b.date_input(decision.due), block_id=BY),
    ]
    return _modal("Another day", blocks, REDATE_FORM, "Save", decision)


def read_redate(state: State, decision: Decision, zone: str, now: datetime) -> date:
    """Raises FieldErrors."""
    reader = FormReader(state)
    due = day_of(state, BY)
    if due is None:
        reader.refuse(BY, _NO_DAY)
    elif due == decision.due:
        reader.refuse(BY, "That is the day it has. Choose another one.")
    elif sentence := why_not_due(due, zone, now):
        reader.refuse(BY, sentence)
    reader.finish()
    assert due is not None
    return due


def read_hand_over(state: State, zone: str, now: datetime) -> tuple[str, date]:
    """Who decides instead, and by when. Raises FieldErrors; whether the day leaves them time is for whoever knows them."""
    chosen, due = person_of(state, DECIDER), day_of(state, BY)
    reader = FormReader(state)
    if chosen is None:
        reader.refuse(DECIDER, "Choose who decides instead.")
    if due is None:
        reader.refuse(BY, _NO_DAY)
    elif sentence := why_too_far(due, local_day(now, zone)):
        reader.refuse(BY, sentence)
    reader.finish()
    assert chosen is not None
    assert due is not None
    return chosen, due


def _kind_input(*, is_optional: bool) -> b.Block:
    kinds = b.select([(label, kind.value) for kind, label in KINDS.items()], AskKind.DECISION.value)
    return b.input_block("Kind of ask", kinds, block_id=KIND, optional=is_optional)


def _reason_input(*, is_optional: bool) -> b.Block:
    field = b.text_input(multiline=True, max_length=_MAX_REASON)
    return b.input_block("Why, in a sentence", field, block_id=REASON, optional=is_optional)


def _modal(
    title: str, blocks: Sequence[b.Block], callback_id: str, submit: str, decision: Decision
) -> dict[str, Any]:
    return b.modal(title, blocks, callback_id=callback_id, submit=submit, private_metadata=str(decision.id))
