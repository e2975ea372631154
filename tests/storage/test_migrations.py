"""The migrated schema and the models are the same thing, and migrating is safe from anywhere."""

import subprocess
import sys
from dataclasses import replace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex

from domain.closed_weeks import ClosedWeek, NumberThen
from domain.initiatives import Initiative
from domain.kpis import Kpi
from domain.pace import Pace
from storage import initiatives
from storage.database import Database, make_engine, parse_url
from storage.migrations import configure, head, revision, upgrade
from storage.migrations.views import drop_views
from storage.models import Base
from tests.support.databases import at_revision
from tests.support.harbor_lights import NEWSLETTER
from tests.support.walks import BEGAN, Walk, thirteen_weeks


@pytest.fixture
def database(owned: Database) -> Database:
    return owned


def test_the_migrated_schema_equals_the_models(empty_url: str) -> None:
    with at_revision(empty_url, "head") as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_new_database_has_what_all_migrations_make_and_is_marked_as_migrated(empty_url: str) -> None:
    with at_revision(empty_url, "head") as engine:
        migrated = _described(engine)
        Base.metadata.drop_all(engine)
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))

        upgrade(engine)

        assert _described(engine) == migrated
        with engine.connect() as connection:
            assert revision(connection) == head()


def _described(engine: Engine) -> dict[str, set[str]]:
    """All that the database says of each table, in whatever order it says it."""
    found = inspect(engine)
    return {
        name: {
            *(f"column {column}" for column in found.get_columns(name)),
            f"primary key {found.get_pk_constraint(name)}",
            *(f"foreign key {key}" for key in found.get_foreign_keys(name)),
            *(f"unique {constraint}" for constraint in found.get_unique_constraints(name)),
            *(f"check {constraint}" for constraint in found.get_check_constraints(name)),
            *(_told(index) for index in found.get_indexes(name)),
        }
        for name in found.get_table_names()
    }


def _told(index: ReflectedIndex) -> str:
    """With the words of what it is limited to, which come as an object."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return f"index {index | {'dialect_options': options}}"


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()
    with database.engine.connect() as connection:
        assert revision(connection) == head()


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


@pytest.mark.parametrize(
    "url",
    [
        "mysql://localhost/x",
        "drumbeat.db",
        "",
        "sqlite://drumbeat.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
    ],
)
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        parse_url(url)


def test_of_a_password_that_ends_too_soon_nothing_is_shown() -> None:
    with pytest.raises(ValueError, match="wants @ as %40") as refused:
        parse_url("postgresql://u:one@two@h/d")
    assert "two" not in str(refused.value)
    assert parse_url("postgresql://u:one%40two@h/d").password == "one@two"
    assert parse_url("postgresql://u:ü@h/d").password == "ü"


def test_plain_addresses_get_the_drivers_we_use() -> None:
    assert parse_url("postgresql://u@h/d").drivername == "postgresql+psycopg"
    assert parse_url("sqlite:///x.db").drivername == "sqlite+pysqlite"


def test_the_weeks_of_before_are_reckoned_once_at_the_upgrade(database: Database) -> None:
    """Thirteen of them, walked, then as an older version had them."""
    with database.session() as session:
        walk = Walk.begin(session)
        thirteen_weeks(walk)
        known = walk.figures()
        session.commit()
    with database.engine.begin() as connection:
        drop_views(connection)
        for statement in (
            "DROP TABLE closed_weeks",
            "ALTER TABLE check_ins DROP COLUMN closed_at",
            "ALTER TABLE digests DROP COLUMN told",
            "UPDATE alembic_version SET version_num = '0008'",
        ):
            connection.execute(text(statement))
        # What came after it is there already.
        command.upgrade(configure(connection), "0009")
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{head()}'"))

    with database.session() as session:
        walk.session = session
        now = walk.figures()
    assert len(now) == len(known) == 13
    for week, figures in now.items():
        rows = [row for row in known[week]["rows"] if row.state is not None]
        assert all(row.is_reckoned for row in figures["rows"])
        assert sorted(map(_plain, figures["rows"])) == sorted(map(_plain, rows)), week
        for name in ("answered", "on time", "shares", "known", "silent", "chart"):
            assert figures.get(name) == known[week].get(name), f"{name} of {week}"


def _plain(week: ClosedWeek) -> str:
    """All of it but the words for pace, which were others, and when it was written."""

    def number(one: NumberThen) -> NumberThen:
        return replace(one, pace=Pace.NO_READING)

    told = tuple(replace(one, numbers=tuple(map(number, one.numbers))) for one in week.initiatives)
    plain = replace(week, closed_at=BEGAN, is_reckoned=False, kpis=tuple(map(number, week.kpis)))
    return repr(replace(plain, initiatives=told))


def test_numbers_of_before_read_on_and_can_become_one(database: Database) -> None:
    """Thirteen weeks, walked, then as an older version had them: every metric and KPI is a number of its own."""
    with database.session() as session:
        walk = Walk.begin(session)
        thirteen_weeks(walk)
        known = _numbers(walk)
        session.commit()
    with database.engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_success_metrics_workspace_id_kpi_id"))
        for table, columns in (
            ("success_metrics", ("kpi_id", "kpi_left", "not_kpis")),
            ("kpi_readings", ("check_in_id", "metric_id")),
        ):
            for column in columns:
                connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0012'"))
        command.upgrade(configure(connection), "0013")
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{head()}'"))

    with database.session() as session:
        walk.session = session
        assert _numbers(walk) == known
        [kpi] = walk.kpis[:1]
        initiative = walk.named(NEWSLETTER.name)
        walk.join_or_part(initiative, kpi, keeps_own=True)
        [joined] = initiatives.read_metrics(session, kpi.workspace_id, [walk.named(NEWSLETTER.name)], "UTC")
        [own] = initiatives.read_metrics(session, kpi.workspace_id, [initiative], "UTC")
        assert joined.metrics[0].kpi_id == kpi.id
        days = {point.on for point in own.metrics[0].readings} | {one.on for one in kpi.readings}
        assert {point.on for point in joined.metrics[0].readings} == days, "both histories stay"


def _numbers(walk: Walk) -> tuple[list[Initiative], list[Kpi]]:
    """Every metric and every KPI with all that was read of it."""
    workspace_id = walk.strategy.workspace_id
    return initiatives.read_metrics(walk.session, workspace_id, walk.initiatives, "UTC"), walk.kpis
