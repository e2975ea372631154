"""What owners said of their targets: each version kept, the last one standing, settled once for all quarters of a channel."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.check_ins import Answer, CheckIn, CheckInState
from domain.confidence import Confidence, TargetOutcome
from domain.healths import Health
from domain.initiatives import Initiative, metric_plan
from domain.periods import Week
from domain.strategies import Strategy
from services.confidence import settle_confidence
from storage import answers, check_ins, confidence, initiatives, strategies
from storage.database import Database
from storage.models import ConfidenceRow
from tests.storage.test_strategies import NEW, NOW, TEAM, add_initiative, add_strategy

AFTER = datetime(2027, 4, 1, 10, tzinfo=NOW.tzinfo)
"""The review after the target's day, 31 March."""
SETTLED = (TEAM, NEW.channel_id, AFTER)


@pytest.fixture
def asked(database: Database) -> tuple[Strategy, Initiative, CheckIn]:
    strategy = add_strategy(database)
    initiative = add_initiative(database, strategy)
    return strategy, initiative, database.run(ask, initiative, Week(2026, 49))


def ask(session: Session, initiative: Initiative, period: Week) -> CheckIn:
    return check_ins.add_check_in(
        session,
        workspace_id=TEAM,
        strategy_id=initiative.strategy_id,
        person_id="U2",
        period=period,
        state=CheckInState.ASKED,
        due_at=NOW,
        initiative_ids=[initiative.id],
    )


def said(check_in: CheckIn, initiative: Initiative, percent: int | None = 70, hours: int = 0) -> Confidence:
    metric = initiative.metrics[0]
    at, plan = NOW + timedelta(hours=hours), metric_plan(metric, initiative)
    return Confidence(check_in.id, initiative.id, metric.id, plan, percent, Decimal("4650.5"), 41, "U2", at)


def read(database: Database, initiative: Initiative, period: Week, value: int, on: date) -> None:
    """In a check-in of its own."""

    def answer(session: Session) -> None:
        check_in = ask(session, initiative, period)
        at = datetime(on.year, on.month, on.day, 12, tzinfo=NOW.tzinfo)
        given = ((initiative.metrics[0].id, Decimal(value)),)
        told = Answer(initiative.id, health=Health.ON_TRACK, readings=given, by="U2", at=at)
        answers.save_answer(session, check_in, told, on=on, kpi_of={})

    database.run(answer)


def count(database: Database) -> int:
    return database.run(
        lambda session: session.scalars(select(func.count()).select_from(ConfidenceRow)).one()
    )


def test_the_last_version_stands_as_it_was_said_and_none_is_lost(
    database: Database, asked: tuple[Strategy, Initiative, CheckIn]
) -> None:
    _, initiative, check_in = asked
    first, second = said(check_in, initiative), said(check_in, initiative, 30, 1)
    for one in (first, second):
        database.run(confidence.save, TEAM, one)
    assert database.run(confidence.list_said, TEAM, check_in.id) == {initiative.id: second}
    assert database.run(confidence.list_said, "T2", check_in.id) == {}
    database.run(confidence.save, TEAM, said(check_in, initiative, None, 2))
    assert database.run(confidence.list_said, TEAM, check_in.id) == {}
    assert database.run(confidence.list_unsettled, TEAM, NEW.channel_id, date(2028, 1, 1)) == []
    assert count(database) == 3


def test_the_first_review_after_its_day_settles_a_target_of_a_quarter_that_is_closed_and_nothing_changes_it(
    database: Database, asked: tuple[Strategy, Initiative, CheckIn]
) -> None:
    strategy, initiative, check_in = asked
    one = said(check_in, initiative)
    database.run(confidence.save, TEAM, one)
    read(database, initiative, Week(2027, 13), 6000, date(2027, 3, 29))
    database.run(strategies.close_strategy, TEAM, strategy.id, NOW)
    following = add_strategy(database)
    elsewhere = add_strategy(database, replace(NEW, channel_id="C2"))

    database.run(settle_confidence, following, AFTER - timedelta(days=1))
    database.run(settle_confidence, elsewhere, AFTER)
    assert database.run(confidence.list_settled, *SETTLED) == []
    database.run(settle_confidence, following, AFTER)
    settled = replace(one, outcome=TargetOutcome.MET)
    assert database.run(confidence.list_settled, *SETTLED) == [settled]
    assert database.run(confidence.list_settled, TEAM, NEW.channel_id, AFTER - timedelta(seconds=1)) == []

    read(database, initiative, Week(2027, 12), 5000, date(2027, 3, 31))
    database.run(initiatives.save_initiative, replace(initiative, due=date(2027, 6, 30)))
    database.run(settle_confidence, following, AFTER + timedelta(days=30))
    assert database.run(confidence.list_settled, *SETTLED) == [settled]


def test_what_nobody_has_read_by_its_day_is_settled_as_unknown(
    database: Database, asked: tuple[Strategy, Initiative, CheckIn]
) -> None:
    strategy, initiative, check_in = asked
    database.run(confidence.save, TEAM, said(check_in, initiative))
    read(database, initiative, Week(2027, 10), 6000, date(2027, 3, 8))
    database.run(settle_confidence, strategy, AFTER)
    [settled] = database.run(confidence.list_settled, *SETTLED)
    assert settled.outcome is TargetOutcome.UNKNOWN


def test_what_a_clock_that_was_ahead_has_settled_is_open_again_and_nothing_else(
    database: Database, asked: tuple[Strategy, Initiative, CheckIn]
) -> None:
    strategy, initiative, check_in = asked
    database.run(confidence.save, TEAM, said(check_in, initiative))
    database.run(settle_confidence, strategy, AFTER)
    database.run(confidence.unsettle, TEAM, AFTER)
    assert len(database.run(confidence.list_settled, *SETTLED)) == 1
    database.run(confidence.unsettle, TEAM, AFTER - timedelta(days=1))
    assert database.run(confidence.list_settled, *SETTLED) == []
    assert len(database.run(confidence.list_unsettled, TEAM, NEW.channel_id, AFTER.date())) == 1
