"""A KPI has a plan by month and keeps the plans it had; a success metric keeps the target first promised."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("kpis", schema=None) as batch_op:
        batch_op.add_column(sa.Column("months", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("former_plans", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("success_metrics", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_target", sa.Text(), nullable=True))
