"""The audit log; what is known of changes is in it from the beginning, without the way they came."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acts",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Text(), nullable=True),
        sa.Column("thing_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_acts")),
    )
    op.create_index(
        op.f("ix_acts_workspace_id_strategy_id_at"), "acts", ["workspace_id", "strategy_id", "at"]
    )
    op.execute(
        'INSERT INTO acts (workspace_id, id, strategy_id, at, person_id, way, kind, thing_id, name, "before", "after", '
        "change_id) SELECT changes.workspace_id, changes.id, changes.strategy_id, changes.at, changes.person_id, '', "
        "changes.kind, changes.initiative_id, coalesce(initiatives.name, ''), '', '', changes.id FROM changes "
        "LEFT JOIN initiatives ON initiatives.workspace_id = changes.workspace_id "
        "AND initiatives.id = changes.initiative_id"
    )
