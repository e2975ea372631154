"""An exported strategy into a database: every row as it was exported, or nothing."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Table, and_, false, insert, or_, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from domain.check_ins import CheckInState
from storage import models as m
from storage.closed_weeks import read_facts
from storage.digests import read_told
from storage.exports import EXPORTED, FORMAT, LEFT_OUT, SHARED, TODAY, VERSION, Row, has_shape, read_tables
from storage.kpis import read_former_plans, read_months
from storage.statements import insert_missing, table
from storage.types import UtcDateTime

_TOO_LARGE_FOR_AN_INDEX = "54"  # PostgreSQL, appendix A "Error codes": class 54, program limit exceeded
_ANY_VERSION = 1_000_000
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError)
_TOO_OLD = (
    "This export is of an older Drumbeat, and I cannot bring its rows up to date. Import it with the Drumbeat that made "
    "it, update that, and export again."
)
_strategies = table(m.StrategyRow)


class ImportRefusedError(ValueError):
    """Its text is the sentence the operator sees."""


def import_strategy(session: Session, document: object) -> str:
    """Write a document's rows and return the strategy's name; raises ImportRefusedError and then leaves nothing.

    One that an older version made is brought up to date first.
    """
    workspace_id, tables = _checked(_up_to_date(document))
    strategy = tables["strategies"][0]
    _require_new(session, workspace_id, strategy)
    try:
        _insert(session, workspace_id, tables)
    except DBAPIError as problem:
        if not _is_of_the_rows(problem):
            raise
        raise ImportRefusedError(
            "Some of the export's rows are twice in it, or in this database already."
        ) from problem
    _require_equal(read_tables(session, workspace_id, strategy["id"]), tables)
    return str(strategy["name"])


def _up_to_date(document: object) -> object:
    """An export with the rows of an older schema as they are by now; anything else as it is. Raises ImportRefusedError."""
    tables = document.get("tables") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(tables, dict) or has_shape(tables, TODAY):
        return document
    from storage.migrations import exports  # noqa: PLC0415 - Alembic is slow to import

    workspace_id, strategy_id = document.get("workspace_id"), document.get("strategy_id")
    revision = exports.revision_of(tables, frozenset(LEFT_OUT))
    if revision is None or not isinstance(workspace_id, str) or type(strategy_id) is not int:
        return document
    rows = {name: [{**row, "workspace_id": workspace_id} for row in found] for name, found in tables.items()}
    try:
        with exports.upgraded(revision, rows) as connection:
            made = read_tables(Session(connection), workspace_id, strategy_id)
    except (*_UNREADABLE, DBAPIError) as problem:
        raise ImportRefusedError(_TOO_OLD) from problem
    if any(len(made[name]) < len(found) for name, found in tables.items() if name in made):
        raise ImportRefusedError(_TOO_OLD)
    return {**document, "tables": made}


def _checked(document: object) -> tuple[str, Mapping[str, list[Row]]]:
    """Of the types and shapes that docs/export-schema.json has. Raises ImportRefusedError."""
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
        if name not in EXPORTED or not _is_table(EXPORTED[name], tables.get(name)):
            raise ImportRefusedError(f"The export's {name[:40]} are not as docs/export-schema.json has them.")
    for name, is_readable, problem in _WITHIN:
        if not all(map(is_readable, tables[name])):
            raise ImportRefusedError(f"The export's {problem}.")
    _require_own_kpis(tables)
    if len(tables["strategies"]) != 1 or len(tables["workspaces"]) != 1:
        raise ImportRefusedError("An export holds exactly one strategy, of one workspace.")
    strategy_id = document.get("strategy_id")
    if type(strategy_id) is not int or strategy_id != tables["strategies"][0]["id"]:
        raise ImportRefusedError("The export says that it is of another strategy than it holds.")
    return workspace_id, tables


def _require_own_kpis(tables: Mapping[str, list[Row]]) -> None:
    """Raises ImportRefusedError."""
    own = {None, *(row["id"] for row in tables["kpis"])}
    if any(row["kpi_id"] not in own for row in tables["success_metrics"]):
        raise ImportRefusedError("The export has a success metric that is a KPI of another strategy.")


def _is_table(rows: Table, found: object) -> bool:
    columns = {column.name: column for column in rows.columns if column.name != "workspace_id"}
    return isinstance(found, list) and all(
        isinstance(row, dict)
        and row.keys() == columns.keys()
        and all(_is_value(columns[name], value) for name, value in row.items())
        for row in found
    )


def _is_value(column: Column[Any], value: object) -> bool:
    if value is None:
        return bool(column.nullable)
    if isinstance(column.type, (UtcDateTime, Date)):
        return isinstance(value, str) and _is_instant_or_day(column, value)
    if isinstance(column.type, BigInteger):
        return type(value) is int and -(2**63) <= value < 2**63
    kind = {Boolean: bool, JSON: dict}.get(type(column.type), str)
    return isinstance(value, kind)


def _is_thread(row: Row) -> bool:
    """Whether its details name messages, as those of a digest and of a review do."""
    return _are_ids(row["details"].get("message_ids"))


def _is_reviewed(row: Row) -> bool:
    """Whether a review's details say whom it asked, about what, and whom it need not remind."""
    details = row["details"]
    asked, reminded = details.get("lead_messages"), details.get("reminded", [])
    reminders = details.get("reminders", {})
    told_in = details.get("outcome_id")
    return (
        isinstance(asked, dict)
        and _are_ids([*asked.values()])
        and isinstance(reminders, dict)
        and _are_ids([*reminders.values()])
        and _are_ids(details.get("initiative_ids", []))
        and isinstance(reminded, list)
        and all(isinstance(one, str) for one in reminded)
        and (told_in is None or _are_ids([told_in]))
    )


