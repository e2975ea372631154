"""Drumbeat through a year, as fast as it can: `python -m bench.year_process`, with the settings of `drumbeat run`.

Does all that is due, instant after instant, and says after every four weeks how many bytes are resident.
"""

import asyncio
import gc
from datetime import datetime, timedelta

from bench.memory import resident_bytes
from bench.plans import BEGAN
from bot.app import assemble
from bot.clock import SystemClock
from bot.config import load_settings
from bot.log import set_up_logging

FOUR_WEEKS = timedelta(weeks=4)
TIMES = 13


class SteppedClock(SystemClock):
    """Schedule time is where it was put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


async def _live() -> None:
    settings, clock = load_settings(), SteppedClock(BEGAN)
    set_up_logging(settings.log_level)
    async with assemble(settings, clock) as parts:
        gc.freeze()  # as `drumbeat run` does with what it imported
        for time in range(1, TIMES + 1):
            until = BEGAN + time * FOUR_WEEKS
            while clock.at < until:
                due_at = await parts.settle(clock.at)
                clock.at = until if due_at is None else min(max(due_at, clock.at), until)
            print(resident_bytes(), flush=True)


if __name__ == "__main__":
    asyncio.run(_live())
