"""What a sender does to the outbox: see what waits, mark one row as on its way, record what became of the last.

The steps of many workspaces share one transaction. A row whose payload was replaced while it was on its way becomes
an edit of the message it posted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Float,
    Row,
    Text,
    bindparam,
    case,
    cast,
    delete,
    exists,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from storage.delivery import leases
from storage.delivery.outbox import (
    ASK_AGAIN,
    IS_WAITING,
    LIVING,
    POST,
    THREAD_TS,
    UPDATE,
    WITH_MESSAGES,
    State,
)
from storage.isolation import within
from storage.models import LeaseRow, MessageRow, OutboxRow, PersonRow, WorkspaceRow
from storage.statements import count_changed, from_now, points_at, table

_outbox = table(OutboxRow)
_leases = table(LeaseRow)
_messages = table(MessageRow)
_people = table(PersonRow)
_workspaces = table(WorkspaceRow)


@dataclass(slots=True)
class Outgoing:
    """A row that waits or is on its way; `payload` is JSON text, `expires_at` schedule time.

    `channel_id` and `ts` are its message's, once posted. It stands in the thread of our message `thread_of` or, once
    that has been posted, `thread_ts`. `is_new_dm`: the person is known, their direct message's channel is not. One with
    `in_doubt_since` was perhaps made already, and with `said_since` by what a restored backup does not know; `file_id` is Slack's for a file that perhaps was shown.
    """

    workspace_id: str
    id: int
    method: str
    target: str
    message_id: int | None
    payload: str
    version: int
    expires_at: datetime | None
    created_at: datetime
    in_doubt_since: datetime | None
    occasion: str | None
    said_since: datetime | None
    file_id: str | None
    channel_id: str | None
    ts: str | None
    thread_of: int | None
    thread_ts: str | None
    dm_channel_id: str | None
    is_new_dm: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """It was made; `channel_id` and `ts` where it posted a message."""

    outgoing: Outgoing
    channel_id: str | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True)
class Unsent:
    """It will not be sent now: the state it goes to, why, and when that is settled."""

    id: int
    state: State
    error: str | None = None
    in_doubt_since: datetime | None = None
    settle_at: datetime | None = None


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


def list_waiting(session: Session, workspace_id: str, limit: int) -> list[Outgoing]:
    """The first rows that wait, in their order."""
    waiting = _ROWS.where(_outbox.c.workspace_id == workspace_id, IS_WAITING)
    return [_outgoing(row) for row in session.execute(waiting.order_by(_outbox.c.id).limit(limit))]


def find_in_flight(session: Session, workspace_id: str) -> Outgoing | None:
    """The row that a sender which is gone had on its way."""
    its_id = select(_leases.c.in_flight).where(_leases.c.workspace_id == workspace_id).scalar_subquery()
    row = session.execute(
        _ROWS.where(_outbox.c.workspace_id == workspace_id, _outbox.c.id == its_id, IS_WAITING)
    ).one_or_none()
    return None if row is None else _outgoing(row)


def is_without_charts(session: Session, workspace_id: str) -> bool:
    """Whether Slack refused a native chart there."""
    of_workspace = _workspaces.c.workspace_id == workspace_id
    return bool(session.scalar(select(_workspaces.c.charts_off).where(of_workspace)))


def remember_without_charts(session: Session, workspace_id: str) -> None:
    of_workspace = _workspaces.c.workspace_id == workspace_id
    session.execute(update(_workspaces).where(of_workspace).values(charts_off=True))


def take_steps(
    session: Session, holder: str, margin: timedelta, steps: Sequence[Step]
) -> dict[str, list[Outgoing]]:
    """Record and mark, across workspaces, which takes keys and times alone; returns what was looked for, by workspace.

    Only workspaces whose lease is held for longer than `margin` are in the result.
    """
    held = _mark(session, holder, margin, steps)
    _record_sent(session, [step.sent for step in steps if step.sent])
    mine = [step for step in steps if step.workspace_id in held]
    _record_unsent(session, mine)
    found: dict[str, list[Outgoing]] = {workspace_id: [] for workspace_id in held}
    looking = [step for step in mine if step.look]
    for step in looking:
        with within(session, step.workspace_id):
            found[step.workspace_id] = list_waiting(session, step.workspace_id, step.look)
    if idle := [step.workspace_id for step in looking if not found[step.workspace_id]]:
        leases.release(session, holder, idle)
    return found


def set_aside(session: Session, workspace_id: str, unsent: Unsent) -> None:
    """Record one row by itself."""
    _record_unsent(session, [Step(workspace_id, unsent=(unsent,))])


def keep_file_id(session: Session, workspace_id: str, outbox_id: int, file_id: str) -> None:
    """What Slack calls the file that a row is about to show."""
    its_row = (_outbox.c.workspace_id == workspace_id, _outbox.c.id == outbox_id)
    session.execute(update(_outbox).where(*its_row).values(file_id=file_id))


def set_stranded_aside(session: Session, workspace_id: str, outbox_id: int, now: datetime) -> None:
    """A row whose message, or the thread it belongs to, was not there when it was read: it is held while that may
    still be posted, and given up when it will not. By now it may be there: then the row waits on.
    """
    its_row = (_outbox.c.workspace_id == workspace_id, _outbox.c.id == outbox_id)
    row = session.execute(_ROWS.where(*its_row, IS_WAITING).with_for_update(of=_outbox)).one_or_none()
    if row is None or not is_stranded(outgoing := _outgoing(row)):
        return
    awaited = outgoing.message_id if outgoing.method == UPDATE else outgoing.thread_of
    others = _outbox.alias("others")
    is_coming = select(
        exists().where(
            others.c.workspace_id == workspace_id,
            others.c.message_id == awaited,
            others.c.method == POST,
            others.c.state.in_(LIVING),
        )
    )
    if session.scalar(is_coming):
        unsent = Unsent(outbox_id, State.HELD, "what it belongs to is not posted", settle_at=now + ASK_AGAIN)
    else:
        unsent = Unsent(outbox_id, State.EXPIRED, "what it belongs to was given up")
    set_aside(session, workspace_id, unsent)


def is_stranded(outgoing: Outgoing) -> bool:
    """Whether what it belongs to has not been posted, so that it cannot be said yet."""
    if outgoing.method == UPDATE:
        return outgoing.ts is None
    return outgoing.thread_of is not None and outgoing.thread_ts is None


def _mark(session: Session, holder: str, margin: timedelta, steps: Sequence[Step]) -> set[str]:
    """Say what goes out next; returns the workspaces whose lease is held."""
    marks = [
        {
            "of_workspace": step.workspace_id,
            "me": holder,
            "margin": margin.total_seconds(),
            "next_id": step.next_id,
        }
        for step in steps
    ]
    workspaces = {step.workspace_id for step in steps}
    if count_changed(session, _MARK, marks) == len(steps):
        return workspaces
    return leases.held(session, holder, margin, workspaces)


def _record_sent(session: Session, sent: Sequence[Sent]) -> None:
    if not sent:
        return
    rows = [one.outgoing for one in sent]
    keys = [{"of_workspace": row.workspace_id, "row": row.id, "as_sent": row.version} for row in rows]
    if count_changed(session, _DELETE, keys) < len(keys):
        session.execute(_TURN_INTO_EDIT, [{"of_workspace": row.workspace_id, "row": row.id} for row in rows])
    posted = [one for one in sent if one.ts]
    if posted:
        session.execute(
            _KEEP_TS,
            [_where(one) | {"message": one.outgoing.message_id, "its_ts": one.ts} for one in posted],
        )
    new_dms = [one for one in posted if one.outgoing.is_new_dm]
    if new_dms:
        session.execute(_KEEP_DM, [_where(one) | {"person": one.outgoing.target} for one in new_dms])


def _where(sent: Sent) -> dict[str, Any]:
    return {"of_workspace": sent.outgoing.workspace_id, "its_channel": sent.channel_id}


def _record_unsent(session: Session, steps: Iterable[Step]) -> None:
    rows = [
        {
            "of_workspace": step.workspace_id,
            "row": row.id,
            "to_state": row.state,
            "why": row.error,
            "doubted": row.in_doubt_since,
            "at": row.settle_at,
        }
        for step in steps
        for row in step.unsent
    ]
    if rows:
        session.execute(_SET_ASIDE, rows)


_ROW = (_outbox.c.workspace_id == bindparam("of_workspace"), _outbox.c.id == bindparam("row"))
_MARK = (
    update(_leases)
    .where(
        _leases.c.workspace_id == bindparam("of_workspace"),
        _leases.c.holder == bindparam("me"),
        _leases.c.until > from_now(bindparam("margin", type_=Float)),
    )
    .values(in_flight=bindparam("next_id"))
)
_DELETE = delete(_outbox).where(*_ROW, _outbox.c.version == bindparam("as_sent"))
_TURN_INTO_EDIT = (
    update(_outbox)
    .where(*_ROW)
    .values(
        method=case((_outbox.c.method == POST, UPDATE), else_=_outbox.c.method),
        in_doubt_since=None,
        said_since=None,
    )
)
_SET_ASIDE = (
    update(_outbox)
    .where(*_ROW)
    .values(
        state=bindparam("to_state"),
        error=bindparam("why"),
        in_doubt_since=bindparam("doubted"),
        said_since=case(
            (bindparam("doubted", type_=_outbox.c.in_doubt_since.type).is_(None), None),
            else_=_outbox.c.said_since,
        ),
        settle_at=bindparam("at"),
    )
)
_KEEP_TS = (
    update(_messages)
    .where(_messages.c.workspace_id == bindparam("of_workspace"), _messages.c.id == bindparam("message"))
    .values(channel_id=bindparam("its_channel"), ts=bindparam("its_ts"))
)
_KEEP_DM = (
    update(_people)
    .where(_people.c.workspace_id == bindparam("of_workspace"), _people.c.person_id == bindparam("person"))
    .values(dm_channel_id=bindparam("its_channel"))
)
_ROWS = select(
    _outbox.c.workspace_id,
    _outbox.c.id,
    _outbox.c.method,
    _outbox.c.target,
    _outbox.c.message_id,
    type_coerce(cast(_outbox.c.payload, Text), Text).label("payload"),
    _outbox.c.version,
    _outbox.c.expires_at,
    _outbox.c.created_at,
    _outbox.c.in_doubt_since,
    _outbox.c.occasion,
    _outbox.c.said_since,
    _outbox.c.file_id,
    _messages.c.channel_id,
    _messages.c.ts,
    _messages.c.thread_of,
    THREAD_TS,
    _people.c.dm_channel_id,
    (_people.c.person_id.is_not(None) & _people.c.dm_channel_id.is_(None)).label("is_new_dm"),
).select_from(WITH_MESSAGES.outerjoin(_people, points_at(_outbox, "target", _people, "person_id")))


def _outgoing(row: Row[Any]) -> Outgoing:
    return Outgoing(*tuple(row))
