"""What leads said in a review stays when they, or another one, say otherwise; a sponsor is asked again what changed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage import types
from storage.ids import new_id

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = types.UtcDateTime(timezone=True)
    _rebuild(
        "review_answers",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("still_holds", sa.Boolean(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("at", instant, nullable=False),
    )
    _rebuild(
        "review_choices",
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("authority_holds", sa.Boolean(), nullable=True),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", instant, nullable=False),
    )
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.alter_column("changed", existing_type=sa.Text(), server_default=None)


def _rebuild(name: str, *columns: sa.Column[Any]) -> None:
    """The same rows under ids of their own, so that there may be several where there was one."""
    bind = op.get_bind()
    # `changed` is new, and says nothing of what was there.
    known = ["workspace_id", "review_id", *(one.name for one in columns if one.name != "changed")]
    old = sa.table(name, *(sa.column(one, _type_of(one, columns)) for one in known))
    kept = [dict(row) for row in bind.execute(sa.select(old).order_by(old.c.at)).mappings()]
    op.drop_table(name)
    made = op.create_table(
        name,
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_workspace_id_review_id"), name, ["workspace_id", "review_id"])
    if kept:
        said = {"changed": ""} if "changed" in made.c else {}
        op.bulk_insert(made, [{**row, **said, "id": new_id()} for row in kept])


def _type_of(name: str, columns: tuple[sa.Column[Any], ...]) -> Any:
    return next((one.type for one in columns if one.name == name), None)
