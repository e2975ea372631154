"""A team with the bot in this process, over real sockets, for the rules of a week."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.parts import Parts
from sandbox import LocalSlack, Person
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.databases import SqliteFiles
from tests.support.hearing import heard_alike_in
from tests.support.many import many
from tests.support.team import Team, team_of

__all__ = ["many"]
FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


@pytest.fixture
async def running(
    request: pytest.FixtureRequest, sqlite_files: SqliteFiles
) -> AsyncIterator[tuple[Team, Parts]]:
    """Begins on Friday 20 November 2026, or at the instant given as a parameter."""
    now: datetime = getattr(request, "param", FRIDAY)
    async with LocalSlack(now=now, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, {"Ben": "Europe/London", "Tom": "Europe/London"})
        await team.maya.invites(app, team.channel)
        async with bot_here(slack, app, sqlite_files.new()) as bot:
            yield team, bot
            assert heard_alike_in(slack) == []


@pytest.fixture
def bot(running: tuple[Team, Parts]) -> Parts:
    return running[1]


@pytest.fixture
async def team(running: tuple[Team, Parts]) -> Team:
    """Set up by Maya on a Friday."""
    await running[0].sets_up()
    return running[0]


@pytest.fixture
async def ben(team: Team) -> Person:
    """He owns Newsletter, and has been prompted on Monday 23 November 2026 at 09:00 in London."""
    await team.adds("Newsletter", team.owners["Ben"])
    await team.until(datetime(2026, 11, 23, 9, tzinfo=UTC))
    return team.owners["Ben"]
