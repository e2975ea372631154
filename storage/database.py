"""The database: one engine, one executor, and transactions that are plain functions.

SQLite has one writer at a time, so all of its transactions run on one thread, each `BEGIN IMMEDIATE`;
PostgreSQL has a pool of connections and as many threads.

A transaction of PostgreSQL learns here whose it is (`storage.isolation`).
"""

from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from copy import copy
from functools import partial
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from storage.isolation import NOBODY, WHOSE, Whose, begin, prepare

P = ParamSpec("P")
T = TypeVar("T")

CHANNEL = "drumbeat_outbox"
"""The PostgreSQL notification channel that wakes senders; its payload is workspace ids with spaces between."""
_MOST_NOTIFIED_BYTES = 7_500  # PostgreSQL's payloads end at 8,000 bytes
_POSTGRESQL_THREADS = 8
_BUSY_SECONDS = 20
_TRIES = 5
_ENQUEUED = "enqueued"
# Serialization failure and deadlock: PostgreSQL, appendix A "Error codes", class 40.
_ROLLED_BACK = ("40001", "40P01")
_LONGEST_SILENCE = "15s"
"""Within a transaction; a process that is stopped or cut off then holds what it has locked no longer."""
# The same appendix: a read-only transaction, and the class in which the server says of itself that something is wrong with it.
_READ_ONLY = "25006"
_BROKEN = "XX"
LIVENESS = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""Seconds, and milliseconds, after which a server that has vanished from the network is given up; work goes on by another
connection. Without them Linux waits for two hours (postgresql.org, libpq, "Parameter Key Words").
"""
# sqlite.org/rescode: busy, locked, read-only, I/O, corrupt, full, cannot open, protocol, not a database.
_SQLITE_AWAY = frozenset({5, 6, 8, 10, 11, 13, 14, 15, 26})


def parse_url(url: str) -> URL:
    """`sqlite:///file.db` or `postgresql://...` with the driver added; raises ValueError for anything else."""
    try:
        parsed = make_url(url)
    except Exception as error:
        raise ValueError("It must look like sqlite:///drumbeat.db or postgresql://user@host/name.") from error
    if parsed.get_backend_name() == "sqlite":
        if parsed.host or parsed.database in (None, "", ":memory:"):
            raise ValueError(
                "A file is written like sqlite:///drumbeat.db, or from the top like sqlite:////srv/drumbeat.db."
            )
        return parsed.set(drivername="sqlite+pysqlite")
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        if "@" in (parsed.host or ""):
            raise ValueError(
                "In a password postgresql:// wants @ as %40, and : / ? # % as %3A %2F %3F %23 %25."
            )
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError(f"{parsed.get_backend_name()} is not supported: use sqlite:/// or postgresql://.")


def make_engine(url: str, *, connections: int = _POSTGRESQL_THREADS) -> Engine:
    """An engine with the project's settings; `connections` counts for PostgreSQL only."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        # No implicit BEGIN of the driver's own here either: `begin` says with it whose the transaction is.
        engine = create_engine(
            parsed,
            pool_size=connections,
            max_overflow=0,
            connect_args={"autocommit": True, **LIVENESS},
        )
        event.listen(engine, "connect", prepare)
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "begin", begin)
        return engine
    engine = create_engine(
        parsed,
        pool_size=1,
        max_overflow=0,
        # No implicit BEGIN of the driver's own: `_begin_immediate` is the only one.
        connect_args={"isolation_level": None, "timeout": _BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # The queue is empty most of the time. A plan made then reads all of its table, or all that its index finds, to sort
    # that; and goes on doing so on a Monday, when there are tens of thousands of rows in it, until the next ANALYZE: the
    # index is to be walked, in its order, all the same. Where there is none, that makes a plan look dear enough to be
    # compiled, up to PostgreSQL 17, which takes far longer.
    settings = {
        "idle_in_transaction_session_timeout": _LONGEST_SILENCE,
        "enable_seqscan": "off",
        "enable_bitmapscan": "off",
        "jit": "off",
    }
    connection.execute("; ".join(f"SET {name} = '{value}'" for name, value in settings.items()))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def mark_enqueued(session: Session, workspace_id: str) -> None:
    """Say that this transaction left something for the sender of a workspace."""
    session.info.setdefault(_ENQUEUED, set()).add(workspace_id)


def lock(session: Session, *key: object) -> None:
    """Wait until no other transaction holds this key, and hold it to the end of this one.

    For rules over several rows, such as "at most five active". On SQLite every transaction already excludes others.
    """
    if session.get_bind().dialect.name == "postgresql":
        name = " ".join(str(part) for part in key)
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


class Database:
    """Runs functions that take a session, each in one read-write transaction: across workspaces, or `within` one."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._set_whose(NOBODY)
        self._listeners: list[Callable[[Collection[str]], None]] = []
        threads = 1 if self.is_sqlite else _POSTGRESQL_THREADS
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="database")

    @classmethod
    def open(cls, url: str, *, migrate: bool) -> Self:
        """Connect, and with `migrate` bring the schema up to date first. Raises ValueError for a wrong URL."""
        database = cls(make_engine(url))
        if migrate:
            database.migrate()
        return database

    def migrate(self) -> None:
        """Bring the schema up to date; safe from several processes at once."""
        from storage.migrations import upgrade  # noqa: PLC0415 - Alembic is slow to import

        self._executor.submit(upgrade, self.engine).result()

    def within(self, workspace_id: str) -> Self:
        """The same database, for transactions of one workspace."""
        scoped = copy(self)
        scoped._set_whose(Whose(workspace_id))
        return scoped

    def _set_whose(self, whose: Whose) -> None:
        self._whose = whose
        self._told = self.engine.execution_options(**{WHOSE: whose})

    def session(self) -> Session:
        """Whose transactions are all the same workspace's."""
        return Session(self._told, expire_on_commit=False, info={WHOSE: self._whose})

    def when_enqueued(self, tell: Callable[[Collection[str]], None]) -> None:
        """Call it from now on, on a thread of the executor, with the workspaces that a commit left work for."""
        self._listeners[:] = [tell]

    def close(self) -> None:
        """Wait for transactions in hand, then close the connections."""
        self._executor.shutdown(wait=True)
        self.engine.dispose()

    def submit(
        self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Run `fn(session, ...)` in one transaction on the executor."""
        return self._executor.submit(self._transact, partial(_call, fn, args, kwargs))

    def run(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The same, waiting for the result; not from inside a transaction."""
        return self.submit(fn, *args, **kwargs).result()

    def _transact(self, fn: Callable[[Session], T]) -> T:
        for _ in range(_TRIES - 1):
            try:
                return self._transact_once(fn)
            except DBAPIError as error:
                if not _left_nothing(error):
                    raise
        return self._transact_once(fn)

    def _transact_once(self, fn: Callable[[Session], T]) -> T:
        try:
            with self.session() as session:
                result = fn(session)
                enqueued: set[str] = session.info.get(_ENQUEUED, set())
                if enqueued and not self.is_sqlite:
                    _notify(session, enqueued)
                _commit(session)
        except DBAPIError as error:
            if self.is_sqlite and is_away(error):
                # SQLite keeps what it found when it opened a file: that it may not be written, or which file it was.
                self.engine.dispose()
            raise
        if enqueued:
            for tell in self._listeners:
                tell(enqueued)
        return result


def _call(
    fn: Callable[..., T],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    session: Session,
) -> T:
    return fn(session, *args, **kwargs)


def _notify(session: Session, workspaces: Collection[str]) -> None:
    payload = " ".join(sorted(workspaces))
    if len(payload) > _MOST_NOTIFIED_BYTES:
        payload = ""
    session.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload})


class CommitInDoubt(Exception):
    """The connection broke during COMMIT: nobody knows whether it took effect."""


def _commit(session: Session) -> None:
    try:
        session.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise CommitInDoubt("The database went away during a commit.") from error
        raise


def _left_nothing(error: DBAPIError) -> bool:
    """Whether the transaction is known to have left nothing and may run again."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _ROLLED_BACK


def is_away(error: BaseException) -> bool:
    """Whether the database cannot be reached, or not be written: gone, full, locked, read-only, broken.

    What it says of a statement or of a value is a fault of ours and not this.
    """
    if isinstance(error, DBAPIError):
        if (code := getattr(error.orig, "sqlite_errorcode", None)) is not None:
            return code & 0xFF in _SQLITE_AWAY  # an extended code has the plain one in its last byte
        sqlstate = getattr(error.orig, "sqlstate", None) or ""
        is_unwritable = sqlstate == _READ_ONLY or sqlstate.startswith(_BROKEN)
        return isinstance(error, OperationalError) or error.connection_invalidated or is_unwritable
    return isinstance(error, (CommitInDoubt, PoolTimeout))
