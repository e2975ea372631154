"""A local Slack with the bot connected, before anything is set up."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from sandbox import LocalSlack
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.databases import SqliteFiles
from tests.support.office import Office

SATURDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
async def office(sqlite_files: SqliteFiles) -> AsyncIterator[Office]:
    async with LocalSlack(now=SATURDAY, rate_limits=False) as slack:
        app = install(slack)
        maya = slack.person("Maya Okafor", tz="Europe/London")
        ben = slack.person("Ben Carter", tz="America/Los_Angeles")
        tom = slack.person("Tom Lindqvist", tz="Europe/Stockholm")
        ruth = slack.person("Ruth Adler", tz="Europe/London", admin=True)
        marketing = slack.channel("marketing", members=[maya, ben, tom, ruth])
        await maya.invites(app, marketing)
        async with bot_here(slack, app, sqlite_files.new()) as bot:
            yield Office(slack, app, bot, maya, ben, tom, ruth, marketing)


@pytest.fixture
async def harbor_lights(office: Office) -> Office:
    """Set up by Maya."""
    await office.set_up()
    return office
