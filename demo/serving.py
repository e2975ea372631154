"""The example team on the local Slack's page: the address first, then the bot, then what led here."""

import asyncio
import os
import signal
import sys
import webbrowser
from pathlib import Path

from rich.console import Console

from demo.foretelling import foretelling
from demo.process import BotFailedError, running_bot
from demo.scenarios import Scenario
from demo.stage import Stage, UnexpectedError, make_room, opened_slack, url_of
from demo.telling import Teller
from sandbox import LocalSlack, OutdatedError

_KEPT, _DATABASE = "slack", "drumbeat.db"
_KEEP_SECONDS = 5.0


async def serve(scenario: Scenario, folder: Path, port: int) -> int:
    """Until Ctrl-C, going on from what `folder` keeps; 1 when it could not go on."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    console = Console(highlight=False, soft_wrap=True)
    kept, database = folder / _KEPT, folder / _DATABASE
    is_new = _prepare(kept, database)
    try:
        async with opened_slack(port, None if is_new else kept) as slack:
            return await _serve_on(slack, scenario, folder, console, stop, is_new=is_new)
    except OutdatedError as error:
        console.print(f"{error} `make demo-reset` begins anew.", markup=False)
        return 1


async def _serve_on(
    slack: LocalSlack,
    scenario: Scenario,
    folder: Path,
    console: Console,
    stop: asyncio.Event,
    *,
    is_new: bool,
) -> int:
    kept, database = folder / _KEPT, folder / _DATABASE
    stage = Stage(slack, Teller(Console(quiet=True)))
    slack.ready.clear()
    _welcome(console, slack, scenario, is_new=is_new)
    try:
        async with running_bot(slack, slack.app, url_of(database)):
            slack.ready.set()
            with foretelling(slack, database):
                has_played = not is_new or await _play(scenario, stage, console, stop)
                if has_played:
                    await _keep_until(stop, slack, kept)
    except (UnexpectedError, BotFailedError, LookupError, PermissionError) as error:
        console.print(f"The demo failed. {error}", markup=False)
        return 1
    if has_played:
        slack.keep(kept)
        console.print(f"\nKept in {folder} until `make demo-reset`.", markup=False)
    return 0


def _prepare(kept: Path, database: Path) -> bool:
    """Whether the scenario begins anew."""
    is_new = not kept.exists()
    if is_new:
        kept.parent.mkdir(parents=True, exist_ok=True)
        make_room(database)
    return is_new


def _welcome(console: Console, slack: LocalSlack, scenario: Scenario, *, is_new: bool) -> None:
    slack.workspace.about = scenario.about
    console.print(f"[bold]{slack.url}[/]  {scenario.title}. Ctrl-C ends it.")
    if not is_new:
        console.print("It goes on where you left it; `make demo-reset` begins anew.")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin":
        webbrowser.open(slack.url)


async def _play(scenario: Scenario, stage: Stage, console: Console, stop: asyncio.Event) -> bool:
    """What led to where the scenario begins, on the page as it happens; False when it was stopped meanwhile."""
    if not scenario.scenes:
        return True
    console.print("The weeks before are being played; you can watch them on the page.")
    playing = asyncio.create_task(scenario.play(stage))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait((playing, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not playing.done():
        playing.cancel()
        return False
    await playing
    console.print("They are over: now it is yours.")
    return True


async def _keep_until(stop: asyncio.Event, slack: LocalSlack, kept: Path) -> None:
    """Writes what changed every few seconds, so that little is lost when the machine goes down."""
    written = -1
    while not stop.is_set():
        if slack.changes.count != written:
            written = slack.changes.count
            slack.keep(kept)
        try:
            async with asyncio.timeout(_KEEP_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
