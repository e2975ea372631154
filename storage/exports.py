"""A strategy as one document, out of its database, row for row.

Every table is either exported or named in `LEFT_OUT` (a test sees to it). Rows leave their workspace's id out: it
stands once, at the top.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from storage import models as m
from storage.statements import table

FORMAT = "drumbeat-strategy"
VERSION = 1
Row = dict[str, Any]
Shape = Mapping[str, frozenset[str]]
"""The columns of each table, without their workspace's id."""
Document = dict[str, Any]
"""As docs/export-schema.json has it: `format`, `version`, `exported_at`, `workspace_id`, `strategy_id`, `tables`."""

LEFT_OUT = {
    "canvases": "which canvas of the old workspace tells it",
    "channel_moves": "which ids the channels of the old workspace had",
    "checklists": "which messages of the old workspace tick themselves off",
    "drafts": "plans that nobody has been told of yet, kept for thirty days",
    "api_tokens": "credentials: whoever takes the strategy over makes new ones",
    "forgotten": "who asked to be forgotten, for backups of the old database",
    "homes": "what one person looked at, made anew when they open it",
    "install_states": "installs that are just going on",
    "installations": "tokens of workspaces: the app is installed anew",
    "leases": "who sends just now",
    "outbox": "on its way out of the old database",
    "restored_dues": "what was perhaps said when the old database came out of a backup",
    "restores": "when the old database came out of a backup",
    "seen": "repeats that Slack may still send to the old bot",
}
PEOPLE_COLUMNS = frozenset(
    {
        "person_id",
        "owner_id",
        "sponsor_id",
        "decider_id",
        "requested_by",
        "decided_by",
        "done_by",
        "vanity_kept_by",
        "withdrawn_by",
        "about_id",
    }
)
_MESSAGE_COLUMNS = ("message_id", "reminder_message_id", "reply_message_id")
_BATCH = 500
"""Ids in one statement: SQLite takes 32,766 parameters, older ones 999."""

_strategies = table(m.StrategyRow)
_initiatives = table(m.InitiativeRow)
_check_ins = table(m.CheckInRow)
_kpis = table(m.KpiRow)
_bets = table(m.BetRow)
_reviews = table(m.ReviewRow)
_signals = table(m.SignalRow)
_messages = table(m.MessageRow)
_people = table(m.PersonRow)

# What belongs to what: the tables whose rows name the strategy, then those that name a row of one of these.
_OF_STRATEGY = (
    m.GoalRow,
    m.LeadRow,
    m.ScheduleRow,
    m.ChangeRow,
    m.ActRow,
    m.InitiativeRow,
    m.LearningRow,
    m.KpiRow,
    m.SignalRow,
    m.CheckInRow,
    m.ClosedWeekRow,
    m.SignsShownRow,
    m.DigestRow,
    m.ReviewRow,
    m.DecisionRow,
    m.BetRow,
    m.DueRow,
    m.OccurrenceRow,
)
_OF_OTHERS = (
    (m.MetricRow, "initiative_id", _initiatives),
    (m.CharterRow, "initiative_id", _initiatives),
    (m.ConfirmationRow, "initiative_id", _initiatives),
    (m.MilestoneRow, "initiative_id", _initiatives),
    (m.RetrospectiveRow, "initiative_id", _initiatives),
    (m.LearningAnswerRow, "initiative_id", _initiatives),
    (m.KpiReadingRow, "kpi_id", _kpis),
    (m.SignalWordRow, "signal_id", _signals),
    (m.AnswerRow, "check_in_id", _check_ins),
    (m.RevisionRow, "check_in_id", _check_ins),
    (m.ReadingRow, "check_in_id", _check_ins),
    (m.MessageCheckRow, "check_in_id", _check_ins),
    (m.MessageCheckRevisionRow, "check_in_id", _check_ins),
    (m.ConfidenceRow, "check_in_id", _check_ins),
    (m.SeenMarkRow, "check_in_id", _check_ins),
    (m.SeenWordRow, "check_in_id", _check_ins),
    (m.BetLookRow, "bet_id", _bets),
    (m.ReviewAnswerRow, "review_id", _reviews),
    (m.ReviewChoiceRow, "review_id", _reviews),
)
_SHARED = (m.WorkspaceRow, m.PersonRow, m.AbsenceRow)
SHARED = frozenset(rows.__tablename__ for rows in _SHARED)
"""What several strategies of a workspace have in common: importing keeps what is there."""
EXPORTED: Mapping[str, Table] = {
    rows.__tablename__: table(rows)
    for rows in (
        *_SHARED,
        m.StrategyRow,
        *_OF_STRATEGY,
        *(rows for rows, _, _ in _OF_OTHERS),
        m.NoteRow,
        m.NotePartRow,
        m.MessageRow,
    )
}
TODAY: Shape = {
    name: frozenset(column.name for column in rows.columns) - {"workspace_id"}
    for name, rows in EXPORTED.items()
}


