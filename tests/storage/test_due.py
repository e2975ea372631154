"""What is due, and that it happens once."""

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from domain.rituals import Due, Ritual
from storage import rituals
from storage.database import Database

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def prompt(person_id: str = "U1", *, at: datetime = NINE, strategy_id: int = 1) -> Due:
    return Due("T1", strategy_id, Ritual.PROMPT, person_id, "2026-W48", at)


def claim(database: Database, person_id: str = "U1") -> bool:
    return database.run(rituals.claim_occurrence, prompt(person_id), NINE, "asked")


def test_the_longest_due_comes_first_and_the_future_not_at_all(database: Database) -> None:
    late, now, future = (
        prompt("U1", at=NINE - timedelta(days=1)),
        prompt("U2"),
        prompt("U3", at=NINE + timedelta(seconds=1)),
    )
    for each in (now, future, late):
        database.run(rituals.set_due, each)
    assert database.run(rituals.list_due, "T1", NINE, 10) == [late, now]
    assert database.run(rituals.list_due, "T1", NINE, 1) == [late]
    assert database.run(rituals.find_next_due, "T1") == late.due_at


def test_nothing_is_due_in_an_empty_database(database: Database) -> None:
    assert database.run(rituals.list_due, "T1", NINE, 10) == []
    assert database.run(rituals.find_next_due, "T1") is None


def test_a_new_time_takes_the_place_of_the_old_one(database: Database) -> None:
    database.run(rituals.set_due, prompt())
    database.run(rituals.set_due, prompt(at=NINE + timedelta(hours=3)))
    assert database.run(rituals.list_due, "T1", NINE, 10) == []
    assert database.run(rituals.find_next_due, "T1") == NINE + timedelta(hours=3)


def test_what_is_due_for_one_person_or_a_whole_strategy_can_be_dropped(database: Database) -> None:
    for each in (prompt("U1"), prompt("U2"), prompt("U1", strategy_id=2)):
        database.run(rituals.set_due, each)
    database.run(rituals.drop_all, [prompt("U1")])
    assert database.run(rituals.list_due, "T1", NINE, 10) == [prompt("U2"), prompt("U1", strategy_id=2)]
    database.run(rituals.drop_due, "T1", 1)
    assert database.run(rituals.list_due, "T1", NINE, 10) == [prompt("U1", strategy_id=2)]


def test_an_occurrence_is_claimed_once(database: Database) -> None:
    assert claim(database)
    assert not claim(database)
    assert claim(database, "U2")


def test_many_claiming_at_once_get_it_once(database: Database) -> None:
    other = Database(database.engine).within("T1")
    won: list[bool] = []
    threads = [threading.Thread(target=lambda db=db: won.append(claim(db))) for db in [database, other] * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 9 + [True]


def test_a_claim_that_is_rolled_back_can_be_claimed_again(database: Database) -> None:
    def claim_and_fail(session: Session) -> None:
        rituals.claim_occurrence(session, prompt(), NINE, "asked")
        raise RuntimeError("after the claim")

    try:
        database.run(claim_and_fail)
    except RuntimeError:
        assert claim(database)
