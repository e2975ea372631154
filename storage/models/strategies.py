"""Strategies with goals, leads and schedules, and what was changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, key


class StrategyRow(Base):
    """One per channel that is not closed. `working_days` and `country` hold for people without their own."""

    __tablename__ = "strategies"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    channel_id: Mapped[str]
    name: Mapped[str]
    why: Mapped[str]
    audience: Mapped[str]
    difference: Mapped[str]
    core_message: Mapped[str]
    zone: Mapped[str]
    working_days: Mapped[str]
    country: Mapped[str | None]
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """Another one of its channel followed it then; it is read, and nothing of it changes."""
    __table_args__ = (
        Index(
            None,
            "workspace_id",
            "channel_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )


class GoalRow(Base):
    __tablename__ = "goals"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int]
    position: Mapped[int]
    text: Mapped[str]
    former_id: Mapped[int | None]
    """The goal of the strategy before that it goes on with."""
    __table_args__ = (Index(None, "workspace_id", "strategy_id"),)


class LeadRow(Base):
    __tablename__ = "leads"
    workspace_id: Mapped[str] = key()
    strategy_id: Mapped[int] = key()
    person_id: Mapped[str] = key()


class ScheduleRow(Base):
    """The schedule in force from a period on; the row with the greatest `from_period` not after a period holds."""

    __tablename__ = "schedules"
    workspace_id: Mapped[str] = key()
    strategy_id: Mapped[int] = key()
    from_period: Mapped[str] = key()
    schedule: Mapped[dict[str, Any]]


class DraftRow(Base):
    """A plan as it was understood, before anybody is told; one per strategy. `content` is `Draft.to_json`."""

    __tablename__ = "drafts"
    workspace_id: Mapped[str] = key()
    strategy_id: Mapped[int] = key()
    revision: Mapped[int]
    content: Mapped[str]
    edited_by: Mapped[str]
    edited_at: Mapped[datetime]


class ChecklistRow(Base):
    """The message that tells a lead how far a strategy has come, in `messages`; gone once there is nothing more to tick."""

    __tablename__ = "checklists"
    workspace_id: Mapped[str] = key()
    strategy_id: Mapped[int] = key()
    person_id: Mapped[str] = key()
    message_id: Mapped[int]
    is_stale: Mapped[bool]
    """Something of the strategy has changed since it was drawn."""
    is_answered: Mapped[bool]
    """It says that the first check-in is answered."""


class CanvasRow(Base):
    """What is known of the canvas in the tab of a strategy's channel (`domain.canvases.Canvas`); its words are in Slack alone."""

    __tablename__ = "canvases"
    workspace_id: Mapped[str] = key()
    strategy_id: Mapped[int] = key()
    state: Mapped[str]
    reason: Mapped[str]
    """Why a lead is asked, or what Slack refused it with."""
    person_id: Mapped[str]
    """The lead who said last what is to become of it."""
    canvas_id: Mapped[str | None]
    message_id: Mapped[int | None]
    text: Mapped[str]
    """A hash of what was written last."""
    content: Mapped[str]
    """A hash of what Slack showed of it afterwards: another one says that people wrote in it."""
    is_begun: Mapped[bool]
    looked_at: Mapped[datetime]
    look_at: Mapped[datetime]
    written_at: Mapped[datetime | None]


class ChangeRow(Base):
    """Who changed what, when: the digest's "what changed" and the strategy's history."""

    __tablename__ = "changes"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int]
    initiative_id: Mapped[int | None]
    kind: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    """What made the person change it, in a sentence; "" where that is not asked."""
    person_id: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index(None, "workspace_id", "strategy_id", "at"),)


class ChannelMoveRow(Base):
    """The id that a channel has instead of a former one, which stands in buttons of messages and in open forms."""

    __tablename__ = "channel_moves"
    workspace_id: Mapped[str] = key()
    old_id: Mapped[str] = key()
    new_id: Mapped[str]
