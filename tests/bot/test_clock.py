"""Clocks: one that follows the local Slack's, one that is not believed when it jumps, and the job that looks at them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.check import compare_clocks
from bot.clock import TOLERANCE, CheckedClock, FollowedClock, SystemClock, ask_slack, read_http_date
from bot.scheduler import AfterEach, keep_time, start_scheduler
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
    assert await looked.get() == MONDAY
    (job,) = scheduler.get_jobs()
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
    assert job.trigger.get_next_fire_time(MONDAY, MONDAY) == MONDAY + timedelta(seconds=15)
    scheduler.shutdown()


def test_the_looks_of_a_year_that_the_clock_jumped_over_are_one() -> None:
    in_a_year = MONDAY + timedelta(days=365)
    assert AfterEach().get_next_fire_time(MONDAY, in_a_year) == in_a_year + timedelta(seconds=15)


async def test_a_look_that_a_wrong_clock_put_off_for_a_year_comes_at_once() -> None:
    looks: asyncio.Queue[datetime] = asyncio.Queue()
    clock = CheckedClock(nobody)
    scheduler = start_scheduler(looks.put, clock)
    async with asyncio.timeout(20):
        await looks.get()
        scheduler.get_job("tick").modify(next_run_time=SystemClock().wall() + timedelta(days=365))
        keeping = asyncio.create_task(keep_time(clock, scheduler, every_seconds=0.01))
        await looks.get()
    assert scheduler.get_job("tick").next_run_time < SystemClock().wall() + timedelta(minutes=1)
    keeping.cancel()
    scheduler.shutdown()


# A clock that is checked


async def nobody() -> datetime | None:
    raise ConnectionError("nobody answers")


class World(SystemClock):
    """The true time, what a machine makes of it, and a Slack that knows it to the second."""

    def __init__(self) -> None:
        self.true = MONDAY
        self.error = timedelta()
        self.slept = timedelta()
        self.asked = 0
        self.is_there = True
        self.says = True

    def wall(self) -> datetime:
        return self.true + self.error

    def monotonic(self) -> float:
        return (self.true - self.slept - MONDAY).total_seconds()

    async def ask(self) -> datetime | None:
        self.asked += 1
        if not self.is_there:
            raise ConnectionError("nobody answers")
        return self.true.replace(microsecond=0) if self.says else None

    def sleeps(self, span: timedelta) -> None:
        """With its lid closed, as laptops and virtual machines do."""
        self.true += span
        self.slept += span


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def clock(world: World) -> CheckedClock:
    clock = CheckedClock(world.ask, world)
    await clock.begin()
    return clock


def said(log: Sequence[Mapping[str, Any]]) -> list[str]:
    return [entry["event"] for entry in log]


@pytest.mark.parametrize("error", [timedelta(days=365), timedelta(minutes=2), timedelta(days=-30)])
async def test_a_moment_in_which_the_clock_is_wrong_never_shows_and_is_logged(
    world: World, clock: CheckedClock, error: timedelta
) -> None:
    with capture_logs() as log:
        world.error = error
        world.true += timedelta(seconds=5)
        assert clock.now() == world.true
        await clock.check()
        assert abs(clock.now() - world.true) < timedelta(seconds=1)
        world.error = timedelta()
        world.true += timedelta(seconds=5)
        await clock.check()
    assert clock.now() == world.true
    assert said(log) == ["clock_jumped", "clock_wrong", "clock_jumped", "clock_confirmed"]
    assert log[0]["seconds"] == log[1]["seconds_ahead"] == error.total_seconds()


@pytest.mark.parametrize("asleep", [timedelta(minutes=2), timedelta(hours=9), timedelta(days=21)])
async def test_after_a_sleep_time_goes_on_where_it_was_until_slack_has_said_how_late_it_is(
    world: World, clock: CheckedClock, asleep: timedelta
) -> None:
    before = clock.now()
    world.sleeps(asleep)
    assert clock.now() == before
    with capture_logs() as log:
        await clock.check()
    assert clock.now() == world.true
    assert said(log) == ["clock_jumped", "clock_confirmed"]


async def test_a_clock_that_was_wrong_and_is_set_right_is_believed(world: World) -> None:
    world.error = timedelta(days=-2)
    clock = CheckedClock(world.ask, world)
    with capture_logs() as log:
        await clock.begin()
        assert clock.now() == world.true
        world.true += timedelta(hours=1)
        assert clock.now() == world.true
        world.error = timedelta()
        await clock.check()
    assert clock.now() == world.true
    assert said(log) == ["clock_wrong", "clock_jumped", "clock_confirmed"]


async def test_a_clock_that_creeps_away_is_noticed_within_the_hour(world: World, clock: CheckedClock) -> None:
    with capture_logs() as log:
        for _ in range(1_000):
            world.true += timedelta(seconds=5)
            world.error += timedelta(seconds=1)
            await clock.check()
    assert "clock_wrong" in said(log)
    assert abs(clock.now() - world.true) <= TOLERANCE


async def test_small_steps_are_nothing_to_ask_about(world: World, clock: CheckedClock) -> None:
    for _ in range(100):
        world.true += timedelta(seconds=5)
        world.error += timedelta(seconds=0.5)
        await clock.check()
        assert clock.now() == world.wall()
    assert world.asked == 1


async def test_while_slack_cannot_be_reached_time_goes_on_steadily_and_slack_is_asked_now_and_then(
    world: World, clock: CheckedClock
) -> None:
    world.is_there = False
    world.error = timedelta(days=365)
    for _ in range(24):
        world.true += timedelta(seconds=5)
        await clock.check()
        assert clock.now() == world.true
    assert 1 + 6 <= world.asked <= 1 + 9
    world.is_there, world.error = True, timedelta()
    world.sleeps(timedelta(hours=8))
    world.true += timedelta(seconds=15)
    await clock.check()
    assert clock.now() == world.true


async def test_a_slack_that_does_not_say_the_time_contradicts_nobody(
    world: World, clock: CheckedClock
) -> None:
    world.says = False
    world.sleeps(timedelta(hours=8))
    await clock.check()
    assert clock.now() == world.true


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["runs", "sleeps", "is wrong", "is right"]),
        st.integers(1, 400 * 86_400).map(lambda seconds: timedelta(seconds=seconds)),
        st.sampled_from([1, -1]),
    ),
    max_size=25,
)


@given(steps=STEPS)
async def test_whatever_happens_it_shows_the_true_time_once_slack_was_asked(steps: list[Any]) -> None:
    world = World()
    clock = CheckedClock(world.ask, world)
    await clock.begin()
    for what, span, sign in steps:
        if what == "runs":
            world.true += span
        elif what == "sleeps":
            world.sleeps(span)
        else:
            world.error = span * sign if what == "is wrong" else timedelta()
        await clock.check()
        world.true += timedelta(hours=1)
        await clock.check()
        assert abs(clock.now() - world.true) <= TOLERANCE + timedelta(seconds=1)


async def test_slack_says_what_time_it_is_in_every_answer() -> None:
    async with LocalSlack() as slack, ClientSession() as session:
        before = datetime.now(UTC).replace(microsecond=0)
        told = await ask_slack(session, slack.api_url)
        assert told is not None
        assert before <= told <= datetime.now(UTC)
    async with ClientSession() as session:
        with pytest.raises(OSError):
            await ask_slack(session, slack.api_url)


@pytest.mark.parametrize("text", ["", "yesterday", "Mon, 99 Nov 2026 09:00:00 GMT"])
def test_a_date_that_is_none_says_nothing(text: str) -> None:
    assert read_http_date(text) is None


def test_a_date_is_read_as_http_writes_it() -> None:
    assert read_http_date("Mon, 23 Nov 2026 09:00:00 GMT") == MONDAY


@pytest.mark.parametrize(
    ("ahead", "is_ok", "says"),
    [
        (timedelta(seconds=30), True, "agrees"),
        (timedelta(days=3, seconds=2), False, "3 days, 0:00:02 ahead of Slack’s"),
        (timedelta(minutes=-90), False, "1:30:00 behind Slack’s"),
    ],
)
def test_check_says_how_far_off_the_clock_is(ahead: timedelta, is_ok: bool, says: str) -> None:
    finding = compare_clocks(MONDAY + ahead, MONDAY)
    assert (finding.is_ok, says in finding.detail) == (is_ok, True)
    assert compare_clocks(MONDAY + ahead, None).is_ok
