"""Answering in plain words: messages people write to the bot, in the DM or in a prompt's thread.

Every word is kept whole before anything is read out of it; what is read is shown back with *Edit*. The whole stays
with its writer: a strategy has the part of it that was recorded for its initiatives (docs/decisions/0011).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.check_ins import Answer, Via
from domain.errors import DomainError
from domain.healths import Health
from domain.reading.answers import MAX_READ, Understood, read_message
from domain.reading.markup import plain_text
from handlers.requests import Click, Deps, Event, Reply, Routes, acts
from services.check_ins.answering import Answering, load_answering
from services.check_ins.answers import record_answers
from services.notes import candidate, find_places
from services.reading_first import read_first
from services.references import own_note
from storage import check_ins, notes, people
from storage.delivery import outbox, seen
from storage.notes import Note, NotePart
from views import notes as views
from views.notes import NoteLine, NoteReply

HELP = (
    "I ask each owner once a week how their initiatives go, and post one digest. Answer me here in your own words, "
    "or with `/checkin`. `/rhythm help` and `/initiative help` list everything I can do."
)
TOO_LONG = (
    f"Your message has {{:,}} characters, and I read what is going on out of at most {MAX_READ:,}. "
    "I kept all of it as you wrote it."
)
PLACED_ALREADY = (
    "You have said already what these words are about. Edit your message, or use *Edit*, to change it."
)


async def receive_message(deps: Deps, event: Event) -> Reply | None:
    """A message in the DM: new, edited or deleted; ours and Slack's own are passed over."""
    if event.body.get("channel_type") == "im":
        await deps.transact(_receive, event, deps.now())
    return None


async def keep_message(deps: Deps, event: Event) -> bool:
    """Its words alone, where `receive_message` failed; whether they were a person's."""
    return event.body.get("channel_type") == "im" and await deps.transact(_keep, event, deps.now())


async def settle_health(deps: Deps, click: Click) -> Reply | None:
    """The health that the words did not say."""
    await deps.transact(_settle, click, views.HEALTH_ACTIONS[click.action_id], deps.now())
    return None


def _receive(session: Session, event: Event, now: datetime) -> None:
    if not seen.is_new(session, event.workspace_id, event.key, now):
        return
    body = event.body
    match body.get("subtype"):
        case None | "file_share" | "thread_broadcast" | "me_message":
            if "bot_id" not in body and body.get("user"):
                _receive_new(session, event.workspace_id, body, now)
        case "message_changed" if "bot_id" not in body["message"]:
            _receive_edit(session, event.workspace_id, body["channel"], body["message"], now)


def _receive_new(session: Session, workspace_id: str, body: Mapping[str, Any], now: datetime) -> None:
    person = people.get_person(session, workspace_id, body["user"])
    if person.dm_channel_id is None:
        people.set_dm_channel(session, workspace_id, person.id, body["channel"])
    note = Note(
        workspace_id=workspace_id,
        channel_id=body["channel"],
        ts=body["ts"],
        version=1,
        thread_ts=body.get("thread_ts"),
        person_id=person.id,
        text=plain_text(body.get("text", "")),
        at=now,
    )
    if not notes.add_note(session, note):
        return
    problem = HELP if note.text.strip().strip("!?./").lower() == "help" else ""
    reply = NoteReply(note.channel_id, note.ts, problem=problem)
    if not problem:
        reply = _understand(session, note, (), now)
    message_id = outbox.enqueue_post(
        session,
        workspace_id,
        note.channel_id,
        views.note_reply(replace(reply, has_files=bool(body.get("files")))),
        now=now,
        thread_ts=note.thread,
    )
    notes.update_note(session, note, reply_message_id=message_id)


def _keep(session: Session, event: Event, now: datetime) -> bool:
    body = event.body
    is_edit = body.get("subtype") == "message_changed"
    message = body["message"] if is_edit else body
    if "bot_id" in message or not message.get("user"):
        return False
    old = notes.find_note(session, event.workspace_id, body["channel"], message["ts"])
    note = Note(
        workspace_id=event.workspace_id,
        channel_id=body["channel"],
        ts=message["ts"],
        version=old.version + 1 if old else 1,
        thread_ts=message.get("thread_ts"),
        person_id=message["user"],
        text=plain_text(message.get("text", "")),
        at=now,
        unplaced=plain_text(message.get("text", "")),
    )
    if seen.is_new(session, event.workspace_id, event.key, now) and (old is None or old.text != note.text):
        notes.add_note(session, note)
        notes.save_parts(session, note, notes.list_parts(session, old) if old else ())
    return True


