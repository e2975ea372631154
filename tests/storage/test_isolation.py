"""Whatever a query forgets, PostgreSQL shows and changes the rows of the transaction's workspace only."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import (
    BindParameter,
    Connection,
    Executable,
    Table,
    delete,
    event,
    insert,
    select,
    text,
    true,
    update,
)
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression

from storage import exports
from storage.database import Database, make_engine
from storage.isolation import ACROSS, APP, WORKSPACE, across, within
from storage.migrations import AppCannotMigrateError
from storage.migrations.isolation import ISOLATED, POLICY, SEEN_ACROSS, Isolation, find_isolation
from storage.models import Base
from tests.support.databases import OWNER, PostgresqlServer, as_owner
from tests.support.whole_strategy import NOW, row_of

ALL = [Base.metadata.tables[name] for name in ISOLATED]
OURS, THEIRS = "T1", "T2"
BEFORE = "0024"
"""The last schema without it."""
KEYS = {
    *(
        "workspace_id",
        "organisation_id",
        "person_id",
        "holder",
        "hash",
        "ritual",
        "period",
        "state",
        "method",
    ),
}
"""What of text may be seen across workspaces: who, what it belongs to and how it stands, in words of ours."""


def fill(session: Session, workspace_id: str) -> None:
    """A row in every table; that of the one workspace has the ids of the other's."""
    for rows in ALL:
        session.execute(insert(rows).values(row_of(rows, 1, 0) | {"workspace_id": workspace_id}))


@pytest.fixture(scope="module")
def url(server: PostgresqlServer) -> Iterator[str]:
    """Both workspaces are in it."""
    made = server.new()
    fill_both(made)
    yield made
    server.drop(made)


def fill_both(url: str) -> None:
    database = Database.open(url, migrate=False)
    for workspace_id in (OURS, THEIRS):
        database.within(workspace_id).run(fill, workspace_id)
    database.close()


@pytest.fixture
def full(url: str) -> Iterator[Database]:
    """As the app has it."""
    database = Database.open(url, migrate=False)
    yield database
    database.close()


@pytest.fixture
def owned(url: str) -> Iterator[Database]:
    """The same as its owner has it."""
    database = Database.open(as_owner(url), migrate=False)
    yield database
    database.close()


def whose(session: Session, rows: Table) -> list[str]:
    """Of a query that forgot its filter."""
    return sorted(session.scalars(select(rows.c.workspace_id)))


def test_the_app_is_neither_superuser_nor_owner_and_no_table_is_left_out(full: Database) -> None:
    assert {rows.name for rows in Base.metadata.sorted_tables} == set(ISOLATED)
    with full.engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == APP
        can = (
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname IN (:app, :across)"
        )
        assert connection.execute(text(can), {"app": APP, "across": ACROSS}).scalars().all() == [False] * 2
        forced = connection.execute(
            text(
                "SELECT relname, pg_get_userbyid(relowner), relrowsecurity AND relforcerowsecurity FROM pg_class "
                "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
            )
        ).all()
        assert sorted(tuple(row) for row in forced) == sorted((name, OWNER, True) for name in ISOLATED)
        policies = text("SELECT tablename, policyname, cmd, permissive FROM pg_policies")
        assert sorted(tuple(row) for row in connection.execute(policies)) == sorted(
            (name, POLICY, "ALL", "PERMISSIVE") for name in ISOLATED
        )


def test_without_a_filter_only_the_own_rows_are_seen_changed_and_deleted(postgresql_url: str) -> None:
    fill_both(postgresql_url)
    full, owned = (Database.open(one, migrate=False) for one in (postgresql_url, as_owner(postgresql_url)))
    before = {rows.name: owned.within(THEIRS).run(all_of, rows) for rows in ALL}

    def change_all(session: Session) -> None:
        for rows in ALL:
            assert whose(session, rows) == [OURS], rows.name
            column = next((one for one in rows.columns if not one.primary_key), rows.c.workspace_id)
            changed = update(rows).values({column: column}).returning(rows.c.workspace_id)
            assert session.scalars(changed).all() == [OURS], rows.name
            removed = delete(rows).returning(rows.c.workspace_id)
            assert session.scalars(removed).all() == [OURS], rows.name

    full.within(OURS).run(change_all)
    assert {rows.name: owned.run(all_of, rows) for rows in ALL} == before
    for database in (full, owned):
        database.close()


