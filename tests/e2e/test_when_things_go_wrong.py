"""Bad days: channels that cannot be reached, a Slack that answers badly, a bot that was down."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.parts import Parts
from sandbox import LocalSlack, Message, Person
from sandbox.faults import FaultKind
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.databases import SqliteFiles
from tests.support.office import told
from tests.support.team import STRATEGY, Team, link_of, sent_at, team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
DIGEST = datetime(2026, 11, 25, 11, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@dataclass
class Stage:
    """A team whose bot comes and goes, with one database."""

    team: Team
    url: str

    @property
    def slack(self) -> LocalSlack:
        return self.team.slack

    @property
    def ben(self) -> Person:
        return self.team.owners["Ben"]

    def bot(self) -> AbstractAsyncContextManager[Parts]:
        return bot_here(self.slack, self.team.app, self.url)

    async def begins(self) -> None:
        """Ben owns the only initiative; the bot is a member of the channel."""
        await self.team.maya.invites(self.team.app, self.team.channel)
        await self.team.begins()

    async def until(self, moment: datetime) -> None:
        await self.team.until(moment)


@pytest.fixture
async def stage(sqlite_files: SqliteFiles) -> AsyncIterator[Stage]:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        team = team_of(slack, install(slack), {"Ben": "Europe/London"})
        yield Stage(team, sqlite_files.new())


def came(messages: list[Message]) -> list[datetime]:
    return [sent_at(message, "Europe/London").replace(tzinfo=UTC) for message in messages]


# Channels


async def test_a_public_channel_is_joined_without_asking_anybody(stage: Stage) -> None:
    async with stage.bot():
        await stage.team.sets_up()

    assert stage.team.app.bot_user_id in stage.team.channel.members
    assert stage.team.channel.messages[0].drawn.startswith("Harbor Lights now has a weekly rhythm.")


async def test_in_a_private_channel_the_digest_waits_until_the_bot_is_invited_and_the_lead_hears_once(
    stage: Stage,
) -> None:
    team = stage.team
    team.channel = stage.slack.channel("board", members=[team.maya, stage.ben], private=True)
    async with stage.bot():
        await stage.begins()
        await team.maya.removes(team.app, team.channel)
        await stage.until(DIGEST + timedelta(hours=2))
        assert team.digests() == []
        assert len(told(team.maya, "Invite me there")) + len(told(team.maya, "invite me there")) == 1
        await team.maya.invites(team.app, team.channel)
        await stage.slack.settled()

        [digest] = team.digests()
        assert len(digest.thread) == 1


async def test_in_an_archived_channel_nothing_is_lost_and_the_lead_hears_why(stage: Stage) -> None:
    team = stage.team
    async with stage.bot():
        await stage.begins()
        await team.maya.archives(team.channel)
        await stage.until(DIGEST)
        assert team.digests() == []
        [sentence] = told(team.maya, "is archived")
        assert sentence.drawn == (
            f"{STRATEGY}: #marketing is archived. What I had to say there waits until it is unarchived."
        )


async def test_an_owner_who_leaves_is_not_prompted_and_the_lead_is_asked_for_a_new_one(stage: Stage) -> None:
    async with stage.bot():
        await stage.begins()
        await stage.slack.deactivate(stage.ben)
        await stage.until(DIGEST)

    assert stage.team.prompts(stage.ben) == []
    assert told(stage.team.maya, "Ben")[-1].drawn


# A Slack that answers badly


@pytest.mark.parametrize("fault", ["drop_reply", "rate_limited", "error_500", "error_503", "refuse"])
async def test_a_prompt_comes_exactly_once_whatever_slack_answers(stage: Stage, fault: str) -> None:
    async with stage.bot():
        await stage.begins()
        stage.slack.faults.add("chat.postMessage", fault, channel=stage.ben.id)  # type: ignore[arg-type]
        await stage.until(MONDAY)
        assert came(stage.team.prompts(stage.ben)) == [MONDAY]
        await stage.ben.click("On track")
        await stage.slack.settled()

        assert "on track" in stage.team.prompts(stage.ben)[0].drawn


async def in_doubt(stage: Stage, fault: FaultKind) -> list[Message]:
    """Wednesday's digest, and what the two leads are asked."""
    team = stage.team
    await stage.begins()
    await team.maya.command("/rhythm", "setup", channel=team.channel)
    await team.maya.fill({"Leads": ["@Maya", "@Ben"]})
    assert await team.maya.submit() is None
    stage.slack.faults.add("chat.postMessage", fault, channel=team.channel.id)
    await stage.until(DIGEST)
    return [*team.questions(team.maya), *team.questions(stage.ben)]


