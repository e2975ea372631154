"""A part of the benchmark in a process of its own, until its input is closed."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_MOST_BYTES = 2**24
"""Of one line."""


@asynccontextmanager
async def talking(
    module: str, *arguments: str
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """What it says, and what it is told, line by line."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_MOST_BYTES,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    try:
        yield process.stdout, process.stdin
    finally:
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def running(module: str, *arguments: str) -> AsyncIterator[bytes]:
    """The first line that it says, once it is ready."""
    async with talking(module, *arguments) as (said, _):
        yield await said.readline()
