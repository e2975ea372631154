"""A local Slack with an app and three people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import App, Conversation, LocalSlack, Person
from tests.sandbox.support import Delivery, client, manifest
from tests.sandbox.wires import Wires

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Office:
    """`marketing` is public, with Ana and Ben; Cleo is in no channel."""

    slack: LocalSlack
    app: App
    api: AsyncWebClient
    ana: Person
    ben: Person
    cleo: Person
    marketing: Conversation


@asynccontextmanager
async def opened_office() -> AsyncIterator[Office]:
    async with LocalSlack(now=MONDAY, rate_limits=False) as slack:
        app = slack.install(manifest())
        ana = slack.person("Ana", tz="Europe/Madrid", locale="es-ES")
        ben = slack.person("Ben", tz="America/Los_Angeles")
        cleo = slack.person("Cleo")
        marketing = slack.channel("marketing", members=[ana, ben])
        yield Office(slack, app, client(slack, app), ana, ben, cleo, marketing)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened_office() as opened:
        yield opened


@pytest.fixture(params=["socket", "http"])
def delivery(request: pytest.FixtureRequest) -> Delivery:
    return cast("Delivery", request.param)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def wires(office: Office, session: aiohttp.ClientSession) -> AsyncIterator[Wires]:
    wires = Wires(office.slack, office.app, session)
    yield wires
    for wire in wires.open:
        await wire.close()
        await wire.listening
