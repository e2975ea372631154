"""Milestones of initiatives."""

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.milestones import Milestone
from storage.ids import new_id
from storage.models import MilestoneRow
from storage.statements import is_of, known, read_as, table

_milestones = table(MilestoneRow)
# Built once: building a statement costs several times what running it does.
_OF_INITIATIVES = (
    select(_milestones)
    .where(_milestones.c.workspace_id == bindparam("workspace_id"))
    .where(_milestones.c.initiative_id.in_(bindparam("ids", expanding=True)))
    .order_by(_milestones.c.due, _milestones.c.id)
)


def add_milestone(session: Session, workspace_id: str, milestone: Milestone, now: datetime) -> Milestone:
    """Add it; it gets an id."""
    milestone = replace(milestone, id=new_id(), created_at=now)
    session.execute(insert(_milestones).values(workspace_id=workspace_id, **asdict(milestone)))
    return milestone


def get_milestone(session: Session, workspace_id: str, milestone_id: int) -> Milestone:
    """Raises LookupError."""
    return known(find_milestone(session, workspace_id, milestone_id), f"milestone {milestone_id}")


def find_milestone(session: Session, workspace_id: str, milestone_id: int) -> Milestone | None:
    is_it = is_of(_milestones, workspace_id, id=milestone_id)
    row = session.execute(select(_milestones).where(is_it)).first()
    return _milestone(row) if row else None


def list_milestones(
    session: Session, workspace_id: str, initiative_ids: Collection[int]
) -> dict[int, tuple[Milestone, ...]]:
    """By initiative, the earliest due first; those done too."""
    found: dict[int, tuple[Milestone, ...]] = dict.fromkeys(initiative_ids, ())
    rows = session.execute(_OF_INITIATIVES, {"workspace_id": workspace_id, "ids": tuple(initiative_ids)})
    for row in rows:
        found[row.initiative_id] += (_milestone(row),)
    return found


def set_done(session: Session, workspace_id: str, milestone_id: int, by: str, now: datetime) -> bool:
    """Whether it was open until now."""
    is_it = (
        is_of(_milestones, workspace_id, id=milestone_id),
        _milestones.c.done_at.is_(None),
    )
    changed = update(_milestones).where(*is_it).values(done_at=now, done_by=by).returning(_milestones.c.id)
    return session.execute(changed).first() is not None


def _milestone(row: Any) -> Milestone:
    return read_as(Milestone, row)
