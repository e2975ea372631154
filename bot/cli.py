"""The command line: run, check, migrate, export, import and the rest; each failure is a sentence."""

import asyncio
import gc
import sys
from datetime import UTC, datetime
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Annotated

import typer

from bot.forgetting_commands import forget, forget_workspace
from bot.refusals import CommandRefusedError
from bot.speaking import database_settings, full_settings, in_a_sentence, is_wanted, now, opened, say
from domain.words import MAX_NAME
from views.slack.blocks import plain_line

app = typer.Typer(
    help="Drumbeat: a Slack bot that runs a team's operating rhythm.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
outbox_app = typer.Typer(help="Messages that could not be sent and were set aside.", no_args_is_help=True)
app.add_typer(outbox_app, name="outbox")
app.command()(forget)
app.command(name="forget-workspace")(forget_workspace)

BAD_ARGUMENTS = 2
_WORKSPACE = "The workspace's id, like T0123456789, where there are several in the database."
_IDS = "As `drumbeat outbox list` shows them."


def main() -> None:
    with in_a_sentence():
        app()


def _show_version(is_asked: bool) -> None:
    if is_asked:
        say(f"drumbeat {version('drumbeat')}")
        raise typer.Exit


@app.callback()
def top(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A Slack bot that runs a team's operating rhythm."""


@app.command()
def run() -> None:
    """Run the bot until stopped: by Socket Mode with SLACK_APP_TOKEN, else by HTTP, for one workspace or many."""
    # What is imported stays: looking through it for garbage takes an eighth of the start, now and at every collection.
    gc.disable()
    from bot.app import serve  # noqa: PLC0415 - other commands need none of it
    from bot.starting import CannotStartError  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    try:
        asyncio.run(serve(full_settings()))
    except CannotStartError as problem:
        raise CommandRefusedError(f"{problem} `drumbeat check` looks at everything in turn.") from None


@app.command()
def tick(at: Annotated[str, typer.Option(help="The instant, like 2026-11-23T09:00Z.")]) -> None:
    """Do everything due at an instant, print what was done, and exit; only with a local stand-in for Slack."""
    from bot.tick import tick_once  # noqa: PLC0415

    settings = full_settings()
    if not settings.is_local_slack:
        raise CommandRefusedError(
            "`tick --at` moves time, so it works only with a SLACK_API_URL on this machine.",
            code=BAD_ARGUMENTS,
        )
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        sentence = f"I could not read {at!r} as an instant. Write it like 2026-11-23T09:00Z."
        raise CommandRefusedError(sentence, code=BAD_ARGUMENTS) from None
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    for line in asyncio.run(tick_once(settings, instant)):
        say(line)


@app.command()
def check() -> None:
    """Check settings, database, migrations, token, scopes and channels: one line each, exit 1 on a problem."""
    from bot.check import check_all  # noqa: PLC0415

    findings = asyncio.run(check_all())
    for finding in findings:
        say(str(finding))
    if not all(finding.is_ok for finding in findings):
        raise typer.Exit(1)


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date; safe to run from several processes at once."""
    with opened(must_be_there=False) as database:
        database.migrate()  # what is up to date may have roles by now that it had not
        say("The database is up to date.")


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
    audit: Annotated[
        bool, typer.Option("--audit", help="Instead the audit log of the whole workspace, as FILE.csv.")
    ] = False,
) -> None:
    """Write everything kept about a strategy to a file; of several strategies, one file each."""
    from bot.exports import export_audit, export_to, require_kind  # noqa: PLC0415
    from bot.progress import working  # noqa: PLC0415

    if audit:
        if channel:
            raise CommandRefusedError(
                "The audit log is of a whole workspace: leave --channel out, or --audit.", code=BAD_ARGUMENTS
            )
        with opened() as database, working("Writing what was done…"):
            line = export_audit(database, file, workspace_id=workspace)
        say(line)
        return
    require_kind(file)
    with opened() as database, working("Writing what is kept…"):
        lines = export_to(database, file, channel or (), now(), workspace_id=workspace)
    for line in lines:
        say(line)


@app.command(name="import")
def import_file(
    file: Annotated[Path, typer.Argument(help="What `drumbeat export` or `/rhythm export` made.")],
) -> None:
    """Read an exported strategy into a database that has none for its channel yet."""
    from bot.exports import import_document, read_file  # noqa: PLC0415
    from bot.progress import working  # noqa: PLC0415

    document = read_file(file)
    with opened(must_be_there=False) as database, working("Reading what was exported…"):
        name = import_document(database, document, now())
    say(f"{plain_line(name, MAX_NAME)} is imported.")


@app.command(name="import-readings")
def import_readings(
    file: Annotated[
        Path,
        typer.Argument(
            help="A CSV or XLSX file with the columns kpi, date, value, note, or date and one for each KPI."
        ),
    ],
    strategy: Annotated[
        str, typer.Option(help="The strategy's name or channel, where there are several.")
    ] = "",
    workspace: Annotated[str, typer.Option(help=_WORKSPACE)] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before importing.")] = False,
) -> None:
    """Import KPI readings from a file: shows what is in it and asks first; all of it or nothing."""
    from bot.import_readings import import_previewed, preview  # noqa: PLC0415

    with opened() as database:
        began = now()
        shown = preview(database, file, strategy, began, workspace_id=workspace)
        say("\n".join(shown.lines))
        if shown.plan.new and is_wanted("Import them?", yes=yes):
            say(f"{import_previewed(database, shown, began):,} readings imported.")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; one that is there is replaced.")],
) -> None:
    """Write the whole database to a file, while the bot runs."""
    from bot.backups import back_up  # noqa: PLC0415
    from bot.progress import advancing  # noqa: PLC0415

    with advancing("Backing up") as advance:
        size = back_up(database_settings().database_url, file, advance)
    say(f"{file} has all of it: {size:,} bytes.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `drumbeat backup` made, of this version or one before.")],
) -> None:
    """Put a backup in place of the database, while no bot runs; what was there is kept, and nothing is said twice."""
    from bot.progress import working  # noqa: PLC0415
    from bot.restoring import restore as restore_backup  # noqa: PLC0415

    with working("Restoring…"):
        done = restore_backup(database_settings().database_url, file, now())
    say("\n".join(done.lines))


@app.command()
def rehearse(file: Annotated[Path, typer.Argument(help="What `drumbeat backup` made.")]) -> None:
    """Bring a copy of a backup up to date, and say how long it took and what would not work; exit 1 on a problem."""
    from bot.progress import working  # noqa: PLC0415
    from bot.rehearsals import rehearse as migrate_copy  # noqa: PLC0415

    with working("Bringing a copy up to date…"):
        done = migrate_copy(database_settings().database_url, file)
    say("\n".join(done.lines))
    if done.problems:
        raise typer.Exit(1)


@outbox_app.command(name="list")
def list_outbox(
    everything: Annotated[
        bool, typer.Option("--all", help="With what was left out because its time had passed.")
    ] = False,
) -> None:
    """What was set aside and why, a line each: its id first."""
    from bot.outbox import list_set_aside  # noqa: PLC0415

    with opened() as database:
        lines = database.run(list_set_aside, with_expired=everything)
    say("\n".join(lines) or "Nothing was set aside.")


@outbox_app.command(name="retry")
def retry_outbox(
    ids: Annotated[list[int] | None, typer.Argument(help=_IDS)] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that failed or waits.")] = False,
) -> None:
    """Send what was set aside after all."""
    from bot.outbox import retry  # noqa: PLC0415

    if bool(ids) == everything:
        raise CommandRefusedError(
            "Say which, by their ids from `drumbeat outbox list`, or else --all.", code=BAD_ARGUMENTS
        )
    with opened() as database:
        count = database.run(retry, ids or (), now(), everything=everything)
    say(f"{count:,} {'message goes' if count == 1 else 'messages go'} out as soon as the bot runs.")


@outbox_app.command(name="drop")
def drop_outbox(ids: Annotated[list[int], typer.Argument(help=_IDS)]) -> None:
    """Never send what was set aside, nor what belongs to it."""
    from bot.outbox import drop  # noqa: PLC0415

    with opened() as database:
        count = database.run(drop, ids, now())
    say(f"{count:,} {'message is' if count == 1 else 'messages are'} dropped.")


@app.command(name="new-key")
def print_new_key() -> None:
    """Print a new key for DRUMBEAT_ENCRYPTION_KEYS."""
    from storage.encryption import new_key  # noqa: PLC0415

    print(new_key())


@app.command(name="rotate-keys")
def rotate_keys() -> None:
    """Encrypt every workspace's token anew, with the first of DRUMBEAT_ENCRYPTION_KEYS; the bot may run meanwhile."""
    from storage.encryption import Keys, WrongKeysError  # noqa: PLC0415
    from storage.installations import encrypt_anew  # noqa: PLC0415

    settings = full_settings()
    if not settings.serves_many:
        raise CommandRefusedError(
            "One workspace keeps no tokens in the database, so there is nothing to encrypt.",
            code=BAD_ARGUMENTS,
        )
    with opened() as database:
        try:
            number = database.run(encrypt_anew, Keys(settings.keys), now())
        except WrongKeysError as unreadable:
            raise CommandRefusedError(
                f"None of DRUMBEAT_ENCRYPTION_KEYS decrypts the token of {unreadable}: add the key that it was kept "
                "with. Nothing was changed."
            ) from None
    say(f"Encrypted with the first key: the tokens of {number:,}. The other keys may be removed now.")


@app.command()
def manifest(
    url: Annotated[str | None, typer.Option(help="Public address of the bot: prints the HTTP form.")] = None,
    many: Annotated[
        bool, typer.Option("--many", help="With --url: for many workspaces, which install it by a click.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, which the Slack CLI reads.")] = False,
) -> None:
    """Print the app manifest to create the Slack app from."""
    from bot.manifest import as_json as in_json  # noqa: PLC0415
    from bot.manifest import http_manifest, manifest_text  # noqa: PLC0415

    if many and url is None:
        raise CommandRefusedError(
            "Many workspaces reach the bot over HTTP: say where with --url https://drumbeat.example.org.",
            code=BAD_ARGUMENTS,
        )
    text = manifest_text() if url is None else http_manifest(url, many=many)
    print(in_json(text) if as_json else text, end="")


@app.command()
def ready(
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, help="Where the bot on this machine listens: DRUMBEAT_PORT, else 3000."
        ),
    ] = None,
) -> None:
    """Ask the bot on this machine whether it is ready, as a container's health check does; exit 1 when it is not."""
    from bot.asking import ask_whether_ready  # noqa: PLC0415
    from bot.config import load_port  # noqa: PLC0415

    say(ask_whether_ready(load_port() if port is None else port))


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
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the page is; 0 takes a free one.")] = 0,
    database: Annotated[
        Path | None,
        typer.Option(help="Where the story leaves its SQLite file: a new one, else drumbeat-demo.db."),
    ] = None,
) -> None:
    """Try it without Slack: an example team on a local one, in your browser; without a terminal its story."""
    # The demo stands above the bot and uses it as anybody does; it is found by the name it is installed under.
    [found] = entry_points(group="drumbeat.demo")
    is_told = story or not sys.stdout.isatty()
    if database is not None and database.exists():
        raise typer.BadParameter(
            f"{database} is there already. The story makes a new file: give it another name.",
            param_hint="--database",
        )
    left = database or Path("drumbeat-demo.db")
    raise typer.Exit(found.load()(left, scenario, folder, port, is_told=is_told))
