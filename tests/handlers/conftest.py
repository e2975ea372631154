"""A local Slack with the bot connected, before anything is set up."""

from collections.abc import AsyncIterator

import pytest

from tests.support.databases import SqliteFiles
from tests.support.office import Office
from tests.support.offices import open_office


@pytest.fixture
async def office(sqlite_files: SqliteFiles) -> AsyncIterator[Office]:
    async with open_office(sqlite_files.new()) as office:
        yield office


@pytest.fixture
async def harbor_lights(office: Office) -> Office:
    """Set up by Maya."""
    await office.set_up()
    return office
