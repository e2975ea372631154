"""Who and what there is: apps, people and channels, as whoever sets the scene makes and changes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox import keeping
from sandbox.apps import App, app_from
from sandbox.core import Core
from sandbox.people import Person, wait_for
from sandbox.records import Guest, User
from sandbox.workspace import Conversation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

JSON = dict[str, Any]


class World(Core):
    """The verbs of a test's author, in the process and under /control/."""

    def __init__(
        self,
        *,
        now: datetime | None,
        rate_limits: bool,
        patience: float | None,
        monotonic: Callable[[], float],
    ) -> None:
        super().__init__(now=now, rate_limits=rate_limits, patience=patience, monotonic=monotonic)
        self.people: dict[str, Person] = {}

    def install(self, manifest: JSON, *, scopes: Iterable[str] | None = None) -> App:
        """Installs an app from its Slack manifest; `scopes` are those granted when not all it asks for."""
        app = app_from(
            manifest,
            scopes,
            new_id=self.workspace.new_id,
            team_id=self.workspace.id,
            now=self.workspace.now(),
        )
        bot = self._account(app.name, is_bot=True)
        bot.id, bot.app_id, bot.bot_id = app.bot_user_id, app.app_id, app.bot_id
        self.workspace.users[bot.id] = bot
        app.bot_profile["user_id"] = bot.id
        self.workspace.apps[app.app_id] = app
        self.apps_by_token |= {app.bot_token: app, app.app_token: app}
        return app

    def keep(self, path: Path) -> None:
        """Writes the workspace to a file. What is on its way, and response_urls, end with the process."""
        keeping.keep(self, path)

    def take_up(self, path: Path) -> None:
        """Goes on, before anything has happened here, where `keep` left off."""
        keeping.take_up(self, path)
        accounts = (
            one for one in self.workspace.users.values() if one.app_id is None and one.id != "USLACKBOT"
        )
        self.people |= {account.name: Person(self, account) for account in accounts}

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

    async def settled(self) -> None:
        """Waits until nothing is to be delivered and every follower of the clock is idle."""
        await self.clock.settled()
