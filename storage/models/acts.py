"""The audit log."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.models.base import Base, key


class ActRow(Base):
    """Who did what, when, by which way; no words of anybody's but names of things. `person_id` is null where Drumbeat or
    the operator did it, `strategy_id` where it was done to the whole workspace. The words of a change are in `changes`.
    """

    __tablename__ = "acts"
    workspace_id: Mapped[str] = key()
    id: Mapped[int] = key()
    strategy_id: Mapped[int | None]
    at: Mapped[datetime]
    person_id: Mapped[str | None]
    way: Mapped[str]
    token: Mapped[str]
    """The end of the HTTP API's token that it came with; "" where it came by another way."""
    kind: Mapped[str]
    about_id: Mapped[str | None]
    """The person it concerns."""
    thing_id: Mapped[int | None]
    """The initiative, KPI, ask or whatever it was done to."""
    name: Mapped[str]
    """What that was called then; "" for the strategy itself."""
    before: Mapped[str]
    after: Mapped[str]
    change_id: Mapped[int | None]
    __table_args__ = (Index(None, "workspace_id", "strategy_id", "at"),)
