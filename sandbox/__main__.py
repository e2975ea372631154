"""`python -m sandbox [--port N] [--now ISO]`: a local Slack of its own, driven by /control/."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from datetime import datetime

from sandbox.server import LocalSlack


async def serve(port: int, now: datetime | None, *, rate_limits: bool) -> None:
    """Until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with LocalSlack(now=now, port=port, rate_limits=rate_limits) as slack:
        sys.stdout.write(f"{slack.url}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local Slack on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; the address is printed")
    parser.add_argument("--now", type=datetime.fromisoformat, help="where its clock stands, with a zone")
    parser.add_argument("--no-rate-limits", action="store_true", help="never answer 429")
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.now, rate_limits=not given.no_rate_limits))


if __name__ == "__main__":
    main()
