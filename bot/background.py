"""Work that goes on after Slack got its answer, because it may take longer than Slack waits."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 8.0
"""Seconds a process that is told to stop gives to what is in hand."""


class Background:
    """Tasks on their way. What they do must bear being lost: nobody makes it up after a crash."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def idle(self) -> None:
        """Returns when nothing is on its way any more."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def stop(self) -> None:
        """Gives what is in hand a moment, then gives it up."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self.idle()
        except TimeoutError:
            for task in self._tasks:
                task.cancel()
