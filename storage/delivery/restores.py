"""A database that came out of a backup: what was perhaps said since, and is to be found out before it is said again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.rituals import Due
from storage import acts
from storage.canvases import forget_content
from storage.delivery.occasions import REPEATED, Restore
from storage.delivery.outbox import EPHEMERAL, FILE, POST, State
from storage.isolation import within
from storage.models import (
    DueRow,
    LeaseRow,
    MessageRow,
    OccurrenceRow,
    OutboxRow,
    RestoredDueRow,
    RestoreRow,
    WorkspaceRow,
)
from storage.rituals import key_of, read_due
from storage.statements import insert_all_missing, table, upsert

_restores = table(RestoreRow)
_outbox = table(OutboxRow)
_messages = table(MessageRow)
_occurrences = table(OccurrenceRow)
_workspaces = table(WorkspaceRow)
_due = table(DueRow)
_restored_dues = table(RestoredDueRow)
_EVER = datetime(2020, 1, 1, tzinfo=UTC)
_MARGIN = timedelta(minutes=5)
"""By how much clocks may differ, and how long a call may have been on its way."""


def find_restore(session: Session, workspace_id: str) -> Restore | None:
    """The last one."""
    statement = select(_restores.c.since, _restores.c.restored_at)
    row = session.execute(statement.where(_restores.c.workspace_id == workspace_id)).first()
    return Restore(*row) if row else None


def find_said(session: Session, dues: Sequence[Due]) -> Restore | None:
    """The restore before which something of these, of one strategy and ritual, was perhaps said.

    What is moved to a working day, or put off, was due before all the same: that is kept here.
    """
    first = dues[0]
    restore = find_restore(session, first.workspace_id)
    if restore is None:
        return None
    over = [due for due in dues if due.due_at <= restore.restored_at]
    if first.ritual not in REPEATED:
        return restore if over else None
    insert_all_missing(session, _restored_dues, [key_of(due) for due in over])
    of_these = (
        _restored_dues.c.workspace_id == first.workspace_id,
        _restored_dues.c.strategy_id == first.strategy_id,
        _restored_dues.c.ritual == first.ritual.value,
    )
    kept = select(_restored_dues.c.person_id, _restored_dues.c.period).where(*of_these)
    found = {(person_id, period) for person_id, period in session.execute(kept)}
    return restore if any((due.person_id, due.period) in found for due in dues) else None


def mark_restored(session: Session, now: datetime) -> datetime | None:
    """Say of every workspace that its rows are out of a backup.

    Returns since when what was said is not known, by the one that spoke last before the backup; None where none ever did.
    """
    session.execute(delete(table(LeaseRow)))
    found = []
    for workspace_id in session.scalars(select(_workspaces.c.workspace_id)).all():
        with within(session, workspace_id):
            found.append(_mark_workspace(session, workspace_id, now))
    return max((since for since in found if since > _EVER), default=None)


def _mark_workspace(session: Session, workspace_id: str, now: datetime) -> datetime:
    over = (_due.c.workspace_id == workspace_id, _due.c.due_at <= now, _due.c.ritual.in_(REPEATED))
    dues = session.execute(select(_due).where(*over)).all()
    insert_all_missing(session, _restored_dues, [key_of(read_due(row)) for row in dues])
    since = _find_since(session, workspace_id)
    key = {"workspace_id": workspace_id, "since": since, "restored_at": now}
    upsert(session, _restores, [key], ("since", "restored_at"))
    _mark(session, workspace_id, since, now)
    forget_content(session, workspace_id)
    acts.add_act(session, workspace_id, None, Act(ActKind.RESTORED, None, now))
    return since


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
