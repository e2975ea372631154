"""Connections to our port: how many there may be, and how long one may take to say what it wants."""

import asyncio
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.network import read_at_most


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` for the first request, and for the body of any, to have come; `idle_seconds` between requests.

    Idle ones are kept a little longer than load balancers do, who would else send into a closing one.
    """

    connections: int = 256
    seconds: float = 10.0
    idle_seconds: float = 75.0


class Connections:
    """aiohttp's server, but for one connection too many: that which has asked for nothing the longest gives way."""

    def __init__(self, server: web.Server, limits: Limits) -> None:
        self._server = server
        self.limits = limits
        self._waiting: dict[Connection, None] = {}
        self._answering: set[Connection] = set()

    def __call__(self) -> "Connection":
        return Connection(self, self._server)

    def enter(self, connection: "Connection") -> None:
        self._waiting[connection] = None
        if len(self._waiting) + len(self._answering) > self.limits.connections:
            oldest = next(iter(self._waiting))
            del self._waiting[oldest]
            oldest.force_close()

    def answer(self, connection: "Connection") -> None:
        """Its request has come whole: it is not to be closed for others."""
        if connection in self._waiting:
            del self._waiting[connection]
            self._answering.add(connection)

    def answered(self, connection: "Connection") -> None:
        if connection in self._answering:
            self._answering.remove(connection)
            self._waiting[connection] = None

    def leave(self, connection: "Connection") -> None:
        self._waiting.pop(connection, None)
        self._answering.discard(connection)


class Connection(web.RequestHandler):
    """One of them."""

    __slots__ = ("_among", "_deadline")

    def __init__(self, among: Connections, server: web.Server) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=among.limits.idle_seconds,
            lingering_time=1.0,
            auto_decompress=False,
            access_log=None,  # type: ignore[arg-type]  # as AppRunner takes it: none
        )
        self._among = among
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._deadline = self._loop.call_later(self._among.limits.seconds, self.force_close)
        self._among.enter(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._in_time()
        self._among.leave(self)
        super().connection_lost(exc)

    def head_came(self) -> float:
        """Seconds that its body has."""
        self._in_time()
        return self._among.limits.seconds

    def came_whole(self) -> None:
        self._among.answer(self)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        self._in_time()
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            self._among.answered(self)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Aiohttp's own says back what came, and logs what is the other side's fault."""
        if status >= 500:
            self.log_exception("unanswered", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError
        response = web.Response(status=status)
        response.force_close()
        return response

    def _in_time(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class BodyRefused(Exception):
    """`status` is HTTP's."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


async def read_body(request: web.Request, most: int) -> bytes:
    """The body as it came, at most `most` bytes. Raises BodyRefused."""
    too_large = BodyRefused(413, f"The body is larger than {most:,} bytes.")
    if (request.content_length or 0) > most:
        raise too_large
    protocol: Any = request.protocol
    try:
        async with asyncio.timeout(protocol.head_came()):
            raw = await read_at_most(request.content, most)
    except TimeoutError:
        raise BodyRefused(408, "The body did not come in time.") from None
    except web.RequestPayloadError:
        raise BodyRefused(400, "The body does not have the form that its headers say.") from None
    if len(raw) > most:
        raise too_large
    protocol.came_whole()
    return raw
