"""Asking what is due, and what a wrong clock left, costs the same with ten thousand and a million scheduled owners.

A tick at which nothing is due takes under 5 ms of a million.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bench.claims import Claim
from bench.databases import fresh_databases
from domain.plans import SKEW
from services.repairs import find_strategies_ahead
from storage import rituals
from storage.database import Database
from storage.models import DueRow, OccurrenceRow
from storage.statements import table
from storage.workspaces import Workspace, list_busy, save_workspace

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FEW, MANY = 10_000, 1_000_000
BEFORE = NOW - timedelta(hours=1)
GOAL_OF_IDLE = 5
DUE = 100
SCANS = 300
_CHUNK = 50_000
WORKSPACE = "T1"


async def measure() -> list[Claim]:
    with fresh_databases() as databases:
        return [claim for name, database in databases for claim in _compare(name, database)]


def _compare(name: str, database: Database) -> list[Claim]:
    database.run(save_workspace, Workspace(WORKSPACE, "Bench", "UBOT"))
    _fill(database, 0, FEW)
    few = _scan(database)
    _fill(database, FEW, MANY)
    many = _scan(database)
    detail = f"{many * 1000:.2f} ms against {few * 1000:.2f} ms"
    goal_name = f"Due scan, {name}, {MANY:,} owners against {FEW:,}"
    idle = _fastest(database, _look_in_vain) * 1000
    return [
        Claim(goal_name, many / few, 2, unit="×", at_most=True, detail=detail),
        Claim(f"Idle tick, {name}, {MANY:,} owners", idle, GOAL_OF_IDLE, unit=" ms", at_most=True),
    ]


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
    return _fastest(database, _look)


def _look(session: Session) -> None:
    if (
        len(rituals.list_due(session, WORKSPACE, NOW, DUE)) != DUE
        or rituals.find_next_due(session, WORKSPACE) is None
    ):
        raise RuntimeError("What is due was not found.")
    if find_strategies_ahead(session, WORKSPACE, NOW):
        raise RuntimeError("Nothing here is ahead.")


def _look_in_vain(session: Session) -> None:
    """All that a tick does before anything is due."""
    if list_busy(session, BEFORE, BEFORE + SKEW, [WORKSPACE]):
        raise RuntimeError("Nothing is due yet.")


def _fastest(database: Database, look: Callable[[Session], None]) -> float:
    best = float("inf")
    for _ in range(SCANS):
        started = time.perf_counter()
        database.run(look)
        best = min(best, time.perf_counter() - started)
    return best
