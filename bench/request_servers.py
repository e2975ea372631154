"""The two servers that `bench.requests` and `bench.clicks` compare, each a process of its own.

`python -m bench.request_servers ours|bare DATABASE_URL SLACK_API_URL BOT_TOKEN`: prints its port, then serves until
its input ends. Both are the same but for what a request does: aiohttp, Bolt with `process_before_response`, the same
authorization, a signature checked, one transaction on the same driver with the same durability and pool.
"""

import asyncio
import gc
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from aiohttp import ClientSession, web
from psycopg_pool import ConnectionPool
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.admission import Admission
from bot.app import assemble
from bot.config import load_settings
from bot.connections import Limits
from bot.installations import OwnInstallation
from bot.slack_edge import build_bolt
from bot.web import build_web, listen
from storage.database import parse_url

SECRET = "bench-signing-secret"
POOL = 8


@asynccontextmanager
async def ours(database_url: str, api_url: str, token: str) -> AsyncIterator[web.Application]:
    """Drumbeat as it is."""
    os.environ |= {
        "DATABASE_URL": database_url,
        "SLACK_API_URL": api_url,
        "SLACK_BOT_TOKEN": token,
        "SLACK_SIGNING_SECRET": SECRET,
    }
    os.environ.pop("SLACK_APP_TOKEN", None)
    async with assemble(load_settings()) as parts:
        yield build_web(parts)


@asynccontextmanager
async def bare(database_url: str, api_url: str, token: str) -> AsyncIterator[web.Application]:
    """A Bolt app with one command and one button that read and write one row."""
    count, threads = _bare_transaction(database_url)
    async with ClientSession() as session:
        client = AsyncWebClient(token, api_url, session=session, retry_handlers=[])
        identity = await client.auth_test()
        bolt = build_bolt(client, Admission(OwnInstallation(identity, token)), signing_secret=SECRET)
        with ThreadPoolExecutor(threads) as executor:
            yield _bare_web(bolt, executor, count)


def _bare_web(bolt: AsyncApp, executor: ThreadPoolExecutor, count: Callable[[], int]) -> web.Application:
    async def on_command(ack: AsyncAck) -> None:
        total = await asyncio.get_running_loop().run_in_executor(executor, count)
        await ack(f"{total} requests so far")

    async def slack_events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    async def on_click(ack: AsyncAck) -> None:
        await asyncio.get_running_loop().run_in_executor(executor, count)
        await ack()

    bolt.command("/initiative")(on_command)
    bolt.action("check_in.on_track")(on_click)
    app = web.Application()
    app.router.add_post("/slack/events", slack_events)
    return app


def _bare_transaction(database_url: str) -> tuple[Callable[[], int], int]:
    """The transaction on the bare driver, and how many threads it may run on."""
    url = parse_url(database_url)
    make = "CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, total INTEGER NOT NULL)"
    read, write = "SELECT total FROM bare WHERE id = 1", "UPDATE bare SET total = total + 1 WHERE id = 1"
    fill = "INSERT INTO bare (id, total) VALUES (1, 0) ON CONFLICT DO NOTHING"
    if url.get_backend_name() == "sqlite":
        return _bare_sqlite(str(url.database), (make, fill), (read, write)), 1
    pool = ConnectionPool(
        url.set(drivername="postgresql").render_as_string(hide_password=False), min_size=POOL, max_size=POOL
    )

    def on_postgresql() -> int:
        with pool.connection() as connection:
            row = connection.execute(read.encode()).fetchone()
            connection.execute(write.encode())
            return int(row[0]) if row else 0

    with pool.connection() as connection:
        connection.execute(make.encode())
        connection.execute(fill.encode())
    return on_postgresql, POOL


def _bare_sqlite(path: str, prepare: tuple[str, str], statements: tuple[str, str]) -> Callable[[], int]:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=20)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", *prepare):
        connection.execute(statement)

    def on_sqlite() -> int:
        connection.execute("BEGIN IMMEDIATE")
        total = connection.execute(statements[0]).fetchone()[0]
        connection.execute(statements[1])
        connection.execute("COMMIT")
        return int(total)

    return on_sqlite


async def _serve(which: Any, *place: str) -> None:
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(which(*place))
        print(await stack.enter_async_context(listen(app, 0, Limits())), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    gc.freeze()  # as `drumbeat run` does with what it imported, here for both
    asyncio.run(_serve({"ours": ours, "bare": bare}[sys.argv[1]], *sys.argv[2:]))
