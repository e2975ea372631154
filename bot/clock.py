"""The only reader of the clock.

Schedules follow `now`; pacing and retries are real time, `monotonic`. Leases are the database's (`storage.delivery.leases`).
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWebSocketResponse, WSMsgType

from domain.faults import kind_and_place

_log = structlog.get_logger()
_RECONNECT_SECONDS = 0.5
TOLERANCE = timedelta(minutes=1)
"""By how much a clock may differ from another's: what it takes Slack to say the time is in there."""
# When Slack is asked again: where it did not answer, where the clock was wrong, where it was right.
_UNREACHED_SECONDS, _WRONG_SECONDS, _RIGHT_SECONDS = 15.0, 300.0, 3_600.0
_PATIENCE = 10.0

WhenItIs = Callable[[datetime], Awaitable[datetime | None]]
"""Does everything due at an instant and returns when something is next due."""


AskTime = Callable[[], Awaitable[datetime | None]]
"""What time it is elsewhere; None when they do not say. Raises OSError where nobody answers."""


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


class CheckedClock(SystemClock):
    """The system's time, as long as it goes on as steadily as the monotonic clock.

    When it jumps, because the machine slept, or the clock was set, or is wrong, time goes on from where it was until
    `ask` has said who is right. One moment of a wrong clock would do what cannot be undone: pass a year of rituals over.
    """

    def __init__(self, ask: AskTime, system: Clock | None = None) -> None:
        self._ask = ask
        self._system = system or SystemClock()
        self._is_doubted = False
        self._error = timedelta()
        self._ask_at = 0.0
        self._set(self._system.wall())

    def _set(self, time: datetime) -> None:
        self._known = (time, self._system.monotonic())

    def _steady(self) -> datetime:
        time, since = self._known
        return time + timedelta(seconds=self._system.monotonic() - since)

    def _ahead(self) -> timedelta:
        """How far the system's clock is from where it should be."""
        return self._system.wall() - self._steady()

    def now(self) -> datetime:
        is_steady = not self._is_doubted and abs(self._ahead()) <= TOLERANCE
        return self._system.wall() if is_steady else self._steady()

    def wall(self) -> datetime:
        return self.now()

    async def begin(self) -> None:
        """It may be wrong from the start. Raises OSError where nobody answers."""
        self._believe(await self._ask())

    async def check(self) -> None:
        """Look whether it jumped, and find out who is right; to be called every few seconds."""
        ahead = self._ahead()
        if abs(ahead - self._error) > TOLERANCE:
            _log.warning("clock_jumped", seconds=round((ahead - self._error).total_seconds()))
            self._is_doubted, self._error = True, ahead
            self._ask_at = self._system.monotonic()
        elif not self._is_doubted:
            self._set(self._system.wall())
        if self._system.monotonic() >= self._ask_at:
            await self._find_out()

    async def _find_out(self) -> None:
        try:
            self._believe(await self._ask())
        except OSError as problem:
            _log.warning("clock_unconfirmed", error=type(problem).__name__)
            self._ask_at = self._system.monotonic() + _UNREACHED_SECONDS

    def _believe(self, told: datetime | None) -> None:
        wall = self._system.wall()
        error = wall - told if told else timedelta()
        if abs(error) > TOLERANCE:
            _log.error("clock_wrong", seconds_ahead=round(error.total_seconds()))
            self._is_doubted, self._error = True, error
            self._set(wall - error)
        else:
            if self._is_doubted:
                _log.info("clock_confirmed")
            self._is_doubted, self._error = False, timedelta()
            self._set(wall)
        self._ask_at = self._system.monotonic() + (_WRONG_SECONDS if self._is_doubted else _RIGHT_SECONDS)


async def ask_slack(session: ClientSession, api_url: str, seconds: float = _PATIENCE) -> datetime | None:
    """What time it is at Slack, to the second, as every answer says; `api_url` ends with a slash. Raises ConnectionError."""
    try:
        async with session.post(f"{api_url}api.test", timeout=ClientTimeout(seconds)) as answer:
            return read_http_date(answer.headers.get("Date", ""))
    except (ClientError, TimeoutError) as lost:
        raise ConnectionError(type(lost).__name__) from lost


def read_http_date(text: str) -> datetime | None:
    """The instant of a `Date` header; None where it is none."""
    try:
        told = parsedate_to_datetime(text)
    except ValueError:
        return None
    return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)


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
