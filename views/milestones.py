"""Milestones: their form, the lines that show them, and the boxes of a check-in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.days import why_too_far
from domain.forgetting import SOMEONE
from domain.initiatives import Initiative
from domain.milestones import MAX_OPEN_MILESTONES, Milestone
from domain.people import Person
from domain.reading.milestones import MilestoneLine
from domain.reading.names import is_same_name
from domain.schedules import local_day
from domain.words import MAX_NAME, dated, full_day
from views.slack import blocks as b
from views.slack.fields import FormReader, State, day_of, person_of
from views.slack.references import Id, Reference, SlackId
from views.slack.unread import unread_blocks, unread_parts

FORM = "milestone.submit"
DONE = "milestone.done"
NAME = "milestone_name"
PERSON = "milestone_person"
DUE = "milestone_due"
ENDS_PHASE = "milestone_ends_phase"
CHECK_IN_FIELD = "milestones"

_MOST_DONE = 5
_ENDS = "yes"


class MilestoneRef(Reference):
    """What the form carries."""

    channel_id: SlackId
    initiative_id: Id


@dataclass(frozen=True, slots=True)
class MilestonesShown:
    """An initiative's milestones, to whoever opened them; `people` are those they name."""

    initiative: Initiative
    milestones: Sequence[Milestone]
    people: Mapping[str, Person]
    today: date
    viewer_id: str
    may_change: bool
    """Leads and the owner add milestones and mark all of them; others only those that name them."""

    def may_mark(self, milestone: Milestone) -> bool:
        return self.may_change or milestone.person_id == self.viewer_id


def milestones_modal(
    shown: MilestonesShown, ref: MilestoneRef, notice: str = "", typed: MilestoneLine | None = None
) -> dict[str, Any]:
    """The milestones, each with a button while it is open, and below them the fields of a new one.

    `typed` is what was said of it already.
    """
    name = b.one_line(shown.initiative.name, MAX_NAME)
    blocks: list[b.Block] = [b.context(b.escape(notice))] if notice else []
    blocks.append(b.section(f"*{name}*" + ("" if shown.milestones else " has no milestones yet.")))
    for milestone in open_milestones(shown.milestones):
        done_button = b.button("Done", DONE, str(milestone.id), about=milestone.name)
        accessory = done_button if shown.may_mark(milestone) else None
        line = milestone_line(milestone, shown.people, shown.today)
        blocks.append(b.section(line, accessory=accessory, block_id=f"milestone.{milestone.id}"))
    if done := _last_done(shown.milestones):
        blocks.append(b.context("\n".join(milestone_line(one, shown.people, shown.today) for one in done)))
    submit = None
    if shown.may_change and len(open_milestones(shown.milestones)) < MAX_OPEN_MILESTONES:
        submit = "Add"
        blocks += _new_blocks(shown, typed or MilestoneLine(shown.initiative.name))
    elif shown.may_change:
        blocks.append(b.context(f"{MAX_OPEN_MILESTONES} are open. Mark one as done before you add another."))
    metadata = ref.model_dump_json()
    return b.modal(
        "Milestones", blocks, callback_id=FORM, submit=submit, private_metadata=metadata, close="Close"
    )


def _new_blocks(shown: MilestonesShown, line: MilestoneLine) -> list[b.Block]:
    person_id = None if line.names_another else line.person_id or shown.initiative.owner_id
    phase = b.checkboxes([("It ends a phase: look back once it is done", _ENDS)])
    return [
        b.divider(),
        b.header("Add a milestone"),
        *unread_blocks(unread_parts(line.unread)),
        b.input_block("Name", b.text_input(line.name[:MAX_NAME], max_length=MAX_NAME), block_id=NAME),
        b.input_block("Person", b.user_select(person_id), block_id=PERSON),
        b.input_block("Date", b.date_input(line.due), block_id=DUE),
        b.input_block("Phase", phase, block_id=ENDS_PHASE, optional=True),
    ]


