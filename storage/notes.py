"""Words people wrote to the bot, whole, each version of them, and which part of them was recorded for what."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, Update, and_, func, or_, select, update
from sqlalchemy.orm import Session

from storage.models import NotePartRow, NoteRow
from storage.statements import insert_missing, is_of, read_as, table, upsert

_notes = table(NoteRow)
_parts = table(NotePartRow)
_KEY = ("workspace_id", "channel_id", "ts", "version")


@dataclass(frozen=True, slots=True)
class Note:
    """One message of a person, as it reads now: its writer's alone, but for the parts recorded."""

    workspace_id: str
    channel_id: str
    ts: str
    version: int
    thread_ts: str | None
    person_id: str
    text: str
    at: datetime
    strategy_id: int | None = None
    """Where every word of it was recorded for one strategy."""
    unplaced: str = ""
    """Words of it that nobody has said yet what they are about."""
    apart: str = ""
    """Words of it that speak of several strategies, or of one that was not asked."""
    reply_message_id: int | None = None

    @property
    def thread(self) -> str:
        """The ts to reply under."""
        return self.thread_ts or self.ts


@dataclass(frozen=True, slots=True)
class NotePart:
    """Words of a note that are about one initiative; `revision` is that of the answer they made, if any."""

    initiative_id: int
    strategy_id: int
    check_in_id: int
    text: str
    revision: int | None = None


def add_note(session: Session, note: Note) -> bool:
    """Keep a message or a new version of it; False when that version is kept already."""
    values = {name: getattr(note, name) for name in Note.__slots__}
    return insert_missing(session, _notes, values)


def find_note(session: Session, workspace_id: str, channel_id: str, ts: str) -> Note | None:
    """The latest version."""
    row = session.execute(
        select(_notes)
        .where(is_of(_notes, workspace_id, channel_id=channel_id, ts=ts))
        .order_by(_notes.c.version.desc())
        .limit(1)
    ).first()
    return _note(row) if row else None


def find_first_instant(session: Session, note: Note) -> datetime:
    """When its first version came."""
    if note.version == 1:
        return note.at
    first = select(_notes.c.at).where(*_is(_notes, replace(note, version=1)))
    return session.scalar(first) or note.at


def list_notes_of(session: Session, workspace_id: str, person_id: str) -> list[Note]:
    """All a person ever wrote, each version, oldest first."""
    of_person = is_of(_notes, workspace_id, person_id=person_id)
    rows = session.execute(select(_notes).where(of_person).order_by(_notes.c.ts, _notes.c.version))
    return [_note(row) for row in rows]


def set_reply(session: Session, note: Note, message_id: int) -> None:
    """The message that says what became of this version."""
    session.execute(_update(note).values(reply_message_id=message_id))


def set_unplaced(session: Session, note: Note, unplaced: str, apart: str = "") -> None:
    """Words of this version that nobody has said yet what they are about, and those kept apart."""
    session.execute(_update(note).values(unplaced=unplaced, apart=apart))


def list_parts(session: Session, note: Note) -> list[NotePart]:
    """Of this version."""
    rows = session.execute(select(_parts).where(*_is(_parts, note)).order_by(_parts.c.initiative_id))
    return [_part(row) for row in rows]


def list_versions_of_part(session: Session, note: Note, initiative_id: int) -> list[NotePart]:
    """What each version of the message said of an initiative, the first version first."""
    of_note = (_parts.c[name] == getattr(note, name) for name in ("workspace_id", "channel_id", "ts"))
    rows = session.execute(
        select(_parts).where(*of_note, _parts.c.initiative_id == initiative_id).order_by(_parts.c.version)
    )
    return [_part(row) for row in rows]


def list_parts_beside(session: Session, note: Note, part: NotePart) -> list[NotePart]:
    """What other messages say now of the same initiative in the same check-in, and was recorded, the oldest first."""
    about = (
        _parts.c[name] == getattr(part, name) for name in ("strategy_id", "check_in_id", "initiative_id")
    )
    is_another = or_(_parts.c.channel_id != note.channel_id, _parts.c.ts != note.ts)
    of_same_message = (_notes.c[name] == _parts.c[name] for name in ("workspace_id", "channel_id", "ts"))
    latest = select(func.max(_notes.c.version)).where(*of_same_message).scalar_subquery()
    rows = session.execute(
        select(_parts)
        .where(_parts.c.workspace_id == note.workspace_id, *about, is_another)
        .where(_parts.c.revision.is_not(None), _parts.c.version == latest)
        .order_by(_parts.c.at, _parts.c.ts)
    )
    return [_part(row) for row in rows]


def list_parts_of(
    session: Session, workspace_id: str, person_id: str
) -> Mapping[tuple[str, str, int], list[NotePart]]:
    """Of all a person ever wrote, by channel, ts and version."""
    its_note = and_(*(_parts.c[name] == _notes.c[name] for name in _KEY))
    of_person = is_of(_notes, workspace_id, person_id=person_id)
    statement = select(_parts).join_from(_notes, _parts, its_note).where(of_person)
    found: dict[tuple[str, str, int], list[NotePart]] = defaultdict(list)
    for row in session.execute(statement.order_by(_parts.c.initiative_id)):
        found[(row.channel_id, row.ts, row.version)].append(_part(row))
    return found


def save_parts(session: Session, note: Note, parts: Sequence[NotePart]) -> None:
    """Add parts of this version, or what became of them; and whose the whole is now."""
    key = {name: getattr(note, name) for name in (*_KEY, "person_id", "at")}
    rows = [key | {name: getattr(part, name) for name in NotePart.__slots__} for part in parts]
    upsert(session, _parts, rows, ("check_in_id", "text", "revision"))
    kept = list_parts(session, note)
    told = {part.strategy_id for part in kept if part.revision is not None}
    is_whole = len(told) == 1 and all(part.revision is not None for part in kept)
    whole_of = told.pop() if is_whole and not note.unplaced and not note.apart else None
    session.execute(_update(note).values(strategy_id=whole_of))


def _update(note: Note) -> Update:
    return update(_notes).where(*_is(_notes, note))


def _is(rows: Table, note: Note) -> tuple[ColumnElement[bool], ...]:
    return tuple(rows.c[name] == getattr(note, name) for name in _KEY)


def _note(row: Row[Any]) -> Note:
    return read_as(Note, row)


def _part(row: Row[Any]) -> NotePart:
    return read_as(NotePart, row)