def _understand(session: Session, note: Note, before: Sequence[NotePart], now: datetime) -> NoteReply:
    """Record what the words say, and say what became of them; `before` is what they replace."""
    places = find_places(session, note, before, now)
    if places.problem:
        notes.update_note(session, note, unplaced=note.text)
        notes.save_parts(session, replace(note, unplaced=note.text), before)
        return NoteReply(note.channel_id, note.ts, problem=places.problem)
    read = read_first(session, read_message, note.text, places.candidates, places.elsewhere, places.default)
    note = replace(note, unplaced=read.unplaced or "", apart=read.apart)
    notes.update_note(session, note, unplaced=note.unplaced, apart=note.apart)
    owners = {i.id: ctx for ctx in places.contexts for i in ctx.initiatives}
    replaced = {part.initiative_id: part for part in before if part.revision is not None}
    parts = []
    for understood in read.understood:
        ctx, was = owners[understood.candidate_id], replaced.pop(understood.candidate_id, None)
        part = _new_part(ctx, understood.candidate_id, understood.words)
        if was or not _says_nothing(understood):
            ctx, part = _record_words(session, ctx, understood, part, was, now)
            owners.update({i.id: ctx for i in ctx.initiatives})
        parts.append(part)
    taken_back = []
    for was in replaced.values():
        if was.initiative_id in owners:
            ctx = _take_back(session, owners[was.initiative_id], was, now)
            owners.update({i.id: ctx for i in ctx.initiatives})
            taken_back.append(_line(ctx, was.initiative_id))
    notes.save_parts(session, note, parts)
    readings = {one.candidate_id: [id_ for id_, _ in one.readings] for one in read.understood}
    return replace(_shown(note, parts, owners, readings), taken_back=tuple(taken_back))


def _shown(
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
            _line(owners[part.initiative_id], part.initiative_id, readings.get(part.initiative_id, ()))
            for part in here
            if (part.revision is not None) is is_recorded
        ]
        for is_recorded in (True, False)
    )
    choices = [_line(ctx, id_) for id_, ctx in owners.items()] if note.unplaced else vague
    if not note.unplaced and len(choices) == 1 and choices[0].answer.health is None:
        return replace(reply, lines=(*lines, *choices))
    return replace(reply, lines=tuple(lines), choices=tuple(choices))


def _record_words(
    session: Session,
    ctx: Answering,
    understood: Understood,
    part: NotePart,
    was: NotePart | None,
    now: datetime,
) -> tuple[Answering, NotePart]:
    """Add what was understood to what stands; `was` is the part of an edited message that it replaces."""
    standing = ctx.line(part.initiative_id).answer
    base = _without(session, ctx, was) if was else standing
    answer = replace(
        base,
        health=understood.health or base.health,
        progress=_progress(base.progress, understood.words),
        blocker=understood.blocker or base.blocker,
        readings=tuple({**dict(standing.readings), **dict(understood.readings)}.items()),
        via=Via.TEXT,
    )
    ctx = record_answers(session, ctx, [answer], now)
    return ctx, replace(part, revision=ctx.line(part.initiative_id).answer.revision)


def _take_back(session: Session, ctx: Answering, was: NotePart, now: datetime) -> Answering:
    """An edited message speaks of an initiative no more."""
    answer = _without(session, ctx, was)
    if answer == ctx.line(was.initiative_id).answer:
        return ctx
    return record_answers(session, ctx, [replace(answer, via=Via.TEXT)], now)


def _without(session: Session, ctx: Answering, was: NotePart) -> Answer:
    """What stands without what a part of a message said: a click since, or a number, being a reading by now, stays."""
    standing = ctx.line(was.initiative_id).answer
    if standing.revision != was.revision or standing.via is not Via.TEXT:
        words = was.text.split("\n")
        lines = [line for line in standing.progress.split("\n") if line not in words]
        blocker = "" if standing.blocker in was.text else standing.blocker
        return replace(standing, progress="\n".join(lines), blocker=blocker)
    earlier = check_ins.list_revisions(session, ctx.check_in, was.initiative_id)[:-1]
    before = earlier[-1] if earlier else Answer(was.initiative_id)
    return replace(before, readings=standing.readings)


def _progress(standing: str, words: str) -> str:
    words = words.strip()
    if words in standing:
        return standing
    return f"{standing}\n{words}" if standing else words


def _says_nothing(understood: Understood) -> bool:
    return understood.health is None and not understood.readings and not understood.blocker


