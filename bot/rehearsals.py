"""`drumbeat rehearse`: what bringing a backup up to date would do to it, tried on a copy."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.backups import SQLITE, BackupError, kind_of_backup, restore_postgresql, restore_sqlite
from bot.databases import explain, explain_newer, look_at
from domain.faults import kind_of
from storage import exports, imports
from storage.database import Database, parse_url
from storage.migrations import SchemaState, revision


@dataclass(slots=True)
class Rehearsal:
    """What bringing a backup up to date does: from which revision to which, in how many seconds, the rows of each table
    before and after, and what would then not work.
    """

    before: str | None = None
    after: str | None = None
    seconds: float = 0.0
    rows_before: dict[str, int] = field(default_factory=dict)
    rows_after: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        rows = f"{sum(self.rows_after.values()):,} rows"
        told = [f"Migrated from {self.before} to {self.after} in {self.seconds:.1f} s: {rows}."]
        if self.before == self.after:
            told = [f"It is at {self.after} already, so that nothing was migrated: {rows}."]
        for name in sorted(self.rows_before.keys() | self.rows_after.keys()):
            before, after = self.rows_before.get(name, 0), self.rows_after.get(name, 0)
            if before != after:
                told.append(f"  {name}: {before:,} rows, then {after:,}")
        return (
            [*told, *(f"PROBLEM {problem}" for problem in self.problems)]
            if self.problems
            else [*told, "No problems."]
        )


def rehearse(url: str, path: Path) -> Rehearsal:
    """Migrate a copy of a backup; the database of the settings stays as it is. Raises CommandRefusedError."""
    with _copy_of(url, path) as copy:
        done = Rehearsal()
        database, state = look_at(copy)
        try:
            done.before, done.rows_before = _count(database.engine)
            if state is SchemaState.NEWER:
                raise BackupError(explain_newer(database.engine.url))
            began = time.monotonic()
            try:
                database.migrate()
            except (SQLAlchemyError, ValueError, KeyError) as problem:
                done.problems.append(
                    f"it cannot be migrated ({kind_of(problem)}): {explain(problem, parse_url(copy))}"
                )
                return done
            done.seconds = time.monotonic() - began
            done.after, done.rows_after = _count(database.engine)
            done.problems += _look_for_problems(database)
            return done
        finally:
            database.close()


@contextmanager
def _copy_of(url: str, path: Path) -> Iterator[str]:
    """The address of a database made of a backup, gone afterwards."""
    if kind_of_backup(path) == SQLITE:
        with tempfile.TemporaryDirectory(prefix="drumbeat-rehearsal-") as folder:
            copy = Path(folder) / "copy.db"
            restore_sqlite(path, copy)
            yield f"sqlite:///{copy}"
        return
    server = parse_url(url)
    if server.get_backend_name() != "postgresql":
        raise BackupError(
            f"{path} is of PostgreSQL: set DATABASE_URL to a server on which a copy can be made."
        )
    name = f"drumbeat_rehearsal_{os.getpid()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        copied = server.set(database=name)
        restore_postgresql(path, copied)
        yield copied.render_as_string(hide_password=False)
    except SQLAlchemyError as problem:
        raise BackupError(explain(problem, server)) from None
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.dispose()


def _count(engine: Engine) -> tuple[str | None, dict[str, int]]:
    """The revision, and the rows of each table."""
    names = [name for name in inspect(engine).get_table_names() if name != "alembic_version"]
    quoted = engine.dialect.identifier_preparer.quote
    with engine.connect() as connection:
        rows = {
            name: connection.scalar(text(f"SELECT count(*) FROM {quoted(name)}")) or 0  # noqa: S608 - a table's own name  # nosec B608
            for name in names
        }
        return revision(connection), rows


def _look_for_problems(database: Database) -> list[str]:
    """What of each strategy could not be worked with, by the rules of an import."""
    problems = []
    for workspace_id, strategy_id in database.run(exports.list_all):
        try:
            imports.require_sound(
                database.within(workspace_id).run(exports.read_tables, workspace_id, strategy_id)
            )
        except (ValueError, LookupError, TypeError) as problem:
            problems.append(f"strategy {strategy_id} of {workspace_id}: {problem}")
    return problems
