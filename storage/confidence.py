"""Confidence: what owners said of their targets, each version, and what became of these."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from domain.confidence import Confidence, TargetOutcome
from domain.pace import Plan, Point
from storage.models import CheckInRow, ConfidenceRow, StrategyRow
from storage.statements import add_revision, is_there, points_at, table

_said = table(ConfidenceRow)
_check_ins = table(CheckInRow)
_strategies = table(StrategyRow)
_later = _said.alias("later")
_KEY = ("workspace_id", "check_in_id", "initiative_id")
_IS_REPLACED = is_there(
    *(_later.c[name] == _said.c[name] for name in _KEY), _later.c.revision > _said.c.revision
)
# Built once: building a statement costs several times what running it does.
_OF_CHECK_IN = select(_said).where(
    _said.c.workspace_id == bindparam("workspace_id"),
    _said.c.check_in_id == bindparam("check_in_id"),
    _said.c.percent.is_not(None),
    ~_IS_REPLACED,
)
_OF_CHANNEL = (
    select(_said)
    .join_from(_said, _check_ins, points_at(_said, "check_in_id", _check_ins))
    .join(_strategies, points_at(_check_ins, "strategy_id", _strategies))
    .where(
        _said.c.workspace_id == bindparam("workspace_id"),
        _strategies.c.channel_id == bindparam("channel_id"),
        _said.c.percent.is_not(None),
        ~_IS_REPLACED,
    )
    .order_by(_said.c.at)
)
_UNSETTLED = _OF_CHANNEL.where(_said.c.outcome.is_(None), _said.c.due < bindparam("today"))
_SETTLED = _OF_CHANNEL.where(_said.c.settled_at <= bindparam("until"))
_SETTLE = (
    update(_said)
    .where(*(_said.c[name] == bindparam(f"its_{name}") for name in _KEY))
    .values(outcome=bindparam("became"), settled_at=bindparam("now"))
)


def list_said(session: Session, workspace_id: str, check_in_id: int) -> dict[int, Confidence]:
    """What stands in a check-in, by initiative."""
    values = {"workspace_id": workspace_id, "check_in_id": check_in_id}
    return {row.initiative_id: _read(row) for row in session.execute(_OF_CHECK_IN, values)}


def save(session: Session, workspace_id: str, said: Confidence) -> None:
    """It stands instead of what was said before, which is kept. The check-in is held."""
    key = dict(zip(_KEY, (workspace_id, said.check_in_id, said.initiative_id), strict=True))
    values = {
        "metric_id": said.metric_id,
        "start": said.plan.baseline.on,
        "baseline": str(said.plan.baseline.value),
        "due": said.plan.target.on,
        "target": str(said.plan.target.value),
        "value": None if said.value is None else str(said.value),
        "percent": said.percent,
        "line": said.line,
        "person_id": said.person_id,
        "at": said.at,
    }
    add_revision(session, _said, {**key, **values})


def list_unsettled(session: Session, workspace_id: str, channel_id: str, today: date) -> list[Confidence]:
    """What stands of all quarters of a channel, of targets whose day has passed."""
    values = {"workspace_id": workspace_id, "channel_id": channel_id, "today": today}
    return [_read(row) for row in session.execute(_UNSETTLED, values)]


def settle(
    session: Session, workspace_id: str, outcomes: Mapping[tuple[int, int], TargetOutcome], now: datetime
) -> None:
    """By check-in and initiative; it stays, whatever is read or changed later."""
    if outcomes:
        found = [
            dict(zip(_SETTLED_AS, (workspace_id, *key, outcome.value, now), strict=True))
            for key, outcome in outcomes.items()
        ]
        session.execute(_SETTLE, found)


_SETTLED_AS = (*(f"its_{name}" for name in _KEY), "became", "now")


def list_settled(session: Session, workspace_id: str, channel_id: str, until: datetime) -> list[Confidence]:
    """What was settled by an instant, of all quarters of a channel, the first said first."""
    values = {"workspace_id": workspace_id, "channel_id": channel_id, "until": until}
    return [_read(row) for row in session.execute(_SETTLED, values)]


def unsettle(session: Session, workspace_id: str, after: datetime) -> None:
    """What a clock that was ahead has settled later than an instant is open again."""
    were_ahead = (_said.c.workspace_id == workspace_id, _said.c.settled_at > after)
    session.execute(update(_said).where(*were_ahead).values(outcome=None, settled_at=None))


def _read(row: Row[Any]) -> Confidence:
    baseline, target = Decimal(row.baseline), Decimal(row.target)
    return Confidence(
        row.check_in_id,
        row.initiative_id,
        row.metric_id,
        Plan(
            Point(row.start, baseline),
            Point(row.due, target),
            is_up=target > baseline,
            expected_from=row.start,
        ),
        row.percent,
        None if row.value is None else Decimal(row.value),
        row.line,
        row.person_id,
        row.at,
        TargetOutcome(row.outcome) if row.outcome else None,
    )
