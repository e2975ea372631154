"""What starting and running cost against importing the same libraries bare, all measured in one run."""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy.orm import Session

from bench.bare_imports import BARE, list_libraries
from bench.claims import Claim
from bench.memory import resident_bytes
from bot.manifest import load_manifest
from domain.initiatives import Initiative, SuccessMetric
from domain.people import Person
from domain.strategies import Goal, Strategy
from sandbox import App, LocalSlack
from sandbox import Person as SlackPerson
from services.planning import plan_owner, plan_strategy
from storage import initiatives, people, strategies
from storage.database import Database

ROUNDS = 5
WEEKS = 4
FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONES = ("Pacific/Auckland", "Europe/London", "America/Los_Angeles", "Asia/Kolkata", "Europe/Stockholm")

_UNTIL_CLOSED = f"{BARE}print('ready', flush=True)\nsys.stdin.read()"


async def measure() -> list[Claim]:
    libraries = await list_libraries()
    with tempfile.TemporaryDirectory(prefix="drumbeat-bench-") as folder:
        async with LocalSlack(now=FRIDAY) as slack:
            app = slack.install(load_manifest())
            starts = [
                (await _ours(slack, app, f"{folder}/{number}.db"), await _bare(libraries))
                for number in range(ROUNDS)
            ]
            ratios = [mine / theirs for (mine, _), (theirs, _) in starts]
            mine, theirs = (statistics.median(one[0] for one in side) for side in zip(*starts, strict=True))
            bare_memory = statistics.median(bare[1] for _, bare in starts)
            memory = await _after_four_weeks(slack, app, f"{folder}/weeks.db")
    return [
        Claim(
            "Start-up to ready, of importing bare",
            statistics.median(ratios),
            1.3,
            at_most=True,
            detail=f"{mine:.2f} s against {theirs:.2f} s, the database made and migrated",
        ),
        Claim(
            f"Memory after {WEEKS} weeks, of importing bare",
            memory / bare_memory,
            1.5,
            at_most=True,
            detail=f"{memory / 1e6:.0f} MB against {bare_memory / 1e6:.0f} MB",
        ),
    ]


async def _ours(slack: LocalSlack, app: App, database: str) -> tuple[float, int]:
    started = time.perf_counter()
    async with _running(slack, app, database) as process:
        return time.perf_counter() - started, resident_bytes(process.pid)


async def _bare(libraries: str) -> tuple[float, int]:
    """(seconds to ready, bytes resident)"""
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", _UNTIL_CLOSED, libraries),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    await process.stdout.readline()
    seconds, memory = time.perf_counter() - started, resident_bytes(process.pid)
    process.stdin.close()
    await process.wait()
    return seconds, memory


async def _after_four_weeks(slack: LocalSlack, app: App, path: str) -> int:
    """Five owners in five zones answer every week, by click and in words; the channel gets its digests."""
    owners = [slack.person(f"Owner {number}", tz=zone) for number, zone in enumerate(ZONES)]
    channel = slack.channel("marketing", members=owners)
    database = Database.open(f"sqlite:///{path}", migrate=True)
    database.run(_fill, slack.workspace.id, channel.id, owners)
    database.close()
    async with _running(slack, app, path) as process:
        for week in range(1, WEEKS + 1):
            await slack.clock.advance(to=FRIDAY + timedelta(days=7 * week - 3))
            for owner in owners[:3]:
                await owner.click("On track")
            await owners[3].says("at risk, 4,310 subscribers, waiting for legal")
            await slack.clock.advance(to=FRIDAY + timedelta(days=7 * week))
        return resident_bytes(process.pid)


def _fill(session: Session, workspace_id: str, channel_id: str, owners: list[SlackPerson]) -> None:
    found = [
        Person(workspace_id, owner.id, f"Owner {number}", zone)
        for number, (owner, zone) in enumerate(zip(owners, ZONES, strict=True))
    ]
    people.save_people(session, found)
    goal = Goal(0, "6,000 subscribers by 31 March")
    blank = Strategy(
        0, workspace_id, channel_id, "Harbor Lights", "Why", (goal,), "", "", (found[0].id,), "Europe/London"
    )
    strategy = strategies.add_strategy(session, blank, FRIDAY)
    if strategy is None:
        raise RuntimeError("the bench's strategy is there already")
    metric = SuccessMetric(0, "subscribers", "", Decimal(4200), Decimal(6000))
    for owner in found:
        due = date(2027, 3, 31)
        initiative = Initiative(
            *(0, workspace_id, strategy.id, f"Plan of {owner.name}", strategy.goals[0].id, owner.id),
            *(FRIDAY.date(), due, due),
            metrics=(metric,),
        )
        initiatives.add_initiative(session, initiative, FRIDAY)
        plan_owner(session, strategy, owner.id, FRIDAY)
    plan_strategy(session, strategy, FRIDAY)


@asynccontextmanager
async def _running(slack: LocalSlack, app: App, path: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The console script, from the moment it is ready."""
    environment = {
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_APP_TOKEN": app.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{path}",
        "DRUMBEAT_FOLLOW_CLOCK": "true",
        "PATH": os.environ["PATH"],
    }
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("drumbeat"), "run", env=environment, stderr=asyncio.subprocess.PIPE
    )
    if process.stderr is None:
        raise RuntimeError("no pipes")
    while b'"ready"' not in (line := await process.stderr.readline()):
        if not line:
            raise RuntimeError("drumbeat ended before it was ready")
    reading = asyncio.create_task(process.stderr.read())
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()
        await reading
