"""A plan that was pasted is kept as a draft, one for each strategy."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("edited_by", sa.Text(), nullable=False),
        sa.Column("edited_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "strategy_id", name=op.f("pk_drafts")),
    )
