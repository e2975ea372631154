"""What happens in the workspace, told to the apps that listen. Shapes: docs.slack.dev/reference/events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox import payloads

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

    from sandbox.apps import App
    from sandbox.delivery.outgoing import Outgoing
    from sandbox.records import User, View
    from sandbox.workspace import Conversation, Message, Workspace

JSON = dict[str, Any]
_MESSAGE_EVENTS = {"public": "message.channels", "private": "message.groups", "im": "message.im"}
_CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im"}
Sent = list["asyncio.Task[None]"]


class Events:
    """Each method returns the first attempts under way, for those who want to wait for them."""

    def __init__(self, workspace: Workspace, outgoing: Outgoing) -> None:
        self._workspace = workspace
        self._outgoing = outgoing

    def _tell(self, apps: Iterable[App], name: str, event: JSON, *, private: bool = False) -> Sent:
        self._outgoing.changed()
        heard = (app for app in apps if app.hears(name, private=private))
        return [self._outgoing.event(app, self._workspace, event) for app in heard]

    def _apps_in(self, conversation: Conversation) -> list[App]:
        return [app for app in self._workspace.apps.values() if app.bot_user_id in conversation.members]

    def _message(self, conversation: Conversation, event: JSON) -> Sent:
        name = _MESSAGE_EVENTS[conversation.kind]
        apps = self._apps_in(conversation)
        self._outgoing.changed()
        if not any(app.hears(name) for app in apps):
            return []
        shown = {"channel": conversation.id, "channel_type": _CHANNEL_TYPES[conversation.kind]}
        return self._tell(apps, name, {**event, **shown})

    def posted(self, message: Message) -> Sent:
        event = {**message.raw, "event_ts": message.ts}
        sent = self._message(message.conversation, event)
        for app in self._apps_in(message.conversation):
            if f"<@{app.bot_user_id}>" in message.text and not message.conversation.is_im:
                sent += self._tell(
                    [app], "app_mention", {**event, "type": "app_mention", "channel": message.conversation.id}
                )
        return sent

    def changed(self, message: Message, before: JSON) -> Sent:
        ts = self._workspace.stamp()
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": ts, "event_ts": ts}
        return self._message(
            message.conversation, {**event, "message": dict(message.raw), "previous_message": before}
        )

    def deleted(self, message: Message) -> Sent:
        ts = self._workspace.stamp()
        event = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": ts, "event_ts": ts}
        return self._message(
            message.conversation, {**event, "deleted_ts": message.ts, "previous_message": message.raw}
        )

    def join(self, conversation: Conversation, user_id: str, inviter: str | None = None) -> Sent:
        """Makes someone a member and says so to the apps in the conversation, the joining one included."""
        conversation.members[user_id] = None
        event = self._membership("member_joined_channel", conversation, user_id)
        if inviter:
            event["inviter"] = inviter
        return self._tell(
            self._apps_in(conversation), "member_joined_channel", event, private=conversation.is_private
        )

    def leave(self, conversation: Conversation, user_id: str, actor: str) -> Sent:
        """Takes someone out; an app that left hears of it as channel_left or group_left."""
        conversation.members.pop(user_id, None)
        event = self._membership("member_left_channel", conversation, user_id)
        sent = self._tell(
            self._apps_in(conversation), "member_left_channel", event, private=conversation.is_private
        )
        left = "group_left" if conversation.is_private else "channel_left"
        own = [app for app in self._workspace.apps.values() if app.bot_user_id == user_id]
        return sent + self._tell(own, left, self._happened(left, channel=conversation.id, actor_id=actor))

    def _membership(self, name: str, conversation: Conversation, user_id: str) -> JSON:
        letter = "G" if conversation.is_private else "C"
        return self._happened(
            name, user=user_id, channel=conversation.id, channel_type=letter, team=self._workspace.id
        )

    def archived(self, conversation: Conversation, actor: str) -> Sent:
        name = "group_archive" if conversation.is_private else "channel_archive"
        event = self._happened(name, channel=conversation.id, user=actor, is_moved=0)
        return self._tell(self._apps_in(conversation), name, event)

    def user_changed(self, account: User) -> Sent:
        return self._about_user("user_change", account)

    def team_joined(self, account: User) -> Sent:
        return self._about_user("team_join", account)

    def _about_user(self, name: str, account: User) -> Sent:
        shape = payloads.user(account, self._workspace, locale=True)
        event = self._happened(name, user=shape, cache_ts=self._workspace.now())
        return self._tell(self._workspace.apps.values(), name, event)

    def home_opened(self, app: App, account: User, tab: str, home: View | None) -> Sent:
        where = self._workspace.im(app.bot_user_id, account.id)
        event = self._happened("app_home_opened", user=account.id, channel=where.id, tab=tab)
        if home and tab == "home":
            event["view"] = home.with_state()
        return self._tell([app], "app_home_opened", event)

    def uninstalled(self, app: App) -> Sent:
        return self._tell([app], "app_uninstalled", self._happened("app_uninstalled")) + self.tokens_revoked(
            app
        )

    def tokens_revoked(self, app: App) -> Sent:
        tokens = {"oauth": [], "bot": [app.bot_user_id]}
        return self._tell([app], "tokens_revoked", self._happened("tokens_revoked", tokens=tokens))

    def reacted(self, message: Message, user_id: str, name: str) -> Sent:
        item = {"type": "message", "channel": message.conversation.id, "ts": message.ts}
        event = self._happened(
            "reaction_added", user=user_id, reaction=name, item=item, item_user=message.user
        )
        return self._tell(self._apps_in(message.conversation), "reaction_added", event)

    def _happened(self, name: str, **facts: Any) -> JSON:
        return {"type": name, **facts, "event_ts": self._workspace.stamp()}
