"""The database of a command: opened, or a sentence on why it cannot be."""

import os
import re
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.refusals import CommandRefusedError
from domain.faults import kind_of
from storage.database import Database, parse_url
from storage.isolation import is_app
from storage.migrations import AppCannotMigrateError, NewerSchemaError, SchemaState, find_state

_NOT_LET_IN = ("authentication failed", "no password", "does not exist", "pg_hba")
_AROUND_THE_REASON = re.compile(r"^.*failed: (?:FATAL: +)?| Is the server running.*$")
"""What the driver says before and after why it could not connect."""
UNFINISHED = "unfinished_restore"
"""The schema in which what was there before is while a restore is at work on PostgreSQL."""
_TO_BE_MIGRATED = "The database's tables are not up to date: run `drumbeat migrate` first."


class DatabaseUnusableError(CommandRefusedError):
    """It cannot be reached, read, written, or is of another version."""


class NoDatabaseError(DatabaseUnusableError):
    """There is no such SQLite file."""


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def open_database(
    url: str, *, migrate: bool, must_be_there: bool = False, is_restoring: bool = False
) -> Database:
    """Of this version's schema, migrated where it is to be. `must_be_there`: a SQLite file is not made.

    Raises DatabaseUnusableError.
    """
    database, state = look_at(url, must_be_there=must_be_there, is_restoring=is_restoring)
    problem = ""
    if state is SchemaState.NEWER:
        problem = explain_newer(database.engine.url)
    elif state is SchemaState.OLDER:
        problem = _migrate(database) if migrate else _TO_BE_MIGRATED
    if problem:
        database.close()
        raise DatabaseUnusableError(problem)
    return database


def look_at(
    url: str, *, must_be_there: bool = False, is_restoring: bool = False
) -> tuple[Database, SchemaState]:
    """As it is; half restored for nobody but who restores it. Raises DatabaseUnusableError where it cannot be read."""
    parsed = parse_url(url)
    _look_at_file(parsed, must_be_there=must_be_there)
    _make_file(parsed)
    database = Database.open(url, migrate=False)
    try:
        if not is_restoring and is_half_restored(database.engine):
            database.close()
            raise DatabaseUnusableError(_explain_half(database.engine.url))
        return database, find_state(database.engine)
    except SQLAlchemyError as problem:
        database.close()
        raise DatabaseUnusableError(explain(problem, database.engine.url)) from None


def _migrate(database: Database) -> str:
    """What kept it from being migrated; "" where nothing did."""
    from bot.progress import working  # noqa: PLC0415 - rich is slow to import

    try:
        with working("Bringing the database up to date…"):
            database.migrate()
    except NewerSchemaError:  # another process was faster
        return explain_newer(database.engine.url)
    except AppCannotMigrateError:
        return _explain_app(database.engine.url)
    except SQLAlchemyError as problem:
        return explain(problem, database.engine.url)
    return ""


def is_half_restored(engine: Engine) -> bool:
    """A restore was broken off, or is at work just now."""
    return engine.dialect.name == "postgresql" and inspect(engine).has_schema(UNFINISHED)


def _explain_half(url: URL) -> str:
    return (
        f"A restore of {known_as(url)} is not finished: wait for it or, where it was broken off, run `drumbeat restore FILE` "
        "again, which puts back first what was there."
    )


def require_all(database: Database) -> None:
    """Raises DatabaseUnusableError where the user sees the rows of one workspace at a time: a copy would hold none."""
    with database.engine.connect() as connection:
        if is_app(connection):
            raise DatabaseUnusableError(_explain_app(database.engine.url))


def _explain_app(url: URL) -> str:
    return (
        f"{url.username} sees one workspace at a time: set DATABASE_URL to the user that owns the tables of {known_as(url)} "
        "for this."
    )


def explain_newer(url: URL) -> str:
    return (
        f"The database {known_as(url)} was made by a newer Drumbeat than this one: update this Drumbeat, "
        "or restore a backup that was made before the update."
    )


def explain(problem: Exception, url: URL) -> str:
    """In a sentence: what does not work, where, and what to do."""
    if url.get_backend_name() == "sqlite":
        return _explain_sqlite(problem, known_as(url))
    return _explain_postgresql(problem, known_as(url))


def known_as(url: URL) -> str:
    """Without user and password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "memory"
    return f"{url.host or url.query.get('host', 'this machine')}:{url.port or 5432}/{url.database or ''}"


def _look_at_file(url: URL, *, must_be_there: bool) -> None:
    """What SQLite would only call “unable to open database file”."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    path = Path(url.database)
    folder = path.absolute().parent
    if not path.exists() and folder.is_dir() and must_be_there:
        raise NoDatabaseError(f"There is no database at {path.absolute()}: set DATABASE_URL to where it is.")
    problem = ""
    if path.is_dir():
        problem = f"{path} is a folder: set DATABASE_URL to a file in it, like sqlite:///{path}/drumbeat.db."
    elif not folder.is_dir():
        problem = (
            f"There is no folder {folder} for the database: make it, or set DATABASE_URL to another place."
        )
    elif not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.R_OK | os.W_OK)):
        problem = (
            f"The database {path.absolute()} cannot be written: let this user write the file and its folder."
        )
    if problem:
        raise DatabaseUnusableError(problem)


def _make_file(url: URL) -> None:
    """What people write is for this user alone to read; SQLite would go by the umask."""
    if url.get_backend_name() == "sqlite" and url.database:
        with suppress(OSError):  # SQLite says what is wrong
            Path(url.database).touch(mode=0o600)


def _explain_sqlite(problem: Exception, where: str) -> str:
    text = str(getattr(problem, "orig", "")).lower()
    if "not a database" in text or "malformed" in text:
        return f"{where} is no SQLite database, or is damaged: restore a backup with `drumbeat restore FILE`."
    if "readonly" in text or "read-only" in text:
        return f"The database {where} cannot be written: let this user write the file and its folder."
    if "full" in text:
        return f"The disk of {where} is full: make room on it, then start again."
    if "disk i/o" in text:
        return f"The disk of {where} is full or fails: make room on it, or look at it, then try again."
    if "locked" in text:
        return f"Another process keeps the database {where} locked: stop it, or wait until it is done."
    if "unable to open" in text:
        return f"The database {where} cannot be opened: let this user read and write the file and its folder."
    return f"The database {where} does not work ({kind_of(problem)}): look at the file, or restore a backup."


def _explain_postgresql(problem: Exception, where: str) -> str:
    said = " ".join(str(getattr(problem, "orig", "")).split())
    why = _AROUND_THE_REASON.sub("", said) if isinstance(problem, DBAPIError) else kind_of(problem)
    is_unreached = isinstance(problem, DBAPIError) and problem.statement is None
    if is_unreached or getattr(problem, "connection_invalidated", False) or "connection" in said:
        if any(sign in said for sign in _NOT_LET_IN):
            return (
                f"PostgreSQL at {where} does not let us in ({why}): check DATABASE_URL, or make the database."
            )
        return f"PostgreSQL does not answer at {where} ({why}): check DATABASE_URL, and that it is running."
    if "permission denied for" in said:
        return (
            f"PostgreSQL at {where} refuses what we need ({why}): run `drumbeat migrate` as the user that owns the tables, which "
            "gives the bot’s user its rights."
        )
    return (
        f"PostgreSQL at {where} refuses what we need ({why}): check the rights of the user in DATABASE_URL."
    )
