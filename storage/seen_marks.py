"""Leads' *Seen* on at-risk and off-track lines of digests."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from storage.models import SeenMarkRow
from storage.statements import insert_missing, table

_marks = table(SeenMarkRow)
_OF_CHECK_INS = (
    select(_marks.c.check_in_id, _marks.c.initiative_id, _marks.c.person_id)
    .where(
        _marks.c.workspace_id == bindparam("workspace_id"),
        _marks.c.check_in_id.in_(bindparam("check_in_ids", expanding=True)),
    )
    .order_by(_marks.c.at)
)


def add_mark(
    session: Session, workspace_id: str, check_in_id: int, initiative_id: int, person_id: str, now: datetime
) -> bool:
    """Whether it is their first on this line."""
    values = {
        "workspace_id": workspace_id,
        "check_in_id": check_in_id,
        "initiative_id": initiative_id,
        "person_id": person_id,
        "at": now,
    }
    return insert_missing(session, _marks, values)


def list_marks(
    session: Session, workspace_id: str, check_in_ids: Collection[int]
) -> dict[int, dict[int, tuple[str, ...]]]:
    """Who has seen what of each check-in: person ids by initiative, the first first."""
    found: dict[int, dict[int, tuple[str, ...]]] = {check_in_id: {} for check_in_id in check_in_ids}
    values = {"workspace_id": workspace_id, "check_in_ids": tuple(check_in_ids)}
    for row in session.execute(_OF_CHECK_INS, values):
        marked = found[row.check_in_id]
        marked[row.initiative_id] = (*marked.get(row.initiative_id, ()), row.person_id)
    return found
