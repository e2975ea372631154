"""How likely owners call their targets, before a review."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confidences",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("check_in_id", sa.BigInteger(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("metric_id", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("percent", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("settled_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint(
            "workspace_id", "check_in_id", "initiative_id", "revision", name=op.f("pk_confidences")
        ),
    )