def _are_ids(found: object) -> bool:
    return isinstance(found, list) and all(type(one) is int and abs(one) < 2**63 for one in found)


def _is_kept(row: Row) -> bool:
    """Whether what a closed week left can be read."""
    try:
        read_facts(row["facts"])
        return row["state"] is None or row["state"] in set(CheckInState)
    except _UNREADABLE:
        return False


def _is_planned(row: Row) -> bool:
    """Whether a KPI's plan by month, and those before it, can be read."""
    try:
        read_months(row["months"])
        read_former_plans(row["former_plans"])
    except _UNREADABLE:
        return False
    return True


def _are_refused(row: Row) -> bool:
    """Whether the KPIs that a success metric is not can be read."""
    kept = row["not_kpis"]
    return kept is None or _are_ids(kept.get("kpi_ids"))


def _is_told(row: Row) -> bool:
    """Whether what a digest told can be read."""
    try:
        read_told(row["told"])
    except _UNREADABLE:
        return False
    return True


_NO_MESSAGES = "digests or reviews name no messages"
_NOT_AS_KEPT = "closed weeks or digests are not as they are kept"
_WITHIN: tuple[tuple[str, Callable[[Row], bool], str], ...] = (
    ("digests", _is_thread, _NO_MESSAGES),
    ("reviews", _is_thread, _NO_MESSAGES),
    ("reviews", _is_reviewed, "reviews are not as they are kept"),
    ("closed_weeks", _is_kept, _NOT_AS_KEPT),
    ("digests", _is_told, _NOT_AS_KEPT),
    ("success_metrics", _are_refused, "success metrics are not as they are kept"),
    ("kpis", _is_planned, "KPIs have plans that are not as they are kept"),
)
"""What the JSON of a table's rows must hold, and what is said where it does not."""


def _is_instant_or_day(column: Column[Any], value: str) -> bool:
    """Whether it is written as exports write it."""
    try:
        return bool(_decoded(column, value).isoformat() == value)
    except (ValueError, OverflowError):
        return False


def _decoded(column: Column[Any], value: Any) -> Any:
    """Raises ValueError, or OverflowError for an instant before the first year of UTC; the rest stays as it is."""
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value).astimezone(UTC)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def _require_new(session: Session, workspace_id: str, strategy: Row) -> None:
    same_channel = _strategies.c.channel_id == strategy["channel_id"]
    is_open = _strategies.c.closed_at.is_(None)
    clashes = false() if strategy["closed_at"] is not None else and_(same_channel, is_open)
    taken = select(_strategies.c.name).where(
        _strategies.c.workspace_id == workspace_id, or_(_strategies.c.id == strategy["id"], clashes)
    )
    if (name := session.scalar(taken)) is not None:
        raise ImportRefusedError(
            f"This database already has {name} for that channel. Import into an empty database."
        )


def _insert(session: Session, workspace_id: str, tables: Mapping[str, list[Row]]) -> None:
    for name, rows in EXPORTED.items():
        decoded = [
            {column: _decoded(rows.c[column], value) for column, value in row.items()}
            | {"workspace_id": workspace_id}
            for row in tables[name]
        ]
        if name in SHARED:
            for row in decoded:
                insert_missing(session, rows, row)
        elif decoded:
            session.execute(insert(rows), decoded)


def _is_of_the_rows(problem: DBAPIError) -> bool:
    """Whether the rows are at fault, not the database."""
    state = getattr(problem.orig, "sqlstate", None) or ""
    return isinstance(problem, (IntegrityError, DataError)) or state.startswith(_TOO_LARGE_FOR_AN_INDEX)


def _require_equal(now_there: Mapping[str, list[Row]], wanted: Mapping[str, list[Row]]) -> None:
    """What was written, exported again, is what was to be written: nothing hangs on rows of other strategies.

    Of what strategies share, whatever was there already stays. Raises ImportRefusedError.
    """
    for name, rows in EXPORTED.items():
        names = [column.name for column in rows.primary_key] if name in SHARED else None
        there, asked = _in_words(now_there[name], names), _in_words(wanted[name], names)
        is_whole = there >= asked if name in SHARED else there == asked
        if not is_whole or len(asked) != len(wanted[name]):
            raise ImportRefusedError(
                f"The export's {name} do not belong to its strategy, or stand in it twice."
            )


def _in_words(rows: Iterable[Row], names: list[str] | None) -> set[str]:
    """Each row, or what `names` has of it, so that true is not 1."""
    return {
        json.dumps({key: row[key] for key in row if names is None or key in names}, sort_keys=True)
        for row in rows
    }
