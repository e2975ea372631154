"""Which initiatives had three signs of slipping or more, and in which weeks."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signs_shown",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("is_for_leads", sa.Boolean(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "initiative_id", "period", name=op.f("pk_signs_shown")),
    )
    op.create_index(
        op.f("ix_signs_shown_workspace_id_strategy_id"), "signs_shown", ["workspace_id", "strategy_id"]
    )
