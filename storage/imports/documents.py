"""Whether a document has the tables, columns and types that docs/export-schema.json has."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Table

from storage.exports import EXPORTED, FORMAT, VERSION, Row
from storage.imports.refusals import ImportRefusedError, path_to, quoted
from storage.types import UtcDateTime

_ANY_VERSION = 1_000_000
Tables = Mapping[str, list[Row]]


def read_document(document: object) -> tuple[str, Tables]:
    """Its workspace and its tables. Raises ImportRefusedError."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ImportRefusedError("This is not an export of Drumbeat: the JSON has no such format.")
    version = document.get("version")
    if type(version) is not int or version != VERSION:
        told = version if type(version) is int and 0 <= version < _ANY_VERSION else "another kind"
        raise ImportRefusedError(
            f"This export is of version {told}, and this Drumbeat reads version {VERSION}. "
            "Import it with the Drumbeat that made it, or update this one."
        )
    tables, workspace_id = document.get("tables"), document.get("workspace_id")
    if not isinstance(tables, dict) or not isinstance(workspace_id, str):
        raise ImportRefusedError("The export's tables are not as docs/export-schema.json has them.")
    for name in (*EXPORTED, *sorted(tables.keys() - EXPORTED.keys())):
        for problem in _problems(name, tables.get(name)):
            raise ImportRefusedError(
                f"The export's {name[:40]} are not as docs/export-schema.json has them: {problem}."
            )
    _require_one(document, tables)
    return workspace_id, tables


def _require_one(document: Mapping[str, Any], tables: Tables) -> None:
    if len(tables["strategies"]) != 1 or len(tables["workspaces"]) != 1:
        raise ImportRefusedError("An export holds exactly one strategy, of one workspace.")
    strategy_id = document.get("strategy_id")
    if type(strategy_id) is not int or strategy_id != tables["strategies"][0]["id"]:
        raise ImportRefusedError("The export says that it is of another strategy than it holds.")


def _problems(name: str, found: object) -> Iterator[str]:
    """Of a table; the rest of each is `path is “value” and has to be ...`."""
    if name not in EXPORTED:
        yield "this version has no such table"
    elif not isinstance(found, list):
        yield f"tables.{name} has to be an array"
    else:
        for at, row in enumerate(found):
            yield from _problems_of_row(EXPORTED[name], path_to(name, at), row)


def _problems_of_row(rows: Table, path: str, row: object) -> Iterator[str]:
    columns = {column.name: column for column in rows.columns if column.name != "workspace_id"}
    if not isinstance(row, dict):
        yield f"{path} is {quoted(row)} and has to be an object"
        return
    for missing in columns.keys() - row.keys():
        yield f"{path} has no {missing}"
    for strange in row.keys() - columns.keys():
        yield f"{path} has {quoted(strange)}, which this version does not know"
    for name, value in row.items():
        if name in columns and not _is_value(columns[name], value):
            yield f"{path}.{name} is {quoted(value)} and has to be {_wanted(columns[name])}"


def _is_value(column: Column[Any], value: object) -> bool:
    if value is None:
        return bool(column.nullable)
    if isinstance(column.type, (UtcDateTime, Date)):
        return isinstance(value, str) and _is_instant_or_day(column, value)
    if isinstance(column.type, BigInteger):
        return type(value) is int and -(2**63) <= value < 2**63
    kind = {Boolean: bool, JSON: dict}.get(type(column.type), str)
    return isinstance(value, kind)


def _wanted(column: Column[Any]) -> str:
    if isinstance(column.type, UtcDateTime):
        return "an instant in UTC, like 2026-11-30T09:00:00+00:00"
    if isinstance(column.type, Date):
        return "a day, like 2026-11-30"
    if isinstance(column.type, BigInteger):
        return "an integer of 64 bits"
    return {Boolean: "true or false", JSON: "an object"}.get(type(column.type), "text")


def _is_instant_or_day(column: Column[Any], value: str) -> bool:
    """Whether it is written as exports write it."""
    try:
        return bool(decoded(column, value).isoformat() == value)
    except (ValueError, OverflowError):
        return False


def decoded(column: Column[Any], value: Any) -> Any:
    """Raises ValueError, or OverflowError for an instant before the first year of UTC; the rest stays as it is."""
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value).astimezone(UTC)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
