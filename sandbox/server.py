"""The local Slack: a workspace served on loopback."""

from __future__ import annotations

import os
import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from sandbox.apps import App, app_from
from sandbox.clock import FOLLOWER_SECONDS, Clock
from sandbox.control import Control
from sandbox.delivery.events import Events
from sandbox.delivery.http import Http
from sandbox.delivery.outgoing import Outgoing
from sandbox.delivery.socket_mode import SocketMode
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.message import Message
from sandbox.page.routes import routes as page_routes
from sandbox.people import Person, wait_for
from sandbox.rates import Rates
from sandbox.response_urls import ResponseUrls
from sandbox.triggers import Triggers
from sandbox.web_api import dispatch
from sandbox.web_api import files as uploads
from sandbox.workspace import Conversation, Guest, User, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from sandbox.web_api.call import Call

JSON = dict[str, Any]
ACK_SECONDS = 3.0
TRIGGER_SECONDS = 3.0
LOOPBACK = "127.0.0.1"


class LocalSlack:
    """Use as an async context manager; it listens while inside.

    `patience` is how many times as long as Slack it waits in real time: for an acknowledgement, for a form to be
    opened, for a follower of its clock. It is SANDBOX_PATIENCE unless given, and 1 where that is not set either, as
    Slack is. `monotonic` is the stopwatch, in seconds, by which triggers, response_urls and rate limits run out.
    """

    def __init__(
        self,
        *,
        now: datetime | None = None,
        rate_limits: bool = True,
        port: int = 0,
        patience: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if patience is None:
            patience = float(os.environ.get("SANDBOX_PATIENCE", "1"))
        self._port = port
        self.workspace = Workspace(lambda: self.clock.now_us())  # noqa: PLW0108 -- the clock comes later
        self.socket_mode = SocketMode(ACK_SECONDS * patience)
        self._http = Http(ACK_SECONDS * patience)
        self.outgoing = Outgoing(self.workspace, self.socket_mode, self._http)
        starts = now or datetime.now(UTC).replace(microsecond=0)
        self.clock = Clock(starts, self.outgoing.idle, FOLLOWER_SECONDS * patience)
        self.outgoing.clock = self.clock
        self.events = Events(self.workspace, self.outgoing)
        self.triggers = Triggers(TRIGGER_SECONDS * patience, monotonic)
        self.response_urls = ResponseUrls(self, monotonic)
        self.files = Files(self)
        self.rates = Rates(enforced=rate_limits, monotonic=monotonic)
        self.faults = Faults()
        self.calls: list[Call] = []
        self.apps_by_token: dict[str, App] = {}
        self.people: dict[str, Person] = {}
        self.url = ""
        slackbot = User("USLACKBOT", "slackbot", "Slackbot", self.workspace.id)
        self.workspace.users[slackbot.id] = slackbot

    async def __aenter__(self) -> Self:
        served = web.Application(client_max_size=16 * 1024 * 1024)
        served.add_routes(self._routes())
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, self._port)
        await site.start()
        self.url = f"http://{LOOPBACK}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.outgoing.close()
        await self.socket_mode.close()
        await self.clock.close()
        await self._http.close()
        await self._runner.cleanup()

    def _routes(self) -> list[web.RouteDef]:
        async def api(request: web.Request) -> web.StreamResponse:
            return await dispatch.serve(self, request)

        async def upload(request: web.Request) -> web.Response:
            return await uploads.receive(self, request)

        async def download(request: web.Request) -> web.Response:
            return uploads.download(self, request)

        return [
            web.post("/api/{method}", api),
            web.get("/api/{method}", api),
            web.get("/link/", self.socket_mode.serve),
            web.get("/control/clock", self.clock.follow),
            web.post("/response/{team}/{key}", self.response_urls.serve),
            web.post("/upload/v1/{file}", upload),
            web.get("/files/{file}", download),
            *Control(self).routes(),
            *page_routes(self.workspace),
        ]

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def app(self) -> App:
        """The app installed first. Raises LookupError before there is one."""
        for app in self.workspace.apps.values():
            return app
        raise LookupError("no app is installed")

    def install(self, manifest: JSON, *, scopes: Iterable[str] | None = None) -> App:
        """Installs an app from its Slack manifest; `scopes` are those granted when not all it asks for."""
        app = app_from(manifest, self.workspace, scopes)
        bot = self._account(app.name, is_bot=True)
        bot.id, bot.app_id, bot.bot_id = app.bot_user_id, app.app_id, app.bot_id
        self.workspace.users[bot.id] = bot
        app.bot_profile["user_id"] = bot.id
        self.workspace.apps[app.app_id] = app
        self.apps_by_token |= {app.bot_token: app, app.app_token: app}
        return app

    async def uninstall(self, app: App) -> None:
        """Takes the app away: its tokens stop working, and it hears so."""
        sent = self.events.uninstalled(app)
        app.uninstalled = True
        await wait_for(sent)

    async def connected(self, app: App | None = None, connections: int = 1) -> None:
        """Waits until the app holds that many Socket Mode connections."""
        await self.socket_mode.connected(app or self.app, connections)

    def person(
        self,
        name: str,
        *,
        tz: str = "UTC",
        locale: str = "en-US",
        admin: bool = False,
        guest: Guest | None = None,
        deactivated: bool = False,
        bot: bool = False,
        organisation: str | None = None,
    ) -> Person:
        """Someone with an account. `organisation` names another company, whose people are strangers here."""
        account = self._account(name, is_bot=bot)
        account.tz, account.locale, account.admin, account.guest = tz, locale, admin, guest
        account.deactivated = deactivated
        if organisation:
            account.team_id = "T" + re.sub(r"\W", "", organisation).upper()
        self.workspace.users[account.id] = account
        person = self.people[account.name] = Person(self, account)
        return person

    def _account(self, name: str, *, is_bot: bool) -> User:
        handle = re.sub(r"[^\w]+", ".", name.casefold()).strip(".")
        taken = {user.name for user in self.workspace.users.values()}
        unique = next(h for h in (handle, *(f"{handle}{n}" for n in range(2, 1000))) if h not in taken)
        team = self.workspace.id
        return User(
            self.workspace.new_id("U"), unique, name, team, is_bot=is_bot, updated=self.workspace.now()
        )

    async def welcome(self, name: str, **facts: Any) -> Person:
        """Someone who joins the workspace now, with the event Slack sends."""
        person = self.person(name, **facts)
        await wait_for(self.events.team_joined(person.account))
        return person

    async def deactivate(self, person: Person) -> None:
        await self.change(person, deactivated=True)

    async def change(self, person: Person, **facts: Any) -> None:
        """Changes a profile (tz, locale, real_name, admin, guest, deactivated), with the event Slack sends."""
        for name, value in facts.items():
            setattr(person.account, name, value)
        person.account.updated = self.workspace.now()
        await wait_for(self.events.user_changed(person.account))

    def channel(
        self,
        name: str,
        *,
        members: Iterable[Person] = (),
        private: bool = False,
        shared: bool = False,
        archived: bool = False,
    ) -> Conversation:
        """A channel with its people; apps come in by invitation or by joining."""
        people = {person.id: None for person in members}
        creator = next(iter(people), "USLACKBOT")
        channel = Conversation(
            self.workspace,
            self.workspace.new_id("C"),
            name.removeprefix("#"),
            "private" if private else "public",
            creator,
            self.workspace.now(),
            people,
            shared,
            archived,
        )
        self.workspace.conversations[channel.id] = channel
        return channel

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

    async def settled(self) -> None:
        """Waits until nothing is to be delivered and every follower of the clock is idle."""
        await self.clock.settled()
