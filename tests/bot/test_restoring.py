"""A backup in place of the database: whole or not at all, and what was there is kept."""

import os
import signal
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from bot.backups import BackupError, back_up
from bot.databases import UNFINISHED, DatabaseUnusableError, known_as, look_at
from bot.files import FileUnusableError, write_whole, writing
from bot.restoring import restore
from bot.speaking import database_settings
from storage import exports
from storage.database import Database, make_engine, parse_url
from storage.delivery import outbox
from storage.isolation import APP
from storage.migrations import HERE, SchemaState, find_state
from storage.models import OutboxRow
from storage.workspaces import Workspace, save_workspace
from tests.support.databases import OWNER, PostgresqlServer, as_owner, at_revision, no_room
from tests.support.postgresql_tools import folder_of_tools
from tests.support.whole_strategy import TEAM, fill

NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{folder_of_tools()}:{os.environ['PATH']}")


def nothing(_done: int, _of: int) -> None:
    """Nobody looks."""


def rename(url: str, name: str) -> None:
    database = Database.open(url, migrate=False)
    database.run(lambda session: session.execute(text("UPDATE strategies SET name = :name"), {"name": name}))
    database.close()


def names(url: str) -> list[str]:
    database = Database.open(url, migrate=False)
    found = database.run(exports.read_tables, TEAM, 1)["strategies"]
    database.close()
    return [row["name"] for row in found]


@pytest.fixture
def database_url(database_url: str) -> str:
    """As its owner reaches it."""
    return as_owner(database_url)


@pytest.fixture
def backup(database_url: str, tmp_path: Path) -> Path:
    """Of a strategy called Before, with a message that waits; it is called After by now."""
    database = Database.open(database_url, migrate=False)
    database.run(fill)
    database.run(outbox.enqueue_post, TEAM, "U10", {"text": "prompt"}, now=NOW)
    database.close()
    rename(database_url, "Before")
    back_up(database_url, tmp_path / "backup", nothing)
    rename(database_url, "After")
    return tmp_path / "backup"


def test_a_backup_takes_the_place_of_the_database_and_that_is_kept(
    database_url: str, backup: Path, tmp_path: Path
) -> None:
    done = restore(database_url, backup, NOW)

    assert names(database_url) == ["Before"]
    assert done.since is not None
    where = known_as(parse_url(database_url))
    assert done.lines[0] == f"The backup is restored into {where}, and up to date."
    if database_url.startswith("sqlite"):
        kept = Path(done.kept)
        assert kept.name.endswith(".before-20261220-090000")
        assert names(f"sqlite:///{kept}") == ["After"]
        assert not [path for path in kept.parent.iterdir() if path.name.startswith(f".{kept.name}")]
    else:
        assert done.kept.startswith("in the schema before_restore_20261220_090000")
        database = Database.open(database_url, migrate=False)
        was = database.run(
            lambda session: session.scalar(text("SELECT name FROM before_restore_20261220_090000.strategies"))
        )
        database.close()
        assert was == "After"
        back_up(database_url, tmp_path / "again", nothing)
        assert names(database_url) == ["Before"]


def test_the_app_reaches_its_workspaces_in_what_was_restored_and_may_not_restore(
    postgresql_url: str, tmp_path: Path
) -> None:
    app, file = Database.open(postgresql_url, migrate=False), tmp_path / "backup"
    app.within(TEAM).run(fill)
    app.close()
    back_up(as_owner(postgresql_url), file, nothing)
    with pytest.raises(DatabaseUnusableError, match="sees one workspace at a time"):
        restore(postgresql_url, file, NOW)
    restore(as_owner(postgresql_url), file, NOW)

    app = Database.open(postgresql_url, migrate=False)
    found = app.within(TEAM).run(exports.read_tables, TEAM, 1)
    assert len(found["strategies"]) == 1
    count = select(func.count()).select_from(OutboxRow)
    assert app.within("T2").run(lambda session: session.scalar(count)) == 0
    app.close()


def test_what_waited_is_looked_for_before_it_is_said(database_url: str, backup: Path) -> None:
    restore(database_url, backup, NOW)

    database = Database.open(database_url, migrate=False)
    [row] = database.run(lambda session: list(session.query(OutboxRow)))
    database.close()
    assert row.in_doubt_since == NOW
    assert row.said_since is not None
    assert row.said_since < NOW


