"""Drumbeat comes into a workspace, goes, comes back, and is forgotten there once it has been gone for long."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from storage import acts, installations, workspaces
from storage.delivery import outbox
from storage.encryption import Keys
from storage.installations import Arrival, Installation
from storage.isolation import within
from storage.workspaces import Workspace
from views.greetings import greeting_message
from views.installations import back_message

log = structlog.get_logger()

GRACE = timedelta(days=30)
"""How long what is kept of a workspace outlasts the app there: installed again within it, everything goes on."""
STATE_LIVES = timedelta(minutes=10)
"""How long somebody may take over Slack's page, as Slack's own code lives (docs.slack.dev, oauth.v2.access)."""
_A_TICK = 5


def install(session: Session, keys: Keys, installed: Installation, now: datetime) -> None:
    """Kept, and its installer greeted, or told that it is back. Whoever only grants more scopes hears nothing."""
    arrival = installations.save_installation(session, keys, installed)
    if not installed.is_of_organisation:
        workspace = Workspace(installed.id, installed.name, installed.bot_user_id)
        workspaces.save_workspace(session, workspace)
    acts.add_act(session, installed.id, None, Act(ActKind.INSTALLED, installed.installer_id, now))
    log.info("installed", workspace=installed.id, found=arrival)
    if arrival is not Arrival.THERE:
        told = greeting_message() if arrival is Arrival.NEW else back_message()
        outbox.enqueue_post(session, installed.id, installed.installer_id, told, now=now)


def join_organisation(session: Session, workspace_id: str, organisation_id: str, now: datetime) -> None:
    """An organisation's installation serves one of its workspaces, of which only the id is known."""
    with within(session, workspace_id):
        arrival = installations.serve_workspace(session, workspace_id, organisation_id, now)
        if arrival is not None:
            workspaces.save_workspace(session, installations.get_served(session, workspace_id))
            acts.add_act(session, workspace_id, None, Act(ActKind.INSTALLED, None, now))
    if arrival is not None:
        log.info("installed", workspace=workspace_id, organisation=organisation_id, found=arrival)


def remove(session: Session, workspace_id: str, at: datetime) -> None:
    """Uninstalled at that instant: nothing more is sent there, and what is kept of it outlasts that for a while."""
    for removed in installations.remove(session, workspace_id, at):
        with within(session, removed):
            acts.add_act(session, removed, None, Act(ActKind.UNINSTALLED, None, at))
        log.warning("uninstalled", workspace=removed)


def come_back(session: Session, workspace_id: str, now: datetime) -> None:
    """Where the token is a setting, that it works says that the app is there."""
    if installations.restore_own(session, workspace_id):
        acts.add_act(session, workspace_id, None, Act(ActKind.INSTALLED, None, now))


def leave_organisation(session: Session, workspace_id: str, organisation_id: str, at: datetime) -> None:
    """The same of one workspace that an organisation's installation served."""
    with within(session, workspace_id):
        is_served = installations.is_served_by(session, workspace_id, organisation_id)
    if is_served:
        remove(session, workspace_id, at)


def forget_removed(session: Session, now: datetime) -> int:
    """What is kept where the app has been gone for long enough, as much as fits a tick; of how many workspaces."""
    before = now - GRACE
    forgotten = 0
    for workspace_id in installations.list_forgettable(session, before, _A_TICK):
        if installations.forget_workspace(session, workspace_id, before):
            forgotten += 1
            log.warning("workspace_forgotten", workspace=workspace_id)
    return forgotten
