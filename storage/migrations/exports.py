"""Exports of older versions, brought up to date as a database is: by the migrations that came since, in memory."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from storage.exports import Shape, has_shape
from storage.migrations import HERE, configure

Rows = Sequence[Mapping[str, Any]]


def revision_of(tables: Mapping[str, Any], left_out: frozenset[str]) -> str | None:
    """The newest schema that has an export's tables and the columns of its rows; None where none has."""
    for revision, shape in reversed(list(_shapes().items())):
        if has_shape(tables, {name: shape[name] for name in shape.keys() - left_out}):
            return revision
    return None


def upgraded(revision: str, tables: Mapping[str, Rows]) -> sa.Connection:
    """A database in memory that had these rows at a revision, as it is today; whoever asks for it closes it.

    Rows have their workspace's id. Raises what a database or a migration raises for rows that they cannot read.
    """
    connection = _empty()
    command.upgrade(configure(connection), revision)
    for name, rows in tables.items():
        if rows:
            types = {column["name"]: column["type"] for column in sa.inspect(connection).get_columns(name)}
            into = sa.table(name, *(sa.column(column, types[column]) for column in rows[0]))
            decoded = [{column: _decoded(types[column], row[column]) for column in row} for row in rows]
            connection.execute(sa.insert(into), decoded)
    command.upgrade(configure(connection), "head")
    return connection


@cache
def _shapes() -> Mapping[str, Shape]:
    """By revision, the oldest first."""
    shapes = {}
    with _empty() as connection:
        for script in reversed(list(ScriptDirectory(str(HERE)).walk_revisions())):
            command.upgrade(configure(connection), script.revision)
            found = sa.inspect(connection)
            shapes[script.revision] = {
                name: frozenset(column["name"] for column in found.get_columns(name)) - {"workspace_id"}
                for name in found.get_table_names()
                if name != "alembic_version"
            }
    return shapes


def _decoded(kind: object, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
    return date.fromisoformat(value) if isinstance(kind, sa.Date) else value


def _empty() -> sa.Connection:
    return sa.create_engine("sqlite://").connect()
