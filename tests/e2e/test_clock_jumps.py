"""A machine whose clock jumps: the rhythm goes on as if it had not, and nothing is passed over or said twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app import assemble
from bot.clock import CheckedClock, FollowedClock, SystemClock
from bot.web import connect
from sandbox import LocalSlack
from tests.support.bot_here import settings_for
from tests.support.bot_process import DRUMBEAT, environment, install
from tests.support.databases import SqliteFiles
from tests.support.team import Team, sent_at, team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
DIGEST = MONDAY + timedelta(days=2, hours=2)
WEEK = timedelta(weeks=1)


class Machine(SystemClock):
    """Its clock is Slack's but for an error; while it sleeps its monotonic clock stands still."""

    def __init__(self, slack: LocalSlack) -> None:
        self._slack = slack
        self._began = slack.clock.now
        self._asleep_since: datetime | None = None
        self._slept = timedelta()
        self.error = timedelta()

    def wall(self) -> datetime:
        return self._slack.clock.now + self.error

    def monotonic(self) -> float:
        awake = (self._asleep_since or self._slack.clock.now) - self._began - self._slept
        return awake.total_seconds()

    async def ask_slack(self) -> datetime:
        return self._slack.clock.now.replace(microsecond=0)

    @property
    def is_asleep(self) -> bool:
        return self._asleep_since is not None

    def falls_asleep(self) -> None:
        self._asleep_since = self._slack.clock.now

    def wakes(self) -> None:
        assert self._asleep_since is not None
        self._slept += self._slack.clock.now - self._asleep_since
        self._asleep_since = None


class StagedClock(CheckedClock):
    def wall(self) -> datetime:
        """By which the local Slack signs what it delivers."""
        return SystemClock().wall()


@dataclass
class Stage:
    team: Team
    machine: Machine

    async def wrong_for_one_tick(self, error: timedelta) -> None:
        self.machine.error = error
        await self.team.slack.settled()
        self.machine.error = timedelta()
        await self.team.slack.settled()


@asynccontextmanager
async def on_stage(database_url: str) -> AsyncIterator[Stage]:
    """The bot in this process, ticking whenever the local Slack's time moves, by the clock of a machine."""
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        team = team_of(slack, install(slack), {"Ben": "Europe/London", "Tom": "America/Los_Angeles"})
        await team.maya.invites(team.app, team.channel)
        machine = Machine(slack)
        clock = StagedClock(machine.ask_slack, machine)
        settings = settings_for(slack, team.app, database_url)
        async with assemble(settings, clock) as parts, connect(parts) as where:

            async def tick(_told: datetime) -> datetime | None:
                if machine.is_asleep:
                    return None
                await clock.check()
                return await parts.settle(clock.now())

            following = asyncio.create_task(FollowedClock(slack.api_url).follow(tick))
            team.app.deliver_by_http(f"http://127.0.0.1:{where.removeprefix('port ')}/slack/events")
            await slack.settled()
            yield Stage(team, machine)
            following.cancel()


@pytest.fixture
async def stage(sqlite_files: SqliteFiles) -> AsyncIterator[Stage]:
    async with on_stage(sqlite_files.new()) as stage:
        await stage.team.begins()
        yield stage


def times(team: Team) -> dict[str, list[datetime]]:
    """When what came, in London."""
    found = {name: team.prompts(owner) for name, owner in team.owners.items()} | {"digest": team.digests()}
    return {
        name: [sent_at(m, "Europe/London").replace(tzinfo=UTC) for m in came] for name, came in found.items()
    }


def every_week(weeks: int, *, later: timedelta = timedelta()) -> dict[str, list[datetime]]:
    every = [WEEK * number for number in range(weeks)]
    return {
        "Ben": [MONDAY + later + week for week in every],
        "Tom": [MONDAY + timedelta(hours=8) + week for week in every],
        "digest": [DIGEST + week for week in every],
    }


@pytest.mark.parametrize(
    "error", [timedelta(days=365), timedelta(days=4), timedelta(days=-200)], ids=["a year", "days", "back"]
)
async def test_a_clock_that_is_wrong_for_one_tick_and_then_right_changes_nothing(
    stage: Stage, error: timedelta
) -> None:
    team = stage.team
    with capture_logs() as log:
        await stage.wrong_for_one_tick(error)
        await team.until(MONDAY)
        await team.owners["Ben"].click("On track")
        await stage.wrong_for_one_tick(error)
        await team.until(DIGEST)
        await stage.wrong_for_one_tick(error)
        await team.until(MONDAY + WEEK * 2)

    assert {name: came[:2] for name, came in times(team).items()} == every_week(2)
    assert "Tom" in team.digests()[0].drawn
    told = [entry for entry in log if entry["event"] == "clock_wrong"]
    assert [entry["seconds_ahead"] for entry in told] == [error.total_seconds()] * 3


async def test_what_is_said_while_the_clock_is_wrong_is_kept_under_the_right_day(stage: Stage) -> None:
    team, ben = stage.team, stage.team.owners["Ben"]
    await team.until(MONDAY)
    stage.machine.error = timedelta(days=365)
    await ben.says("at risk, waiting for the printer")
    await team.slack.settled()
    stage.machine.error = timedelta()
    await team.until(DIGEST)

    assert "waiting for the printer" in team.digests()[0].drawn
    assert times(team)["Ben"] == [MONDAY]


async def test_a_laptop_that_slept_over_a_prompt_sends_it_when_it_wakes(stage: Stage) -> None:
    team = stage.team
    stage.machine.falls_asleep()
    await team.until(MONDAY + timedelta(hours=3))
    assert times(team)["Ben"] == []
    stage.machine.wakes()
    await team.slack.settled()
    assert times(team)["Ben"] == [MONDAY + timedelta(hours=3)]
    await team.until(DIGEST)
    assert times(team) == every_week(1, later=timedelta(hours=3))


async def test_a_machine_that_was_suspended_for_three_weeks_makes_up_what_still_makes_sense(
    stage: Stage,
) -> None:
    team = stage.team
    await team.until(DIGEST)
    stage.machine.falls_asleep()
    await team.until(DIGEST + WEEK * 3 + timedelta(hours=1))
    stage.machine.wakes()
    await team.slack.settled()
    await team.until(MONDAY + WEEK * 4)

    assert times(team)["Ben"] == [MONDAY, MONDAY + WEEK * 4]
    assert times(team)["digest"] == [DIGEST]


async def test_the_console_script_goes_by_the_clock_of_its_machine_and_of_slack(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with LocalSlack(rate_limits=False) as slack:
        told = environment(slack, install(slack), sqlite_url)
        del told["DRUMBEAT_FOLLOW_CLOCK"]
        bot = await asyncio.create_subprocess_exec(
            DRUMBEAT,
            "run",
            env=told,
            cwd=tmp_path,
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
        )
        assert bot.stderr is not None
        lines = []
        async with asyncio.timeout(60):
            while b'"ready"' not in (line := await bot.stderr.readline()):
                lines.append(line)
        bot.terminate()
        lines += (await bot.communicate())[1].splitlines()
        assert bot.returncode == 0
    assert [line for line in lines if b"clock_" in line] == []