def export_strategy(session: Session, workspace_id: str, strategy_id: int, now: datetime) -> Document:
    """Everything kept about a strategy, and the people it names."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": now.isoformat(),
        "workspace_id": workspace_id,
        "strategy_id": strategy_id,
        "tables": read_tables(session, workspace_id, strategy_id),
    }


def list_all(session: Session) -> list[tuple[str, int]]:
    """Every strategy there is: its workspace and its id."""
    rows = session.execute(select(_strategies.c.workspace_id, _strategies.c.id).order_by(_strategies.c.id))
    return [(workspace_id, id_) for workspace_id, id_ in rows]


def read_tables(session: Session, workspace_id: str, strategy_id: int) -> dict[str, list[Row]]:
    """The rows of each table of an export."""
    rows: dict[str, list[Row]] = {}
    for name, found, which in _selected(workspace_id, strategy_id):
        rows[name] = _read(session, found, which)
    names = sorted(set(_values_in(rows.values(), PEOPLE_COLUMNS)))
    rows["messages"] = _read_messages(session, workspace_id, sorted(set(_message_ids(rows))))
    for of_person in (m.PersonRow, m.AbsenceRow):
        found = table(of_person)
        rows[found.name] = _read_batches(session, found, workspace_id, found.c.person_id, names)
    return {name: rows[name] for name in EXPORTED}


def has_shape(tables: Mapping[str, object], shape: Shape) -> bool:
    """Whether an export's tables are these, and all of their rows have these columns."""
    return tables.keys() == shape.keys() and all(
        isinstance(found, list) and all(isinstance(row, dict) and row.keys() == shape[name] for row in found)
        for name, found in tables.items()
    )


def _selected(workspace_id: str, strategy_id: int) -> Iterator[tuple[str, Table, ColumnElement[bool]]]:
    def of_workspace(rows: Table) -> ColumnElement[bool]:
        return rows.c.workspace_id == workspace_id

    def ids(of: Table) -> Select[Any]:
        return select(of.c.id).where(of_workspace(of), of.c.strategy_id == strategy_id)

    workspaces, notes, parts = table(m.WorkspaceRow), table(m.NoteRow), table(m.NotePartRow)
    yield workspaces.name, workspaces, of_workspace(workspaces)
    yield _strategies.name, _strategies, of_workspace(_strategies) & (_strategies.c.id == strategy_id)
    for rows in map(table, _OF_STRATEGY):
        yield rows.name, rows, of_workspace(rows) & (rows.c.strategy_id == strategy_id)
    for row, column, parent in _OF_OTHERS:
        rows = table(row)
        yield rows.name, rows, of_workspace(rows) & rows.c[column].in_(ids(parent))
    # What a message says of other strategies, or of none, is its writer's: a strategy has the parts recorded for it.
    yield notes.name, notes, of_workspace(notes) & (notes.c.strategy_id == strategy_id)
    recorded = (parts.c.strategy_id == strategy_id) & parts.c.revision.is_not(None)
    yield parts.name, parts, of_workspace(parts) & recorded


def _read(session: Session, rows: Table, which: ColumnElement[bool]) -> list[Row]:
    found = session.execute(select(rows).where(which).order_by(*rows.primary_key))
    return [_encoded(row._asdict()) for row in found]


def _read_batches(
    session: Session, rows: Table, workspace_id: str, column: ColumnElement[Any], values: list[Any]
) -> list[Row]:
    of_workspace = rows.c.workspace_id == workspace_id
    return [
        row
        for start in range(0, len(values), _BATCH)
        for row in _read(session, rows, of_workspace & column.in_(values[start : start + _BATCH]))
    ]


def _read_messages(session: Session, workspace_id: str, ids: list[int]) -> list[Row]:
    """Those that rows refer to, and those in whose threads they stand."""
    found = _read_batches(session, _messages, workspace_id, _messages.c.id, ids)
    parents = {row["thread_of"] for row in found if row["thread_of"]} - set(ids)
    return found + _read_batches(session, _messages, workspace_id, _messages.c.id, sorted(parents))


def _message_ids(rows: Mapping[str, list[Row]]) -> Iterator[int]:
    yield from _values_in(rows.values(), _MESSAGE_COLUMNS)
    for row in (*rows["digests"], *rows["reviews"]):
        yield from row["details"]["message_ids"]


def _values_in(tables: Iterable[list[Row]], columns: Iterable[str]) -> Iterator[Any]:
    wanted = frozenset(columns)
    for rows in tables:
        for name in wanted.intersection(rows[0] if rows else ()):
            yield from (row[name] for row in rows if row[name])


def _encoded(row: Mapping[str, Any]) -> Row:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if name != "workspace_id"
    }
