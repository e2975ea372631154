"""HTTP as bytes over a socket, for what no client library would send."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from sandbox import App
from sandbox.delivery.http import signature

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Line:
    """A connection to a port of this machine."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, port: int) -> Self:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    def sends(self, raw: bytes) -> None:
        self.writer.write(raw)

    async def answer(self) -> Response:
        """Raises asyncio.IncompleteReadError where the other side closes instead."""
        first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Response(int(first.split()[1]), headers, body)

    async def ended(self) -> bytes:
        """What still came until the other side closed."""
        try:
            return await self.reader.read()
        except ConnectionError:
            return b""

    def close(self) -> None:
        self.writer.close()


def request(
    body: bytes, headers: Mapping[str, str], *, path: str = "/slack/events", length: int | None = None
) -> bytes:
    told = {"Host": "127.0.0.1", "Content-Length": str(len(body) if length is None else length), **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def signed(app: App, body: bytes, kind: str = JSON, **headers: str) -> bytes:
    """As Slack would sign it, whatever it is."""
    return request(body, {"Content-Type": kind, **signature(app.signing_secret, body), **headers})


@dataclass
class Slackbot:
    """Sends an app what Slack sends, one request at a time on one connection."""

    app: App
    line: Line = field(init=False)

    async def __aenter__(self) -> Self:
        self.line = await Line.to(port_of(self.app))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.line.close()

    async def sends(self, raw: bytes, kind: str = JSON, **headers: str) -> Response:
        self.line.sends(signed(self.app, raw, kind, **headers))
        return await self.line.answer()

    async def event(self, body: Any, **headers: str) -> Response:
        return await self.sends(json.dumps(body).encode(), **headers)

    async def interaction(self, payload: Any) -> Response:
        return await self.sends(urlencode({"payload": json.dumps(payload)}).encode(), FORM)

    async def command(self, fields: Mapping[str, str]) -> Response:
        return await self.sends(urlencode(fields).encode(), FORM)


def port_of(app: App) -> int:
    port = urlsplit(app.request_url or "").port
    assert port is not None, "the app does not listen on HTTP"
    return port
