"""From `make demo` to a page that answers: the demo's command on a prepared machine, against importing its libraries bare."""

import asyncio
import os
import pty
import re
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession

from bench.bare_imports import BARE, list_libraries
from bench.claims import Claim

ROUNDS = 3
GOAL_SECONDS = 5
DRUMBEAT = Path(sys.executable).with_name("drumbeat")


async def measure() -> list[Claim]:
    libraries = await list_libraries("demo", "demo.serving")
    pages, answers, bare, worked = [], [], [], []
    with tempfile.TemporaryDirectory(prefix="drumbeat-bench-") as folder:
        for number in range(ROUNDS):
            before = _worked()
            page, answer = await _demo(f"{folder}/{number}")
            worked.append(_worked() - before)
            pages.append(page)
            answers.append(answer)
            began = time.monotonic()
            await _import_bare(libraries)
            bare.append(time.monotonic() - began)
    # Of the fastest of each: what slows the others is not theirs.
    page, answer, theirs = min(pages), min(answers), min(bare)
    detail = f"the page after {page:.2f} s; {min(worked):.2f} s of a processor, from start to end; importing bare {theirs:.2f} s"
    return [
        Claim("From make demo to the first answer on the page", answer, GOAL_SECONDS, " s", True, detail),
        Claim("From make demo to the first answer, of importing bare", answer / theirs, 5, at_most=True),
    ]


async def _demo(folder: str) -> tuple[float, float]:
    """Seconds until a lead's page is there, and until a command typed into it was answered."""
    began = time.monotonic()
    async with _at_a_terminal(folder) as url, ClientSession(url) as session:
        async with session.get("/as/maya.okafor") as answer:
            form = re.search(r'action="(/as/maya.okafor/say/\w+)"', await answer.text())
        page = time.monotonic() - began
        if form is None:
            raise RuntimeError("the page has nowhere to write")
        async with session.post(form[1], data={"text": "/rhythm help"}) as answer:
            if "/rhythm setup" not in await answer.text():
                raise RuntimeError("the command was not answered")
    return page, time.monotonic() - began


@asynccontextmanager
async def _at_a_terminal(folder: str) -> AsyncIterator[str]:
    """`drumbeat demo`, which is what `make demo` runs once all is installed: the address it says first."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    command = ("demo", "--scenario", "new", "--folder", folder)
    process = await asyncio.create_subprocess_exec(
        DRUMBEAT, *command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    with os.fdopen(ours, "r", encoding="utf-8", errors="replace") as said:
        line = await asyncio.to_thread(said.readline)
        found = re.search(r"http://[\d.:]+", line)
        if found is None:
            raise RuntimeError(line)
        try:
            yield found[0]
        finally:
            process.terminate()
            await process.wait()


def _worked() -> float:
    """Seconds of a processor that the processes which have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _import_bare(libraries: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", BARE, libraries)
    await process.wait()
