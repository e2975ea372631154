"""Statements that SQLite and PostgreSQL both read.

PostgreSQL's own `insert` is used for both: SQLite took its ON CONFLICT over from it, and SQLAlchemy writes it the
same for either.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    Date,
    Executable,
    Exists,
    FromClause,
    Row,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql import dml
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from storage.models import Base
from storage.types import UtcDateTime

T = TypeVar("T")
Values = Mapping[str, Any]


def table(row: type[Base]) -> Table:
    """The bare table: reading columns from it costs a fraction of loading mapped objects."""
    return cast("Table", row.__table__)


def read_as(kind: type[T], row: Any, /, **other: Any) -> T:
    """What a row holds: of each field the column of its name, but of those in `other`."""
    fields: tuple[str, ...] = kind.__slots__  # type: ignore[attr-defined]  # of a dataclass with slots
    return kind(**{name: getattr(row, name) for name in fields if name not in other}, **other)


def known(found: T | None, what: str) -> T:
    """Raises LookupError where it was not found."""
    if found is None:
        raise LookupError(f"No {what}.")
    return found


def is_there(*which: ColumnElement[bool]) -> Exists:
    """EXISTS, naming no column: PostgreSQL wants a right to each that is named, and `*` names them all."""
    return exists(literal_column("1")).where(*which)


def is_of(rows: FromClause, workspace_id: str, /, **values: object) -> ColumnElement[bool]:
    """Whether a row is of a workspace, and has these values."""
    return and_(
        rows.c.workspace_id == workspace_id, *(rows.c[name] == value for name, value in values.items())
    )


def points_at(rows: FromClause, column: str, others: FromClause, key: str = "id") -> ColumnElement[bool]:
    """Whether a row has in a column the id of another, which is of the same workspace."""
    return (rows.c.workspace_id == others.c.workspace_id) & (rows.c[column] == others.c[key])


class Now:
    """The instant at which a statement is run that was built once: there as itself, and so long before or after.

    One for a statement: each way in which it stands there has a name of its own, by which its value is given.
    """

    def __init__(self) -> None:
        self._given: dict[str, Callable[[datetime], datetime | date]] = {}

    def __add__(self, later: timedelta) -> BindParameter[datetime]:
        return self._give(lambda now: now + later, UtcDateTime())

    def __sub__(self, earlier: timedelta) -> BindParameter[datetime]:
        return self + -earlier

    def __clause_element__(self) -> BindParameter[datetime]:
        return self + timedelta()

    def day(self, later: timedelta) -> BindParameter[date]:
        """The day (UTC) of then."""
        return self._give(lambda now: (now + later).date(), Date())

    def values(self, now: datetime) -> dict[str, Any]:
        """What to run the statement with."""
        return {name: of(now) for name, of in self._given.items()}

    def _give(self, of: Callable[[datetime], datetime | date], type_: TypeEngine[T]) -> BindParameter[T]:
        name = f"now_{len(self._given)}"
        self._given[name] = of
        return bindparam(name, type_=type_)


class from_now(FunctionElement[datetime]):  # noqa: N801 - a function of SQL, written as such
    """The instant so many seconds from now by the database's own clock, which all processes share."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(from_now, "postgresql")
def _from_now_on_postgresql(element: from_now, compiler: SQLCompiler, **options: Any) -> str:
    return f"clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)})"


@compiles(from_now, "sqlite")
def _from_now_on_sqlite(element: from_now, compiler: SQLCompiler, **options: Any) -> str:
    """To the millisecond, written as SQLAlchemy writes instants, which are compared as text."""
    seconds = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {seconds} || ' seconds')"


def drop_rows(session: Session, rows: Table, *which: ColumnElement[bool]) -> int:
    """Delete those rows; returns how many."""
    return count_changed(session, delete(rows).where(*which).execution_options(preserve_rowcount=True))


def count_changed(
    session: Session, statement: Executable, values: Values | Sequence[Values] | None = None
) -> int:
    """Run what changes rows; returns how many it changed."""
    return cast("CursorResult[Any]", session.execute(statement, values)).rowcount


def insert_missing(session: Session, into: Table, values: Values) -> bool:
    """Insert unless a row with the same unique key is there; says whether it was inserted."""
    return bool(claim_all_missing(session, into, [values]))


def add_revision(session: Session, into: Table, row: Values) -> None:
    """One after the last of the same key, which whoever adds it holds."""
    of_it = (column == row[column.name] for column in into.primary_key if column.name != "revision")
    before = session.scalar(select(func.max(into.c.revision)).where(*of_it))
    insert_missing(session, into, {**row, "revision": (before or 0) + 1})


def insert_all_missing(session: Session, into: Table, rows: Sequence[Values]) -> None:
    """Insert those with no row of the same unique key."""
    if rows:
        session.execute(_insert_missing(into), [dict(row) for row in rows])


def claim_all_missing(session: Session, into: Table, rows: Sequence[Values]) -> Sequence[Row[Any]]:
    """The same; returns the primary keys of the inserted, in no order."""
    if not rows:
        return []
    return session.execute(_claim_missing(into), [dict(row) for row in rows]).all()


def upsert(session: Session, into: Table, rows: Sequence[Values], updated: Sequence[str]) -> None:
    """Insert rows; where the primary key is taken, take over the columns named in `updated`."""
    if rows:
        session.execute(_upsert(into, tuple(updated)), [dict(row) for row in rows])


# Built once for each table: building a statement costs several times what running it does.
@cache
def _insert_missing(into: Table) -> Insert:
    return insert(into).on_conflict_do_nothing()


@cache
def _claim_missing(into: Table) -> dml.ReturningInsert[Any]:
    return _insert_missing(into).returning(*into.primary_key)


@cache
def _upsert(into: Table, updated: tuple[str, ...]) -> Insert:
    statement = insert(into)
    key = [column.name for column in into.primary_key]
    fresh = {name: statement.excluded[name] for name in updated}
    return statement.on_conflict_do_update(index_elements=key, set_=fresh)
