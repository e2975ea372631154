"""Every unique key contains the workspace. `storage.migrations.isolation` keeps workspaces apart after every upgrade, so that
this one has to be made, too.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_api_tokens_hash", table_name="api_tokens")
    op.create_index("ix_api_tokens_hash", "api_tokens", ["hash"])
    op.create_index("ix_api_tokens_workspace_id_hash", "api_tokens", ["workspace_id", "hash"], unique=True)
