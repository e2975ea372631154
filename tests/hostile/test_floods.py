"""Everybody at the port at once, saying anything: what Slack sends is answered all the same, and nobody gets a bare 5xx.

How long Slack waits is held against the same requests on a quiet port, as machines differ.
"""

import asyncio
import json
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlencode

import pytest

from sandbox import App, LocalSlack
from tests.support.bot_process import install, running_bot
from tests.support.mutations import CANARY
from tests.support.office import Office
from tests.support.offices import FRIDAY
from tests.support.raw_http import FORM, Line, port_of, signed
from tests.support.waiting import until

PATHS = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/slack/events",
    "/api/v1/kpis/1/readings",
    "/slack/install",
    "/nowhere",
    "*",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW")
ACKS = 30
MOST = 60.0
"""Times as long as on a quiet port that an answer may take, where it is a few milliseconds and Slack waits for 3,000."""


def asked(method: str, path: str, version: str = "1.1", *headers: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: a", *headers, "", ""]).encode("latin-1")


@dataclass
class Flood:
    """Who floods a port, until told to stop; `answers` are the first lines of what came back, by what was sent."""

    port: int
    lines: list[Line] = field(default_factory=list)
    answers: dict[str, set[bytes]] = field(default_factory=dict)

    async def one_byte_at_a_time(self) -> None:
        """More connections than there may be, each with a head that never ends."""
        lines = [await self._line() for _ in range(150)]
        at = 0
        raw = asked("GET", "/metrics", "1.1", f"X-Slow: {'x' * 4000}")
        while True:
            for line in lines:
                line.sends(raw[at % len(raw) : at % len(raw) + 1])
            at += 1
            await asyncio.sleep(0)

    async def bodies_that_never_end(self) -> None:
        for path in PATHS:
            for length in ("Content-Length: 9000000000", "Transfer-Encoding: chunked"):
                for _ in range(5):
                    line = await self._line()
                    line.sends(
                        asked("POST", path, "1.1", length, "Content-Type: application/json") + b"1\r\n{"
                    )
        await asyncio.Event().wait()

    async def again_and_again(self, name: str, raw: bytes) -> None:
        while True:
            line = await Line.to(self.port)
            line.sends(raw)
            self.answers.setdefault(name, set()).add((await line.ended()).split(b"\r\n")[0])
            line.close()

    async def pipelined(self) -> None:
        """Two hundred requests in one breath, each answered in its turn."""
        while True:
            line = await Line.to(self.port)
            line.sends(asked("GET", "/healthz") * 199 + asked("GET", "/metrics", "1.1", "Connection: close"))
            answers = [await line.answer() for _ in range(200)]
            assert [answer.status for answer in answers] == [200] * 200
            assert [answer.body for answer in answers[:-1]] == [b"ok"] * 199
            assert b"drumbeat_build_info" in answers[-1].body
            assert CANARY.encode() not in answers[-1].body
            line.close()

    async def _line(self) -> Line:
        line = await Line.to(self.port)
        self.lines.append(line)
        return line


HUGE = {
    "a header of 100 KB": asked("GET", "/metrics", "1.1", f"X-Huge: {'x' * 100_000}"),
    "10,000 headers": asked("GET", "/readyz", "1.1", *(f"X-{n}: {n}" for n in range(10_000))),
    "an address of 100 KB": asked("GET", f"/metrics?{'x' * 100_000}"),
    "a method of 10 KB": asked("X" * 10_000, "/metrics"),
    "headers twice": asked("POST", "/slack/events", "1.1", "Content-Length: 1", "Content-Length: 2"),
    "two ways to end": asked(
        "POST", "/slack/events", "1.1", "Content-Length: 1", "Transfer-Encoding: chunked"
    ),
    "no number": asked("POST", "/slack/events", "1.1", "Content-Length: -1"),
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "HTTP of another age": asked("GET", "/metrics", "9.9"),
    "an upgrade": asked("GET", "/metrics", "1.1", "Connection: Upgrade, close", "Upgrade: websocket"),
}
OLD = {f"HTTP/1.0 {path}": asked("GET", path, "1.0") for path in ("/healthz", "/readyz", "/metrics")}


@asynccontextmanager
async def flooding(flood: Flood) -> AsyncIterator[None]:
    under_way = [
        asyncio.create_task(flood.one_byte_at_a_time()),
        asyncio.create_task(flood.bodies_that_never_end()),
        asyncio.create_task(flood.pipelined()),
        *(asyncio.create_task(flood.again_and_again(name, raw)) for name, raw in (HUGE | OLD).items()),
    ]
    yield
    for one in under_way:
        one.cancel()
    ended = await asyncio.gather(*under_way, return_exceptions=True)
    for line in flood.lines:
        line.close()
    assert [one for one in ended if isinstance(one, AssertionError)] == []


@dataclass(frozen=True)
class Served:
    port: int
    app: App
    command: dict[str, str]

    async def acked(self) -> float:
        """Seconds until a command of Slack's is answered."""
        began = monotonic()
        line = await Line.to(self.port)
        line.sends(signed(self.app, urlencode(self.command).encode(), FORM))
        answer = await line.answer()
        line.close()
        assert answer.status == 200
        assert "What you can do" in json.loads(answer.body)["text"]
        return monotonic() - began


@pytest.fixture
async def served(sqlite_url: str) -> AsyncIterator[Served]:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app, ada = install(slack), slack.person(CANARY)
        told = {"command": "/rhythm", "text": "help", "team_id": slack.workspace.id, "user_id": ada.id}
        async with running_bot(slack, app, sqlite_url, http=True) as bot:
            yield Served(bot.port, app, {**told, "channel_id": "C1", "trigger_id": "1.2.3"})


async def test_what_slack_sends_is_answered_while_everybody_says_anything_at_once(served: Served) -> None:
    await served.acked()
    quiet = [await served.acked() for _ in range(ACKS)]
    flood = Flood(served.port)
    async with flooding(flood):
        everything = len(HUGE) + len(OLD)
        await until(lambda: sum(map(bool, flood.answers.values())) == everything, "an answer to each")
        flooded = [await served.acked() for _ in range(ACKS)]
    for name, firsts in flood.answers.items():
        statuses = {int(first.split()[1]) for first in firsts if first}
        assert all(status < 500 for status in statuses), (name, firsts)
    for name in OLD:
        assert flood.answers[name] - {b""} == {b"HTTP/1.0 200 OK"}
    ratio = statistics.median(flooded) / statistics.median(quiet)
    assert ratio < MOST, ratio
    await served.acked()


async def test_no_method_at_any_address_is_answered_with_more_than_a_bare_refusal(office: Office) -> None:
    port = port_of(office.app)
    for path in PATHS:
        for method in METHODS:
            line = await Line.to(port)
            line.sends(asked(method, path, "1.1", "Content-Length: 0", f"X: {CANARY}", "Connection: close"))
            answer = await line.ended()
            line.close()
            status, body = int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2]
            assert status < 500, (method, path)
            assert CANARY.encode() not in answer, (method, path)
            assert status in (200, 401) or len(body) < 40, (method, path, body)
