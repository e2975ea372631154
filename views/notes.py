"""Replies to what people write in plain words: what was understood, and what is still missing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import Field

from domain.absences import Absence
from domain.check_ins import Answer, CheckIn
from domain.errors import NotFound
from domain.healths import Health
from domain.initiatives import Initiative, SuccessMetric
from domain.kpis import Kpi
from domain.readings import is_that_right
from domain.words import MAX_NAME, listed, show_number
from views.absences import AWAY_SAID, AwaySaid, days
from views.check_ins.answers import health_buttons
from views.check_ins.prompts import UPDATE, reference
from views.check_ins.questions import unlikely_question
from views.check_ins.words import reading_words
from views.slack import blocks as b
from views.slack.fields import MAX_NUMBER
from views.slack.references import Id, NoteRef, read_two_ids

HEALTH_ACTIONS = {f"note.{health.value}": health for health in Health}
PLACE = "note.place"
WHY = "note.why"
RESOLVED = "note.resolved"
MEANT = "note.meant"
NOT_MEANT = "note.not_meant"
KPI_MEANT = "note.kpi_meant"
KPI_NOT_MEANT = "note.kpi_not_meant"
_MOST_LEFT = 3
"""Numbers left as words that a reply shows."""
TEXT_ONLY = "I keep text only: the file stays here in our conversation and goes nowhere else."
A_NOTE = "Kept as a note."
NO_WORDS = (
    "There are no words in your message that I can read. Say in a line how it is going, like “on track, waiting for "
    "legal”, or use `/checkin`."
)
MENDED = "There is a character in your message that I cannot keep: it stands as � in what I kept."
_CALLED = 2 * MAX_NAME
"""Characters of an initiative's name with its strategy's."""
_REFERENCE = re.compile(
    r"(?P<channel>[A-Z0-9]{1,40})/(?P<ts>[0-9]{1,20}\.[0-9]{1,10})/(?P<about>.*)", re.ASCII
)


_Said = tuple[str, list[b.Block]]
"""A part of a reply, as text and as blocks."""


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One initiative a message is about, and what stands recorded for it now."""

    check_in: CheckIn
    initiative: Initiative
    answer: Answer
    readings: tuple[int, ...] = ()
    """Metric ids read out of this message."""
    strategy_name: str = ""
    is_beside: bool = False
    """The message says no health, and has just been put with what stands."""


@dataclass(frozen=True, slots=True)
class ValueAsked:
    """A value of a metric that is far from its last one."""

    check_in: CheckIn
    initiative: Initiative
    metric: SuccessMetric
    value: Decimal


@dataclass(frozen=True, slots=True)
class KpiTold:
    """A KPI with the value that words say."""

    kpi: Kpi
    value: Decimal


@dataclass(frozen=True, slots=True)
class AwayOffered:
    """Days that words say their writer is away, as seen from a day."""

    absence: Absence
    today: date


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
    is_mended: bool = False
    is_wordless: bool = False
    is_thanks: bool = False
    """Whether it says nothing that could belong to a check-in."""
    away: AwayOffered | None = None
    problem: str = ""
    open_lines: tuple[NoteLine, ...] = ()
    """What the message said nothing of and is still to be answered."""
    kpis: tuple[KpiTold, ...] = ()
    asked: tuple[ValueAsked, ...] = ()
    asked_kpis: tuple[KpiTold, ...] = ()
    left: tuple[str, ...] = ()
    """Numbers that were seen and are not recorded."""


def note_reference(reply: NoteReply, line: NoteLine) -> str:
    """What the buttons carry: "CHANNEL/TS/CHECK_IN:INITIATIVE"."""
    return f"{reply.channel_id}/{reply.ts}/{reference(line.check_in, line.initiative)}"


class ValueRef(NoteRef):
    """What the buttons under a question about a value carry."""

    check_in_id: Id
    initiative_id: Id
    metric_id: Id
    value: str = Field(max_length=MAX_NUMBER, pattern=r"^-?\d+(\.\d+)?$")


class KpiValueRef(NoteRef):
    """The same for a KPI's."""

    kpi_id: Id
    value: str = Field(max_length=MAX_NUMBER, pattern=r"^-?\d+(\.\d+)?$")


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
    said = [*_recorded(reply), *_asked(reply), *_still_open(reply), *_kept(reply)]
    return b.message("\n".join(text for text, _ in said), [block for _, blocks in said for block in blocks])


