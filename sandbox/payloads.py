"""The shapes Slack sends, as in its documentation of events and interaction payloads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sandbox import canvases

if TYPE_CHECKING:
    from sandbox.apps import App
    from sandbox.records import User
    from sandbox.workspace import Conversation, Workspace

JSON = dict[str, Any]


def user(account: User, workspace: Workspace, *, locale: bool = False) -> JSON:
    """As users.info answers. `locale` adds the locale, which people of other organisations don't have."""
    now = datetime.fromtimestamp(workspace.now(), ZoneInfo(account.tz))
    offset = now.utcoffset()
    shape: JSON = {
        "id": account.id,
        "team_id": account.team_id,
        "name": account.name,
        "deleted": account.deactivated,
        "color": "9f69e7",
        "real_name": account.real_name,
        "tz": account.tz,
        "tz_label": now.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": _profile(account),
        "is_admin": account.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": account.guest is not None,
        "is_ultra_restricted": account.guest == "single",
        "is_bot": account.is_bot,
        "is_app_user": False,
        "updated": account.updated,
        "has_2fa": False,
    }
    stranger = account.team_id != workspace.id
    if stranger:
        shape["is_stranger"] = True
    if locale and not stranger:
        shape["locale"] = account.locale
    return shape


def _profile(account: User) -> JSON:
    profile: JSON = {
        "avatar_hash": "",
        "status_text": "",
        "status_emoji": "",
        "real_name": account.real_name,
        "real_name_normalized": account.real_name,
        "display_name": account.name,
        "display_name_normalized": account.name,
        "team": account.team_id,
    }
    if account.app_id:
        profile |= {"api_app_id": account.app_id, "bot_id": account.bot_id}
    return profile


def conversation(shown: Conversation, workspace: Workspace, *, viewer: str) -> JSON:
    """As conversations.info answers for one account."""
    if shown.is_im:
        return {
            "id": shown.id,
            "created": shown.created,
            "is_im": True,
            "is_archived": False,
            "is_org_shared": False,
            "context_team_id": workspace.id,
            "user": shown.other_than(viewer),
            "is_user_deleted": workspace.users[shown.other_than(viewer)].deactivated,
            "is_open": True,
            "priority": 0,
        }
    topic = {"value": "", "creator": "", "last_set": 0}
    return {
        "id": shown.id,
        "name": shown.name,
        "name_normalized": shown.name,
        "is_channel": not shown.is_private,
        "is_group": shown.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": shown.is_private,
        "created": shown.created,
        "creator": shown.creator,
        "updated": shown.created * 1000,
        "is_archived": shown.archived,
        "is_frozen": False,
        "is_general": False,
        "is_member": viewer in shown.members,
        "unlinked": 0,
        "is_shared": shown.shared,
        "is_ext_shared": shown.shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": workspace.id,
        "shared_team_ids": [workspace.id],
        "topic": topic,
        "purpose": topic,
        "previous_names": [],
        **({"properties": canvases.properties_of(shown.canvas)} if shown.canvas else {}),
    }


def event_callback(app: App, workspace: Workspace, event: JSON) -> JSON:
    """The outer event, as in docs.slack.dev/apis/events-api."""
    return {
        "token": app.registration.verification_token,
        "team_id": workspace.id,
        "context_team_id": workspace.id,
        "context_enterprise_id": None,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": workspace.now(),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.id,
                "user_id": app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": _is_shared(workspace, event.get("channel")),
        "event_context": f"4-{event['type']}-{workspace.id}-{app.app_id}",
    }


def _is_shared(workspace: Workspace, channel: object) -> bool:
    found = workspace.conversations.get(channel) if isinstance(channel, str) else None
    return found is not None and found.shared


def command(
    app: App,
    workspace: Workspace,
    actor: User,
    where: Conversation,
    *,
    name: str,
    text: str,
    trigger_id: str,
    response_url: str,
) -> dict[str, str]:
    """A slash command's form fields."""
    return {
        "token": app.registration.verification_token,
        "team_id": actor.team_id,
        "team_domain": workspace.domain,
        "channel_id": where.id,
        "channel_name": channel_name(where),
        "user_id": actor.id,
        "user_name": actor.name,
        "command": name,
        "text": text,
        "api_app_id": app.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def channel(where: Conversation) -> JSON:
    return {"id": where.id, "name": channel_name(where)}


def channel_name(where: Conversation) -> str:
    """Slack names no private channel in payloads."""
    return "privategroup" if where.kind == "private" else where.name


def interaction(app: App, workspace: Workspace, actor: User, kind: str) -> JSON:
    """What every interaction starts with."""
    return {
        "type": kind,
        "user": {"id": actor.id, "username": actor.name, "name": actor.name, "team_id": actor.team_id},
        "api_app_id": app.app_id,
        "token": app.registration.verification_token,
        "team": {"id": workspace.id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def view(
    app: App,
    workspace: Workspace,
    given: JSON,
    *,
    view_id: str,
    view_hash: str,
    root: str,
    previous: str | None,
) -> JSON:
    """A view as views.open answers it. `given` is what the app sent; blocks without an id get one."""
    return {
        "id": view_id,
        "team_id": workspace.id,
        "type": given["type"],
        "blocks": with_block_ids(given["blocks"], workspace),
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "state": {"values": {}},
        "hash": view_hash,
        "title": given.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "previous_view_id": previous,
        "root_view_id": root,
        "app_id": app.app_id,
        "external_id": given.get("external_id", ""),
        "app_installed_team_id": workspace.id,
        "bot_id": app.bot_id,
    }


def with_block_ids(blocks: list[JSON], workspace: Workspace) -> list[JSON]:
    """The blocks, changed in place: Slack names those the app left without a block_id."""
    for block in blocks:
        if not block.get("block_id"):
            block["block_id"] = f"b{workspace.next_number():x}"
    return blocks
