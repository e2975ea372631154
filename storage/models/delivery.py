"""Messages, the outbox and who may send."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, key


class MessageRow(Base):
    """A message of ours, known before Slack gave it a ts, so that edits and replies can refer to it."""

    __tablename__ = "messages"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    target: Mapped[str]
    """Channel id, or a user id for a DM."""
    channel_id: Mapped[str | None]
    ts: Mapped[str | None]
    thread_of: Mapped[int | None]
    """The message (same table) in whose thread it stands."""
    thread_ts: Mapped[str | None]
    """Or the ts of a person's message in whose thread it stands."""
    __table_args__ = (Index(None, "workspace_id", "channel_id", "ts"),)


IS_PENDING = "state = 'pending'"
IS_ASIDE = "settle_at IS NOT NULL"


class OutboxRow(Base):
    """A Slack call waiting to be made, in the order of ids within a workspace and target; gone once made."""

    __tablename__ = "outbox"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    method: Mapped[str]
    target: Mapped[str]
    message_id: Mapped[int | None]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str]
    """A `storage.delivery.outbox.State`."""
    version: Mapped[int] = mapped_column(default=0)
    """Grows when the payload is replaced."""
    expires_at: Mapped[datetime | None]
    """Schedule time after which it makes no sense any more."""
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    """Schedule time."""
    in_doubt_since: Mapped[datetime | None]
    """Schedule time since which nobody knows whether it was made."""
    settle_at: Mapped[datetime | None]
    """Schedule time at which a row that was set aside is tried or asked about again, or given up."""
    questions: Mapped[list[int] | None]
    """The messages that ask whether it was posted."""
    file_id: Mapped[str | None]
    """What Slack calls the file, known before anybody is shown it."""
    occasion: Mapped[str | None]
    """What of the schedule it belongs to: the same whenever the same is said again (`storage.delivery.occasions`)."""
    said_since: Mapped[datetime | None]
    """Schedule time since which it was perhaps said, by what a restored backup does not know."""
    __table_args__ = (
        Index(
            "ix_outbox_settle_at",
            "workspace_id",
            "settle_at",
            sqlite_where=text(IS_ASIDE),
            postgresql_where=text(IS_ASIDE),
        ),
        Index(
            "ix_outbox_pending",
            "workspace_id",
            "id",
            sqlite_where=text(IS_PENDING),
            postgresql_where=text(IS_PENDING),
        ),
        Index("ix_outbox_message", "workspace_id", "message_id"),
    )


class RestoreRow(Base):
    """That the database came out of a backup: what was said after `since`, until `restored_at`, is not in it."""

    __tablename__ = "restores"
    workspace_id: Mapped[str] = key()
    since: Mapped[datetime]
    restored_at: Mapped[datetime]


class RestoredDueRow(Base):
    """An occurrence that was due when a backup was restored: perhaps it was said, whenever it is made up for."""

    __tablename__ = "restored_dues"
    workspace_id: Mapped[str] = key()
    strategy_id: Mapped[int] = key()
    ritual: Mapped[str] = key()
    person_id: Mapped[str] = key()
    period: Mapped[str] = key()


class LeaseRow(Base):
    """Which sender may speak to a workspace until when (by the database's clock), and the outbox row on its way out."""

    __tablename__ = "leases"
    workspace_id: Mapped[str] = key()
    holder: Mapped[str]
    until: Mapped[datetime]
    in_flight: Mapped[int | None]
