"""The draft of each strategy, shared by its leads: at most one, with who edited it last."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from domain.drafts import Draft
from storage.models import DraftRow
from storage.statements import is_of, table, upsert

_drafts = table(DraftRow)
_OF_STRATEGY = select(_drafts).where(
    _drafts.c.workspace_id == bindparam("workspace_id"), _drafts.c.strategy_id == bindparam("strategy_id")
)
_SAVED = ("revision", "content", "edited_by", "edited_at")


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """`revision` counts its edits, from 1."""

    draft: Draft
    revision: int
    edited_by: str
    edited_at: datetime


def find_draft(session: Session, workspace_id: str, strategy_id: int) -> KeptDraft | None:
    key = {"workspace_id": workspace_id, "strategy_id": strategy_id}
    row = session.execute(_OF_STRATEGY, key).first()
    if row is None:
        return None
    return KeptDraft(Draft.from_json(row.content), row.revision, row.edited_by, row.edited_at)


def save_draft(session: Session, workspace_id: str, strategy_id: int, kept: KeptDraft) -> None:
    """In place of the one there is."""
    values = {
        "workspace_id": workspace_id,
        "strategy_id": strategy_id,
        "revision": kept.revision,
        "content": kept.draft.to_json(),
        "edited_by": kept.edited_by,
        "edited_at": kept.edited_at,
    }
    upsert(session, _drafts, [values], _SAVED)


def drop_draft(session: Session, workspace_id: str, strategy_id: int) -> None:
    """Nothing where there is none."""
    session.execute(delete(_drafts).where(is_of(_drafts, workspace_id, strategy_id=strategy_id)))


def forget_old(session: Session, workspace_id: str, before: datetime) -> list[int]:
    """Those that nobody has edited since; returns the strategies they were of."""
    gone = delete(_drafts).where(_drafts.c.workspace_id == workspace_id, _drafts.c.edited_at < before)
    return list(session.scalars(gone.returning(_drafts.c.strategy_id)))
