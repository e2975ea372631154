"""One job every 15 s that asks what is due; never a job per person."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.clock import CheckedClock, Clock, SystemClock

EVERY = timedelta(seconds=15)
CHECK_SECONDS = 5.0
_TICK = "tick"
_SYSTEM = SystemClock()
"""Right or wrong, it is what APScheduler goes by."""
_log = structlog.get_logger()


class AfterEach(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """So long after a look, whatever the system's clock shows by then.

    An interval goes through every look that a jump of the clock passes over: those of a year take it seven seconds.
    """

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now if previous_fire_time is None else now + EVERY


def start_scheduler(tick: Callable[[datetime], Awaitable[object]], clock: Clock) -> AsyncIOScheduler:
    """Call `tick` with the schedule's time at once and every 15 s; on the running loop, until shut down."""

    async def look() -> None:
        await tick(clock.now())

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(
        look,
        AfterEach(),
        id=_TICK,
        next_run_time=_SYSTEM.wall(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.start()
    return scheduler


async def keep_time(
    clock: CheckedClock, scheduler: AsyncIOScheduler, every_seconds: float = CHECK_SECONDS
) -> None:
    """Find out about jumps of the system's clock, until cancelled.

    APScheduler waits for an instant of that clock: after a moment in which it was a year ahead, the next look would
    come in a year. The loop's own time is not touched by it.
    """
    job = scheduler.get_job(_TICK)
    while True:
        await asyncio.sleep(every_seconds)
        try:
            await clock.check()
        except Exception as fault:  # noqa: BLE001 - whatever it was, the next look may come sooner than in a year
            _log.error("clock_check_failed", kind=type(fault).__name__)
        if job.next_run_time > _SYSTEM.wall() + EVERY:
            job.modify(next_run_time=_SYSTEM.wall())
