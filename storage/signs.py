"""Which initiatives had three signs of slipping or more when their owners were asked, and what they are by now."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from domain.initiatives import Status
from domain.periods import Week
from domain.signs import Course, Showing, SignKind
from storage.models import InitiativeRow, SignsShownRow, StrategyRow
from storage.statements import insert_all_missing, is_of, points_at, table

_shown = table(SignsShownRow)
_initiatives = table(InitiativeRow)
_strategies = table(StrategyRow)

# Built once: building a statement costs several times what running it does.
_OF_CHANNEL = (
    select(
        _shown,
        _initiatives.c.due.label("due_now"),
        _initiatives.c.status,
        _initiatives.c.closed_at,
        _strategies.c.closed_at.label("ended_at"),
    )
    .select_from(
        _strategies.join(_shown, points_at(_shown, "strategy_id", _strategies)).join(
            _initiatives, points_at(_shown, "initiative_id", _initiatives)
        )
    )
    .where(
        _strategies.c.workspace_id == bindparam("workspace_id"),
        _strategies.c.channel_id == bindparam("channel_id"),
    )
    .order_by(_shown.c.period, _shown.c.initiative_id)
)


def list_courses(session: Session, workspace_id: str, channel_id: str) -> tuple[Course, ...]:
    """Those of every strategy that a channel has or had, the first first."""
    found = session.execute(_OF_CHANNEL, {"workspace_id": workspace_id, "channel_id": channel_id})
    return tuple(
        Course(_read(row), row.due_now, Status(row.status), row.closed_at, row.ended_at) for row in found
    )


def add_showings(session: Session, workspace_id: str, strategy_id: int, showings: Iterable[Showing]) -> None:
    """What is kept already stays as it is."""
    rows = [
        {
            "workspace_id": workspace_id,
            "initiative_id": one.initiative_id,
            "period": str(one.period),
            "strategy_id": strategy_id,
            "signs": {kind.value: figure for kind, figure in one.signs.items()},
            "due": one.due,
            "is_for_leads": one.is_for_leads,
            "at": one.at,
        }
        for one in showings
    ]
    insert_all_missing(session, _shown, rows)


def forget_ahead(session: Session, workspace_id: str, strategy_id: int, after: datetime) -> None:
    """What was shown later than an instant, by a clock that was ahead, is shown when its time comes."""
    of_strategy = is_of(_shown, workspace_id, strategy_id=strategy_id)
    session.execute(delete(_shown).where(of_strategy, _shown.c.at > after))


def read_signs(kept: Mapping[str, Any]) -> dict[SignKind, int]:
    """Raises ValueError for what `add_showings` did not write."""
    signs = {SignKind(kind): figure for kind, figure in kept.items()}
    if not all(type(figure) is int and figure > 0 for figure in signs.values()):
        raise ValueError("A sign has a figure.")
    return signs


def _read(row: Any) -> Showing:
    return Showing(
        row.initiative_id, Week.parse(row.period), read_signs(row.signs), row.due, row.is_for_leads, row.at
    )