def test_a_backup_of_the_version_before_is_restored_and_brought_up_to_date(
    empty_url: str, tmp_path: Path
) -> None:
    earlier = list(ScriptDirectory(str(HERE)).walk_revisions())[1].revision
    with at_revision(empty_url, earlier):
        pass
    back_up(empty_url, tmp_path / "backup", nothing)
    database = Database.open(empty_url, migrate=True)
    database.close()

    restore(empty_url, tmp_path / "backup", NOW)

    database = Database.open(empty_url, migrate=False)
    assert find_state(database.engine) is SchemaState.CURRENT
    database.close()


def test_nothing_is_restored_while_a_bot_runs(database_url: str, backup: Path) -> None:
    for whose in {database_url, database_url.replace(f"{OWNER}:@", f"{APP}:@")}:
        running = Database.open(whose, migrate=False)
        running.run(lambda session: session.execute(text("SELECT 1")))

        with pytest.raises(BackupError, match=r"A bot still runs on|other connection is open to"):
            restore(database_url, backup, NOW)

        running.close()
    assert names(database_url) == ["After"]


def test_a_backup_that_cannot_be_restored_leaves_all_as_it_was(
    database_url: str, backup: Path, tmp_path: Path
) -> None:
    content = bytearray(backup.read_bytes())
    half = len(content) // 2
    content[half:] = b"x" * (len(content) - half)
    (tmp_path / "damaged").write_bytes(content)

    with pytest.raises(BackupError):
        restore(database_url, tmp_path / "damaged", NOW)

    assert names(database_url) == ["After"]


def test_a_backup_of_the_other_kind_is_refused(sqlite_url: str, postgresql_url: str, tmp_path: Path) -> None:
    back_up(sqlite_url, tmp_path / "backup", nothing)
    with pytest.raises(BackupError, match="is of SQLite, and DATABASE_URL is not"):
        restore(postgresql_url, tmp_path / "backup", NOW)


def test_a_damaged_database_is_replaced_and_kept(sqlite_url: str, tmp_path: Path) -> None:
    back_up(sqlite_url, tmp_path / "backup", nothing)
    (tmp_path / "t.db").write_bytes(b"not a database" * 500)

    done = restore(f"sqlite:///{tmp_path / 't.db'}", tmp_path / "backup", NOW)

    assert Path(done.kept).read_bytes().startswith(b"not a database")
    with sqlite3.connect(tmp_path / "t.db") as connection:
        assert connection.execute("SELECT count(*) FROM kpis").fetchone() == (0,)


def test_a_backup_is_restored_where_there_is_no_database_yet(sqlite_url: str, tmp_path: Path) -> None:
    back_up(sqlite_url, tmp_path / "backup", nothing)
    done = restore(f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "backup", NOW)
    assert (done.kept, done.since) == ("", None)
    assert (tmp_path / "new.db").exists()


def test_who_ran_the_bot_may_read_what_was_restored_wherever_it_is_linked(
    sqlite_url: str, tmp_path: Path
) -> None:
    link, disk = tmp_path / "link.db", Path(str(parse_url(sqlite_url).database))
    link.symlink_to(disk)
    back_up(sqlite_url, tmp_path / "backup", nothing)
    disk.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(disk, 65534, 65534)
    was = disk.stat()

    done = restore(f"sqlite:///{link}", tmp_path / "backup", NOW)

    new = disk.stat()
    assert (new.st_mode, new.st_uid, new.st_gid) == (was.st_mode, was.st_uid, was.st_gid)
    assert new.st_ino != was.st_ino == Path(done.kept).stat().st_ino
    assert link.is_symlink()
    assert f"into {disk}," in done.lines[0]


def test_a_database_is_neither_its_own_backup_nor_restored_from_itself(
    sqlite_url: str, tmp_path: Path
) -> None:
    disk = Path(str(parse_url(sqlite_url).database))
    link, was = tmp_path / "link.db", disk.stat().st_ino
    link.symlink_to(disk)
    for file in (disk, link):
        with pytest.raises(BackupError, match="is the database itself: name another file"):
            back_up(sqlite_url, file, nothing)
        with pytest.raises(BackupError, match="is the database itself: name another file"):
            restore(sqlite_url, file, NOW)
    assert disk.stat().st_ino == was


def test_a_restore_that_was_broken_off_keeps_bots_out_and_is_done_again_from_where_it_was(
    postgresql_url: str, tmp_path: Path
) -> None:
    url = as_owner(postgresql_url)
    database = Database.open(url, migrate=False)
    database.run(fill)
    rename(url, "Before")
    back_up(url, tmp_path / "backup", nothing)
    rename(url, "After")
    database.run(lambda session: session.execute(text(f"ALTER SCHEMA public RENAME TO {UNFINISHED}")))
    database.run(lambda session: session.execute(text("CREATE SCHEMA public")))
    database.close()

    for whose in (url, postgresql_url):
        with pytest.raises(DatabaseUnusableError, match="is not finished: wait for it or"):
            look_at(whose)
    done = restore(url, tmp_path / "backup", NOW)

    assert names(url) == ["Before"]
    assert done.kept.startswith("in the schema before_restore_20261220_090000")
    database = Database.open(url, migrate=False)
    kept = text("SELECT name FROM before_restore_20261220_090000.strategies")
    assert database.run(lambda session: session.scalar(kept)) == "After"
    database.close()


