"""A database in a file while it is written to, and what bringing that up to date would do."""

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from bot.backups import BackupError, back_up, kind_of_backup, restore_postgresql
from bot.databases import DatabaseUnusableError
from bot.rehearsals import rehearse
from storage import exports
from storage.database import Database, parse_url
from storage.migrations import HERE, head
from tests.support.databases import as_owner, at_revision
from tests.support.postgresql_tools import folder_of_tools
from tests.support.whole_strategy import TEAM, fill


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{folder_of_tools()}:{os.environ['PATH']}")


def nothing(_done: int, _of: int) -> None:
    """Nobody looks."""


@pytest.fixture
def full(owned: Database) -> Database:
    owned.run(fill)
    return owned


def address_of(database: Database) -> str:
    return (
        database.engine.url.render_as_string(hide_password=False)
        .replace("+psycopg", "")
        .replace("+pysqlite", "")
    )


def test_a_backup_is_made_while_a_transaction_is_open(full: Database, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    seen: list[tuple[int, int]] = []
    with full.engine.connect() as busy:
        busy.execute(select(text("1")))
        if full.is_sqlite:
            busy.rollback()
        size = back_up(address_of(full), file, lambda done, of: seen.append((done, of)))

    assert size == file.stat().st_size > 1_000
    assert kind_of_backup(file) == ("SQLite" if full.is_sqlite else "PostgreSQL")
    assert [path.name for path in tmp_path.iterdir()] == ["backup"]
    if full.is_sqlite:
        assert seen[-1][0] == seen[-1][1]


def test_a_rehearsal_of_todays_backup_finds_nothing_and_changes_nothing(
    full: Database, tmp_path: Path
) -> None:
    file, url = tmp_path / "backup", address_of(full)
    back_up(url, file, nothing)
    content, before = file.read_bytes(), full.run(exports.read_tables, TEAM, 1)

    done = rehearse(url, file)

    assert (done.before, done.after, done.problems) == (head(), head(), [])
    assert done.rows_before == done.rows_after
    assert done.rows_after["kpis"] == 2
    rows = sum(done.rows_after.values())
    assert done.lines == [
        f"It is at {head()} already, so that nothing was migrated: {rows:,} rows.",
        "No problems.",
    ]
    assert file.read_bytes() == content
    assert full.run(exports.read_tables, TEAM, 1) == before


def test_a_rehearsal_of_the_version_before_migrates_the_copy_alone(empty_url: str, tmp_path: Path) -> None:
    earlier = list(ScriptDirectory(str(HERE)).walk_revisions())[1].revision
    file = tmp_path / "backup"
    with at_revision(empty_url, earlier) as engine:
        back_up(empty_url, file, nothing)
        done = rehearse(empty_url, file)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == earlier

    assert (done.before, done.after, done.problems) == (earlier, head(), [])
    assert done.lines[0].startswith(f"Migrated from {earlier} to {head()} in ")


def test_a_rehearsal_names_what_would_not_work(full: Database, tmp_path: Path) -> None:
    file, url = tmp_path / "backup", address_of(full)
    full.run(lambda session: session.execute(text("UPDATE strategies SET zone = 'Mars/Olympus'")))
    back_up(url, file, nothing)

    done = rehearse(url, file)

    assert done.problems == [
        f'strategy 1 of {TEAM}: tables.strategies[0].zone is "Mars/Olympus": it has to be a time zone, like Europe/London.'
    ]
    assert done.lines[-1].startswith("PROBLEM strategy 1")


def test_the_user_of_the_app_who_would_copy_nothing_is_told_so(postgresql_url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    sentence = "drumbeat_app sees one workspace at a time: set DATABASE_URL to the user that owns the tables"
    with pytest.raises(DatabaseUnusableError, match=sentence):
        back_up(postgresql_url, file, nothing)
    assert not file.exists()


def test_a_backup_newer_than_the_code_is_refused_in_a_sentence(full: Database, tmp_path: Path) -> None:
    file, url = tmp_path / "backup", address_of(full)
    full.run(lambda session: session.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    back_up(url, file, nothing)

    with pytest.raises(BackupError, match="was made by a newer Drumbeat than this one"):
        rehearse(url, file)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\3\4"])
def test_what_is_no_backup_is_called_that(sqlite_url: str, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(BackupError, match="is no backup that `drumbeat backup` made"):
        rehearse(sqlite_url, tmp_path / "file")


def test_a_damaged_backup_is_called_that(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    back_up(sqlite_url, file, nothing)
    content = bytearray(file.read_bytes())
    content[8_000:40_000] = b"x" * 32_000
    file.write_bytes(content)
    with pytest.raises(BackupError, match="is damaged"):
        rehearse(sqlite_url, file)


def test_a_backup_of_postgresql_needs_a_server(postgresql_url: str, sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    back_up(as_owner(postgresql_url), file, nothing)
    with pytest.raises(BackupError, match="is of PostgreSQL: set DATABASE_URL to a server"):
        rehearse(sqlite_url, file)


def test_missing_tools_are_named(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="pg_dump is not installed: install PostgreSQL's client"):
        back_up(as_owner(postgresql_url), tmp_path / "backup", nothing)


@pytest.mark.parametrize("address", ["postgresql://ada:hidden@h/db", "postgresql://ada@h/db?password=hidden"])
def test_a_password_is_not_among_what_other_users_see_of_a_process(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever way the address has it; the tool here writes down what it was told."""
    tool = tmp_path / "pg_restore"
    tool.write_text('#!/bin/sh\necho "$PGPASSWORD" "$@" > "$0.told"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    restore_postgresql(tmp_path / "backup", parse_url(address))
    password, *seen = (tmp_path / "pg_restore.told").read_text().split()
    assert password == "hidden"
    assert seen[0] == "--dbname=postgresql://ada@h/db"


def test_a_backup_of_a_damaged_file_is_refused_and_leaves_no_file(sqlite_url: str, tmp_path: Path) -> None:
    source = Path(sqlite_url.removeprefix("sqlite:///"))
    content = bytearray(source.read_bytes())
    page = int.from_bytes(content[16:18])
    with sqlite3.connect(source) as ours:
        root = ours.execute("SELECT rootpage FROM sqlite_master WHERE name = 'kpis'").fetchone()[0]
    content[(root - 1) * page : root * page] = b"x" * page
    broken = tmp_path / "broken.db"
    broken.write_bytes(content)

    with pytest.raises(BackupError, match="damaged"):
        back_up(f"sqlite:///{broken}", tmp_path / "backup", nothing)

    assert not (tmp_path / "backup").exists()


def test_a_backup_holds_what_was_committed_before_it(sqlite_url: str, tmp_path: Path) -> None:
    database = Database.open(sqlite_url, migrate=False)
    database.run(fill)
    back_up(sqlite_url, tmp_path / "backup", nothing)
    database.close()
    with sqlite3.connect(tmp_path / "backup") as copy:
        found: Any = copy.execute("SELECT count(*) FROM kpis").fetchone()
    assert found == (2,)
