"""Everything on its way to an app, over Socket Mode or HTTP, with Slack's retries of events."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from sandbox import payloads
from sandbox.delivery.parcel import Delivered, Parcel

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from sandbox.apps import App
    from sandbox.clock import Clock
    from sandbox.delivery.http import Http
    from sandbox.delivery.parcel import Ack
    from sandbox.delivery.socket_mode import SocketMode
    from sandbox.workspace import Workspace

JSON = dict[str, Any]
T = TypeVar("T")
# docs.slack.dev/apis/events-api: three retries, at once, after a minute, after five.
RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))


class Outgoing:
    """Counts what it starts, so that the clock can tell when all is quiet; `changed` is called after each."""

    def __init__(self, socket_mode: SocketMode, http: Http, changed: Callable[[], None]) -> None:
        self._socket_mode = socket_mode
        self._http = http
        self.changed = changed
        self._tasks: set[asyncio.Task[Any]] = set()
        self._started = 0
        self._held: list[tuple[App, Parcel]] | None = None
        self.delivered: list[Delivered] = []
        self.clock: Clock

    async def request(self, app: App, kind: str, payload: JSON) -> Ack:
        """A command or interaction: one attempt, its answer wanted in Slack's time."""
        return await self._spawn(self._attempt(app, Parcel(kind, payload)))

    def event(self, app: App, workspace: Workspace, event: JSON) -> asyncio.Task[None]:
        """Starts delivering an event; the task is the first attempt, further ones follow by themselves."""
        parcel = Parcel("events_api", payloads.event_callback(app, workspace, event))
        if self._held is None:
            return self._spawn(self._deliver(app, parcel))
        self._held.append((app, parcel))
        return self._spawn(asyncio.sleep(0))

    @contextmanager
    def disorder(self, times: int, shuffle: Callable[[list[Any]], None]) -> Iterator[None]:
        """What happens inside is told at the end, each event `times` times, in the order that `shuffle` makes of them."""
        self._held = []
        try:
            yield
        finally:
            late, self._held = self._held * times, None
            shuffle(late)
            for app, parcel in late:
                self._spawn(self._deliver(app, parcel))

    async def idle(self) -> int:
        """Waits until nothing is on its way; returns how many deliveries were ever started."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        return self._started

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        self._started += 1
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)
        return task

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self.changed()

    async def _attempt(self, app: App, parcel: Parcel) -> Ack:
        at, began = self.clock.now, time.monotonic()
        way = self._socket_mode if app.request_url is None else self._http
        ack = await way.send(app, parcel)
        self.delivered.append(Delivered(app, parcel, at, began, time.monotonic() - began, ack))
        return ack

    async def _deliver(self, app: App, parcel: Parcel) -> None:
        ack = await self._attempt(app, parcel)
        if ack.failure is None or not ack.may_retry or parcel.attempt == len(RETRY_AFTER):
            return
        again = Parcel(parcel.kind, parcel.payload, parcel.attempt + 1, ack.failure)
        wait = RETRY_AFTER[parcel.attempt]

        def retry() -> None:
            self._spawn(self._deliver(app, again))

        if wait:
            self.clock.at(self.clock.now + wait, retry)
        else:
            retry()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
