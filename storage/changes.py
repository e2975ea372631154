"""Who changed what in a strategy, when."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.digests import Change
from storage.ids import new_id
from storage.models import ChangeRow
from storage.statements import table

_changes = table(ChangeRow)


def record_change(
    session: Session,
    workspace_id: str,
    strategy_id: int,
    kind: str,
    initiative_id: int | None,
    before: str,
    after: str,
    person_id: str,
    at: datetime,
) -> None:
    """`before` and `after` are words as they are shown; "" where there was or is nothing."""
    session.execute(
        insert(_changes).values(
            workspace_id=workspace_id,
            id=new_id(),
            strategy_id=strategy_id,
            initiative_id=initiative_id,
            kind=kind,
            before=before,
            after=after,
            person_id=person_id,
            at=at,
        )
    )


def list_changes(session: Session, workspace_id: str, strategy_id: int, since: datetime) -> list[Change]:
    """Those at `since` or later, oldest first."""
    statement = select(_changes).where(
        _changes.c.workspace_id == workspace_id,
        _changes.c.strategy_id == strategy_id,
        _changes.c.at >= since,
    )
    rows = session.execute(statement.order_by(_changes.c.at, _changes.c.id))
    return [Change(row.kind, row.initiative_id, row.before, row.after, row.person_id, row.at) for row in rows]
