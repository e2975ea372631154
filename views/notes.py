"""Replies to what people write in plain words: what was understood, and what is still missing."""

import re
from dataclasses import dataclass

from domain.check_ins import Answer, CheckIn
from domain.errors import NotFound
from domain.healths import Health
from domain.initiatives import Initiative
from domain.words import MAX_NAME, show_number
from views.check_ins.prompts import UPDATE, reference
from views.slack import blocks as b
from views.slack.references import read_two_ids

HEALTH_ACTIONS = {f"note.{health.value}": health for health in Health}
PLACE = "note.place"
TEXT_ONLY = "I keep text only: the file stays here in our conversation and goes nowhere else."
_CALLED = 2 * MAX_NAME
"""Characters of an initiative's name with its strategy's."""
_REFERENCE = re.compile(
    r"(?P<channel>[A-Z0-9]{1,40})/(?P<ts>[0-9]{1,20}\.[0-9]{1,10})/(?P<about>.*)", re.ASCII
)
_ACTION_OF = {health: action for action, health in HEALTH_ACTIONS.items()}


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One initiative a message is about, and what stands recorded for it now."""

    check_in: CheckIn
    initiative: Initiative
    answer: Answer
    readings: tuple[int, ...] = ()
    """Metric ids read out of this message."""
    strategy_name: str = ""


@dataclass(frozen=True, slots=True)
class NoteReply:
    """What became of a message: lines it was recorded with, and choices where nobody can tell what it is about."""

    channel_id: str
    ts: str
    lines: tuple[NoteLine, ...] = ()
    choices: tuple[NoteLine, ...] = ()
    unplaced: str = ""
    apart: str = ""
    """Words that stay with their writer."""
    taken_back: tuple[NoteLine, ...] = ()
    """What an edited message speaks of no more."""
    withdrawn: tuple[NoteLine, ...] = ()
    """Those whose readings an edited message says no more, as they stood before."""
    with_strategy: bool = False
    """Whether initiatives are told with their strategy's name."""
    has_files: bool = False
    problem: str = ""


def note_reference(reply: NoteReply, line: NoteLine) -> str:
    """What the buttons carry: "CHANNEL/TS/CHECK_IN:INITIATIVE"."""
    return f"{reply.channel_id}/{reply.ts}/{reference(line.check_in, line.initiative)}"


@dataclass(frozen=True, slots=True)
class NoteReference:
    """Which note, and what of it a button is about."""

    channel_id: str
    ts: str
    check_in_id: int
    initiative_id: int


def read_note_reference(value: str) -> NoteReference:
    """Raises NotFound."""
    carried = _REFERENCE.fullmatch(value)
    if carried is None:
        raise NotFound
    return NoteReference(carried["channel"], carried["ts"], *read_two_ids(carried["about"]))


def note_reply(reply: NoteReply) -> b.Payload:
    """Shown in the thread of the person's message."""
    blocks: list[b.Block] = []
    texts: list[str] = []
    for line in reply.taken_back:
        texts.append(_taken_back(line, _called(reply, line)))
        blocks.append(b.section(texts[-1], accessory=_edit_button(line)))
    for line in reply.lines:
        markup = _understood(line, _called(reply, line))
        texts.append(markup)
        if line.answer.health is None:
            blocks += [b.section(markup), _health_buttons(reply, line)]
        else:
            blocks.append(b.section(markup, accessory=_edit_button(line)))
    for line in reply.withdrawn:
        texts.append(
            f"Taken back for *{b.one_line(_called(reply, line), _CALLED)}*: {', '.join(_values(line))}."
        )
        blocks.append(b.section(texts[-1]))
    if reply.choices:
        question = _which(reply)
        texts.append(question)
        blocks += [b.section(question), _choice_buttons(reply)]
    if reply.apart:
        texts.append(
            f"Only you can read “{b.one_line(reply.apart, 150)}”: it speaks of another strategy, too, "
            "or of one that is not asked now."
        )
        blocks.append(b.context(texts[-1]))
    if reply.problem:
        texts.append(b.escape(reply.problem))
        blocks.append(b.section(texts[-1]))
    if reply.has_files:
        texts.append(TEXT_ONLY)
        blocks.append(b.context(TEXT_ONLY))
    return b.message("\n".join(texts), blocks)


def _called(reply: NoteReply, line: NoteLine) -> str:
    name = line.initiative.name
    return f"{name} ({line.strategy_name})" if reply.with_strategy else name


def _edit_button(line: NoteLine) -> b.Block:
    return b.button("Edit", UPDATE, reference(line.check_in, line.initiative))


def _taken_back(line: NoteLine, called: str) -> str:
    health = line.answer.health
    stands = f"{health.emoji} {health.label} stands" if health else "it has no answer now"
    return f"Taken back for *{b.one_line(called, _CALLED)}*: {stands}."


def _values(line: NoteLine) -> list[str]:
    """Its readings, as in "subscribers 4,650"."""
    metrics = {metric.id: metric for metric in line.initiative.metrics}
    values = dict(line.answer.readings)
    return [
        f"{b.one_line(metrics[id_].name, MAX_NAME)} {b.one_line(show_number(values[id_], metrics[id_].unit), MAX_NAME)}"
        for id_ in line.readings
        if id_ in metrics and id_ in values
    ]


def _understood(line: NoteLine, called: str) -> str:
    name = f"*{b.one_line(called, _CALLED)}*"
    read = _values(line)
    if line.answer.blocker:
        read.append(f"in the way: {b.one_line(line.answer.blocker, 200)}")
    facts = "".join(f" · {fact}" for fact in read)
    if line.answer.health is None:
        kept = f"I kept your words for {name}{facts}."
        return f"{kept} How is it going?"
    return f"Recorded: {line.answer.health.emoji} {name} {line.answer.health.label}{facts}"


def _which(reply: NoteReply) -> str:
    if not reply.lines and len(reply.choices) == 1:
        return "Kept as a note. If it belongs to your check-in, say so:"
    words = f" “{b.one_line(reply.unplaced, 150)}”" if reply.lines and reply.unplaced else " this"
    return f"Which initiative is{words} about? Your words are kept either way."


def _health_buttons(reply: NoteReply, line: NoteLine) -> b.Block:
    value = note_reference(reply, line)
    buttons = [b.button(f"{h.emoji} {h.label.capitalize()}", _ACTION_OF[h], value) for h in Health]
    return b.actions([*buttons, _edit_button(line)])


def _choice_buttons(reply: NoteReply) -> b.Block:
    return b.actions(
        [
            b.button(_called(reply, line), f"{PLACE}.{number}", note_reference(reply, line))
            for number, line in enumerate(reply.choices[:25])
        ]
    )
