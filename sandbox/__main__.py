"""`python -m sandbox --config team.yaml`: a local Slack of its own, for any app in any language."""

from __future__ import annotations

import argparse
import asyncio
import errno
import signal
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.config import Config, MistakesError, read_config
from sandbox.server import LocalSlack
from sandbox.setting_up import environment, set_up

HINT = """\
# In Python, App(client=WebClient(token, base_url=os.environ["SLACK_API_URL"])); in JavaScript,
# new App({ ..., clientOptions: { slackApiUrl: process.env.SLACK_API_URL } }). For OAuth, people go to
# ADDRESS/oauth/v2/authorize instead of https://slack.com/oauth/v2/authorize."""


@dataclass(frozen=True)
class Start:
    """How it begins: the command line, and what the file says where the command line does not."""

    port: int
    now: datetime | None
    rate_limits: bool
    config: Config | None = None
    manifests: tuple[dict[str, Any], ...] = ()


async def serve(start: Start) -> None:
    """Until SIGINT or SIGTERM. Raises OSError where the port cannot be had."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with LocalSlack(now=start.now, port=start.port, rate_limits=start.rate_limits) as slack:
        if start.config is not None:
            set_up(slack, start.config, list(start.manifests))
        lines = [slack.url, *environment(slack), HINT.replace("ADDRESS", slack.url)]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local Slack on loopback.")
    parser.add_argument("--config", type=Path, help="workspaces, people, channels and apps, in YAML")
    parser.add_argument("--port", type=port, help="0, if not said, takes a free one; the address is printed")
    parser.add_argument("--now", type=datetime.fromisoformat, help="where its clock stands, with a zone")
    parser.add_argument("--no-rate-limits", action="store_true", help="never answer 429")
    given = parser.parse_args()
    try:
        start = _start(given)
        asyncio.run(serve(start))
    except MistakesError as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    except OSError as problem:
        if problem.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(f"port: {start.port} is in use; choose another, or 0 for a free one.\n")
        return 2
    return 0


def port(given: str) -> int:
    """Its name is in what argparse says of one that is no number."""
    if not 0 <= int(given) <= 65535:
        raise argparse.ArgumentTypeError(f"{given} is no port: 0 to 65535")
    return int(given)


def _start(given: argparse.Namespace) -> Start:
    """Raises MistakesError."""
    if given.config is None:
        return Start(given.port or 0, given.now, not given.no_rate_limits)
    config, manifests = read_config(given.config)
    return Start(
        config.port if given.port is None else given.port,
        given.now or config.now,
        config.rate_limits and not given.no_rate_limits,
        config,
        tuple(manifests),
    )


if __name__ == "__main__":
    sys.exit(main())
