"""Decisions that come back: what they should move, and what came of it; a learning may be of no initiative."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bets",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("kpi_id", sa.BigInteger(), nullable=True),
        sa.Column("initiative_id", sa.BigInteger(), nullable=True),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("expected_value", sa.Text(), nullable=True),
        sa.Column("look_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("then", sa.JSON(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found", sa.JSON(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_bets")),
    )
    op.create_index(op.f("ix_bets_workspace_id_strategy_id"), "bets", ["workspace_id", "strategy_id"])
    op.create_index(op.f("ix_bets_workspace_id_decision_id"), "bets", ["workspace_id", "decision_id"])
    op.create_table(
        "bet_looks",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("bet_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("learning", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "bet_id", "person_id", name=op.f("pk_bet_looks")),
    )
    op.create_index(op.f("ix_bet_looks_workspace_id_message_id"), "bet_looks", ["workspace_id", "message_id"])
    with op.batch_alter_table("learnings") as batch_op:
        batch_op.alter_column("initiative_id", existing_type=sa.BigInteger(), nullable=True)
