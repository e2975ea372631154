"""Signed `/initiative list` through the whole stack, against a bare Bolt app doing one read-write transaction."""

import asyncio
import hashlib
import hmac
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bench.claims import Claim
from bench.databases import fresh_databases
from bench.request_servers import SECRET
from bench.slack_process import Place, slack_elsewhere
from domain.initiatives import Initiative, SuccessMetric
from domain.people import Person
from domain.strategies import Goal, Strategy
from storage import initiatives, people, strategies
from storage.database import Database

CONNECTIONS = 16
REQUESTS = 3_000
ROUNDS = 3
CHANNEL = "C0BENCH"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def measure() -> list[Claim]:
    async with slack_elsewhere(1) as place:
        client = AsyncWebClient(place.token, place.api_url)
        team_id = str((await client.auth_test())["team_id"])
        with fresh_databases() as databases:
            return [await _compare(name, database, place, team_id) for name, database in databases]


async def _compare(name: str, database: Database, place: Place, team_id: str) -> Claim:
    """The median of the rounds' ratios, the two measured in turn."""
    person_id = place.people[0]
    database.run(_fill, team_id, person_id)
    url = database.engine.url.render_as_string(hide_password=False)
    request = _signed_request(team_id, person_id)
    async with _server("ours", url, place) as our_port, _server("bare", url, place) as bare_port:
        for port, expected in ((our_port, b"Newsletter relaunch"), (bare_port, b"requests so far")):
            await _rate(port, request, REQUESTS // 10, expected)
        rates = [
            (
                await _rate(our_port, request, REQUESTS, b"Newsletter relaunch"),
                await _rate(bare_port, request, REQUESTS, b"requests so far"),
            )
            for _ in range(ROUNDS)
        ]
    ratio = statistics.median(mine / theirs for mine, theirs in rates)
    mine, theirs = (statistics.median(rate) for rate in zip(*rates, strict=True))
    detail = f"{mine:,.0f} against {theirs:,.0f} requests/s on {CONNECTIONS} connections"
    return Claim(f"/initiative list, of a bare Bolt app, {name}", ratio, 0.5, detail=detail)


def _fill(session: Session, team_id: str, person_id: str) -> None:
    people.save_people(session, [Person(team_id, person_id, "Maya Okafor", "Europe/London")])
    blank = Strategy(
        0,
        team_id,
        CHANNEL,
        "Harbor Lights",
        "Why",
        (Goal(0, "6,000 by 31 March"),),
        "",
        "",
        (person_id,),
        "UTC",
    )
    strategy = strategies.add_strategy(session, blank, NOW)
    if strategy is None:
        raise RuntimeError("the bench's strategy is there already")
    names = ("Newsletter relaunch", "Referrals", "Open-water days", "Question desk", "Results page")
    metric = SuccessMetric(0, "subscribers", "", Decimal(4200), Decimal(6000))
    for name in names:
        due = date(2027, 3, 31)
        initiative = Initiative(
            0,
            team_id,
            strategy.id,
            name,
            strategy.goals[0].id,
            person_id,
            NOW.date(),
            due,
            due,
            metrics=(metric,),
        )
        initiatives.add_initiative(session, initiative, NOW)


def _signed_request(team_id: str, person_id: str) -> bytes:
    fields = {
        "team_id": team_id,
        "channel_id": CHANNEL,
        "user_id": person_id,
        "command": "/initiative",
        "text": "list",
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1/none",
    }
    body = urlencode(fields)
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    lines = (
        "POST /slack/events HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/x-www-form-urlencoded",
        f"X-Slack-Request-Timestamp: {stamp}",
        f"X-Slack-Signature: v0={signature}",
        f"Content-Length: {len(body)}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


async def _rate(port: int, request: bytes, count: int, expected: bytes) -> float:
    """Requests a second over kept-alive connections; every answer is checked."""
    started = time.perf_counter()
    each = count // CONNECTIONS
    await asyncio.gather(*(_ask(port, request, each, expected) for _ in range(CONNECTIONS)))
    return each * CONNECTIONS / (time.perf_counter() - started)


async def _ask(port: int, request: bytes, count: int, expected: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(count):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        body = await reader.readexactly(length)
        if b" 200 " not in head.split(b"\r\n", 1)[0] or expected not in body:
            raise RuntimeError(f"not the expected answer: {head!r} {body[:200]!r}")
    writer.close()


@asynccontextmanager
async def _server(which: str, database_url: str, place: Place) -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.request_servers", which, database_url, place.api_url, place.token),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    try:
        yield int(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()
