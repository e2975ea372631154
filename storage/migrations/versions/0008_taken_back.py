"""Readings that were taken back say by whom and when; what is said about the core message keeps what was said before."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SAID = ("check_in_id", "initiative_id", "channel", "carried", "where_broke", "person_id", "at")


def upgrade() -> None:
    instant = types.UtcDateTime(timezone=True)
    for table in ("readings", "kpi_readings"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("withdrawn_by", sa.Text(), nullable=True))
            batch_op.add_column(sa.Column("withdrawn_at", instant, nullable=True))
    op.create_table(
        "message_check_revisions",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("check_in_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("carried", sa.Text(), nullable=True),
        sa.Column("where_broke", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "check_in_id",
            "initiative_id",
            "channel",
            "revision",
            name=op.f("pk_message_check_revisions"),
        ),
    )
    said = sa.table("message_checks", *map(sa.column, ("workspace_id", *_SAID)))
    kept = sa.table("message_check_revisions", *map(sa.column, ("workspace_id", *_SAID, "revision")))
    first = sa.select(*said.c, sa.literal(1))
    op.execute(sa.insert(kept).from_select([column.name for column in kept.c], first))
