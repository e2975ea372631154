"""Answering in plain words: messages people write to the bot, in the DM or in a prompt's thread.

Every word is kept whole before anything is read out of it; what is read is shown back with *Edit*.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.answers import Candidate, Metric, Understood, plain, read_answer
from domain.check_ins import Answer, Via
from domain.errors import DomainError
from domain.health import Health
from domain.initiatives import Initiative
from domain.people import why_not_a_participant
from handlers import recording
from handlers.recording import Answering
from handlers.runtime import Click, Deps, Event, Reply, Routes
from storage import check_ins, notes, outbox, people, seen, strategies
from storage.notes import Note
from views import notes as views
from views.notes import NoteLine, NoteReply

NOTHING_OWNED = (
    "I kept your words, but you own no active initiative they could belong to. "
    "`/initiative list` shows who owns what, `/rhythm help` what I can do."
)
NUMBERS_ONLY = (
    "I kept your words. This week you are asked for numbers only: use the button *Update*, or `/kpi update`."
)
NOT_ASKED_YET = "I kept your words. Your first check-in has not come yet; run `/checkin` to answer it early."
CLOSED = "I kept your words, but that week is closed. Write outside this thread to add to the present one."
HELP = (
    "I ask each owner once a week how their initiatives go, and post one digest. Answer me here in your own words, "
    "or with `/checkin`. `/rhythm help` and `/initiative help` list everything I can do."
)
MAY_NOT_OWN = (
    "I kept your words. Only full members of this workspace answer check-ins; "
    "a lead of the strategy can answer for you."
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


async def place_note(deps: Deps, click: Click) -> Reply | None:
    """The initiative that the words did not name."""
    await deps.transact(_place, click, deps.now())
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
    note = Note(
        workspace_id=workspace_id,
        channel_id=body["channel"],
        ts=body["ts"],
        version=1,
        thread_ts=body.get("thread_ts"),
        person_id=person.id,
        text=plain(body.get("text", "")),
        at=now,
    )
    if not notes.add_note(session, note):
        return
    problem = HELP if note.text.strip().strip("!?./").lower() == "help" else ""
    reply = NoteReply(note.channel_id, note.ts, has_files=bool(body.get("files")), problem=problem)
    if not problem:
        reply = _understand(session, note, reply, now)
    message_id = outbox.enqueue_post(
        session,
        workspace_id,
        note.channel_id,
        views.note_reply(reply),
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
        text=plain(message.get("text", "")),
        at=now,
    )
    if seen.is_new(session, event.workspace_id, event.key, now) and (old is None or old.text != note.text):
        notes.add_note(session, note)
    return True


def _understand(session: Session, note: Note, reply: NoteReply, now: datetime) -> NoteReply:
    """Record what the words say, and say what became of them."""
    contexts, problem = _contexts(session, note, now)
    if problem or not contexts:
        return replace(reply, problem=problem)
    owners = {i.id: ctx for ctx in contexts for i in ctx.initiatives}
    read = read_answer(note.text, [_candidate(i) for ctx in contexts for i in ctx.initiatives])
    lines = []
    vague = []
    for understood in read.understood:
        ctx = owners[understood.candidate_id]
        if _says_nothing(understood):
            vague.append(_line(ctx, understood.candidate_id, ()))
        else:
            ctx = _record_words(session, ctx, understood, None, now)
            owners.update({i.id: ctx for i in ctx.initiatives})
            lines.append(_line(ctx, understood.candidate_id, [id_ for id_, _ in understood.readings]))
    if lines or len(contexts) == 1:
        _place_with(session, note, contexts[0], lines, vague)
    choices = vague
    if read.unplaced is not None:
        choices = [_line(ctx, i.id, ()) for ctx in contexts for i in ctx.initiatives]
    open_vague = [line for line in choices if line.answer.health is None]
    if read.unplaced is None and len(open_vague) == len(choices) == 1:
        return replace(reply, lines=(*lines, *choices))
    return replace(reply, lines=tuple(lines), choices=tuple(choices), unplaced=read.unplaced or "")


def _place_with(
    session: Session, note: Note, ctx: Answering, lines: Sequence[NoteLine], vague: Sequence[NoteLine]
) -> None:
    about = {line.initiative.id for line in (*lines, *vague)}
    notes.update_note(
        session,
        note,
        strategy_id=ctx.strategy.id,
        check_in_id=lines[0].check_in.id if lines else ctx.check_in.id,
        initiative_id=about.pop() if len(about) == 1 else None,
    )


def _contexts(session: Session, note: Note, now: datetime) -> tuple[list[Answering], str]:
    """The check-ins the words can belong to: that of the thread, else the person's current ones."""
    person = people.get_person(session, note.workspace_id, note.person_id)
    if why_not_a_participant(person):
        return [], MAY_NOT_OWN
    if note.thread_ts is not None:
        check_in = check_ins.find_by_message(session, note.workspace_id, note.channel_id, note.thread_ts)
        if check_in is None:
            root = notes.find_note(session, note.workspace_id, note.channel_id, note.thread_ts)
            if root is not None and root.check_in_id is not None:
                check_in = check_ins.find_check_in(session, note.workspace_id, root.check_in_id)
        if check_in is not None:
            if not recording.is_open(session, check_in, now):
                return [], CLOSED
            strategy = strategies.get_strategy(session, note.workspace_id, check_in.strategy_id)
            ctx = recording.answering(session, strategy, check_in, person)
            return ([ctx], "") if ctx.initiatives else ([], NUMBERS_ONLY)
    found = [
        recording.answering(
            session, strategies.get_strategy(session, note.workspace_id, c.strategy_id), c, person
        )
        for c in check_ins.list_current(session, note.workspace_id, note.person_id, now)
    ]
    contexts = [ctx for ctx in found if ctx.initiatives]
    if contexts:
        return contexts, ""
    owns = strategies.list_strategies_of(session, note.workspace_id, note.person_id)
    return [], NOT_ASKED_YET if owns and not found else NOTHING_OWNED


