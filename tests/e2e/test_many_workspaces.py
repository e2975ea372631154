"""Workspaces install it by a click, each with its own token, words and week; one goes, and comes back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from sandbox import LocalSlack, Person, World
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.many import Many, free_port, many_here, serving
from tests.support.team import Team, team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
NEXT_MONDAY = MONDAY + timedelta(days=7)
OWNERS = {"Ben": "Europe/London"}


@dataclass
class Houses:
    """Two workspaces of one Slack, and the one bot."""

    many: Many
    slack: LocalSlack
    orchard: World


@pytest.fixture
async def houses(database_url: str) -> AsyncIterator[Houses]:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        orchard = slack.add_workspace("Orchard")
        async with many_here(slack, database_url) as many:
            yield Houses(many, slack, orchard)


async def moved_in(many: Many, world: World, installer: Person) -> Team:
    """Installed by a click, and a rhythm set up."""
    await many.installs(installer)
    # A team asks nothing of its Slack that another workspace of it has not.
    team = team_of(cast("LocalSlack", world), world.app, OWNERS)
    await team.maya.invites(team.app, team.channel)
    await team.sets_up({"Why": f"The why of {world.workspace.name}."})
    await team.adds(f"{world.workspace.name} newsletter", team.owners["Ben"])
    return team


def heard(world: World, person: Person) -> list[str]:
    return [message.drawn for message in person.dm.messages if message.user == world.app.bot_user_id]


async def test_two_workspaces_install_by_a_click_and_one_leaves_and_comes_back(houses: Houses) -> None:
    many, slack, orchard = houses.many, houses.slack, houses.orchard
    ada, olive = slack.person("Ada"), orchard.person("Olive")
    harbor_team = await moved_in(many, slack, ada)
    orchard_team = await moved_in(many, orchard, olive)
    assert ["I am Drumbeat" in one for one in heard(slack, ada)] == [True]
    assert ["I am Drumbeat" in one for one in heard(orchard, olive)] == [True]
    await olive.click("Set up a rhythm here…")
    assert olive.form is not None
    await olive.close()

    await slack.clock.advance(to=MONDAY)
    for team, name, other in ((harbor_team, "Sandbox", "Orchard"), (orchard_team, "Orchard", "Sandbox")):
        [prompt] = team.prompts(team.owners["Ben"])
        assert f"{name} newsletter" in prompt.drawn
        assert other not in prompt.drawn
        await team.owners["Ben"].click("On track")

    await orchard.uninstall(orchard_team.app)
    await slack.clock.advance(to=NEXT_MONDAY)
    assert len(harbor_team.prompts(harbor_team.owners["Ben"])) == 2
    assert len(orchard_team.prompts(orchard_team.owners["Ben"])) == 1
    assert len(harbor_team.digests()) == 1
    assert orchard_team.digests() == []

    await many.installs(olive)
    assert "Drumbeat is back" in heard(orchard, olive)[-1]
    await orchard_team.maya.invites(orchard_team.app, orchard_team.channel)
    await slack.clock.advance(to=NEXT_MONDAY + timedelta(days=7))
    asked = len(orchard_team.prompts(orchard_team.owners["Ben"]))
    assert asked == 1 + 1 + 1, "the first, the one that was due as it came back, and the next"
    assert {call.error for call in slack.calls if not call.ok} <= {"not_in_channel", None}


async def test_two_processes_share_all_workspaces_and_neither_sends_where_it_was_removed(
    postgresql_url: str,
) -> None:
    """Slack tells one of the two; both perform what is due, each prompt once."""
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        orchard = slack.add_workspace("Orchard")
        async with many_here(slack, postgresql_url) as many:
            other = f"http://127.0.0.1:{free_port()}"
            async with serving(slack, many.registration, postgresql_url, other, many.keys):
                harbor_team = await moved_in(many, slack, slack.person("Ada"))
                orchard_team = await moved_in(many, orchard, orchard.person("Olive"))
                await slack.clock.advance(to=MONDAY)
                await orchard.uninstall(orchard_team.app)
                refused = len([call for call in slack.calls if not call.ok])
                await slack.clock.advance(to=NEXT_MONDAY)
    assert len(harbor_team.prompts(harbor_team.owners["Ben"])) == 2
    assert len(orchard_team.prompts(orchard_team.owners["Ben"])) == 1
    assert len(harbor_team.digests()) == 1
    assert len([call for call in slack.calls if not call.ok]) == refused, "nobody tried"


async def test_one_workspace_of_the_settings_stops_too_and_goes_on_after_a_restart(sqlite_url: str) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, OWNERS)
        async with bot_here(slack, app, sqlite_url):
            await team.maya.invites(app, team.channel)
            await team.begins()
            await slack.uninstall(app)
            before = len(slack.calls)
            await slack.clock.advance(to=NEXT_MONDAY)
            assert len(slack.calls) == before, "it sends nothing"
        slack.install(app.registration)
        await team.maya.invites(app, team.channel)
        async with bot_here(slack, app, sqlite_url):
            await slack.clock.advance(to=NEXT_MONDAY + timedelta(hours=1))
        assert len(team.prompts(team.owners["Ben"])) == 1