async def test_a_digest_in_doubt_is_not_repeated_but_the_leads_asked_who_can_post_it(stage: Stage) -> None:
    team = stage.team
    async with stage.bot():
        questions = await in_doubt(stage, "error_503")
        assert team.digests() == []
        assert [question.buttons for question in questions] == [["It is there…", "Post it again"]] * 2
        assert f"{STRATEGY} · Week of" in questions[0].drawn
        await team.maya.click("Post it again", message=questions[0])
        await stage.slack.settled()

        [digest] = team.digests()
        assert len(digest.thread) == 1
        for question in questions:
            assert question.buttons == []
            assert "“Post it again”: I do." in question.drawn
        await stage.ben.click("On track", message=team.prompts(stage.ben)[0])
        await stage.slack.settled()
        assert len(digest.thread) == 2


async def test_a_digest_that_a_lead_found_goes_on_from_where_it_stands(stage: Stage) -> None:
    team = stage.team
    async with stage.bot():
        questions = await in_doubt(stage, "drop_reply")
        [digest] = team.digests()
        assert digest.thread == []
        await stage.ben.click("On track", message=team.prompts(stage.ben)[0])
        await stage.slack.settled()
        assert "0 of 1 answered" in digest.drawn
        await stage.ben.click("It is there…", message=questions[1])
        await stage.ben.fill({"Link of the message": f"<{link_of(digest)}|digest>"})
        assert await stage.ben.submit() is None
        await stage.slack.settled()

        assert "On track, answered." in digest.drawn
        _details, late = digest.thread
        assert late.drawn.startswith("Ben answered after the digest")
        for question in questions:
            assert question.buttons == []
            assert "Ben: “It is there”" in question.drawn
        await stage.until(DIGEST + WEEK)
    assert came(team.digests()) == [DIGEST, DIGEST + WEEK]


async def test_a_link_that_cannot_be_it_is_refused_at_its_field_and_a_wrong_one_is_asked_about_again(
    stage: Stage,
) -> None:
    team = stage.team
    async with stage.bot():
        [question, _] = await in_doubt(stage, "drop_reply")
        [digest] = team.digests()
        own = await team.maya.says("mine", to=team.channel)
        announcement, reply = team.channel.messages[0], await team.maya.says("?", thread=digest)
        await team.maya.click("It is there…", message=question)
        for typed, problem in (
            ("the last one", "That is no link of a message"),
            (link_of(team.maya.dm.messages[0]), "stands somewhere else"),
            (link_of(announcement), "older than the one I mean"),
            (link_of(reply), "the link of the message itself"),
        ):
            await team.maya.fill({"Link of the message": typed})
            form = await team.maya.submit()
            assert form is not None
            assert problem in form.errors["Link of the message"]
        await team.maya.fill({"Link of the message": link_of(own)})
        assert await team.maya.submit() is None
        await stage.slack.settled()

        [again] = team.questions(team.maya)
        assert again.drawn.startswith("The message behind that link is not mine, or is gone.")
        assert own.text == "mine"
        assert digest.thread == [reply]
        await team.maya.click("It is there…", message=again)
        await team.maya.fill({"Link of the message": link_of(digest)})
        assert await team.maya.submit() is None
        await stage.slack.settled()
        assert len(digest.thread) == 2
        assert team.questions(team.maya) == team.questions(stage.ben) == []


