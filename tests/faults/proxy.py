"""A wire between the bot and what it speaks to, which fails as wires do."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

LOOPBACK = "127.0.0.1"
_MOST = 65_536
_DRIB = 256
_UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Use(StrEnum):
    """What a connection is for, by the first that is said on it."""

    CLOCK = "GET /control/"
    SOCKET = "GET /link/"
    OTHER = ""


@dataclass(eq=False)
class _Line:
    """One connection, both ways."""

    use: Use
    ends: tuple[asyncio.StreamWriter, asyncio.StreamWriter]
    flows: asyncio.Event = field(default_factory=asyncio.Event)
    is_cut: bool = False

    def cut(self) -> None:
        self.is_cut = True
        self.flows.set()
        for end in self.ends:
            end.transport.abort()


class Proxy:
    """Passes on what comes to `port`. What is said of the clock passes whatever happens: it is the test's, not Slack's.

    `drops` of the next answers are lost, `refusals` of the next handshakes refused; `is_slow` says a little at a time.
    `spoil` may change what comes back.
    """

    def __init__(self, target: Path | int) -> None:
        self._target = target
        self._lines: set[_Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.drops = self.refusals = 0
        self.is_slow = False
        self.spoil: Callable[[Use, bytes], bytes] = lambda _use, piece: piece

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def gone(self) -> None:
        """Nobody listens, and whoever spoke is cut off."""
        assert self._server is not None
        self._server.close()
        self.cut(tuple(Use))

    def cut(self, uses: Iterable[Use]) -> None:
        for line in self._of(uses):
            line.cut()

    def strand(self, uses: Iterable[Use]) -> int:
        """The lines there are stay open, and nothing passes on them any more; new ones work. Returns how many."""
        stranded = self._of(uses)
        for line in stranded:
            line.flows.clear()
        return len(stranded)

    def lines(self, use: Use) -> set[int]:
        """Those there are, by a number."""
        return {id(line) for line in self._lines if line.use is use}

    def lose(self) -> None:
        """What was stranded never arrives."""
        for line in list(self._lines):
            if not line.flows.is_set():
                line.cut()

    def resume(self) -> None:
        for line in self._lines:
            line.flows.set()

    def _of(self, uses: Iterable[Use]) -> list[_Line]:
        wanted = set(uses)
        return [line for line in self._lines if line.use in wanted]

    async def close(self) -> None:
        self.gone()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with suppress(OSError, asyncio.CancelledError):
            await self._join(reader, writer)
        writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(_MOST)
        use = next(use for use in Use if first.startswith(use.encode()))
        if use is Use.SOCKET and self.refusals:
            self.refusals -= 1
            writer.write(_UNAVAILABLE)
            await writer.drain()
            return
        answers, asks = await self._reach()
        line = _Line(use, (writer, asks))
        line.flows.set()
        self._lines.add(line)
        try:
            asks.write(first)
            both = [self._pass(line, reader, asks), self._pass(line, answers, writer, is_answer=True)]
            await asyncio.gather(*both)
        finally:
            self._lines.discard(line)
            line.cut()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._target, Path):
            return await asyncio.open_unix_connection(self._target)
        return await asyncio.open_connection(LOOPBACK, self._target)

    async def _pass(
        self,
        line: _Line,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        *,
        is_answer: bool = False,
    ) -> None:
        """Until one side ends it."""
        with suppress(OSError):
            while piece := await source.read(_MOST):
                await line.flows.wait()
                if line.is_cut:
                    break  # what was held is lost
                if is_answer and line.use is Use.OTHER and self.drops:
                    self.drops -= 1
                    break
                await self._write(line, target, self._spoilt(line, piece) if is_answer else piece)
        line.cut()

    def _spoilt(self, line: _Line, piece: bytes) -> bytes:
        """As a reverse proxy does: the addresses that Slack gives out are those by which it was reached."""
        if isinstance(self._target, int):
            here, there = (f"{LOOPBACK}:{port}/".encode() for port in (self.port, self._target))
            piece = piece.replace(there, here) if len(here) == len(there) else piece
        return self.spoil(line.use, piece)

    async def _write(self, line: _Line, target: asyncio.StreamWriter, piece: bytes) -> None:
        size = _DRIB if self.is_slow and line.use is not Use.CLOCK else len(piece)
        for start in range(0, len(piece), size):
            target.write(piece[start : start + size])
            await target.drain()
            if size < len(piece):
                await asyncio.sleep(0.01)  # how slow it is, not how long something is waited for


@asynccontextmanager
async def proxied(target: Path | int) -> AsyncIterator[Proxy]:
    proxy = Proxy(target)
    await proxy.open()
    try:
        yield proxy
    finally:
        await proxy.close()
