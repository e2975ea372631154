"""`drumbeat forget` beside a running bot."""

from datetime import UTC, datetime
from pathlib import Path

from sandbox import LocalSlack
from tests.e2e.test_command_line import bot_settings, drumbeat
from tests.support.bot_process import install, running_bot
from tests.support.databases import as_owner
from tests.support.team import team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 1, tzinfo=UTC)
SAID = "On track, the quokkas are fed"


async def test_somebody_is_forgotten_while_the_bot_runs_and_goes_on(
    database_url: str, tmp_path: Path
) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, {"Ben": "Europe/London", "Tom": "Europe/London"})
        ben, tom = team.owners["Ben"], team.owners["Tom"]
        async with running_bot(slack, app, database_url):
            await team.begins()
            await slack.clock.advance(to=MONDAY)
            await ben.says(SAID, to=ben.dm)
            await slack.settled()

            told = bot_settings(slack, app, as_owner(database_url))
            code, printed, errors = await drumbeat(f"forget {ben.id} --yes", told, tmp_path)
            assert code == 0, errors
            assert "messages to the bot" in printed
            assert "quokka" not in printed + errors

            await tom.click("On track")
            await slack.settled()
            assert "Recorded, thank you" in tom.dm.messages[-1].drawn
            await ben.says("Good morning", to=ben.dm)
            await slack.settled()
        if database_url.startswith("sqlite"):
            path = Path(database_url.removeprefix("sqlite:///"))
            assert not [one for one in path.parent.glob(f"{path.name}*") if b"quokkas" in one.read_bytes()]
