"""Check-ins, answers, every revision of them, and words kept as notes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.models.base import Base, key


class CheckInRow(Base):
    """One per owner, strategy and period."""

    __tablename__ = "check_ins"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int]
    person_id: Mapped[str]
    period: Mapped[str]
    state: Mapped[str]
    due_at: Mapped[datetime]
    digest_id: Mapped[int | None]
    message_id: Mapped[int | None]
    """The prompt, in `messages`."""
    reminder_message_id: Mapped[int | None]
    """The latest reminder, in `messages`."""
    snoozed_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """When its week was closed: nothing of it changes any more."""
    __table_args__ = (
        Index(None, "workspace_id", "strategy_id", "person_id", "period", unique=True),
        Index(None, "workspace_id", "person_id", "due_at"),
        Index(None, "workspace_id", "strategy_id", "period"),
    )


class ClosedWeekRow(Base):
    """What a week left with one person, written once when their next prompt is due and never changed.

    `facts` are as `storage.closed_weeks` writes them.
    """

    __tablename__ = "closed_weeks"
    workspace_id: Mapped[str] = key()
    strategy_id: Mapped[int] = key()
    period: Mapped[str] = key()
    person_id: Mapped[str] = key()
    state: Mapped[str | None]
    """That of the check-in; null where nothing was asked."""
    facts: Mapped[dict[str, Any]]
    is_reckoned: Mapped[bool]
    """Made of what later rows still said, when an older version was brought up to date."""
    closed_at: Mapped[datetime]


class SignsShownRow(Base):
    """That an initiative had three signs of slipping or more when its owner was asked; rows are only ever added.

    `signs` has the figure of each (`domain.signs.SignKind`), and no words.
    """

    __tablename__ = "signs_shown"
    workspace_id: Mapped[str] = key()
    initiative_id: Mapped[int] = key()
    period: Mapped[str] = key()
    strategy_id: Mapped[int]
    signs: Mapped[dict[str, Any]]
    due: Mapped[date]
    """As it was then."""
    is_for_leads: Mapped[bool]
    """It had them when its owner was asked before, too."""
    at: Mapped[datetime]
    __table_args__ = (Index(None, "workspace_id", "strategy_id"),)


class AnswerRow(Base):
    """What stands recorded for one initiative of a check-in; `health` is null until it is answered."""

    __tablename__ = "answers"
    workspace_id: Mapped[str] = key()
    check_in_id: Mapped[int] = key()
    initiative_id: Mapped[int] = key()
    revision: Mapped[int]
    content: Mapped[dict[str, Any]]
    health: Mapped[str | None]
    person_id: Mapped[str | None]
    at: Mapped[datetime | None]
    __table_args__ = (Index(None, "workspace_id", "initiative_id"),)


class RevisionRow(Base):
    """Every version of an answer, the present one included; rows are only ever added."""

    __tablename__ = "revisions"
    workspace_id: Mapped[str] = key()
    check_in_id: Mapped[int] = key()
    initiative_id: Mapped[int] = key()
    revision: Mapped[int] = key()
    content: Mapped[dict[str, Any]]
    health: Mapped[str | None]
    person_id: Mapped[str]
    at: Mapped[datetime]


class ReadingRow(Base):
    """A success metric's value as reported in a check-in."""

    __tablename__ = "readings"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    metric_id: Mapped[int]
    check_in_id: Mapped[int]
    value: Mapped[str]
    person_id: Mapped[str]
    at: Mapped[datetime]
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    """When it was taken back: it is shown nowhere any more."""
    __table_args__ = (
        Index(None, "workspace_id", "metric_id", "id"),
        Index(None, "workspace_id", "check_in_id"),
    )


class NoteRow(Base):
    """Words a person wrote to the bot, whole, each version of them; nothing is ever dropped.

    `channel_id` and `ts` are the Slack message; `version` grows with each edit of it. They are their writer's alone
    but for what `note_parts` records of them.
    """

    __tablename__ = "notes"
    workspace_id: Mapped[str] = key()
    channel_id: Mapped[str] = key()
    ts: Mapped[str] = key()
    version: Mapped[int] = key()
    thread_ts: Mapped[str | None]
    person_id: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    strategy_id: Mapped[int | None]
    """Where every word of it was recorded for one strategy; null: nobody's but the writer's."""
    unplaced: Mapped[str]
    """Words of it that nobody has said yet what they are about."""
    apart: Mapped[str]
    """Words of it that speak of several strategies, or of one not asked then: recorded for none."""
    reply_message_id: Mapped[int | None]
    """The bot's reply to it, in `messages`."""
    __table_args__ = (
        Index(None, "workspace_id", "strategy_id"),
        Index(None, "workspace_id", "person_id"),
    )


class NotePartRow(Base):
    """The words of a note that are about one initiative, as they were read for it."""

    __tablename__ = "note_parts"
    workspace_id: Mapped[str] = key()
    channel_id: Mapped[str] = key()
    ts: Mapped[str] = key()
    version: Mapped[int] = key()
    initiative_id: Mapped[int] = key()
    strategy_id: Mapped[int]
    check_in_id: Mapped[int]
    person_id: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    revision: Mapped[int | None]
    """The revision of the answer that they made; null while nothing was recorded from them."""
    __table_args__ = (Index(None, "workspace_id", "strategy_id"),)
