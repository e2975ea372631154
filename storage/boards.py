"""A strategy's open initiatives at a glance, for the list that everybody asks for most: one statement, no metrics."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select
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
        *(_initiatives.c[field.name] for field in fields(Initiative) if field.name != "metrics"),
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
    listed = tuple(_initiative(row) for row in rows if row.id is not None)
    return Board(rows[0].of_strategy, rows[0].strategy_name, rows[0].zone, listed)


def _initiative(row: Row[Any]) -> Initiative:
    """The columns of an initiative follow the strategy's three, in the order of the value's fields."""
    values: list[Any] = [*row[3:-1], Status(row[-1])]
    return Initiative(*values)
