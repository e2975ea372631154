"""Slack workspaces Drumbeat is installed in."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import WorkspaceRow
from storage.statements import table, upsert

_workspaces = table(WorkspaceRow)


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
    rows = session.execute(select(_workspaces).order_by(_workspaces.c.workspace_id))
    return [Workspace(row.workspace_id, row.name, row.bot_user_id) for row in rows]


def find_workspace(session: Session, workspace_id: str) -> Workspace | None:
    row = session.execute(select(_workspaces).where(_workspaces.c.workspace_id == workspace_id)).first()
    return Workspace(row.workspace_id, row.name, row.bot_user_id) if row else None