async def test_a_question_that_nobody_answers_is_asked_again_and_ends_after_three_days(stage: Stage) -> None:
    team = stage.team
    async with stage.bot():
        [question, _] = await in_doubt(stage, "error_503")
        await stage.until(DIGEST + timedelta(days=1, minutes=1))
        assert question.buttons == []
        assert len(team.questions(team.maya)) == 1
        await stage.until(DIGEST + timedelta(days=3, minutes=1))
        assert team.questions(team.maya) == []
        assert "Nobody said in three days" in team.maya.dm.messages[-1].drawn
        await stage.ben.click("On track", message=team.prompts(stage.ben)[0])
        await stage.until(DIGEST + WEEK)

    assert came(team.digests()) == [DIGEST + WEEK]
    assert len(team.digests()[0].thread) == 1


async def test_where_charts_are_refused_the_digest_shows_the_numbers_as_a_table(stage: Stage) -> None:
    team = stage.team
    async with stage.bot():
        await stage.begins()
        # The digest goes as it is; the page of its thread with the chart is refused.
        stage.slack.faults.add("chat.postMessage", "latency", channel=team.channel.id)
        stage.slack.faults.add("chat.postMessage", "invalid_blocks", channel=team.channel.id)
        await stage.until(DIGEST + WEEK)

    for digest in team.digests():
        kinds = [block["type"] for message in (digest, *digest.thread) for block in message.blocks]
        assert "table" in kinds
        assert "data_visualization" not in kinds
    assert len(team.digests()) == 2


async def test_while_the_token_is_refused_messages_wait(stage: Stage) -> None:
    team, slack = stage.team, stage.slack
    async with stage.bot():
        await stage.begins()
        del slack.apps_by_token[team.app.bot_token]
        await stage.until(MONDAY)
        assert team.prompts(stage.ben) == []
    slack.apps_by_token[team.app.bot_token] = team.app
    async with stage.bot():
        await slack.settled()
        assert came(team.prompts(stage.ben)) == [MONDAY]


# A bot that was down


async def test_down_over_the_prompt_it_comes_once_before_the_digest(stage: Stage) -> None:
    async with stage.bot():
        await stage.begins()
    await stage.until(MONDAY + timedelta(hours=3))
    async with stage.bot():
        await stage.until(MONDAY + timedelta(hours=4))

    assert came(stage.team.prompts(stage.ben)) == [MONDAY + timedelta(hours=3)]


async def test_down_past_the_digest_the_prompt_does_not_come_and_nobody_is_called_silent(
    stage: Stage,
) -> None:
    team = stage.team
    async with stage.bot():
        await stage.begins()
    await stage.until(DIGEST + timedelta(hours=1))
    async with stage.bot():
        await stage.slack.settled()
        assert team.prompts(stage.ben) == []
        [digest] = team.digests()
        assert "not asked, Drumbeat was down" in digest.drawn
        assert "no answer" not in digest.drawn
        await stage.until(MONDAY + WEEK)

    assert came(team.prompts(stage.ben)) == [MONDAY + WEEK]


async def test_down_over_the_digest_it_is_made_up_once(stage: Stage) -> None:
    async with stage.bot():
        await stage.begins()
        await stage.until(MONDAY)
        await stage.ben.click("On track")
    await stage.until(DIGEST + timedelta(days=2))
    async with stage.bot():
        await stage.until(MONDAY + WEEK)

    assert came(stage.team.digests()) == [DIGEST + timedelta(days=2)]


async def test_a_digest_is_not_made_up_once_the_next_prompt_is_due(stage: Stage) -> None:
    async with stage.bot():
        await stage.begins()
        await stage.until(MONDAY)
    await stage.until(MONDAY + WEEK + timedelta(hours=1))
    async with stage.bot():
        await stage.until(DIGEST + WEEK)

    assert came(stage.team.digests()) == [DIGEST + WEEK]
    assert came(stage.team.prompts(stage.ben)) == [MONDAY, MONDAY + WEEK + timedelta(hours=1)]