def _recorded(reply: NoteReply) -> Iterator[_Said]:
    for line in reply.taken_back:
        text = _taken_back(line, _called(reply, line))
        yield text, [b.section(text, accessory=_edit_button(reply, line))]
    for line in reply.lines:
        text = _understood(line, _called(reply, line))
        if line.answer.health is None or line.is_beside:
            yield text, [b.section(text), _health_buttons(reply, line)]
        elif _asks_why(line):
            yield text, [b.section(text), b.actions([_why_button(reply, line), _edit_button(reply, line)])]
        elif line.answer.repeats_blocker:
            buttons = [_resolved_button(reply, line), _edit_button(reply, line)]
            yield text, [b.section(text), b.actions(buttons)]
        else:
            yield text, [b.section(text, accessory=_edit_button(reply, line))]
    for line in reply.withdrawn:
        text = f"Taken back for *{b.one_line(_called(reply, line), _CALLED)}*: {', '.join(_values(line))}."
        yield text, [b.section(text)]
    for kpi in reply.kpis:
        text = _kpi_recorded(kpi)
        yield text, [b.section(text)]


def _asked(reply: NoteReply) -> Iterator[_Said]:
    """Numbers that are asked about, and those that stay words."""
    for asked in reply.asked:
        text = b.escape(unlikely_question(asked.metric, asked.value))
        yield text, [b.section(text), _value_buttons(reply, asked)]
    for kpi in reply.asked_kpis:
        text = _kpi_question(kpi)
        yield text, [b.section(text), _kpi_buttons(reply, kpi)]
    if reply.left:
        shown = [b.one_line(number, MAX_NUMBER) for number in reply.left[:_MOST_LEFT]]
        more = len(reply.left) - len(shown)
        text = f"Not recorded: {listed([*shown, *([f'{more} more'] if more else [])])}.{_how_to_give(reply)}"
        yield text, [b.context(text)]


def _how_to_give(reply: NoteReply) -> str:
    """By the button that stands above, if there is one."""
    if reply.lines or reply.taken_back:
        return " Press *Edit* to give a number."
    return "" if reply.choices else " `/kpi update` takes a number."


def _still_open(reply: NoteReply) -> Iterator[_Said]:
    if reply.choices:
        text = _which(reply)
        yield text, [b.section(text), _choice_buttons(reply)]
    for line in reply.open_lines:
        text = f"*{b.one_line(_called(reply, line), _CALLED)}* is still open. How is it going?"
        yield text, [b.section(text), _open_buttons(reply, line)]


def _kept(reply: NoteReply) -> Iterator[_Said]:
    if reply.apart:
        text = (
            f"Only you can read “{b.one_line(reply.apart, 150)}”: it speaks of another strategy, too, "
            "or of one that is not asked now."
        )
        yield text, [b.context(text)]
    if reply.problem:
        text = b.escape(reply.problem)
        yield text, [b.section(text)]
    if reply.is_thanks:
        yield A_NOTE, [b.section(A_NOTE)]
    if reply.away:
        text = (
            f"Are you away {days(reply.away.absence, reply.away.today)}? Then I ask you nothing in that time."
        )
        yield text, [b.section(text), b.actions([_away_button(reply.away)])]
    if reply.is_wordless:
        yield NO_WORDS, [b.section(NO_WORDS)]
    if reply.has_files:
        yield TEXT_ONLY, [b.context(TEXT_ONLY)]
    if reply.is_mended:
        yield MENDED, [b.context(MENDED)]


def _called(reply: NoteReply, line: NoteLine) -> str:
    name = line.initiative.name
    return f"{name} ({line.strategy_name})" if reply.with_strategy else name


def _edit_button(reply: NoteReply, line: NoteLine) -> b.Block:
    value = reference(line.check_in, line.initiative)
    return b.button("Edit", UPDATE, value, about=_called(reply, line))


def _taken_back(line: NoteLine, called: str) -> str:
    health = line.answer.health
    stands = f"{health.emoji} {health.label} stands" if health else "it has no answer now"
    return f"Taken back for *{b.one_line(called, _CALLED)}*: {stands}."


def _away_button(offered: AwayOffered) -> b.Element:
    label = f"I'm away {days(offered.absence, offered.today)}"
    return b.button(label, AWAY_SAID, AwaySaid.of(offered.absence).model_dump_json())


