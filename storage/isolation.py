"""Whose a transaction is. PostgreSQL shows and changes the rows of that workspace only (`storage.migrations.isolation`); one that
is nobody's sees keys, states and times of all. With SQLite nothing but the queries keeps workspaces apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg.sql import Literal
from sqlalchemy import Connection
from sqlalchemy.orm import Session

APP, ACROSS = "drumbeat_app", "drumbeat_across"
"""Roles of PostgreSQL, where its operator has made them: whoever has the rights of the one sees the rows of the
transaction's workspace only; the other is taken on to look across workspaces, and sees keys and times.
"""
WORKSPACE = "drumbeat.workspace_id"
"""The setting of a transaction that says whose it is."""
_HAS_RIGHTS_OF_APP = (
    "SELECT NOT rolsuper AND pg_has_role(oid, to_regrole(%s::text), 'USAGE') "
    "FROM pg_roles WHERE rolname = current_user"
)
WHOSE = "drumbeat_whose"
_IS_APP = "drumbeat_is_app"


def prepare(connection: Any, record: Any) -> None:
    found = connection.execute(_HAS_RIGHTS_OF_APP, (APP,)).fetchone()
    record.info[_IS_APP] = bool(found and found[0])


def is_app(connection: Connection) -> bool:
    """Whether its user sees the rows of one workspace at a time, as the app's of PostgreSQL does."""
    return bool(connection.info.get(_IS_APP))


@dataclass(frozen=True, slots=True)
class Whose:
    """A workspace's; None: nobody's, to look across all of them."""

    workspace_id: str | None


NOBODY = Whose(None)


def begin(connection: Connection) -> None:
    """In one round trip. Without a word on whose it is, as a migration has none, it is whatever its user may see."""
    told = connection.get_execution_options()
    if told.get("isolation_level") == "AUTOCOMMIT":
        return
    whose = told.get(WHOSE)
    _send(connection, "BEGIN" if whose is None else f"BEGIN; {_say(connection, whose)}")


def _say(connection: Connection, whose: Whose) -> str:
    """What makes a transaction somebody's. `SET LOCAL` reaches the workers of Citus, `set_config` would not."""
    says = f"SET LOCAL {WORKSPACE} = {Literal(whose.workspace_id or '').as_string()}"
    if is_app(connection):
        says += f"; SET LOCAL ROLE {ACROSS if whose.workspace_id is None else 'NONE'}"
    return says


def _send(connection: Connection, statements: str) -> None:
    """Several at once, which PostgreSQL takes only without parameters."""
    connection.exec_driver_sql(statements, execution_options={"no_parameters": True})


@contextmanager
def within(session: Session, workspace_id: str) -> Iterator[None]:
    """Inside, the transaction is that workspace's."""
    with _changed(session, Whose(workspace_id)):
        yield


@contextmanager
def across(session: Session) -> Iterator[None]:
    """Inside, the transaction sees the keys and times of every workspace, and nothing else of any."""
    with _changed(session, NOBODY):
        yield


@contextmanager
def _changed(session: Session, whose: Whose) -> Iterator[None]:
    before: Whose = session.info.get(WHOSE, NOBODY)
    _change(session, whose)
    yield
    _change(session, before)  # after a fault there is nothing to go back to: the transaction is over


def _change(session: Session, whose: Whose) -> None:
    connection = session.connection()
    if connection.dialect.name == "postgresql" and session.info.get(WHOSE) != whose:
        _send(connection, _say(connection, whose))
    session.info[WHOSE] = whose
