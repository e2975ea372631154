"""Forty workspaces of six hundred owners, all due in one minute, on PostgreSQL, to a Slack that keeps its limits.

With one, two and four processes: when the last prompt came, against what the pace alone allows, which stays below
Slack's limits; that each owner has exactly one; that Slack never refused; and how long people who click meanwhile wait,
against the same processes before the minute. What is measured begins with the first look at what is due, of which there
is one every 15 seconds. BENCH_WORKSPACES and BENCH_OWNERS ask for other numbers of them.
"""

import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from bench.child import talking
from bench.claims import Claim
from bench.databases import fresh_databases
from bench.plans import BEGAN, fill_strategy
from bench.signed_requests import ask, signed_request
from bench.workspaces_process import Posted, Slack, Team, many_elsewhere
from bot.delivery.pacing import SLACK_RATES
from storage.delivery.outbox import POST
from storage.encryption import Keys, new_key
from storage.installations import Installation, save_installation
from storage.isolation import APP
from storage.workspaces import Workspace, save_workspace

WORKSPACES = int(os.environ.get("BENCH_WORKSPACES", "40"))
OWNERS = int(os.environ.get("BENCH_OWNERS", "600"))
REPLICAS = (1, 2, 4)
TEAM = 5
"""Owners of a strategy."""
GOAL = 1.1
_QUIET_SECONDS = 10.0
_ACK_EVERY = 0.2
_LONGEST = 5
"""Times what the pace allows, or at which a process does what it can, after which it is given up."""
_PROMPTS_A_SECOND = 100


async def measure() -> list[Claim]:
    with fresh_databases() as databases:
        database = dict(databases)["PostgreSQL"]
        key = new_key()
        async with many_elsewhere(WORKSPACES, OWNERS) as slack:
            for team in slack.teams:
                database.run(_install, Keys([key]), slack, team)
                database.run(_fill, team)
            url = database.engine.url
            database.close()
            _known(url)
            mondays = [
                await _monday(_copy(url, f"monday_{number}"), key, slack, number) for number in REPLICAS
            ]
        return [claim for monday in mondays for claim in monday]


def _allowed() -> float:
    """Seconds that a workspace's prompts take at the pace alone; 0 where it lets them all through at once."""
    pace = SLACK_RATES[POST]
    return max(0.0, (OWNERS - pace.burst) * pace.interval)


async def _monday(url: URL, key: str, slack: Slack, number: int) -> list[Claim]:
    async with _replicas(url, key, slack, number) as replicas:
        ports = [port for port, _ in replicas]
        quiet = await _acks(ports, slack, asyncio.create_task(asyncio.sleep(_QUIET_SECONDS)))
        began = time.monotonic()
        for _, told in replicas:
            told.write(b"go\n")
        posting = asyncio.create_task(_until_all_are_posted(slack, began))
        busy = await _acks(ports, slack, posting)
        posted = posting.result()
    wanted = WORKSPACES * OWNERS
    took, allowed = posted.last - began, _allowed()
    name = f"{WORKSPACES} workspaces of {OWNERS} owners, {number} {'process' if number == 1 else 'processes'}"
    amiss = abs(wanted - posted.posts) + abs(wanted - posted.people) + posted.refused
    acks = f"{statistics.median(busy) * 1000:.0f} ms, slowest {max(busy) * 1000:.0f}, against {statistics.median(quiet) * 1000:.0f}"
    claims = [
        Claim(
            f"{name}: missing, doubled or refused",
            amiss,
            0,
            at_most=True,
            detail=f"{wanted:,} in {took:.0f} s",
        ),
        Claim(
            f"{name}: slowest acknowledgement meanwhile, of Slack's 3 s",
            max(busy) / 3,
            1,
            at_most=True,
            detail=acks,
        ),
    ]
    if allowed:
        last = f"{name}: last prompt, of what the pace allows"
        wait = f"{took:.0f} s against {allowed:.0f} s"
        claims.insert(0, Claim(last, took / allowed, GOAL, at_most=True, detail=wait))
    return claims


