"""Notes are their writer's; a strategy has the parts that were recorded for it.

Where a note was filed says little: the first strategy of its writer. What is known is what it made: the revision with
its writer and its instant. Notes without one, or with words for several strategies, become their writer's alone.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = ("workspace_id", "channel_id", "ts", "version")
_BATCH = 500


def upgrade() -> None:
    op.create_table(
        "note_parts",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("initiative_id", sa.BigInteger(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=False),
        sa.Column("check_in_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint(*_KEY, "initiative_id", name=op.f("pk_note_parts")),
    )
    with op.batch_alter_table("note_parts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_note_parts_workspace_id_strategy_id"),
            ["workspace_id", "strategy_id"],
            unique=False,
        )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notes_workspace_id_check_in_id"))
        batch_op.drop_column("check_in_id")
        batch_op.drop_column("initiative_id")
        batch_op.add_column(sa.Column("unplaced", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("apart", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.alter_column("unplaced", server_default=None)
        batch_op.alter_column("apart", server_default=None)
        batch_op.create_index(
            batch_op.f("ix_notes_workspace_id_strategy_id"), ["workspace_id", "strategy_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_notes_workspace_id_person_id"), ["workspace_id", "person_id"], unique=False
        )
    _refile(op.get_bind())


_notes = sa.table(
    "notes",
    *map(sa.column, (*_KEY, "person_id", "text", "strategy_id", "unplaced")),
    sa.column("at", types.UtcDateTime(timezone=True)),
)
_parts = sa.table(
    "note_parts",
    *map(sa.column, (*_KEY, "initiative_id", "strategy_id", "check_in_id", "person_id", "text", "revision")),
    sa.column("at", types.UtcDateTime(timezone=True)),
)
_revisions = sa.table(
    "revisions",
    *map(sa.column, ("workspace_id", "check_in_id", "initiative_id", "revision", "person_id")),
    sa.column("content", sa.JSON()),
    sa.column("at", types.UtcDateTime(timezone=True)),
)
_check_ins = sa.table("check_ins", *map(sa.column, ("workspace_id", "id", "strategy_id")))


def _refile(bind: sa.Connection) -> None:
    bind.execute(sa.update(_notes).values(strategy_id=None, unplaced=_notes.c.text))
    place = sa.update(_notes).where(*(_notes.c[name] == sa.bindparam(f"of_{name}") for name in _KEY))
    found = list(_recorded(bind))
    for start in range(0, len(found), _BATCH):
        some = found[start : start + _BATCH]
        bind.execute(sa.insert(_parts), [part for _, parts in some for part in parts])
        bind.execute(
            place.values(strategy_id=sa.bindparam("whole_of"), unplaced=""), [note for note, _ in some]
        )


def _recorded(bind: sa.Connection) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each note from which something was recorded at once, with its parts."""
    made, before = _revisions, _revisions.alias("before")
    by_it = [made.c[name] == _notes.c[name] for name in ("workspace_id", "person_id", "at")]
    its_check_in = [_check_ins.c.workspace_id == made.c.workspace_id, _check_ins.c.id == made.c.check_in_id]
    same_answer = [
        before.c[name] == made.c[name] for name in ("workspace_id", "check_in_id", "initiative_id")
    ]
    statement = (
        sa.select(
            *(_notes.c[name] for name in (*_KEY, "person_id", "at", "text")),
            *(made.c[name] for name in ("check_in_id", "initiative_id", "revision", "content")),
            _check_ins.c.strategy_id,
            before.c.content.label("before"),
        )
        .join_from(_notes, made, sa.and_(*by_it))
        .join(_check_ins, sa.and_(*its_check_in))
        .outerjoin(before, sa.and_(*same_answer, before.c.revision == made.c.revision - 1))
        .order_by(*(_notes.c[name] for name in _KEY))
    )
    rows = (dict(row._mapping) for row in bind.execute(statement))
    said = (row for row in rows if row["content"].get("via") == "text")
    for key, of_note in groupby(said, itemgetter(*_KEY)):
        parts: dict[int, dict[str, Any]] = {}
        whole_of = set()
        for row in of_note:
            part = _part(row)
            whole_of.add(part["strategy_id"] if part["text"] == row["text"].strip() else None)
            if part["text"] or part["initiative_id"] not in parts:
                parts[part["initiative_id"]] = part
        note = dict(zip((f"of_{name}" for name in _KEY), key, strict=True))
        yield note | {"whole_of": whole_of.pop() if len(whole_of) == 1 else None}, list(parts.values())


def _part(row: dict[str, Any]) -> dict[str, Any]:
    """The words that the revision added; none where they cannot be told from those before."""
    whole, told = row["text"].strip(), row["content"].get("progress", "")
    words = whole
    if whole not in told.split("\n") and told != whole:
        words = told.removeprefix((row["before"] or {}).get("progress", "")).strip()
    if any(line not in whole for line in words.splitlines()):
        words = ""
    kept = {name: value for name, value in row.items() if name not in ("content", "before")}
    return kept | {"text": words}
