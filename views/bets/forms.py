"""Forms about bets: what a decision should move, and what is to become of it once it was looked at again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import Field

from domain.bets import MAX_EXPECTED, Bet, Verdict, why_no_look
from domain.decisions import MAX_QUESTION, Decision
from domain.initiatives import Initiative
from domain.kpis import Kind, Kpi
from domain.reading.amounts import kind_of, read_amount
from domain.words import dated, show_number
from views.bets.words import question_of
from views.slack import blocks as b
from views.slack.fields import FormReader, State, choice_of, day_of, text_of
from views.slack.references import MOST, Id, Reference, read_id

FORM = "bet.make"
ANSWER_FORM = "bet.answer"
TARGET, EXPECTED, VALUE, LOOK_ON = "bet_target", "bet_expected", "bet_value", "bet_look_on"
LEARNING = "bet_learning"
_NONE = "none"
_KPI, _INITIATIVE = "kpi", "initiative"
_MAX_NUMBER = 40
_TITLES = {Verdict.KEEP: "Keep it", Verdict.CHANGE: "Change it", Verdict.STOP: "Stop it"}


class BetRef(Reference):
    """Which decision a form is about, and the bet that stood when it was opened, 0 for none."""

    decision: Id
    bet: int = Field(strict=True, ge=0, le=MOST)


class AnswerRef(Reference):
    """Which bet somebody answers, and what they say of it; None where they have said it and add what they learned."""

    bet: Id
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a bet may be about: the KPIs that are watched, and the initiatives that are not closed."""

    kpis: Sequence[Kpi]
    initiatives: Sequence[Initiative]


@dataclass(frozen=True, slots=True)
class BetForm:
    """What was filled in; the KPI or the initiative, never both."""

    kpi: Kpi | None
    initiative: Initiative | None
    expected: str
    expected_value: Decimal | None
    look_on: date


def bet_modal(decision: Decision, subjects: Subjects, standing: Bet | None, look_on: date) -> dict[str, Any]:
    """`standing` is the bet that is still to be looked at; `look_on` the day that is offered without one."""
    groups = [
        ("KPIs", [(kpi.name, f"{_KPI}:{kpi.id}") for kpi in subjects.kpis]),
        ("Initiatives", [(one.name, f"{_INITIATIVE}:{one.id}") for one in subjects.initiatives]),
    ]
    if standing is not None:
        groups.append(("Not any more", [("Do not look at it again", _NONE)]))
    value = standing.expected_value if standing else None
    hint = "Of the KPI, or of the initiative's first success metric. It came true once that is met."
    expected = b.text_input(
        standing.expected if standing else "",
        max_length=MAX_EXPECTED,
        placeholder="More people give monthly once the form is short",
    )
    said = f"{question_of(decision)}: {b.one_line(decision.outcome, MAX_QUESTION)}"
    blocks = [
        b.section(said),
        b.input_block(
            "What should it move?",
            b.grouped_select([group for group in groups if group[1]], _chosen(decision, standing)),
            block_id=TARGET,
        ),
        b.input_block("What do you expect?", expected, block_id=EXPECTED, optional=True),
        b.input_block(
            "To what number?",
            b.text_input("" if value is None else show_number(value), max_length=_MAX_NUMBER),
            block_id=VALUE,
            hint=hint,
            optional=True,
        ),
        b.input_block(
            "Look again on", b.date_input(standing.look_on if standing else look_on), block_id=LOOK_ON
        ),
    ]
    reference = BetRef(decision=decision.id, bet=standing.id if standing else 0)
    return b.modal(
        "Look again", blocks, callback_id=FORM, submit="Save", private_metadata=reference.model_dump_json()
    )


def _chosen(decision: Decision, standing: Bet | None) -> str | None:
    if standing is None:
        return f"{_INITIATIVE}:{decision.initiative_id}" if decision.initiative_id else None
    return f"{_KPI}:{standing.kpi_id}" if standing.kpi_id else f"{_INITIATIVE}:{standing.initiative_id}"


def is_given_up(state: State) -> bool:
    """Whether it is not to be looked at again after all."""
    return choice_of(state, TARGET) == _NONE


def read_bet(state: State, subjects: Subjects, today: date) -> BetForm:
    """Raises FieldErrors, and NotFound for what is not among the subjects' kinds."""
    reader = FormReader(state)
    chosen = choice_of(state, TARGET) or ""
    kind, _, thing = chosen.partition(":")
    named = read_id(thing) if kind in (_KPI, _INITIATIVE) else 0
    kpi = next((one for one in subjects.kpis if kind == _KPI and one.id == named), None)
    initiative = next((one for one in subjects.initiatives if kind == _INITIATIVE and one.id == named), None)
    if kpi is None and initiative is None:
        reader.refuse(TARGET, "Choose the KPI or the initiative that it should move.")
    value = _read_value(reader, kpi, initiative)
    look_on = day_of(state, LOOK_ON)
    if look_on is None:
        reader.refuse(LOOK_ON, "Choose the day on which to look again.")
    elif sentence := why_no_look(look_on, today):
        reader.refuse(LOOK_ON, sentence)
    expected = reader.words(EXPECTED, MAX_EXPECTED)
    if not expected and not text_of(state, VALUE):
        reader.refuse(EXPECTED, "Say what you expect, in a few words or as a number below.")
    reader.finish()
    assert look_on is not None
    return BetForm(kpi, initiative, expected, value, look_on)


def _read_value(reader: FormReader, kpi: Kpi | None, initiative: Initiative | None) -> Decimal | None:
    typed = reader.words(VALUE, _MAX_NUMBER)
    if not typed:
        return None
    if initiative is not None and not initiative.metrics:
        reader.refuse(VALUE, f"{initiative.name} has no success metric. Say in words what you expect.")
        return None
    unit = kpi.unit if kpi else initiative.metrics[0].unit if initiative else ""
    kind = kpi.kind if kpi else kind_of(unit) or Kind.COUNT
    return reader.attempt(VALUE, partial(read_amount, typed, kind, unit), None)


def answer_modal(bet: Bet, decision: Decision, verdict: Verdict | None) -> dict[str, Any]:
    """What somebody says of it, with what they learned if they like; without `verdict` only that."""
    hint = "It returns at the next kickoff for the same goal, one on each line."
    learned = b.input_block(
        "What did we learn?",
        b.text_input(multiline=True),
        block_id=LEARNING,
        hint=hint,
        optional=verdict is not None,
    )
    return b.modal(
        _TITLES[verdict] if verdict else "What did we learn?",
        [b.section(question_of(decision)), learned],
        callback_id=ANSWER_FORM,
        submit="Save",
        private_metadata=AnswerRef(bet=bet.id, verdict=verdict).model_dump_json(),
    )


def read_learning(state: State, *, is_needed: bool) -> str:
    """Raises FieldErrors."""
    reader = FormReader(state)
    missing = "Write what you learned, in a sentence, or close this." if is_needed else None
    learned = reader.words(LEARNING, missing=missing)
    reader.finish()
    return learned


def made_words(bet: Bet, today: date) -> str:
    return f"I will show it to you again on {dated(bet.look_on, today)}."
