"""What is due when, and what happened already.

`due` holds the next occurrence of each ritual; `occurrences` the ones that happened, by a key that makes each
happen once, however many processes look.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from domain.rituals import Due, Ritual
from storage.models import DueRow, OccurrenceRow
from storage.statements import insert_missing, table, upsert

_due = table(DueRow)
_occurrences = table(OccurrenceRow)


def list_due(session: Session, workspace_id: str, now: datetime, limit: int) -> list[Due]:
    """What is due in a workspace at or before `now`, the longest due first."""
    is_due = (_due.c.workspace_id == workspace_id, _due.c.due_at <= now)
    rows = session.execute(select(_due).where(*is_due).order_by(_due.c.due_at).limit(limit))
    return [read_due(row) for row in rows]


def find_next_due(session: Session, workspace_id: str) -> datetime | None:
    """The instant at which something is next due in a workspace, past ones included."""
    of_workspace = _due.c.workspace_id == workspace_id
    earliest: datetime | None = session.scalar(select(func.min(_due.c.due_at)).where(of_workspace))
    return earliest


def set_due(session: Session, due: Due) -> None:
    """Say when a ritual is next due; replaces what was said before."""
    upsert(session, _due, [asdict(due)], ("period", "due_at"))


def add_due(session: Session, due: Due) -> None:
    """As `set_due`, unless one is set already."""
    insert_missing(session, _due, asdict(due))


def list_due_of(session: Session, workspace_id: str, strategy_id: int) -> list[Due]:
    """Everything that is next for one strategy."""
    rows = session.execute(
        select(_due).where(_due.c.workspace_id == workspace_id, _due.c.strategy_id == strategy_id)
    )
    return [read_due(row) for row in rows]


def is_still_due(session: Session, due: Due) -> bool:
    """Whether nobody performed or moved it meanwhile; locks its row to the end of the transaction."""
    key = (
        _due.c.workspace_id == due.workspace_id,
        _due.c.strategy_id == due.strategy_id,
        _due.c.ritual == due.ritual,
        _due.c.person_id == due.person_id,
        _due.c.due_at == due.due_at,
    )
    return session.execute(select(_due.c.ritual).where(*key).with_for_update()).first() is not None


def list_claimed(
    session: Session, workspace_id: str, strategy_id: int, period: str, person_id: str
) -> set[Ritual]:
    """The rituals that happened for a person in a period."""
    rows = session.scalars(
        select(_occurrences.c.ritual).where(
            _occurrences.c.workspace_id == workspace_id,
            _occurrences.c.strategy_id == strategy_id,
            _occurrences.c.period == period,
            _occurrences.c.person_id == person_id,
        )
    )
    return {Ritual(ritual) for ritual in rows}


def drop_due(
    session: Session,
    workspace_id: str,
    strategy_id: int,
    *,
    ritual: Ritual | None = None,
    person_id: str | None = None,
) -> None:
    """Forget what is due for a strategy, or only for one ritual or person of it."""
    statement = delete(_due).where(_due.c.workspace_id == workspace_id, _due.c.strategy_id == strategy_id)
    if ritual is not None:
        statement = statement.where(_due.c.ritual == ritual)
    if person_id is not None:
        statement = statement.where(_due.c.person_id == person_id)
    session.execute(statement)


def claim_occurrence(
    session: Session,
    *,
    workspace_id: str,
    strategy_id: int,
    ritual: Ritual,
    period: str,
    person_id: str,
    due_at: datetime,
    now: datetime,
    outcome: str,
) -> bool:
    """Take an occurrence for this transaction; False when it happened already."""
    values = {
        "workspace_id": workspace_id,
        "strategy_id": strategy_id,
        "ritual": ritual,
        "period": period,
        "person_id": person_id,
        "due_at": due_at,
        "claimed_at": now,
        "outcome": outcome,
    }
    return insert_missing(session, _occurrences, values)


def read_due(row: Any) -> Due:
    return Due(row.workspace_id, row.strategy_id, Ritual(row.ritual), row.person_id, row.period, row.due_at)
