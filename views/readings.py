"""Reporting a KPI: its line in the weekly prompt, and the small form behind its button."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import Field

from domain.kpis import Kpi, KpiReading, why_no_reading
from domain.reading.amounts import read_amount
from domain.reading.csv_files import MAX_NOTE
from domain.reading.numbers import why_change
from domain.readings import question
from domain.strategies import Strategy
from domain.words import MAX_NAME, counted, dated, full_day
from views.kpis.words import amount, kpi_words, standing_words
from views.slack import blocks as b
from views.slack.fields import MAX_NUMBER, FormReader, State, day_of, filled_in
from views.slack.references import Id, NoteRef, Reference, SlackId, read_id

UPDATE = "kpi.update"
NUMBERS = "check_in.numbers"
FORM = "kpi.reading"
VALUE, ON, NOTE = "value", "on", "note"
_MOST_UNUSUAL = 5
"""Readings that one message shows."""


@dataclass(frozen=True, slots=True)
class KpiLine:
    """A KPI in a prompt; `recorded` is the reading given since the prompt."""

    kpi: Kpi
    recorded: KpiReading | None = None


class ReadingRef(Reference):
    """What the form carries; `channel_id` is "" and `check_in_id` set when it was opened from a prompt."""

    kpi_id: Id
    channel_id: SlackId = ""
    check_in_id: Id | None = None
    asked: str = Field(default="", max_length=MAX_NUMBER)
    """The unlikely value that the form asks about."""
    note: NoteRef | None = None
    """The message that said it."""


@dataclass(frozen=True, slots=True)
class ReadingForm:
    value: Decimal | None
    """None takes the day's reading back."""
    on: date
    note: str


def reference(check_in_id: int | None, kpi: Kpi) -> str:
    """What the button in a prompt carries, "CHECK_IN:KPI", and the one anywhere else, ":KPI"."""
    return f"{check_in_id or ''}:{kpi.id}"


def read_reference(value: str) -> ReadingRef:
    """Raises NotFound."""
    check_in_id, _, kpi_id = value.partition(":")
    return ReadingRef(kpi_id=read_id(kpi_id), check_in_id=read_id(check_in_id) if check_in_id else None)


def prompt_blocks(lines: Sequence[KpiLine], check_in_id: int, today: date, *, is_open: bool) -> list[b.Block]:
    """For a prompt: one with a button of its own, several in one block with one form; closed ones have none."""
    if len(lines) > 1:
        return [_numbers_block(lines, check_in_id, today, is_open=is_open)]
    blocks = []
    for line in lines:
        label = "Edit" if line.recorded else "Update"
        value = reference(check_in_id, line.kpi)
        button = b.button(label, UPDATE, value, about=line.kpi.name) if is_open else None
        blocks.append(
            b.section(prompt_line(line, today), accessory=button, block_id=_block_id(check_in_id, line))
        )
    return blocks


def _numbers_block(lines: Sequence[KpiLine], check_in_id: int, today: date, *, is_open: bool) -> b.Block:
    waiting = still_to_enter(lines)
    label = f"Enter {counted(waiting, 'number')}…" if waiting else "Edit numbers…"
    button = b.button(label, NUMBERS, str(check_in_id)) if is_open else None
    told = "\n".join(_short_line(line, today) for line in lines)
    return b.section(told, accessory=button, block_id=f"numbers.{check_in_id}")


def still_to_enter(lines: Sequence[KpiLine]) -> int:
    return sum(line.recorded is None for line in lines)


def _short_line(line: KpiLine, today: date) -> str:
    """As in "*Monthly givers* 312 (30 Nov)", and "*Monthly givers*: 316 recorded"."""
    name = f"*{b.one_line(line.kpi.name, MAX_NAME)}*"
    if line.recorded is not None:
        return f"{name}: {amount(line.kpi, line.recorded.value)} recorded"
    stands = standing_words(line.kpi, today)
    return f"{name} {stands.value or stands.verdict}"


def _block_id(check_in_id: int, line: KpiLine) -> str:
    return f"kpi.{check_in_id}.{line.kpi.id}"


def prompt_line(line: KpiLine, today: date) -> str:
    """As in ":bar_chart: *Monthly givers* 312 (30 Nov) · increase to 420 by 31 Mar · on pace (plan 311)"."""
    kpi = line.kpi
    name = f":bar_chart: *{b.one_line(kpi.name, MAX_NAME)}*"
    if line.recorded is not None:
        note = f"\n{b.one_line(line.recorded.note, 280)}" if line.recorded.note else ""
        value = f"{amount(kpi, line.recorded.value)} on {dated(line.recorded.on, today)}, recorded"
        stands = standing_words(kpi, today)
        should = f", should be {stands.should}" if stands.should else ""
        return f"{name}: {value}{should} · {stands.verdict}{note}"
    return f"{name} {kpi_words(kpi, today)}"


