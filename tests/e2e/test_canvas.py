"""The strategy on a canvas: made when a lead wants it, written at most once an hour, never over what people wrote."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.manifest import list_scopes, load_manifest
from sandbox import LocalSlack, Message, Person
from tests.support.bot_here import bot_here
from tests.support.bot_process import install, running_bot
from tests.support.databases import SqliteFiles
from tests.support.team import STRATEGY, Team, team_of

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WRITES = ("canvases.edit", "conversations.canvases.create")


def canvas(team: Team) -> str:
    assert team.channel.canvas is not None
    return team.channel.canvas.markdown


def writes(slack: LocalSlack) -> list[datetime]:
    return [call.at for call in slack.calls if call.method in WRITES and call.ok]


async def status(team: Team) -> str:
    await team.maya.command("/rhythm", "status", channel=team.channel)
    await team.slack.settled()
    return team.maya.notices[-1].drawn


async def wants_it(team: Team) -> None:
    await status(team)
    await team.maya.click("Put it on a canvas")
    await team.slack.settled()


def question(person: Person) -> Message:
    [found] = [one for one in person.dm.messages if "Leave it as it is" in one.buttons]
    return found


async def test_a_lead_has_it_made_and_it_goes_with_what_is_recorded(team: Team, ben: Person) -> None:
    assert team.channel.canvas is None
    await wants_it(team)
    assert f"# {STRATEGY}" in canvas(team)
    assert "**Newsletter**: ⚪ no answer · Ben" in canvas(team)
    assert "It is being written" not in await status(team)
    await ben.click("On track")
    await team.slack.settled()
    assert "**Newsletter**: ⚪ no answer" in canvas(team), "written less than an hour ago"
    await team.until(MONDAY + HOUR)
    assert "**Newsletter**: 🟢 on track · Ben" in canvas(team)
    assert "last written" in await status(team)


async def test_it_is_written_at_most_once_an_hour_and_only_when_something_changed(
    team: Team, ben: Person
) -> None:
    await wants_it(team)
    await team.until(MONDAY + timedelta(minutes=20))
    await ben.click("On track")
    for minutes, word in ((40, "pause"), (70, "resume"), (90, "pause"), (110, "resume")):
        await team.until(MONDAY + timedelta(minutes=minutes))
        await team.maya.command("/rhythm", word, channel=team.channel)
    await team.until(MONDAY + timedelta(hours=12))
    times = writes(team.slack)
    assert all(later - sooner >= HOUR for sooner, later in pairwise(times))
    assert times[1:2] == [MONDAY + HOUR]
    assert len(times) == 3
    await team.until(datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert writes(team.slack) == times, "nothing has changed"


async def test_what_people_wrote_in_it_is_replaced_only_when_a_lead_says_so(team: Team, ben: Person) -> None:
    await wants_it(team)
    team.maya.writes_canvas(canvas(team) + "\n\nBring cake on Friday.", team.channel)
    await ben.click("On track")
    await team.until(MONDAY + HOUR)
    assert "Bring cake" in canvas(team)
    asked = question(team.maya)
    assert "people have written in the canvas" in asked.drawn
    await team.until(MONDAY + timedelta(hours=5))
    assert "Bring cake" in canvas(team)
    assert len(writes(team.slack)) == 1
    await team.maya.click("Replace what is there", message=asked)
    await team.slack.settled()
    assert "Bring cake" not in canvas(team)
    assert "🟢 on track" in canvas(team)
    assert "is replaced by the strategy" in asked.drawn
    assert "last written" in await status(team)


async def test_left_as_it_is_it_is_written_no_more_until_a_lead_wants_it_again(
    team: Team, ben: Person
) -> None:
    await wants_it(team)
    team.owners["Ben"].writes_canvas("Ours.", team.channel)
    await ben.click("On track")
    await team.until(MONDAY + HOUR)
    await team.maya.click("Leave it as it is")
    await team.until(MONDAY + timedelta(days=3))
    assert canvas(team) == "Ours."
    assert "stays as it is" in "\n".join(one.drawn for one in team.maya.dm.messages)
    assert "I leave it as it is, as @Maya said" in await status(team)
    await team.maya.click("Put it on a canvas")
    await team.slack.settled()
    assert canvas(team) == "Ours."
    assert "people have written in" in question(team.maya).drawn


async def test_a_channel_with_a_canvas_of_its_own_keeps_it_unless_a_lead_says_otherwise(
    team: Team, ben: Person
) -> None:
    ben.writes_canvas("# The team's own", team.channel)
    await wants_it(team)
    assert canvas(team) == "# The team's own"
    assert "has a canvas already that I do not keep" in question(team.maya).drawn
    await team.maya.click("Replace what is there")
    await team.slack.settled()
    assert f"# {STRATEGY}" in canvas(team)


async def test_a_canvas_that_somebody_deleted_is_not_made_again_by_itself(team: Team, ben: Person) -> None:
    await wants_it(team)
    team.maya.deletes_canvas(team.channel)
    await ben.click("On track")
    await team.until(MONDAY + HOUR)
    assert team.channel.canvas is None
    assert "Somebody has deleted it" in await status(team)
    await team.maya.click("Put it on a canvas")
    await team.slack.settled()
    assert f"# {STRATEGY}" in canvas(team)


async def test_where_canvases_are_switched_off_the_lead_hears_how_to_allow_them_and_all_else_goes_on(
    team: Team, ben: Person
) -> None:
    team.slack.workspace.canvas_refusal = "canvas_disabled_user_team"
    await wants_it(team)
    assert team.channel.canvas is None
    assert "Canvases are switched off in this workspace" in team.maya.dm.messages[-1].drawn
    assert "Canvases are switched off in this workspace" in await status(team)
    await ben.click("On track")
    await team.until(datetime(2026, 11, 25, 11, tzinfo=UTC))
    assert len(team.digests()) == 1
    team.slack.workspace.canvas_refusal = ""
    await status(team)
    await team.maya.click("Try again")
    await team.slack.settled()
    assert "🟢 on track" in canvas(team)


@asynccontextmanager
async def without_the_scope(files: SqliteFiles) -> AsyncIterator[Team]:
    async with LocalSlack(now=MONDAY, rate_limits=False) as slack:
        app = slack.install(load_manifest(), scopes=list_scopes()[0])
        team = team_of(slack, app, {"Ben": "Europe/London"})
        await team.maya.invites(app, team.channel)
        async with bot_here(slack, app, files.new()):
            await team.begins()
            yield team


async def test_without_the_optional_scope_only_the_canvas_is_missing(sqlite_files: SqliteFiles) -> None:
    async with without_the_scope(sqlite_files) as team:
        await wants_it(team)
        assert "optional scope canvases:write" in await status(team)
        team.slack.install(team.app.registration, scopes=["canvases:write"])
        await status(team)
        await team.maya.click("Try again")
        await team.slack.settled()
        assert f"# {STRATEGY}" in canvas(team)


@pytest.mark.parametrize("method", WRITES)
async def test_a_lost_answer_leaves_one_canvas_and_asks_nobody(team: Team, ben: Person, method: str) -> None:
    team.slack.faults.add(method, "drop_reply")
    await wants_it(team)
    await ben.click("On track")
    await team.until(MONDAY + timedelta(hours=2))
    assert "🟢 on track" in canvas(team)
    assert [one for one in team.maya.dm.messages if "canvas" in one.drawn] == []
    made = [call for call in team.slack.calls if call.method == "conversations.canvases.create"]
    assert len(made) == 1


async def test_what_nobody_recorded_in_time_is_not_green_for_long(team: Team, ben: Person) -> None:
    await ben.click("On track")
    await wants_it(team)
    assert "🟢 on track" in canvas(team)
    await team.until(datetime(2026, 12, 2, 12, tzinfo=UTC))
    assert "🟢" not in canvas(team)
    assert "⚪ no answer (last: on track, 23 Nov)" in canvas(team)


async def test_a_bot_of_its_own_process_makes_it_and_keeps_it_up_to_date(database_url: str) -> None:
    async with LocalSlack(now=MONDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, {"Ben": "Europe/London"})
        await team.maya.invites(app, team.channel)
        async with running_bot(slack, app, database_url):
            await team.begins()
            await wants_it(team)
            assert "**Ben’s work**: ⚪ not asked yet · Ben" in canvas(team)
            team.owners["Ben"].writes_canvas("Ours.", team.channel)
            await team.maya.command("/rhythm", "pause", channel=team.channel)
            await team.until(MONDAY + timedelta(hours=2))
            assert canvas(team) == "Ours."
            await team.maya.click("Replace what is there")
            await slack.settled()
            assert "Paused since 23 Nov" in canvas(team)
