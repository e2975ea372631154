"""All owners of a strategy who are due at one minute are one transaction, and one owner's fault is theirs alone."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from threading import Event

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection, event, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.slack_calls import SlackCalls
from bot.transactions import Transactions
from domain.check_ins import CheckInState
from domain.rituals import PUT_OFF, Ritual
from handlers.requests import Deps
from handlers.rituals import perform_due
from services.check_ins.answering import open_early
from services.rituals import list_due_together, perform_rituals
from storage import check_ins, people, rituals
from storage.database import Database
from storage.models import OutboxRow, PersonRow
from tests.support.owners import FIRST, TEAM, fill, live, minute
from tests.support.statements import counted
from tests.support.waiting import until

OWNERS = [f"U{number}" for number in range(5)]
MOST = 30
"""Statements for all of a strategy's owners together, however many they are."""
NINE = minute(FIRST)


def deps(database: Database) -> Deps:
    return Deps(TEAM, Transactions(database), lambda: NINE, SlackCalls(AsyncWebClient()))


def asked(database: Database) -> list[str]:
    """Who is to be sent something, once for each message."""
    return database.run(lambda session: sorted(session.scalars(select(OutboxRow.target))))


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    database = Database.open(postgresql_url, migrate=False).within(TEAM)
    yield database
    database.close()


async def test_everybody_due_at_one_minute_is_asked_once(database: Database) -> None:
    database.run(fill, OWNERS)
    performed = await perform_due(deps(database), NINE)
    assert {due.person_id: outcome for due, outcome in performed} == dict.fromkeys(OWNERS, "prompted")
    assert asked(database) == OWNERS
    assert await perform_due(deps(database), NINE) == []


async def test_two_processes_share_what_is_due_and_ask_everybody_once(database: Database) -> None:
    for number in range(6):
        database.run(fill, [f"U{number}{owner}" for owner in range(3)], f"C{number}")
    other = Database(database.engine).within(TEAM)
    both = await asyncio.gather(perform_due(deps(database), NINE), perform_due(deps(other), NINE, wait=True))
    performed = [due.person_id for one in both for due, _ in one]
    assert sorted(performed) == asked(database) == sorted({*performed})
    assert len(performed) == 18


async def test_what_another_process_is_at_is_left_to_it(postgresql: Database) -> None:
    busy, free = postgresql.run(fill, ["U1", "U2"], "C1"), postgresql.run(fill, ["U3"], "C2")
    is_at_it, may_end = Event(), Event()

    def hold(session: Session) -> None:
        dues = [due for due in rituals.list_due_of(session, TEAM, busy.id) if due.ritual is Ritual.PROMPT]
        assert len(rituals.hold_due(session, dues, wait=True)) == 2
        is_at_it.set()
        assert may_end.wait(60)

    held = postgresql.submit(hold)
    await asyncio.to_thread(is_at_it.wait)
    performed = await perform_due(deps(postgresql), NINE)
    waiting = asyncio.create_task(perform_due(deps(postgresql), NINE, wait=True))
    await until(lambda: postgresql.run(is_anybody_waiting), "somebody to wait for a lock")
    may_end.set()
    held.result()
    assert [due.strategy_id for due, _ in performed] == [free.id]
    assert [due.strategy_id for due, _ in await waiting] == [busy.id] * 2
    assert asked(postgresql) == ["U1", "U2", "U3"]


async def test_a_check_in_that_is_made_early_in_that_very_moment_is_the_one_asked_for(
    postgresql: Database,
) -> None:
    strategy = postgresql.run(fill, OWNERS[:2])
    is_made, may_end = Event(), Event()

    def make(session: Session) -> int:
        owner = people.get_person(session, TEAM, "U1")
        early = open_early(session, strategy, owner, owner, NINE - timedelta(hours=1))
        is_made.set()
        assert may_end.wait(60)
        return early.check_in.id

    making = postgresql.submit(make)
    await asyncio.to_thread(is_made.wait)
    performing = asyncio.create_task(perform_due(deps(postgresql), NINE))
    await until(lambda: postgresql.run(is_anybody_waiting), "somebody to wait for the check-in")
    may_end.set()

    assert {due.person_id: outcome for due, outcome in await performing} == {
        "U0": "prompted",
        "U1": "prompted",
    }
    assert asked(postgresql) == ["U0", "U1"]
    found = {one.person_id: one for one in postgresql.run(check_ins.list_since, TEAM, strategy.id, FIRST)}
    assert found["U1"].id == making.result()
    assert {one.state for one in found.values()} == {CheckInState.ASKED}


