"""An export that somebody changed: it is imported as it then says, or refused in a sentence with nothing written."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage import exports, imports
from storage.database import Database
from tests.support.whole_strategy import NOW, TEAM, fill

Json = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]


@pytest.fixture(scope="module")
def document(request: pytest.FixtureRequest) -> Json:
    """Rows in every table."""
    files = request.getfixturevalue("sqlite_files_of_module")
    database = Database.open(files.new(), migrate=False)
    database.run(fill, 1)
    made: Json = json.loads(json.dumps(database.run(exports.export_strategy, TEAM, 1, NOW)))
    database.close()
    return made


@pytest.fixture
def database(owned: Database) -> Database:
    return owned


class Undo(Exception):
    """Ends a transaction that is to leave nothing behind."""


def rows_there(session: Session) -> int:
    return sum(
        session.scalar(select(func.count()).select_from(rows)) or 0 for rows in exports.EXPORTED.values()
    )


def imported(database: Database, document: object) -> Json | None:
    """What an export would then hold of it; None when it was refused, which has left nothing. It is undone."""
    found: list[Json] = []

    def run(session: Session) -> None:
        imports.import_strategy(session, document)
        session.flush()
        assert isinstance(document, dict)
        found.append(exports.read_tables(session, document["workspace_id"], document["strategy_id"]))
        raise Undo

    with pytest.raises((Undo, imports.ImportRefusedError)) as ended:
        database.run(run)
    if found:
        return found[0]
    assert re.fullmatch(r".{20,300}\.", str(ended.value), re.DOTALL)
    assert database.run(rows_there) == 0
    return None


def in_any_order(tables: Json) -> Json:
    """Databases sort text differently."""
    return {name: sorted(json.dumps(row, sort_keys=True) for row in rows) for name, rows in tables.items()}


VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(
        [2**63 - 1, 2**63, -(2**63) - 1, 10**400, 1.5, -0.0, "", "2026-13-01", "2026-12-17", "x" * 9_000]
    )
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
    | st.just([])
    | st.just({})
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.text("ab", max_size=2), st.none() | st.integers(), max_size=2)
)


def mutate(draw: Draw, value: Any, depth: int) -> Any:
    """The same value with something of it changed, at any depth."""
    is_inner = isinstance(value, (dict, list)) and len(value) > 0
    if not is_inner or (depth > 0 and draw(st.integers(0, 5)) == 0):
        return draw(VALUES)
    if isinstance(value, dict):
        return _mutate_object(draw, value, depth)
    at = draw(st.integers(0, len(value) - 1))
    match draw(st.sampled_from(["inside"] * 6 + ["again", "without"])):
        case "again":
            return [*value, copy.deepcopy(value[at])]
        case "without":
            return value[:at] + value[at + 1 :]
    return [*value[:at], mutate(draw, value[at], depth + 1), *value[at + 1 :]]


def _mutate_object(draw: Draw, value: Json, depth: int) -> Json:
    name = draw(st.sampled_from(sorted(value)))
    match draw(st.sampled_from(["inside"] * 8 + ["other", "without", "surprise"])):
        case "other":
            return value | {name: value[draw(st.sampled_from(sorted(value)))]}
        case "without":
            return {key: inner for key, inner in value.items() if key != name}
        case "surprise":
            return value | {draw(st.text(max_size=5)): draw(VALUES)}
    return value | {name: mutate(draw, value[name], depth + 1)}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_export_is_imported_equal_or_refused(
    database: Database, document: Json, data: st.DataObject
) -> None:
    changed = document
    for _ in range(data.draw(st.integers(1, 2))):
        changed = mutate(data.draw, changed, 0)
    found = imported(database, changed)
    if found is not None:
        # A table that an older export had not yet is left empty.
        assert in_any_order(found) == in_any_order({**{key: [] for key in found}, **changed["tables"]})


def test_the_export_itself_is_imported(database: Database, document: Json) -> None:
    found = imported(database, document)
    assert found is not None
    assert in_any_order(found) == in_any_order(document["tables"])


def test_a_spoiled_table_is_refused_by_its_name(database: Database, document: Json) -> None:
    wrongs: tuple[object, ...] = ({}, 7, "rows", None, [7], [[]], ["row"], [None])
    for wrong in wrongs:
        for name in exports.EXPORTED:
            changed = document | {"tables": document["tables"] | {name: wrong}}
            with pytest.raises(imports.ImportRefusedError, match=f"The export's {name} are not as"):
                database.run(imports.import_strategy, changed)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("kpis", "id", "31"),
        ("kpis", "id", True),
        ("kpis", "id", 31.0),
        ("kpis", "id", 2**63),
        ("kpis", "id", None),
        ("kpis", "name", 7),
        ("kpis", "target_on", "20261201"),
        ("kpis", "target_on", "2026-12-01T00:00:00"),
        ("kpis", "created_at", "2026-12-01T00:00:00"),
        ("kpis", "created_at", "2026-12-01T00:00:00+02:00"),
        ("kpis", "created_at", "0001-01-01T00:00:00+14:00"),
        ("milestones", "ends_phase", 1),
        ("decisions", "options", []),
    ],
)
def test_a_value_of_another_type_is_refused(
    database: Database, document: Json, table: str, column: str, value: object
) -> None:
    changed = copy.deepcopy(document)
    changed["tables"][table][0][column] = value
    with pytest.raises(imports.ImportRefusedError, match=f"The export's {table} are not as"):
        database.run(imports.import_strategy, changed)


@pytest.mark.parametrize("table", ["kpis", "answers", "people", "notes", "messages", "absences"])
def test_a_row_twice_is_refused(database: Database, document: Json, table: str) -> None:
    changed = copy.deepcopy(document)
    changed["tables"][table].append(dict(changed["tables"][table][0]))
    with pytest.raises(imports.ImportRefusedError, match=r"may not stand in it twice"):
        database.run(imports.import_strategy, changed)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("initiatives", "strategy_id", 2), ("answers", "check_in_id", 4), ("kpi_readings", "kpi_id", 5)],
)
def test_rows_of_another_strategy_are_refused(
    database: Database, document: Json, table: str, column: str, value: int
) -> None:
    changed = copy.deepcopy(document)
    changed["tables"][table][0][column] = value
    with pytest.raises(imports.ImportRefusedError, match="do not belong to its strategy"):
        database.run(imports.import_strategy, changed)


@pytest.mark.parametrize("version", [0, 2, "1", 1.0, True, None, [1], "\x1b[2J", -1, 10**4_000])
def test_another_version_is_refused(database: Database, document: Json, version: object) -> None:
    with pytest.raises(
        imports.ImportRefusedError, match=r"^This export is of version (\d|another kind), and"
    ):
        database.run(imports.import_strategy, document | {"version": version})


@pytest.mark.parametrize("other", [None, 7, "x", [], {}, [{}], {"format": "drumbeat-strategy"}])
def test_another_document_is_refused(database: Database, other: object) -> None:
    assert imported(database, other) is None


def test_a_table_that_this_version_does_not_know_is_refused(database: Database, document: Json) -> None:
    changed = document | {"tables": document["tables"] | {"surprises": []}}
    with pytest.raises(imports.ImportRefusedError, match="The export's surprises are not as"):
        database.run(imports.import_strategy, changed)


@pytest.mark.parametrize(
    "broken",
    [
        {"months": {"2026-13": "320"}},
        {"months": {"2026-12": None}},
        {"months": {"2026-12": "many"}},
        {"former_plans": {"plans": "none"}},
        {"former_plans": {"plans": [{"until": "2026-12-01T09:00:00+00:00"}]}},
        {"former_plans": {"more": []}},
    ],
)
def test_plans_that_cannot_be_read_are_refused(database: Database, document: Json, broken: Json) -> None:
    changed = copy.deepcopy(document)
    changed["tables"]["kpis"][0] |= broken
    assert imported(database, changed) is None


@pytest.mark.parametrize(
    "broken",
    [{"kpi_id": 7}, {"not_kpis": {}}, {"not_kpis": {"kpi_ids": ["7"]}}, {"not_kpis": {"kpi_ids": 7}}],
)
def test_metrics_of_other_numbers_are_refused(database: Database, document: Json, broken: Json) -> None:
    changed = copy.deepcopy(document)
    changed["tables"]["success_metrics"][0] |= broken
    assert imported(database, changed) is None


@pytest.mark.parametrize(
    "broken",
    [
        {"lead_messages": None},
        {"lead_messages": ["U1"]},
        {"lead_messages": {"U1": "1"}},
        {"initiative_ids": 3},
        {"initiative_ids": ["3"]},
        {"reminded": "U1"},
        {"reminded": [1]},
        {"outcome_id": "1"},
    ],
)
def test_reviews_that_cannot_be_read_are_refused(database: Database, document: Json, broken: Json) -> None:
    changed = copy.deepcopy(document)
    changed["tables"]["reviews"][0]["details"] |= broken
    assert imported(database, changed) is None
