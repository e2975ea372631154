"""What every part of the local Slack takes: the workspace, its time, and what is on its way to apps."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.changes import Changes
from sandbox.clock import FOLLOWER_SECONDS, Clock
from sandbox.delivery.events import Events
from sandbox.delivery.http import Http
from sandbox.delivery.outgoing import Outgoing
from sandbox.delivery.socket_mode import SocketMode
from sandbox.faults import Faults
from sandbox.rates import Rates
from sandbox.records import User
from sandbox.response_urls import ResponseUrls
from sandbox.triggers import Triggers
from sandbox.workspace import Message, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.apps import App
    from sandbox.calls import Called
    from sandbox.workspace import Conversation

JSON = dict[str, Any]
ACK_SECONDS = 3.0
TRIGGER_SECONDS = 3.0


class Core:
    """State and what changes it; `LocalSlack` says what the arguments mean."""

    def __init__(
        self,
        *,
        now: datetime | None,
        rate_limits: bool,
        patience: float | None,
        monotonic: Callable[[], float],
    ) -> None:
        if patience is None:
            patience = float(os.environ.get("SANDBOX_PATIENCE", "1"))
        self.url = ""
        self.changes = Changes()
        self.workspace = Workspace(lambda: self.clock.now_us())  # noqa: PLW0108 -- the clock comes later
        self.socket_mode = SocketMode(ACK_SECONDS * patience)
        self.http = Http(ACK_SECONDS * patience)
        self.outgoing = Outgoing(self.workspace, self.socket_mode, self.http, self.changes.happened)
        starts = now or datetime.now(UTC).replace(microsecond=0)
        self.clock = Clock(starts, self.outgoing.idle, FOLLOWER_SECONDS * patience, self.changes.happened)
        self.outgoing.clock = self.clock
        self.events = Events(self.workspace, self.outgoing)
        self.triggers = Triggers(TRIGGER_SECONDS * patience, monotonic)
        self.response_urls = ResponseUrls(lambda: f"{self.url}/response/{self.workspace.id}", monotonic)
        self.rates = Rates(enforced=rate_limits, monotonic=monotonic)
        self.faults = Faults()
        self.calls: list[Called] = []
        self.ready = asyncio.Event()
        """Until it is set, what people do on the page waits: for whoever starts the app and clears it meanwhile."""
        self.ready.set()
        self.foretell: Callable[[datetime], str] = lambda _: ""
        """What will happen at the next instant, in words; whoever runs the app may know."""
        self.apps_by_token: dict[str, App] = {}
        slackbot = User("USLACKBOT", "slackbot", "Slackbot", self.workspace.id)
        self.workspace.users[slackbot.id] = slackbot

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

    async def close(self) -> None:
        self.changes.end()
        await self.outgoing.close()
        await self.socket_mode.close()
        await self.clock.close()
        await self.http.close()
