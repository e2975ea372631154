"""Messages people write to the bot, in the direct message or in a prompt's thread.

Every word is kept whole before anything is read out of it; what is read is shown back with *Edit*. The whole stays
with its writer: a strategy has the part of it that was recorded for its initiatives (docs/decisions/0011).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.check_ins import BlockerOutcome
from domain.errors import DomainError
from domain.healths import Health
from domain.initiatives import kpi_ids_of
from domain.reading.answers import Understanding, Understood, read_message
from services.check_ins.answering import Answering, load_answering
from services.check_ins.answers import record_values, settle_blocker
from services.notes.answers import record_health_of, record_words, says_nothing, take_back
from services.notes.places import REST_KEPT, Places, candidate, find_places, kpi_metric
from services.notes.readings import (
    KPI,
    METRIC,
    change_kpis,
    close_questions,
    day_of,
    record_kpi,
    with_numbers,
)
from services.notes.replies import build_reply, find_withdrawn, offer_absence, redraw_reply, reply_line
from services.reading_first import read_first
from services.references import Request, own_note, report_kpi
from storage import notes, people
from storage.database import lock
from storage.delivery import outbox, seen
from storage.notes import Note, NotePart
from views import notes as views
from views.notes import NoteReference, NoteReply
from views.slack.references import NoteRef

HELP = (
    "I ask each owner once a week how their initiatives go, and post one digest. Answer me here in your own words, "
    "or with `/checkin`. `/rhythm help` and `/initiative help` list everything I can do."
)
PLACED_ALREADY = (
    "You have said already what these words are about. Edit your message, or use *Edit*, to change it."
)


@dataclass(frozen=True, slots=True)
class Written:
    """A message as Slack tells of it, new or edited."""

    workspace_id: str
    channel_id: str
    ts: str
    thread_ts: str | None
    person_id: str
    text: str
    has_files: bool = False
    is_wordless: bool = False
    """Whether there is nothing in it to be read, be it a picture alone."""
    before: str = ""
    """What it said before it was edited, as far as Slack tells."""
    edited_ts: str = ""
    is_mended: bool = False
    """Whether characters that cannot be kept stand as �."""


def receive_note(session: Session, written: Written, now: datetime) -> None:
    """A new message is answered under it."""
    _alone(session, written)
    person = people.get_person(session, written.workspace_id, written.person_id)
    if person.dm_channel_id is None:
        people.set_dm_channel(session, person.workspace_id, person.id, written.channel_id)
    note = _first_version(written, now)
    if notes.add_note(session, note):
        _answer(session, note, written, now)


def _alone(session: Session, written: Written) -> None:
    """A message and its edits may come to several processes at the same instant: it is answered once."""
    lock(session, written.workspace_id, written.channel_id, written.ts)


def _answer(session: Session, note: Note, written: Written, now: datetime) -> None:
    problem = HELP if note.text.strip().strip("!?./").lower() == "help" else ""
    reply = NoteReply(note.channel_id, note.ts, problem=problem)
    if not problem:
        reply = _understand(session, note, (), now)
    message_id = outbox.enqueue_post(
        session,
        note.workspace_id,
        note.channel_id,
        views.note_reply(_with_rest(offer_absence(session, reply, note, now), written)),
        now=now,
        thread_ts=note.thread,
    )
    notes.set_reply(session, note, message_id)


def _with_rest(reply: NoteReply, written: Written) -> NoteReply:
    """With what of the message is no words, or none that can be kept."""
    return replace(
        reply,
        has_files=written.has_files,
        is_mended=written.is_mended,
        is_wordless=written.is_wordless,
        problem="" if written.is_wordless else reply.problem,
    )


def revise_note(session: Session, written: Written, now: datetime) -> None:
    """The new words make a revision; the old ones are kept beside them. An edit may come before its message, or another edit."""
    _alone(session, written)
    old = notes.find_note(session, written.workspace_id, written.channel_id, written.ts)
    if old is None:
        _receive_edited(session, written, now)
        return
    of = f"edit:{written.channel_id}:{written.ts}"
    is_latest = seen.is_latest(session, written.workspace_id, of, written.edited_ts, now)
    if old.text == written.text:
        return
    if not is_latest:
        _keep_late(session, old, written, now)
        return
    note = _next_version(old, written, now)
    notes.add_note(session, note)
    reply = _understand(session, note, notes.list_parts(session, old), now, old=old.text)
    redraw_reply(session, note, _with_rest(offer_absence(session, reply, note, now), written), now)


def _receive_edited(session: Session, written: Written, now: datetime) -> None:
    """Of a message that has not come: what it said first is kept, and what it says now is answered."""
    of = f"edit:{written.channel_id}:{written.ts}"
    seen.is_latest(session, written.workspace_id, of, written.edited_ts, now)
    if written.before in ("", written.text):
        receive_note(session, written, now)
        return
    first = _first_version(replace(written, text=written.before), now)
    people.get_person(session, first.workspace_id, first.person_id)
    notes.add_note(session, first)
    note = _next_version(first, written, now)
    notes.add_note(session, note)
    _answer(session, note, written, now)


def _keep_late(session: Session, standing: Note, written: Written, now: datetime) -> None:
    """What was written before the words that stand is kept among the versions, and those stand on."""
    late = replace(_next_version(standing, written, now), reply_message_id=None)
    again = replace(standing, version=late.version + 1)
    notes.add_note(session, late)
    notes.add_note(session, again)
    notes.save_parts(session, again, notes.list_parts(session, standing))


def keep_note(session: Session, written: Written, key: str, now: datetime) -> None:
    """Its words alone, with what was recorded of them before; nothing is read. `key` is the event's."""
    _alone(session, written)
    old = notes.find_note(session, written.workspace_id, written.channel_id, written.ts)
    is_changed = old is None or old.text != written.text
    if not seen.is_new(session, written.workspace_id, key, now) or not is_changed:
        return
    note = _next_version(old, written, now) if old else _first_version(written, now)
    note = replace(note, unplaced=note.text, reply_message_id=None)
    notes.add_note(session, note)
    notes.save_parts(session, note, notes.list_parts(session, old) if old else ())


