"""The Web API's methods: who answers, which scopes they need, how often they may be called.

Scopes and tiers: docs.slack.dev/reference/methods; the tiers' minimum a minute.
"""

from __future__ import annotations

from sandbox.web_api import auth, canvases, chat, conversations, files, oauth, reactions, users, views
from sandbox.web_api.call import Method, OwnMethod

_T1, _T2, _T3, _T4 = 1, 20, 50, 100
_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")

METHODS: dict[str, Method] = {
    "api.test": Method(auth.api_test, (), _T4),
    "apps.uninstall": Method(oauth.uninstall, (), _T1),
    "auth.revoke": Method(oauth.revoke, (), _T3),
    "auth.test": Method(auth.test),
    "bots.info": Method(auth.bots_info, ("users:read",), _T3),
    "canvases.edit": Method(canvases.edit, ("canvases:write",), _T3),
    "canvases.sections.lookup": Method(canvases.look_up, ("canvases:read",), _T3),
    "chat.delete": Method(chat.delete, ("chat:write",), _T3),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",), _T4),
    "chat.postMessage": Method(chat.post_message, ("chat:write",)),
    "chat.update": Method(chat.update, ("chat:write",), _T3),
    "conversations.canvases.create": Method(canvases.create, ("canvases:write",), _T2),
    "conversations.history": Method(conversations.history, _HISTORY, _T3),
    "conversations.info": Method(conversations.info, _READ, _T3),
    "conversations.join": Method(conversations.join, ("channels:join",), _T3),
    "conversations.list": Method(conversations.list_, _READ, _T2),
    "conversations.members": Method(conversations.members, _READ, _T4),
    "conversations.open": Method(
        conversations.open_, ("im:write", "mpim:write", "channels:manage", "groups:write"), _T3
    ),
    "conversations.replies": Method(conversations.replies, _HISTORY, _T3),
    "files.completeUploadExternal": Method(files.complete_upload, ("files:write",), _T4),
    "files.getUploadURLExternal": Method(files.get_upload_url, ("files:write",), _T4),
    "files.info": Method(files.info, ("files:read",), _T4),
    "reactions.add": Method(reactions.add, ("reactions:write",), _T3),
    "team.info": Method(auth.team_info, ("team:read",), _T3),
    "users.conversations": Method(conversations.of_user, _READ, _T3),
    "users.info": Method(users.info, ("users:read",), _T4),
    "users.list": Method(users.list_, ("users:read",), _T2),
    "views.open": Method(views.open_, (), _T4),
    "views.publish": Method(views.publish, (), _T4),
    "views.push": Method(views.push, (), _T4),
    "views.update": Method(views.update, (), _T4),
}

OWN_METHODS: dict[str, OwnMethod] = {
    "apps.connections.open": OwnMethod(oauth.open_connection, "app token", _T3),
    "oauth.v2.access": OwnMethod(oauth.access, "client secret"),
}
