"""What a process looks for by the clock it looks for within its own workspace."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INDEXES = (
    ("due", ["due_at"]),
    ("homes", ["is_stale", "opened_at"]),
    ("seen", ["at"]),
)


def upgrade() -> None:
    for table, columns in _INDEXES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_{'_'.join(columns)}"))
            own = ["workspace_id", *columns]
            batch_op.create_index(batch_op.f(f"ix_{table}_{'_'.join(own)}"), own, unique=False)
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_occurrences_workspace_id_claimed_at"), ["workspace_id", "claimed_at"], unique=False
        )
