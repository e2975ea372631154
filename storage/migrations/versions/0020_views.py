"""Views for dashboards; `storage.migrations.views` makes them after every upgrade, so that this one has to be made, too."""

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No table changes."""
