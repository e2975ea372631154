"""The monthly review, what was chosen in it, and what leads and owners said and marked."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.models.base import Base, key


class ReviewRow(Base):
    """One per strategy and month (`period` is `2026-12`)."""

    __tablename__ = "reviews"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int]
    period: Mapped[str]
    message_id: Mapped[int]
    details: Mapped[dict[str, Any]]
    """{"message_ids": [...], "lead_messages": {"U1": 1}, "initiative_ids": [...], "reminded": ["U1"], "outcome_id": 1}: the
    messages of its thread and one for each lead asked; what they are to decide; leads who need not be reminded any more;
    the message that told its outcome.
    """
    posted_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """When its outcome is told, as it said when it was posted."""
    closed_at: Mapped[datetime | None]
    """When its outcome was told."""
    __table_args__ = (Index(None, "workspace_id", "strategy_id", "period", unique=True),)


class ReviewAnswerRow(Base):
    """Whether the strategy still holds, and what changed in the market, as a lead sees it; their latest one stands."""

    __tablename__ = "review_answers"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    review_id: Mapped[int]
    person_id: Mapped[str]
    still_holds: Mapped[bool]
    market: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index(None, "workspace_id", "review_id"),)


class ReviewChoiceRow(Base):
    """continue, change or stop for an initiative; the latest one stands, and those before stay."""

    __tablename__ = "review_choices"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    review_id: Mapped[int]
    initiative_id: Mapped[int]
    choice: Mapped[str]
    evidence: Mapped[str]
    authority_holds: Mapped[bool | None]
    changed: Mapped[str]
    """What of its authority and resources is no longer true; "" where nothing is."""
    person_id: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index(None, "workspace_id", "review_id"),)


class MessageCheckRow(Base):
    """Whether what shipped carried the core message, asked of owners before a review, for each channel."""

    __tablename__ = "message_checks"
    workspace_id: Mapped[str] = key()
    check_in_id: Mapped[int] = key()
    initiative_id: Mapped[int] = key()
    channel: Mapped[str] = key()
    carried: Mapped[str]
    """yes, partly or no."""
    where_broke: Mapped[str]
    person_id: Mapped[str]
    at: Mapped[datetime]


class MessageCheckRevisionRow(Base):
    """Every version of a message check, the present one included; rows are only ever added."""

    __tablename__ = "message_check_revisions"
    workspace_id: Mapped[str] = key()
    check_in_id: Mapped[int] = key()
    initiative_id: Mapped[int] = key()
    channel: Mapped[str] = key()
    revision: Mapped[int] = key()
    carried: Mapped[str | None]
    """Null where it was taken back: nothing shipped."""
    where_broke: Mapped[str]
    person_id: Mapped[str]
    at: Mapped[datetime]


class ConfidenceRow(Base):
    """What an owner said of how likely a target is, each version; the target and the chances are as they were then.

    `percent` is null where it was taken back, `line` where no forecast spoke. `outcome` is met, missed or unknown, settled
    by the first review after the target's day.
    """

    __tablename__ = "confidences"
    workspace_id: Mapped[str] = key()
    check_in_id: Mapped[int] = key()
    initiative_id: Mapped[int] = key()
    revision: Mapped[int] = key()
    metric_id: Mapped[int]
    start: Mapped[date]
    baseline: Mapped[str]
    due: Mapped[date]
    target: Mapped[str]
    value: Mapped[str | None]
    percent: Mapped[int | None]
    line: Mapped[int | None]
    person_id: Mapped[str]
    at: Mapped[datetime]
    outcome: Mapped[str | None]
    settled_at: Mapped[datetime | None]


class SeenMarkRow(Base):
    """A lead's *Seen* on an at-risk or off-track line of a digest."""

    __tablename__ = "seen_marks"
    workspace_id: Mapped[str] = key()
    check_in_id: Mapped[int] = key()
    initiative_id: Mapped[int] = key()
    person_id: Mapped[str] = key()
    at: Mapped[datetime]


class SeenWordRow(Base):
    """What a lead said with their *Seen*: the latest stands, "" where it was taken back; rows are only ever added."""

    __tablename__ = "seen_words"
    workspace_id: Mapped[str] = key()
    check_in_id: Mapped[int] = key()
    initiative_id: Mapped[int] = key()
    person_id: Mapped[str] = key()
    revision: Mapped[int] = key()
    word: Mapped[str]
    at: Mapped[datetime]


class HomeRow(Base):
    """A person's Home tab: when they last looked, and what was published last."""

    __tablename__ = "homes"
    workspace_id: Mapped[str] = key()
    person_id: Mapped[str] = key()
    opened_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    is_stale: Mapped[bool]
    channels: Mapped[dict[str, Any]]
    """{"channel_ids": [...]}: where they were a member when they last looked."""
    strategies: Mapped[str]
    """The ids of those shown, each between spaces."""
    asks_page: Mapped[int]
    boards_page: Mapped[int]
    __table_args__ = (Index(None, "workspace_id", "is_stale", "opened_at"),)
