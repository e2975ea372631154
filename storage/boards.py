"""A strategy's open initiatives at a glance, for the list that everybody asks for most: one statement, no metrics."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from domain.initiatives import Initiative, Status
from storage.models import InitiativeRow, StrategyRow
from storage.statements import table

_strategies = table(StrategyRow)
_initiatives = table(InitiativeRow)
_IS_OPEN = or_(*(_initiatives.c.status == status.value for status in Status if not status.is_closed))

_OF_CHANNEL = (
    select(
        _strategies.c.id.label("of_strategy"),
        _strategies.c.name.label("strategy_name"),
        _strategies.c.zone,
        *(column for column in _initiatives.c if column.name not in ("created_at", "closed_at")),
    )
    .select_from(
        _strategies.outerjoin(
            _initiatives,
            and_(
                _initiatives.c.workspace_id == _strategies.c.workspace_id,
                _initiatives.c.strategy_id == _strategies.c.id,
                _IS_OPEN,
            ),
        )
    )
    .where(
        _strategies.c.workspace_id == bindparam("workspace_id"),
        _strategies.c.channel_id == bindparam("channel_id"),
    )
    .order_by(_initiatives.c.id)
)


@dataclass(frozen=True, slots=True)
class Board:
    """A strategy's id, name and zone, and its open initiatives without their metrics, oldest first."""

    strategy_id: int
    name: str
    zone: str
    initiatives: tuple[Initiative, ...]


def find_board(session: Session, workspace_id: str, channel_id: str) -> Board | None:
    """None where the channel has no strategy."""
    rows = session.execute(_OF_CHANNEL, {"workspace_id": workspace_id, "channel_id": channel_id}).all()
    if not rows:
        return None
    listed = tuple(
        Initiative(
            id=row.id,
            workspace_id=row.workspace_id,
            strategy_id=row.strategy_id,
            name=row.name,
            goal_id=row.goal_id,
            owner_id=row.owner_id,
            start=row.start,
            due=row.due,
            first_due=row.first_due,
            due_moves=row.due_moves,
            status=Status(row.status),
        )
        for row in rows
        if row.id is not None
    )
    return Board(rows[0].of_strategy, rows[0].strategy_name, rows[0].zone, listed)
