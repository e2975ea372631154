"""The schema's history, run in process by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

HERE = Path(__file__).parent
_LOCK = 0x6472756D  # any number that nobody else uses


def configure(connection: Connection) -> Config:
    """Alembic's configuration for an open connection; there is no ini file."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(HERE))
    return config


def head() -> str | None:
    """The newest revision in these files."""
    return ScriptDirectory(str(HERE)).get_current_head()


def revision(connection: Connection) -> str | None:
    """The revision the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date in one transaction that excludes every other upgrade.

    On SQLite `BEGIN IMMEDIATE` already holds the write lock.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if revision(connection) != head():
            command.upgrade(configure(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether the schema is the newest; raises SQLAlchemyError when the database does not answer."""
    with engine.connect() as connection:
        return revision(connection) == head()
