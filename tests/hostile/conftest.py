"""A local Slack with the bot connected, before anything is set up; and the socket's own view of it."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.support.many import many
from tests.support.office import Office
from tests.support.offices import office, open_office
from tests.support.raw_http import Slackbot

__all__ = ["many", "office"]


@pytest.fixture
async def slackbot(office: Office) -> AsyncIterator[Slackbot]:
    async with Slackbot(office.app) as slackbot:
        yield slackbot


@pytest.fixture
def log() -> Iterator[list[Any]]:
    with capture_logs() as entries:
        yield entries


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
async def either(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    """The office on each of the two databases."""
    async with open_office(request.getfixturevalue(request.param)) as office:
        yield office
