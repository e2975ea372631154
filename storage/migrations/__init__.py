"""The schema's history, run in process by Alembic."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.isolation import is_app
from storage.migrations.isolation import grant, isolate
from storage.migrations.views import drop_views, make_views
from storage.models import Base

HERE = Path(__file__).parent
_LOCK = 0x6472756D  # any number that nobody else uses


class SchemaState(StrEnum):
    """`older`: to be migrated, as an empty database is; `newer`: made by a version that comes after these files."""

    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


class AppCannotMigrateError(Exception):
    """The user is the one of the app, who sees no row without its workspace: nothing may be reckoned of that."""


class NewerSchemaError(Exception):
    """The database is of a version that comes after these files."""


def configure(connection: Connection) -> Config:
    """Alembic's configuration for an open connection; there is no ini file."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(HERE))
    return config


@cache
def head() -> str | None:
    """The newest revision in these files."""
    return ScriptDirectory(str(HERE)).get_current_head()


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory(str(HERE)).walk_revisions())


def revision(connection: Connection) -> str | None:
    """The revision the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date in one transaction that excludes every other upgrade. Raises NewerSchemaError,
    AppCannotMigrateError.

    An empty database gets its tables from the models: the same, as a test holds, in a fifth of the time that their history
    takes. On SQLite `BEGIN IMMEDIATE` already holds the write lock.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        match state_of(connection):
            case SchemaState.OLDER:
                if is_app(connection):
                    raise AppCannotMigrateError
                grants = drop_views(connection)
                if revision(connection) is None:
                    Base.metadata.create_all(connection, checkfirst=False)
                    command.stamp(configure(connection), "head")
                else:
                    command.upgrade(configure(connection), "head")
                make_views(connection, grants)
                isolate(connection)
            case SchemaState.NEWER:
                raise NewerSchemaError
        grant(connection)


def find_state(engine: Engine) -> SchemaState:
    """Raises SQLAlchemyError when the database does not answer."""
    with engine.connect() as connection:
        return state_of(connection)


def state_of(connection: Connection) -> SchemaState:
    at = revision(connection)
    if at == head():
        return SchemaState.CURRENT
    return SchemaState.OLDER if at is None or at in _known() else SchemaState.NEWER
