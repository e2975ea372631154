"""A strategy out of one database and into another, row for row."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Table, select

from storage import exports, imports
from storage.database import Database
from storage.models import Base
from tests.support.whole_strategy import NOW, TEAM, fill


@pytest.fixture
def full(database: Database) -> Database:
    """Two strategies with rows in every table."""
    database.run(fill, 1)
    database.run(fill, 2)
    return database


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database of either kind."""
    made = request.getfixturevalue("sqlite_files" if request.param == "sqlite" else "server").new()
    database = Database.open(made, migrate=False)
    yield database
    database.close()


def exported(database: Database, strategy_id: int = 1) -> dict[str, Any]:
    document = database.within(TEAM).run(exports.export_strategy, TEAM, strategy_id, NOW)
    read: dict[str, Any] = json.loads(json.dumps(document))
    return read


def rows_of(database: Database, rows: Table) -> set[str]:
    """As they are kept, each in words."""
    return database.within(TEAM).run(
        lambda session: {str(tuple(row)) for row in session.execute(select(rows))}
    )


def test_every_table_is_exported_or_named_as_left_out() -> None:
    assert set(Base.metadata.tables) == set(exports.EXPORTED) | set(exports.LEFT_OUT)


def test_an_export_holds_rows_of_every_table_and_none_of_another_strategy(full: Database) -> None:
    tables = exported(full)["tables"]

    assert {name: len(rows) for name, rows in tables.items()} == {
        name: 1 if name in {"strategies", "workspaces"} else 2 for name in exports.EXPORTED
    }
    assert {row["person_id"] for row in tables["people"]} == {"U10", "U11"}


def test_an_import_into_an_empty_database_is_equal_row_for_row(full: Database, other: Database) -> None:
    document = exported(full)

    assert other.run(imports.import_strategy, document) == document["tables"]["strategies"][0]["name"]

    assert exported(other) == document
    for name, rows in exports.EXPORTED.items():
        assert rows_of(other, rows) <= rows_of(full, rows), name


def test_a_second_strategy_of_the_same_workspace_can_follow(full: Database, other: Database) -> None:
    documents = [exported(full, number) for number in (1, 2)]
    for document in documents:
        other.run(imports.import_strategy, document)

    assert [exported(other, number) for number in (1, 2)] == documents


def test_importing_twice_is_refused_and_changes_nothing(full: Database) -> None:
    document = exported(full)
    with pytest.raises(imports.ImportRefusedError, match="Import into an empty database"):
        full.run(imports.import_strategy, document)
    assert exported(full) == document


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "other"}, "not an export of Drumbeat"),
        ({"version": 2}, "version 2, and this Drumbeat reads version 1"),
        ({"tables": {}}, "The export's workspaces are not as"),
    ],
)
def test_another_document_is_refused_with_a_sentence(
    full: Database, other: Database, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(imports.ImportRefusedError, match=sentence):
        other.run(imports.import_strategy, exported(full) | change)


@pytest.mark.parametrize(
    ("column", "value"), [("surprise", 1), ("created_at", "yesterday"), ("created_at", 5)]
)
def test_wrong_rows_are_refused_and_leave_nothing(
    full: Database, other: Database, column: str, value: object
) -> None:
    document = exported(full)
    document["tables"]["kpis"][1][column] = value
    with pytest.raises(imports.ImportRefusedError, match="The export's kpis"):
        other.run(imports.import_strategy, document)
    assert exported(other)["tables"]["strategies"] == []