def read_milestone(
    state: State, initiative: Initiative, known: Iterable[Milestone], today: date
) -> Milestone:
    """Raises FieldErrors with a sentence at each field that needs something."""
    reader = FormReader(state)
    name = reader.words(NAME, MAX_NAME, missing="Give it a name, such as First issue sent.")
    person_id, due = person_of(state, PERSON), day_of(state, DUE)
    if any(is_same_name(name, one.name) for one in open_milestones(known)):
        reader.refuse(NAME, "An open milestone has this name. Give this one its own.")
    if person_id is None:
        reader.refuse(PERSON, "Choose the one person who sees to it.")
    if due is None:
        reader.refuse(DUE, "Choose its day.")
    elif due < today:
        reader.refuse(DUE, f"{full_day(due)} has passed. Choose today or a later day.")
    elif due > initiative.due:
        reader.refuse(
            DUE,
            f"The initiative itself is due {full_day(initiative.due)}. Choose a day before.",
        )
    elif problem := why_too_far(due, today):
        reader.refuse(DUE, problem)
    ends_phase = bool(reader.choices(ENDS_PHASE, {_ENDS}))
    reader.finish()
    return Milestone(0, initiative.id, name, person_id or "", due or today, ends_phase)


def open_milestones(milestones: Iterable[Milestone]) -> list[Milestone]:
    return [milestone for milestone in milestones if milestone.done_at is None]


def _last_done(milestones: Sequence[Milestone]) -> list[Milestone]:
    return [one for one in milestones if one.done_at is not None][-_MOST_DONE:]


def milestone_line(milestone: Milestone, people: Mapping[str, Person], today: date) -> str:
    """As in "First issue · Tom Lindqvist · due 15 Dec (late) · ends a phase"; a tick once it is done."""
    name = b.one_line(milestone.name, MAX_NAME)
    who = people.get(milestone.person_id)
    facts = [f"*{name}*", b.one_line(who.name, MAX_NAME) if who else SOMEONE]
    if milestone.done_at is not None:
        done_on = local_day(milestone.done_at, who.zone if who else "UTC")
        return " · ".join([f"✓ {name}", facts[1], f"done {dated(done_on, today)}"])
    late = " (late)" if milestone.is_late(today) else ""
    facts.append(f"due {dated(milestone.due, today)}{late}")
    return " · ".join([*facts, *(["ends a phase"] if milestone.ends_phase else [])])


def milestone_lines(milestones: Sequence[Milestone], people: Mapping[str, Person], today: date) -> list[str]:
    """For `/initiative show`: all that are open, and the last ones done."""
    shown = (*open_milestones(milestones), *_last_done(milestones))
    lines = [f"• {milestone_line(one, people, today)}" for one in shown]
    return ["*Milestones*", *lines] if lines else []


def late_lines(milestones: Iterable[Milestone], today: date) -> list[str]:
    """For the prompt, at most three."""
    lines = [
        f":hourglass: Milestone late: {b.one_line(one.name, MAX_NAME)}, due {dated(one.due, today)}"
        for one in milestones
        if one.is_late(today)
    ]
    return b.and_more(lines, 3)


def check_in_blocks(milestones: Iterable[Milestone], today: date) -> list[b.Block]:
    """A box for each open milestone; nothing where there is none."""
    waiting = open_milestones(milestones)[:MAX_OPEN_MILESTONES]
    if not waiting:
        return []
    options = [(f"{b.plain_line(one.name, 55)}, due {dated(one.due, today)}", str(one.id)) for one in waiting]
    label = "Which milestones are done?"
    return [b.input_block(label, b.checkboxes(options), block_id=CHECK_IN_FIELD, optional=True)]


def read_done(state: State, known: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """Those ticked in a check-in, of those known of its initiative. Raises FieldErrors."""
    reader = FormReader(state)
    ticked = reader.choices(CHECK_IN_FIELD, {str(milestone.id) for milestone in known})
    reader.finish()
    return tuple(milestone for milestone in known if str(milestone.id) in ticked)


def named_message(initiative: Initiative, milestone: Milestone, by: Person, today: date) -> b.Payload:
    """For whoever sees to a milestone that somebody else added."""
    text = (
        f"{b.one_line(by.name, MAX_NAME)} counts on you for the milestone *{b.one_line(milestone.name, MAX_NAME)}* of "
        f"{b.one_line(initiative.name, MAX_NAME)}, due {dated(milestone.due, today)}. Press *Done* when it is."
    )
    return b.message(text, [b.section(text), b.actions([b.button("Done", DONE, str(milestone.id))])])
