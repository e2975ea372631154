"""What a sender does to the outbox: see what waits, mark one row as on its way, record what became of the last.

The steps of many workspaces share one transaction.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from storage import leases
from storage.models import MessageRow, OutboxRow, PersonRow, WorkspaceRow
from storage.outbox import IS_OPEN, State
from storage.statements import table

_outbox = table(OutboxRow)
_messages = table(MessageRow)
_people = table(PersonRow)
_workspaces = table(WorkspaceRow)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits to be sent; `not_before` is real time, `expires_at` schedule time."""

    id: int
    method: str
    target: str
    not_before: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row on its way. `channel_id` and `ts` are the message's, where it has been posted; the thread's `ts` is
    resolved, unless the message in whose thread it stands has not been posted (`is_stranded`).
    """

    workspace_id: str
    id: int
    method: str
    target: str
    message_id: int | None
    payload: dict[str, Any]
    attempts: int
    created_at: datetime
    channel_id: str | None
    ts: str | None
    thread_ts: str | None
    dm_channel_id: str | None
    is_stranded: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """It was made; `channel_id` and `ts` where it posted a message."""

    outgoing: Outgoing
    channel_id: str | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True)
class Unsent:
    """It was not, or perhaps not: the state it goes to, and why. `not_before` is real time."""

    id: int
    state: State
    error: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One workspace's: what became of its rows, and the row that goes out next, or (`look`) up to how many rows
    to look for; when there is none the lease is given back.
    """

    workspace_id: str
    sent: Sent | None = None
    unsent: Sequence[Unsent] = ()
    next_id: int | None = None
    look: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step gave; `outgoing` None: the row is not pending any more."""

    outgoing: Outgoing | None = None
    waiting: Sequence[Waiting] = ()


def list_waiting(session: Session, workspace_id: str, limit: int) -> list[Waiting]:
    """The first rows that wait, in their order."""
    rows = session.execute(
        select(_outbox.c.id, _outbox.c.method, _outbox.c.target, _outbox.c.not_before, _outbox.c.expires_at)
        .where(_outbox.c.workspace_id == workspace_id, IS_OPEN, _outbox.c.state == State.PENDING)
        .order_by(_outbox.c.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]


def list_in_doubt(session: Session, workspace_id: str) -> list[Outgoing]:
    """Rows that a sender which is gone had on their way."""
    doubtful = (_outbox.c.workspace_id == workspace_id, IS_OPEN, _outbox.c.state == State.SENDING)
    return [_outgoing(row) for row in session.execute(_rows().where(*doubtful).order_by(_outbox.c.id))]


def is_without_charts(session: Session, workspace_id: str) -> bool:
    """Whether Slack refused a native chart there."""
    of_workspace = _workspaces.c.workspace_id == workspace_id
    return bool(session.scalar(select(_workspaces.c.charts_off).where(of_workspace)))


def remember_without_charts(session: Session, workspace_id: str) -> None:
    of_workspace = _workspaces.c.workspace_id == workspace_id
    session.execute(update(_workspaces).where(of_workspace).values(charts_off=True))


def take_steps(session: Session, holder: str, until: datetime, steps: Sequence[Step]) -> dict[str, Taken]:
    """Record and mark, for workspaces whose lease is held beyond `until`; the others are missing in the result."""
    held = leases.hold(session, holder, until, {step.workspace_id for step in steps})
    _record_sent(session, [step.sent for step in steps if step.sent])
    mine = [step for step in steps if step.workspace_id in held]
    _record_unsent(session, mine)
    outgoing = _start(session, [(step.workspace_id, step.next_id) for step in mine if step.next_id])
    waiting = {
        step.workspace_id: list_waiting(session, step.workspace_id, step.look) for step in mine if step.look
    }
    if idle := [workspace_id for workspace_id, rows in waiting.items() if not rows]:
        leases.release(session, holder, idle)
    return {
        workspace_id: Taken(outgoing.get(workspace_id), waiting.get(workspace_id, ()))
        for workspace_id in held
    }


def set_aside(session: Session, workspace_id: str, unsent: Unsent) -> None:
    """Record one row by itself."""
    _record_unsent(session, [Step(workspace_id, unsent=(unsent,))])


def _record_sent(session: Session, sent: Sequence[Sent]) -> None:
    if not sent:
        return
    session.execute(_DELETE, [_key(one.outgoing.workspace_id, one.outgoing.id) for one in sent])
    posted = [
        {
            "of_workspace": one.outgoing.workspace_id,
            "message": one.outgoing.message_id,
            "channel": one.channel_id,
            "its_ts": one.ts,
        }
        for one in sent
        if one.ts and one.outgoing.message_id
    ]
    if posted:
        session.execute(_KEEP_TS, posted)
    new_dms = [
        {
            "of_workspace": one.outgoing.workspace_id,
            "person": one.outgoing.target,
            "channel": one.channel_id,
        }
        for one in sent
        if one.ts and is_person(one.outgoing.target) and one.outgoing.dm_channel_id is None
    ]
    if new_dms:
        session.execute(_KEEP_DM, new_dms)


def _record_unsent(session: Session, steps: Iterable[Step]) -> None:
    rows = [
        {
            **_key(step.workspace_id, unsent.id),
            "to_state": unsent.state,
            "why": unsent.error,
            "then": unsent.not_before,
        }
        for step in steps
        for unsent in step.unsent
    ]
    if rows:
        session.execute(_SET_ASIDE, rows)


def _start(session: Session, keys: Collection[tuple[str, int]]) -> dict[str, Outgoing]:
    if not keys:
        return {}
    session.execute(_MARK, [_key(workspace_id, row_id) for workspace_id, row_id in keys])
    these = tuple_(_outbox.c.workspace_id, _outbox.c.id).in_(keys)
    rows = session.execute(_rows().where(these, _outbox.c.state == State.SENDING))
    return {row.workspace_id: _outgoing(row) for row in rows}


def is_person(target: str) -> bool:
    """Whether a target is a user id (U..., or W... in an organisation) rather than a channel's."""
    return target.startswith(("U", "W"))


