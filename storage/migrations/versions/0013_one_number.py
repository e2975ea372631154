"""A success metric may be a KPI, whose readings are then the metric's, too."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("success_metrics", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kpi_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("kpi_left", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("not_kpis", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_success_metrics_workspace_id_kpi_id"), ["workspace_id", "kpi_id"], unique=False
        )
    with op.batch_alter_table("kpi_readings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("check_in_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("metric_id", sa.BigInteger(), nullable=True))
