"""The outbox: what is to be said, written in the transaction that decided it.

Rows leave in the order of their ids within a workspace and target; `storage.delivery.sending` takes them out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from storage.database import mark_enqueued
from storage.delivery import occasions
from storage.ids import new_id
from storage.models import IS_PENDING, MessageRow, OutboxRow
from storage.statements import Now, count_changed, is_there, points_at, table

Payload = dict[str, Any]
POST = "chat.postMessage"
UPDATE = "chat.update"
EPHEMERAL = "chat.postEphemeral"
HOME = "views.publish"
FILE = "files.completeUploadExternal"
CANVAS = "canvases.edit"


class State(StrEnum):
    """`later`: waits for its receiver's working time; `held`: waits until the bot can reach the channel; `in_doubt`:
    perhaps posted, and somebody was asked; `expired` and `failed`: will not be sent. Rows that were sent are deleted.

    A pending row with `in_doubt_since` is looked for before it is sent again.
    """

    PENDING = "pending"
    LATER = "later"
    HELD = "held"
    IN_DOUBT = "in_doubt"
    EXPIRED = "expired"
    FAILED = "failed"


LIVING = (State.PENDING, State.LATER, State.HELD, State.IN_DOUBT)
"""The states of rows that may still be sent."""
ASK_AGAIN = timedelta(days=1)
"""What was set aside is tried, or asked about, again after so long."""

IS_WAITING = text(f"outbox.{IS_PENDING}")
"""In the very words of the partial index: SQLite uses it for nothing else."""

_messages = table(MessageRow)
_parents = _messages.alias("parents")
_outbox = table(OutboxRow)
WITH_MESSAGES = _outbox.outerjoin(_messages, points_at(_outbox, "message_id", _messages)).outerjoin(
    _parents, points_at(_messages, "thread_of", _parents)
)
"""Each row with the message it is of, and the one in whose thread that stands."""
THREAD_TS = func.coalesce(_messages.c.thread_ts, _parents.c.thread_ts, _parents.c.ts).label("thread_ts")
"""Slack's `thread_ts` of a row: of a thread whose first message stands in one itself, that one's."""
_IS_LATER = _outbox.c.state == State.LATER
_ADD_MESSAGE = insert(_messages)
_ADD = insert(_outbox)


def _given(name: str) -> Any:
    return bindparam(f"its_{name}", type_=_outbox.c[name].type)


_EDIT: Select[Any] = select(
    _messages.c.workspace_id,
    _given("id"),
    _given("method"),
    _messages.c.target,
    _messages.c.id,
    _given("payload"),
    _given("state"),
    _given("created_at"),
).where(
    _messages.c.workspace_id == _given("workspace_id"),
    _messages.c.id == _given("message_id"),
    _messages.c.ts.is_not(None),
)
_INTO = ("workspace_id", "id", "method", "target", "message_id", "payload", "state", "created_at")
_WAITS = (
    _outbox.c.workspace_id == _given("workspace_id"),
    _outbox.c.message_id == _given("message_id"),
    or_(*(_outbox.c.state == state for state in LIVING)),
)
_NOTHING_WAITS = ~exists().where(*_WAITS)
_COUNTED = {"preserve_rowcount": True}
_EDIT_POSTED = insert(_outbox).from_select(_INTO, _EDIT).execution_options(**_COUNTED)
_EDIT_IF_NOTHING_WAITS = (
    insert(_outbox).from_select(_INTO, _EDIT.where(_NOTHING_WAITS)).execution_options(**_COUNTED)
)

_TAKE = update(_outbox).where(*_WAITS).values(payload=_given("payload"), version=_outbox.c.version + 1)
_TAKEN = ("its_workspace_id", "its_message_id", "its_payload")


@dataclass(frozen=True, slots=True)
class Post:
    """Something to say to a channel or, by user id, a person, unless it is too late by then; not before an instant."""

    target: str
    payload: Payload
    expires_at: datetime | None = None
    not_before: datetime | None = None


def enqueue_post(
    session: Session,
    workspace_id: str,
    target: str,
    payload: Payload,
    *,
    now: datetime,
    expires_at: datetime | None = None,
    not_before: datetime | None = None,
    thread_of: int | None = None,
    thread_ts: str | None = None,
) -> int:
    """Say something to a channel or, by user id, a person; returns the message's id for edits and replies.

    It stands in the thread of our message `thread_of` or of a person's message `thread_ts`.
    """
    post = Post(target, payload, expires_at, not_before)
    [message_id] = enqueue_posts(
        session, workspace_id, [post], now=now, thread_of=thread_of, thread_ts=thread_ts
    )
    return message_id


def enqueue_posts(
    session: Session,
    workspace_id: str,
    posts: Sequence[Post],
    *,
    now: datetime,
    thread_of: int | None = None,
    thread_ts: str | None = None,
) -> list[int]:
    """Several at once; returns the messages' ids."""
    if not posts:
        return []
    ids = [new_id() for _ in posts]
    where = {"workspace_id": workspace_id, "thread_of": thread_of, "thread_ts": thread_ts}
    rows = [
        where | {"id": message_id, "target": post.target} for message_id, post in zip(ids, posts, strict=True)
    ]
    session.execute(_ADD_MESSAGE, rows)
    waiting = [
        _row(workspace_id, POST, post, now, message_id) for message_id, post in zip(ids, posts, strict=True)
    ]
    _enqueue(session, workspace_id, waiting)
    return ids


