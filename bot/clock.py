"""The only reader of the clock.

Schedules follow `now`; leases, pacing and retries are real time, `wall` between processes and `monotonic` within one.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import structlog
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType

from domain.faults import kind_and_place

_log = structlog.get_logger()
_RECONNECT_SECONDS = 0.5

WhenItIs = Callable[[datetime], Awaitable[datetime | None]]
"""Does everything due at an instant and returns when something is next due."""


class Clock(Protocol):
    def now(self) -> datetime:
        """Schedule time, UTC."""

    def wall(self) -> datetime:
        """Real time, UTC."""

    def monotonic(self) -> float:
        """Real seconds from an arbitrary start."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class FollowedClock(SystemClock):
    """Shows the time of a local stand-in for Slack, so that months can pass in seconds.

    Settings allow it only for a SLACK_API_URL on this machine.
    """

    def __init__(self, slack_api_url: str) -> None:
        self._url = urlunsplit(urlsplit(slack_api_url)._replace(path="/control/clock", query="", fragment=""))
        self._now: datetime | None = None
        self._told = asyncio.Event()

    def now(self) -> datetime:
        return self._now or self.wall()

    async def started(self) -> None:
        """Wait until the time has been told once."""
        await self._told.wait()

    async def follow(self, when_it_is: WhenItIs) -> None:
        """Follow until cancelled, connecting again when the other side went away."""
        async with ClientSession() as session:
            while True:
                try:
                    async with session.ws_connect(self._url) as socket:
                        await self._answer(socket, when_it_is)
                except (ClientError, OSError) as error:
                    _log.warning("clock_lost", error=type(error).__name__)
                await asyncio.sleep(_RECONNECT_SECONDS)

    async def _answer(self, socket: ClientWebSocketResponse, when_it_is: WhenItIs) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            told = json.loads(message.data)
            self._now = datetime.fromisoformat(told["now"])
            self._told.set()
            next_due = await self._settle(self._now, when_it_is)
            answer = {
                "type": "settled",
                "id": told["id"],
                "next_due": next_due.isoformat() if next_due else None,
            }
            await socket.send_json(answer)

    async def _settle(self, now: datetime, when_it_is: WhenItIs) -> datetime | None:
        try:
            return await when_it_is(now)
        except Exception as fault:  # noqa: BLE001
            # Whoever moves the clock waits for the answer; what went wrong is found in the log and the outcome.
            _log.error("clock_step_failed", **kind_and_place(fault))
            return None
