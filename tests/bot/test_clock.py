"""A clock that follows the local Slack's, and the one job that looks at it."""

import asyncio
from datetime import UTC, datetime, timedelta

from structlog.testing import capture_logs

from bot.clock import FollowedClock, SystemClock
from bot.scheduler import start_scheduler
from sandbox import LocalSlack

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def test_the_clock_stops_at_every_instant_something_is_due() -> None:
    async with LocalSlack(now=MONDAY) as slack:
        clock = FollowedClock(slack.api_url)
        due = [MONDAY + timedelta(days=days) for days in (1, 2, 40)]
        stops: list[datetime] = []

        async def when_it_is(now: datetime) -> datetime | None:
            assert clock.now() == now
            stops.append(now)
            while due and due[0] <= now:
                due.pop(0)
            return due[0] if due else None

        following = asyncio.create_task(clock.follow(when_it_is))
        await clock.started()
        await slack.clock.advance(to=MONDAY + timedelta(days=3))
        following.cancel()
        assert list(dict.fromkeys(stops)) == [MONDAY + timedelta(days=days) for days in (0, 1, 2, 3)]


async def test_a_step_that_fails_does_not_stop_the_clock() -> None:
    async with LocalSlack(now=MONDAY) as slack:
        clock = FollowedClock(slack.api_url)

        async def when_it_is(now: datetime) -> datetime | None:
            raise RuntimeError("Maya is being replaced")

        with capture_logs() as logs:
            following = asyncio.create_task(clock.follow(when_it_is))
            await clock.started()
            await slack.clock.advance(by=timedelta(hours=1))
            following.cancel()
        assert clock.now() == MONDAY + timedelta(hours=1)
        assert {(line["event"], line["kind"]) for line in logs} == {("clock_step_failed", "RuntimeError")}
        assert "test_clock.py:" in logs[0]["at"][-1]
        assert "replaced" not in str(logs)


async def test_the_job_looks_at_once_with_the_schedules_time() -> None:
    class Standing(SystemClock):
        def now(self) -> datetime:
            return MONDAY

    looked: asyncio.Queue[datetime] = asyncio.Queue()
    scheduler = start_scheduler(looked.put, Standing())
    async with asyncio.timeout(5):
        assert await looked.get() == MONDAY
    (job,) = scheduler.get_jobs()
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
    assert job.trigger.interval == timedelta(seconds=15)
    scheduler.shutdown()
