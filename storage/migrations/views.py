"""Views for whoever draws dashboards from the database: facts and figures, and no words but names. docs/views.md says what
each column is; they stay as they are while tables change, and are made anew whenever those are brought up to date.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text

_OF_BOTH = {
    "report_strategies": """
        SELECT workspace_id, id AS strategy_id, name, channel_id, zone, created_at, paused_at, closed_at FROM strategies""",
    "report_people": """
        SELECT workspace_id, person_id, name, zone, is_deactivated FROM people""",
    "report_initiatives": """
        SELECT workspace_id, id AS initiative_id, strategy_id, name, owner_id, status, start AS starts_on, due AS due_on,
            first_due AS first_due_on, due_moves, created_at, closed_at
        FROM initiatives""",
    "report_kpis": """
        SELECT workspace_id, id AS kpi_id, strategy_id, name, kind, unit, direction,
            CAST(baseline AS NUMERIC) AS baseline, baseline_on, CAST(target AS NUMERIC) AS target, target_on,
            owner_id, cadence, created_at, retired_at
        FROM kpis""",
    "report_kpi_readings": """
        SELECT workspace_id, kpi_id, "on" AS read_on, CAST(value AS NUMERIC) AS value, source, person_id, at AS recorded_at
        FROM kpi_readings
        WHERE withdrawn_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM kpi_readings later
            WHERE later.workspace_id = kpi_readings.workspace_id AND later.kpi_id = kpi_readings.kpi_id
                AND later."on" = kpi_readings."on" AND later.id > kpi_readings.id AND later.withdrawn_at IS NULL
        )""",
    "report_answers": """
        SELECT check_ins.workspace_id, strategy_id, period, check_ins.person_id, initiative_id, state,
            due_at AS asked_at, health, answers.at AS answered_at, answers.person_id AS answered_by
        FROM check_ins JOIN answers
            ON answers.workspace_id = check_ins.workspace_id AND answers.check_in_id = check_ins.id""",
    "report_decisions": """
        SELECT workspace_id, id AS decision_id, strategy_id, initiative_id, kind, state, requested_by, decider_id,
            due AS due_on, created_at, decided_by, decided_at
        FROM decisions""",
    "report_acts": """
        SELECT workspace_id, id AS act_id, strategy_id, at, person_id, way, token, kind, about_id, thing_id, name,
            "before" AS from_value, "after" AS to_value
        FROM acts""",
    "report_occurrences": """
        SELECT workspace_id, strategy_id, ritual, period, person_id, due_at, claimed_at AS happened_at, outcome
        FROM occurrences""",
}
_CLOSED_WEEKS = """
        SELECT workspace_id, strategy_id, period, person_id, state, {initiative_id} AS initiative_id, {name} AS initiative,
            {standing} AS standing, {health} AS health, is_reckoned, closed_at
        FROM closed_weeks, {initiatives}"""
_ON_SQLITE = {
    "report_closed_weeks": _CLOSED_WEEKS.format(
        initiatives="json_each(closed_weeks.facts, '$.initiatives') one",
        **{name: f"json_extract(one.value, '$.{name}')" for name in ("name", "standing", "health")},
        initiative_id="json_extract(one.value, '$.id')",
    ),
}
_ON_POSTGRESQL = {
    "report_closed_weeks": _CLOSED_WEEKS.format(
        initiatives="json_array_elements(closed_weeks.facts -> 'initiatives') one",
        **{name: f"one ->> '{name}'" for name in ("name", "standing", "health")},
        initiative_id="CAST(one ->> 'id' AS BIGINT)",
    ),
}
Grants = Mapping[str, list[str]]
"""Who may read a view beside its owner, by view."""


def views_of(dialect: str) -> Mapping[str, str]:
    """What each selects, by name."""
    return _OF_BOTH | (_ON_SQLITE if dialect == "sqlite" else _ON_POSTGRESQL)


def find_grants(connection: Connection) -> Grants:
    grants: dict[str, list[str]] = {}
    if connection.dialect.name == "postgresql":
        rows = connection.execute(
            text(
                "SELECT table_name, grantee FROM information_schema.role_table_grants WHERE privilege_type = 'SELECT' "
                "AND table_schema = current_schema() AND table_name LIKE 'report\\_%' AND grantee <> current_user"
            )
        )
        for name, grantee in rows:
            grants.setdefault(name, []).append(grantee)
    return grants


def drop_views(connection: Connection) -> Grants:
    """So that tables can change; returns what is to be granted again."""
    grants = find_grants(connection)
    for name in views_of(connection.dialect.name):
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))
    return grants


def make_views(connection: Connection, grants: Grants) -> None:
    for name, select in views_of(connection.dialect.name).items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {select}")
    _grant(connection, grants)


def grant_anew(connection: Connection, grants: Grants) -> None:
    """In a schema that a restore has made: nobody may enter it yet."""
    quote = connection.dialect.identifier_preparer.quote
    for grantee in sorted({grantee for several in grants.values() for grantee in several}):
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quote(grantee)}"))
    _grant(connection, grants)


def _grant(connection: Connection, grants: Grants) -> None:
    quote = connection.dialect.identifier_preparer.quote
    for name in views_of(connection.dialect.name).keys() & grants.keys():
        for grantee in grants[name]:
            connection.execute(text(f"GRANT SELECT ON {name} TO {quote(grantee)}"))
