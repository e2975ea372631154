"""One job every 15 s that asks what is due; never a job per person."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock

EVERY_SECONDS = 15


def start_scheduler(tick: Callable[[datetime], Awaitable[object]], clock: Clock) -> AsyncIOScheduler:
    """Call `tick` with the schedule's time at once and every 15 s; on the running loop, until shut down."""

    async def look() -> None:
        await tick(clock.now())

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(
        look,
        "interval",
        id="tick",
        seconds=EVERY_SECONDS,
        next_run_time=clock.wall(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.start()
    return scheduler
