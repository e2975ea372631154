"""The sandbox's time: it stands still until moved, and everyone who follows it moves along."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FOLLOWER_SECONDS = 30.0
MOST_ROUNDS = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(eq=False)
class _Follower:
    """A process whose clock is ours; `next_due` is when it next has something to do."""

    socket: web.WebSocketResponse
    next_due: datetime | None = None
    waiting: dict[int, asyncio.Future[None]] = field(default_factory=dict)

    def answered(self, number: int, next_due: str | None) -> None:
        self.next_due = datetime.fromisoformat(next_due) if next_due else None
        waiter = self.waiting.pop(number, None)
        if waiter and not waiter.done():
            waiter.set_result(None)

    def gone(self) -> None:
        for waiter in self.waiting.values():
            if not waiter.done():
                waiter.set_result(None)


class Clock:
    """`delivered` waits until nothing is on its way and returns how many deliveries there ever were; `moved` is called
    after every step.
    """

    def __init__(
        self,
        now: datetime,
        delivered: Callable[[], Awaitable[int]],
        follower_seconds: float,
        moved: Callable[[], None],
    ) -> None:
        self._follower_seconds = follower_seconds
        self._delivered = delivered
        self._moved = moved
        self._followers: list[_Follower] = []
        self._timers: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = itertools.count(1)
        self._stepping = asyncio.Lock()
        self._set(now)

    def _set(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._now_us = (self._now - _EPOCH) // timedelta(microseconds=1)

    @property
    def now(self) -> datetime:
        return self._now

    def now_us(self) -> int:
        """Microseconds since 1970, exactly."""
        return self._now_us

    @property
    def followers(self) -> int:
        return len(self._followers)

    def at(self, moment: datetime, do: Callable[[], None]) -> None:
        """Calls `do` once when the clock reaches the moment."""
        heapq.heappush(self._timers, (moment, next(self._numbers), do))

    def start_at(self, moment: datetime) -> None:
        """Before anybody follows: the moment to go on from."""
        self._set(moment)

    async def advance(self, to: datetime | None = None, by: timedelta | None = None) -> None:
        """Moves on to an aware moment, or by a span, stopping at every due instant on the way.

        Raises TimeoutError when a follower doesn't answer in its time, ValueError when going back.
        """
        if (to is None) == (by is None):
            raise ValueError("say either to or by")
        target = to.astimezone(UTC) if to else self._now + by  # type: ignore[operator]
        if target < self._now:
            raise ValueError(f"the clock only goes forward: it is {self._now} and {target} was asked for")
        async with self._stepping:
            await self._settle()
            while (due := self.next_due) is not None and due <= target:
                await self._step(due)
            await self._step(target)

    async def settled(self) -> None:
        """Waits until nothing is to be delivered and every follower is idle."""
        async with self._stepping:
            await self._settle()

    @property
    def next_due(self) -> datetime | None:
        """When something is next to happen."""
        dues = [f.next_due for f in self._followers if f.next_due is not None and f.next_due > self._now]
        if self._timers:
            dues.append(self._timers[0][0])
        return min(dues, default=None)

    async def _step(self, to: datetime) -> None:
        self._set(max(to, self._now))
        while self._timers and self._timers[0][0] <= self._now:
            heapq.heappop(self._timers)[2]()
        await self._settle()
        self._moved()

    async def _settle(self) -> None:
        """Followers may post, and a post may reach an app as an event: repeat until nothing moves."""
        before = await self._delivered()
        for _ in range(MOST_ROUNDS):
            await asyncio.gather(*(self._tell(follower) for follower in list(self._followers)))
            after = await self._delivered()
            if after == before:
                return
            before = after
        raise RuntimeError(
            f"still something to deliver after {MOST_ROUNDS} rounds: who answers whom for ever?"
        )

    async def _tell(self, follower: _Follower) -> None:
        number = next(self._numbers)
        waiter = follower.waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await follower.socket.send_json({"type": "time", "id": number, "now": self._now.isoformat()})
        except ConnectionError:
            return
        try:
            async with asyncio.timeout(self._follower_seconds):
                await waiter
        except TimeoutError:
            said = f"a follower of the clock, told it is {self._now}, did not answer in {self._follower_seconds:g} s"
            raise TimeoutError(said) from None

    async def follow(self, request: web.Request) -> web.WebSocketResponse:
        """Serves one follower until it goes; a follower that has gone is no longer waited for."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        follower = _Follower(socket)
        self._followers.append(follower)
        greeting = asyncio.ensure_future(self._tell(follower))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    answer: dict[str, Any] = json.loads(message.data)
                    follower.answered(answer["id"], answer.get("next_due"))
        finally:
            self._followers.remove(follower)
            follower.gone()
            await asyncio.gather(greeting, return_exceptions=True)
        return socket

    async def close(self) -> None:
        for follower in list(self._followers):
            await follower.socket.close()
