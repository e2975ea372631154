"""A database that came out of a backup: what was perhaps said since, and is to be found out before it is said again."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage.delivery.occasions import Restore
from storage.delivery.outbox import EPHEMERAL, FILE, POST, State
from storage.models import LeaseRow, MessageRow, OccurrenceRow, OutboxRow, RestoreRow, WorkspaceRow
from storage.statements import table, upsert

_restores = table(RestoreRow)
_outbox = table(OutboxRow)
_messages = table(MessageRow)
_occurrences = table(OccurrenceRow)
_workspaces = table(WorkspaceRow)
_EVER = datetime(2020, 1, 1, tzinfo=UTC)
_MARGIN = timedelta(minutes=5)
"""By how much clocks may differ, and how long a call may have been on its way."""


def find_restore(session: Session, workspace_id: str) -> Restore | None:
    """The last one."""
    statement = select(_restores.c.since, _restores.c.restored_at)
    row = session.execute(statement.where(_restores.c.workspace_id == workspace_id)).first()
    return Restore(*row) if row else None


def mark_restored(session: Session, now: datetime) -> datetime | None:
    """Say of every workspace that its rows are out of a backup; returns since when, at the earliest, what was said is not known."""
    session.execute(delete(table(LeaseRow)))
    ids = list(session.scalars(select(_workspaces.c.workspace_id)))
    found = {workspace_id: _find_since(session, workspace_id) for workspace_id in ids}
    for workspace_id, since in found.items():
        key = {"workspace_id": workspace_id, "since": since, "restored_at": now}
        upsert(session, _restores, [key], ("since", "restored_at"))
        _mark(session, workspace_id, since, now)
    return min(found.values(), default=None)


def _find_since(session: Session, workspace_id: str) -> datetime:
    """The last instant that the rows know of: a backup need not say itself when it was made."""
    said = session.scalar(select(func.max(_messages.c.ts)).where(_messages.c.workspace_id == workspace_id))
    done = session.scalar(
        select(func.max(_occurrences.c.claimed_at)).where(_occurrences.c.workspace_id == workspace_id)
    )
    planned = session.scalar(
        select(func.max(_outbox.c.created_at)).where(_outbox.c.workspace_id == workspace_id)
    )
    known = [datetime.fromtimestamp(float(said), UTC)] if said else []
    return max([*known, *filter(None, (done, planned))], default=_EVER) - _MARGIN


def _mark(session: Session, workspace_id: str, since: datetime, now: datetime) -> None:
    """What waited may have been said. An edit or a Home shows the same when made twice; a file or a notice, which nothing
    can look for, was wanted there and then, and is left out.
    """
    waited = or_(
        _outbox.c.state.in_((State.PENDING, State.HELD)),
        and_(_outbox.c.state == State.LATER, _outbox.c.settle_at <= now),
    )
    rows = update(_outbox).where(_outbox.c.workspace_id == workspace_id, waited)
    session.execute(rows.where(_outbox.c.method == POST).values(said_since=since, in_doubt_since=now))
    left_out = {"state": State.EXPIRED, "error": "restored", "settle_at": None, "in_doubt_since": None}
    session.execute(rows.where(_outbox.c.method.in_((FILE, EPHEMERAL))).values(**left_out))