def settle_health(
    session: Session, request: Request, about: NoteReference, health: Health, now: datetime
) -> None:
    """The health that the words did not say."""
    note, ctx = _load(session, request, about, now)
    part = _part_of(session, note, about.initiative_id)
    if part is None:
        part, note = _new_part(ctx, about.initiative_id, note.unplaced), _placed(session, note)
    ctx, part = record_health_of(session, ctx, part, health, now)
    _keep_part(session, note, ctx, part, (), now)


def place_words(session: Session, request: Request, about: NoteReference, now: datetime) -> None:
    """What named no initiative, with what named this one before anything was recorded of it: never the rest."""
    note, ctx = _load(session, request, about, now)
    initiative_id = about.initiative_id
    part = _part_of(session, note, initiative_id)
    if not note.unplaced and (part is None or part.revision is not None):
        raise DomainError(PLACED_ALREADY)
    part = part or _new_part(ctx, initiative_id, "")
    said = part.text if part.revision is None else ""
    words = "\n".join(filter(None, (said, note.unplaced)))
    read = read_first(session, read_message, words, (candidate(ctx, ctx.initiative(initiative_id)),))
    [understood] = read.understood or [Understood(initiative_id, None, (), None, words)]
    is_said = understood.health is not None or understood.is_repeat
    ctx, part = record_words(session, ctx, understood, note, part, None, now)
    part = replace(part, text="\n".join(filter(None, (part.text, note.unplaced))))
    note, values = _placed(session, note), [id_ for id_, _ in understood.readings]
    _keep_part(session, note, ctx, part, values, now, beside=() if is_said else (initiative_id,))


def _load(session: Session, request: Request, about: NoteReference, now: datetime) -> tuple[Note, Answering]:
    note = own_note(session, request, about.channel_id, about.ts)
    return note, load_answering(session, request, about.check_in_id, now)


