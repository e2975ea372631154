"""The console script as a process of its own, connected to a local Slack."""

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.manifest import load_manifest
from demo.process import BotProcess, environment
from demo.process import running_bot as _running_bot
from demo.process import start_bot as _start_bot
from sandbox import App, LocalSlack
from tests.support.log_watch import WATCH

__all__ = [
    "DRUMBEAT",
    "BotProcess",
    "environment",
    "install",
    "running_bot",
    "start_bot",
]

_MANIFEST = load_manifest()
DRUMBEAT = Path(sys.executable).with_name("drumbeat")


def install(slack: LocalSlack) -> App:
    """Drumbeat, as its manifest asks to be installed."""
    return slack.install(_MANIFEST)


async def start_bot(
    slack: LocalSlack,
    app: App,
    database_url: str,
    *,
    http: bool = False,
    wait: bool = True,
    told: Mapping[str, str] | None = None,
) -> BotProcess:
    """`drumbeat run`; over HTTP, Slack is told where to deliver once it listens."""
    command = [str(DRUMBEAT)]
    bot = await _start_bot(slack, app, database_url, http=http, wait=wait, command=command, told=told)
    WATCH.follow(slack, app.bot_token, app.signing_secret, app.app_token, log=bot.log)
    return bot


@asynccontextmanager
async def running_bot(
    slack: LocalSlack, app: App, database_url: str, *, http: bool = False
) -> AsyncIterator[BotProcess]:
    """Runs while inside; must end with exit code 0 and without a fault in its log."""
    async with _running_bot(slack, app, database_url, http=http, command=[str(DRUMBEAT)]) as bot:
        WATCH.follow(slack, app.bot_token, app.signing_secret, app.app_token, log=bot.log)
        yield bot
