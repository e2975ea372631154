"""The real bot as a process of its own, connected to a local Slack."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from tempfile import gettempdir

from bot.manifest import load_manifest
from sandbox import App, LocalSlack

COMMAND = (sys.executable, "-m", "bot")
READY_SECONDS = 300
_FAULTS = ("fault", "ritual_failed", "not a log line", "worker_failed", "poisoned", "clock_step_failed")


class BotFailedError(RuntimeError):
    """The bot did not start, ended badly or met a fault; the text holds what it logged of that."""


def install(slack: LocalSlack) -> App:
    """Drumbeat, as its manifest asks to be installed."""
    return slack.install(load_manifest())


def environment(slack: LocalSlack, app: App, database_url: str, *, http: bool = False) -> dict[str, str]:
    """What the process is told; nothing of ours leaks in."""
    told = {
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
        "DRUMBEAT_FOLLOW_CLOCK": "true",
        "DRUMBEAT_LOG_LEVEL": "INFO",
        "DRUMBEAT_PORT": "0",
        "PATH": os.environ["PATH"],
    }
    told |= {"SLACK_SIGNING_SECRET": app.signing_secret} if http else {"SLACK_APP_TOKEN": app.app_token}
    return told


class BotProcess:
    """`log` holds what it wrote, one dictionary a line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ready = asyncio.Event()
        self.log: list[dict[str, object]] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            try:
                entry = json.loads(line)
            except ValueError:
                entry = {"event": "not a log line", "line": line.decode(errors="replace")}
            self.log.append(entry)
            if entry.get("event") == "ready":
                self._ready.set()
        self._ready.set()

    async def until_ready(self) -> None:
        """Raises BotFailedError, or TimeoutError after READY_SECONDS."""
        async with asyncio.timeout(READY_SECONDS):
            await self._ready.wait()
        if self._process.returncode is not None or not any(e["event"] == "ready" for e in self.log):
            last = self.log[-1] if self.log else {"line": "nothing"}
            raise BotFailedError(f"The bot did not start. The last it said: {last.get('line', last)}")

    @property
    def port(self) -> int:
        """Where it listens for HTTP."""
        listening = next(str(entry["listening"]) for entry in self.log if entry["event"] == "ready")
        return int(listening.removeprefix("port "))

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    @property
    def faults(self) -> list[dict[str, object]]:
        return [entry for entry in self.log if entry["event"] in _FAULTS]

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        return await self._end()

    async def kill(self) -> None:
        self._process.kill()
        await self._end()

    async def _end(self) -> int:
        code = await self._process.wait()
        await self._reading
        return code


async def start_bot(
    slack: LocalSlack,
    app: App,
    database_url: str,
    *,
    http: bool = False,
    wait: bool = True,
    command: Sequence[str] = COMMAND,
    told: Mapping[str, str] | None = None,
) -> BotProcess:
    """`drumbeat run`; over HTTP, Slack is told where to deliver once it listens. A SQLite file needs its whole path.

    `told` are settings that are other than usual.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        "run",
        env=environment(slack, app, database_url, http=http) | dict(told or {}),
        cwd=gettempdir(),  # where no .env with somebody's real settings lies
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    bot = BotProcess(process)
    if wait:
        await bot.until_ready()
        if http:
            app.deliver_by_http(f"http://127.0.0.1:{bot.port}/slack/events")
    return bot


@asynccontextmanager
async def running_bot(
    slack: LocalSlack,
    app: App,
    database_url: str,
    *,
    http: bool = False,
    command: Sequence[str] = COMMAND,
) -> AsyncIterator[BotProcess]:
    """Runs while inside. Raises BotFailedError unless it then ends with exit code 0, without a fault in its log."""
    bot = await start_bot(slack, app, database_url, http=http, command=command)
    try:
        yield bot
    finally:
        code = await bot.stop()
    if (code, bot.faults) != (0, []):
        raise BotFailedError(f"The bot ended with exit code {code} and these faults: {bot.faults}")