def _record_words(
    session: Session, ctx: Answering, understood: Understood, before: Understood | None, now: datetime
) -> Answering:
    """Add what was understood to what stands; `before` is how an edited message was understood, replaced by this."""
    standing = ctx.line(understood.candidate_id).answer
    answer = replace(
        standing,
        health=understood.health or standing.health,
        progress=_progress(standing.progress, understood.words, before.words if before else ""),
        blocker=understood.blocker or standing.blocker,
        readings=tuple({**dict(standing.readings), **dict(understood.readings)}.items()),
        via=Via.TEXT,
    )
    return recording.record(session, ctx, [answer], now)


def _progress(standing: str, words: str, replaced: str) -> str:
    words = words.strip()
    if replaced and replaced in standing:
        return standing.replace(replaced, words, 1)
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
    text = plain(message.get("text", ""))
    if old is None or old.text == text:
        return
    note = replace(old, version=old.version + 1, text=text, at=now)
    notes.add_note(session, note)
    reply = NoteReply(channel_id, note.ts, has_files=bool(message.get("files")))
    contexts, problem = _edited_contexts(session, note, now)
    if problem:
        reply = replace(reply, problem=problem)
    else:
        reply = _apply_edit(session, contexts, old, note, reply, now)
    if note.reply_message_id is not None:
        outbox.enqueue_update(session, workspace_id, note.reply_message_id, views.note_reply(reply), now=now)


def _edited_contexts(session: Session, note: Note, now: datetime) -> tuple[list[Answering], str]:
    if note.check_in_id is None:
        return _contexts(session, note, now)
    check_in = check_ins.find_check_in(session, note.workspace_id, note.check_in_id)
    assert check_in is not None
    person = people.get_person(session, note.workspace_id, note.person_id)
    if why_not_a_participant(person):
        return [], MAY_NOT_OWN
    if not recording.is_open(session, check_in, now):
        return [], "That week is closed: your edit is kept, what was recorded stays."
    strategy = strategies.get_strategy(session, note.workspace_id, check_in.strategy_id)
    return [recording.answering(session, strategy, check_in, person)], ""


