"""The local Slack as a process of its own."""

import asyncio
import signal
import sys

import aiohttp


async def test_it_starts_serves_and_stops_on_request() -> None:
    arguments = ("-m", "sandbox", "--now", "2026-11-23T09:00:00+00:00")
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session, session.get(f"{url}/control/state") as answer:
        state = await answer.json()
    assert state["now"] == "2026-11-23T09:00:00+00:00"
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
