"""Rows of the outbox that were set aside: what nobody knows the fate of, and what could not be delivered.

Such a row is asked about or tried again at `settle_at`, until it is settled or given up.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.orm import Session

from storage.database import mark_enqueued
from storage.delivery.outbox import POST, THREAD_TS, UPDATE, WITH_MESSAGES, State, release_held
from storage.isolation import within
from storage.models import MessageRow, OutboxRow
from storage.statements import is_of, read_as, table

_outbox = table(OutboxRow)
_messages = table(MessageRow)


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that was set aside, and why (`error`). `text` is what its message says for short; `questions` are the messages
    that ask whether it was posted; it stands in the thread `thread_ts`.
    """

    workspace_id: str
    id: int
    method: str
    state: State
    error: str
    target: str
    message_id: int | None
    text: str
    thread_ts: str | None
    created_at: datetime
    expires_at: datetime | None
    in_doubt_since: datetime | None
    said_since: datetime | None
    questions: tuple[int, ...]


def find_doubt(session: Session, workspace_id: str, outbox_id: int) -> Aside | None:
    """A message that was perhaps posted, kept from everybody else until this transaction ends; None once settled."""
    found = _find(session, workspace_id, outbox_id, _outbox.c.state == State.IN_DOUBT)
    return found if found and found.message_id is not None else None


def find_overdue(session: Session, workspace_id: str, outbox_id: int, now: datetime) -> Aside | None:
    """A row that was set aside and is to be settled by now, kept from everybody else; None where another was first."""
    return _find(session, workspace_id, outbox_id, _outbox.c.settle_at <= now)


def list_aside(session: Session, states: Collection[State]) -> list[Aside]:
    """Of every workspace, the longest there first."""
    in_them = _outbox.c.state.in_(states)
    found: list[Aside] = []
    for workspace_id in session.scalars(select(_outbox.c.workspace_id).where(in_them).distinct()).all():
        with within(session, workspace_id):
            rows = session.execute(_ROWS.where(_outbox.c.workspace_id == workspace_id, in_them))
            found += [_aside(row) for row in rows]
    return sorted(found, key=lambda one: one.id)


def list_overdue(session: Session, workspace_id: str, now: datetime, limit: int) -> list[int]:
    """The rows to be settled by now, the longest overdue first."""
    overdue = select(_outbox.c.id).where(
        _outbox.c.workspace_id == workspace_id,
        _outbox.c.settle_at <= now,
        _outbox.c.state != State.LATER,
    )
    return list(session.scalars(overdue.order_by(_outbox.c.settle_at).limit(limit)))


def list_restored(session: Session, workspace_id: str, until: datetime | None = None) -> list[Aside]:
    """What was perhaps said before a restore and somebody is to say: to be asked about by then, or (None) all of it; kept
    from everybody else until this transaction ends.
    """
    which = (
        is_of(_outbox, workspace_id, state=State.IN_DOUBT),
        _outbox.c.said_since.is_not(None),
        _outbox.c.settle_at <= until if until is not None else _outbox.c.settle_at.is_not(None),
    )
    rows = session.execute(_ROWS.where(*which).order_by(_outbox.c.id).with_for_update(of=_outbox))
    return [_aside(row) for row in rows]


def find_next(session: Session, workspace_id: str) -> datetime | None:
    """When something is next to be settled."""
    aside = (_outbox.c.workspace_id == workspace_id, _outbox.c.settle_at.is_not(None))
    next_at: datetime | None = session.scalar(select(func.min(_outbox.c.settle_at)).where(*aside))
    return next_at


def is_question(session: Session, workspace_id: str, message_id: int) -> bool:
    """Whether a message asks about another one that is in doubt."""
    asked = select(_outbox.c.questions).where(
        _outbox.c.workspace_id == workspace_id,
        _outbox.c.settle_at.is_not(None),
        _outbox.c.state == State.IN_DOUBT,
    )
    return any(message_id in (questions or ()) for questions in session.scalars(asked))


def is_posted(session: Session, workspace_id: str, channel_id: str, ts: str) -> bool:
    """Whether a message of ours is known to stand there."""
    is_it = is_of(_messages, workspace_id, channel_id=channel_id, ts=ts)
    return session.scalar(select(_messages.c.id).where(is_it)) is not None


