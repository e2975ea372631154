"""Time that stands still, and followers that move with it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from sandbox import LocalSlack
from tests.sandbox.conftest import MONDAY, Office

HOUR = timedelta(hours=1)


class Follower:
    """A process whose clock follows: remembers the times it was told and answers with what it has due next."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.told: list[datetime] = []
        self.dues: list[datetime] = []
        self.answers = True
        self.on_time: Callable[[datetime], Any] | None = None
        self.greeted = asyncio.Event()
        self.task = asyncio.ensure_future(self._follow())

    async def _follow(self) -> None:
        async for frame in self.socket:
            time = json.loads(frame.data)
            now = datetime.fromisoformat(time["now"])
            assert time["type"] == "time"
            self.told.append(now)
            if self.on_time:
                await self.on_time(now)
            self.greeted.set()
            if self.answers:
                due = min((d for d in self.dues if d > now), default=None)
                next_due = due.isoformat() if due else None
                await self.socket.send_json({"type": "settled", "id": time["id"], "next_due": next_due})

    def moments(self) -> list[datetime]:
        """Each time told, once."""
        return list(dict.fromkeys(self.told))


@pytest.fixture
async def follow(office: Office) -> AsyncIterator[Callable[[], Any]]:
    opened: list[Follower] = []
    async with aiohttp.ClientSession() as session:

        async def connect() -> Follower:
            follower = Follower(await session.ws_connect(f"{office.slack.url}/control/clock"))
            await follower.greeted.wait()
            opened.append(follower)
            return follower

        yield connect
        for follower in opened:
            await follower.socket.close()
            await follower.task


async def test_time_stands_still_until_moved() -> None:
    async with LocalSlack(now=MONDAY) as slack:
        assert slack.clock.now == MONDAY
        await slack.clock.advance(by=HOUR)
        assert slack.clock.now == MONDAY + HOUR
        await slack.clock.advance(to=MONDAY + 3 * HOUR)
        assert slack.clock.now == MONDAY + 3 * HOUR
        with pytest.raises(ValueError, match="forward"):
            await slack.clock.advance(to=MONDAY)
        with pytest.raises(ValueError, match="either"):
            await slack.clock.advance()


async def test_a_follower_is_told_the_time_at_once_and_at_every_due_instant(
    office: Office, follow: Any
) -> None:
    follower = await follow()
    assert follower.told == [MONDAY]
    follower.dues = [MONDAY + HOUR, MONDAY + 2 * HOUR, MONDAY + 9 * HOUR]
    await office.slack.settled()
    await office.slack.clock.advance(by=4 * HOUR)
    assert follower.moments() == [MONDAY, MONDAY + HOUR, MONDAY + 2 * HOUR, MONDAY + 4 * HOUR]


async def test_what_becomes_due_on_the_way_is_stopped_at_too(office: Office, follow: Any) -> None:
    follower = await follow()
    follower.dues = [MONDAY + HOUR]

    async def later(now: datetime) -> None:
        if now == MONDAY + HOUR:
            follower.dues.append(now + timedelta(minutes=5))

    follower.on_time = later
    await office.slack.clock.advance(by=2 * HOUR)
    assert follower.moments() == [MONDAY, MONDAY + HOUR, MONDAY + timedelta(minutes=65), MONDAY + 2 * HOUR]


async def test_several_followers_step_together(office: Office, follow: Any) -> None:
    one, other = await follow(), await follow()
    one.dues, other.dues = [MONDAY + HOUR], [MONDAY + 2 * HOUR]
    await office.slack.clock.advance(by=3 * HOUR)
    assert one.moments() == other.moments() == [MONDAY + n * HOUR for n in range(4)]


async def test_a_follower_that_goes_is_no_longer_waited_for(office: Office, follow: Any) -> None:
    gone, staying = await follow(), await follow()
    gone.answers = False
    waiting = asyncio.ensure_future(office.slack.clock.advance(by=HOUR))
    while len(gone.told) < 2:
        await asyncio.wait([waiting], timeout=0.01)
    assert not waiting.done()
    await gone.socket.close()
    await waiting
    assert staying.moments()[-1] == MONDAY + HOUR


async def test_a_follower_that_never_answers_is_an_error() -> None:
    async with LocalSlack(now=MONDAY, patience=0.002) as slack, aiohttp.ClientSession() as session:
        follower = Follower(await session.ws_connect(f"{slack.url}/control/clock"))
        await follower.greeted.wait()
        follower.answers = False
        with pytest.raises(TimeoutError, match="did not answer"):
            await slack.settled()
        await follower.socket.close()
        await follower.task


async def test_settled_sends_the_present_again(office: Office, follow: Any) -> None:
    follower = await follow()
    await office.slack.settled()
    assert follower.told == [MONDAY, MONDAY]


async def test_what_a_follower_does_is_done_when_time_has_moved(office: Office, follow: Any) -> None:
    follower = await follow()
    follower.dues = [MONDAY + HOUR]

    async def post(now: datetime) -> None:
        if now == MONDAY + HOUR and not office.ana.dm.messages:
            await office.api.chat_postMessage(channel=office.ana.id, text="It is ten")

    follower.on_time = post
    await office.slack.clock.advance(by=2 * HOUR)
    (message,) = office.ana.dm.messages
    assert message.ts.startswith(str(int((MONDAY + HOUR).timestamp())))