def _apply_edit(
    session: Session, contexts: Sequence[Answering], old: Note, note: Note, reply: NoteReply, now: datetime
) -> NoteReply:
    chosen = [i for ctx in contexts for i in ctx.initiatives if note.initiative_id in (None, i.id)]
    before = {u.candidate_id: u for u in read_answer(old.text, [_candidate(i) for i in chosen]).understood}
    read = read_answer(note.text, [_candidate(i) for i in chosen])
    owners = {i.id: ctx for ctx in contexts for i in ctx.initiatives}
    lines = []
    for understood in read.understood:
        was = before.get(understood.candidate_id)
        ctx = owners[understood.candidate_id]
        if _says_nothing(understood) and (was is None or _says_nothing(was)):
            lines.append(_line(ctx, understood.candidate_id, ()))
            continue
        ctx = _record_words(session, ctx, understood, was, now)
        owners.update({i.id: ctx for i in ctx.initiatives})
        lines.append(_line(ctx, understood.candidate_id, [id_ for id_, _ in understood.readings]))
    choices = [_line(owners[i.id], i.id, ()) for i in chosen] if read.unplaced is not None else []
    return replace(reply, lines=tuple(lines), choices=tuple(choices), unplaced=read.unplaced or "")


def _settle(session: Session, click: Click, health: Health, now: datetime) -> None:
    channel_id, ts, check_in_id, initiative_id = views.read_note_reference(click.value)
    note = _note(session, click, channel_id, ts)
    ctx = recording.load_answering(session, click.actor, check_in_id, now)
    standing = ctx.line(initiative_id).answer
    answer = replace(
        standing, health=health, progress=_progress(standing.progress, note.text, ""), via=Via.CLICK
    )
    ctx = recording.record(session, ctx, [answer], now)
    _redraw(session, note, NoteReply(channel_id, ts, lines=(_line(ctx, initiative_id, ()),)), now)


def _place(session: Session, click: Click, now: datetime) -> None:
    channel_id, ts, check_in_id, initiative_id = views.read_note_reference(click.value)
    note = _note(session, click, channel_id, ts)
    ctx = recording.load_answering(session, click.actor, check_in_id, now)
    notes.update_note(
        session, note, strategy_id=ctx.strategy.id, check_in_id=check_in_id, initiative_id=initiative_id
    )
    [understood] = read_answer(note.text, [_candidate(ctx.initiative(initiative_id))]).understood or [
        Understood(initiative_id, None, (), None, note.text)
    ]
    ctx = _record_words(session, ctx, understood, None, now)
    line = _line(ctx, initiative_id, [id_ for id_, _ in understood.readings])
    _redraw(session, note, NoteReply(channel_id, ts, lines=(line,)), now)


def _note(session: Session, click: Click, channel_id: str, ts: str) -> Note:
    note = notes.find_note(session, click.actor.workspace_id, channel_id, ts)
    if note is None or note.person_id != click.actor.person_id:
        raise DomainError("Only the person who wrote this can say what it is about.")
    return note


def _redraw(session: Session, note: Note, reply: NoteReply, now: datetime) -> None:
    if note.reply_message_id is not None:
        outbox.enqueue_update(
            session, note.workspace_id, note.reply_message_id, views.note_reply(reply), now=now
        )


def _candidate(initiative: Initiative) -> Candidate:
    metrics = tuple(Metric(m.id, m.name, m.unit, m.value) for m in initiative.metrics)
    return Candidate(initiative.id, initiative.name, metrics)


def _line(ctx: Answering, initiative_id: int, readings: Sequence[int]) -> NoteLine:
    answer: Answer = ctx.line(initiative_id).answer
    return NoteLine(ctx.check_in, ctx.initiative(initiative_id), answer, tuple(readings))


ROUTES = Routes(
    clicks={
        **dict.fromkeys(views.HEALTH_ACTIONS, settle_health),
        **{f"{views.PLACE}.{number}": place_note for number in range(25)},
    },
    events={"message": receive_message},
    keepers={"message": keep_message},
)