def _receive_edit(
    session: Session, workspace_id: str, channel_id: str, message: Mapping[str, Any], now: datetime
) -> None:
    """The new words make a revision; the old ones are kept beside them."""
    old = notes.find_note(session, workspace_id, channel_id, message["ts"])
    text = plain_text(message.get("text", ""))
    if old is None or old.text == text:
        return
    note = replace(old, version=old.version + 1, text=text, at=now, strategy_id=None, unplaced="", apart="")
    notes.add_note(session, note)
    reply = _understand(session, note, notes.list_parts(session, old), now)
    _redraw(session, note, replace(reply, has_files=bool(message.get("files"))), now)


def _settle(session: Session, click: Click, health: Health, now: datetime) -> None:
    channel_id, ts, check_in_id, initiative_id = views.read_note_reference(click.value)
    note = own_note(session, click, channel_id, ts)
    ctx = load_answering(session, click, check_in_id, now)
    standing = ctx.line(initiative_id).answer
    part = _part_of(session, note, initiative_id)
    if part is None:
        part, note = _new_part(ctx, initiative_id, note.unplaced), _placed(session, note)
    words = part.text if part.revision is None else ""
    answer = replace(standing, health=health, progress=_progress(standing.progress, words), via=Via.CLICK)
    ctx = record_answers(session, ctx, [answer], now)
    _keep_part(session, note, ctx, replace(part, revision=ctx.line(initiative_id).answer.revision), (), now)


def place_note(session: Session, click: Click, now: datetime) -> None:
    """What named no initiative, with what named this one before anything was recorded of it: never the rest."""
    channel_id, ts, check_in_id, initiative_id = views.read_note_reference(click.value)
    note = own_note(session, click, channel_id, ts)
    ctx = load_answering(session, click, check_in_id, now)
    part = _part_of(session, note, initiative_id)
    if not note.unplaced and (part is None or part.revision is not None):
        raise DomainError(PLACED_ALREADY)
    part = part or _new_part(ctx, initiative_id, "")
    said = part.text if part.revision is None else ""
    words = "\n".join(filter(None, (said, note.unplaced)))
    read = read_first(session, read_message, words, (candidate(ctx.initiative(initiative_id)),))
    [understood] = read.understood or [Understood(initiative_id, None, (), None, words)]
    ctx, part = _record_words(session, ctx, understood, part, None, now)
    part = replace(part, text="\n".join(filter(None, (part.text, note.unplaced))))
    _keep_part(session, _placed(session, note), ctx, part, [id_ for id_, _ in understood.readings], now)


def _placed(session: Session, note: Note) -> Note:
    notes.update_note(session, note, unplaced="")
    return replace(note, unplaced="")


def _part_of(session: Session, note: Note, initiative_id: int) -> NotePart | None:
    """What of a message is about an initiative."""
    parts = notes.list_parts(session, note)
    return next((part for part in parts if part.initiative_id == initiative_id), None)


def _new_part(ctx: Answering, initiative_id: int, words: str) -> NotePart:
    return NotePart(initiative_id, ctx.strategy.id, ctx.check_in.id, words)


def _keep_part(
    session: Session, note: Note, ctx: Answering, part: NotePart, readings: Sequence[int], now: datetime
) -> None:
    """Keep what a click recorded of a message, and show what is still to be said about it."""
    notes.save_parts(session, note, [part])
    parts = notes.list_parts(session, note)
    contexts = find_places(session, note, parts, now).contexts
    owners = {i.id: one for one in (*contexts, ctx) for i in one.initiatives}
    _redraw(session, note, _shown(note, parts, owners, {part.initiative_id: readings}), now)


def _redraw(session: Session, note: Note, reply: NoteReply, now: datetime) -> None:
    if note.reply_message_id is not None:
        outbox.enqueue_update(
            session, note.workspace_id, note.reply_message_id, views.note_reply(reply), now=now
        )


def _line(ctx: Answering, initiative_id: int, readings: Sequence[int] = ()) -> NoteLine:
    answer: Answer = ctx.line(initiative_id).answer
    return NoteLine(ctx.check_in, ctx.initiative(initiative_id), answer, tuple(readings), ctx.strategy.name)


ROUTES = Routes(
    clicks={
        **dict.fromkeys(views.HEALTH_ACTIONS, settle_health),
        **{f"{views.PLACE}.{number}": acts(place_note) for number in range(25)},
    },
    events={"message": receive_message},
    keepers={"message": keep_message},
)
