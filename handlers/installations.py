"""What Slack says of the app itself: uninstalled, its tokens revoked, let into a workspace of an organisation or out."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.requests import Event, Routes, hears
from services.installations import join_organisation, leave_organisation, remove


def leave_workspace(session: Session, event: Event, now: datetime) -> None:
    """`app_uninstalled` and `tokens_revoked` come in any order, perhaps after it was installed again."""
    if event.body["type"] == "app_uninstalled" or event.body["tokens"].get("bot"):
        remove(session, event.workspace_id, event.at or now)


def enter_workspaces(session: Session, event: Event, now: datetime) -> None:
    """`team_access_granted`, to an organisation's installation."""
    for workspace_id in _named(event):
        join_organisation(session, workspace_id, event.workspace_id, event.at or now)


def leave_workspaces(session: Session, event: Event, now: datetime) -> None:
    """`team_access_revoked`."""
    for workspace_id in _named(event):
        leave_organisation(session, workspace_id, event.workspace_id, event.at or now)


def _named(event: Event) -> list[str]:
    return [one for one in event.body["team_ids"] if isinstance(one, str)]


ROUTES = Routes(
    events={
        "app_uninstalled": hears(leave_workspace),
        "tokens_revoked": hears(leave_workspace),
        "team_access_granted": hears(enter_workspaces),
        "team_access_revoked": hears(leave_workspaces),
    }
)
