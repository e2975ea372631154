"""Rows of every table of a strategy, made from the tables themselves, so that no column is forgotten."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Table, insert
from sqlalchemy.orm import Session

from domain.bets import BetFate, Known, NumberKnown
from domain.check_ins import Standing
from domain.closed_weeks import ClosedWeek, InitiativeThen, NumberThen
from domain.forecasts import Band
from domain.healths import Health
from domain.pace import Pace
from domain.periods import Week
from domain.schedules import DEFAULT_SCHEDULE
from storage.bets import write_known
from storage.closed_weeks import write_facts
from storage.exports import EXPORTED, PEOPLE_COLUMNS
from storage.schedules import write_schedule
from storage.types import UtcDateTime

TEAM = "T1"
NOW = datetime(2026, 12, 17, 10, 30, 15, 123456, tzinfo=UTC)
_MOST = 2**63 - 1000
_PARENTS = {
    "strategy_id": 1,
    "initiative_id": 11,
    "check_in_id": 21,
    "kpi_id": 31,
    "review_id": 41,
    "bet_id": 61,
    "decision_id": 71,
    "signal_id": 81,
}
_PARENT_TABLES = {
    "initiatives": "initiative_id",
    "check_ins": "check_in_id",
    "kpis": "kpi_id",
    "reviews": "review_id",
    "bets": "bet_id",
    "decisions": "decision_id",
    "signals": "signal_id",
}


def fill(session: Session, strategy: int = 1) -> None:
    """Two rows a table (one workspace and one strategy) for the strategy with this number."""
    for name, rows in EXPORTED.items():
        if name == "workspaces" and strategy > 1:
            continue
        for number in range(1 if name in {"strategies", "workspaces"} else 2):
            session.execute(insert(rows).values(row_of(rows, strategy, number)))


def row_of(rows: Table, strategy: int, number: int) -> dict[str, Any]:
    return {column.name: _value(rows.name, column, strategy, number) for column in rows.columns}


def _value(table: str, column: Column[Any], strategy: int, number: int) -> Any:
    name, kind = column.name, column.type
    if name == "workspace_id":
        return TEAM
    if number and column.nullable and name not in ("message_id", "thread_of", "strategy_id", "revision"):
        return None
    if isinstance(kind, UtcDateTime):
        return NOW + timedelta(days=number, microseconds=strategy)
    if isinstance(kind, Date):
        return date(2026, 12, 1) + timedelta(days=number)
    if isinstance(kind, Boolean):
        return bool(number)
    if isinstance(kind, JSON):
        return _json(table, name, strategy, number)
    if isinstance(kind, BigInteger):
        return _integer(table, name, strategy, number)
    return _text(table, name, strategy, number)


def _json(table: str, name: str, strategy: int, number: int) -> dict[str, Any]:
    if name == "told":
        return {"11": {"standing": "no answer", "owner": f"U{strategy}{number}"}}
    if name == "facts":
        return write_facts(_closed_week(number))
    if name in ("then", "found"):
        return write_known(_known())
    if name == "signs":
        return {"carried": 3, "moved": 1, "green": 2}
    if name == "months":
        return {"2026-12": "320", "2027-01": "345.5"}
    if name == "not_kpis":
        return {"kpi_ids": [7, 8]}
    if name == "former_plans":
        return {"plans": [_FORMER_PLAN]}
    if table == "reviews":
        asked = {"lead_messages": {f"U{strategy}{number}": message_id(strategy, number)}, "outcome_id": None}
        return {"message_ids": [message_id(strategy, number)], "initiative_ids": [], "reminded": [], **asked}
    if table == "digests":
        return {"message_ids": [message_id(strategy, number)]}
    if name == "schedule":
        return write_schedule(DEFAULT_SCHEDULE)
    if name == "options":
        return {"options": [_WORDS]}
    if name == "channels":
        return {"channels": ["email", _WORDS]}
    return {"progress": _WORDS, "next": "", "readings": [[7, "4.10"]], "via": "form"}


_WORDS = "=1+1 ünï <b> & 🌊"
_FORMER_PLAN = {
    "until": "2026-12-01T09:00:00+00:00",
    "direction": "increase to",
    "baseline": "310",
    "baseline_on": "2026-11-23",
    "target": "420",
    "target_on": "2027-03-31",
    "cadence": "weekly",
    "months": {},
}


def _closed_week(number: int) -> ClosedWeek:
    value = Decimal("4.10")
    read = NumberThen(7, _WORDS, "%", value, value + 1, value, Pace.BEHIND, value, date(2026, 12, 1))
    unread = replace(read, value=None, read_on=None, pace=Pace.NO_READING)
    said = InitiativeThen(
        11, Standing.ANSWERED, Health.AT_RISK, True, _WORDS, date(2027, 3, 31), (read, unread)
    )
    initiatives = (said, InitiativeThen(12, Standing.NO_ANSWER))
    return ClosedWeek("U1", Week(2026, 48), NOW, None, initiatives, (unread,), bool(number))


def _known() -> Known:
    value, day = Decimal("4.10"), date(2026, 12, 1)
    band = Band(day, value, value - 1, value + 1)
    number = NumberKnown(_WORDS, "%", True, Pace.BEHIND, value, day, band, is_at_least=True)
    weeks = ((Week(2026, 48), Health.AT_RISK), (Week(2026, 49), None))
    return Known(day, _WORDS, number, weeks, BetFate.PAUSED)


def message_id(strategy: int, number: int) -> int:
    return _MOST + strategy * 10 + number


def _integer(table: str, name: str, strategy: int, number: int) -> int:
    if table == "messages" and name == "id":
        return message_id(strategy, number)
    if name in ("message_id", "reminder_message_id", "reply_message_id", "thread_of"):
        return message_id(strategy, number)
    if name == "id":
        name = {"strategies": "strategy_id"}.get(table) or _PARENT_TABLES.get(table, "id")
        return (strategy if name == "strategy_id" else _PARENTS.get(name, 51) + number) + 100 * (
            strategy if name != "strategy_id" else 0
        )
    if name == "strategy_id":
        return strategy
    if name in ("percent", "line"):
        return (70, 30)[number]
    return _PARENTS.get(name, 51) + number + 100 * strategy


_TEXTS = {
    "zone": ("Europe/London", "Asia/Kathmandu"),
    "working_days": ("01234", "0123"),
    "country": ("GB-SCT", "DE"),
    "status": ("active", "paused"),
    "health": ("at_risk", "on_track"),
    "direction": ("increase to", "stay above"),
    "cadence": ("weekly", "monthly"),
    "baseline": ("4.10", "-300"),
    "target": ("1250", "-300"),
    "first_target": ("0.5", "7"),
    "value": ("4.10", "0"),
    "expected_value": ("4.10", "0"),
    "verdict": ("keep", "stop"),
    "low": ("3.5", "1"),
    "high": ("4", "2.5"),
    "role": ("owner", "new owner"),
    "choice": ("continue", "stop"),
    "carried": ("yes", "partly"),
    "ritual": ("prompt", "review"),
    "period": ("2026-W48", "2026-W49"),
    "from_period": ("2026-W48", "2026-W49"),
}
_OF_TABLE = {
    ("kpis", "kind"): ("currency", "count"),
    ("changes", "kind"): ("owner", "KPI target"),
    ("acts", "kind"): ("owner", "answered"),
    ("acts", "way"): ("form", ""),
    ("acts", "before"): ("at risk", ""),
    ("acts", "after"): ("on track", "316"),
    ("learnings", "kind"): ("keep", "change"),
    ("decisions", "kind"): ("help", "decision"),
    ("confirmations", "state"): ("asked", "declined"),
    ("check_ins", "state"): ("asked", "early"),
    ("confidences", "outcome"): ("met", "unknown"),
    ("closed_weeks", "state"): ("asked", "asked"),
    ("decisions", "state"): ("open", "defaulted"),
    ("reviews", "period"): ("2026-12", "2027-01"),
    ("messages", "ts"): ("1764147600.000200", "1764147601.000200"),
    ("due", "period"): ("2026-W48", "2027-01"),
    ("occurrences", "period"): ("2026-W48", "2027-01"),
}
"""What a column with a rule of its own holds."""


def _text(table: str, name: str, strategy: int, number: int) -> str:
    if (of_kind := _OF_TABLE.get((table, name), _TEXTS.get(name))) is not None:
        return of_kind[number]
    if name in PEOPLE_COLUMNS:
        return f"U{strategy}{number}"
    return f"=cmd({name!r}) <{strategy}{number}> & “ü” 🌊"
