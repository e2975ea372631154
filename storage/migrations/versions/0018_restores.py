"""After a restore, what may have been said since the backup is found out before anything is said again."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restores",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("since", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("restored_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_restores")),
    )
    op.add_column("outbox", sa.Column("occasion", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("said_since", types.UtcDateTime(timezone=True), nullable=True))