def keep_questions(session: Session, doubt: Aside, questions: Sequence[int], settle_at: datetime) -> None:
    """Which messages ask about it now, and until when an answer is waited for."""
    _set(session, doubt, questions=list(questions), settle_at=settle_at)


def send_again(session: Session, doubt: Aside) -> None:
    """Send it (again), and what waits for the same channel."""
    nothing = dict.fromkeys(("in_doubt_since", "said_since", "settle_at", "questions", "error"))
    _set(session, doubt, state=State.PENDING, **nothing)
    _go_on(session, doubt)


def try_again(session: Session, aside: Aside) -> None:
    """Send it, and it alone: of what waits for the same channel, some may have waited too long."""
    _set(session, aside, state=State.PENDING, settle_at=None, error=None)
    mark_enqueued(session, aside.workspace_id)


def retry(session: Session, aside: Aside) -> None:
    """Send it whatever time has passed, as somebody wants it by now."""
    _set(session, aside, state=State.PENDING, settle_at=None, error=None, expires_at=None)
    mark_enqueued(session, aside.workspace_id)


def found_at(session: Session, doubt: Aside, channel_id: str, ts: str) -> None:
    """A person found it: it is brought up to date, which shows whether it is ours, and what waited for it goes out."""
    _set_place(session, doubt, channel_id, ts)
    _set(session, doubt, method=UPDATE, state=State.PENDING, in_doubt_since=None, settle_at=None, error=None)
    _go_on(session, doubt)


def not_found(session: Session, workspace_id: str, outbox_id: int, now: datetime) -> Aside | None:
    """What a person found was not it: in doubt again. None where nobody had found anything."""
    claimed = _find(session, workspace_id, outbox_id, _outbox.c.questions.is_not(None))
    if claimed is None or not claimed.questions:
        return None
    _set_place(session, claimed, None, None)
    _set(session, claimed, method=POST, state=State.IN_DOUBT, in_doubt_since=now)
    return claimed


def give_up(session: Session, doubt: Aside) -> None:
    """Leave it as it is. Where it stands stays unknown, so edits of it and what waits for its thread are given up."""
    which = _outbox.c.id == doubt.id
    if doubt.message_id is not None:
        in_its_thread = select(_messages.c.id).where(
            is_of(_messages, doubt.workspace_id, thread_of=doubt.message_id)
        )
        which |= (_outbox.c.message_id == doubt.message_id) | _outbox.c.message_id.in_(in_its_thread)
    session.execute(delete(_outbox).where(_outbox.c.workspace_id == doubt.workspace_id, which))


def expire(session: Session, aside: Aside) -> None:
    """It has waited too long to be sent."""
    _set(session, aside, state=State.EXPIRED, settle_at=None)


def _go_on(session: Session, aside: Aside) -> None:
    release_held(session, aside.workspace_id, aside.target)
    mark_enqueued(session, aside.workspace_id)


def _set(session: Session, aside: Aside, **values: Any) -> None:
    session.execute(update(_outbox).where(is_of(_outbox, aside.workspace_id, id=aside.id)).values(**values))


def _set_place(session: Session, aside: Aside, channel_id: str | None, ts: str | None) -> None:
    its_message = is_of(_messages, aside.workspace_id, id=aside.message_id)
    session.execute(update(_messages).where(its_message).values(channel_id=channel_id, ts=ts))


def _find(session: Session, workspace_id: str, outbox_id: int, which: Any) -> Aside | None:
    its_row = is_of(_outbox, workspace_id, id=outbox_id)
    row = session.execute(_ROWS.where(its_row, which).with_for_update(of=_outbox)).one_or_none()
    return None if row is None else _aside(row)


_ROWS: Select[Any] = select(_outbox, THREAD_TS).select_from(WITH_MESSAGES)


def _aside(row: Row[Any]) -> Aside:
    return read_as(
        Aside,
        row,
        state=State(row.state),
        error=row.error or "",
        text=str(row.payload.get("text", "")),
        questions=tuple(row.questions or ()),
    )
