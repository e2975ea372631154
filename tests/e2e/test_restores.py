"""A backup put back after the bot has gone on: nobody is asked, told or reminded a second time."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.backups import back_up
from bot.restoring import restore
from sandbox import LocalSlack, Message
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.databases import SqliteFiles, as_owner
from tests.support.postgresql_tools import folder_of_tools
from tests.support.team import team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 11, tzinfo=UTC)


async def test_after_a_restore_no_prompt_and_no_digest_comes_twice(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{folder_of_tools()}:{os.environ['PATH']}")
    file = tmp_path / "backup"
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, {"Ben": "Europe/London", "Priya": "Europe/London"})
        ben, priya = team.owners["Ben"], team.owners["Priya"]
        async with bot_here(slack, app, database_url):
            await team.begins()
            back_up(as_owner(database_url), file, lambda _done, _of: None)
            await team.until(MONDAY)
            await ben.click("On track")
            await slack.settled()
        assert [len(team.prompts(one)) for one in (ben, priya)] == [1, 1]

        restore(as_owner(database_url), file, slack.clock.now)
        async with bot_here(slack, app, database_url):
            await team.until(MONDAY + timedelta(hours=3))
            assert [len(team.prompts(one)) for one in (ben, priya)] == [1, 1]

            # The prompt that stands is the restored one's: it takes answers again.
            await ben.click("At risk")
            await slack.settled()
            assert "at risk" in team.prompts(ben)[0].drawn.lower()
            await team.until(WEDNESDAY)
            assert len(team.digests()) == 1

        restore(as_owner(database_url), file, slack.clock.now)
        async with bot_here(slack, app, database_url):
            await team.until(WEDNESDAY + timedelta(hours=2))

            assert len(team.digests()) == 1
            [question] = [m for m in team.maya.dm.messages if "Post all of it" in m.buttons]
            assert "restored from a backup" in question.drawn
            await team.maya.click("All of it is there")
            await slack.settled()
            assert len(team.digests()) == 1
            assert [len(team.prompts(one)) for one in (ben, priya)] == [1, 1]


SEEDS = range(int(os.environ.get("DRUMBEAT_RESTORES", "2")))
END = datetime(2026, 12, 3, 12, tzinfo=UTC)
Said = Mapping[str, list[date]]
"""By what it is and to whom, the day of each."""


@pytest.mark.parametrize("seed", SEEDS)
async def test_at_whatever_points_one_is_made_and_restored_nothing_is_said_twice(
    sqlite_files: SqliteFiles, tmp_path: Path, seed: int
) -> None:
    """The bot had run up to the restore, so that all due before it stands in Slack: a lead who is asked says so."""
    chance = Random(seed)
    made_at = FRIDAY + timedelta(hours=1) + chance.random() * timedelta(days=11)
    restored_at = made_at + chance.random() * (END - timedelta(hours=3) - made_at)

    undisturbed = await tell_story(sqlite_files.new())
    told = await tell_story(sqlite_files.new(), tmp_path / "backup", made_at, restored_at)

    assert told == undisturbed, (made_at, restored_at)


async def tell_story(
    url: str, file: Path | None = None, made_at: datetime = END, restored_at: datetime = END
) -> Said:
    """Two weeks of two owners who answer nothing, with a backup that is made and put back meanwhile."""
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, {"Ben": "Europe/London", "Aroha": "Pacific/Auckland"})
        async with bot_here(slack, app, url):
            await team.begins()
            await team.until(max(made_at, slack.clock.now))
            if file is not None:
                back_up(url, file, lambda _done, _of: None)
            await team.until(max(restored_at, slack.clock.now))
        if file is not None:
            restore(url, file, slack.clock.now)
            async with bot_here(slack, app, url):
                while slack.clock.now < END:
                    await team.until(min(slack.clock.now + timedelta(hours=12), END))
                    if any("Post all of it" in message.buttons for message in team.maya.dm.messages):
                        await team.maya.click("All of it is there")
                        await slack.settled()
        said = {"digests": [day_of(message) for message in team.digests()]}
        for name, owner in team.owners.items():
            own = [message for message in owner.dm.messages if message.user == app.bot_user_id]
            said[name] = [day_of(message) for message in own]
        return said


def day_of(message: Message) -> date:
    return datetime.fromtimestamp(float(message.ts), UTC).date()
