"""Words people wrote to the bot, whole, each version of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.models import NoteRow
from storage.statements import insert_missing, table

_notes = table(NoteRow)


@dataclass(frozen=True, slots=True)
class Note:
    """One message of a person, as it reads now; placed once it is known what it is about."""

    workspace_id: str
    channel_id: str
    ts: str
    version: int
    thread_ts: str | None
    person_id: str
    text: str
    at: datetime
    strategy_id: int | None = None
    check_in_id: int | None = None
    initiative_id: int | None = None
    """The initiative a person said it is about, where the words did not."""
    reply_message_id: int | None = None

    @property
    def thread(self) -> str:
        """The ts to reply under."""
        return self.thread_ts or self.ts


def add_note(session: Session, note: Note) -> bool:
    """Keep a message or a new version of it; False when that version is kept already."""
    values = {name: getattr(note, name) for name in Note.__slots__}
    return insert_missing(session, _notes, values)


def find_note(session: Session, workspace_id: str, channel_id: str, ts: str) -> Note | None:
    """The latest version."""
    row = session.execute(
        select(_notes)
        .where(_notes.c.workspace_id == workspace_id, _notes.c.channel_id == channel_id, _notes.c.ts == ts)
        .order_by(_notes.c.version.desc())
        .limit(1)
    ).first()
    return Note(**{name: getattr(row, name) for name in Note.__slots__}) if row else None


def update_note(session: Session, note: Note, /, **values: Any) -> None:
    """Set strategy_id, check_in_id, initiative_id or reply_message_id of this version."""
    session.execute(
        update(_notes)
        .where(
            _notes.c.workspace_id == note.workspace_id,
            _notes.c.channel_id == note.channel_id,
            _notes.c.ts == note.ts,
            _notes.c.version == note.version,
        )
        .values(**values)
    )