def _first_version(written: Written, now: datetime) -> Note:
    return Note(
        workspace_id=written.workspace_id,
        channel_id=written.channel_id,
        ts=written.ts,
        version=1,
        thread_ts=written.thread_ts,
        person_id=written.person_id,
        text=written.text,
        at=now,
    )


def _next_version(old: Note, written: Written, now: datetime) -> Note:
    return replace(
        old, version=old.version + 1, text=written.text, at=now, strategy_id=None, unplaced="", apart=""
    )


def _understand(
    session: Session, note: Note, before: Sequence[NotePart], now: datetime, *, old: str = ""
) -> NoteReply:
    """Record what the words say, and say what became of them; `before` is what they replace, `old` those words."""
    places = find_places(session, note, before, now)
    person = people.get_person(session, note.workspace_id, note.person_id)
    today = day_of(session, note, person)
    read = _read(session, places, note.text, today)
    said_before = _read(session, places, old, today).kpis if old and places.kpis else ()
    change_kpis(session, person, places.kpis, dict(said_before), dict(read.kpis), today, now)
    if kpi_ids_of(i for ctx in places.contexts for i in ctx.initiatives) & {kpi.id for kpi in places.kpis}:
        places = find_places(session, note, before, now)  # numbers of several initiatives may have changed
    if places.problem:
        notes.set_unplaced(session, note, note.text)
        notes.save_parts(session, replace(note, unplaced=note.text), before)
        return _problem_reply(session, note, places, read, today)
    note = replace(note, unplaced=read.unplaced or "", apart=read.apart)
    notes.set_unplaced(session, note, note.unplaced, note.apart)
    owners = {i.id: ctx for ctx in places.contexts for i in ctx.initiatives}
    replaced = {part.initiative_id: part for part in before if part.revision is not None}
    stood = [reply_line(owners[id_], id_) for id_ in replaced if id_ in owners]
    parts = []
    for understood in read.understood:
        ctx, was = owners[understood.candidate_id], replaced.pop(understood.candidate_id, None)
        part = _new_part(ctx, understood.candidate_id, understood.words)
        if was or not says_nothing(understood):
            ctx, part = record_words(session, ctx, understood, note, part, was, now)
            owners.update({i.id: ctx for i in ctx.initiatives})
        parts.append(part)
    taken_back = []
    for was in replaced.values():
        if was.initiative_id in owners:
            ctx = take_back(session, owners[was.initiative_id], note, was, now)
            owners.update({i.id: ctx for i in ctx.initiatives})
            taken_back.append(reply_line(ctx, was.initiative_id))
    notes.save_parts(session, note, parts)
    reply = replace(
        build_reply(note, parts, owners, _readings(read, owners)),
        taken_back=tuple(taken_back),
        withdrawn=tuple(filter(None, (find_withdrawn(line, owners) for line in stood))),
    )
    return with_numbers(session, reply, note, read, owners, today)


def _problem_reply(
    session: Session, note: Note, places: Places, read: Understanding, today: date
) -> NoteReply:
    """Of words that belong nowhere: why; of those that say KPIs, that what they say beside is recorded nowhere."""
    is_told = bool(read.kpis or read.unlikely_kpis)
    rest = REST_KEPT if read.unplaced else ""
    reply = NoteReply(note.channel_id, note.ts, problem=rest if is_told else places.problem)
    return with_numbers(session, reply, note, read, {}, today) if is_told else reply


def _readings(read: Understanding, owners: Mapping[int, Answering]) -> dict[int, list[int]]:
    """By initiative, the metrics that stand as the words say, also after a question."""
    stand = {id_: dict(ctx.line(id_).answer.readings) for id_, ctx in owners.items()}
    return {
        one.candidate_id: [
            id_ for id_, value in (*one.readings, *one.unlikely) if stand[one.candidate_id].get(id_) == value
        ]
        for one in read.understood
        if one.candidate_id in stand
    }


def _read(session: Session, places: Places, text: str, today: date) -> Understanding:
    measured = tuple(kpi_metric(kpi, today) for kpi in places.kpis)
    return read_first(
        session, read_message, text, places.candidates, places.elsewhere, places.default, measured
    )


