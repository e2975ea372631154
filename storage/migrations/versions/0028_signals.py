"""Readings unlike those before them, and what their owners said happened."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signals",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=False),
        sa.Column("kpi_id", sa.BigInteger(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("low", sa.Text(), nullable=False),
        sa.Column("high", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("check_in_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_signals")),
    )
    op.create_index(
        op.f("ix_signals_workspace_id_kpi_id_on"), "signals", ["workspace_id", "kpi_id", "on"], unique=True
    )
    op.create_index(op.f("ix_signals_workspace_id_check_in_id"), "signals", ["workspace_id", "check_in_id"])
    op.create_index(
        op.f("ix_signals_workspace_id_strategy_id_asked_at"),
        "signals",
        ["workspace_id", "strategy_id", "asked_at"],
    )
    op.create_table(
        "signal_words",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("signal_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "signal_id", "revision", name=op.f("pk_signal_words")),
    )