def execute(session: Session, statement: Executable) -> None:
    session.execute(statement)


def all_of(session: Session, rows: Table) -> list[str]:
    return [str(tuple(row)) for row in session.execute(select(rows))]


def test_a_row_of_another_workspace_is_refused_and_none_is_handed_over(full: Database) -> None:
    for rows in ALL:
        foreign = insert(rows).values(row_of(rows, 2, 0) | {"workspace_id": THEIRS})
        for statement in (foreign, update(rows).values(workspace_id=THEIRS)):
            with pytest.raises(ProgrammingError, match="row-level security"):
                full.within(OURS).run(execute, statement)


def test_who_names_no_workspace_sees_nothing(full: Database) -> None:
    with full.engine.connect() as connection:
        for rows in ALL:
            assert connection.execute(select(rows)).all() == [], rows.name


def test_across_workspaces_are_keys_states_and_times(full: Database, owned: Database) -> None:
    rights = text(
        "SELECT table_name, column_name, data_type FROM information_schema.column_privileges "
        "JOIN information_schema.columns USING (table_schema, table_name, column_name) "
        "WHERE grantee = :across AND privilege_type = 'SELECT'"
    )
    granted = owned.run(lambda session: session.execute(rights, {"across": ACROSS}).all())
    assert {(table, column) for table, column, _ in granted} == {
        (table, column) for table, columns in SEEN_ACROSS.items() for column in columns
    }
    for table, column, kind in granted:
        is_plain = kind in ("bigint", "boolean", "date", "timestamp with time zone")
        assert is_plain or column in KEYS, f"{table}.{column}"

    for rows in ALL:
        seen = SEEN_ACROSS.get(rows.name, ())
        if seen:
            assert full.run(whose, rows) == [OURS, THEIRS]
        if set(seen) != {column.name for column in rows.columns}:
            with pytest.raises(ProgrammingError, match="permission denied"):
                full.run(execute, select(rows))


def test_a_transaction_goes_into_one_workspace_after_the_other_and_back(full: Database) -> None:
    leases = Base.metadata.tables["leases"]

    def go_about(session: Session) -> list[list[str]]:
        found = [whose(session, leases)]
        for workspace_id in (OURS, THEIRS):
            with within(session, workspace_id):
                found.append(whose(session, leases))
                with across(session):
                    found.append(whose(session, leases))
                found.append(whose(session, leases))
        return [*found, whose(session, leases)]

    both = [OURS, THEIRS]
    assert full.run(go_about) == [both, [OURS], both, [OURS], [THEIRS], both, [THEIRS], both]
    assert full.run(go_about) == full.run(go_about), "nothing of it outlasts the transaction"


@pytest.mark.parametrize(
    "workspace_id", ["T1'; SET LOCAL drumbeat.workspace_id = 'T2", "T2\\", "%s", "T2 ", ""]
)
def test_a_workspaces_name_is_only_ever_a_name(full: Database, workspace_id: str) -> None:
    said = text(f"SELECT current_setting('{WORKSPACE}')")
    assert full.within(workspace_id).run(lambda session: session.scalar(said)) == workspace_id
    assert full.within(workspace_id).run(whose, ALL[0]) == []


# An owner that is the app as well, as after an upgrade


def test_an_owner_is_held_to_the_workspace_that_it_names(owned: Database) -> None:
    for rows in ALL:
        assert owned.within(OURS).run(whose, rows) == [OURS], rows.name
        assert owned.run(whose, rows) == [OURS, THEIRS], rows.name


def test_a_dashboard_sees_every_workspace_through_the_views_and_no_table(
    server: PostgresqlServer, full: Database, owned: Database, url: str
) -> None:
    user = f"dashboard_{os.getpid()}"
    server.make_user(user)
    try:
        owned.run(lambda session: session.execute(text(f"GRANT SELECT ON report_kpis TO {user}")))
        engine = make_engine(url.replace(APP, user))
        with engine.connect() as connection:
            seen = connection.execute(text("SELECT workspace_id FROM report_kpis")).scalars()
            assert sorted(seen) == [OURS, THEIRS]
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text("SELECT * FROM kpis"))
        engine.dispose()
        with pytest.raises(ProgrammingError, match="permission denied"):
            full.within(OURS).run(lambda session: session.execute(text("SELECT * FROM report_kpis")))
    finally:
        owned.run(lambda session: session.execute(text(f"REVOKE SELECT ON report_kpis FROM {user}")))
        server.drop_user(user)


