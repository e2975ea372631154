"""Slack workspaces Drumbeat is installed in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from storage import ahead, canvases, checklists, homes, rituals
from storage.delivery import leases, outbox
from storage.isolation import within
from storage.models import InstallationRow, WorkspaceRow
from storage.statements import Now, table, upsert
from storage.types import UtcDateTime

_workspaces = table(WorkspaceRow)
_installations = table(InstallationRow)


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str
    name: str
    bot_user_id: str


def save_workspace(session: Session, workspace: Workspace) -> None:
    row = {
        "workspace_id": workspace.id,
        "name": workspace.name,
        "bot_user_id": workspace.bot_user_id,
        "charts_off": False,
    }
    upsert(session, _workspaces, [row], ("name", "bot_user_id"))


def list_workspaces(session: Session) -> list[Workspace]:
    found = []
    for workspace_id in session.scalars(select(_workspaces.c.workspace_id).order_by("workspace_id")).all():
        with within(session, workspace_id):
            found.append(find_workspace(session, workspace_id))
    return list(filter(None, found))


def find_workspace(session: Session, workspace_id: str) -> Workspace | None:
    row = session.execute(select(_workspaces).where(_workspaces.c.workspace_id == workspace_id)).first()
    return Workspace(row.workspace_id, row.name, row.bot_user_id) if row else None


def list_busy(
    session: Session, now: datetime, ahead_of: datetime, only: Collection[str] | None = None
) -> list[str]:
    """Workspaces in which something is to be done by the clock, of these or (None) of all that have installed the app;
    what is dated after `ahead_of` was written by one that was wrong. Not those it was removed from.
    """
    values = _NOW.values(now) | {"ahead_of": ahead_of}
    if only is None:
        return list(session.scalars(_BUSY_OF_INSTALLED, values))
    return list(session.scalars(_BUSY_OF_THESE, values | {"only": list(only)}))


def _busy() -> Select[tuple[str]]:
    of = _workspaces.c.workspace_id
    has_something = or_(
        rituals.has_due(of, _NOW),
        homes.has_stale(of, _NOW),
        checklists.has_stale(of),
        canvases.has_stale(of, _NOW),
        outbox.has_aside(of, _NOW),
        ahead.has_ahead(of, bindparam("ahead_of", type_=UtcDateTime()), _NOW),
    )
    return select(of).where(has_something).order_by(of)


_NOW = Now()
_BUSY = _busy()
_BUSY_OF_INSTALLED = _BUSY.where(
    _workspaces.c.workspace_id.in_(
        select(_installations.c.workspace_id).where(_installations.c.removed_at.is_(None))
    )
)
_BUSY_OF_THESE = _BUSY.where(
    _workspaces.c.workspace_id.in_(bindparam("only", expanding=True)),
    _workspaces.c.workspace_id.not_in(leases.REMOVED),
)
