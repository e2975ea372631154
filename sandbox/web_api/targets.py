"""Finding the conversation or person a call names, with Slack's refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.refusals import ApiError

if TYPE_CHECKING:
    from sandbox.records import User
    from sandbox.web_api.call import Call
    from sandbox.workspace import Conversation

_PREFIX = {"public": "channels", "private": "groups", "im": "im"}


def conversation(call: Call, channel_id: str, permission: str | None = None) -> Conversation:
    """One the app may know of. `permission` "read" or "history" asks for that scope of the conversation's type.

    Raises channel_not_found for private ones the app is not in, as Slack doesn't give those away.
    """
    found = call.slack.workspace.conversations.get(channel_id)
    if found is None or (found.is_private and call.app.bot_user_id not in found.members):
        raise ApiError("channel_not_found")
    if permission:
        call.needs(f"{_PREFIX[found.kind]}:{permission}")
    return found


def postable(call: Call, channel_id: str) -> Conversation:
    """Where the app may post: a U… id means its direct message with that person.

    Posts to a deactivated person succeed unseen, as in Slack (slackapi/python-slack-sdk#1156).
    """
    workspace, app = call.slack.workspace, call.app
    if channel_id[:1] in ("U", "W"):
        person = workspace.users.get(channel_id)
        if person is None:
            raise ApiError("channel_not_found")
        if person.is_bot:
            raise ApiError("cannot_dm_bot")
        found = workspace.im(app.bot_user_id, person.id)
    else:
        found = conversation(call, channel_id)
    if found.is_im:
        if not app.registration.home.get("messages_tab_enabled", True):
            raise ApiError("messages_tab_disabled")
        return found
    if found.archived:
        raise ApiError("is_archived")
    if app.bot_user_id not in found.members and "chat:write.public" not in app.scopes:
        raise ApiError("not_in_channel")
    return found


def user(call: Call, user_id: str) -> User:
    found = call.slack.workspace.users.get(user_id)
    if found is None:
        raise ApiError("user_not_found")
    return found
