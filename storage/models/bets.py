"""Bets: what decisions should move, what was known then, and what was found and said when they were looked at again."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, key


class BetRow(Base):
    """Rows are only ever added: what is corrected is withdrawn, and another one made. `expected_value` is decimal text."""

    __tablename__ = "bets"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int]
    decision_id: Mapped[int]
    kpi_id: Mapped[int | None]
    initiative_id: Mapped[int | None]
    expected: Mapped[str]
    expected_value: Mapped[str | None]
    look_on: Mapped[date]
    """A day of the strategy's zone."""
    person_id: Mapped[str]
    made_at: Mapped[datetime]
    then: Mapped[dict[str, Any]]
    """What was known when it was decided: names, figures with their forecast, healths by week."""
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The same, when it was looked at again."""
    looked_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "workspace_id", "strategy_id"), Index(None, "workspace_id", "decision_id"))


class BetLookRow(Base):
    """Whom a bet was shown on its day, and what they said; `verdict` is keep, change or stop."""

    __tablename__ = "bet_looks"
    workspace_id: Mapped[str] = key()
    bet_id: Mapped[int] = key()
    person_id: Mapped[str] = key()
    message_id: Mapped[int | None]
    verdict: Mapped[str | None]
    learning: Mapped[str]
    answered_at: Mapped[datetime | None]
    place: Mapped[int | None]
    """1 for whoever answered first."""
    __table_args__ = (Index(None, "workspace_id", "message_id"),)
