"""An app comes into a workspace, and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.apps import App, Registration, registered
from sandbox.records import User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.core import Core
    from sandbox.delivery.events import Sent
    from sandbox.shared import Shared
    from sandbox.workspace import Workspace

JSON = dict[str, Any]


def register(shared: Shared, manifest: JSON, app_id: str, **secrets: str) -> Registration:
    """Makes an app known, in no workspace yet; secrets that are not given are made."""
    registration = registered(manifest, app_id, secrets)
    shared.registrations[registration.app_id] = registration
    return registration


def install(
    slack: Core, registration: Registration, scopes: Iterable[str], bot_token: str | None = None
) -> App:
    """Once more is no harm: it keeps its bot user and its token where that never ends, and scopes only grow."""
    workspace = slack.workspace
    app = workspace.apps.get(registration.app_id)
    if app is None:
        app = workspace.apps[registration.app_id] = _new(workspace, registration)
    app.scopes |= frozenset(scopes)
    app.uninstalled = workspace.users[app.bot_user_id].deactivated = False
    if bot_token or registration.rotates_tokens or not slack.tokens.of(app):
        slack.tokens.give(app, bot_token)
    return app


def _new(workspace: Workspace, registration: Registration) -> App:
    bot_id, name = workspace.new_id("B"), registration.name
    bot = User(
        workspace.new_id("U"),
        workspace.free_handle(name),
        name,
        workspace.id,
        is_bot=True,
        app_id=registration.app_id,
        bot_id=bot_id,
        updated=workspace.now(),
    )
    workspace.users[bot.id] = bot
    profile = {
        "id": bot_id,
        "app_id": registration.app_id,
        "user_id": bot.id,
        "name": name,
        "icons": {},
        "deleted": False,
        "updated": workspace.now(),
        "team_id": workspace.id,
    }
    return App(registration, workspace.id, bot.id, bot_id, profile, frozenset())


def uninstall(slack: Core, app: App) -> Sent:
    """Its tokens stop working, its bot is out of every channel, and it hears so."""
    sent = slack.events.uninstalled(app)
    app.uninstalled = True
    slack.tokens.end_all(app)
    _leave(slack.workspace, app)
    return sent


def revoke(slack: Core, app: App, token: str) -> Sent:
    """Ends one token. The app stays installed; its bot is deactivated when it was the last."""
    sent = slack.events.tokens_revoked(app)
    slack.tokens.revoke(token)
    if not slack.tokens.of(app):
        _leave(slack.workspace, app)
    return sent


def _leave(workspace: Workspace, app: App) -> None:
    workspace.users[app.bot_user_id].deactivated = True
    for conversation in workspace.conversations.values():
        if not conversation.is_im:
            conversation.members.pop(app.bot_user_id, None)
