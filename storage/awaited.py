"""What initiatives still wait for: people who have not said yes, and milestones that are not done.

One statement for both, for digests that may cost only so many.
"""

from collections.abc import Iterable

from sqlalchemy import Boolean, Date, Text, bindparam, cast, null, select, union_all
from sqlalchemy.orm import Session

from domain.kickoffs import Confirmation, ConfirmationState, Role
from domain.milestones import Milestone
from storage.models import ConfirmationRow, MilestoneRow
from storage.statements import table
from storage.types import UtcDateTime

_confirmations = table(ConfirmationRow)
_milestones = table(MilestoneRow)
_NO_TEXT = cast(null(), Text)
_OPEN = (ConfirmationState.ASKED.value, ConfirmationState.DECLINED.value)

# Built once: building a statement costs several times what running it does.
_AWAITED = union_all(
    select(
        _confirmations.c.id,
        _confirmations.c.initiative_id,
        _confirmations.c.person_id,
        _confirmations.c.role,
        _confirmations.c.what.label("words"),
        _confirmations.c.state,
        _confirmations.c.asked_at,
        cast(null(), Date).label("due"),
        cast(null(), Boolean).label("ends_phase"),
    ).where(
        _confirmations.c.workspace_id == bindparam("workspace_id"),
        _confirmations.c.initiative_id.in_(bindparam("ids", expanding=True)),
        _confirmations.c.state.in_(_OPEN),
    ),
    select(
        _milestones.c.id,
        _milestones.c.initiative_id,
        _milestones.c.person_id,
        _NO_TEXT,
        _milestones.c.name,
        _NO_TEXT,
        cast(null(), UtcDateTime(timezone=True)),
        _milestones.c.due,
        _milestones.c.ends_phase,
    ).where(
        _milestones.c.workspace_id == bindparam("workspace_id"),
        _milestones.c.initiative_id.in_(bindparam("ids", expanding=True)),
        _milestones.c.done_at.is_(None),
    ),
)


def list_awaited(
    session: Session, workspace_id: str, initiative_ids: Iterable[int]
) -> tuple[tuple[Confirmation, ...], tuple[Milestone, ...]]:
    """Confirmations asked for or declined, and open milestones, each in the order they were made."""
    confirmations, milestones = [], []
    values = {"workspace_id": workspace_id, "ids": tuple(initiative_ids)}
    for row in sorted(session.execute(_AWAITED, values), key=lambda row: int(row.id)):
        if row.role is None:
            milestones.append(
                Milestone(row.id, row.initiative_id, row.words, row.person_id, row.due, row.ends_phase)
            )
            continue
        state = ConfirmationState(row.state)
        one = Confirmation(
            row.id, row.initiative_id, Role(row.role), row.person_id, row.words, state, "", row.asked_at
        )
        confirmations.append(one)
    return tuple(confirmations), tuple(milestones)
