"""Decisions: requested with a decider, a date and a default, or recorded once taken."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.models.base import Base, key


class DecisionRow(Base):
    __tablename__ = "decisions"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int]
    initiative_id: Mapped[int | None]
    check_in_id: Mapped[int | None]
    kind: Mapped[str]
    """decision, resource or help."""
    question: Mapped[str]
    context: Mapped[str]
    options: Mapped[dict[str, Any]]
    """{"options": ["...", ...]}"""
    default: Mapped[str]
    requested_by: Mapped[str]
    decider_id: Mapped[str]
    due: Mapped[date]
    """The default takes effect at the end of this day of the strategy's zone."""
    state: Mapped[str]
    """open, decided, defaulted or withdrawn."""
    outcome: Mapped[str]
    reason: Mapped[str]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    message_id: Mapped[int | None]
    """The decider's, in `messages`."""
    __table_args__ = (
        Index(None, "workspace_id", "strategy_id", "state"),
        Index(None, "workspace_id", "decider_id", "state"),
        Index(None, "workspace_id", "initiative_id"),
    )
