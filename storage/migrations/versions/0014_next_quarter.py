"""A strategy may be closed and followed by another of its channel; a goal says which one it goes on with."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_INDEX = "ix_strategies_workspace_id_channel_id"
_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("strategies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", types.UtcDateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f(_INDEX))
    with op.batch_alter_table("strategies", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f(_INDEX),
            ["workspace_id", "channel_id"],
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )
    with op.batch_alter_table("goals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("former_id", sa.BigInteger(), nullable=True))
