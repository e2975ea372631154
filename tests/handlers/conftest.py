"""A local Slack with the bot connected, before anything is set up."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.office import Office
from tests.support.offices import office, open_office
from tests.support.two_plans import TwoPlans, two_plans

__all__ = ["office"]


@pytest.fixture
async def harbor_lights(office: Office) -> Office:
    """Set up by Maya."""
    await office.set_up()
    return office


@pytest.fixture
async def plans(database_url: str, tmp_path: Path) -> AsyncIterator[TwoPlans]:
    """On SQLite and on PostgreSQL."""
    async with open_office(database_url) as office:
        yield await two_plans(office, tmp_path)
