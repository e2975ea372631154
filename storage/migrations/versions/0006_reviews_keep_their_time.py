"""A review says itself when its outcome is told; one whose time another review had taken is told now."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PLANNED = """
    SELECT due.due_at FROM due
    WHERE due.workspace_id = reviews.workspace_id AND due.strategy_id = reviews.strategy_id
      AND due.ritual = 'review_outcome' AND due.period = reviews.period
"""
_PLAN_THE_REST = """
    INSERT INTO due (workspace_id, strategy_id, ritual, person_id, period, due_at)
    SELECT workspace_id, strategy_id, 'review_outcome', '', MIN(period), MIN(ends_at) FROM reviews
    WHERE closed_at IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM due
        WHERE due.workspace_id = reviews.workspace_id AND due.strategy_id = reviews.strategy_id
          AND due.ritual = 'review_outcome'
      )
    GROUP BY workspace_id, strategy_id
"""


def upgrade() -> None:
    instant = types.UtcDateTime(timezone=True)
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_at", instant, nullable=True))
    op.execute(f"UPDATE reviews SET ends_at = COALESCE(closed_at, ({_PLANNED}), posted_at)")  # noqa: S608
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.alter_column("ends_at", existing_type=instant, nullable=False)
    op.execute(_PLAN_THE_REST)
