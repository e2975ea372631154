"""Initiatives and their success metrics."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, key


class InitiativeRow(Base):
    __tablename__ = "initiatives"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
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
    owner_since: Mapped[datetime | None]
    """When its owner took it over from another; null where it never changed hands."""
    __table_args__ = (
        Index(None, "workspace_id", "strategy_id"),
        Index(None, "workspace_id", "owner_id"),
    )


class MetricRow(Base):
    """A success metric; numbers are kept as the decimal text they are."""

    __tablename__ = "success_metrics"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    initiative_id: Mapped[int]
    position: Mapped[int]
    name: Mapped[str]
    unit: Mapped[str]
    baseline: Mapped[str]
    target: Mapped[str]
    value: Mapped[str | None]
    first_target: Mapped[str | None]
    """The target first promised; null while it has not moved."""
    kpi_id: Mapped[int | None]
    """The KPI it is, or was: the readings of that time are the KPI's."""
    kpi_left: Mapped[int | None]
    """An id made when it ceased to be that KPI: readings with smaller ones came before."""
    not_kpis: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """{"kpi_ids": [...]}: those of like name that a lead said it is not."""
    __table_args__ = (Index(None, "workspace_id", "initiative_id"), Index(None, "workspace_id", "kpi_id"))
