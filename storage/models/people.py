"""Workspaces, people and their absences."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, key


class WorkspaceRow(Base):
    """A Slack workspace; `charts_off` once Slack refused a native chart there."""

    __tablename__ = "workspaces"
    workspace_id: Mapped[str] = key()
    name: Mapped[str]
    bot_user_id: Mapped[str]
    charts_off: Mapped[bool] = mapped_column(default=False)


class PersonRow(Base):
    __tablename__ = "people"
    workspace_id: Mapped[str] = key()
    person_id: Mapped[str] = key()
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


class AbsenceRow(Base):
    """Whole local days, inclusive; `last` null means until they say they are back."""

    __tablename__ = "absences"
    workspace_id: Mapped[str] = key()
    person_id: Mapped[str] = key()
    first: Mapped[date] = key()
    last: Mapped[date | None]


class ForgottenRow(Base):
    """That somebody, or (in workspace "") a whole workspace, is to be forgotten, so that a restored backup forgets them again.

    Only the hash of the id is kept, salted: it can be compared with one and tells none.
    """

    __tablename__ = "forgotten"
    workspace_id: Mapped[str] = key()
    hash: Mapped[str] = key()
    salt: Mapped[str]
    at: Mapped[datetime]
