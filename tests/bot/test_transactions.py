"""Transactions that share room."""

import asyncio

from bot.transactions import Transactions
from storage.database import Database


async def test_those_who_share_room_get_on_evenly(database: Database) -> None:
    """However much one of them has to do, the others' first is not behind all of it."""
    transact = Transactions(database).in_turn(asyncio.Semaphore(1))
    done: list[str] = []

    async def work(who: str, times: int) -> None:
        for _ in range(times):
            await transact(lambda _session: done.append(who))

    await asyncio.gather(work("many", 4), work("two", 2), work("one", 1))
    assert done == ["many", "two", "one", "many", "two", "many", "many"]