def is_anybody_waiting(session: Session) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(session.scalar(text(waiting)))


@pytest.mark.parametrize("number", [1, 3])
async def test_a_fault_with_one_owner_puts_off_that_owner_alone(database: Database, number: int) -> None:
    strategy = database.run(fill, OWNERS[:number])
    nowhere = update(PersonRow).where(PersonRow.person_id == "U0").values(zone="Nowhere/At all")
    database.run(lambda session: session.execute(nowhere))
    performed = await perform_due(deps(database), NINE)
    assert {due.person_id: outcome for due, outcome in performed} == {
        **dict.fromkeys(OWNERS[:number], "prompted"),
        "U0": "failed",
    }
    assert asked(database) == OWNERS[1:number]
    due = [one for one in database.run(rituals.list_due_of, TEAM, strategy.id) if one.person_id == "U0"]
    assert [one.due_at for one in due] == [NINE + PUT_OFF]


async def test_while_the_database_takes_no_writes_nobody_is_put_off(postgresql: Database) -> None:
    postgresql.run(fill, OWNERS[:2])
    transactions = count(1)

    def refuse(connection: Connection) -> None:
        """After the look at what is due: all of them together, and were they tried alone, the first."""
        if next(transactions) in (2, 3):
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    event.listen(postgresql.engine, "begin", refuse)
    with pytest.raises(DBAPIError, match="read-only"):
        await perform_due(deps(postgresql), NINE)
    assert [outcome for _, outcome in await perform_due(deps(postgresql), NINE)] == ["prompted"] * 2


def test_five_owners_cost_as_many_statements_as_two_and_a_year_as_many_as_a_week(database: Database) -> None:
    def cost(session: Session, owners: int, weeks: int) -> int:
        strategy = fill(session, OWNERS[:owners])
        for week in (FIRST.plus(number) for number in range(weeks)):
            ask(session, minute(week))
            live(session, strategy, week)
        with counted(session) as sent:
            ask(session, minute(FIRST.plus(weeks)))
        assert len(session.scalars(select(OutboxRow.target)).all()) == 2 * owners
        session.rollback()
        return len(sent)

    costs = [database.run(cost, owners, weeks) for owners, weeks in ((2, 1), (5, 1), (5, 12))]
    assert max(costs) <= MOST
    assert len({*costs}) == 1


def ask(session: Session, at: datetime) -> None:
    [dues] = list_due_together(session, TEAM, at)
    assert {outcome for _, outcome in perform_rituals(session, dues, at, wait=True)} == {"prompted"}


def test_who_answered_early_is_not_asked_again_and_the_others_are(database: Database) -> None:
    strategy = database.run(fill, OWNERS[:3])

    def answer_early(session: Session) -> None:
        owner = people.get_person(session, TEAM, "U1")
        open_early(session, strategy, owner, owner, NINE - timedelta(hours=1))
        live(session, strategy, FIRST)

    database.run(answer_early)
    database.run(ask, NINE)
    assert asked(database) == ["U0", "U2"]
    found = {one.person_id: one.state for one in database.run(check_ins.list_since, TEAM, strategy.id, FIRST)}
    assert found == {"U0": CheckInState.ASKED, "U1": CheckInState.EARLY, "U2": CheckInState.ASKED}


@pytest.mark.parametrize(
    ("hours_down", "asked_at"),
    [
        (0.5, NINE + timedelta(hours=0.5)),
        (8.5, NINE + timedelta(hours=8.5)),
        (14, NINE + timedelta(days=1)),
        (17, NINE + timedelta(days=1)),
    ],
)
def test_a_prompt_made_up_after_a_time_down_waits_for_the_morning(
    database: Database, hours_down: float, asked_at: datetime
) -> None:
    strategy = database.run(fill, ["U1"])
    up = NINE + timedelta(hours=hours_down)
    for now in dict.fromkeys((up, asked_at)):
        [dues] = database.run(list_due_together, TEAM, now)
        database.run(perform_rituals, dues, now, wait=True)
    [asked] = database.run(check_ins.list_uncovered, TEAM, strategy.id, NINE + timedelta(days=2))
    posted = database.run(lambda session: session.scalars(select(OutboxRow.created_at)).all())
    assert asked.state is CheckInState.ASKED
    assert posted == [asked_at]
