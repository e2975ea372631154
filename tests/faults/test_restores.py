"""A backup put back at whatever point: nobody is asked or told a second time, and nobody is left out."""

import os
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.backups import back_up
from bot.restoring import restore
from sandbox import LocalSlack, Message
from tests.faults.kinds import POSTGRESQL, RESTORE, RESTORES, SQLITE, share_of
from tests.faults.table import Outcome, keep
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.databases import SqliteFiles, as_owner
from tests.support.postgresql_tools import folder_of_tools
from tests.support.team import team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
END = datetime(2026, 12, 3, 12, tzinfo=UTC)
NAMES = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
Said = Counter[tuple[str, date]]
"""What it is and to whom, and the day."""


@pytest.mark.parametrize("seed", range(share_of(RESTORES)))
async def test_at_whatever_points_one_is_made_and_restored_nothing_is_said_twice(
    request: pytest.FixtureRequest,
    database_url: str,
    sqlite_files: SqliteFiles,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    """The bot had run up to the restore, so that all due before it stands in Slack: a lead who is asked says so."""
    monkeypatch.setenv("PATH", f"{folder_of_tools()}:{os.environ['PATH']}")
    chance = Random(seed)
    made_at = FRIDAY + timedelta(hours=1) + chance.random() * timedelta(days=11)
    restored_at = made_at + chance.random() * (END - timedelta(hours=3) - made_at)

    undisturbed = await Story(sqlite_files.new()).told()
    story = Story(database_url, tmp_path / "backup", made_at, restored_at)
    told = await story.told()

    lost, doubled = undisturbed - told, told - undisturbed
    name = NAMES[request.node.callspec.params["database_url"]]
    found = lost.total(), doubled.total(), story.asked
    keep(Outcome(RESTORE, name, 1, 1, *found, story.seconds))
    assert (lost, doubled) == (Counter(), Counter()), (made_at, restored_at)


class Story:
    """Two weeks of two owners who answer nothing, with a backup that is made and put back meanwhile."""

    def __init__(
        self, url: str, file: Path | None = None, made_at: datetime = END, restored_at: datetime = END
    ) -> None:
        self._url = url
        self._file = file
        self._made_at = made_at
        self._restored_at = restored_at
        self.asked = 0
        self.seconds = 0.0
        """From the restore until all was said that was due by then."""

    async def told(self) -> Said:
        async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
            app = install(slack)
            team = team_of(slack, app, {"Ben": "Europe/London", "Aroha": "Pacific/Auckland"})
            async with bot_here(slack, app, self._url):
                await team.begins()
                await team.until(max(self._made_at, slack.clock.now))
                if self._file is not None:
                    back_up(as_owner(self._url), self._file, lambda _done, _of: None)
                await team.until(max(self._restored_at, slack.clock.now))
            if self._file is not None:
                began = time.monotonic()
                restore(as_owner(self._url), self._file, slack.clock.now)
                async with bot_here(slack, app, self._url):
                    await slack.settled()
                    self.seconds = time.monotonic() - began
                    while slack.clock.now < END:
                        await team.until(min(slack.clock.now + timedelta(hours=12), END))
                        if any("Post all of it" in message.buttons for message in team.maya.dm.messages):
                            self.asked += 1
                            await team.maya.click("All of it is there")
                            await slack.settled()
            said = Counter(("digest", day_of(message)) for message in team.digests())
            for name, owner in team.owners.items():
                own = [message for message in owner.dm.messages if message.user == app.bot_user_id]
                said += Counter((name, day_of(message)) for message in own)
            return said


def day_of(message: Message) -> date:
    return datetime.fromtimestamp(float(message.ts), UTC).date()