def outdated_message(strategy: Strategy, kpis: Sequence[Kpi], today: date) -> b.Payload:
    """To whoever reports them, with a review."""
    name = b.one_line(strategy.name, MAX_NAME)
    these, them, now = (
        ("This number", "it", "does it") if len(kpis) == 1 else ("These numbers", "them", "do they")
    )
    head = f"{these} of *{name}* had no reading for a while: the review calls {them} outdated. Where {now} stand?"
    lines = [f"*{b.one_line(kpi.name, MAX_NAME)}* {kpi_words(kpi, today)}" for kpi in kpis]
    sections = [
        b.section(line, accessory=b.button("Update…", UPDATE, reference(None, kpi), about=kpi.name))
        for line, kpi in zip(lines, kpis, strict=True)
    ]
    return b.message(b.fallback([head, *lines]), [b.section(head), *sections])


@dataclass(frozen=True, slots=True)
class UnusualReading:
    """A reading that is far from the value before it."""

    kpi: Kpi
    on: date
    value: Decimal
    before: Decimal


def unusual_message(strategy: Strategy, source: str, readings: Sequence[UnusualReading]) -> b.Payload:
    """To whoever reports it and the leads: recorded as it came, and to be looked at."""
    name = b.one_line(strategy.name, MAX_NAME)
    these, it = (
        ("A number", "is unusual. Is it") if len(readings) == 1 else ("Numbers", "are unusual. Are they")
    )
    head = f"{these} of *{name}*, recorded from {b.one_line(source, MAX_NAME)}, {it} right? If not, correct what is wrong."
    lines = [
        f"*{b.one_line(reading.kpi.name, MAX_NAME)}* {amount(reading.kpi, reading.value)} on {full_day(reading.on)}, "
        f"was {amount(reading.kpi, reading.before)}"
        for reading in readings[:_MOST_UNUSUAL]
    ]
    sections = [
        b.section(
            line,
            accessory=b.button("Update…", UPDATE, reference(None, reading.kpi), about=reading.kpi.name),
        )
        for line, reading in zip(lines, readings, strict=False)
    ]
    more = len(readings) - len(lines)
    rest = [f"And {more} more of this kind."] if more else []
    return b.message(
        b.fallback([head, *lines, *rest]), [b.section(head), *sections, *(b.context(one) for one in rest)]
    )


def reading_question(kpi: Kpi, typed: ReadingForm) -> str | None:
    """What to ask about a value before it is recorded, if anything."""
    if typed.value is None:
        return None
    return question(kpi.name, kpi.unit, typed.value, kpi.before(typed.on))


def reading_modal(
    kpi: Kpi, ref: ReadingRef, today: date, known: KpiReading | ReadingForm | None = None
) -> dict[str, Any]:
    """A number, its day, and a note.

    `known` is the reading that the form is to correct or take back, or what was typed and is asked about if unlikely.
    """
    asked = reading_question(kpi, known) if isinstance(known, ReadingForm) else None
    ref = ref.model_copy(update={"asked": str(known.value) if known and asked else ""})
    opening = [b.section(b.escape(f"{asked} If it is, save once more; if not, correct it."))] if asked else []
    unit = f" ({kpi.unit})" if kpi.unit else ""
    blocks = [
        *opening,
        b.section(f"*{b.one_line(kpi.name, MAX_NAME)}* {kpi_words(kpi, today)}"),
        b.input_block(
            f"Where does it stand{unit}?",
            b.text_input(
                filled_in(known.value if known else None),
                max_length=MAX_NUMBER,
                placeholder="4650, 4,650.5, 4k, 12% or 3h",
            ),
            block_id=VALUE,
            hint="Empty it to take back what was reported for the day.",
            optional=True,
        ),
        b.input_block(
            "On which day?",
            b.date_input(known.on if known else today),
            block_id=ON,
            hint="A second reading of a day corrects the first; both are kept.",
        ),
        b.input_block(
            "Note",
            b.text_input(known.note if known else "", multiline=True, max_length=MAX_NOTE),
            block_id=NOTE,
            optional=True,
        ),
    ]
    metadata = ref.model_dump_json()
    return b.modal("KPI reading", blocks, callback_id=FORM, submit="Save", private_metadata=metadata)


def read_reading_form(
    state: State, kpi: Kpi, today: date, kept: Collection[str] = frozenset()
) -> ReadingForm:
    """`kept` are the fields left as they were: what was empty is not emptied. Raises FieldErrors."""
    reader = FormReader(state)
    on = day_of(state, ON) or today
    value, typed = None, reader.words(VALUE, MAX_NUMBER)
    if problem := why_change(typed, kpi.before(on)):
        reader.refuse(VALUE, problem)
    elif typed:
        read = partial(read_amount, typed, kpi.kind, kpi.unit, kpi.before(on))
        value = reader.attempt(VALUE, read, Decimal(0))
    elif all(reading.on != on for reading in kpi.readings):
        reader.refuse(VALUE, "Give a number. Only a day that has one can be emptied.")
    elif VALUE in kept and ON in kept:
        reader.refuse(VALUE, "Somebody has just reported this day. Give a number, or close this.")
    if problem := why_no_reading(kpi, on, today):
        reader.refuse(ON, problem)
    note = reader.words(NOTE, MAX_NOTE)
    reader.finish()
    return ReadingForm(value, on, note)
