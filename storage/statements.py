"""Statements that SQLite and PostgreSQL both read.

PostgreSQL's own `insert` is used for both: SQLite took its ON CONFLICT over from it, and SQLAlchemy writes it the
same for either.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.models import Base

Values = Mapping[str, Any]


def table(row: type[Base]) -> Table:
    """The bare table: reading columns from it costs a fraction of loading mapped objects."""
    return cast("Table", row.__table__)


def insert_missing(session: Session, into: Table, values: Values) -> bool:
    """Insert unless a row with the same unique key is there; says whether it was inserted."""
    statement = insert(into).values(**values).on_conflict_do_nothing()
    return session.execute(statement.returning(*into.primary_key)).first() is not None


def upsert(session: Session, into: Table, rows: Sequence[Values], updated: Sequence[str]) -> None:
    """Insert rows; where the primary key is taken, take over the columns named in `updated`."""
    if not rows:
        return
    statement = insert(into).values([dict(row) for row in rows])
    key = [column.name for column in into.primary_key]
    fresh = {name: statement.excluded[name] for name in updated}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=fresh))
