"""One Drumbeat for many workspaces, in this process: a local Slack with several, which install it by a click."""

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import yaml
from aiohttp import ClientSession, DummyCookieJar

from bot.app import assemble
from bot.clock import FollowedClock
from bot.config import Settings
from bot.manifest import http_manifest
from bot.parts import Parts
from bot.web import connect
from sandbox import LocalSlack, Person
from sandbox.apps import Registration
from sandbox.delivery.http import signature
from storage.encryption import new_key
from tests.support.audited import watching
from tests.support.databases import SqliteFiles
from tests.support.log_watch import WATCH
from tests.support.offices import FRIDAY

_PUBLIC = "https://drumbeat.example.org"


@dataclass
class Page:
    """What a browser shows in the end."""

    status: int
    text: str
    headers: Any


@dataclass
class Browser:
    """Of whoever installs what is at `url`; the app is as its developer registered it."""

    slack: LocalSlack
    registration: Registration
    url: str
    http: ClientSession

    async def begins(self, query: str = "") -> tuple[str, str]:
        """Opens /slack/install: where it sends a browser, and the cookie it gave."""
        answer = await self.http.get(f"{self.url}/slack/install{query}", allow_redirects=False)
        assert answer.status == 302, await answer.text()
        return answer.headers["Location"], answer.headers["Set-Cookie"].split(";")[0]

    async def allows(self, person: Person, address: str) -> str:
        """Clicks *Allow* on Slack's page as that person: where it sends the browser."""
        answer = await self.http.post(
            address,
            data={"answer": "allow", "person": person.id},
            headers={"Origin": self.slack.url},
            allow_redirects=False,
        )
        assert answer.status == 302, await answer.text()
        return answer.headers["Location"]

    async def comes_back(self, address: str, cookie: str) -> Page:
        answer = await self.http.get(address, headers={"Cookie": cookie}, allow_redirects=False)
        return Page(answer.status, await answer.text(), answer.headers)

    async def hears(self, body: Mapping[str, Any]) -> Page:
        """Takes a payload as Slack signs and sends it: an event or an interaction as JSON, a command as a form."""
        is_command = "command" in body
        raw = (urlencode(body) if is_command else json.dumps(body)).encode()
        kind = "application/x-www-form-urlencoded" if is_command else "application/json"
        headers = {"Content-Type": kind, **signature(self.registration.signing_secret, raw)}
        answer = await self.http.post(self.registration.request_url or "", data=raw, headers=headers)
        return Page(answer.status, await answer.text(), answer.headers)

    async def installs(self, person: Person) -> Page:
        """By a click, in the person's workspace."""
        address, cookie = await self.begins()
        page = await self.comes_back(await self.allows(person, address), cookie)
        assert page.status == 200, page.text
        await self.slack.settled()
        return page


@dataclass
class Many(Browser):
    """The bot in this process."""

    keys: list[str]
    bot: Parts


def free_port() -> int:
    """Below those that Linux gives to whoever takes any: it must still be free when the bot listens."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


def settings_of_many(
    slack: LocalSlack, registration: Registration, database_url: str, url: str, keys: list[str]
) -> Settings:
    return Settings.model_validate(environment_of_many(slack, registration, database_url, url, keys))


def environment_of_many(
    slack: LocalSlack, registration: Registration, database_url: str, url: str, keys: list[str]
) -> dict[str, str]:
    return {
        "SLACK_CLIENT_ID": registration.client_id,
        "SLACK_CLIENT_SECRET": registration.client_secret,
        "SLACK_SIGNING_SECRET": registration.signing_secret,
        "DRUMBEAT_ENCRYPTION_KEYS": ",".join(keys),
        "DRUMBEAT_PUBLIC_URL": url,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
        "DRUMBEAT_FOLLOW_CLOCK": "true",
        "DRUMBEAT_PORT": str(urlsplit(url).port or 0),
    }


def register(slack: LocalSlack, url: str, *, rotates: bool) -> Registration:
    written = http_manifest(_PUBLIC, many=True).replace(_PUBLIC, url)  # which Slack would not call
    manifest = yaml.safe_load(written)
    manifest["settings"]["token_rotation_enabled"] = rotates
    registration = slack.register(manifest)
    registration.request_url = f"{url}/slack/events"
    return registration


@asynccontextmanager
async def serving(
    slack: LocalSlack, registration: Registration, database_url: str, url: str, keys: list[str]
) -> AsyncIterator[Many]:
    async with (
        assemble(settings_of_many(slack, registration, database_url, url, keys)) as bot,
        connect(bot),
        ClientSession(cookie_jar=DummyCookieJar()) as http,
    ):
        assert isinstance(bot.clock, FollowedClock)
        following = asyncio.create_task(bot.clock.follow(bot.settle))
        await bot.clock.started()
        WATCH.follow(slack, registration.client_secret, registration.signing_secret, *keys)
        with watching(bot.database.engine) as offences:
            try:
                yield Many(slack, registration, url, http, keys, bot)
            finally:
                following.cancel()
        assert offences == [], offences


@asynccontextmanager
async def many_here(slack: LocalSlack, database_url: str, *, rotates: bool = False) -> AsyncIterator[Many]:
    """Answers and keeps every workspace's rhythm while inside, at the pace of a Slack without limits."""
    url = f"http://127.0.0.1:{free_port()}"
    registration = register(slack, url, rotates=rotates)
    async with serving(slack, registration, database_url, url, [new_key()]) as many:
        yield many


@pytest.fixture
async def many(sqlite_files: SqliteFiles) -> AsyncIterator[Many]:
    """On a Friday, before any workspace has installed it."""
    async with (
        LocalSlack(now=FRIDAY, rate_limits=False) as slack,
        many_here(slack, sqlite_files.new()) as many,
    ):
        yield many
