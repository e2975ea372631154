"""The migrated schema and the models are the same thing, and migrating is safe from anywhere."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from storage.database import Database, make_engine, parse_url
from storage.migrations import head, revision
from storage.models import Base
from tests.support.databases import PostgresqlServer


def test_the_migrated_schema_equals_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()
    with database.engine.connect() as connection:
        assert revision(connection) == head()


def _server(request: pytest.FixtureRequest) -> PostgresqlServer:
    server: PostgresqlServer = request.getfixturevalue("server")
    return server


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    return _server(request).empty()


def test_several_processes_migrate_one_new_database_at_once(empty_url: str) -> None:
    script = (
        "import sys; from storage.database import Database; Database.open(sys.argv[1], migrate=True).close()"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, empty_url], stderr=subprocess.PIPE) for _ in range(4)
    ]
    errors = [process.communicate()[1].decode() for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0, 0], errors
    with make_engine(empty_url).connect() as connection:
        assert revision(connection) == head()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "drumbeat.db", ""])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        parse_url(url)


def test_plain_addresses_get_the_drivers_we_use() -> None:
    assert parse_url("postgresql://u@h/d").drivername == "postgresql+psycopg"
    assert parse_url("sqlite:///x.db").drivername == "sqlite+pysqlite"
