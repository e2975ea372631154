"""What somebody is told about the words they wrote: what was recorded of them, and what is still to be said."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.check_ins import taken_back
from domain.reading.absences import read_away_said
from domain.reading.answers import MAX_READ
from domain.reading.courtesies import is_only_thanks
from domain.schedules import local_day
from services.check_ins.answering import Answering
from storage import absences, people
from storage.delivery import outbox
from storage.notes import Note, NotePart
from views import notes as views
from views.notes import AwayOffered, NoteLine, NoteReply

TOO_LONG = (
    f"Your message has {{:,}} characters, and I read what is going on out of at most {MAX_READ:,}. "
    "I kept all of it as you wrote it."
)


def build_reply(
    note: Note,
    parts: Sequence[NotePart],
    owners: Mapping[int, Answering],
    readings: Mapping[int, Sequence[int]],
) -> NoteReply:
    """What was recorded of a message, and what is still to be said about it."""
    is_of_several = len({ctx.strategy.id for ctx in owners.values()}) > 1
    is_long = len(note.text) > MAX_READ
    reply = NoteReply(
        note.channel_id,
        note.ts,
        unplaced=note.unplaced,
        apart=note.apart,
        with_strategy=is_of_several,
        problem=TOO_LONG.format(len(note.text)) if is_long else "",
    )
    here = [part for part in parts if part.initiative_id in owners]
    lines, vague = (
        [
            reply_line(owners[part.initiative_id], part.initiative_id, readings.get(part.initiative_id, ()))
            for part in here
            if (part.revision is not None) is is_recorded
        ]
        for is_recorded in (True, False)
    )
    choices = [reply_line(ctx, id_) for id_, ctx in owners.items()] if note.unplaced else vague
    is_thanks = bool(choices) and not lines and is_only_thanks(note.text)
    if is_thanks and (len(choices) > 1 or choices[0].answer.health is not None):
        return replace(reply, is_thanks=True)
    if not note.unplaced and len(choices) == 1 and choices[0].answer.health is None:
        lines, choices = [*lines, *choices], []
    named = {line.initiative.id for line in (*lines, *choices)}
    still_open = [
        line
        for line in (reply_line(ctx, id_) for id_, ctx in owners.items() if id_ not in named)
        if line.answer.health is None and lines
    ]
    return replace(reply, lines=tuple(lines), choices=tuple(choices), open_lines=tuple(still_open))


def offer_absence(session: Session, reply: NoteReply, note: Note, now: datetime) -> NoteReply:
    """With the days that its writer says they are away, unless they are over or noted already."""
    person = people.get_person(session, note.workspace_id, note.person_id)
    said = read_away_said(note.text, local_day(note.at, person.zone)) if len(note.text) <= MAX_READ else None
    today = local_day(now, person.zone)
    if said is None or said.last is None or said.last < today:
        return reply
    theirs = absences.list_absences(session, person.workspace_id, [person.id])[person.id]
    if any(one.first <= said.first and (one.last is None or one.last >= said.last) for one in theirs):
        return reply
    return replace(reply, away=AwayOffered(said, today))


def reply_line(ctx: Answering, initiative_id: int, readings: Sequence[int] = ()) -> NoteLine:
    answer = ctx.line(initiative_id).answer
    return NoteLine(ctx.check_in, ctx.initiative(initiative_id), answer, tuple(readings), ctx.strategy.name)


def find_withdrawn(stood: NoteLine, owners: Mapping[int, Answering]) -> NoteLine | None:
    """The line as it stood before an edit, with the readings that are taken back."""
    initiative_id = stood.initiative.id
    gone = taken_back(stood.answer, owners[initiative_id].line(initiative_id).answer)
    return replace(stood, readings=gone) if gone else None


def redraw_reply(session: Session, note: Note, reply: NoteReply, now: datetime) -> None:
    if note.reply_message_id is not None:
        outbox.enqueue_update(
            session, note.workspace_id, note.reply_message_id, views.note_reply(reply), now=now
        )
