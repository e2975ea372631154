"""What a tick by a clock that was ahead has done, the first tick by one that is right puts in order."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.parts import Parts
from domain.decisions import Ask, AskKind, Decision
from domain.rituals import Due
from sandbox import LocalSlack, Message
from services.decisions.asks import open_decision
from storage import decisions, homes, people, rituals, strategies
from storage.delivery import outbox
from storage.models import CheckInRow, DueRow, HomeRow, OccurrenceRow, OutboxRow
from tests.e2e.test_command_line import drumbeat
from tests.support.bot_here import bot_here
from tests.support.bot_process import environment, install, running_bot
from tests.support.office import told
from tests.support.team import Team, sent_at, team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
DIGEST = MONDAY + timedelta(days=2, hours=2)
REVIEW = datetime(2026, 12, 3, 10, tzinfo=UTC)
WEEK = timedelta(weeks=1)
YEAR = timedelta(days=365)
TOO_EARLY = "I asked you this far too early"


def came(messages: list[Message]) -> list[datetime]:
    return [sent_at(message, "Europe/London").replace(tzinfo=UTC) for message in messages]


def planned(bot: Parts) -> list[Due]:
    [strategy] = bot.database.run(strategies.list_strategies, bot.workspace.id)
    found = bot.database.run(rituals.list_due_of, bot.workspace.id, strategy.id)
    return sorted(found, key=lambda one: (one.ritual, one.person_id))


def count(bot: Parts, rows: type, *which: object) -> int:
    def look(session: Session) -> int:
        return session.scalars(select(func.count()).select_from(rows).where(*which)).one()  # type: ignore[arg-type]

    return bot.database.run(look)


@pytest.fixture
async def running_on_each(database_url: str) -> AsyncIterator[tuple[Team, Parts]]:
    """On SQLite and on PostgreSQL."""
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        team = team_of(slack, install(slack), {"Ben": "Europe/London", "Tom": "Europe/London"})
        await team.maya.invites(team.app, team.channel)
        async with bot_here(slack, team.app, database_url) as bot:
            await team.begins()
            yield team, bot


@pytest.mark.parametrize(
    "at",
    ["2027-11-27T09:00Z", "2027-11-23T10:00Z", "2026-11-27T09:00Z"],
    ids=["passed over", "asked", "days"],
)
async def test_a_tick_of_a_process_whose_clock_is_ahead_silences_nobody(
    database_url: str, tmp_path: Path, at: str
) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        team = team_of(slack, install(slack), {"Ben": "Europe/London", "Tom": "America/Los_Angeles"})
        ben, tom = team.owners["Ben"], team.owners["Tom"]
        await team.maya.invites(team.app, team.channel)
        async with running_bot(slack, team.app, database_url) as bot:
            await team.begins()
            settings = environment(slack, team.app, database_url)
            code, printed, errors = await drumbeat(f"tick --at {at}", settings, tmp_path)
            assert (code, "Nothing was due" in printed) == (0, False), printed + errors
            await slack.settled()
            await team.until(MONDAY)
            assert came(team.prompts(ben)) == [MONDAY]
            await ben.click("On track")
            await team.until(DIGEST + WEEK)

        assert came(team.prompts(ben)) == [MONDAY, MONDAY + WEEK]
        assert came(team.prompts(tom)) == [MONDAY + timedelta(hours=8), MONDAY + WEEK + timedelta(hours=8)]
        assert came(team.reminders(tom))[0] == TUESDAY + timedelta(hours=8)
        assert "1 of 2 answered" in team.digests()[0].drawn
        assert came(team.digests())[-1] == DIGEST + WEEK
        assert len(told(team.maya, "was ahead for a moment")) == 1
        assert [entry["event"] for entry in bot.log].count("clock_was_ahead") == 1


async def test_the_week_that_was_open_stays_open_and_its_reminders_come(
    running_on_each: tuple[Team, Parts],
) -> None:
    team, bot = running_on_each
    ben, tom = team.owners.values()
    await team.until(MONDAY)
    before = planned(bot)
    await bot.tick(MONDAY + YEAR)
    assert planned(bot) != before
    await team.slack.settled()

    assert planned(bot) == before
    assert any("On track" in button for button in team.prompts(ben)[0].buttons)
    await ben.click("On track", message=team.prompts(ben)[0])
    await team.until(TUESDAY)
    assert (len(team.reminders(ben)), len(team.reminders(tom))) == (0, 1)
    await team.until(DIGEST + timedelta(hours=1))
    assert came(team.digests()) == [DIGEST]
    assert "1 of 2 answered" in team.digests()[0].drawn


async def test_nobody_is_left_with_a_prompt_for_a_week_in_a_year(
    running_on_each: tuple[Team, Parts],
) -> None:
    team, bot = running_on_each
    ben = team.owners["Ben"]
    await bot.tick(MONDAY + timedelta(weeks=52))
    await team.slack.settled()

    [gone] = told(ben, TOO_EARLY)
    assert gone.buttons == []
    assert count(bot, CheckInRow, CheckInRow.period > "2027") == 0
    assert count(bot, OccurrenceRow, OccurrenceRow.claimed_at > MONDAY) == 0
    await team.until(MONDAY)
    assert came(team.prompts(ben)) == [MONDAY]


async def test_who_answered_a_prompt_that_came_too_early_finds_the_words_kept(team: Team, bot: Parts) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await bot.tick(MONDAY + timedelta(weeks=52))
    await bot.sender.drain()
    await ben.click("At risk", message=team.prompts(ben)[-1])
    await ben.close()
    await team.slack.settled()

    assert count(bot, CheckInRow, CheckInRow.period > "2027") == 1
    await team.until(MONDAY)
    assert len(team.prompts(ben)) == 2
    await team.until(DIGEST)
    assert "0 of 1 answered" in team.digests()[0].drawn


async def test_a_prompt_that_came_days_early_is_not_sent_again(team: Team, bot: Parts) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await bot.tick(TUESDAY + timedelta(hours=3))
    await team.slack.settled()
    assert came(team.prompts(ben)) == [FRIDAY]
    await ben.click("On track", message=team.prompts(ben)[0])
    await team.until(DIGEST)

    assert came(team.prompts(ben)) == [FRIDAY]
    assert "answered" in team.digests()[0].drawn
    await team.until(MONDAY + WEEK)
    assert came(team.prompts(ben)) == [FRIDAY, MONDAY + WEEK]


async def test_a_prompt_whose_hour_passed_while_the_clock_was_ahead_is_made_up(
    team: Team, bot: Parts
) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await team.until(MONDAY - timedelta(minutes=10))
    await bot.tick(MONDAY + YEAR - timedelta(days=2))

    def has_passed(session: Session) -> None:
        for row in session.scalars(select(DueRow)):
            assert row.due_at > MONDAY + WEEK

    bot.database.run(has_passed)
    await bot.tick(MONDAY + timedelta(hours=2))
    await team.slack.settled()
    assert len(team.prompts(ben)) == 1
    await team.until(DIGEST)
    assert len(team.prompts(ben)) == len(team.digests()) == 1


async def test_a_digest_that_was_posted_early_is_brought_up_to_date_on_its_day(
    team: Team, bot: Parts
) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await team.until(MONDAY)
    await bot.tick(DIGEST + timedelta(hours=1))
    await team.slack.settled()
    assert "0 of 1 answered" in team.digests()[0].drawn
    await ben.click("On track", message=team.prompts(ben)[0])
    await team.until(DIGEST)

    [digest] = team.digests()
    assert "answered" in digest.drawn
    assert "late" not in "\n".join(reply.drawn for reply in digest.thread)
    await team.until(DIGEST + WEEK)
    assert came(team.digests()) == [MONDAY, DIGEST + WEEK]


# Decisions and reviews


def ask(bot: Parts, team: Team, question: str, day: date) -> Decision:
    """Ben asks Maya."""

    def add(session: Session) -> Decision:
        [strategy] = strategies.list_strategies(session, bot.workspace.id)
        ben = people.get_person(session, bot.workspace.id, team.owners["Ben"].id)
        wanted = Ask(AskKind.DECISION, question, team.maya.id, day, "Keep it as it is")
        return open_decision(session, strategy, wanted, by=ben, now=bot.clock.now())

    return bot.database.run(add)


async def test_a_default_that_took_effect_before_its_day_is_undone_and_everyone_told(
    running_on_each: tuple[Team, Parts],
) -> None:
    team, bot = running_on_each
    ben = team.owners["Ben"]
    early, later = (
        ask(bot, team, "Print or digital?", date(2026, 11, 27)),
        ask(bot, team, "Two events or three?", date(2026, 12, 18)),
    )
    await team.slack.settled()
    await bot.tick(FRIDAY + YEAR + timedelta(days=2))  # a working day
    await bot.sender.drain()
    assert len(told(ben, "Keep it as it is")) == 1
    await team.slack.settled()

    for person in (ben, team.maya):
        assert len(told(person, "That is undone")) == 1
    assert "is open again until 27 Nov, 18:00" in told(ben, "That is undone")[0].drawn
    await team.maya.click("Yes", message=told(team.maya, "Print or digital?")[0])
    await team.until(datetime(2026, 12, 18, 18, tzinfo=UTC))
    ended = [bot.database.run(decisions.find_decision, bot.workspace.id, one.id) for one in (early, later)]
    assert [(one.state.value, one.outcome) for one in ended if one] == [
        ("decided", "Yes"),
        ("defaulted", "Keep it as it is"),
    ]
    assert ended[1] is not None
    assert ended[1].decided_at == datetime(2026, 12, 18, 18, tzinfo=UTC)


async def test_a_review_that_came_early_is_brought_up_to_date_on_its_day_and_ends_when_it_should(
    team: Team, bot: Parts
) -> None:
    await team.adds("Newsletter", team.owners["Ben"])
    await team.until(MONDAY)
    await bot.tick(REVIEW + timedelta(minutes=20))
    await team.slack.settled()
    posted = [m for m in team.channel.messages if "Review of" in m.drawn]
    assert came(posted) == [MONDAY]
    await team.until(REVIEW + timedelta(days=4))
    assert [m for m in team.channel.messages if "Review of" in m.drawn] == posted
    before = len(posted[0].thread)
    await team.until(datetime(2026, 12, 8, 10, tzinfo=UTC))
    assert len(posted[0].thread) == before + 1


async def test_a_review_that_was_closed_early_is_open_again_and_its_outcome_told_once(
    team: Team, bot: Parts
) -> None:
    await team.adds("Newsletter", team.owners["Ben"])
    await team.until(REVIEW)
    [review] = [m for m in team.channel.messages if "Review of" in m.drawn]
    await bot.tick(REVIEW + timedelta(days=5, hours=1))
    await bot.sender.drain()
    assert "no lead decided anything" in review.thread[-1].drawn
    await team.slack.settled()
    assert "I told the outcome too early" in review.thread[-1].drawn
    await team.maya.click("Answer…")
    said = {"Does the strategy still hold?": "Yes, it still holds", "What changed in the market?": "Nothing"}
    await team.maya.fill(said)
    assert await team.maya.submit() is None
    await team.until(datetime(2026, 12, 8, 10, tzinfo=UTC))

    outcomes = [m for m in review.thread if "Outcome of the review" in m.drawn]
    assert len(outcomes) == 1
    assert "Maya: It still holds. Market: Nothing" in outcomes[0].drawn


# Rows of an older version


async def test_rows_that_lie_a_year_ahead_are_planned_anew(running_on_each: tuple[Team, Parts]) -> None:
    team, bot = running_on_each
    before = planned(bot)

    def put_off(session: Session) -> None:
        for row in session.scalars(select(DueRow)):
            row.due_at += YEAR
            row.period = row.period.replace("2026", "2027")

    bot.database.run(put_off)
    with capture_logs() as log:
        await team.slack.settled()
        await team.slack.settled()
    assert planned(bot) == before
    assert [entry["event"] for entry in log].count("clock_was_ahead") == 1
    await team.until(MONDAY)
    assert [len(team.prompts(one)) for one in team.owners.values()] == [1, 1]


async def test_what_is_as_the_schedule_has_it_is_left_alone(team: Team, bot: Parts) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    ask(bot, team, "Print or digital?", date(2027, 2, 26))
    with capture_logs() as log:
        await team.until(MONDAY + WEEK * 7)
        await team.slack.change(ben, tz="America/Los_Angeles")
        await team.until(MONDAY + WEEK * 9 + timedelta(hours=8))
    assert "clock_was_ahead" not in [entry["event"] for entry in log]
    assert told(team.maya, "was ahead for a moment") == []
    assert len(team.prompts(ben)) == 10


async def test_a_tick_by_a_clock_that_is_behind_undoes_nothing(
    running_on_each: tuple[Team, Parts],
) -> None:
    team, bot = running_on_each
    await team.until(DIGEST)
    before, claims = planned(bot), count(bot, OccurrenceRow)
    with capture_logs() as log:
        assert await bot.tick(DIGEST - YEAR) == []
    assert (planned(bot), count(bot, OccurrenceRow)) == (before, claims)
    assert "clock_behind" in [entry["event"] for entry in log]
    await team.until(MONDAY + WEEK)
    assert [len(team.prompts(one)) for one in team.owners.values()] == [2, 2]


async def test_a_home_that_was_published_in_the_future_is_published_again(team: Team, bot: Parts) -> None:
    await team.maya.opens_home()
    in_a_year = FRIDAY + YEAR
    bot.database.run(
        lambda session: session.execute(update(HomeRow).values(published_at=in_a_year, is_stale=True))
    )
    found = bot.database.run(homes.list_to_publish, bot.workspace.id, FRIDAY, 5)
    assert [home.person_id for home in found] == [team.maya.id]


async def test_what_was_given_up_as_too_late_and_is_not_goes_out(team: Team, bot: Parts) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)

    def give_up(session: Session) -> None:
        payload = {"text": "Bring towels", "blocks": []}
        for until in (DIGEST, FRIDAY - WEEK):
            outbox.enqueue_post(session, bot.workspace.id, ben.id, payload, now=FRIDAY, expires_at=until)
        session.execute(update(OutboxRow).values(state=outbox.State.EXPIRED))

    bot.database.run(give_up)
    await bot.tick(MONDAY + YEAR)
    await team.slack.settled()
    assert len(told(ben, "Bring towels")) == 1
    assert count(bot, OutboxRow, OutboxRow.state == "expired") == 1