async def _until_all_are_posted(slack: Slack, began: float) -> Posted:
    longest = began + _LONGEST * max(_allowed(), WORKSPACES * OWNERS / _PROMPTS_A_SECOND)
    while True:
        await asyncio.sleep(1)
        posted = await slack.posted(began)
        if posted.people >= WORKSPACES * OWNERS or time.monotonic() > longest:
            return posted


async def _acks(ports: Sequence[int], slack: Slack, while_: asyncio.Task[Any]) -> list[float]:
    """Seconds of every answer to people who ask one after the other, each time another process and workspace."""
    waits: list[float] = []
    lines = [await asyncio.open_connection("127.0.0.1", port) for port in ports]
    while not while_.done():
        number = len(waits)
        request = _signed(slack, slack.teams[number % len(slack.teams)])
        began = time.perf_counter()
        await ask(*lines[number % len(lines)], request, b"Newsletter relaunch")
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(_ACK_EVERY)
    for _, writer in lines:
        writer.close()
    return waits


@asynccontextmanager
async def _replicas(
    url: URL, key: str, slack: Slack, number: int
) -> AsyncIterator[list[tuple[int, asyncio.StreamWriter]]]:
    os.environ |= {
        "SLACK_CLIENT_ID": slack.client_id,
        "SLACK_CLIENT_SECRET": slack.client_secret,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "DRUMBEAT_ENCRYPTION_KEYS": key,
        "DRUMBEAT_PUBLIC_URL": "https://drumbeat.example.org",
        "DRUMBEAT_PORT": "0",
        "DRUMBEAT_LOG_LEVEL": "WARNING",
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": url.render_as_string(hide_password=False),
    }
    async with AsyncExitStack() as stack:
        started = [await stack.enter_async_context(talking("bench.replica_process")) for _ in range(number)]
        yield [(int(await said.readline()), told) for said, told in started]


def _signed(slack: Slack, team: Team) -> bytes:
    fields = {
        "command": "/initiative",
        "text": "list",
        "team_id": team.id,
        "api_app_id": slack.app_id,
        "user_id": team.people[0],
        "channel_id": _channel(0),
        "trigger_id": "1.2.3",
        "response_url": f"{slack.api_url}none",
    }
    return signed_request(fields, slack.signing_secret)


def _channel(number: int) -> str:
    return f"C0BENCH{number:04}"


def _install(session: Session, keys: Keys, slack: Slack, team: Team) -> None:
    installed = Installation(
        team.id,
        team.id,
        team.id,
        slack.app_id,
        team.bot_id,
        team.bot_user_id,
        scopes=("chat:write",),
        installer_id=team.people[0],
        token=team.token,
        installed_at=BEGAN - timedelta(days=1),
    )
    save_installation(session, keys, installed)
    save_workspace(session, Workspace(team.id, team.id, team.bot_user_id))


def _fill(session: Session, team: Team) -> None:
    for number, first in enumerate(range(0, OWNERS, TEAM)):
        fill_strategy(session, team.id, _channel(number), team.people[first : first + TEAM])


def _known(url: URL) -> None:
    """The planner knows the tables, as it does of any that were there for some minutes."""
    with _as_superuser(url) as connection:
        connection.execute("ANALYZE")


def _copy(url: URL, name: str) -> URL:
    """A database of its own, as the first one is now, as the bot reaches it; nobody else makes one of that one."""
    with _as_superuser(url.set(database="template1")) as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(url.database or "")))
    return url.set(database=name, username=APP)


def _as_superuser(url: URL) -> psycopg.Connection:
    superuser = url.set(drivername="postgresql", username="postgres")
    return psycopg.connect(superuser.render_as_string(hide_password=False), autocommit=True)