def confirm_value(
    session: Session, request: Request, about: NoteReference, metric_id: int, value: Decimal, now: datetime
) -> None:
    """A value far from the last one is meant."""
    note, ctx = _load(session, request, about, now)
    ctx = record_values(session, ctx, about.initiative_id, {metric_id: value}, now)
    close_questions(session, note, METRIC, [metric_id], now)
    part = _part_of(session, note, about.initiative_id) or _new_part(ctx, about.initiative_id, "")
    part = replace(part, revision=ctx.line(about.initiative_id).answer.revision)
    _keep_part(session, note, ctx, part, [metric_id], now)


def resolve_blocker(session: Session, request: Request, about: NoteReference, now: datetime) -> None:
    """Raises DomainError when that is said already."""
    note, ctx = _load(session, request, about, now)
    ctx = settle_blocker(session, ctx, about.initiative_id, BlockerOutcome.RESOLVED, now)
    _redraw(session, note, now, ctx)


def confirm_kpi(
    session: Session, request: Request, about: NoteRef, kpi_id: int, value: Decimal, now: datetime
) -> None:
    """The same of a KPI: it is a reading of the message's day."""
    note = own_note(session, request, about.channel_id, about.ts)
    person, _, kpi = report_kpi(session, request, kpi_id)
    record_kpi(session, person, kpi, day_of(session, note, person), value, now)
    close_questions(session, note, KPI, [kpi_id], now)
    _redraw(session, note, now)


def answer_questions(
    session: Session, request: Request, about: NoteRef, kind: str, ids: Collection[int], now: datetime
) -> None:
    """*No, …* was answered in a form: whatever stands in it, nothing more is asked. Raises DomainError."""
    note = own_note(session, request, about.channel_id, about.ts)
    close_questions(session, note, kind, ids, now)
    _redraw(session, note, now)


def _placed(session: Session, note: Note) -> Note:
    notes.set_unplaced(session, note, "", note.apart)
    return replace(note, unplaced="")


def _part_of(session: Session, note: Note, initiative_id: int) -> NotePart | None:
    """What of a message is about an initiative."""
    parts = notes.list_parts(session, note)
    return next((part for part in parts if part.initiative_id == initiative_id), None)


def _new_part(ctx: Answering, initiative_id: int, words: str) -> NotePart:
    return NotePart(initiative_id, ctx.strategy.id, ctx.check_in.id, words)


def _keep_part(
    session: Session,
    note: Note,
    ctx: Answering,
    part: NotePart,
    readings: Sequence[int],
    now: datetime,
    *,
    beside: Collection[int] = (),
) -> None:
    """Keep what a click recorded of a message, and show what is still to be said about it."""
    notes.save_parts(session, note, [part])
    _redraw(session, note, now, ctx, {part.initiative_id: list(readings)}, beside)


def _redraw(
    session: Session,
    note: Note,
    now: datetime,
    ctx: Answering | None = None,
    readings: Mapping[int, list[int]] | None = None,
    beside: Collection[int] = (),
) -> None:
    """The reply as things stand; `ctx` has just been answered in, `readings` are more than the words alone say.

    `beside`: initiatives whose health its words have just been put with, and do not say.
    """
    parts = notes.list_parts(session, note)
    places = find_places(session, note, parts, now)
    person = people.get_person(session, note.workspace_id, note.person_id)
    today = day_of(session, note, person)
    read = _read(session, places, note.text, today)
    contexts = (*places.contexts, *([ctx] if ctx else []))
    owners = {i.id: one for one in contexts for i in one.initiatives}
    if owners:
        reply = build_reply(note, parts, owners, {**_readings(read, owners), **(readings or {})})
        lines = (replace(line, is_beside=line.initiative.id in beside) for line in reply.lines)
        reply = replace(reply, lines=tuple(lines))
        reply = with_numbers(session, reply, note, read, owners, today)
    else:
        reply = _problem_reply(session, note, places, read, today)
    redraw_reply(session, note, offer_absence(session, reply, note, now), now)
