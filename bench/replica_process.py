"""One of the processes that serve many workspaces, whose Monday begins when it is told.

`python -m bench.replica_process` with the settings of `drumbeat run`: says its port, performs and sends what is due
from the first line it reads on, and ends with its input. Pace, limits and waits are in real time.
"""

import asyncio
import gc
import sys
from datetime import UTC, datetime, timedelta

from bench.plans import FIRST, minute
from bot.app import assemble
from bot.clock import SystemClock
from bot.config import load_settings
from bot.log import set_up_logging
from bot.scheduler import start_scheduler
from bot.web import connect

MONDAY = minute(FIRST)


class MondayClock(SystemClock):
    """Stands a minute before what is due, until it is let go."""

    def __init__(self) -> None:
        self._began: float | None = None

    def begin(self) -> None:
        self._began = self.monotonic()

    def now(self) -> datetime:
        if self._began is None:
            return MONDAY - timedelta(minutes=1)
        return MONDAY + timedelta(seconds=self.monotonic() - self._began)

    def wall(self) -> datetime:
        return datetime.now(UTC)


async def _serve() -> None:
    settings, clock = load_settings(), MondayClock()
    set_up_logging(settings.log_level)
    async with assemble(settings, clock) as parts, connect(parts) as port:
        gc.freeze()  # as `drumbeat run` does with what it imported
        await parts.tick(clock.now(), wait=True)
        print(port.removeprefix("port "), flush=True)
        if await asyncio.to_thread(sys.stdin.readline):
            clock.begin()
            scheduler = start_scheduler(parts.tick, clock)
            await asyncio.to_thread(sys.stdin.read)
            scheduler.shutdown(wait=False)


if __name__ == "__main__":
    asyncio.run(_serve())
