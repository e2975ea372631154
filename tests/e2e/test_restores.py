"""A backup put back after the bot has gone on: nobody is asked, told or reminded a second time."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backups import back_up
from bot.restoring import restore
from sandbox import LocalSlack
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.databases import as_owner
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
