"""The tables. Private to storage: query functions return domain values, never these.

Every table leads with the workspace id, so that it can be partitioned by it. Instants are UTC; periods are text
such as `2026-W48`; ids are made by `storage.ids.new_id` and grow with time.
"""

from storage.models.acts import ActRow
from storage.models.base import Base
from storage.models.bets import BetLookRow, BetRow
from storage.models.check_ins import (
    AnswerRow,
    CheckInRow,
    ClosedWeekRow,
    NotePartRow,
    NoteRow,
    ReadingRow,
    RevisionRow,
    SignsShownRow,
)
from storage.models.decisions import DecisionRow
from storage.models.delivery import IS_PENDING, LeaseRow, MessageRow, OutboxRow, RestoredDueRow, RestoreRow
from storage.models.initiatives import InitiativeRow, MetricRow
from storage.models.installations import InstallationRow, InstallStateRow
from storage.models.kickoffs import (
    CharterRow,
    ConfirmationRow,
    LearningAnswerRow,
    LearningRow,
    MilestoneRow,
    RetrospectiveRow,
)
from storage.models.kpis import ApiTokenRow, KpiReadingRow, KpiRow, SignalRow, SignalWordRow
from storage.models.people import AbsenceRow, ForgottenRow, PersonRow, WorkspaceRow
from storage.models.reviews import (
    ConfidenceRow,
    HomeRow,
    MessageCheckRevisionRow,
    MessageCheckRow,
    ReviewAnswerRow,
    ReviewChoiceRow,
    ReviewRow,
    SeenMarkRow,
    SeenWordRow,
)
from storage.models.rituals import DigestRow, DueRow, OccurrenceRow, SeenRow
from storage.models.strategies import (
    CanvasRow,
    ChangeRow,
    ChannelMoveRow,
    ChecklistRow,
    DraftRow,
    GoalRow,
    LeadRow,
    ScheduleRow,
    StrategyRow,
)

__all__ = [
    "IS_PENDING",
    "AbsenceRow",
    "ActRow",
    "AnswerRow",
    "ApiTokenRow",
    "Base",
    "BetLookRow",
    "BetRow",
    "CanvasRow",
    "ChangeRow",
    "ChannelMoveRow",
    "CharterRow",
    "CheckInRow",
    "ChecklistRow",
    "ClosedWeekRow",
    "ConfidenceRow",
    "ConfirmationRow",
    "DecisionRow",
    "DigestRow",
    "DraftRow",
    "DueRow",
    "ForgottenRow",
    "GoalRow",
    "HomeRow",
    "InitiativeRow",
    "InstallStateRow",
    "InstallationRow",
    "KpiReadingRow",
    "KpiRow",
    "LeadRow",
    "LearningAnswerRow",
    "LearningRow",
    "LeaseRow",
    "MessageCheckRevisionRow",
    "MessageCheckRow",
    "MessageRow",
    "MetricRow",
    "MilestoneRow",
    "NotePartRow",
    "NoteRow",
    "OccurrenceRow",
    "OutboxRow",
    "PersonRow",
    "ReadingRow",
    "RestoreRow",
    "RestoredDueRow",
    "RetrospectiveRow",
    "ReviewAnswerRow",
    "ReviewChoiceRow",
    "ReviewRow",
    "RevisionRow",
    "ScheduleRow",
    "SeenMarkRow",
    "SeenRow",
    "SeenWordRow",
    "SignalRow",
    "SignalWordRow",
    "SignsShownRow",
    "StrategyRow",
    "WorkspaceRow",
]
