"""The rows of a Monday minute, written by the bare driver in a plain loop."""

import sqlite3
import time
from collections import defaultdict
from typing import Any, Literal, NamedTuple, Self

import psycopg
from psycopg.types.string import TextLoader
from sqlalchemy.engine import URL

from storage.models import Base

_TABLES = ("occurrences", "check_ins", "closed_weeks", "answers", "messages", "outbox", "due")


class BareRow(NamedTuple):
    """`owner` is (workspace, person)."""

    table: str
    owner: tuple[str, str]
    values: tuple[Any, ...]


class BareRows:
    """Reads and writes rows as the driver has them; on SQLite as durable as Drumbeat, with its settings."""

    def __init__(self, url: URL) -> None:
        self._is_sqlite = url.get_backend_name() == "sqlite"
        self._connection: Any
        if self._is_sqlite:
            self._connection = sqlite3.connect(str(url.database), isolation_level=None, timeout=20)
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA foreign_keys = ON")
        else:
            plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(plain, autocommit=True)
            self._connection.adapters.register_loader("json", TextLoader)
        self._mark = "?" if self._is_sqlite else "%s"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def read(self) -> set[BareRow]:
        """All rows about an owner."""
        found, owners = set(), {}
        for table in _TABLES:
            names = _names(table)
            for values in self._connection.execute(f"SELECT {', '.join(names)} FROM {table}"):
                row = dict(zip(names, values, strict=True))
                if table == "check_ins":
                    owners[row["id"]] = row["person_id"]
                person = (
                    owners[row["check_in_id"]]
                    if table == "answers"
                    else row.get("target") or row["person_id"]
                )
                found.add(BareRow(table, (row["workspace_id"], person), values))
        return found

    def write(self, rows: set[BareRow], by: Literal["owner", "strategy"]) -> float:
        """Seconds that writing them anew takes in a loop, with a transaction an owner or a strategy."""
        self._delete(rows)
        parts = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.owner, _TABLES.index(row.table))):
            parts[row.owner if by == "owner" else row.owner[0]].append((self._insert(row.table), row.values))
        begin = "BEGIN IMMEDIATE" if self._is_sqlite else "BEGIN"
        execute = self._connection.execute
        started = time.perf_counter()
        for part in parts.values():
            execute(begin)
            for statement, values in part:
                execute(statement, values)
            execute("COMMIT")
        return time.perf_counter() - started

    def _insert(self, table: str) -> str:
        names = _names(table)
        return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([self._mark] * len(names))})"

    def _delete(self, rows: set[BareRow]) -> None:
        self._connection.execute("BEGIN")
        for row in rows:
            values = dict(zip(_names(row.table), row.values, strict=True))
            key = [column.name for column in Base.metadata.tables[row.table].primary_key]
            is_it = " AND ".join(f"{name} = {self._mark}" for name in key)
            self._connection.execute(f"DELETE FROM {row.table} WHERE {is_it}", [values[name] for name in key])
        self._connection.execute("COMMIT")


def _names(table: str) -> list[str]:
    return [column.name for column in Base.metadata.tables[table].columns]
