"""An ask is settled once: by however many processes, clicks at once, or after however long a time down."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.decisions import Ask, AskKind, Decision, DecisionState
from domain.errors import DomainError
from domain.people import Person
from domain.rituals import Due, Ritual
from domain.strategies import Strategy
from services.decisions.asks import open_decision
from services.decisions.defaults import perform_decisions
from services.decisions.settling import settle_decision
from services.planning import replan
from storage import decisions, people, strategies
from storage import rituals as due
from storage.database import Database
from storage.models import OutboxRow
from tests.support.harbor_lights import BEN, MAYA, PEOPLE, RUTH, STRATEGY, TEAM

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
EFFECT = datetime(2026, 12, 3, 18, tzinfo=UTC)
ASK = Ask(AskKind.DECISION, "Print?", RUTH, date(2026, 12, 3), "We print none")


@pytest.fixture
def strategy(database: Database) -> Strategy:
    database.run(people.save_people, list(PEOPLE.values()))
    added = database.run(strategies.add_strategy, STRATEGY, NOW)
    assert added is not None
    return added


@pytest.fixture
def asked(database: Database, strategy: Strategy) -> Decision:
    """Ben asked Ruth."""
    return database.run(open_decision, strategy, ASK, by=PEOPLE[BEN], now=NOW)


def the_due(database: Database, strategy: Strategy) -> Due:
    [found] = [
        one for one in database.run(due.list_due_of, TEAM, strategy.id) if one.ritual is Ritual.DECISIONS
    ]
    return found


def said(database: Database, words: str) -> list[str]:
    """To whom these words wait to be sent, in however many messages."""

    def read(session: Session) -> list[str]:
        rows = session.execute(select(OutboxRow.target, OutboxRow.payload))
        return sorted(row.target for row in rows if words in row.payload["text"])

    return database.run(read)


def at_once(*calls: Callable[[], Any]) -> list[BaseException]:
    """Run them in threads of their own; what they raised."""
    raised: list[BaseException] = []
    ready = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> None:
        ready.wait()
        try:
            call()
        except DomainError as refusal:
            raised.append(refusal)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_several_processes_let_a_default_take_effect_once(
    database: Database, strategy: Strategy, asked: Decision
) -> None:
    reminder = the_due(database, strategy)
    database.run(perform_decisions, reminder, reminder.due_at)
    due_now = the_due(database, strategy)
    assert due_now.due_at == EFFECT
    assert at_once(*[lambda: database.run(perform_decisions, due_now, EFFECT)] * 4) == []
    settled = database.run(decisions.find_decision, TEAM, asked.id)
    assert settled is not None
    assert (settled.state, settled.outcome, settled.decided_by) == (
        DecisionState.DEFAULTED,
        "We print none",
        None,
    )
    assert said(database, "what became of an ask") == sorted([BEN, RUTH])
    assert database.run(due.list_due_of, TEAM, strategy.id) == []


def test_several_processes_remind_once(database: Database, strategy: Strategy, asked: Decision) -> None:
    reminder = the_due(database, strategy)
    assert reminder.due_at == datetime(2026, 12, 2, 9, tzinfo=UTC)
    at_once(*[lambda: database.run(perform_decisions, reminder, reminder.due_at)] * 4)
    assert said(database, "A reminder") == [RUTH]
    assert the_due(database, strategy).due_at == EFFECT
    kept = database.run(decisions.find_decision, TEAM, asked.id)
    assert kept is not None
    assert kept.reminded_at == reminder.due_at


def test_two_who_decide_at_once_decide_once(database: Database, strategy: Strategy, asked: Decision) -> None:
    def decides(person: Person, outcome: str) -> Callable[[], Any]:
        return lambda: database.run(settle_decision, strategy, asked, outcome, by=person, now=NOW)

    refused = at_once(decides(PEOPLE[RUTH], "Yes"), decides(PEOPLE[MAYA], "No"))
    assert len(refused) == 1
    assert "Somebody settled this a moment ago" in str(refused[0])
    assert said(database, "what became of an ask").count(BEN) == 1


def test_a_default_is_made_up_after_any_time_down_and_once(
    database: Database, strategy: Strategy, asked: Decision
) -> None:
    late = EFFECT + timedelta(days=40)
    missed = the_due(database, strategy)
    assert database.run(perform_decisions, missed, late) == "1 by default, 0 asked, 0 reminded"
    assert database.run(perform_decisions, missed, late) == "performed already"
    assert said(database, "what became of an ask") == sorted([BEN, RUTH])
    assert said(database, "A reminder") == []
    settled = database.run(decisions.find_decision, TEAM, asked.id)
    assert settled is not None
    assert settled.state is DecisionState.DEFAULTED


def test_a_reminder_missed_at_night_waits_for_the_morning(
    database: Database, strategy: Strategy, asked: Decision
) -> None:
    missed = the_due(database, strategy)
    night = datetime(2026, 12, 2, 23, tzinfo=UTC)
    assert database.run(perform_decisions, missed, night) == "0 by default, 0 asked, 0 reminded"
    morning = the_due(database, strategy)
    assert morning.due_at == datetime(2026, 12, 3, 9, tzinfo=UTC)
    assert database.run(perform_decisions, morning, morning.due_at) == "0 by default, 0 asked, 1 reminded"
    assert asked.reminded_at is None


def test_a_change_of_zone_moves_what_is_planned(
    database: Database, strategy: Strategy, asked: Decision
) -> None:
    moved = replace(strategy, zone="America/New_York")
    database.run(strategies.save_strategy, moved)
    database.run(replan, moved, NOW)
    reminder = the_due(database, moved)
    database.run(perform_decisions, reminder, reminder.due_at)
    assert the_due(database, moved).due_at == datetime(2026, 12, 3, 23, tzinfo=UTC)
    assert asked.due == date(2026, 12, 3)


def test_the_earliest_of_several_asks_is_what_is_due(
    database: Database, strategy: Strategy, asked: Decision
) -> None:
    sooner = replace(ASK, due=date(2026, 12, 1))
    database.run(open_decision, strategy, sooner, by=PEOPLE[BEN], now=NOW)
    assert the_due(database, strategy).due_at == datetime(2026, 12, 1, 18, tzinfo=UTC)
    database.run(perform_decisions, the_due(database, strategy), datetime(2026, 12, 1, 18, tzinfo=UTC))
    assert the_due(database, strategy).due_at == datetime(2026, 12, 2, 9, tzinfo=UTC)
    database.run(settle_decision, strategy, asked, "Yes", by=PEOPLE[RUTH], now=NOW)
    assert database.run(due.list_due_of, TEAM, strategy.id) == []
