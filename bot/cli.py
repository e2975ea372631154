"""The command line: run, tick, check, migrate, export, import, import-readings, manifest, demo."""

import asyncio
import gc
import sys
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from bot.config import Settings, SettingsError, load_settings
from bot.log import set_up_logging
from domain.reading.legible import legible
from domain.words import MAX_NAME
from views.slack.blocks import plain_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database

T = TypeVar("T")

app = typer.Typer(
    help="Drumbeat: a Slack bot that runs a team's operating rhythm.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

CANNOT_START = REFUSED = 1
_WORKSPACE = "The workspace's id, like T0123456789, where there are several in the database."
BAD_SETTINGS = 2


def main() -> None:
    app()


@app.command()
def run() -> None:
    """Run the bot until stopped: by Socket Mode with SLACK_APP_TOKEN, else by HTTP."""
    # What is imported stays: looking through it for garbage takes an eighth of the start, now and at every collection.
    gc.disable()
    from bot.app import CannotStartError, serve  # noqa: PLC0415 - other commands need none of it

    gc.freeze()
    gc.enable()
    try:
        asyncio.run(serve(_settings()))
    except CannotStartError as problem:
        _fail(f"{problem} `drumbeat check` looks at everything in turn.", code=CANNOT_START)


@app.command()
def tick(at: Annotated[str, typer.Option(help="The instant, like 2026-11-23T09:00Z.")]) -> None:
    """Do everything due at an instant, print what was done, and exit; only with a local stand-in for Slack."""
    from bot.tick import tick_once  # noqa: PLC0415

    settings = _settings()
    if not settings.is_local_slack:
        _fail("`tick --at` moves time, so it works only with a SLACK_API_URL on this machine.")
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        _fail(f"I could not read {at!r} as an instant. Write it like 2026-11-23T09:00Z.")
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    for line in asyncio.run(tick_once(settings, instant)):
        _say(line)


@app.command()
def check() -> None:
    """Check settings, database, migrations, token, scopes and channels: one line each, exit 1 on a problem."""
    from bot.check import check_all  # noqa: PLC0415

    findings = asyncio.run(check_all())
    for finding in findings:
        _say(str(finding))
    if not all(finding.is_ok for finding in findings):
        raise typer.Exit(1)


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date; safe to run from several processes at once."""
    from storage.database import Database  # noqa: PLC0415

    database = Database.open(_settings().database_url, migrate=True)
    database.close()
    _say("The database is up to date.")


@app.command()
def export(
    file: Annotated[
        Path, typer.Argument(help="FILE.json, or FILE.zip with tables for a spreadsheet as well.")
    ],
    channel: Annotated[
        list[str] | None,
        typer.Option(help="The strategy's channel, like C0123456789, or its name; may be repeated."),
    ] = None,
    workspace: Annotated[str, typer.Option(help=_WORKSPACE)] = "",
) -> None:
    """Write everything kept about a strategy to a file; of several strategies, one file each."""
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.exports import export_to  # noqa: PLC0415

    for line in _with_database(
        lambda found: export_to(found, file, channel or (), SystemClock().now(), workspace_id=workspace)
    ):
        _say(line)


@app.command(name="import")
def import_file(
    file: Annotated[Path, typer.Argument(help="What `drumbeat export` or `/rhythm export` made.")],
) -> None:
    """Read an exported strategy into a database that has none for its channel yet."""
    from bot.exports import import_from  # noqa: PLC0415

    name = _with_database(lambda found: import_from(found, file))
    _say(f"{plain_line(name, MAX_NAME)} is imported.")


@app.command(name="import-readings")
def import_readings(
    file: Annotated[
        Path, typer.Argument(help="A CSV file in UTF-8 with the columns kpi, date, value, note.")
    ],
    strategy: Annotated[
        str, typer.Option(help="The strategy's name or channel, where there are several.")
    ] = "",
    workspace: Annotated[str, typer.Option(help=_WORKSPACE)] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before importing.")] = False,
) -> None:
    """Import KPI readings from a CSV file: shows what is in it and asks first; all of it or nothing."""
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.import_readings import import_previewed, preview  # noqa: PLC0415

    def run_import(database: "Database") -> None:
        now = SystemClock().now()
        shown = preview(database, file, strategy, now, workspace_id=workspace)
        _say("\n".join(shown.lines))
        if shown.plan.new and (yes or typer.confirm("Import them?")):
            _say(f"{import_previewed(database, shown, now):,} readings imported.")

    _with_database(run_import)


@app.command()
def manifest(
    url: Annotated[str | None, typer.Option(help="Public address of the bot: prints the HTTP form.")] = None,
) -> None:
    """Print the app manifest to create the Slack app from."""
    from bot.manifest import http_manifest, manifest_text  # noqa: PLC0415

    print(manifest_text() if url is None else http_manifest(url), end="")


@app.command()
def demo(
    scenario: Annotated[
        str, typer.Option(help="What to begin with in the browser: new, week-5 or worst-monday.")
    ] = "week-5",
    story: Annotated[
        bool, typer.Option("--story", help="Tell thirteen weeks in the terminal, in under a minute.")
    ] = False,
    folder: Annotated[Path, typer.Option(help="Where scenarios are kept between starts.")] = Path(
        ".drumbeat-demo"
    ),
    port: Annotated[int, typer.Option(help="Where the page is; 0 takes a free one.")] = 0,
    database: Annotated[Path, typer.Option(help="Where the story leaves its SQLite file.")] = Path(
        "drumbeat-demo.db"
    ),
) -> None:
    """Try it without Slack: an example team on a local one, in your browser; without a terminal its story."""
    # The demo stands above the bot and uses it as anybody does; it is found by the name it is installed under.
    [found] = entry_points(group="drumbeat.demo")
    is_told = story or not sys.stdout.isatty()
    raise typer.Exit(found.load()(database, "" if is_told else scenario, folder, port))


def _with_database(use: "Callable[[Database], T]") -> T:
    """Raises Exit with code 1 and a sentence when it is refused."""
    from bot.exports import ExportError  # noqa: PLC0415
    from bot.import_readings import ReadingsRefusedError  # noqa: PLC0415
    from bot.neighbours import WhichWorkspaceError  # noqa: PLC0415
    from bot.strategies import WhichStrategyError  # noqa: PLC0415
    from storage.database import Database  # noqa: PLC0415

    database = Database.open(_settings().database_url, migrate=True)
    try:
        return use(database)
    except (ExportError, ReadingsRefusedError, WhichStrategyError, WhichWorkspaceError) as refusal:
        _fail(str(refusal), code=REFUSED)
    finally:
        database.close()


def _settings() -> Settings:
    try:
        settings = load_settings()
    except SettingsError as problems:
        _fail(str(problems))
    set_up_logging(settings.log_level)
    return settings


def _say(lines: str, *, is_error: bool = False) -> None:
    """Names come from people: none of them moves the cursor, colours the terminal or fails in its encoding."""
    stream = sys.stderr if is_error else sys.stdout
    print(legible(lines).encode(stream.encoding, "replace").decode(stream.encoding), file=stream)


def _fail(sentence: str, code: int = BAD_SETTINGS) -> NoReturn:
    _say(sentence, is_error=True)
    raise typer.Exit(code)
