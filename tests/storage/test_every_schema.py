"""A database of every schema there ever was, with rows in each of its tables, is brought up to date and works."""

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.dialects.postgresql import insert

from storage import exports, imports
from storage.database import Database
from storage.migrations import HERE, SchemaState, find_state
from storage.types import UtcDateTime
from tests.support.databases import at_revision
from tests.support.whole_strategy import TEAM, row_of

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(HERE)).walk_revisions()))]
ONE_ROW = {"strategies", "workspaces"}
"""Of others too a second one is left out that a unique key does not take."""


def fill_every_table(connection: sa.Connection) -> dict[str, int]:
    """As many as two rows in each; how many there are."""
    found = sa.inspect(connection)
    counts = {}
    for name in found.get_table_names():
        if name == "alembic_version":
            continue
        columns = [_column(column) for column in found.get_columns(name)]
        rows = sa.Table(name, sa.MetaData(), *columns)
        for number in range(1 if name in ONE_ROW else 2):
            connection.execute(insert(rows).values(row_of(rows, 1, number)).on_conflict_do_nothing())
        counts[name] = count(connection, name)
    assert min(counts.values()) > 0
    return counts


def _column(found: Any) -> sa.Column[Any]:
    kind = UtcDateTime() if isinstance(found["type"], sa.DateTime) else found["type"]
    return sa.Column(found["name"], kind, nullable=found["nullable"])


def count(connection: sa.Connection, name: str) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_any_schema_is_brought_up_to_date_with_its_rows(empty_url: str, revision: str) -> None:
    with at_revision(empty_url, revision) as engine, engine.begin() as connection:
        before = fill_every_table(connection)

    database = Database.open(empty_url, migrate=True)
    assert find_state(database.engine) is SchemaState.CURRENT
    with database.engine.connect() as connection:
        kept = set(sa.inspect(connection).get_table_names()) & before.keys()
        fewer = {name: count(connection, name) for name in kept if count(connection, name) < before[name]}
    assert fewer == {}
    imports.require_sound(database.run(exports.read_tables, TEAM, 1))
    database.close()
