"""What a transaction wants read first is read outside of it."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.transactions import Transactions
from services.reading_first import read_first
from storage.database import Database


@pytest.fixture
def transact(owned: Database) -> Transactions:
    owned.run(lambda session: session.execute(text("CREATE TABLE said (words TEXT)")))
    return Transactions(owned)


def keep(session: Session, words: str, read: Callable[[str], int]) -> tuple[int, int]:
    """(what was read, how many rows there are then)"""
    session.execute(text("INSERT INTO said VALUES (:words)"), {"words": words})
    length = read_first(session, read, words)
    return length, session.execute(text("SELECT count(*) FROM said")).scalar_one()


async def test_it_is_read_once_in_another_thread_and_the_transaction_takes_effect_once(
    transact: Transactions,
) -> None:
    threads = []

    def read(words: str) -> int:
        threads.append(threading.current_thread())
        return len(words)

    assert await transact(keep, "on track", read) == (8, 1)
    [thread] = threads
    assert not thread.name.startswith("database")
    assert thread is not threading.main_thread()


async def test_while_it_is_read_others_use_the_database(transact: Transactions) -> None:
    def read(words: str) -> int:
        return len(words) + others.run(keep, "off track", len)[1]

    others = transact._database
    assert await transact(keep, "on track", read) == (8 + 1, 2)


async def test_what_cannot_be_read_is_refused_inside_the_transaction(transact: Transactions) -> None:
    def refuse(words: str) -> int:
        raise ValueError(words)

    def keep_or_say(session: Session) -> str:
        try:
            keep(session, "soon", refuse)
        except ValueError as problem:
            return f"I could not read {problem}."
        return "kept"

    assert await transact(keep_or_say) == "I could not read soon."


async def test_who_wants_something_else_read_every_time_gets_it_read_on_the_spot(
    transact: Transactions,
) -> None:
    tries: list[int] = []

    def never_the_same(session: Session) -> int:
        tries.append(len(tries))
        return read_first(session, abs, -len(tries))

    assert await transact(never_the_same) == len(tries) == 6


def test_outside_the_event_loop_it_is_read_on_the_spot(database: Database) -> None:
    assert database.run(read_first, len, "on track") == 8
