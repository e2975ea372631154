"""Fixtures for everyone: a fresh database, once on SQLite and once on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.support.databases import SqliteFiles, open_server


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, sqlite_files: SqliteFiles) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    if request.param == "sqlite":
        yield sqlite_files.new()
        return
    server = open_server(request.getfixturevalue("shared_folder"))
    url = server.new()
    yield url
    server.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url, migrate=False)
    yield database
    database.close()
