"""docs/export-schema.json says what an export holds; UPDATE_GOLDEN=1 writes it anew from the tables."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date

from storage import exports
from storage.database import Database
from storage.models import Base
from storage.types import UtcDateTime
from tests.support.whole_strategy import NOW, TEAM, fill

SCHEMA = Path(__file__).parent.parent.parent / "docs" / "export-schema.json"
Json = dict[str, Any]
_ROWS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def schema() -> Json:
    """As the tables are now."""
    top: Json = {
        "format": {"const": exports.FORMAT},
        "version": {"const": exports.VERSION},
        "exported_at": {"type": "string", "format": "date-time"},
        "workspace_id": {
            "type": "string",
            "description": "Slack's id of the workspace; it holds for every row.",
        },
        "strategy_id": {"type": "integer"},
        "tables": _object({name: _table(name) for name in exports.EXPORTED}),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A strategy exported from Drumbeat",
        "description": (
            "Each table as an array of rows. Instants are UTC in ISO 8601, days YYYY-MM-DD, ids integers of 64 bits, "
            "measured numbers decimal text. Left out: "
            + "; ".join(f"{name} ({why})" for name, why in exports.LEFT_OUT.items())
            + "."
        ),
        **_object(top),
    }


def _object(properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _table(name: str) -> Json:
    rows = exports.EXPORTED[name]
    columns = {column.name: _column(column) for column in rows.columns if column.name != "workspace_id"}
    told: Json = {"type": "array", "items": _object(columns)}
    # SQLAlchemy's base has a docstring of its own, which says nothing of the table.
    if words := _ROWS[name].__dict__.get("__doc__"):
        told = {"description": " ".join(words.split()), **told}
    return told


def _column(column: Column[Any]) -> Json:
    kind, form = "string", None
    if isinstance(column.type, UtcDateTime):
        form = "date-time"
    elif isinstance(column.type, Date):
        form = "date"
    elif isinstance(column.type, Boolean):
        kind = "boolean"
    elif isinstance(column.type, BigInteger):
        kind = "integer"
    elif isinstance(column.type, JSON):
        kind = "object"
    told: Json = {"type": [kind, "null"] if column.nullable else kind}
    return told | {"format": form} if form else told


def test_the_schema_is_that_of_the_tables() -> None:
    written = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        SCHEMA.write_text(written, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == written, "UPDATE_GOLDEN=1 writes it anew"


@pytest.fixture
def document(sqlite_url: str) -> Json:
    database = Database.open(sqlite_url, migrate=False)
    database.run(fill)
    found: Json = json.loads(json.dumps(database.run(exports.export_strategy, TEAM, 1, NOW)))
    database.close()
    return found


def validator() -> Draft202012Validator:
    told = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(told)
    return Draft202012Validator(told, format_checker=FormatChecker())


def test_a_whole_export_is_as_the_schema_says(document: Json) -> None:
    assert [f"{e.json_path}: {e.message}" for e in validator().iter_errors(document)] == []


@pytest.mark.parametrize(
    ("column", "value"), [("surprise", 1), ("name", None), ("created_at", 5), ("target_on", "soon")]
)
def test_the_schema_refuses_what_is_not_so(document: Json, column: str, value: object) -> None:
    document["tables"]["kpis"][0][column] = value
    assert not validator().is_valid(document)
