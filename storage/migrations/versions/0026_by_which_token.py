"""With which token another system did something."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("acts") as batch_op:
        batch_op.add_column(sa.Column("token", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("acts") as batch_op:
        batch_op.alter_column("token", existing_type=sa.Text(), server_default=None)
