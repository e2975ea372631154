"""Signals that owners were asked about, kept as they were then, and what was said of them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from domain.signals import Said, Signal, Unlike
from storage.ids import new_id
from storage.models import SignalRow, SignalWordRow
from storage.statements import add_revision, insert_all_missing, is_there, points_at, table

_signals = table(SignalRow)
_words = table(SignalWordRow)
_later = _words.alias("later")
_IS_REPLACED = is_there(
    *(_later.c[name] == _words.c[name] for name in ("workspace_id", "signal_id")),
    _later.c.revision > _words.c.revision,
)
# Built once: building a statement costs several times what running it does.
_ALL: Select[Any] = (
    select(_signals, _words.c.words, _words.c.person_id, _words.c.at)
    .select_from(_signals.outerjoin(_words, points_at(_words, "signal_id", _signals) & ~_IS_REPLACED))
    .where(_signals.c.workspace_id == bindparam("workspace_id"))
    .order_by(_signals.c.on, _signals.c.id)
)
_ONE = _ALL.where(_signals.c.id == bindparam("id"))
_OF_CHECK_INS = _ALL.where(_signals.c.check_in_id.in_(bindparam("check_in_ids", expanding=True)))
_SINCE = _ALL.where(
    _signals.c.strategy_id == bindparam("strategy_id"), _signals.c.asked_at > bindparam("since")
)


def add_signals(session: Session, found: Iterable[Signal]) -> None:
    """They get ids; of a reading that was asked about before, nothing is added."""
    names = ("workspace_id", "strategy_id", "kpi_id", "owner_id", "check_in_id", "asked_at")
    rows = [
        {name: getattr(one, name) for name in names}
        | {"id": new_id(), "on": one.unlike.on}
        | {name: str(getattr(one.unlike, name)) for name in ("value", "low", "high")}
        for one in found
    ]
    insert_all_missing(session, _signals, rows)


def find_signal(session: Session, workspace_id: str, signal_id: int) -> Signal | None:
    row = session.execute(_ONE, {"workspace_id": workspace_id, "id": signal_id}).first()
    return _signal(row) if row else None


def list_of_check_ins(
    session: Session, workspace_id: str, check_in_ids: Collection[int]
) -> dict[int, list[Signal]]:
    """Those asked about with each of these, the oldest reading first."""
    found: dict[int, list[Signal]] = {check_in_id: [] for check_in_id in check_in_ids}
    values = {"workspace_id": workspace_id, "check_in_ids": tuple(check_in_ids)}
    for row in session.execute(_OF_CHECK_INS, values):
        found[row.check_in_id].append(_signal(row))
    return found


def list_since(session: Session, workspace_id: str, strategy_id: int, since: datetime) -> list[Signal]:
    """Those of a strategy asked about after an instant, the oldest reading first."""
    values = {"workspace_id": workspace_id, "strategy_id": strategy_id, "since": since}
    return [_signal(row) for row in session.execute(_SINCE, values)]


def add_words(session: Session, signal: Signal, said: Said) -> None:
    """They stand instead of what was said before, which is kept. The check-in it was asked with is held."""
    row = {"workspace_id": signal.workspace_id, "signal_id": signal.id}
    row |= {"words": said.words, "person_id": said.person_id, "at": said.at}
    add_revision(session, _words, row)


def _signal(row: Row[Any]) -> Signal:
    names = ("id", "workspace_id", "strategy_id", "kpi_id", "owner_id", "check_in_id", "asked_at")
    return Signal(
        unlike=Unlike(row.on, Decimal(row.value), Decimal(row.low), Decimal(row.high)),
        said=Said(row.words, row.person_id, row.at) if row.words else None,
        **{name: getattr(row, name) for name in names},
    )
