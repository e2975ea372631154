"""The socket that Slack's payloads come by: whatever becomes of one, another one is opened, and the log says so."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.app import assemble
from bot.client import make_client
from bot.parts import Parts
from bot.socket_mode import HELLO_SECONDS, SocketMode
from sandbox import LocalSlack
from tests.support.bot_here import settings_for
from tests.support.bot_process import install
from tests.support.databases import SqliteFiles
from tests.support.offices import FRIDAY

HEARTBEAT = 0.3
EVENT = {"type": "app_rate_limited", "minute_rate_limited": 1518467820, "team_id": "T1"}


class Gateway:
    """Where sockets end: it does with each of them as the next of `plans` says, and with those after the last one well.

    It takes each address once, as Slack does.
    """

    def __init__(self, plans: Sequence[str]) -> None:
        self._plans = list(plans)
        self._addresses: set[str] = set()
        self.url = ""
        self.acknowledged: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.tried: list[str] = []

    async def open(self, _request: web.Request) -> web.Response:
        if self._plans[:1] == ["refused token"]:
            del self._plans[0]
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        address = f"{len(self._addresses)}"
        self._addresses.add(address)
        return web.json_response({"ok": True, "url": f"{self.url.replace('http', 'ws')}/link/{address}"})

    async def serve(self, request: web.Request) -> web.StreamResponse:
        address = request.match_info["address"]
        self.tried.append(address)
        plan = self._plans.pop(0) if self._plans else "well"
        if plan == "refused" or address not in self._addresses:
            return web.Response(status=404)
        self._addresses.discard(address)
        self._addresses.add("used")
        if plan == "no handshake":
            await asyncio.Event().wait()
        socket = web.WebSocketResponse(autoping=plan != "half open")
        await socket.prepare(request)
        if plan == "no hello":
            await socket.receive()  # pings are answered, and nothing said
        if plan.startswith("sent away"):
            await socket.send_json({"type": "disconnect", "reason": plan.removeprefix("sent away ")})
            await socket.close()
            return socket
        await socket.send_json({"type": "hello", "num_connections": 1})
        if plan.startswith("disconnect"):
            await socket.send_json({"type": "disconnect", "reason": plan.split()[1]})
        if plan == "no frame":
            await socket.send_json([])
        if plan == "closed":
            await socket.close()
        if plan == "well":
            envelope = {"envelope_id": "E1", "type": "events_api", "payload": EVENT, "retry_attempt": 0}
            await socket.send_json(envelope)
            await self.acknowledged.put(await socket.receive_json())
        if plan == "half open":
            await asyncio.Event().wait()  # a socket that says and hears nothing, and is not closed
        await socket.receive()
        return socket


@asynccontextmanager
async def gateway(plans: Sequence[str]) -> AsyncIterator[Gateway]:
    there, app = Gateway(plans), web.Application()
    app.router.add_post("/api/apps.connections.open", there.open)
    app.router.add_get("/link/{address}", there.serve)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield there
    finally:
        await runner.cleanup()


@pytest.fixture
async def parts(sqlite_files: SqliteFiles) -> AsyncIterator[Parts]:
    async with (
        LocalSlack(now=FRIDAY, rate_limits=False) as slack,
        assemble(settings_for(slack, install(slack), sqlite_files.new())) as assembled,
    ):
        yield assembled


@pytest.mark.parametrize(
    ("plans", "said"),
    [
        (["refused", "refused"], [("socket_refused", "HTTP 404")] * 2),
        (["refused token"], [("socket_refused", "internal_error")]),
        (["no handshake"], [("socket_refused", "TimeoutError")]),
        (["no hello"], [("socket_refused", "TimeoutError")]),
        (["sent away too_many_websockets"], [("socket_refused", "too_many_websockets")]),
        (["half open"], [("socket_lost", "ServerTimeoutError")]),
        (["closed"], [("socket_lost", "closed")]),
        (["no frame"], [("socket_lost", "AttributeError")]),
        (["disconnect warning"], [("socket_gives_way", "warning")]),
        (["disconnect refresh_requested"], [("socket_gives_way", "refresh_requested")]),
        (["disconnect link_disabled"], [("socket_lost", "link_disabled")]),
        (["disconnect too_many_websockets"], [("socket_lost", "too_many_websockets")]),
    ],
)
async def test_whatever_becomes_of_a_socket_slack_is_heard_by_another_one(
    parts: Parts, log: list[Any], plans: list[str], said: list[tuple[str, str]]
) -> None:
    async with gateway(plans) as there, ClientSession() as session:
        client = make_client(f"{there.url}/api/", session, "xoxb-1")
        hello = 3.0 if plans[0].startswith("no h") else HELLO_SECONDS
        socket_mode = SocketMode(replace(parts, client=client), "xapp-1", HEARTBEAT, hello)
        keeping = asyncio.create_task(socket_mode.keep(None))
        async with asyncio.timeout(30):
            assert await there.acknowledged.get() == {"envelope_id": "E1"}
        keeping.cancel()
        await socket_mode.close()
    assert len(set(there.tried)) == len(there.tried), "an address is tried once"
    told = [
        (one["event"], one.get("error") or one.get("reason"))
        for one in log
        if one["event"] in ("socket_refused", "socket_lost", "socket_gives_way")
    ]
    assert told == said
    [limited] = [one for one in log if one["event"] == "app_rate_limited"]
    assert limited["minute"] == EVENT["minute_rate_limited"]
