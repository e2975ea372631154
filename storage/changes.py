"""Who changed what in a strategy, when."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from domain.acts import Act
from domain.changes import Change, ChangeKind
from storage import acts, checklists, homes
from storage.ids import new_id
from storage.models import ChangeRow, InitiativeRow
from storage.statements import is_of, read_as, table

_changes = table(ChangeRow)
_initiatives = table(InitiativeRow)


def record_change(
    session: Session, workspace_id: str, strategy_id: int, change: Change, done_by: str = ""
) -> None:
    """What of an act the team reads in the digest; it stands in the audit log as well, as done by whoever the change names
    unless somebody else did it.
    """
    id_ = new_id()
    key = {"workspace_id": workspace_id, "id": id_, "strategy_id": strategy_id}
    session.execute(insert(_changes).values(asdict(change) | key | {"kind": change.kind.value}))
    name = _name_of(session, workspace_id, change.initiative_id)
    act = Act(change.kind, done_by or change.person_id, change.at, name, thing_id=change.initiative_id)
    acts.add_act(session, workspace_id, strategy_id, act, id_)
    homes.mark_stale(session, workspace_id, strategy_id, [change.person_id])
    checklists.mark_stale(session, workspace_id, strategy_id)


def _name_of(session: Session, workspace_id: str, initiative_id: int | None) -> str:
    if initiative_id is None:
        return ""
    of_it = is_of(_initiatives, workspace_id, id=initiative_id)
    return session.scalar(select(_initiatives.c.name).where(of_it)) or ""


def list_changes(session: Session, workspace_id: str, strategy_id: int, since: datetime) -> list[Change]:
    """Those at `since` or later, oldest first."""
    statement = select(_changes).where(
        is_of(_changes, workspace_id, strategy_id=strategy_id),
        _changes.c.at >= since,
    )
    return [_change(row) for row in session.execute(statement.order_by(_changes.c.at, _changes.c.id))]


def list_history(session: Session, workspace_id: str, strategy_id: int, limit: int) -> list[Change]:
    """The last changes of the strategy itself, not of its initiatives; newest first."""
    statement = select(_changes).where(
        is_of(_changes, workspace_id, strategy_id=strategy_id),
        _changes.c.initiative_id.is_(None),
    )
    rows = session.execute(statement.order_by(_changes.c.at.desc(), _changes.c.id.desc()).limit(limit))
    return [_change(row) for row in rows]


def _change(row: Row[Any]) -> Change:
    return read_as(Change, row, kind=ChangeKind(row.kind))
