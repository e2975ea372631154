"""What is looked at after every fault sees what is lost and what is doubled, and the table tells it."""

from random import Random

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from sandbox import LocalSlack, Message
from storage.models import AnswerRow, NoteRow
from tests.e2e.test_two_processes import TUESDAY, ZONES
from tests.faults.invariants import take_account
from tests.faults.kinds import ROWS
from tests.faults.stage import FIRST_MONDAY, Digests, Stage, digests_of
from tests.faults.table import Outcome, read_page, write_page
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.databases import SqliteFiles
from tests.support.team import team_of


def say_again(message: Message) -> None:
    place = message.conversation
    place.add({**message.raw, "ts": place.next_ts()})


async def test_what_is_lost_or_doubled_in_a_week_is_seen(sqlite_files: SqliteFiles) -> None:
    async with LocalSlack(now=TUESDAY, rate_limits=False) as slack:
        app, url = install(slack), sqlite_files.new()
        stage = Stage(team_of(slack, app, ZONES), None, url, Random(0))
        async with bot_here(slack, app, url) as bot:
            await stage.team.begins()
            for step in stage.week(FIRST_MONDAY):
                await step()
                await slack.settled()
            well = digests_of(stage.team)
            leo, priya = stage.team.owners["Leo"], stage.team.owners["Priya"]

            def newly(undisturbed: Digests | None = None) -> tuple[int, int]:
                """How much more is lost and doubled than at the last look."""
                account = take_account(stage, undisturbed)
                now = len(account.lost), len(account.doubled)
                more = now[0] - before[0], now[1] - before[1]
                before[:] = now
                return more

            def forget_what_leo_said(session: Session) -> None:
                session.execute(delete(NoteRow).where(NoteRow.person_id == leo.id))
                session.execute(
                    update(AnswerRow).where(AnswerRow.person_id == leo.id).values(health="at_risk")
                )

            before = [0, 0]
            assert newly(well) == (0, 0)
            bot.database.run(forget_what_leo_said)
            assert newly() == (2, 0)  # his words, and his answer
            say_again(stage.team.prompts(priya)[0])
            # A second prompt, which is not in the bot's book, and a message that is there twice.
            assert newly() == (0, 3)
            [digest] = stage.team.digests()
            digest.raw["blocks"] = digest.raw["blocks"][:1]
            assert newly(well) == (1, 0)
            stage.reached.append(("Leo", FIRST_MONDAY.replace(day=30)))
            assert newly(well) == (1, 0)  # a prompt that did not come


def test_a_row_of_the_table_that_is_run_again_takes_the_place_of_the_old_one() -> None:
    page = "# Faults\n\n| What |\n|---|\n\nThe end.\n"
    first, second = (Outcome(*ROWS[number], 1_000, 20, 0, 0, 3, 4.25) for number in (1, 0))
    page = write_page(page, [first])
    page = write_page(page, [second])
    assert list(read_page(page)) == ROWS[:2]
    again = Outcome(*ROWS[0], 1, 2, 3, 4, 5, 6.0)
    assert read_page(write_page(page, [again])) == {ROWS[0]: again, ROWS[1]: read_page(page)[ROWS[1]]}
    assert page.endswith("The end.\n")
