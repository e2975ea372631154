"""Who may speak to a workspace, by the clock of the database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from storage.database import Database
from storage.delivery import leases, outbox, sending
from storage.delivery.leases import Acquired
from storage.delivery.sending import Step
from storage.models import LeaseRow
from storage.statements import from_now

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
A_WHILE = timedelta(seconds=15)
NOTHING = timedelta(0)


@pytest.fixture
def waiting(database: Database) -> Database:
    """Something is to be said in T1."""
    database.run(outbox.enqueue_post, "T1", "U1", {"text": "Hello"}, now=NOW)
    return database


def date_ahead(database: Database, by: timedelta) -> None:
    """As a process leaves it whose clock is wrong."""
    until = datetime.now(UTC) + by
    database.run(lambda session: session.execute(update(LeaseRow).values(until=until)))


def ends_within(database: Database, seconds: float) -> bool:
    def look(session: Session) -> bool:
        return session.scalars(select(LeaseRow.until <= from_now(seconds))).one()

    return database.run(look)


@pytest.mark.parametrize("seconds", [0.0, 15.5, -2.0, 2_592_000.0])
def test_the_databases_clock_is_read_and_kept_as_an_instant(database: Database, seconds: float) -> None:
    def keep(session: Session) -> datetime:
        values = {"workspace_id": "T1", "holder": "a", "until": from_now(seconds)}
        session.execute(insert(LeaseRow).values(values))
        return session.scalars(select(LeaseRow.until)).one()

    before = datetime.now(UTC) - timedelta(milliseconds=1)
    kept = database.run(keep) - timedelta(seconds=seconds)
    assert before <= kept <= datetime.now(UTC)


def test_a_lease_lasts_as_long_as_was_asked_for_and_no_longer(waiting: Database) -> None:
    assert waiting.run(leases.acquire, "a", A_WHILE, ["T1"]) == Acquired(["T1"])
    assert ends_within(waiting, 15.0)
    assert not ends_within(waiting, 0.0)
    assert waiting.run(leases.held, "a", timedelta(seconds=0), ["T1"]) == {"T1"}
    assert waiting.run(leases.held, "a", timedelta(seconds=16), ["T1"]) == set()


def test_what_somebody_holds_is_not_given_and_it_is_said_who(waiting: Database) -> None:
    waiting.run(leases.acquire, "a", A_WHILE, ["T1"])
    assert waiting.run(leases.acquire, "b", A_WHILE, ["T1"]) == Acquired([], held={"T1": "a"}, cut=set())


def test_what_lapsed_is_taken_over_and_it_is_said_from_whom(waiting: Database) -> None:
    waiting.run(leases.acquire, "a", NOTHING, ["T1"])
    assert waiting.run(leases.acquire, "b", A_WHILE, ["T1"]) == Acquired(["T1"], {"T1": "a"})
    assert waiting.run(leases.acquire, "b", A_WHILE, ["T1"]) == Acquired(["T1"])


@pytest.mark.parametrize("ahead", [timedelta(minutes=6), timedelta(days=30), timedelta(days=4000)])
def test_a_lease_dated_ahead_is_cut_to_one_that_begins_now(waiting: Database, ahead: timedelta) -> None:
    waiting.run(leases.acquire, "a", A_WHILE, ["T1"])
    date_ahead(waiting, ahead)
    found = waiting.run(leases.acquire, "b", A_WHILE, ["T1"])
    assert found == Acquired([], held={"T1": "a"}, cut={"T1"})
    assert ends_within(waiting, 15.0)
    assert not ends_within(waiting, 0.0)


def test_once_cut_it_lapses_like_any_other(waiting: Database) -> None:
    waiting.run(leases.acquire, "a", A_WHILE, ["T1"])
    date_ahead(waiting, timedelta(days=30))
    waiting.run(leases.acquire, "b", NOTHING, ["T1"])
    assert waiting.run(leases.acquire, "b", A_WHILE, ["T1"]) == Acquired(["T1"], {"T1": "a"})


def test_whoever_lives_keeps_a_lease_that_was_cut(waiting: Database) -> None:
    waiting.run(leases.acquire, "a", A_WHILE, ["T1"])
    date_ahead(waiting, timedelta(days=30))
    waiting.run(leases.acquire, "b", A_WHILE, ["T1"])
    waiting.run(leases.extend, "a", timedelta(seconds=60), ["T1"])
    assert waiting.run(leases.acquire, "b", A_WHILE, ["T1"]) == Acquired([], held={"T1": "a"}, cut=set())
    assert not ends_within(waiting, 30.0)


def test_without_time_left_on_its_lease_nothing_goes_out(waiting: Database) -> None:
    waiting.run(leases.acquire, "a", A_WHILE, ["T1"])
    step = Step("T1", look=1)
    assert len(waiting.run(sending.take_steps, "a", timedelta(seconds=10), [step])["T1"]) == 1
    assert waiting.run(sending.take_steps, "a", timedelta(seconds=20), [step]) == {}


def test_leases_given_back_are_free_at_once(waiting: Database) -> None:
    waiting.run(leases.acquire, "a", A_WHILE, ["T1"])
    [row] = waiting.run(sending.list_waiting, "T1", 1)
    waiting.run(sending.take_steps, "a", NOTHING, [Step("T1", next_id=row.id)])
    waiting.run(leases.release_all, "a")
    assert waiting.run(leases.acquire, "b", A_WHILE, ["T1"]) == Acquired(["T1"], {"T1": "a"})
    assert waiting.run(sending.find_in_flight, "T1") == row
