"""Under which id a channel goes on."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_moves",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("old_id", sa.Text(), nullable=False),
        sa.Column("new_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "old_id", name=op.f("pk_channel_moves")),
    )