def enqueue_updates(
    session: Session, workspace_id: str, payloads: Mapping[int, Payload], *, now: datetime
) -> None:
    """As `enqueue_update`, for several messages of ours, by id."""
    if not payloads:
        return
    edits = [_edit(workspace_id, id_, payload, now) for id_, payload in payloads.items()]
    if count_changed(session, _EDIT_IF_NOTHING_WAITS, edits) == len(edits):
        mark_enqueued(session, workspace_id)
        return
    # Something of one of them still waits. Of which, nobody said; what was just enqueued takes the same payload again.
    for message_id, payload in payloads.items():
        enqueue_update(session, workspace_id, message_id, payload, now=now)


def enqueue_update(
    session: Session, workspace_id: str, message_id: int, payload: Payload, *, now: datetime
) -> None:
    """Show something else in a message of ours. What of it still waits to be sent takes the new payload; what is on
    its way just now becomes an edit once it is there (`storage.delivery.sending`). One that was given up is not edited.
    """
    # What waited a moment ago may be gone by the time it would take the new payload: then it has been posted.
    edit = _edit(workspace_id, message_id, payload, now)
    if (
        count_changed(session, _EDIT_IF_NOTHING_WAITS, edit)
        or count_changed(session, _TAKE, {name: edit[name] for name in _TAKEN})
        or count_changed(session, _EDIT_POSTED, edit)
    ):
        mark_enqueued(session, workspace_id)


def _edit(workspace_id: str, message_id: int, payload: Payload, now: datetime) -> dict[str, Any]:
    return {
        "its_workspace_id": workspace_id,
        "its_id": new_id(),
        "its_method": UPDATE,
        "its_message_id": message_id,
        "its_payload": payload,
        "its_state": State.PENDING,
        "its_created_at": now,
    }


def enqueue_last_update(
    session: Session, workspace_id: str, message_id: int, payload: Payload, *, now: datetime
) -> None:
    """As `enqueue_update`, once nothing is asked in it any more: what still waits for its hour is never said."""
    waiting = delete(_outbox).where(
        _outbox.c.workspace_id == workspace_id,
        _outbox.c.message_id == message_id,
        _IS_LATER,
    )
    if not count_changed(session, waiting):
        enqueue_update(session, workspace_id, message_id, payload, now=now)


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
    shown = Post(channel_id, {**payload, "user": person_id}, expires_at)
    _enqueue(session, workspace_id, [_row(workspace_id, EPHEMERAL, shown, now)])


def enqueue_home(
    session: Session, workspace_id: str, person_id: str, view: Payload, *, now: datetime
) -> None:
    """Show a person's Home tab; one that still waits to be shown is replaced."""
    _enqueue_once(session, workspace_id, HOME, Post(person_id, {"view": view}), now)


def enqueue_canvas(session: Session, workspace_id: str, strategy_id: int, *, now: datetime) -> None:
    """Bring a strategy's canvas up to date; what it says is drawn when it goes out (`bot.delivery.canvases`)."""
    _enqueue_once(session, workspace_id, CANVAS, Post(str(strategy_id), {}), now)


def _enqueue_once(session: Session, workspace_id: str, method: str, post: Post, now: datetime) -> None:
    """In place of what of it still waits."""
    waiting = (
        update(_outbox)
        .where(
            _outbox.c.workspace_id == workspace_id,
            _outbox.c.method == method,
            _outbox.c.target == post.target,
            _outbox.c.state == State.PENDING,
        )
        .values(payload=post.payload, version=_outbox.c.version + 1)
    )
    if count_changed(session, waiting):
        mark_enqueued(session, workspace_id)
    else:
        _enqueue(session, workspace_id, [_row(workspace_id, method, post, now)])


def enqueue_file(
    session: Session, workspace_id: str, person_id: str, what: Payload, *, now: datetime, expires_at: datetime
) -> None:
    """Send a person a file, made when it goes out from what it says it is (`bot.delivery.tools.MakeFile`)."""
    _enqueue(session, workspace_id, [_row(workspace_id, FILE, Post(person_id, what, expires_at), now)])


