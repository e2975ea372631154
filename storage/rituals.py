"""What is due when, and what happened already.

`due` holds the next occurrence of each ritual; `occurrences` the ones that happened, by a key that makes each
happen once, however many processes look.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, select
from sqlalchemy.orm import Session

from domain.rituals import Due, Ritual
from storage.models import DueRow, OccurrenceRow
from storage.statements import Now, claim_all_missing, insert_missing, is_of, is_there, table, upsert

_due = table(DueRow)
_occurrences = table(OccurrenceRow)

# Built once: building a statement costs several times what running it does.
_OF_WORKSPACE = select(_due).where(_due.c.workspace_id == bindparam("workspace_id"))
_OF_STRATEGY = _OF_WORKSPACE.where(_due.c.strategy_id == bindparam("strategy_id"))
_NOW_DUE = (
    _OF_WORKSPACE.where(_due.c.due_at <= bindparam("now")).order_by(_due.c.due_at).limit(bindparam("limit"))
)
_EARLIEST = select(func.min(_due.c.due_at)).where(_due.c.workspace_id == bindparam("workspace_id"))
_TOGETHER = (
    _OF_STRATEGY.where(_due.c.ritual == bindparam("ritual"), _due.c.due_at <= bindparam("until"))
    .order_by(_due.c.person_id)
    .with_for_update()
)
_TOGETHER_IF_FREE = _TOGETHER.with_for_update(skip_locked=True)
_THIS = (
    _due.c.workspace_id == bindparam("its_workspace_id"),
    _due.c.strategy_id == bindparam("its_strategy_id"),
    _due.c.ritual == bindparam("its_ritual"),
    _due.c.person_id == bindparam("its_person_id"),
)
_DROP = delete(_due).where(*_THIS)
_CLAIMED = select(_occurrences.c.ritual, _occurrences.c.person_id).where(
    _occurrences.c.workspace_id == bindparam("workspace_id"),
    _occurrences.c.strategy_id == bindparam("strategy_id"),
    _occurrences.c.period == bindparam("period"),
    _occurrences.c.person_id.in_(bindparam("person_ids", expanding=True)),
)


def list_due(session: Session, workspace_id: str, now: datetime, limit: int) -> list[Due]:
    """What is due in a workspace at or before `now`, the longest due first."""
    values = {"workspace_id": workspace_id, "now": now, "limit": limit}
    return [read_due(row) for row in session.execute(_NOW_DUE, values)]


def has_due(workspace_id: ColumnElement[str], now: Now) -> ColumnElement[bool]:
    """Whether something is due there at or before `now`."""
    return is_there(_due.c.workspace_id == workspace_id, _due.c.due_at <= now)


def find_next_due(session: Session, workspace_id: str) -> datetime | None:
    """The instant at which something is next due in a workspace, past ones included."""
    earliest: datetime | None = session.scalar(_EARLIEST, {"workspace_id": workspace_id})
    return earliest


def set_due(session: Session, *dues: Due) -> None:
    """Say when rituals are next due; replaces what was said before."""
    upsert(session, _due, [_row(due) for due in dues], ("period", "due_at"))


def add_due(session: Session, due: Due) -> None:
    """As `set_due`, unless one is set already."""
    insert_missing(session, _due, _row(due))


def list_due_of(session: Session, workspace_id: str, strategy_id: int) -> list[Due]:
    """Everything that is next for one strategy."""
    values = {"workspace_id": workspace_id, "strategy_id": strategy_id}
    return [read_due(row) for row in session.execute(_OF_STRATEGY, values)]


def hold_due(session: Session, dues: Sequence[Due], *, wait: bool) -> list[Due]:
    """Those of one strategy and ritual that nobody performed or moved meanwhile; locks them to the end of the
    transaction. What another transaction has locked is waited for, or left to it.
    """
    first, until = dues[0], max(due.due_at for due in dues)
    values = {"strategy_id": first.strategy_id, "ritual": first.ritual.value, "until": until}
    together = _TOGETHER if wait else _TOGETHER_IF_FREE
    rows = session.execute(together, {"workspace_id": first.workspace_id, **values})
    still = {read_due(row) for row in rows}
    return [due for due in dues if due in still]


def find_due(
    session: Session, workspace_id: str, strategy_id: int, ritual: Ritual, person_id: str
) -> Due | None:
    """When a ritual is next due for a strategy (person "") or one of its owners."""
    key = is_of(_due, workspace_id, strategy_id=strategy_id, ritual=ritual, person_id=person_id)
    row = session.execute(select(_due).where(key)).first()
    return read_due(row) if row else None


def list_claimed(
    session: Session, workspace_id: str, strategy_id: int, period: str, person_ids: list[str]
) -> dict[str, set[Ritual]]:
    """The rituals that happened for each of these people in a period."""
    claimed: dict[str, set[Ritual]] = {person_id: set() for person_id in person_ids}
    values = {"strategy_id": strategy_id, "period": period, "person_ids": tuple(person_ids)}
    for row in session.execute(_CLAIMED, {"workspace_id": workspace_id, **values}):
        claimed[row.person_id].add(Ritual(row.ritual))
    return claimed


def drop_all(session: Session, dues: Collection[Due]) -> None:
    """Forget that these are due, whenever they are."""
    if dues:
        names = ("workspace_id", "strategy_id", "ritual", "person_id")
        session.execute(_DROP, [{f"its_{name}": getattr(due, name) for name in names} for due in dues])


def drop_due(session: Session, workspace_id: str, strategy_id: int, *, ritual: Ritual | None = None) -> None:
    """Forget what is due for a strategy, or only for one ritual of it."""
    statement = delete(_due).where(is_of(_due, workspace_id, strategy_id=strategy_id))
    if ritual is not None:
        statement = statement.where(_due.c.ritual == ritual)
    session.execute(statement)


def claim_occurrence(session: Session, due: Due, now: datetime, outcome: str) -> bool:
    """Take what was due as an occurrence of this transaction; False when it happened already."""
    return bool(claim_occurrences(session, {due: outcome}, now))


def claim_occurrences(session: Session, outcomes: Mapping[Due, str], now: datetime) -> set[Due]:
    """Take these occurrences of one strategy and ritual for this transaction; returns those that had not happened yet."""
    rows = [_row(due) | {"claimed_at": now, "outcome": outcome} for due, outcome in outcomes.items()]
    claimed = claim_all_missing(session, _occurrences, rows)
    fresh = {(row.period, row.person_id) for row in claimed}
    return {due for due in outcomes if (due.period, due.person_id) in fresh}


def _row(due: Due) -> dict[str, Any]:
    return key_of(due) | {"due_at": due.due_at}


def key_of(due: Due) -> dict[str, Any]:
    """What tells it from all others, whenever it is due."""
    return {
        "workspace_id": due.workspace_id,
        "strategy_id": due.strategy_id,
        "ritual": due.ritual.value,
        "person_id": due.person_id,
        "period": due.period,
    }


def read_due(row: Any) -> Due:
    return Due(row.workspace_id, row.strategy_id, Ritual(row.ritual), row.person_id, row.period, row.due_at)
