"""Every command on an operator's bad day: one sentence that says what, where and what to do, exit code 1 or 2, no traceback."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer.main

from bot import cli
from storage.encryption import new_key
from tests.bot.test_refused_commands import Answer, Run, run

__all__ = ["run"]

NO_SLACK = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "s",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
}
ON_DATABASES = {
    "backup": "backup there.db",
    "check": "check",
    "export": "export plan.zip",
    "forget": "forget U0000000001 --yes",
    "forget-workspace": "forget-workspace T0000000001 --yes",
    "import": "import plan.json",
    "import-readings": "import-readings r.csv --yes",
    "migrate": "migrate",
    "outbox drop": "outbox drop 7",
    "outbox list": "outbox list",
    "outbox retry": "outbox retry --all",
    "rehearse": "rehearse there.db",
    "restore": "restore there.db",
    "rotate-keys": "rotate-keys",
    "run": "run",
    "tick": "tick --at 2026-11-23T09:00Z",
}
WITHOUT = {
    "demo": "demo --story --database .",
    "manifest": "manifest --url nonsense",
    "new-key": "new-key --nonsense",
    "ready": "ready --port 9",
}
MAKES_ITS_OWN = {"check", "import", "migrate", "restore", "run", "tick"}
"""Where a SQLite file that is not there is no problem."""


def names(command: object, before: str = "") -> Iterator[str]:
    for name, one in getattr(command, "commands", {}).items():
        if hasattr(one, "commands"):
            yield from names(one, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_every_command_has_a_row() -> None:
    assert set(names(typer.main.get_command(cli.app))) == ON_DATABASES.keys() | WITHOUT.keys()


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A folder with a file for every command that wants one, in none of them what it wants."""
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    (tmp_path / "r.csv").write_text("kpi,date,value\nGivers,2026-11-20,3\n", encoding="utf-8")
    (tmp_path / "there.db").write_bytes(b"no backup")
    (tmp_path / "t.db").write_bytes(b"not a database" * 500)
    return tmp_path


def settings(name: str, url: str) -> dict[str, str]:
    if name != "rotate-keys":
        return {**NO_SLACK, "DATABASE_URL": url}
    many = {"SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "s", "DRUMBEAT_PUBLIC_URL": "https://example.org"}
    return {
        **NO_SLACK,
        "SLACK_BOT_TOKEN": "",
        "DATABASE_URL": url,
        "DRUMBEAT_ENCRYPTION_KEYS": new_key(),
        **many,
    }


def said(answer: Answer) -> str:
    """The one sentence; of `check`, the one problem."""
    code, printed, errors = answer
    assert code in (1, 2), answer
    lines = [line for line in printed.splitlines() if line.startswith("PROBLEM")] or errors.splitlines()
    assert "Traceback" not in f"{printed}{errors}"
    assert lines[0].endswith((".", "?")), lines
    assert len(lines) == 1 or printed, lines
    return lines[0]


DATABASES: dict[str, tuple[str, Callable[[Path], str]]] = {
    "PostgreSQL is down": (
        "postgresql://u:secret@127.0.0.1:9/x",
        lambda _: "does not answer at 127.0.0.1:9/x",
    ),
    "a damaged file": ("sqlite:///t.db", lambda _: "is no SQLite database, or is damaged"),
    "no folder": ("sqlite:///no/t.db", lambda there: f"There is no folder {there}/no for the database"),
    "no kind of database": ("mysql://there/x", lambda _: "DATABASE_URL"),
}


@pytest.mark.parametrize("name", ON_DATABASES)
@pytest.mark.parametrize("trouble", DATABASES)
def test_a_database_in_trouble_is_said_by_every_command(
    run: Run, there: Path, trouble: str, name: str
) -> None:
    url, sentence = DATABASES[trouble]
    found = said(run(ON_DATABASES[name], **settings(name, url)))
    assert sentence(there) in found or (name in ("restore", "rehearse") and "there.db" in found), found
    assert "secret" not in found


@pytest.mark.parametrize("name", sorted(ON_DATABASES.keys() - MAKES_ITS_OWN))
def test_a_mistyped_path_is_said_and_nothing_is_made_there(run: Run, there: Path, name: str) -> None:
    found = said(run(ON_DATABASES[name], **settings(name, "sqlite:///mistyped.db")))
    assert "There is no database at" in found or "there.db" in found, found
    assert not (there / "mistyped.db").exists()


@pytest.mark.parametrize("name", WITHOUT)
def test_what_needs_no_database_says_in_a_sentence_what_is_wrong(run: Run, there: Path, name: str) -> None:
    code, printed, errors = run(WITHOUT[name])
    assert code in (1, 2)
    assert "Traceback" not in f"{printed}{errors}"
    assert errors.strip().endswith((".", "?")) or "Error: " in errors


@pytest.mark.parametrize(
    "arguments",
    [
        "import missing.json",
        "import-readings missing.csv",
        "restore missing.db",
        "rehearse missing.db",
        "backup no/there.db",
    ],
)
def test_a_file_or_folder_that_is_not_there_is_named(
    run: Run, there: Path, sqlite_url: str, arguments: str
) -> None:
    found = said(run(arguments, **settings("", sqlite_url)))
    assert arguments.split()[1].partition("/")[0] in found
