"""Signed requests as Slack sends them, and how many of them a server answers in a second."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from bench.child import running
from bench.claims import Claim
from bench.databases import fresh_databases
from bench.request_servers import SECRET
from bench.slack_process import Place, slack_elsewhere
from storage.database import Database

CONNECTIONS = 16


def signed_request(fields: Mapping[str, str], secret: str = SECRET) -> bytes:
    """Good for five minutes."""
    body = urlencode(fields)
    stamp = str(int(time.time()))
    signature = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    lines = (
        "POST /slack/events HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/x-www-form-urlencoded",
        f"X-Slack-Request-Timestamp: {stamp}",
        f"X-Slack-Signature: v0={signature}",
        f"Content-Length: {len(body)}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


async def rate(port: int, requests: Sequence[bytes], expected: bytes) -> float:
    """Requests a second over kept-alive connections; every answer is checked."""
    started = time.perf_counter()
    await asyncio.gather(*(_ask(port, requests[at::CONNECTIONS], expected) for at in range(CONNECTIONS)))
    return len(requests) / (time.perf_counter() - started)


async def _ask(port: int, requests: Sequence[bytes], expected: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        await ask(reader, writer, request, expected)
    writer.close()


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, expected: bytes
) -> None:
    """Raises RuntimeError where the answer has no such words."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    body = await reader.readexactly(length)
    if b" 200 " not in head.split(b"\r\n", 1)[0] or expected not in body:
        raise RuntimeError(f"not the expected answer: {head!r} {body[:200]!r}")


@asynccontextmanager
async def running_server(which: str, database_url: str, place: Place) -> AsyncIterator[int]:
    async with running("bench.request_servers", which, database_url, place.api_url, place.token) as port:
        yield int(port)


async def compared(compare: Callable[[str, Database, Place, str], Awaitable[Claim]]) -> list[Claim]:
    """What `compare` claims on each database, given its name, a local Slack and the id of its workspace."""
    async with slack_elsewhere(1) as place:
        with fresh_databases() as databases:
            return [await compare(name, database, place, place.team_id) for name, database in databases]
