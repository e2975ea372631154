"""The tables can be spread over several machines by workspace, as Citus does it: every key that is to be unique, or is of another
table, contains the workspace (docs.citusdata.com, "Determining the distribution column" and "SQL support and workarounds").
"""

import pytest
from sqlalchemy import Engine, ForeignKeyConstraint, Table, UniqueConstraint, inspect

from storage.database import Database
from storage.models import Base

WHOSE = "workspace_id"
LOCAL = {
    "alembic_version": "one row, which no query of the bot's joins with any other: it stays with the coordinator"
}
"""Tables that are not distributed, and why."""


@pytest.mark.parametrize("rows", Base.metadata.sorted_tables, ids=str)
def test_every_key_of_the_models_contains_the_workspace(rows: Table) -> None:
    assert not rows.c[WHOSE].nullable
    assert rows.primary_key.columns.keys()[0] == WHOSE
    for index in rows.indexes:
        assert not index.unique or WHOSE in index.columns, index.name
    for rule in rows.constraints:
        if isinstance(rule, UniqueConstraint):
            assert WHOSE in rule.columns, rule.name
        if isinstance(rule, ForeignKeyConstraint):
            pairs = {(one.parent.name, one.column.name) for one in rule.elements}
            assert (WHOSE, WHOSE) in pairs, rule.name


def test_every_key_of_a_migrated_database_contains_the_workspace(owned: Database) -> None:
    engine: Engine = owned.engine
    found = inspect(engine)
    distributed = set(found.get_table_names()) - LOCAL.keys()
    assert distributed == {rows.name for rows in Base.metadata.sorted_tables}
    for name in distributed:
        [whose] = [column for column in found.get_columns(name) if column["name"] == WHOSE]
        assert not whose["nullable"], name
        assert WHOSE in found.get_pk_constraint(name)["constrained_columns"], name
        for index in found.get_indexes(name):
            assert not index["unique"] or WHOSE in index["column_names"], index["name"]
        for unique in found.get_unique_constraints(name):
            assert WHOSE in unique["column_names"], unique["name"]
        for foreign in found.get_foreign_keys(name):
            assert WHOSE in foreign["constrained_columns"], foreign["name"]
            assert WHOSE in foreign["referred_columns"], foreign["name"]
