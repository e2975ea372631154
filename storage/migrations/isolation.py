"""Rows of other workspaces are out of reach, on PostgreSQL: row-level security on every table that has a workspace, forced on
the tables' owner as well, and the rights of the two roles that an operator may have made. docs/operating.md says how.

Made anew whenever the schema is brought up to date, so that no new table is forgotten.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlalchemy import Connection, text

from storage.isolation import ACROSS, APP, WORKSPACE
from storage.models import Base

POLICY = "of_its_workspace"
_WHOSE = f"current_setting('{WORKSPACE}', true)"
_IS_APP = f"coalesce(pg_has_role(current_user, to_regrole('{APP}'), 'USAGE'), false)"
# Whoever is not the app, as the owner or a dashboard's user, sees all that it may while it names no workspace.
_VISIBLE = f"workspace_id = {_WHOSE} OR (coalesce({_WHOSE}, '') = '' AND NOT {_IS_APP})"

ISOLATED = tuple(rows.name for rows in Base.metadata.sorted_tables if "workspace_id" in rows.columns)
"""Every table, as a test sees to."""
SEEN_ACROSS: Mapping[str, Sequence[str]] = {
    "acts": ("workspace_id", "strategy_id", "at"),
    "api_tokens": ("workspace_id", "hash", "revoked_at"),
    "answers": ("workspace_id", "check_in_id", "at"),
    "canvases": ("workspace_id", "strategy_id", "state", "looked_at", "look_at", "written_at"),
    "check_ins": ("workspace_id", "id", "strategy_id"),
    "checklists": ("workspace_id", "strategy_id", "is_stale", "is_answered"),
    "decisions": ("workspace_id", "strategy_id", "state", "due"),
    "due": ("workspace_id", "strategy_id", "ritual", "person_id", "period", "due_at"),
    "homes": ("workspace_id", "is_stale", "opened_at", "published_at"),
    "installations": ("workspace_id", "organisation_id", "installed_at", "removed_at"),
    "leases": ("workspace_id", "holder", "until", "in_flight"),
    "messages": ("workspace_id", "id"),
    "occurrences": ("workspace_id", "claimed_at"),
    "outbox": ("workspace_id", "id", "method", "state", "version", "created_at", "settle_at", "said_since"),
    "people": ("workspace_id", "person_id"),
    "strategies": ("workspace_id", "id"),
    "workspaces": ("workspace_id",),
}
"""What is due where and what waits to be said, by whom it may be sent, and whose a token is: keys, states and times."""
_CHANGED_ACROSS: Mapping[str, Sequence[str]] = {
    "installations": ("token", "refresh_token", "expires_at", "removed_at"),
    "leases": ("holder", "until", "in_flight"),
    "messages": ("channel_id", "ts"),
    "outbox": ("method", "state", "error", "in_doubt_since", "said_since", "settle_at"),
    "people": ("dm_channel_id",),
}
"""What became of what was sent, who sends, and that an organisation removed the app everywhere."""
_ADDED_ACROSS = ("installations", "leases")
_DELETED_ACROSS = ("leases", "outbox")


class Isolation(StrEnum):
    """How far workspaces are out of each other's reach. `on_demand`: for the transactions that name theirs; whoever names none,
    as the owner of the tables, sees all. `broken`: it would be on, but for rights that are missing.
    """

    ON = "on"
    ON_DEMAND = "on demand"
    OFF = "off"
    BROKEN = "broken"


_RIGHTS = text(
    "SELECT rolsuper OR rolbypassrls AS sees_all, "
    "coalesce(pg_has_role(oid, to_regrole(:app), 'USAGE'), false) AS is_app, "
    "coalesce(pg_has_role(oid, to_regrole(:across), 'MEMBER') AND has_table_privilege(oid, 'outbox', 'INSERT') "
    "AND has_column_privilege(to_regrole(:across), 'outbox', 'state', 'SELECT'), false) AS may_work "
    "FROM pg_roles WHERE rolname = current_user"
)
_ROLES = text("SELECT count(*) FROM pg_roles WHERE rolname IN (:app, :across)")
_OWNS = text(
    "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('outbox')"
)


def find_isolation(connection: Connection) -> Isolation:
    """Of PostgreSQL, for the user that is connected."""
    rights = connection.execute(_RIGHTS, {"app": APP, "across": ACROSS}).one()
    if rights.sees_all:
        return Isolation.OFF
    if not rights.is_app:
        return Isolation.ON_DEMAND
    return Isolation.ON if rights.may_work else Isolation.BROKEN


def isolate(connection: Connection) -> None:
    """Let every row be seen in its workspace's transactions only."""
    if connection.dialect.name != "postgresql":
        return
    for table in ISOLATED:
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS {POLICY} ON {table}",
            f"CREATE POLICY {POLICY} ON {table} USING ({_VISIBLE})",
        ):
            connection.exec_driver_sql(statement)


def grant(connection: Connection) -> None:
    """Give both roles their rights, where they are there and the tables are ours to give."""
    if connection.dialect.name != "postgresql" or not connection.scalar(_OWNS):
        return
    if connection.scalar(_ROLES, {"app": APP, "across": ACROSS}) != 2:
        return
    schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {APP}, {ACROSS}")
    connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {APP}")
    for table in ISOLATED:
        connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}")
        connection.exec_driver_sql(f"REVOKE ALL ON {table} FROM {ACROSS}")
    for right, granted in (("SELECT", SEEN_ACROSS), ("UPDATE", _CHANGED_ACROSS)):
        for table, columns in granted.items():
            connection.exec_driver_sql(f"GRANT {right} ({', '.join(columns)}) ON {table} TO {ACROSS}")
    for right, tables in (("INSERT", _ADDED_ACROSS), ("DELETE", _DELETED_ACROSS)):
        connection.exec_driver_sql(f"GRANT {right} ON {', '.join(tables)} TO {ACROSS}")
