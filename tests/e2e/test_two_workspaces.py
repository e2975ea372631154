"""Two workspaces with a bot each and one database between them: nobody hears what is not theirs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from sandbox import LocalSlack
from storage import kpis
from storage.database import Database
from storage.strategies import list_strategies
from tests.e2e.test_command_line import drumbeat
from tests.e2e.test_kpis_of_the_week import adds
from tests.e2e.test_readings_over_http import READING, token_shown
from tests.support.bot_here import bot_here
from tests.support.bot_process import environment, install, running_bot
from tests.support.databases import SqliteFiles
from tests.support.team import Team, team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
DIGEST = MONDAY + timedelta(days=2, hours=2)
HARBOR, ORCHARD = "T0HARBOR01", "T0ORCHARD1"
WORDS = {HARBOR: "waiting for the tide table", ORCHARD: "waiting for the apple press"}
Said = list[tuple[str, int, str]]


def slack_of(workspace_id: str, now: datetime = FRIDAY) -> LocalSlack:
    """Ids of people, channels and apps are the same in both, so that a row in the wrong hands would find a reader."""
    slack = LocalSlack(now=now, rate_limits=False)
    slack.workspace.id = workspace_id
    slack.workspace.name = workspace_id.title()
    return slack


def people_of(slack: LocalSlack) -> Team:
    return team_of(slack, install(slack), {"Ben": "Europe/London", "Tom": "America/Los_Angeles"})


async def live_a_week(team: Team) -> None:
    """Prompts, a click, words in the direct message, reminders, a Home, the digest."""
    ben, tom = team.owners["Ben"], team.owners["Tom"]
    name = team.slack.workspace.name
    await team.sets_up({"Why": f"The why of {name}."})
    await team.adds(f"{name} newsletter", ben)
    await team.adds(f"{name} gala", tom)
    await team.maya.opens_home()
    await team.until(MONDAY)
    await ben.click("On track")
    await team.until(MONDAY + timedelta(hours=8))
    await tom.says(f"at risk, {WORDS[team.slack.workspace.id]}")
    await team.until(DIGEST)
    await team.until(MONDAY + timedelta(days=9))


def everything_seen(team: Team) -> Said:
    places = {person.name: person.dm for person in (team.maya, *team.owners.values())}
    places["the channel"] = team.channel
    return [
        (name, int(float(message.ts)), message.drawn)
        for name, place in places.items()
        for root in place.messages
        for message in (root, *root.thread)
    ]


async def tell(workspace_id: str, database_url: str, *, is_http: bool) -> Said:
    async with slack_of(workspace_id) as slack:
        team = people_of(slack)
        async with running_bot(slack, team.app, database_url, http=is_http):
            await live_a_week(team)
        assert {call.error for call in slack.calls if not call.ok} <= {"not_in_channel"}
        return sorted(everything_seen(team))


@pytest.mark.parametrize(
    ("database_url", "is_http"), [("sqlite", False), ("postgresql", True)], indirect=["database_url"]
)
async def test_each_hears_exactly_what_it_would_hear_alone(
    database_url: str, is_http: bool, sqlite_files: SqliteFiles
) -> None:
    async with asyncio.TaskGroup() as both:
        harbor = both.create_task(tell(HARBOR, database_url, is_http=is_http))
        orchard = both.create_task(tell(ORCHARD, database_url, is_http=is_http))
    alone = await tell(HARBOR, sqlite_files.new(), is_http=is_http)

    assert harbor.result() == alone
    assert len(orchard.result()) == len(alone)
    told = "\n".join(words for *_, words in alone)
    assert "Your week, Ben" in told
    assert "Week of 23 Nov" in told
    for said, own, other in ((harbor, HARBOR, ORCHARD), (orchard, ORCHARD, HARBOR)):
        whole = "\n".join(text for _, _, text in said.result())
        assert whole.count(WORDS[own]) >= 2
        assert WORDS[other] not in whole
        assert other.title() not in whole


@dataclass
class Neighbours:
    """Harbor's bot runs in this process; Orchard has set up its rhythm and gone."""

    url: str
    harbor: Team
    orchard: Team
    base: str


@pytest.fixture
async def neighbours(database_url: str) -> AsyncIterator[Neighbours]:
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(slack_of(ORCHARD))
        orchard = people_of(there)
        async with bot_here(there, orchard.app, database_url):
            await orchard.begins()
        here = await stack.enter_async_context(slack_of(HARBOR))
        harbor = people_of(here)
        await stack.enter_async_context(bot_here(here, harbor.app, database_url))
        await harbor.begins()
        assert harbor.app.request_url is not None
        yield Neighbours(database_url, harbor, orchard, harbor.app.request_url.removesuffix("/slack/events"))


async def test_what_is_due_elsewhere_stays_due_until_its_own_bot_is_back(neighbours: Neighbours) -> None:
    harbor, orchard = neighbours.harbor, neighbours.orchard
    before = everything_seen(orchard)
    await harbor.until(DIGEST)
    assert len(harbor.prompts(harbor.owners["Ben"])) == 1
    assert everything_seen(orchard) == before

    async with bot_here(orchard.slack, orchard.app, neighbours.url):
        await orchard.until(MONDAY)
        assert [len(orchard.prompts(one)) for one in orchard.owners.values()] == [1, 0]
        await orchard.until(DIGEST)
        assert len(orchard.digests()) == 1
    assert len(harbor.digests()) == 1


