"""Asking what is due, and what a wrong clock left, costs the same with ten thousand and a million scheduled owners."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bench.claims import Claim
from bench.databases import fresh_databases
from services.repairs import find_strategies_ahead
from storage import rituals
from storage.database import Database
from storage.models import DueRow, OccurrenceRow
from storage.statements import table

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FEW, MANY = 10_000, 1_000_000
DUE = 100
SCANS = 300
_CHUNK = 50_000
WORKSPACE = "T1"


async def measure() -> list[Claim]:
    with fresh_databases() as databases:
        return [_compare(name, database) for name, database in databases]


def _compare(name: str, database: Database) -> Claim:
    _fill(database, 0, FEW)
    few = _scan(database)
    _fill(database, FEW, MANY)
    many = _scan(database)
    detail = f"{many * 1000:.2f} ms against {few * 1000:.2f} ms"
    goal_name = f"Due scan, {name}, {MANY:,} owners against {FEW:,}"
    return Claim(goal_name, many / few, 2, unit="×", at_most=True, detail=detail)


def _fill(database: Database, first: int, last: int) -> None:
    for start in range(first, last, _CHUNK):
        rows = [_row(number) for number in range(start, min(start + _CHUNK, last))]
        database.run(_insert, rows)
    database.run(lambda session: session.execute(text("ANALYZE")))


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    """Each happened a week before."""
    session.execute(insert(table(DueRow)), rows)
    happened = {"period": "2026-W47", "claimed_at": NOW - timedelta(weeks=1), "outcome": "prompted"}
    session.execute(insert(table(OccurrenceRow)), [row | happened for row in rows])


def _row(number: int) -> dict[str, Any]:
    """The first hundred are due, the others during the week to come."""
    minutes = -1 if number < DUE else 1 + number % 10_000
    return {
        "workspace_id": WORKSPACE,
        "strategy_id": number,
        "ritual": "prompt",
        "person_id": f"U{number:07}",
        "period": "2026-W48",
        "due_at": NOW + timedelta(minutes=minutes),
    }


def _scan(database: Database) -> float:
    """Seconds of the fastest scan; each is a transaction of its own."""

    def look(session: Session) -> None:
        if (
            len(rituals.list_due(session, WORKSPACE, NOW, DUE)) != DUE
            or rituals.find_next_due(session, WORKSPACE) is None
        ):
            raise RuntimeError("What is due was not found.")
        if find_strategies_ahead(session, WORKSPACE, NOW):
            raise RuntimeError("Nothing here is ahead.")

    best = float("inf")
    for _ in range(SCANS):
        started = time.perf_counter()
        database.run(look)
        best = min(best, time.perf_counter() - started)
    return best