def test_a_restore_that_is_told_to_stop_leaves_nothing_beside_the_database(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    former = signal.getsignal(signal.SIGTERM)
    try:
        database_settings()
        with pytest.raises(KeyboardInterrupt), writing(tmp_path / "backup"):
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, former)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_file_is_not_put_in_place_of(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileUnusableError, match="pipe is no file: name one to write"):
        write_whole(tmp_path / "pipe", b"content")
    assert (tmp_path / "pipe").is_fifo()


def test_a_full_disk_is_called_that_and_leaves_all_as_it_was(sqlite_url: str, tmp_path: Path) -> None:
    disk = Path(str(parse_url(sqlite_url).database))
    database = Database.open(sqlite_url, migrate=False)
    database.run(fill)
    database.close()
    back_up(sqlite_url, tmp_path / "backup", nothing)
    rename(sqlite_url, "After")
    before = {*disk.parent.iterdir()}
    with no_room():
        with pytest.raises(BackupError, match=r"again cannot be written, or .* make room on the disk"):
            back_up(sqlite_url, tmp_path / "again", nothing)
        with pytest.raises(FileUnusableError, match=f"I cannot write {disk} "):
            restore(sqlite_url, tmp_path / "backup", NOW)
    assert names(sqlite_url) == ["After"]
    assert {*disk.parent.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["backup"]


def test_the_log_of_a_database_that_cannot_be_opened_is_kept_with_it(sqlite_url: str, tmp_path: Path) -> None:
    disk, broken = Path(str(parse_url(sqlite_url).database)), tmp_path / "broken.db"
    database = Database.open(sqlite_url, migrate=False)
    database.run(fill)
    database.run(lambda session: session.execute(text("UPDATE strategies SET name = 'Before'")))
    back_up(sqlite_url, tmp_path / "backup", nothing)
    database.run(lambda session: session.execute(text("UPDATE strategies SET name = 'After'")))
    for end in ("", "-wal"):
        (tmp_path / f"broken.db{end}").write_bytes(Path(f"{disk}{end}").read_bytes())
    database.close()
    (tmp_path / "broken.db-shm").mkdir()  # in the way of whoever opens it

    done = restore(f"sqlite:///{broken}", tmp_path / "backup", NOW)

    with sqlite3.connect(broken) as connection:
        assert connection.execute("SELECT DISTINCT name FROM strategies").fetchall() == [("Before",)]
    assert Path(f"{done.kept}-wal").stat().st_size > 0


def test_a_dashboard_reads_its_views_after_a_restore_and_nothing_else(
    server: PostgresqlServer, tmp_path: Path
) -> None:
    url = server.empty()
    Database.open(url, migrate=True).close()
    role = f"dashboard_of_{os.getpid()}"
    server.make_user(role)
    try:
        database = Database.open(url, migrate=False)
        database.run(lambda session: session.execute(text(f"GRANT SELECT ON report_kpis TO {role}")))
        database.close()
        back_up(url, tmp_path / "backup", nothing)

        restore(url, tmp_path / "backup", NOW)

        dashboard = make_engine(url.replace(f"{OWNER}:@", f"{role}:@"))
        with dashboard.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM report_kpis")) == 0
        with dashboard.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.scalar(text("SELECT count(*) FROM report_people"))
        dashboard.dispose()
    finally:
        server.drop(url)
        server.drop_user(role)


def test_since_when_nothing_is_known_is_told_by_the_workspace_that_spoke_last(
    database_url: str, tmp_path: Path
) -> None:
    database = Database.open(database_url, migrate=False)
    for team, ago in (("T1", timedelta(hours=1)), ("T2", timedelta(days=30)), ("T3", None)):
        within = database.within(team)
        within.run(save_workspace, Workspace(team, team, "U0BOT00001"))
        if ago is not None:
            within.run(outbox.enqueue_post, team, "U10", {"text": "prompt"}, now=NOW - ago)
    database.close()
    back_up(database_url, tmp_path / "backup", nothing)

    assert restore(database_url, tmp_path / "backup", NOW).since == NOW - timedelta(hours=1, minutes=5)
