"""Watches transactions: whatever one that came by a door or by the clock changes, it leaves an act of."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from storage.models import Base

UNAUDITED = {
    "acts": "the log itself",
    "answers": "rows to be answered, made by the clock; what is said in them has a row in revisions",
    "canvases": "what is known of a channel's canvas; what a lead says of it is an act",
    "changes": "words of acts: each is written with its act",
    "check_ins": "whom the clock has asked and what has become of that; an answer is an act",
    "checklists": "messages that tick themselves off",
    "closed_weeks": "what answers came to when their week closed",
    "digests": "what was posted when; by hand that is an act",
    "due": "what is to come, reckoned from what is audited",
    "homes": "what is drawn for one person",
    "install_states": "installs that are just going on",
    "leases": "who sends just now",
    "messages": "what was said where",
    "note_parts": "which words were recorded; the answer is an act",
    "notes": "words as they came, kept with when and by whom",
    "occurrences": "what the clock has done",
    "outbox": "what is on its way; what a person decides about it is an act",
    "people": "as Slack tells of them; that somebody left, and their working days, are acts",
    "restored_dues": "what was due at a restore",
    "restores": "written by the operator's command, which is an act",
    "reviews": "what was posted when; what leads say and decide in it are acts",
    "seen": "repeats of Slack's",
    "signals": "what the clock has asked about; an answer is an act",
    "signs_shown": "what the clock found in answers, dates and readings",
    "workspaces": "as Slack tells of it",
}
"""Tables of which changes leave no act of their own, and why."""
_OURS = {
    "api_tokens": {"last_used_at"},
    "confidences": {"outcome", "settled_at"},
    "confirmations": {"message_id"},
    "decisions": {"message_id", "reminded_at"},
    "installations": {"rotating_until", "token", "refresh_token", "expires_at"},
    "retrospectives": {"message_id"},
}
"""Columns that the bot keeps for itself."""
_STATEMENT = re.compile(
    r"\s*(INSERT INTO|UPDATE|DELETE FROM) (\w+)(?: SET (.*?) (?:WHERE|FROM)\b)?", re.DOTALL
)
_COLUMN = re.compile(r'(?:^|, )"?(\w+)"?=')
_WAY, _SESSION, _WRITTEN = "way", "session", "written"


def _remember(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    connection.info[_SESSION] = session
    connection.info[_WRITTEN] = set()


event.listen(Session, "after_begin", _remember)


@contextmanager
def watching(engine: Engine) -> Iterator[list[str]]:
    """Offences, one for each transaction that changed something and left no act."""
    offences: list[str] = []

    def note(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if cursor.rowcount != 0 and (table := table_written(statement)):
            connection.info.setdefault(_WRITTEN, set()).add(table)

    def look(connection: Connection) -> None:
        session, written = connection.info.get(_SESSION), connection.info.pop(_WRITTEN, set())
        if session is not None and _WAY in session.info and (offence := offence_of(written)):
            offences.append(f"{offence}, by {session.info[_WAY] or 'nothing'}")

    event.listen(engine, "after_cursor_execute", note)
    event.listen(engine, "commit", look)
    try:
        yield offences
    finally:
        event.remove(engine, "after_cursor_execute", note)
        event.remove(engine, "commit", look)


def table_written(statement: str) -> str | None:
    """None where only columns are written that the bot keeps for itself."""
    if (found := _STATEMENT.match(statement)) is None:
        return None
    verb, table, assigned = found.groups()
    if verb == "UPDATE" and table in _OURS:
        return None if set(_COLUMN.findall(assigned or "")) <= _OURS[table] else table
    return table


def offence_of(written: set[str]) -> str:
    changed = sorted((written & Base.metadata.tables.keys()) - UNAUDITED.keys())
    return f"{', '.join(changed)} changed without an act" if changed and "acts" not in written else ""
