"""The same reading sent many times at once is kept once, on either database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.people import Person
from domain.strategies import Goal, Strategy
from services.readings import ReadingIn, authenticate, report_reading
from storage import kpis, people, strategies, tokens
from storage.database import Database
from storage.models import KpiReadingRow
from tests.domain.kpis_to_read import BEGIN, GIVERS

TEAM = "T1"
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def watched(session: Session) -> int:
    people.save_people(session, [Person(TEAM, "UBEN", "Ben", "Europe/London")])
    blank = Strategy(0, TEAM, "C1", "Lights", "Why", (Goal(0, "5 by May"),), "", "", ("UBEN",), "UTC")
    strategy = strategies.add_strategy(session, blank, NOW)
    assert strategy is not None
    tokens.add_token(session, TEAM, strategy.id, digest="d", hint="", by="UBEN", now=NOW)
    return kpis.add_kpi(session, replace(GIVERS, strategy_id=strategy.id), NOW).id


def test_the_same_reading_at_once_is_kept_once(database: Database) -> None:
    kpi_id = database.run(watched)
    body = ReadingIn(date=BEGIN, value=Decimal(316), source="crm")

    def send(_: int) -> bool:
        token = database.run(authenticate, TEAM, "d", NOW)
        return database.run(report_reading, token, kpi_id, body, NOW).is_new

    with ThreadPoolExecutor(6) as callers:
        outcomes = list(callers.map(send, range(12)))

    assert sum(outcomes) == 1
    count = database.run(lambda session: session.scalar(select(func.count()).select_from(KpiReadingRow)))
    assert count == 1
