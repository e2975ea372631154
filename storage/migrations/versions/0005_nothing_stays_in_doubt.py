"""A row in doubt says since when; one set aside says when it is settled, and which messages ask about it."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_IS_ASIDE = sa.text("settle_at IS NOT NULL")


def upgrade() -> None:
    instant = types.UtcDateTime(timezone=True)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("in_doubt_since", instant, nullable=True))
        batch_op.add_column(sa.Column("settle_at", instant, nullable=True))
        batch_op.add_column(sa.Column("questions", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("file_id", sa.Text(), nullable=True))
        batch_op.create_index(
            "ix_outbox_settle_at",
            ["workspace_id", "settle_at"],
            sqlite_where=_IS_ASIDE,
            postgresql_where=_IS_ASIDE,
        )
    # What was set aside before is tried again, or asked about anew, as soon as the new version starts.
    op.execute("UPDATE outbox SET settle_at = CURRENT_TIMESTAMP WHERE state IN ('held', 'ambiguous')")
    op.execute(
        "UPDATE outbox SET state = 'in_doubt', in_doubt_since = CURRENT_TIMESTAMP WHERE state = 'ambiguous'"
    )