async def test_after_three_weeks_down_there_is_no_burst(stage: Stage) -> None:
    async with stage.bot():
        await stage.begins()
        await stage.until(DIGEST)
    here, there = len(stage.ben.dm.messages), len(stage.team.channel.messages)
    back = MONDAY + 3 * WEEK + timedelta(hours=27)
    await stage.until(back)
    async with stage.bot():
        await stage.slack.settled()

    assert len(stage.ben.dm.messages) == here + 1
    assert len(stage.team.channel.messages) == there
    assert came(stage.team.prompts(stage.ben)) == [MONDAY, back]


async def test_down_on_friday_nothing_is_sent_on_the_weekend_but_the_digest_on_monday_morning(
    stage: Stage,
) -> None:
    team = stage.team
    async with stage.bot():
        await stage.begins()
        await stage.until(MONDAY)
    here = len(stage.ben.dm.messages)
    saturday = DIGEST + timedelta(days=3)
    await stage.until(saturday)
    async with stage.bot():
        await stage.until(saturday + timedelta(hours=30))
        assert team.digests() == []
        assert len(stage.ben.dm.messages) == here
        await stage.until(MONDAY + WEEK + timedelta(hours=1))

    assert came(team.digests()) == [MONDAY + WEEK - timedelta(hours=1)]
    assert came(team.prompts(stage.ben)) == [MONDAY, MONDAY + WEEK]


async def test_down_on_friday_a_decider_is_not_reminded_nor_a_default_told_on_saturday(stage: Stage) -> None:
    team = stage.team
    friday = datetime(2026, 11, 27, 12, tzinfo=UTC)
    async with stage.bot():
        await stage.begins()
        for question, day in (("Print leaflets?", "2026-11-27"), ("Hire a hall?", "2026-11-30")):
            message = await team.maya.says("The printer asks", to=team.channel)
            await team.maya.shortcut("Request a decision", message=message)
            await team.maya.fill(
                {
                    "About": "Ben’s work",
                    "What do you ask for?": question,
                    "Who decides?": "@Ben",
                    "By when?": day,
                    "What happens if nobody decides?": "We do not",
                }
            )
            form = await team.maya.submit()
            assert form is None, form.errors
        await stage.until(datetime(2026, 11, 26, 18, tzinfo=UTC))
    here, there = len(stage.ben.dm.messages), len(team.maya.dm.messages)
    await stage.until(friday + timedelta(days=1))
    async with stage.bot():
        await stage.until(friday + timedelta(days=2))
        assert (len(stage.ben.dm.messages), len(team.maya.dm.messages)) == (here, there)
        await stage.until(datetime(2026, 11, 30, 12, tzinfo=UTC))

    [reminded] = told(stage.ben, "A reminder: this waits for you")
    assert "Hire a hall?" in reminded.drawn
    assert came([reminded]) == [datetime(2026, 11, 30, 8, tzinfo=UTC)]
    [settled] = told(team.maya, "Print leaflets?”")[-1:]
    assert "the default took effect" in settled.drawn
    assert came([settled]) == [datetime(2026, 11, 30, 8, tzinfo=UTC)]


async def test_down_on_the_day_of_a_prompt_it_waits_for_a_day_on_which_its_owner_works(stage: Stage) -> None:
    async with stage.bot():
        await stage.begins()
        await stage.ben.command("/rhythm", "away 24 Nov", channel=stage.team.channel)
    await stage.until(MONDAY + timedelta(days=1, hours=1))
    async with stage.bot():
        await stage.until(MONDAY + timedelta(days=1, hours=12))
        assert stage.team.prompts(stage.ben) == []
        await stage.until(MONDAY + timedelta(days=2, hours=1))

    assert came(stage.team.prompts(stage.ben)) == [MONDAY + timedelta(days=2)]
