"""Rows of a document into a database, and whether what is there then is what the document says."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import and_, false, insert, or_, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from storage import models as m
from storage.exports import EXPORTED, LEFT_OUT, SHARED, TODAY, Row, has_shape, read_tables
from storage.imports.documents import Tables, decoded, read_document
from storage.imports.refusals import UNREADABLE, ImportRefusedError
from storage.imports.values import require_sound
from storage.isolation import within
from storage.statements import insert_missing, table

_TOO_LARGE_FOR_AN_INDEX = "54"  # PostgreSQL, appendix A "Error codes": class 54, program limit exceeded
_TOO_OLD = (
    "This export is of an older Drumbeat, and I cannot bring its rows up to date. Import it with the Drumbeat that made "
    "it, update that, and export again."
)
_strategies = table(m.StrategyRow)


def import_strategy(session: Session, document: object) -> str:
    """Write a document's rows and return the strategy's name; raises ImportRefusedError and then leaves nothing.

    One that an older version made is brought up to date first.
    """
    workspace_id, tables = read_document(_up_to_date(document))
    require_sound(tables)
    strategy = tables["strategies"][0]
    with within(session, workspace_id):
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
    except (*UNREADABLE, DBAPIError) as problem:
        raise ImportRefusedError(_TOO_OLD) from problem
    if any(len(made[name]) < len(found) for name, found in tables.items() if name in made):
        raise ImportRefusedError(_TOO_OLD)
    return {**document, "tables": made}


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


def _insert(session: Session, workspace_id: str, tables: Tables) -> None:
    for name, rows in EXPORTED.items():
        ready = [
            {column: decoded(rows.c[column], value) for column, value in row.items()}
            | {"workspace_id": workspace_id}
            for row in tables[name]
        ]
        if name in SHARED:
            for row in ready:
                insert_missing(session, rows, row)
        elif ready:
            session.execute(insert(rows), ready)


def _is_of_the_rows(problem: DBAPIError) -> bool:
    """Whether the rows are at fault, not the database."""
    state = getattr(problem.orig, "sqlstate", None) or ""
    return isinstance(problem, (IntegrityError, DataError)) or state.startswith(_TOO_LARGE_FOR_AN_INDEX)


def _require_equal(now_there: Mapping[str, list[Row]], wanted: Tables) -> None:
    """What was written, exported again, is what was to be written: nothing hangs on rows of other strategies.

    Of what strategies share, whatever was there already stays. Raises ImportRefusedError.
    """
    for name, rows in EXPORTED.items():
        names = [column.name for column in rows.primary_key] if name in SHARED else None
        there, asked = _in_words(now_there[name], names), _in_words(wanted[name], names)
        is_whole = there >= asked if name in SHARED else there == asked
        if not is_whole:
            raise ImportRefusedError(f"The export's {name} do not belong to its strategy.")


def _in_words(rows: Iterable[dict[str, Any]], names: list[str] | None) -> set[str]:
    """Each row, or what `names` has of it, so that true is not 1."""
    return {
        json.dumps({key: row[key] for key in row if names is None or key in names}, sort_keys=True)
        for row in rows
    }
