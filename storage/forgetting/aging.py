"""Words that have been kept for long enough, batch by batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, or_, select, true, tuple_
from sqlalchemy.orm import Session

from storage.delivery.outbox import State
from storage.forgetting.erasing import (
    drop_answers_to_nothing,
    list_rows,
    save_row,
    without_quotes_of,
    without_words,
)
from storage.forgetting.rules import RULES, WHOLE, Words
from storage.models import Base, OutboxRow
from storage.statements import drop_rows, table

_outbox = table(OutboxRow)
_OLD_ROWS = tuple(name for name, whole in WHOLE.items() if whole.at is not None)
_OLD_WORDS = tuple(
    name for name, rules in RULES.items() if any(isinstance(rule, Words) for rule in rules.values())
)
STEPS = (*_OLD_ROWS, _outbox.name, *_OLD_WORDS)
"""The tables in their order: what goes whole first, then what loses its words."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How far it has come: in which of `STEPS`, and there after which key."""

    number: int = 0
    after: tuple[Any, ...] | None = None


def erase_old(
    session: Session, workspace_id: str, before: datetime, batch: Batch, limit: int
) -> tuple[Batch | None, int]:
    """One batch of a workspace; where to go on (None: it is through), and how many rows went or lost words."""
    name = STEPS[batch.number]
    if name in _OLD_WORDS and batch.number >= len(_OLD_ROWS):
        after, count = _blank_words(session, workspace_id, name, before, batch.after, limit)
    else:
        count = _drop_whole(session, workspace_id, name, before, limit)
        after = () if count == limit else None
    if after is not None:
        return Batch(batch.number, after or None), count
    following = batch.number + 1
    return (Batch(following) if following < len(STEPS) else None), count


def _drop_whole(session: Session, workspace_id: str, name: str, before: datetime, limit: int) -> int:
    rows = Base.metadata.tables[name]
    old = [rows.c.workspace_id == workspace_id]
    if name == _outbox.name:
        old += [_outbox.c.created_at < before, _outbox.c.state.in_((State.EXPIRED, State.FAILED))]
    else:
        old.append(rows.c[WHOLE[name].at or ""] < before)
    key = list(rows.primary_key)
    oldest = select(*key).where(*old).limit(limit)
    count = drop_rows(session, rows, tuple_(*key).in_(oldest))
    if name == "learnings" and count:
        drop_answers_to_nothing(session, workspace_id)
    return count


def _may_be_said(column: ColumnElement[Any], rule: Words) -> ColumnElement[bool]:
    """Not where a text is gone already; JSON tells that only once it is read."""
    return column.not_in(("", rule.leaves)) if isinstance(column.type, Text) else true()


def _blank_words(
    session: Session,
    workspace_id: str,
    name: str,
    before: datetime,
    after: Sequence[Any] | None,
    limit: int,
) -> tuple[tuple[Any, ...] | None, int]:
    rows = Base.metadata.tables[name]
    old = or_(
        *(
            and_(rows.c[rule.at] < before, _may_be_said(rows.c[column], rule))
            for column, rule in RULES[name].items()
            if isinstance(rule, Words)
        )
    )

    def is_old(words: Words, row: Mapping[str, Any]) -> bool:
        at = row[words.at]
        return at is not None and at < before

    count = seen = 0
    last = None
    for row in list_rows(session, rows, rows.c.workspace_id == workspace_id, old, after=after, limit=limit):
        seen, last = seen + 1, tuple(row[column.name] for column in rows.primary_key)
        changed = without_words(name, row, is_old) | without_quotes_of(name, row, is_old)
        if changed:
            save_row(session, rows, row, changed)
            count += 1
    return (last if seen == limit else None), count
