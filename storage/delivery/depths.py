"""How much waits, and for how long, for whoever watches."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.delivery.outbox import State
from storage.models import DueRow, OutboxRow
from storage.statements import table

_outbox = table(OutboxRow)
_due = table(DueRow)
_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Depth:
    """Rows of the outbox by state, how long the oldest that may go out has waited, how long the first due ritual is due."""

    rows: Mapping[State, int]
    oldest: timedelta
    due_lag: timedelta


def measure(session: Session, now: datetime, only: Collection[str] | None = None) -> Depth:
    """Of these workspaces, or (None) of all."""
    counted = select(_outbox.c.state, func.count(), func.min(_outbox.c.created_at)).group_by(_outbox.c.state)
    first_due = select(func.min(_due.c.due_at))
    if only is not None:
        counted = counted.where(_outbox.c.workspace_id.in_(only))
        first_due = first_due.where(_due.c.workspace_id.in_(only))
    found = {State(state): (count, since) for state, count, since in session.execute(counted)}
    _, waiting_since = found.get(State.PENDING, (0, None))
    return Depth(
        {state: found.get(state, (0, None))[0] for state in State},
        max(now - waiting_since, _NOTHING) if waiting_since else _NOTHING,
        max(now - due_at, _NOTHING) if (due_at := session.scalar(first_due)) else _NOTHING,
    )