async def test_a_token_of_the_other_workspace_is_not_known_here(neighbours: Neighbours) -> None:
    harbor, orchard = neighbours.harbor, neighbours.orchard
    async with bot_here(orchard.slack, orchard.app, neighbours.url) as bot, ClientSession() as http:
        await adds(orchard, "Monthly givers", "Ben")
        await orchard.maya.command("/kpi", "token", channel=orchard.channel)
        await orchard.maya.click("Make a token")
        [strategy] = bot.database.run(list_strategies, ORCHARD)
        [kpi] = bot.database.run(kpis.list_kpis, ORCHARD, strategy.id)
        assert orchard.app.request_url is not None
        own = orchard.app.request_url.removesuffix("/slack/events")
        headers = {"Authorization": f"Bearer {token_shown(orchard)}"}
        statuses = []
        for base in (neighbours.base, own):
            url = f"{base}/api/v1/kpis/{kpi.id}/readings"
            async with http.post(url, json=READING, headers=headers) as answer:
                statuses.append(answer.status)
    assert statuses == [401, 201]
    assert harbor.maya.form is None


async def test_what_slack_sends_about_another_workspace_is_refused_and_changes_nothing(
    neighbours: Neighbours,
) -> None:
    harbor = neighbours.harbor
    await harbor.until(MONDAY)
    ben = harbor.owners["Ben"]
    before = everything_seen(harbor)
    harbor.slack.workspace.id = ORCHARD
    with capture_logs() as log:
        await ben.click("On track")
        await ben.says("off track, thanks to the pilots")
    harbor.slack.workspace.id = HARBOR
    await harbor.slack.settled()

    said = [text for _, _, text in everything_seen(harbor) if "pilots" not in text]
    assert said == [text for _, _, text in before]
    refused = [entry["workspace"] for entry in log if entry["event"] == "other_workspace_refused"]
    assert refused == [ORCHARD] * 2
    await ben.click("On track")
    await harbor.slack.settled()
    assert "on track" in harbor.prompts(ben)[0].drawn


async def test_check_and_the_log_name_the_other_workspace(neighbours: Neighbours, tmp_path: Path) -> None:
    harbor = neighbours.harbor
    told = environment(harbor.slack, harbor.app, neighbours.url)
    code, printed, errors = await drumbeat("check", told, tmp_path)
    assert code == 0, printed + errors
    [line] = [line for line in printed.splitlines() if "other workspaces" in line]
    assert f"T0Orchard1 ({ORCHARD})" in line
    assert "leaves their rows alone" in line
    assert "channel of Harbor Lights" in printed

    async with running_bot(harbor.slack, harbor.app, neighbours.url) as bot:
        [said] = [entry for entry in bot.log if entry["event"] == "other_workspaces"]
        assert (said["serving"], said["others"]) == (HARBOR, [ORCHARD])


async def test_a_file_is_written_or_read_for_the_workspace_that_is_named(
    neighbours: Neighbours, tmp_path: Path
) -> None:
    harbor = neighbours.harbor
    await adds(harbor, "Monthly givers", "Ben")
    told = environment(harbor.slack, harbor.app, neighbours.url)
    (tmp_path / "readings.csv").write_text("kpi,date,value,note\nMonthly givers,2026-11-20,316,\n")

    for arguments in ("export all.json", "import-readings readings.csv --yes"):
        code, _, errors = await drumbeat(arguments, told, tmp_path)
        assert code == 1
        assert "say which with --workspace" in errors
    code, _, errors = await drumbeat("export all.json --workspace T404", told, tmp_path)
    assert (code, "There is no workspace T404 in this database" in errors) == (1, True)

    code, printed, errors = await drumbeat(f"export all.json --workspace {HARBOR}", told, tmp_path)
    assert code == 0, errors
    exported = (tmp_path / "all.json").read_text()
    assert f'"workspace_id": "{HARBOR}"' in exported
    assert ORCHARD not in exported
    arguments = f"import-readings readings.csv --yes --workspace {HARBOR}"
    code, printed, errors = await drumbeat(arguments, told, tmp_path)
    assert (code, "1 readings imported." in printed) == (0, True), errors
    code, _, errors = await drumbeat(arguments.replace(HARBOR, ORCHARD), told, tmp_path)
    assert code == 1
    assert "no KPI" in errors or "Monthly givers" in errors
    assert readings_of(neighbours.url, HARBOR) == 1


def readings_of(database_url: str, workspace_id: str) -> int:
    database = Database.open(database_url, migrate=False).within(workspace_id)
    try:
        [strategy] = database.run(list_strategies, workspace_id)
        [kpi] = database.run(kpis.list_kpis, workspace_id, strategy.id)
        return len(kpi.readings)
    finally:
        database.close()
