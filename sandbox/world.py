"""Who and what there is: apps, people and channels, as whoever sets the scene makes and changes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox import installing, keeping
from sandbox.apps import App, Registration
from sandbox.core import Core
from sandbox.people import Person, wait_for
from sandbox.records import Guest, User
from sandbox.text import domain_of
from sandbox.workspace import Conversation, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sandbox.shared import Shared

JSON = dict[str, Any]


class World(Core):
    """The verbs of a test's author, in the process and under /control/. `worlds` are all workspaces, the first one
    first, in one list for all.
    """

    def __init__(self, shared: Shared, workspace: Workspace, worlds: list[World]) -> None:
        super().__init__(shared, workspace)
        self.people: dict[str, Person] = {}
        self.worlds = worlds
        worlds.append(self)

    def add_workspace(self, name: str, domain: str | None = None) -> World:
        """Another workspace, with people of its own; its page is at /in/DOMAIN. Raises ValueError for a domain taken."""
        chosen = domain or domain_of(name)
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", chosen):
            raise ValueError(f"a workspace's domain is made of a-z, 0-9 and dashes, unlike {chosen!r}")
        if chosen in (world.workspace.domain for world in self.worlds):
            raise ValueError(f"there is a workspace with the domain {chosen!r} already")
        place = len(self.worlds)
        workspace = Workspace(
            self.clock.now_us,
            id=f"T0SANDBOX{place + 1}",
            name=name,
            domain=chosen,
            root=f"/in/{chosen}",
            first_number=place << 24,
        )
        return World(self.shared, workspace, self.worlds)

    def register(self, manifest: JSON, **secrets: str) -> Registration:
        """Makes an app known from its Slack manifest, without installing it: by OAuth it is, or by `install`.

        `secrets` are those of `Registration` that are not to be made.
        """
        return installing.register(self.shared, manifest, self.workspace.new_id("A"), **secrets)

    def install(
        self,
        app: JSON | Registration,
        *,
        scopes: Iterable[str] | None = None,
        bot_token: str | None = None,
    ) -> App:
        """Installs an app here, known or from its manifest; `scopes` are those granted when not all it asks for."""
        known = app if isinstance(app, Registration) else self.register(app)
        asked = (*known.bot_scopes, *known.optional_scopes)
        return installing.install(self, known, asked if scopes is None else scopes, bot_token)

    @property
    def apps_by_token(self) -> dict[str, App]:
        """Whom each bot token belongs to; without its entry, a token is none."""
        return self.tokens.apps

    def keep(self, path: Path) -> None:
        """Writes all workspaces to a file. What is on its way, codes and response_urls end with the process."""
        keeping.keep(self.shared, [world.workspace for world in self.worlds], path)

    def take_up(self, path: Path) -> None:
        """Goes on, before anything has happened here, where `keep` left off. Raises OutdatedError."""
        keeping.take_up(self.shared, self._workspace_at, path)
        for world in self.worlds:
            users = world.workspace.users.values()
            accounts = (one for one in users if one.app_id is None and one.id != "USLACKBOT")
            world.people |= {account.name: Person(world, account) for account in accounts}

    def _workspace_at(self, place: int) -> Workspace:
        while len(self.worlds) <= place:
            self.add_workspace(f"workspace-{len(self.worlds)}")
        return self.worlds[place].workspace

    async def uninstall(self, app: App) -> None:
        """Takes the app away: its tokens stop working, and it hears so."""
        await wait_for(installing.uninstall(self, app))

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
        space = self.workspace
        handle, now = space.free_handle(name), space.now()
        account = User(space.new_id("U"), handle, name, space.id, is_bot=bot, updated=now)
        account.tz, account.locale, account.admin, account.guest = tz, locale, admin, guest
        account.deactivated = deactivated
        if organisation:
            account.team_id = "T" + re.sub(r"\W", "", organisation).upper()
        self.workspace.users[account.id] = account
        person = self.people[account.name] = Person(self, account)
        return person

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

    async def settled(self) -> None:
        """Waits until nothing is to be delivered and every follower of the clock is idle."""
        await self.clock.settled()