def _row(
    workspace_id: str, method: str, post: Post, now: datetime, message_id: int | None = None
) -> dict[str, Any]:
    waits_until = post.not_before if post.not_before is not None and post.not_before > now else None
    return {
        "workspace_id": workspace_id,
        "id": new_id(),
        "method": method,
        "target": post.target,
        "message_id": message_id,
        "payload": post.payload,
        "state": State.PENDING if waits_until is None else State.LATER,
        "settle_at": waits_until,
        "expires_at": post.expires_at,
        "created_at": now,
    }


def _enqueue(session: Session, workspace_id: str, rows: Sequence[dict[str, Any]]) -> None:
    session.execute(_ADD, occasions.with_occasions(session, rows))
    mark_enqueued(session, workspace_id)


def list_said(session: Session, workspace_id: str, message_ids: Collection[int]) -> set[int]:
    """Those of these messages that Slack has taken."""
    is_said = (_messages.c.workspace_id == workspace_id, _messages.c.ts.is_not(None))
    return set(session.scalars(select(_messages.c.id).where(*is_said, _messages.c.id.in_(message_ids))))


def can_be_edited(session: Session, workspace_id: str, message_id: int) -> bool:
    """Whether Slack has taken a message of ours, or it may still be sent."""
    if list_said(session, workspace_id, [message_id]):
        return True
    waits = {"its_workspace_id": workspace_id, "its_message_id": message_id}
    return session.execute(select(_outbox.c.id).where(*_WAITS), waits).first() is not None


def list_refused(session: Session, workspace_id: str, message_ids: Collection[int]) -> set[int]:
    """Those of these messages that Slack has not taken, and would not: it was tried."""
    if not message_ids:
        return set()
    is_refused = (
        _outbox.c.workspace_id == workspace_id,
        _outbox.c.method == POST,
        _outbox.c.message_id.in_(message_ids),
        _outbox.c.state.in_((State.HELD, State.FAILED)),
    )
    return set(session.scalars(select(_outbox.c.message_id).where(*is_refused)))


def is_direct(target: str) -> bool:
    """Whether a target is a direct message, by its own id (D...) or by the person's (U..., W... in an organisation)."""
    return target.startswith(("D", "U", "W"))


@dataclass(frozen=True, slots=True)
class Later:
    """What waits for its receiver's working time."""

    id: int
    person_id: str


def list_later(session: Session, workspace_id: str, now: datetime, limit: int) -> list[Later]:
    """What has waited until now, the longest first; kept from everybody else until this transaction ends."""
    over = (_outbox.c.workspace_id == workspace_id, _outbox.c.settle_at <= now, _IS_LATER)
    rows = select(_outbox.c.id, _outbox.c.target).where(*over).order_by(_outbox.c.settle_at, _outbox.c.id)
    return [Later(*row) for row in session.execute(rows.limit(limit).with_for_update(skip_locked=True))]


def has_aside(workspace_id: ColumnElement[str], now: Now) -> ColumnElement[bool]:
    """Whether something there has waited, or was set aside, until now."""
    return is_there(_outbox.c.workspace_id == workspace_id, _outbox.c.settle_at <= now)


def send_later(session: Session, workspace_id: str, ids: Collection[int], at: datetime | None) -> None:
    """Send what waited now, or (`at`) let it wait on."""
    state = State.PENDING if at is None else State.LATER
    which = (_outbox.c.workspace_id == workspace_id, _outbox.c.id.in_(ids), _IS_LATER)
    session.execute(update(_outbox).where(*which).values(state=state, settle_at=at))
    if at is None:
        mark_enqueued(session, workspace_id)


def drop_later(session: Session, workspace_id: str, ids: Collection[int]) -> None:
    """What waited is never said."""
    session.execute(
        delete(_outbox).where(_outbox.c.workspace_id == workspace_id, _outbox.c.id.in_(ids), _IS_LATER)
    )


def look_again(session: Session, workspace_id: str, person_id: str, now: datetime) -> None:
    """Somebody's days have changed: how long what is for them waits is to be found out anew."""
    theirs = (_outbox.c.workspace_id == workspace_id, _outbox.c.target == person_id, _IS_LATER)
    session.execute(update(_outbox).where(*theirs, _outbox.c.settle_at > now).values(settle_at=now))


def release_held(session: Session, workspace_id: str, target: str) -> None:
    """Send what was held for a channel, now that the bot can reach it."""
    released = count_changed(
        session,
        update(_outbox)
        .where(
            _outbox.c.workspace_id == workspace_id, _outbox.c.target == target, _outbox.c.state == State.HELD
        )
        .values(state=State.PENDING, settle_at=None, error=None),
    )
    if released:
        mark_enqueued(session, workspace_id)
