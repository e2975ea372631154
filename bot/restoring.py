"""`drumbeat restore`: a backup in place of the database, such that nothing is said twice; what was there is kept."""

import os
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from bot.backups import (
    SQLITE,
    BackupError,
    kind_of_backup,
    require_other,
    restore_postgresql,
    restore_sqlite,
)
from bot.databases import UNFINISHED, explain, is_half_restored, known_as, open_database, require_all
from bot.files import writing
from services.forgetting import forget_again
from storage.database import Database, parse_url
from storage.delivery.restores import mark_restored
from storage.forgetting.requests import KeptRequest, read_requests
from storage.migrations.views import find_grants, grant_anew

_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'"
)
"""Of another user's connections, such as the bot's, whoever is no superuser is shown that they are there and no kind."""
_LOOKS, _LOOK_SECONDS = 30, 0.1


@dataclass(frozen=True, slots=True)
class Restored:
    """Since when what was said is not known (None: nothing was ever said), which database it is, and where what was there
    before is kept.

    `forgotten`: how many were forgotten again; None: whether anybody asked for that since the backup is not known.
    """

    since: datetime | None
    where: str = ""
    kept: str = ""
    forgotten: int | None = 0

    @property
    def lines(self) -> list[str]:
        told = [f"The backup is restored into {self.where}, and up to date."]
        if self.since is not None:
            told.append(
                f"What was said since {self.since:%Y-%m-%d %H:%M}Z is not in it: when the bot runs it looks for that before "
                "it says anything again, and asks the leads about what it cannot see."
            )
        if self.forgotten is None:
            told.append(
                "What was there before cannot be read, so who was forgotten since the backup is not known: "
                "run `drumbeat forget` for them again."
            )
        elif self.forgotten:
            told.append(f"Forgotten again, as they were since the backup: {self.forgotten:,}.")
        return [*told, f"What was there before is kept: {self.kept}."] if self.kept else told


def restore(url: str, path: Path, now: datetime) -> Restored:
    """While no bot runs on the database. Raises CommandRefusedError, and then all is as it was."""
    kind, target = kind_of_backup(path), parse_url(url)
    if (kind == SQLITE) != (target.get_backend_name() == "sqlite"):
        raise BackupError(
            f"{path} is of {kind}, and DATABASE_URL is not: set it to a database of that kind, or move strategies by export "
            "and import."
        )
    require_other(path, target)
    return _restore_file(path, target, now) if kind == SQLITE else _restore_server(path, target, now)


def _restore_file(path: Path, url: URL, now: datetime) -> Restored:
    target = Path(str(url.database)).resolve()
    kept = target.with_name(f"{target.name}.before-{now:%Y%m%d-%H%M%S}")
    _require_unused(target)
    forgotten = _read_forgotten(f"sqlite:///{target.absolute()}") if target.exists() else []
    with writing(target) as beside:
        restore_sqlite(path, beside)
        done = _bring_up_to_date(f"sqlite:///{beside.absolute()}", forgotten, now)
        if target.exists():
            _let_in_the_same(target, beside)
            _set_aside(target, kept)
    return replace(done, where=str(target), kept=str(kept) if kept.exists() else "")


def _set_aside(target: Path, kept: Path) -> None:
    """With the log of one that could not be opened, which would be taken for the new one's."""
    for end in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{target}{end}").rename(f"{kept}{end}")


def _let_in_the_same(former: Path, new: Path) -> None:
    """The bot runs as another user than root, who may be restoring it."""
    was = former.stat()
    new.chmod(was.st_mode & 0o777)
    if os.geteuid() == 0:
        os.chown(new, was.st_uid, was.st_gid)


def _require_unused(target: Path) -> None:
    """SQLite leaves its write-ahead log only where nobody else has it open; one that it cannot open nobody runs on."""
    if not target.exists():
        return
    with closing(sqlite3.connect(target, timeout=0.2)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.DatabaseError as fault:
            if fault.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise BackupError(f"A bot still runs on {target}: stop it first, then restore.") from None


def _restore_server(path: Path, url: URL, now: datetime) -> Restored:
    before = f"before_restore_{now:%Y%m%d_%H%M%S}"
    _require_owner(url)
    address = url.render_as_string(hide_password=False)
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            _require_alone(connection, url)
        if is_half_restored(engine):
            _put_back(engine)
        with engine.connect() as connection:
            grants = find_grants(connection)
        forgotten = _read_forgotten(address)
        _in_one(engine, f"ALTER SCHEMA public RENAME TO {UNFINISHED}", "CREATE SCHEMA public")
        try:
            restore_postgresql(path, url)
            done = _bring_up_to_date(address, forgotten, now, is_restoring=True)
            with engine.connect() as connection:
                grant_anew(connection, grants)
            _in_one(engine, f"ALTER SCHEMA {UNFINISHED} RENAME TO {before}")
        except BaseException:
            _put_back(engine)
            raise
    except SQLAlchemyError as problem:
        raise BackupError(explain(problem, url)) from None
    finally:
        engine.dispose()
    kept = f"in the schema {before}, until `DROP SCHEMA {before} CASCADE`"
    return replace(done, where=known_as(url), kept=kept)


def _put_back(engine: Engine) -> None:
    """What was there before a restore that failed or was broken off."""
    _in_one(engine, "DROP SCHEMA IF EXISTS public CASCADE", f"ALTER SCHEMA {UNFINISHED} RENAME TO public")


def _in_one(engine: Engine, *statements: str) -> None:
    """All or none of them."""
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def _require_owner(url: URL) -> None:
    database = Database.open(url.render_as_string(hide_password=False), migrate=False)
    try:
        require_all(database)
    except SQLAlchemyError as problem:
        raise BackupError(explain(problem, url)) from None
    finally:
        database.close()


def _require_alone(connection: Connection, url: URL) -> None:
    """Whoever has just hung up is listed a moment longer."""
    for _ in range(_LOOKS):
        others = connection.scalar(_OTHERS)
        if not others:
            return
        time.sleep(_LOOK_SECONDS)
    raise BackupError(
        f"{others} other {'connection is' if others == 1 else 'connections are'} open to {known_as(url)}: "
        "stop every bot and tool that uses it first, then restore."
    )


def _read_forgotten(url: str) -> list[KeptRequest] | None:
    """Who was forgotten in what is there before; None where that cannot be read."""
    database = Database.open(url, migrate=False)
    try:
        return read_requests(database)
    except SQLAlchemyError:
        return None
    finally:
        database.close()


def _bring_up_to_date(
    url: str, forgotten: list[KeptRequest] | None, now: datetime, *, is_restoring: bool = False
) -> Restored:
    database = open_database(url, migrate=True, is_restoring=is_restoring)
    try:
        database.migrate()  # a backup holds no rights: those of the app's roles are given anew
        since = database.run(mark_restored, now)
        again = None if forgotten is None else database.run(forget_again, forgotten, now)
        return Restored(since, forgotten=again)
    finally:
        database.close()
