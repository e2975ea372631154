"""The tables. Private to storage: query functions return domain values, never these.

Every table leads with the workspace id, so that it can be partitioned by it. Instants are UTC; periods are text
such as `2026-W48`; ids are made by `storage.ids.new_id` and grow with time.
"""

from storage.models.base import Base
from storage.models.check_ins import AnswerRow, CheckInRow, NoteRow, ReadingRow, RevisionRow
from storage.models.delivery import IS_PENDING, LeaseRow, MessageRow, OutboxRow
from storage.models.initiatives import InitiativeRow, MetricRow
from storage.models.people import AbsenceRow, PersonRow, WorkspaceRow
from storage.models.rituals import DigestRow, DueRow, OccurrenceRow, SeenRow
from storage.models.strategies import ChangeRow, GoalRow, LeadRow, ScheduleRow, StrategyRow

__all__ = [
    "IS_PENDING",
    "AbsenceRow",
    "AnswerRow",
    "Base",
    "ChangeRow",
    "CheckInRow",
    "DigestRow",
    "DueRow",
    "GoalRow",
    "InitiativeRow",
    "LeadRow",
    "LeaseRow",
    "MessageRow",
    "MetricRow",
    "NoteRow",
    "OccurrenceRow",
    "OutboxRow",
    "PersonRow",
    "ReadingRow",
    "RevisionRow",
    "ScheduleRow",
    "SeenRow",
    "StrategyRow",
    "WorkspaceRow",
]
