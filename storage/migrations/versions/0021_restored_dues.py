"""What was due when a backup was restored was perhaps said, whenever it is made up for."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_KEY = ("workspace_id", "strategy_id", "ritual", "person_id", "period")


def upgrade() -> None:
    op.create_table(
        "restored_dues",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _KEY[2:]),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_restored_dues")),
    )
