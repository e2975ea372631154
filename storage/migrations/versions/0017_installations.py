"""Many workspaces install by a click."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "installations",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("bot_id", sa.Text(), nullable=False),
        sa.Column("bot_user_id", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("installer_id", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("expires_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("rotating_until", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("installed_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_installations")),
    )
    op.create_table(
        "install_states",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("issued_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "hash", name=op.f("pk_install_states")),
    )
