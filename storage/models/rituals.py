"""What is due, what happened, and the digests posted."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.models.base import Base, key


class DigestRow(Base):
    """One per strategy and period. `is_final` once the scheduled one was due."""

    __tablename__ = "digests"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int]
    period: Mapped[str]
    message_id: Mapped[int]
    details: Mapped[dict[str, Any]]
    """{"message_ids": [...]}: the messages of its thread, in `messages`."""
    posted_at: Mapped[datetime]
    is_final: Mapped[bool]
    told: Mapped[dict[str, Any]]
    """What it said last of each initiative, by id: how it stood (`standing`), and whose it was (`owner`)."""
    __table_args__ = (Index(None, "workspace_id", "strategy_id", "period", unique=True),)


class DueRow(Base):
    """The next occurrence of a ritual for a strategy (person "") or one of its owners."""

    __tablename__ = "due"
    workspace_id: Mapped[str] = key()
    strategy_id: Mapped[int] = key()
    ritual: Mapped[str] = key()
    person_id: Mapped[str] = key()
    period: Mapped[str]
    due_at: Mapped[datetime]
    __table_args__ = (Index(None, "workspace_id", "due_at"),)


class OccurrenceRow(Base):
    """A ritual that happened (or was passed over): its key is what makes it happen once."""

    __tablename__ = "occurrences"
    workspace_id: Mapped[str] = key()
    strategy_id: Mapped[int] = key()
    ritual: Mapped[str] = key()
    period: Mapped[str] = key()
    person_id: Mapped[str] = key()
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime]
    outcome: Mapped[str]
    __table_args__ = (Index(None, "workspace_id", "claimed_at"),)


class SeenRow(Base):
    """Event ids and view submissions already handled, so that Slack's repeats do nothing."""

    __tablename__ = "seen"
    workspace_id: Mapped[str] = key()
    key: Mapped[str] = key()
    at: Mapped[datetime]
    __table_args__ = (Index(None, "workspace_id", "at"),)
