"""A signal: asked about with the weekly prompt, answered in a form of one field, and told beside its KPI in the review."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.kpis import Kpi
from domain.signals import Signal
from domain.words import MAX_NAME, dated
from views.kpis.words import amount
from views.slack import blocks as b
from views.slack.fields import FormReader, State

ACTION = "signal.open"
FORM = "signal.submit"
_WORDS = "happened"
_MAX_WORDS = 500
_GLIMPSE = 280
"""Characters in the prompt of its own writer; the form and the review have them whole."""


@dataclass(frozen=True, slots=True)
class SignalLine:
    """A signal in a prompt."""

    kpi: Kpi
    signal: Signal


def signal_blocks(lines: Sequence[SignalLine], today: date) -> list[b.Block]:
    """A line each with a button, which the closed prompt keeps: it may be said until the review has been held."""
    return [
        b.section(signal_line(line, today), accessory=_button(line), block_id=f"signal.{line.signal.id}")
        for line in lines
    ]


def _button(line: SignalLine) -> b.Element:
    label = "Edit" if line.signal.said else "Answer…"
    return b.button(label, ACTION, str(line.signal.id), about=line.kpi.name)


def signal_line(line: SignalLine, today: date) -> str:
    """As in "*Monthly givers* 240 on 23 Nov is unlike the readings before it (ordinarily 290 to 340): what happened?"."""
    signal = line.signal
    told = f":mag: *{b.one_line(line.kpi.name, MAX_NAME)}* {_read(line.kpi, signal, today)}"
    if signal.said:
        return f"{told} ({_ordinarily(line.kpi, signal)}): “{b.one_line(signal.said.words, _GLIMPSE)}”"
    return f"{told} is unlike the readings before it ({_ordinarily(line.kpi, signal)}): what happened?"


def told_signal(line: SignalLine, today: date, name_of: Callable[[str], str]) -> b.Block:
    """For the review, as in "240 on 23 Nov is unlike the readings before it (ordinarily 290 to 340). Ben: “A strike”".

    While nobody has said anything there is a button for whoever was asked, and the leads.
    """
    kpi, signal = line.kpi, line.signal
    told = f"{_read(kpi, signal, today)} is unlike the readings before it ({_ordinarily(kpi, signal)})"
    if signal.said is None:
        return b.section(f"{told}: nobody has said what happened.", accessory=_button(line))
    who = b.one_line(name_of(signal.said.person_id), MAX_NAME)
    return b.section(f"{told}. {who}: “{b.one_line(signal.said.words, _MAX_WORDS)}”")


def _read(kpi: Kpi, signal: Signal, today: date) -> str:
    return f"{amount(kpi, signal.unlike.value)} on {dated(signal.unlike.on, today)}"


def _ordinarily(kpi: Kpi, signal: Signal) -> str:
    return f"ordinarily {amount(kpi, signal.unlike.low)} to {amount(kpi, signal.unlike.high)}"


def signal_modal(line: SignalLine, today: date) -> dict[str, Any]:
    said = line.signal.said.words if line.signal.said else ""
    blocks = [
        b.section(signal_line(line, today)),
        b.input_block(
            "What happened?",
            b.text_input(said, multiline=True, max_length=_MAX_WORDS),
            block_id=_WORDS,
            hint="As in: the match funding ended. It stands beside the number in the review. Empty it to take it back.",
            optional=True,
        ),
    ]
    return b.modal(
        "What happened?", blocks, callback_id=FORM, submit="Save", private_metadata=str(line.signal.id)
    )


def read_words(state: State, signal: Signal) -> str:
    """Nothing takes back what was said. Raises FieldErrors."""
    reader = FormReader(state)
    words = reader.words(_WORDS, _MAX_WORDS)
    if not words and signal.said is None:
        reader.refuse(_WORDS, "Say in a few words what happened, or close this.")
    reader.finish()
    return words
