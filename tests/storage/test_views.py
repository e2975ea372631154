"""The views that dashboards read are as docs/views.md has them, on both databases, and hold nobody's words."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from storage.database import Database
from storage.migrations import HERE, upgrade
from storage.migrations.views import views_of
from tests.support.databases import PostgresqlServer, at_revision
from tests.support.whole_strategy import fill

BEFORE = "0019"
"""The last schema without them."""
PAGE = (Path(__file__).parents[2] / "docs" / "views.md").read_text("utf-8")
NAMES = {"name", "initiative"}
"""Columns that people wrote, and may be read."""


def documented() -> dict[str, set[str]]:
    sections = re.split(r"^## (report_\w+)$", PAGE, flags=re.MULTILINE)[1:]
    tables = dict(zip(sections[::2], sections[1::2], strict=True))
    return {
        name: {
            column
            for row in table.splitlines()
            if row.startswith("| `")
            for column in re.findall(r"`(\w+)`", row.split("|")[1])
        }
        for name, table in tables.items()
    }


def rows(database: Database, view: str) -> list[dict[str, Any]]:
    return database.run(
        lambda session: [dict(row._mapping) for row in session.execute(text(f"SELECT * FROM {view}"))]
    )


@pytest.fixture
def full(owned: Database) -> Database:
    owned.run(fill)
    return owned


def test_every_view_and_column_is_documented_and_there(full: Database) -> None:
    told = documented()
    assert set(told) == set(views_of(full.engine.dialect.name))
    for view, columns in told.items():
        found = rows(full, view)
        assert found, view
        assert set(found[0]) == columns, view


def test_the_page_grants_every_view(full: Database) -> None:
    granted = re.search(r"GRANT SELECT ON ([^;]+) TO", PAGE)
    assert granted is not None
    assert {name.strip() for name in granted[1].split(",")} == set(views_of(full.engine.dialect.name))


def test_no_view_holds_words(full: Database) -> None:
    for view in documented():
        for row in rows(full, view):
            words = {
                column: value for column, value in row.items() if "<b>" in str(value) or "=cmd" in str(value)
            }
            ids = {"channel_id", "unit", "source", "outcome", "token"}
            assert set(words) <= NAMES | ids, view


def test_numbers_are_numbers_and_a_day_has_the_reading_that_stands(full: Database) -> None:
    kpis = rows(full, "report_kpis")
    assert float(kpis[0]["target"]) == 1250
    readings = rows(full, "report_kpi_readings")
    assert [float(row["value"]) for row in readings] == [0.0]
    assert str(readings[0]["read_on"]) == str(date(2026, 12, 2))


def test_a_closed_week_is_a_row_for_each_initiative(full: Database) -> None:
    found = rows(full, "report_closed_weeks")
    assert {(row["initiative_id"], row["standing"], row["health"]) for row in found} == {
        (11, "answered", "at_risk"),
        (12, "no answer", None),
    }


def test_views_are_made_when_a_database_without_them_is_brought_up_to_date(empty_url: str) -> None:
    with at_revision(empty_url, BEFORE) as engine:
        upgrade(engine)
        with engine.connect() as connection:
            for view in documented():
                assert connection.scalar(text(f"SELECT count(*) FROM {view}")) == 0


def test_what_was_granted_outlives_an_upgrade(server: PostgresqlServer) -> None:
    newest = next(iter(ScriptDirectory(str(HERE)).walk_revisions()))
    with at_revision(server.empty(), str(newest.down_revision)) as engine:
        with engine.begin() as connection:
            for view in ("report_kpis", "report_people"):
                connection.execute(text(f"CREATE VIEW {view} AS {views_of('postgresql')[view]}"))
            role = f"dashboard_{connection.scalar(text('SELECT pg_backend_pid()'))}"
            server.make_user(role)
            connection.execute(text(f"GRANT SELECT ON report_kpis TO {role}"))
        upgrade(engine)
        with engine.begin() as connection:
            may = connection.scalar(text(f"SELECT has_table_privilege('{role}', 'report_kpis', 'SELECT')"))
            others = connection.scalar(
                text(f"SELECT has_table_privilege('{role}', 'report_people', 'SELECT')")
            )
            connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"))
        server.drop_user(role)
    assert (may, others) == (True, False)
