"""On PostgreSQL a commit of one process wakes the sender of another."""

import asyncio
from collections.abc import Collection

from bot.delivery.listening import listen
from bot.delivery.tools import Timing
from storage.database import Database
from storage.delivery import outbox
from tests.delivery.conftest import MONDAY, Office, texts
from tests.support.waiting import until


async def test_another_process_commit_wakes_this_sender_at_once(
    office_on_postgresql: Office, postgresql_url: str
) -> None:
    office = office_on_postgresql
    sender = office.sender(timing=Timing(poll_seconds=3_600))
    heard = asyncio.Event()

    def wake(workspaces: Collection[str]) -> None:
        heard.set()
        sender.wake_soon(workspaces)

    listening = asyncio.create_task(listen(office.database.engine.url, wake))
    other = Database.open(postgresql_url, migrate=False)
    payload = {"text": "Hello", "blocks": []}
    while not heard.is_set():  # until it listens
        await asyncio.to_thread(
            other.within(office.team).run,
            outbox.enqueue_post,
            office.team,
            office.ben.id,
            payload,
            now=MONDAY,
        )
    await until(lambda: texts(office.ben.dm)[:1] == ["Hello"], "the message, long before the next look")
    listening.cancel()
    other.close()
