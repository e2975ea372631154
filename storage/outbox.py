"""The outbox: what is to be said, written in the transaction that decided it.

Rows leave in the order of their ids within a workspace and target; `storage.sending` takes them out.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, delete, insert, select, text, update
from sqlalchemy.orm import Session

from storage.database import mark_enqueued
from storage.ids import new_id
from storage.models import IS_PENDING, MessageRow, OutboxRow

Payload = dict[str, Any]
POST = "chat.postMessage"
UPDATE = "chat.update"
EPHEMERAL = "chat.postEphemeral"
HOME = "views.publish"
FILE = "files.completeUploadExternal"


class State(StrEnum):
    """`held`: waits until the bot can reach the channel; `ambiguous`: perhaps posted, a lead decides; `expired` and
    `failed`: will not be sent. Rows that were sent are deleted.
    """

    PENDING = "pending"
    HELD = "held"
    AMBIGUOUS = "ambiguous"
    EXPIRED = "expired"
    FAILED = "failed"


IS_WAITING = text(f"outbox.{IS_PENDING}")
"""In the very words of the partial index: SQLite uses it for nothing else."""


def enqueue_post(
    session: Session,
    workspace_id: str,
    target: str,
    payload: Payload,
    *,
    now: datetime,
    expires_at: datetime | None = None,
    thread_of: int | None = None,
    thread_ts: str | None = None,
) -> int:
    """Say something to a channel or, by user id, a person; returns the message's id for edits and replies.

    It stands in the thread of our message `thread_of` or of a person's message `thread_ts`.
    """
    message_id = new_id()
    session.execute(
        insert(MessageRow).values(
            workspace_id=workspace_id, id=message_id, target=target, thread_of=thread_of, thread_ts=thread_ts
        )
    )
    _enqueue(session, workspace_id, POST, target, payload, now, message_id=message_id, expires_at=expires_at)
    return message_id


def enqueue_update(
    session: Session, workspace_id: str, message_id: int, payload: Payload, *, now: datetime
) -> None:
    """Show something else in a message of ours. What of it still waits to be sent takes the new payload; what is on
    its way just now becomes an edit once it is there (`storage.sending`).
    """
    waiting = (
        update(OutboxRow)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.message_id == message_id,
            OutboxRow.state.in_((State.PENDING, State.HELD)),
        )
        .values(payload=payload, version=OutboxRow.version + 1)
    )
    if _count(session, waiting):
        mark_enqueued(session, workspace_id)
    else:
        target = session.scalars(
            select(MessageRow.target).where(
                MessageRow.workspace_id == workspace_id, MessageRow.id == message_id
            )
        ).one()
        _enqueue(session, workspace_id, UPDATE, target, payload, now, message_id=message_id)


def enqueue_ephemeral(
    session: Session,
    workspace_id: str,
    channel_id: str,
    person_id: str,
    payload: Payload,
    *,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Say something that only one person in a channel sees."""
    shown = {**payload, "user": person_id}
    _enqueue(session, workspace_id, EPHEMERAL, channel_id, shown, now, expires_at=expires_at)


def enqueue_home(
    session: Session, workspace_id: str, person_id: str, view: Payload, *, now: datetime
) -> None:
    """Show a person's Home tab; one that still waits to be shown is replaced."""
    waiting = (
        update(OutboxRow)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.method == HOME,
            OutboxRow.target == person_id,
            OutboxRow.state == State.PENDING,
        )
        .values(payload={"view": view}, version=OutboxRow.version + 1)
    )
    if _count(session, waiting):
        mark_enqueued(session, workspace_id)
    else:
        _enqueue(session, workspace_id, HOME, person_id, {"view": view}, now)


def enqueue_file(
    session: Session, workspace_id: str, person_id: str, what: Payload, *, now: datetime, expires_at: datetime
) -> None:
    """Send a person a file, made when it goes out from what it says it is (`bot.delivery.tools.MakeFile`)."""
    _enqueue(session, workspace_id, FILE, person_id, what, now, expires_at=expires_at)


def _enqueue(
    session: Session,
    workspace_id: str,
    method: str,
    target: str,
    payload: Payload,
    now: datetime,
    *,
    message_id: int | None = None,
    expires_at: datetime | None = None,
) -> None:
    session.execute(
        insert(OutboxRow).values(
            workspace_id=workspace_id,
            id=new_id(),
            method=method,
            target=target,
            message_id=message_id,
            payload=payload,
            state=State.PENDING,
            expires_at=expires_at,
            created_at=now,
        )
    )
    mark_enqueued(session, workspace_id)


def release_held(session: Session, workspace_id: str, target: str) -> int:
    """Send what was held for a channel, now that the bot can reach it; returns how many."""
    return _set_state(session, State.PENDING, workspace_id, OutboxRow.target == target, state=State.HELD)


def find_target(session: Session, workspace_id: str, outbox_id: int) -> str | None:
    """Where a message waits to go; None once it does not wait any more."""
    which = (OutboxRow.workspace_id == workspace_id, OutboxRow.id == outbox_id)
    return session.scalar(select(OutboxRow.target).where(*which))


def send_again(session: Session, workspace_id: str, outbox_id: int) -> bool:
    """Post an ambiguous message (again), and what waited for it; False when somebody decided already."""
    ours = OutboxRow.id == outbox_id
    target = select(OutboxRow.target).where(OutboxRow.workspace_id == workspace_id, ours)
    if not _set_state(session, State.PENDING, workspace_id, ours, state=State.AMBIGUOUS):
        return False
    release_held(session, workspace_id, session.scalars(target).one())
    return True


def leave_as_it_is(session: Session, workspace_id: str, outbox_id: int) -> bool:
    """Settle an ambiguous message that a person found in the channel; False when somebody decided already.

    Where in the channel it stands stays unknown, so what waits for its thread, and edits of it, are given up.
    """
    ours = (OutboxRow.workspace_id == workspace_id, OutboxRow.id == outbox_id)
    message_id = session.scalar(select(OutboxRow.message_id).where(*ours, OutboxRow.state == State.AMBIGUOUS))
    if message_id is None:
        return False
    in_its_thread = select(MessageRow.id).where(
        MessageRow.workspace_id == workspace_id, MessageRow.thread_of == message_id
    )
    belonging = (OutboxRow.message_id == message_id) | OutboxRow.message_id.in_(in_its_thread)
    session.execute(delete(OutboxRow).where(OutboxRow.workspace_id == workspace_id, belonging))
    return True


def _set_state(session: Session, to: State, workspace_id: str, which: Any, *, state: State) -> int:
    changed = _count(
        session,
        update(OutboxRow)
        .where(OutboxRow.workspace_id == workspace_id, which, OutboxRow.state == state)
        .values(state=to, error=None),
    )
    if changed:
        mark_enqueued(session, workspace_id)
    return changed


def _count(session: Session, statement: Any) -> int:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount
