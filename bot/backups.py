"""A database in a file and out of one again, by the tools of its kind."""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copyfile, which
from urllib.parse import quote

from sqlalchemy.engine import URL

from bot.databases import known_as, look_at, require_all
from bot.files import why_not_read, writing
from bot.refusals import CommandRefusedError

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
_SIGNS = {b"SQLite format 3\0": SQLITE, b"PGDMP": POSTGRESQL}
_PAGES = 500
Advance = Callable[[int, int], None]


class BackupError(CommandRefusedError):
    """A backup cannot be made or read."""


def back_up(url: str, path: Path, advance: Advance) -> int:
    """Write the database to a file while the bot runs; returns its bytes. Raises CommandRefusedError."""
    database, _ = look_at(url, must_be_there=True)
    try:
        require_all(database)
    finally:
        database.close()
    require_other(path, database.engine.url)
    with writing(path) as beside:
        if database.is_sqlite:
            _copy_sqlite(str(database.engine.url.database), beside, path, advance)
        else:
            _run_tool(
                "pg_dump", database.engine.url, "--format=custom", *_OF_OURS, *_ALL_ROWS, f"--file={beside}"
            )
        return beside.stat().st_size


def require_other(path: Path, url: URL) -> None:
    """Raises BackupError where the file is the database itself, which a running bot would go on writing to unseen."""
    own = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if own is not None and path.exists() and own.exists() and path.samefile(own):
        raise BackupError(f"{path} is the database itself: name another file for the backup.")


_ALL_ROWS = ("--enable-row-security",)
"""The owner of the tables is held to their policies as well, which show it all; pg_dump has to be told that this is meant."""
_OF_OURS = ("--no-owner", "--no-privileges", "--exclude-schema=before_restore_*")


def _copy_sqlite(source: str, target: Path, path: Path, advance: Advance) -> None:
    """To a file beside `path`, whose name it will get. Raises BackupError."""
    try:
        with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(target)) as copy:
            ours.backup(copy, pages=_PAGES, progress=lambda _s, left, of: advance(of - left, of))
            copy.execute("PRAGMA journal_mode = DELETE")
            problem = find_damage(copy)
    except sqlite3.DatabaseError as fault:
        if fault.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise BackupError(
                f"{path} cannot be written, or {source} not be read ({fault}): make room on the disk, or name a file elsewhere."
            ) from None
        raise BackupError(f"{source} cannot be read whole ({fault}): is it damaged?") from None
    if problem:
        raise BackupError(f"{source} is damaged ({problem}): restore an earlier backup.")


def find_damage(connection: sqlite3.Connection) -> str:
    """What SQLite finds wrong with a file, "" where it is whole."""
    found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    return "" if found == "ok" else found


def kind_of_backup(path: Path) -> str:
    """Raises BackupError for a file that is none."""
    try:
        with path.open("rb") as file:
            beginning = file.read(16)
    except OSError as problem:
        raise BackupError(why_not_read(path, problem)) from None
    for sign, kind in _SIGNS.items():
        if beginning.startswith(sign):
            return kind
    raise BackupError(f"{path} is no backup that `drumbeat backup` made: it begins with something else.")


def _run_tool(name: str, url: URL, *arguments: str) -> None:
    """One of PostgreSQL's own; the password is not among what other users see of a process."""
    tool = which(name)
    if tool is None:
        raise BackupError(
            f"{name} is not installed: install PostgreSQL's client (Debian: postgresql-client)."
        )
    password = url.password or url.query.get("password")
    bare = url._replace(drivername="postgresql", password=None).difference_update_query(["password"])
    told = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    done = subprocess.run(  # noqa: S603 - arguments are ours, and no shell reads them  # nosec B603
        [tool, f"--dbname={bare.render_as_string()}", *arguments],
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())
        raise BackupError(f"{name} failed at {known_as(url)}: {said[-300:]}")


def restore_sqlite(path: Path, into: Path) -> None:
    """Raises BackupError for a file that is damaged, OSError where it cannot be written."""
    copyfile(path, into)
    with closing(sqlite3.connect(f"file:{quote(str(into))}?mode=rw", uri=True)) as connection:
        try:
            problem = find_damage(connection)
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.DatabaseError as fault:
            problem = str(fault)
    if problem:
        raise BackupError(f"{path} is damaged ({problem}): take another backup.")


def restore_postgresql(path: Path, url: URL) -> None:
    """Into an empty database, whole or not at all. Raises BackupError."""
    _run_tool(
        "pg_restore",
        url,
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        str(path),
    )
