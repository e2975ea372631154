"""The tables. Private to storage: query functions return domain values, never these.

Every table leads with the workspace id, so that it can be partitioned by it. Instants are UTC; periods are text
such as `2026-W48`; ids are made by `storage.ids.new_id` and grow with time.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, Index, MetaData, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.types import UtcDateTime


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
    )
    type_annotation_map = {
        str: Text,
        int: BigInteger,
        datetime: UtcDateTime,
        date: Date,
        dict[str, Any]: JSON,
    }


def _key() -> Mapped[Any]:
    return mapped_column(primary_key=True)


class WorkspaceRow(Base):
    """A Slack workspace; `charts_off` once Slack refused a native chart there."""

    __tablename__ = "workspaces"
    workspace_id: Mapped[str] = _key()
    name: Mapped[str]
    bot_user_id: Mapped[str]
    charts_off: Mapped[bool] = mapped_column(default=False)


class PersonRow(Base):
    __tablename__ = "people"
    workspace_id: Mapped[str] = _key()
    person_id: Mapped[str] = _key()
    name: Mapped[str]
    zone: Mapped[str]
    is_admin: Mapped[bool]
    is_bot: Mapped[bool]
    is_guest: Mapped[bool]
    is_external: Mapped[bool]
    is_deactivated: Mapped[bool]
    dm_channel_id: Mapped[str | None]
    working_days: Mapped[str | None]
    """Digits 0 (Monday) to 6, such as "01234"; None: the strategy's."""
    country: Mapped[str | None]


class StrategyRow(Base):
    """One per channel. `working_days` and `country` hold for people without their own."""

    __tablename__ = "strategies"
    workspace_id: Mapped[str] = _key()
    id: Mapped[int] = _key()
    channel_id: Mapped[str]
    name: Mapped[str]
    why: Mapped[str]
    audience: Mapped[str]
    difference: Mapped[str]
    zone: Mapped[str]
    working_days: Mapped[str]
    country: Mapped[str | None]
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "workspace_id", "channel_id", unique=True),)


class GoalRow(Base):
    __tablename__ = "goals"
    workspace_id: Mapped[str] = _key()
    id: Mapped[int] = _key()
    strategy_id: Mapped[int]
    position: Mapped[int]
    text: Mapped[str]
    __table_args__ = (Index(None, "workspace_id", "strategy_id"),)


class LeadRow(Base):
    __tablename__ = "leads"
    workspace_id: Mapped[str] = _key()
    strategy_id: Mapped[int] = _key()
    person_id: Mapped[str] = _key()


class ScheduleRow(Base):
    """The schedule in force from a period on; the row with the greatest `from_period` not after a period holds."""

    __tablename__ = "schedules"
    workspace_id: Mapped[str] = _key()
    strategy_id: Mapped[int] = _key()
    from_period: Mapped[str] = _key()
    schedule: Mapped[dict[str, Any]]


class InitiativeRow(Base):
    __tablename__ = "initiatives"
    workspace_id: Mapped[str] = _key()
    id: Mapped[int] = _key()
    strategy_id: Mapped[int]
    name: Mapped[str]
    goal_id: Mapped[int | None]
    owner_id: Mapped[str]
    start: Mapped[date]
    due: Mapped[date]
    first_due: Mapped[date]
    due_moves: Mapped[int]
    status: Mapped[str]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "workspace_id", "strategy_id"),
        Index(None, "workspace_id", "owner_id"),
    )


class MetricRow(Base):
    """A success metric; numbers are kept as the decimal text they are."""

    __tablename__ = "success_metrics"
    workspace_id: Mapped[str] = _key()
    id: Mapped[int] = _key()
    initiative_id: Mapped[int]
    position: Mapped[int]
    name: Mapped[str]
    unit: Mapped[str]
    baseline: Mapped[str]
    target: Mapped[str]
    value: Mapped[str | None]
    __table_args__ = (Index(None, "workspace_id", "initiative_id"),)


class ChangeRow(Base):
    """Who changed what, when: the digest's "what changed" and the strategy's history."""

    __tablename__ = "changes"
    workspace_id: Mapped[str] = _key()
    id: Mapped[int] = _key()
    strategy_id: Mapped[int]
    initiative_id: Mapped[int | None]
    kind: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    person_id: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index(None, "workspace_id", "strategy_id", "at"),)


class CheckInRow(Base):
    """One per owner, strategy and period."""

    __tablename__ = "check_ins"
    workspace_id: Mapped[str] = _key()
    id: Mapped[int] = _key()
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
    __table_args__ = (
        Index(None, "workspace_id", "strategy_id", "person_id", "period", unique=True),
        Index(None, "workspace_id", "person_id", "due_at"),
        Index(None, "workspace_id", "strategy_id", "period"),
    )


class AnswerRow(Base):
    """What stands recorded for one initiative of a check-in; `health` is null until it is answered."""

    __tablename__ = "answers"
    workspace_id: Mapped[str] = _key()
    check_in_id: Mapped[int] = _key()
    initiative_id: Mapped[int] = _key()
    revision: Mapped[int]
    content: Mapped[dict[str, Any]]
    health: Mapped[str | None]
    person_id: Mapped[str | None]
    at: Mapped[datetime | None]
    __table_args__ = (Index(None, "workspace_id", "initiative_id"),)


