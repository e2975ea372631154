"""Four weeks across each change of the clocks, through the console script and real sockets."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from sandbox import LocalSlack
from tests.support.bot_process import install, running_bot
from tests.support.team import Team, sent_at, team_of

ZONES = {
    "Aroha": "Pacific/Auckland",
    "Leo": "Europe/London",
    "Mia": "America/Los_Angeles",
    "Priya": "Asia/Kolkata",
}
WEEKS = 4
SEASONS = {
    # London falls back on 25 October, Los Angeles on 1 November; Auckland has sprung forward.
    "autumn": date(2026, 10, 19),
    # Set up before Los Angeles springs forward on 14 March; London follows on 28 March, Auckland falls back on 4 April.
    "spring": date(2027, 3, 15),
}


@pytest.mark.parametrize("first_monday", SEASONS.values(), ids=SEASONS.keys())
@pytest.mark.parametrize("is_http", [False, True], ids=["socket mode", "http"])
async def test_every_prompt_comes_once_at_its_local_minute(
    sqlite_url: str, postgresql_url: str, is_http: bool, first_monday: date
) -> None:
    # Side by side, as both mostly wait for the pace at which Slack may be called.
    async with asyncio.TaskGroup() as both:
        for database_url in (sqlite_url, postgresql_url):
            both.create_task(live_four_weeks(database_url, is_http, first_monday))


async def live_four_weeks(database_url: str, is_http: bool, first_monday: date) -> None:
    mondays = [first_monday + timedelta(weeks=number) for number in range(WEEKS)]
    tuesday = datetime.combine(first_monday - timedelta(days=6), time(12), UTC)
    async with LocalSlack(now=tuesday, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, ZONES)
        async with running_bot(slack, app, database_url, http=is_http):
            await team.begins()
            for monday in mondays:
                await live_a_week(team, monday)

    check_owners(team, mondays)
    assert [sent_at(digest, "Europe/London") for digest in team.digests()] == [
        at(monday, 11, days=2) for monday in mondays
    ]
    assert all("2 of 4 answered" in digest.drawn for digest in team.digests())


async def live_a_week(team: Team, monday: date) -> None:
    """Aroha and Leo answer on Monday evening in London, Mia and Priya never."""
    await team.until(datetime.combine(monday, time(18), UTC))
    for name in ("Aroha", "Leo"):
        await team.owners[name].click("On track", message=team.prompts(team.owners[name])[-1])
    await team.until(datetime.combine(monday + timedelta(days=2), time(12), UTC))


def check_owners(team: Team, mondays: list[date]) -> None:
    for name, owner in team.owners.items():
        prompted = [sent_at(message, ZONES[name]) for message in team.prompts(owner)]
        assert prompted == [at(monday, 9) for monday in mondays], name
        reminded = [sent_at(message, ZONES[name]) for message in team.reminders(owner)]
        silent = name in ("Mia", "Priya")
        assert reminded == [at(monday, 9, days=1) for monday in mondays if silent], name


def at(monday: date, hour: int, *, days: int = 0) -> datetime:
    return datetime.combine(monday + timedelta(days=days), time(hour))
