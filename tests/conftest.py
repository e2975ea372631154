"""Fixtures for everyone: a fresh database, once on SQLite and once on a real PostgreSQL."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from storage.database import Database
from tests.support.databases import PostgresqlServer, SqliteFiles, as_owner, sqlite_template

pytest_plugins = ["tests.support.log_watch"]

# Tests are judged by what they find, not by how busy the machine is. Processes that they start inherit the patience.
os.environ.setdefault("SANDBOX_PATIENCE", "10")
settings.register_profile("drumbeat", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("drumbeat")


@pytest.fixture(scope="session")
def migrated_file() -> Iterator[Path]:
    with sqlite_template() as template:
        yield template


@pytest.fixture
def sqlite_files(migrated_file: Path) -> Iterator[SqliteFiles]:
    files = SqliteFiles(migrated_file)
    yield files
    files.remove()


@pytest.fixture(scope="module")
def sqlite_files_of_module(migrated_file: Path) -> Iterator[SqliteFiles]:
    """The same, kept for all tests of a module."""
    files = SqliteFiles(migrated_file)
    yield files
    files.remove()


@pytest.fixture(scope="session")
def server(testrun_uid: str) -> PostgresqlServer:
    """One PostgreSQL for all workers of a run."""
    return PostgresqlServer(testrun_uid)


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles) -> str:
    return sqlite_files.new()


@pytest.fixture
def postgresql_url(server: PostgresqlServer) -> Iterator[str]:
    url = server.new()
    yield url
    server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without a table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("server").empty()
    return url


@pytest.fixture
def every_workspace(database_url: str) -> Iterator[Database]:
    """The database as it looks across workspaces."""
    database = Database.open(database_url, migrate=False)
    yield database
    database.close()


@pytest.fixture
def database(every_workspace: Database) -> Database:
    """The database as the workspace T1 has it."""
    return every_workspace.within("T1")


@pytest.fixture
def owned(database_url: str) -> Iterator[Database]:
    """The database as whoever migrates it has it: all of it."""
    database = Database.open(as_owner(database_url), migrate=False)
    yield database
    database.close()


def pytest_collection_finish() -> None:
    """What is imported by now stays to the end; the collector need not walk through it again with every test."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """With DRUMBEAT_NO_SKIPS a skipped test fails: where everything should be there, nothing may be passed over."""
    outcome: Any = yield
    report = outcome.get_result()
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("DRUMBEAT_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and nothing may be here: {report.longrepr}"
