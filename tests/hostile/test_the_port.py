"""The port as anybody on the network reaches it, over raw sockets."""

import asyncio
import json
import resource
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from bot.connections import Limits
from bot.web import MOST_BYTES, connect
from sandbox.delivery.http import signature
from tests.support.office import Office
from tests.support.raw_http import FORM, JSON, Line, Slackbot, port_of, request, signed

GOOD = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=" + "0" * 64}
PING = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
BODIES = {
    "nothing": b"",
    "broken JSON": b'{"type": ',
    "deep JSON": b'{"a":' + b"[" * 100_000,
    "bad UTF-8": b"\xff\xfe\xfa",
    "a megabyte of JSON": b'{"a": "' + b"x" * 1_000_000 + b'"}',
    "a broken payload": b"payload=%7B",
    "an event": PING,
}
STRANGERS: dict[str, dict[str, str]] = {
    "no headers": {},
    "a timestamp that is none": {**GOOD, "X-Slack-Request-Timestamp": "abc"},
    "a timestamp in other digits": {**GOOD, "X-Slack-Request-Timestamp": "\xb2\xb3"},
    "a timestamp of a thousand digits": {**GOOD, "X-Slack-Request-Timestamp": "1" * 1000},
    "an old timestamp": {**GOOD, "X-Slack-Request-Timestamp": "1000000000"},
    "a signature that is none": {**GOOD, "X-Slack-Signature": "v0=zz"},
    "a signature that is not ASCII": {**GOOD, "X-Slack-Signature": "v0=\xe9"},
    "another signature": GOOD,
}
TYPES = (JSON, FORM, "text/plain; charset=nonsense", "application/json; charset=utf-16", "\xff")


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_what_is_not_signed_is_refused_whatever_its_body(
    office: Office, log: list[Any], stranger: str
) -> None:
    for body in BODIES.values():
        for kind in TYPES:
            line = await Line.to(port_of(office.app))
            line.sends(in_time(request(body, {"Content-Type": kind, **STRANGERS[stranger]})))
            answer = await line.answer()
            assert (answer.status, answer.body) == (401, b"")
            line.close()
    assert {entry["event"] for entry in log} <= {"wrong_signature"}


async def test_a_wrong_signing_secret_is_told_to_the_operator_at_most_once_a_minute(
    office: Office, log: list[Any]
) -> None:
    for _ in range(3):
        line = await Line.to(port_of(office.app))
        line.sends(in_time(request(PING, GOOD)))
        await line.answer()
        line.close()
    assert [entry["event"] for entry in log] == ["wrong_signature"]


async def test_the_signature_is_over_the_bytes_as_they_came(office: Office, slackbot: Slackbot) -> None:
    """Compressed or in another charset, they are what was signed."""
    answer = await slackbot.sends(PING, **{"Content-Encoding": "gzip"})
    assert (answer.status, json.loads(answer.body)) == (200, {"challenge": "abc"})
    answer = await slackbot.sends(PING, "application/json; charset=nonsense")
    assert answer.status == 200


@pytest.mark.parametrize("body", ["broken JSON", "deep JSON", "bad UTF-8", "a broken payload"])
async def test_a_signed_body_that_cannot_be_read_is_logged_and_not_asked_for_again(
    slackbot: Slackbot, log: list[Any], body: str
) -> None:
    answer = await slackbot.sends(BODIES[body], FORM if "payload" in body else JSON)
    assert (answer.status, answer.headers["x-slack-no-retry"], answer.body) == (400, "1", b"")
    [entry] = log
    assert (entry["event"], entry["what"]) == ("fault", "unreadable body")
    assert entry["reference"]


