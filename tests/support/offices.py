"""Opens an office: a local Slack on a Friday on which all are at work, the people, and the bot in their channel."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox import LocalSlack
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.databases import SqliteFiles
from tests.support.office import Office

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


@asynccontextmanager
async def open_office(database_url: str, **more: Any) -> AsyncIterator[Office]:
    """Before anything is set up; `more` are settings of the bot."""
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        maya = slack.person("Maya Okafor", tz="Europe/London")
        ben = slack.person("Ben Carter", tz="America/Los_Angeles")
        tom = slack.person("Tom Lindqvist", tz="Europe/Stockholm")
        ruth = slack.person("Ruth Adler", tz="Europe/London", admin=True)
        marketing = slack.channel("marketing", members=[maya, ben, tom, ruth])
        await maya.invites(app, marketing)
        async with bot_here(slack, app, database_url, **more) as bot:
            yield Office(slack, app, bot, maya, ben, tom, ruth, marketing)


@pytest.fixture
async def office(sqlite_files: SqliteFiles) -> AsyncIterator[Office]:
    async with open_office(sqlite_files.new()) as office:
        yield office
