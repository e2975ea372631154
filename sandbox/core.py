"""What every part of the local Slack takes: one workspace, and what it shares with the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.delivery.events import Events
from sandbox.records import User
from sandbox.response_urls import ResponseUrls
from sandbox.triggers import Triggers
from sandbox.workspace import Message

if TYPE_CHECKING:
    from sandbox.apps import App
    from sandbox.shared import Shared
    from sandbox.workspace import Conversation, Workspace

JSON = dict[str, Any]


class Core:
    """A workspace's state and what changes it."""

    def __init__(self, shared: Shared, workspace: Workspace) -> None:
        self.shared = shared
        self.workspace = workspace
        self.changes, self.clock, self.ready = shared.changes, shared.clock, shared.ready
        self.socket_mode, self.outgoing = shared.socket_mode, shared.outgoing
        self.rates, self.faults, self.calls = shared.rates, shared.faults, shared.calls
        self.tokens = shared.tokens
        self.events = Events(workspace, shared.outgoing)
        self.triggers = Triggers(shared.trigger_seconds, shared.monotonic)
        self.response_urls = ResponseUrls(lambda: f"{self.url}/response/{workspace.id}", shared.monotonic)
        slackbot = User("USLACKBOT", "slackbot", "Slackbot", workspace.id)
        workspace.users[slackbot.id] = slackbot

    @property
    def url(self) -> str:
        return self.shared.url

    @property
    def api_url(self) -> str:
        """Where SDKs are to call instead of https://slack.com/api/."""
        return f"{self.url}/api/"

    @property
    def app(self) -> App:
        """The app installed first. Raises LookupError before there is one."""
        for app in self.workspace.apps.values():
            return app
        raise LookupError("no app is installed")

    def show_ephemeral(self, raw: JSON, conversation: Conversation, user_id: str) -> Message:
        """A message only one person sees, and only until Slack is restarted."""
        message = Message({**raw, "is_ephemeral": True}, conversation, self.workspace.next_number(), user_id)
        self.workspace.ephemerals.append(message)
        return message

    def add_reaction(self, message: Message, name: str, user_id: str) -> bool:
        """Whether it is new."""
        reactions = message.raw.setdefault("reactions", [])
        reaction = next((r for r in reactions if r["name"] == name), None)
        if reaction is None:
            reaction = {"name": name, "users": [], "count": 0}
            reactions.append(reaction)
        if user_id in reaction["users"]:
            return False
        reaction["users"].append(user_id)
        reaction["count"] += 1
        return True
