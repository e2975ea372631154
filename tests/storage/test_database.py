"""Transactions: all or nothing, one after the other where it matters, and senders hear of them."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from storage.database import Database, is_away, lock
from storage.delivery import outbox, seen
from tests.support.databases import as_owner, end_other_connections, mark

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAYLOAD = {"text": "Hello", "blocks": []}


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def remember_and_fail(session: Session) -> None:
        seen.is_new(session, "T1", "event:1", NOW)
        raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        database.run(remember_and_fail)
    assert database.run(seen.is_new, "T1", "event:1", NOW)
    assert not database.run(seen.is_new, "T1", "event:1", NOW)


def test_the_sender_hears_of_each_commit_that_enqueued_and_of_no_other(database: Database) -> None:
    heard: list[list[str]] = []
    database.when_enqueued(lambda workspaces: heard.append(sorted(workspaces)))

    def fail(session: Session) -> None:
        outbox.enqueue_post(session, "T1", "U2", PAYLOAD, now=NOW)
        raise RuntimeError("no")

    database.run(outbox.enqueue_post, "T1", "U1", PAYLOAD, now=NOW)
    database.run(seen.is_new, "T1", "event:1", NOW)
    with pytest.raises(RuntimeError):
        database.run(fail)
    assert heard == [["T1"]]


def test_two_connections_count_together_without_losing_any(owned: Database, database_url: str) -> None:
    database, other = owned, Database.open(as_owner(database_url), migrate=False)
    database.run(lambda session: session.execute(text("CREATE TABLE counter (n INTEGER)")))
    database.run(lambda session: session.execute(text("INSERT INTO counter VALUES (0)")))

    def count(session: Session) -> None:
        lock(session, "counter")
        n = session.execute(text("SELECT n FROM counter")).scalar_one()
        session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    def count_often(which: Database) -> None:
        for _ in range(25):
            which.run(count)

    threads = [threading.Thread(target=count_often, args=(which,)) for which in (database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert database.run(lambda session: session.execute(text("SELECT n FROM counter")).scalar_one()) == 50


@pytest.mark.parametrize("code", ["XX000", "XX001", "53100", "25006"])
def test_a_server_that_says_it_is_broken_full_or_read_only_counts_as_away(
    postgresql_url: str, code: str
) -> None:
    """So that what was being done is done again once it is well, and is no fault of ours."""
    database = Database.open(postgresql_url, migrate=False)
    says = text(f"DO $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '{code}'; END $$")
    with pytest.raises(DBAPIError) as raised:
        database.run(lambda session: session.execute(says))
    assert is_away(raised.value)
    database.close()


def test_a_transaction_runs_again_when_the_server_had_gone_before_it(postgresql_url: str) -> None:
    database = Database.open(postgresql_url, migrate=False).within("T1")
    database.run(seen.is_new, "T1", "event:1", NOW)
    killer = Database.open(postgresql_url, migrate=False).within("T1")
    killer.run(end_other_connections)
    assert database.run(seen.is_new, "T1", "event:2", NOW)
    killer.close()
    database.close()


def test_a_process_that_stops_within_a_transaction_does_not_keep_others_waiting(postgresql_url: str) -> None:
    database, stopped = (Database.open(postgresql_url, migrate=False).within("T1") for _ in range(2))
    holds, goes_on = threading.Event(), threading.Event()
    is_new: list[bool] = []

    def stop(session: Session) -> None:
        is_new.append(seen.is_new(session, "T1", "event:1", NOW))
        holds.set()
        assert goes_on.wait(300)
        session.execute(text("SELECT 1"))

    stopping = stopped.submit(stop)
    assert holds.wait(60)
    assert database.run(seen.is_new, "T1", "event:1", NOW)
    goes_on.set()
    stopping.result()
    assert is_new == [True, False], "it begins again, and finds what was done meanwhile"
    stopped.close()
    database.close()


def test_sqlite_commits_survive_a_loss_of_power(sqlite_url: str) -> None:
    database = Database.open(sqlite_url, migrate=False)

    def read(session: Session, pragma: str) -> object:
        return session.execute(text(f"PRAGMA {pragma}")).scalar_one()

    assert database.run(read, "journal_mode") == "wal"
    assert database.run(read, "synchronous") == 2
    assert database.run(read, "foreign_keys") == 1
    database.close()


def test_an_error_of_the_statement_is_not_tried_again(database: Database) -> None:
    tries: list[int] = []

    def fail(session: Session) -> None:
        tries.append(1)
        session.execute(text("SELECT * FROM nowhere"))

    with pytest.raises(DBAPIError):
        database.run(fail)
    assert tries == [1]


def test_a_sqlite_file_that_could_not_be_written_is_written_again_as_soon_as_it_can(sqlite_url: str) -> None:
    database = Database.open(sqlite_url, migrate=False)
    assert database.run(seen.is_new, "T1", "event:1", NOW)
    file = Path(make_url(sqlite_url).database or "")
    mark(file, writable=False)
    with pytest.raises(OperationalError, match="readonly") as refused:
        database.run(seen.is_new, "T1", "event:2", NOW)
    assert is_away(refused.value)
    mark(file, writable=True)
    assert database.run(seen.is_new, "T1", "event:2", NOW)
    database.close()


def test_a_wrong_statement_is_not_a_database_that_is_away(database: Database) -> None:
    with pytest.raises(DBAPIError) as wrong:
        database.run(lambda session: session.execute(text("SELECT * FROM nowhere")))
    assert not is_away(wrong.value)
