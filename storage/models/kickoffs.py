"""Authority and resources of initiatives, who confirmed them, and milestones."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.models.base import Base, key


class CharterRow(Base):
    """What an initiative was given: its sponsor, authority and resources."""

    __tablename__ = "charters"
    workspace_id: Mapped[str] = key()
    initiative_id: Mapped[int] = key()
    sponsor_id: Mapped[str]
    may_decide: Mapped[str]
    budget: Mapped[str]
    resources: Mapped[str]
    """People and tools."""
    channels: Mapped[dict[str, Any]]
    """{"channels": ["email", ...]}: where its message goes out."""


class ConfirmationRow(Base):
    """What one person was asked to say yes to at kickoff: as owner, as sponsor, or as a partner who commits."""

    __tablename__ = "confirmations"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    initiative_id: Mapped[int]
    role: Mapped[str]
    person_id: Mapped[str]
    what: Mapped[str]
    """A partner's commitment, as the lead wrote it."""
    state: Mapped[str]
    """asked, yes, declined or withdrawn."""
    words: Mapped[str]
    changed: Mapped[str]
    """What a lead says of what was given is no longer true, where that is why a sponsor is asked again."""
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    message_id: Mapped[int | None]
    """The one that asks them: of all they are asked in the strategy at a time."""
    nudged_at: Mapped[datetime | None]
    """When a lead had them asked once more."""
    __table_args__ = (
        Index(None, "workspace_id", "initiative_id"),
        Index(None, "workspace_id", "person_id", "state"),
    )


class MilestoneRow(Base):
    __tablename__ = "milestones"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    initiative_id: Mapped[int]
    name: Mapped[str]
    person_id: Mapped[str]
    due: Mapped[date]
    ends_phase: Mapped[bool]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    __table_args__ = (Index(None, "workspace_id", "initiative_id"),)


class RetrospectiveRow(Base):
    """What one person said when an initiative or a phase of it closed; empty until they do."""

    __tablename__ = "retrospectives"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    initiative_id: Mapped[int]
    milestone_id: Mapped[int | None]
    """The milestone whose phase ended; null when the initiative closed."""
    person_id: Mapped[str]
    expected: Mapped[str]
    happened: Mapped[str]
    keep: Mapped[str]
    change: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    message_id: Mapped[int | None]
    __table_args__ = (Index(None, "workspace_id", "initiative_id"),)


class LearningRow(Base):
    """What a retrospective or a bet taught, for the next kickoff of the same goal; `kind` is keep or change."""

    __tablename__ = "learnings"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int]
    goal_id: Mapped[int | None]
    initiative_id: Mapped[int | None]
    """Null where it is of a bet on a KPI."""
    kind: Mapped[str]
    text: Mapped[str]
    person_id: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index(None, "workspace_id", "strategy_id", "goal_id"),)


class LearningAnswerRow(Base):
    """Whether a later initiative's owner took a learning over."""

    __tablename__ = "learning_answers"
    workspace_id: Mapped[str] = key()
    learning_id: Mapped[int] = key()
    initiative_id: Mapped[int] = key()
    is_accepted: Mapped[bool]
    person_id: Mapped[str]
    at: Mapped[datetime]
