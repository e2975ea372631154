"""A part of the benchmark in a process of its own, until its input is closed."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def running(module: str, *arguments: str) -> AsyncIterator[bytes]:
    """The first line that it says, once it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    try:
        yield await process.stdout.readline()
    finally:
        process.stdin.close()
        await process.wait()
