"""Socket Mode: Slack's payloads come over WebSockets that we open.

Over aiohttp, not by the SDK's client, which tries an address again and again whose handshake was refused: Slack takes each
once (docs.slack.dev/apis/events-api/using-socket-mode), so that it stays deaf.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.client import refusal_of
from bot.config import reveal
from bot.network import open_session, proxy_for
from bot.parts import Parts
from bot.starting import insist

log = structlog.get_logger()
HEARTBEAT = 10.0
"""Seconds between pings; a socket that answers none within half of that is half open, and closed."""
HELLO_SECONDS = 10.0
"""For the handshake and Slack's hello."""
LAST_SECONDS = 15.0
"""How long a socket that Slack is about to close is listened to beside the new one: it says so ten seconds ahead."""
SHORT_SECONDS = 10.0
"""What ended sooner counts as refused."""
LONGEST_PAUSE = 30.0
_GIVES_WAY = {"warning", "refresh_requested"}
"""Slack's reasons to change to another connection, as it does every few hours."""


@asynccontextmanager
async def connect(parts: Parts) -> AsyncIterator[str]:
    """Connected while inside. Raises CannotStartError where Slack refuses the app token."""
    socket_mode = SocketMode(parts, reveal(parts.settings.slack_app_token))
    address = await insist(socket_mode.find_address, "SLACK_APP_TOKEN", parts.settings.slack_api_url)
    keeping = asyncio.create_task(socket_mode.keep(address))
    try:
        await socket_mode.connected.wait()
        yield "Socket Mode"
    finally:
        keeping.cancel()
        await socket_mode.close()


class SocketMode:
    """Keeps a socket open: after each end a new address, and a client that knows nothing of the one before."""

    def __init__(
        self, parts: Parts, app_token: str, heartbeat: float = HEARTBEAT, hello: float = HELLO_SECONDS
    ) -> None:
        self._parts = parts
        self._token = app_token
        self._heartbeat = heartbeat
        self._hello = hello
        self._lines: set[asyncio.Task[None]] = set()
        self.connected = asyncio.Event()

    async def find_address(self) -> str:
        """Good for one handshake. Raises SlackApiError, or what kept Slack from answering."""
        return str((await self._parts.client.apps_connections_open(app_token=self._token))["url"])

    async def keep(self, address: str | None) -> None:
        """Until cancelled; begins with `address`, if there is one."""
        failures = 0
        while True:
            wait = 0.0
            try:
                is_well = await self._stay(address or await self.find_address())
            except SlackApiError as refused:
                refusal = refusal_of(refused)
                log.error("socket_refused", error=refusal.error)
                is_well, wait = False, refusal.retry_after
            except (ClientError, OSError, TimeoutError) as problem:
                log.warning("socket_refused", error=_name_of(problem))
                is_well = False
            address, failures = None, 0 if is_well else failures + 1
            if failures:
                await asyncio.sleep(wait or min(2.0 ** (failures - 1), LONGEST_PAUSE))

    async def _stay(self, address: str) -> bool:
        """Connected, until another connection is wanted; returns whether this one went well. Raises what kept it from that."""
        clock, health = self._parts.clock, self._parts.health
        line = _Line(self._parts, address, self._heartbeat, self._hello)
        life = asyncio.create_task(line.live())
        self._lines.add(life)
        life.add_done_callback(self._lines.discard)
        await line.hello
        began = clock.monotonic()
        health.heard(is_connected=True)
        self.connected.set()
        log.info("socket_open")
        reason = await line.ending
        if reason in _GIVES_WAY:
            log.info("socket_gives_way", reason=reason)
            return True
        health.heard(is_connected=False)
        log.warning("socket_lost", reason=reason)
        return clock.monotonic() - began >= SHORT_SECONDS

    async def close(self) -> None:
        for life in list(self._lines):
            life.cancel()
        if self._lines:
            await asyncio.wait(self._lines)


class _Line:
    """One socket. `hello` is when it can be used; `ending`, why another one is wanted."""

    def __init__(self, parts: Parts, address: str, heartbeat: float, hello: float) -> None:
        self._parts = parts
        self._address = address
        self._heartbeat = heartbeat
        self._limit = asyncio.timeout(hello)
        self._answering: set[asyncio.Task[None]] = set()
        loop = asyncio.get_running_loop()
        self.hello: asyncio.Future[None] = loop.create_future()
        self.ending: asyncio.Future[str] = loop.create_future()

    async def live(self) -> None:
        """From the handshake until it is closed, or has been left open too long after Slack wanted another one."""
        problem: Exception = ConnectionAbortedError("closed")
        try:
            async with self._limit, open_session() as session:
                proxy = proxy_for(self._address)
                async with session.ws_connect(
                    self._address, heartbeat=self._heartbeat, proxy=proxy
                ) as socket:
                    try:
                        async for message in socket:
                            if message.type is WSMsgType.TEXT:
                                self._take(socket, json.loads(message.data))
                        if isinstance(broken := socket.exception(), Exception):
                            problem = broken
                    finally:  # told to end, it answers what has come
                        if self._answering:
                            await asyncio.wait(self._answering)
        except Exception as met:  # noqa: BLE001 - whatever it is, Slack is to be heard by another one
            problem = met
        if not self.hello.done():
            self.hello.set_exception(problem)
        self._end(_name_of(problem))

    def _take(self, socket: ClientWebSocketResponse, frame: dict[str, Any]) -> None:
        if frame.get("type") == "hello":
            self._limit.reschedule(None)
            if not self.hello.done():
                self.hello.set_result(None)
        elif frame.get("type") == "disconnect":
            self._end(str(frame.get("reason")))
            self._limit.reschedule(asyncio.get_running_loop().time() + LAST_SECONDS)
        elif "envelope_id" in frame:
            task = asyncio.create_task(self._answer(socket, frame))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    def _end(self, reason: str) -> None:
        if not self.hello.done():
            self.hello.set_exception(ConnectionRefusedError(reason))
        elif not self.ending.done():
            self.ending.set_result(reason)

    async def _answer(self, socket: ClientWebSocketResponse, frame: dict[str, Any]) -> None:
        response = await self._parts.incoming.take_parsed(frame.get("payload"), _headers_of(frame))
        if response.status != 200:  # Slack sends it again
            return
        try:
            await socket.send_json({"envelope_id": frame["envelope_id"], **_payload_of(response)})
        except ConnectionError:
            log.warning("ack_lost")


def _headers_of(frame: dict[str, Any]) -> dict[str, str]:
    """As they are over HTTP."""
    told = {
        "x-slack-retry-num": frame.get("retry_attempt"),
        "x-slack-retry-reason": frame.get("retry_reason"),
    }
    return {name: str(value) for name, value in told.items() if value is not None}


def _payload_of(response: BoltResponse) -> dict[str, Any]:
    """What goes with the acknowledgement; Bolt has it as text."""
    if not response.body:
        return {}
    is_json = response.headers.get("content-type", [""])[0].startswith("application/json")
    return {"payload": json.loads(response.body) if is_json else {"text": response.body}}


def _name_of(problem: Exception) -> str:
    if isinstance(problem, WSServerHandshakeError):
        return f"HTTP {problem.status}"
    is_reason = isinstance(problem, ConnectionRefusedError | ConnectionAbortedError) and problem.errno is None
    return str(problem) if is_reason else type(problem).__name__