def _values(line: NoteLine) -> list[str]:
    """Its readings, as in "subscribers 4,650"."""
    metrics = {metric.id: metric for metric in line.initiative.metrics}
    values = dict(line.answer.readings)
    return [
        reading_words(metrics[id_], values[id_]) for id_ in line.readings if id_ in metrics and id_ in values
    ]


def _understood(line: NoteLine, called: str) -> str:
    name = f"*{b.one_line(called, _CALLED)}*"
    read = _values(line)
    if line.answer.blocker:
        still = "still " if line.answer.repeats_blocker else ""
        read.append(f"{still}in the way: {b.one_line(line.answer.blocker, 200)}")
    facts = "".join(f" · {fact}" for fact in read)
    if line.answer.health is None:
        kept = f"I kept your words for {name}{facts}."
        return f"{kept} How is it going?"
    if line.is_beside:
        health = f"{line.answer.health.emoji} {line.answer.health.label}"
        return f"I kept your words for {name}{facts}. It is recorded as {health}: is it still?"
    why = " What is in the way?" if _asks_why(line) else ""
    return f"Recorded: {line.answer.health.emoji} {name} {line.answer.health.label}{facts}{why and '.'}{why}"


def _asks_why(line: NoteLine) -> bool:
    """At risk or off track, said without what is in the way."""
    is_well = line.answer.health in (None, Health.ON_TRACK)
    return not is_well and not (line.answer.blocker or line.answer.need)


def _why_button(reply: NoteReply, line: NoteLine) -> b.Block:
    value = reference(line.check_in, line.initiative)
    return b.button("Say what is in the way…", WHY, value, about=_called(reply, line))


def _resolved_button(reply: NoteReply, line: NoteLine) -> b.Block:
    return b.button("Resolved", RESOLVED, note_reference(reply, line), about=_called(reply, line))


def _open_buttons(reply: NoteReply, line: NoteLine) -> b.Block:
    """As on the prompt."""
    value = reference(line.check_in, line.initiative)
    return b.actions([*health_buttons(value, _called(reply, line)), _edit_button(reply, line)])


def _value_buttons(reply: NoteReply, asked: ValueAsked) -> b.Block:
    ref = ValueRef(
        channel_id=reply.channel_id,
        ts=reply.ts,
        check_in_id=asked.check_in.id,
        initiative_id=asked.initiative.id,
        metric_id=asked.metric.id,
        value=str(asked.value),
    ).model_dump_json()
    about = f"{asked.metric.name} {show_number(asked.value, asked.metric.unit)}"
    return b.actions(
        [b.button("Yes", MEANT, ref, about=about), b.button("No, …", NOT_MEANT, ref, about=about)]
    )


def _kpi_recorded(line: KpiTold) -> str:
    return f"Recorded: :bar_chart: *{b.one_line(line.kpi.name, MAX_NAME)}* {b.escape(show_number(line.value, line.kpi.unit))}"


def _kpi_question(line: KpiTold) -> str:
    latest = line.kpi.latest.value if line.kpi.latest else line.kpi.baseline
    return b.escape(is_that_right(line.kpi.name, line.kpi.unit, line.value, latest))


def _kpi_buttons(reply: NoteReply, line: KpiTold) -> b.Block:
    ref = KpiValueRef(
        channel_id=reply.channel_id, ts=reply.ts, kpi_id=line.kpi.id, value=str(line.value)
    ).model_dump_json()
    about = f"{line.kpi.name} {show_number(line.value, line.kpi.unit)}"
    yes = b.button("Yes", KPI_MEANT, ref, about=about)
    return b.actions([yes, b.button("No, …", KPI_NOT_MEANT, ref, about=about)])


def _which(reply: NoteReply) -> str:
    if not reply.lines and len(reply.choices) == 1:
        return "Kept as a note. If it belongs to your check-in, say so:"
    words = f" “{b.one_line(reply.unplaced, 150)}”" if reply.lines and reply.unplaced else " this"
    return f"Which initiative is{words} about? Your words are kept either way."


def _health_buttons(reply: NoteReply, line: NoteLine) -> b.Block:
    value = note_reference(reply, line)
    buttons = health_buttons(value, _called(reply, line), HEALTH_ACTIONS)
    return b.actions([*buttons, _edit_button(reply, line)])


def _choice_buttons(reply: NoteReply) -> b.Block:
    return b.actions(
        [
            b.button(
                _called(reply, line), f"{PLACE}.{number}", note_reference(reply, line), about="This is about"
            )
            for number, line in enumerate(reply.choices[:25])
        ]
    )