class RevisionRow(Base):
    """Every version of an answer, the present one included; rows are only ever added."""

    __tablename__ = "revisions"
    workspace_id: Mapped[str] = _key()
    check_in_id: Mapped[int] = _key()
    initiative_id: Mapped[int] = _key()
    revision: Mapped[int] = _key()
    content: Mapped[dict[str, Any]]
    health: Mapped[str | None]
    person_id: Mapped[str]
    at: Mapped[datetime]


class ReadingRow(Base):
    """A success metric's value as reported in a check-in."""

    __tablename__ = "readings"
    workspace_id: Mapped[str] = _key()
    id: Mapped[int] = _key()
    metric_id: Mapped[int]
    check_in_id: Mapped[int]
    value: Mapped[str]
    person_id: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (
        Index(None, "workspace_id", "metric_id", "id"),
        Index(None, "workspace_id", "check_in_id"),
    )


class NoteRow(Base):
    """Words a person wrote to the bot, whole, each version of them; nothing is ever dropped.

    `channel_id` and `ts` are the Slack message; `version` grows with each edit of it.
    """

    __tablename__ = "notes"
    workspace_id: Mapped[str] = _key()
    channel_id: Mapped[str] = _key()
    ts: Mapped[str] = _key()
    version: Mapped[int] = _key()
    thread_ts: Mapped[str | None]
    person_id: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    strategy_id: Mapped[int | None]
    check_in_id: Mapped[int | None]
    initiative_id: Mapped[int | None]
    """What it was placed with; null while nobody has said."""
    reply_message_id: Mapped[int | None]
    """The bot's reply to it, in `messages`."""
    __table_args__ = (Index(None, "workspace_id", "check_in_id"),)


class AbsenceRow(Base):
    """Whole local days, inclusive; `last` null means until they say they are back."""

    __tablename__ = "absences"
    workspace_id: Mapped[str] = _key()
    person_id: Mapped[str] = _key()
    first: Mapped[date] = _key()
    last: Mapped[date | None]


class DigestRow(Base):
    """One per strategy and period. `is_final` once the scheduled one was due."""

    __tablename__ = "digests"
    workspace_id: Mapped[str] = _key()
    id: Mapped[int] = _key()
    strategy_id: Mapped[int]
    period: Mapped[str]
    message_id: Mapped[int]
    details: Mapped[dict[str, Any]]
    """{"message_ids": [...]}: the messages of its thread, in `messages`."""
    posted_at: Mapped[datetime]
    is_final: Mapped[bool]
    __table_args__ = (Index(None, "workspace_id", "strategy_id", "period", unique=True),)


class DueRow(Base):
    """The next occurrence of a ritual for a strategy (person "") or one of its owners."""

    __tablename__ = "due"
    workspace_id: Mapped[str] = _key()
    strategy_id: Mapped[int] = _key()
    ritual: Mapped[str] = _key()
    person_id: Mapped[str] = _key()
    period: Mapped[str]
    due_at: Mapped[datetime]
    __table_args__ = (Index(None, "due_at"),)


class OccurrenceRow(Base):
    """A ritual that happened (or was passed over): its key is what makes it happen once."""

    __tablename__ = "occurrences"
    workspace_id: Mapped[str] = _key()
    strategy_id: Mapped[int] = _key()
    ritual: Mapped[str] = _key()
    period: Mapped[str] = _key()
    person_id: Mapped[str] = _key()
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime]
    outcome: Mapped[str]


class SeenRow(Base):
    """Event ids and view submissions already handled, so that Slack's repeats do nothing."""

    __tablename__ = "seen"
    workspace_id: Mapped[str] = _key()
    key: Mapped[str] = _key()
    at: Mapped[datetime]
    __table_args__ = (Index(None, "at"),)


class MessageRow(Base):
    """A message of ours, known before Slack gave it a ts, so that edits and replies can refer to it."""

    __tablename__ = "messages"
    workspace_id: Mapped[str] = _key()
    id: Mapped[int] = _key()
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


class OutboxRow(Base):
    """A Slack call waiting to be made, in the order of ids within a workspace and target; gone once made."""

    __tablename__ = "outbox"
    workspace_id: Mapped[str] = _key()
    id: Mapped[int] = _key()
    method: Mapped[str]
    target: Mapped[str]
    message_id: Mapped[int | None]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str]
    """A `storage.outbox.State`."""
    version: Mapped[int] = mapped_column(default=0)
    """Grows when the payload is replaced."""
    expires_at: Mapped[datetime | None]
    """Schedule time after which it makes no sense any more."""
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    """Schedule time."""
    __table_args__ = (
        Index(
            "ix_outbox_pending",
            "workspace_id",
            "id",
            sqlite_where=text(IS_PENDING),
            postgresql_where=text(IS_PENDING),
        ),
        Index("ix_outbox_message", "workspace_id", "message_id"),
    )


class LeaseRow(Base):
    """Which sender may speak to a workspace until when (real time), and the outbox row on its way out."""

    __tablename__ = "leases"
    workspace_id: Mapped[str] = _key()
    holder: Mapped[str]
    until: Mapped[datetime]
    in_flight: Mapped[int | None]
