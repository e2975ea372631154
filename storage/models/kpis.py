"""KPIs, their readings, what was unlike in them, and the tokens that outside systems report with."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, key

_NULLABLE = JSON(none_as_null=True)


class KpiRow(Base):
    """`kind` is count, percent, currency, ratio or duration; numbers are kept as the decimal text they are."""

    __tablename__ = "kpis"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int]
    goal_id: Mapped[int | None]
    name: Mapped[str]
    kind: Mapped[str]
    unit: Mapped[str]
    direction: Mapped[str]
    baseline: Mapped[str]
    baseline_on: Mapped[date]
    target: Mapped[str]
    target_on: Mapped[date]
    owner_id: Mapped[str]
    cadence: Mapped[str]
    if_short: Mapped[str]
    vanity_kept_by: Mapped[str | None]
    """Who kept a name that reads like a vanity metric."""
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    months: Mapped[dict[str, Any] | None] = mapped_column(_NULLABLE)
    """Value due at the end of each month, by "2026-12"; null for a straight plan."""
    former_plans: Mapped[dict[str, Any] | None] = mapped_column(_NULLABLE)
    """`plans` are those it had before, oldest first, each with `until` when."""
    __table_args__ = (Index(None, "workspace_id", "strategy_id"), Index(None, "workspace_id", "owner_id"))


class KpiReadingRow(Base):
    """Rows are only ever added: of several for the same day, the latest one stands that was not taken back."""

    __tablename__ = "kpi_readings"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    kpi_id: Mapped[int]
    on: Mapped[date]
    value: Mapped[str]
    source: Mapped[str]
    """command, check-in, csv or the name an outside system gave."""
    note: Mapped[str]
    person_id: Mapped[str | None]
    at: Mapped[datetime]
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    """When it was taken back: it stands no more."""
    check_in_id: Mapped[int | None]
    """The check-in that gave it as a success metric's value."""
    metric_id: Mapped[int | None]
    """The success metric whose own reading it had been before they became one number; it goes when that does."""
    __table_args__ = (Index(None, "workspace_id", "kpi_id", "on"),)


class SignalRow(Base):
    """A reading unlike those before it, as it was when its owner was asked what happened; it stays so."""

    __tablename__ = "signals"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int]
    kpi_id: Mapped[int]
    on: Mapped[date]
    value: Mapped[str]
    low: Mapped[str]
    """From here to `high` it would have been ordinary."""
    high: Mapped[str]
    owner_id: Mapped[str]
    check_in_id: Mapped[int]
    """The check-in whose prompt asked."""
    asked_at: Mapped[datetime]
    __table_args__ = (
        Index(None, "workspace_id", "kpi_id", "on", unique=True),
        Index(None, "workspace_id", "check_in_id"),
        Index(None, "workspace_id", "strategy_id", "asked_at"),
    )


class SignalWordRow(Base):
    """What somebody said happened: the latest stands, "" where it was taken back; rows are only ever added."""

    __tablename__ = "signal_words"
    workspace_id: Mapped[str] = key()
    signal_id: Mapped[int] = key()
    revision: Mapped[int] = key()
    words: Mapped[str]
    person_id: Mapped[str]
    at: Mapped[datetime]


class ApiTokenRow(Base):
    """Lets an outside system report readings of one strategy; only its hash is kept."""

    __tablename__ = "api_tokens"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int]
    hash: Mapped[str]
    hint: Mapped[str]
    """Its last four characters."""
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "hash"),  # whoever calls says nothing else
        Index(None, "workspace_id", "hash", unique=True),
        Index(None, "workspace_id", "strategy_id"),
    )