async def test_more_than_slack_sends_is_refused_before_it_has_come(office: Office, log: list[Any]) -> None:
    line = await Line.to(port_of(office.app))
    line.sends(in_time(request(b"{", GOOD, length=MOST_BYTES + 1)))
    assert (await line.answer()).status == 413
    line.close()
    line = await Line.to(port_of(office.app))
    headers = "".join(f"{name}: {value}\r\n" for name, value in GOOD.items())
    head = f"POST /slack/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{headers}\r\n"
    piece = b"x" * 65_536
    line.sends(
        in_time(head.encode()) + (b"%x\r\n%s\r\n" % (len(piece), piece)) * (MOST_BYTES // len(piece) + 1)
    )
    assert (await line.answer()).status == 413
    line.close()
    assert [entry["event"] for entry in log] == ["body_refused"] * 2


async def test_a_body_in_broken_pieces_is_refused(office: Office) -> None:
    line = await Line.to(port_of(office.app))
    headers = "".join(f"{name}: {value}\r\n" for name, value in GOOD.items())
    head = f"POST /slack/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{headers}\r\n"
    line.sends(in_time(head.encode()))
    line.sends(b"zz\r\n")
    assert (await line.answer()).status == 400
    line.close()


@pytest.fixture
async def narrow(office: Office) -> AsyncIterator[int]:
    """A port of the same bot where little is allowed."""
    async with connect(office.bot, Limits(connections=20, seconds=0.5, idle_seconds=0.5)) as where:
        yield int(where.removeprefix("port "))


def in_time(raw: bytes) -> bytes:
    """The same, dated now: the suite may have run for longer than a timestamp holds."""
    return raw.replace(GOOD["X-Slack-Request-Timestamp"].encode(), str(int(time.time())).encode())


HALF = {
    "nothing": b"",
    "half a head": b"POST /slack/events HTTP/1.1\r\nHost: a\r\n",
    "half a body": request(b"{", GOOD, length=100),
    "half a reading": request(b"{", {}, path="/api/v1/kpis/1/readings", length=100),
}


@pytest.mark.parametrize("half", ["nothing", "half a head"])
async def test_who_does_not_say_what_they_want_in_time_is_cut_off(narrow: int, half: str) -> None:
    line = await Line.to(narrow)
    line.sends(in_time(HALF[half]))
    assert await line.ended() == b""
    line.close()


async def test_who_sends_a_head_one_byte_at_a_time_is_cut_off_too(narrow: int) -> None:
    line = await Line.to(narrow)
    line.sends(b"POST /slack/events HTTP/1.1\r\nHost: ")
    came = None
    while came is None:
        line.sends(b"x")
        with suppress(TimeoutError):
            async with asyncio.timeout(0.02):
                came = await line.ended()
    assert came == b""
    line.close()


async def test_what_is_no_http_gets_a_bare_refusal(office: Office, log: list[Any]) -> None:
    line = await Line.to(port_of(office.app))
    line.sends(b"words of mine\r\n\r\n")
    answer = await line.ended()
    assert b" 400 " in answer.split(b"\r\n")[0]
    assert b"mine" not in answer
    assert log == []
    line.close()


async def test_a_body_that_does_not_come_in_time_is_refused(narrow: int) -> None:
    line = await Line.to(narrow)
    line.sends(in_time(HALF["half a body"]))
    assert b" 408 " in (await line.ended()).split(b"\r\n")[0]
    line.close()


async def test_an_idle_connection_is_closed(narrow: int, office: Office) -> None:
    line = await Line.to(narrow)
    line.sends(signed(office.app, PING))
    assert (await line.answer()).status == 200
    assert await line.ended() == b""
    line.close()


@pytest.mark.parametrize("half", HALF)
async def test_half_a_request_gives_way_to_whole_ones(office: Office, half: str) -> None:
    """Far more of them than there may be, long before any has had its time."""
    async with connect(office.bot, Limits(connections=20)) as where:
        port = int(where.removeprefix("port "))
        lines = [await Line.to(port) for _ in range(100)]
        for line in lines:
            line.sends(in_time(HALF[half]))
        for _ in range(30):
            whole = await Line.to(port)
            whole.sends(signed(office.app, PING))
            assert (await whole.answer()).status == 200
            whole.close()
        for line in lines:
            line.close()


async def test_eleven_hundred_half_open_requests_do_not_hold_the_port(office: Office) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    try:
        port = port_of(office.app)
        lines = [await Line.to(port) for _ in range(1_100)]
        for line in lines:
            line.sends(in_time(HALF["half a body"]))
        await office.asks(office.maya, "/rhythm", "help")
        async with Slackbot(office.app) as slackbot:
            assert (await slackbot.sends(PING)).status == 200
        ended = sum(line.reader.at_eof() for line in lines)
        assert ended >= 1_100 - Limits().connections
        for line in lines:
            line.close()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_what_is_signed_now_is_not_signed_five_minutes_later(
    office: Office, slackbot: Slackbot
) -> None:
    stamp = str(int(time.time()) - 301)
    headers = {**signature(office.app.signing_secret, PING), "X-Slack-Request-Timestamp": stamp}
    slackbot.line.sends(request(PING, headers))
    assert (await slackbot.line.answer()).status == 401
