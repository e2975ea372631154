"""Whatever a command cannot do it says in a sentence: what, where and what to do; exit code 1 or 2, no traceback."""

import logging
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import cli
from bot.config import SettingsError, load_database_settings, load_settings
from bot.databases import explain, open_database
from bot.web import PortUnusableError, listen
from storage.database import Database, make_engine, parse_url
from storage.isolation import APP
from tests.support.databases import OWNER, PostgresqlServer, as_owner

Answer = tuple[int, str, str]
Run = Callable[..., Answer]
ENOUGH = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Run]:
    """The console script's own function, in a folder of its own, with these settings only."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "DATABASE_URL",
        "SLACK_API_URL",
        "DRUMBEAT_PORT",
    ):
        monkeypatch.delenv(name, raising=False)

    def run(arguments: str, **told: str) -> Answer:
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["drumbeat", *arguments.split()])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed, errors = capsys.readouterr()
        return int(ended.value.code or 0), printed, errors

    handlers, at_stop = logging.getLogger().handlers[:], signal.getsignal(signal.SIGTERM)
    yield run
    logging.getLogger().handlers[:] = handlers
    signal.signal(signal.SIGTERM, at_stop)
    structlog.reset_defaults()


def refused(answer: Answer, sentence: str, code: int = 1) -> None:
    assert answer == (code, "", f"{sentence}\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("export x.xlsx", "I write .json or .zip, which every spreadsheet opens: name the file x.zip."),
        ("export plan", "I write .json or .zip, which every spreadsheet opens: name the file plan.zip."),
        (
            "manifest --url nonsense",
            "'nonsense' is no address that Slack can call: write it like --url https://drumbeat.example.org.",
        ),
        (
            "manifest --url http://drumbeat.example.org",
            (
                "'http://drumbeat.example.org' is no address that Slack can call: "
                "write it like --url https://drumbeat.example.org."
            ),
        ),
        (
            "manifest --url https://[drumbeat",
            (
                "'https://[drumbeat' is no address that Slack can call: "
                "write it like --url https://drumbeat.example.org."
            ),
        ),
        (
            "export audit.csv --audit --channel C1",
            "The audit log is of a whole workspace: leave --channel out, or --audit.",
        ),
        ("outbox retry", "Say which, by their ids from `drumbeat outbox list`, or else --all."),
        ("outbox retry 7 --all", "Say which, by their ids from `drumbeat outbox list`, or else --all."),
    ],
)
def test_a_wrong_argument_is_named_and_exits_2(run: Run, arguments: str, sentence: str) -> None:
    refused(run(arguments), sentence, code=2)


@pytest.mark.parametrize(
    "arguments",
    [
        "export",
        "nonsense",
        "outbox drop seven",
        "export plan.zip --channel",
        "demo --port 99999",
        "demo --port -5",
        "ready --port 0",
    ],
)
def test_what_is_no_command_exits_2_without_a_traceback(run: Run, arguments: str) -> None:
    code, printed, errors = run(arguments)
    assert (code, printed) == (2, "")
    assert "Error: " in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    "arguments", ["export plan.zip", "import-readings r.csv", "outbox list", "outbox drop 7"]
)
def test_a_database_that_is_not_there_is_named_and_not_made(run: Run, tmp_path: Path, arguments: str) -> None:
    (tmp_path / "r.csv").write_text("kpi,date,value\n", encoding="utf-8")
    answer = run(arguments, DATABASE_URL="sqlite:///mistyped.db")

    refused(answer, f"There is no database at {tmp_path}/mistyped.db: set DATABASE_URL to where it is.")
    assert not (tmp_path / "mistyped.db").exists()


def test_a_database_that_is_made_is_for_its_user_alone_and_one_that_is_there_stays_as_it_is(
    run: Run, tmp_path: Path
) -> None:
    assert run("migrate", DATABASE_URL="sqlite:///t.db")[0] == 0
    assert (tmp_path / "t.db").stat().st_mode & 0o777 == 0o600
    (tmp_path / "t.db").chmod(0o640)
    assert run("migrate")[0] == 0
    assert (tmp_path / "t.db").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("arguments", ["migrate", "import plan.json", "export plan.zip", "outbox list"])
def test_a_folder_that_is_not_there_is_named(run: Run, tmp_path: Path, arguments: str) -> None:
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    answer = run(arguments, DATABASE_URL="sqlite:///no/such/t.db")
    refused(
        answer,
        f"There is no folder {tmp_path}/no/such for the database: make it, or set DATABASE_URL to another place.",
    )


def test_a_folder_in_place_of_a_database_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    refused(
        run("migrate", DATABASE_URL="sqlite:///data"),
        "data is a folder: set DATABASE_URL to a file in it, like sqlite:///data/drumbeat.db.",
    )


@pytest.mark.parametrize("arguments", ["migrate", "export plan.zip", "outbox list"])
def test_a_damaged_database_is_called_that(run: Run, tmp_path: Path, arguments: str) -> None:
    (tmp_path / "t.db").write_bytes(b"not a database" * 500)
    refused(
        run(arguments, DATABASE_URL="sqlite:///t.db"),
        "t.db is no SQLite database, or is damaged: restore a backup with `drumbeat restore FILE`.",
    )


def test_a_place_where_nothing_can_be_written_is_named(run: Run) -> None:
    code, printed, errors = run("migrate", DATABASE_URL="sqlite:////proc/t.db")
    assert (code, printed) == (1, "")
    assert errors == (
        "The database /proc/t.db cannot be opened: let this user read and write the file and its folder.\n"
    )


def test_a_read_only_database_is_called_that(sqlite_url: str) -> None:
    path = parse_url(sqlite_url).database
    engine = make_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(SQLAlchemyError) as problem, engine.connect() as connection:
        connection.execute(text("DELETE FROM seen"))
    engine.dispose()
    assert explain(problem.value, parse_url(sqlite_url)) == (
        f"The database {path} cannot be written: let this user write the file and its folder."
    )


def test_a_locked_or_full_database_is_called_that() -> None:
    url = parse_url("sqlite:///t.db")
    said = {
        "database is locked": "Another process keeps the database t.db locked: stop it, or wait until it is done.",
        "database or disk is full": "The disk of t.db is full: make room on it, then start again.",
        "disk I/O error": "The disk of t.db is full or fails: make room on it, or look at it, then try again.",
    }
    for text_, sentence in said.items():
        problem = SQLAlchemyError()
        problem.orig = sqlite3.OperationalError(text_)  # type: ignore[attr-defined]  # as the driver's is kept
        assert explain(problem, url) == sentence


@pytest.mark.parametrize("arguments", ["migrate", "export plan.zip", "outbox list"])
def test_a_postgresql_that_is_down_is_said_to_be(run: Run, arguments: str) -> None:
    code, printed, errors = run(arguments, DATABASE_URL="postgresql://nobody:secret@127.0.0.1:9/nothing")
    assert (code, printed) == (1, "")
    assert errors.startswith("PostgreSQL does not answer at 127.0.0.1:9/nothing (Connection refused")
    assert errors.endswith("check DATABASE_URL, and that it is running.\n")
    assert "secret" not in errors
    assert errors.count("\n") == 1


def test_a_machine_that_is_not_there_is_no_matter_of_rights(run: Run) -> None:
    code, _, errors = run("migrate", DATABASE_URL="postgresql://u@no-such-machine.invalid/x")
    assert code == 1
    assert errors.startswith(
        "PostgreSQL does not answer at no-such-machine.invalid:5432/x (failed to resolve"
    )


def test_a_postgresql_that_has_no_such_database_says_so(run: Run, server: PostgresqlServer) -> None:
    url = server.empty()
    server.drop(url)
    code, _, errors = run("migrate", DATABASE_URL=url)
    assert code == 1
    assert "does not let us in (database" in errors
    assert "check DATABASE_URL, or make the database." in errors


def test_rights_that_a_migration_gives_are_said_to_be_missing(run: Run, server: PostgresqlServer) -> None:
    url = server.empty()
    Database.open(url, migrate=True).close()
    database = Database.open(url, migrate=False)
    database.run(lambda session: session.execute(text(f"REVOKE ALL ON alembic_version FROM {APP}")))
    database.close()
    code, _, errors = run("outbox list", DATABASE_URL=url.replace(f"{OWNER}:@", f"{APP}:@"))
    assert code == 1
    assert (
        "(permission denied for table alembic_version): run `drumbeat migrate` as the user that owns"
        in errors
    )


def make_newer(url: str) -> None:
    database = Database.open(as_owner(url), migrate=False)
    database.run(lambda session: session.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    database.close()


@pytest.mark.parametrize("arguments", ["migrate", "export plan.zip", "import plan.json", "outbox list"])
def test_a_database_newer_than_the_code_says_so_and_is_left_alone(
    run: Run, database_url: str, tmp_path: Path, arguments: str
) -> None:
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    make_newer(database_url)
    code, printed, errors = run(arguments, DATABASE_URL=database_url)
    assert (code, printed) == (1, "")
    assert "was made by a newer Drumbeat than this one: update this Drumbeat, or restore a backup" in errors
    assert errors.count("\n") == 1


def test_run_and_check_say_that_a_database_is_newer_than_the_code(run: Run, sqlite_url: str) -> None:
    make_newer(sqlite_url)
    told = ENOUGH | {"DATABASE_URL": sqlite_url, "SLACK_API_URL": "http://127.0.0.1:9/api/"}

    code, _, errors = run("run", **told)
    assert code == 1
    assert "was made by a newer Drumbeat than this one" in errors
    code, printed, _ = run("check", **told)
    assert code == 1
    assert "PROBLEM migrations: The database" in printed
    assert "was made by a newer Drumbeat than this one" in printed


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_left_beside_it(
    run: Run, filled_url: str, tmp_path: Path
) -> None:
    (tmp_path / "folder.zip").mkdir()
    for arguments, sentence in (
        (
            "export no/plan.zip",
            f"There is no folder {tmp_path}/no for plan.zip: make it, or name a file elsewhere.",
        ),
        ("export folder.zip", "folder.zip is a folder: name a file in it."),
        (
            "export /proc/plan.zip",
            "I cannot write /proc/plan.zip (No such file or directory): name a file elsewhere.",
        ),
    ):
        refused(run(arguments, DATABASE_URL=filled_url), sentence)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.zip"]


@pytest.fixture
def filled_url(sqlite_url: str) -> str:
    from tests.support.whole_strategy import fill  # noqa: PLC0415

    database = open_database(sqlite_url, migrate=False)
    database.run(fill)
    database.run(lambda session: session.execute(text("UPDATE strategies SET closed_at = NULL")))
    database.close()
    return sqlite_url


@pytest.mark.parametrize("arguments", ["import missing.json", "import ."])
def test_a_file_that_cannot_be_read_is_named(run: Run, tmp_path: Path, arguments: str) -> None:
    code, _, errors = run(arguments, DATABASE_URL="sqlite:///t.db")
    assert code == 1
    assert errors in (
        "There is no file missing.json: is its name right?\n",
        "I cannot read . (Is a directory): let this user read it.\n",
    )
    assert not (tmp_path / "t.db").exists()


@pytest.mark.parametrize("arguments", ["migrate", "export plan.zip", "outbox list"])
def test_what_works_without_slack_asks_for_no_tokens(run: Run, filled_url: str, arguments: str) -> None:
    code, printed, errors = run(arguments, DATABASE_URL=filled_url)
    assert (code, errors) == (0, "")
    assert printed


@pytest.mark.parametrize("told", ["3999", '"3999"', "'3999'\n"])
def test_whether_the_bot_is_ready_is_asked_at_the_port_of_its_settings(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    nobody = "Nothing answers on port 3999 of this machine: is the bot running, and DRUMBEAT_PORT set for it?"
    refused(run("ready", DRUMBEAT_PORT=told), nobody)
    monkeypatch.delenv("DRUMBEAT_PORT")
    (tmp_path / ".env").write_text(f"DRUMBEAT_PORT={told}", encoding="utf-8")
    refused(run("ready"), nobody)
    assert run("ready", DRUMBEAT_PORT="many")[0] == 2


def test_a_command_that_may_print_nowhere_does_its_work(
    run: Run, filled_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert run("outbox list", DATABASE_URL=filled_url) == (0, "", "")


def test_the_version_is_that_of_the_package(run: Run) -> None:
    code, printed, _ = run("--version")
    assert code == 0
    assert printed.startswith("drumbeat 0.")
    assert run("run --version")[0] == 2


async def test_a_port_in_use_is_named() -> None:
    from aiohttp import web  # noqa: PLC0415

    from bot.connections import Limits  # noqa: PLC0415

    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortUnusableError) as problem:
            async with listen(web.Application(), port, Limits()):
                pass
    assert str(problem.value) == (
        f"Port {port} is in use: stop what listens there, or set DRUMBEAT_PORT to another one."
    )


# Settings


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    for name in (
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "DATABASE_URL",
        "DRUMBEAT_PORT",
    ):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize("around", ["{}\n", "{}\r\n", ' "{}" ', "'{}'", '"{}\n"', "\t{}"])
def test_newlines_and_quotes_around_a_setting_are_not_part_of_it(
    bare: pytest.MonkeyPatch, around: str
) -> None:
    for name, value in (ENOUGH | {"DATABASE_URL": "sqlite:///t.db", "DRUMBEAT_PORT": "3001"}).items():
        bare.setenv(name, around.format(value))
    settings = load_settings()
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1"
    assert settings.database_url == "sqlite:///t.db"
    assert settings.port == 3001


@pytest.mark.parametrize("empty", ["", " ", "\n", '""', "''"])
def test_an_empty_app_token_is_none(bare: pytest.MonkeyPatch, empty: str) -> None:
    bare.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    bare.setenv("SLACK_APP_TOKEN", empty)
    bare.setenv("SLACK_SIGNING_SECRET", "s")
    bare.setenv("DRUMBEAT_PORT", empty)
    settings = load_settings()
    assert not settings.uses_socket_mode
    assert settings.port == 3000


def test_a_file_of_settings_that_cannot_be_read_is_named(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"SLACK_BOT_TOKEN=xoxb-\xff\n")
    with pytest.raises(SettingsError, match=r"The file \.env cannot be read: it is not written in UTF-8"):
        load_database_settings()


@pytest.mark.parametrize("url", ["slack.com/api/", "ftp://slack.com/api/", "https:///api/"])
def test_an_address_of_slack_that_is_none_is_named(bare: pytest.MonkeyPatch, url: str) -> None:
    for name, value in ENOUGH.items():
        bare.setenv(name, value)
    bare.setenv("SLACK_API_URL", url)
    with pytest.raises(SettingsError, match="SLACK_API_URL is not valid"):
        load_settings()


# Outbox


def test_what_was_set_aside_is_listed_without_words_retried_and_dropped(run: Run, database_url: str) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    from storage.delivery import outbox, sending  # noqa: PLC0415
    from storage.delivery.outbox import State  # noqa: PLC0415
    from storage.models import OutboxRow  # noqa: PLC0415

    now = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def rows(database: Database) -> list[tuple[int, str]]:
        return database.run(
            lambda session: [(row.id, row.state) for row in session.query(OutboxRow).order_by(OutboxRow.id)]
        )

    database = Database.open(database_url, migrate=False).within("T1")
    for target in ("U1", "U2", "C1", "U3"):
        database.run(outbox.enqueue_post, "T1", target, {"text": "my words"}, now=now)
    ids = [id_ for id_, _ in rows(database)]
    for id_, state, why in (
        (ids[0], State.FAILED, "invalid_blocks"),
        (ids[1], State.EXPIRED, None),
        (ids[2], State.IN_DOUBT, "http_500"),
        (ids[3], State.HELD, "is_archived"),
    ):
        database.run(sending.set_aside, "T1", sending.Unsent(id_, state, why))

    _, printed, _ = run("outbox list", DATABASE_URL=database_url)
    assert printed.splitlines() == [
        f"{ids[0]}  2026-11-23 09:00Z  T1  message to U1: failed (invalid_blocks)",
        f"{ids[2]}  2026-11-23 09:00Z  T1  message to C1: perhaps posted, and somebody is asked (http_500)",
        f"{ids[3]}  2026-11-23 09:00Z  T1  message to U3: waits until it can be posted (is_archived)",
    ]
    assert "left out, its time had passed" in run("outbox list --all")[1]
    code, _, errors = run(f"outbox retry {ids[0]} {ids[2]}")
    assert code == 1
    assert errors.startswith(f"{ids[2]} may be there already: whoever was asked in Slack says so")
    assert dict(rows(database))[ids[0]] == State.FAILED

    assert run("outbox retry --all")[1] == "2 messages go out as soon as the bot runs.\n"
    assert run(f"outbox drop {ids[2]} {ids[1]}")[1] == "2 messages are dropped.\n"
    assert rows(database) == [(ids[0], "pending"), (ids[3], "pending")]
    database.close()