# Users


def of_user(url: str, user: str) -> Database:
    return Database.open(url.replace(f"{APP}:", f"{user}:"), migrate=False)


def isolation_of(database: Database) -> Isolation:
    with database.engine.connect() as connection:
        return find_isolation(connection)


def test_it_is_known_how_far_each_user_is_kept_apart(
    url: str, full: Database, owned: Database, server: PostgresqlServer
) -> None:
    assert isolation_of(full) is Isolation.ON
    assert isolation_of(owned) is Isolation.ON_DEMAND
    superuser = of_user(url, "postgres")
    assert isolation_of(superuser) is Isolation.OFF
    leases = Base.metadata.tables["leases"]
    assert superuser.within(OURS).run(whose, leases) == superuser.run(whose, leases) == [OURS, THEIRS]
    superuser.close()


def test_a_user_with_the_apps_rights_is_the_app(url: str, server: PostgresqlServer) -> None:
    user = f"bot_{os.getpid()}"
    server.make_user(user, role=APP)
    bot = of_user(url, user)
    try:
        assert isolation_of(bot) is Isolation.ON
        assert bot.within(OURS).run(whose, Base.metadata.tables["kpis"]) == [OURS]
        assert bot.run(whose, Base.metadata.tables["due"]) == [OURS, THEIRS]
        with pytest.raises(ProgrammingError, match="permission denied"):
            bot.run(whose, Base.metadata.tables["kpis"])
    finally:
        bot.close()
        server.drop_user(user)


def test_migrating_as_the_owner_gives_the_app_what_it_lacks(postgresql_url: str) -> None:
    app, owned = (Database.open(one, migrate=False) for one in (postgresql_url, as_owner(postgresql_url)))
    owned.run(execute, text(f"REVOKE ALL ON outbox FROM {APP}"))
    assert isolation_of(app) is Isolation.BROKEN
    owned.migrate()
    assert isolation_of(app) is Isolation.ON
    owned.run(execute, text(f"UPDATE alembic_version SET version_num = '{BEFORE}'"))
    with pytest.raises(AppCannotMigrateError):
        app.migrate()
    for database in (app, owned):
        database.close()


# Queries of ours, without their filters


def without_filters(database: Database) -> Callable[[], None]:
    """Every condition on the workspace is taken out of what is sent from now on; call what is returned to end it."""

    def is_filter(element: Any) -> bool:
        if not isinstance(element, BinaryExpression):
            return False
        sides = (element.left, element.right)
        names = [getattr(side, "name", None) == "workspace_id" for side in sides]
        return any(names) and any(isinstance(side, BindParameter) for side in sides)

    def forget(_connection: Connection, statement: Any, many: Any, one: Any, _options: Any) -> Any:
        stripped = visitors.replacement_traverse(
            statement, {}, lambda element, **_: true() if is_filter(element) else None
        )
        return stripped, many, one

    event.listen(database.engine, "before_execute", forget, retval=True)
    return lambda: event.remove(database.engine, "before_execute", forget)


def test_an_export_whose_queries_forget_their_filters_holds_nothing_of_others(
    full: Database, sqlite_url: str
) -> None:
    def exported(database: Database) -> dict[str, Any]:
        own = database.within(OURS)
        return own.run(exports.export_strategy, OURS, 1, NOW)

    beside = Database.open(sqlite_url, migrate=False)
    for workspace_id in (OURS, THEIRS):
        beside.run(fill, workspace_id)
    right = exported(full)
    assert right["tables"] == exported(beside)["tables"]
    for database in (full, beside):
        without_filters(database)
    assert exported(full) == right
    forgotten = exported(beside)["tables"]
    beside.close()
    doubled = {name for name, rows in forgotten.items() if len(rows) > len(right["tables"][name])}
    assert doubled == {name for name, rows in right["tables"].items() if rows}, "the filters were there still"
