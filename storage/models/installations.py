"""Where Drumbeat is installed, and who is just installing it."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from storage.models.base import Base, key


class InstallationRow(Base):
    """Of a workspace (T...) or a whole organisation (E...); tokens are encrypted (`storage.encryption`), none once removed."""

    __tablename__ = "installations"
    workspace_id: Mapped[str] = key()
    organisation_id: Mapped[str | None]
    """Whose installation serves this workspace where it has none of its own."""
    name: Mapped[str]
    app_id: Mapped[str]
    bot_id: Mapped[str]
    bot_user_id: Mapped[str]
    scopes: Mapped[str]
    """As Slack writes them, with commas between."""
    installer_id: Mapped[str]
    token: Mapped[str | None]
    refresh_token: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    rotating_until: Mapped[datetime | None]
    """By the database's clock: until then one process is changing the token."""
    installed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class InstallStateRow(Base):
    """Somebody has gone to Slack to install it: what they bring back is taken once. Only the hash is kept."""

    __tablename__ = "install_states"
    workspace_id: Mapped[str] = key()
    """Empty, for Slack asks for it: nobody knows yet which it will be."""
    hash: Mapped[str] = key()
    issued_at: Mapped[datetime]