def _key(workspace_id: str, row_id: int) -> dict[str, Any]:
    return {"of_workspace": workspace_id, "row": row_id}


_ROW = (_outbox.c.workspace_id == bindparam("of_workspace"), _outbox.c.id == bindparam("row"))
_DELETE = delete(_outbox).where(*_ROW)
_MARK = (
    update(_outbox)
    .where(*_ROW, _outbox.c.state == State.PENDING)
    .values(state=State.SENDING, attempts=_outbox.c.attempts + 1)
)
_SET_ASIDE = (
    update(_outbox)
    .where(*_ROW)
    .values(state=bindparam("to_state"), error=bindparam("why"), not_before=bindparam("then"))
)
_KEEP_TS = (
    update(_messages)
    .where(_messages.c.workspace_id == bindparam("of_workspace"), _messages.c.id == bindparam("message"))
    .values(channel_id=bindparam("channel"), ts=bindparam("its_ts"))
)
_KEEP_DM = (
    update(_people)
    .where(_people.c.workspace_id == bindparam("of_workspace"), _people.c.person_id == bindparam("person"))
    .values(dm_channel_id=bindparam("channel"))
)
_parents = _messages.alias("parents")


def _rows() -> Any:
    """Outbox rows with their message, the message in whose thread it stands, and the person's DM."""
    its_message = (_messages.c.workspace_id == _outbox.c.workspace_id) & (
        _messages.c.id == _outbox.c.message_id
    )
    its_parent = (_parents.c.workspace_id == _messages.c.workspace_id) & (
        _parents.c.id == _messages.c.thread_of
    )
    its_person = (_people.c.workspace_id == _outbox.c.workspace_id) & (
        _people.c.person_id == _outbox.c.target
    )
    return select(
        _outbox.c.workspace_id,
        _outbox.c.id,
        _outbox.c.method,
        _outbox.c.target,
        _outbox.c.message_id,
        _outbox.c.payload,
        _outbox.c.attempts,
        _outbox.c.created_at,
        _messages.c.channel_id,
        _messages.c.ts,
        _messages.c.thread_of,
        _messages.c.thread_ts,
        func.coalesce(_parents.c.thread_ts, _parents.c.ts).label("parent_ts"),
        _people.c.dm_channel_id,
    ).select_from(
        _outbox.outerjoin(_messages, its_message)
        .outerjoin(_parents, its_parent)
        .outerjoin(_people, its_person)
    )


def _outgoing(row: Row[Any]) -> Outgoing:
    thread_ts = row.thread_ts or row.parent_ts
    return Outgoing(
        workspace_id=row.workspace_id,
        id=row.id,
        method=row.method,
        target=row.target,
        message_id=row.message_id,
        payload=row.payload,
        attempts=row.attempts,
        created_at=row.created_at,
        channel_id=row.channel_id,
        ts=row.ts,
        thread_ts=thread_ts,
        dm_channel_id=row.dm_channel_id,
        is_stranded=row.thread_of is not None and thread_ts is None,
    )
