"""Everything due in many workspaces, in this process or in several on one PostgreSQL.

`python -m bench.monday_process DATABASE_URL INSTANT WARM_UP WORKSPACE...`: performs what is due in a workspace of its own,
says that it is ready, waits for a line, performs what is due in the others, and says how much that was.
"""

import asyncio
import gc
import sys
import time
from collections.abc import Sequence
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bench.databases import address_for_bot
from bot.slack_calls import SlackCalls
from bot.transactions import Transactions
from handlers.requests import Deps
from handlers.rituals import perform_due
from storage.database import Database

WARM_UPS = ["W1", "W2"]
"""The workspaces in which each process composes its statements before it is measured."""


async def perform_all(database: Database, workspaces: Sequence[str], now: datetime) -> int:
    """How many rituals were performed."""
    transact, slack = Transactions(database), SlackCalls(AsyncWebClient())
    return sum(
        [
            len(await perform_due(Deps(workspace_id, transact.within(workspace_id), lambda: now, slack), now))
            for workspace_id in workspaces
        ]
    )


async def seconds_of(
    processes: int, database: Database, workspaces: Sequence[str], now: datetime
) -> tuple[float, list[int]]:
    """How long so many take together, and what each performed."""
    url = address_for_bot(database)
    started = [await _start(url, now.isoformat(), own, *workspaces) for own in WARM_UPS[:processes]]
    pipes = [(one.stdin, one.stdout) for one in started if one.stdin and one.stdout]
    for _, output in pipes:
        await output.readline()
    begun = time.perf_counter()
    for given, _ in pipes:
        given.write(b"go\n")
    performed = [int(line) for line in await asyncio.gather(*(output.readline() for _, output in pipes))]
    took = time.perf_counter() - begun
    for one in started:
        await one.wait()
    return took, performed


async def _start(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.monday_process", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


def _main(url: str, instant: str, warm_up: str, *workspaces: str) -> None:
    database = Database.open(url, migrate=False)
    now = datetime.fromisoformat(instant)
    asyncio.run(perform_all(database, [warm_up], now))
    gc.freeze()  # as `drumbeat run` does with what it imported
    print("ready", flush=True)
    sys.stdin.readline()
    print(asyncio.run(perform_all(database, workspaces, now)), flush=True)
    database.close()


if __name__ == "__main__":
    _main(*sys.argv[1:])
