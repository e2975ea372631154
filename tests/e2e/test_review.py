"""The month: the review on the first Thursday, what its leads decide, and what becomes of it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.parts import Parts
from sandbox import LocalSlack, Message, Person
from storage import initiatives, strategies
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.databases import SqliteFiles
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.team import Team, in_thread, link_of, sent_at, team_of

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
REVIEW = datetime(2026, 12, 3, 10, tzinfo=UTC)
OUTCOME = datetime(2026, 12, 8, 10, tzinfo=UTC)
"""Three working days later: Friday, Monday, Tuesday."""
MINUTE = timedelta(minutes=1)
EVIDENCE = "On what evidence, in a sentence?"
STILL = "Does {owner} still have the decisions, budget and people given at kickoff?"


async def two_owners(team: Team) -> tuple[Person, Person]:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben, {"Channels it uses": ["Email", "Web"]})
    await team.adds("Referrals", tom)
    await team.until(MONDAY)
    return ben, tom


def posted(team: Team) -> list[Message]:
    return [m for m in team.channel.messages if m.drawn.startswith("Harbor Lights · Review of")]


def asked(person: Person) -> list[Message]:
    return [m for m in person.dm.messages if m.drawn.startswith("Harbor Lights: the review of")]


async def answers(lead: Person, holds: str = "Yes, it still holds") -> None:
    """A lead says whether the strategy still holds, which opens the initiatives to them."""
    await lead.click("Answer…")
    await lead.fill({"Does the strategy still hold?": holds, "What changed in the market?": "Pools closed"})
    assert await lead.submit() is None


async def decides(lead: Person, button: str, near: str, evidence: str, changed: str = "") -> None:
    """In the form that the button opens."""
    await lead.click(button, near=near)
    await lead.fill({EVIDENCE: evidence, "If not: what changed?": changed})
    await lead.submit()


async def test_the_review_is_one_channel_message_on_the_first_thursday_with_details_in_its_thread(
    team: Team,
) -> None:
    ben, tom = await two_owners(team)
    await ben.click("On track")
    await team.until(MONDAY + WEEK)
    await tom.click("At risk")
    await tom.close()
    await team.until(REVIEW - MINUTE)
    assert posted(team) == []
    before = len(team.channel.messages)
    await team.until(REVIEW)

    [review] = posted(team)
    assert len(team.channel.messages) == before + 1
    assert sent_at(review, "Europe/London") == REVIEW.replace(tzinfo=None)
    lines = review.drawn.splitlines()
    assert lines == [
        "Harbor Lights · Review of December 2026",
        "2 of 2 need attention, the leads decide by Tue 8 Dec.",
        "Needs attention",
        ":white_circle: Newsletter (Ben): no answer from 30 Nov.",
        ":large_yellow_circle: Referrals (Tom): at risk from 30 Nov.",
        "Rhythm health: 65 of 100",
        "[How?]",
        "One child in three in our cities cannot swim.",
    ]
    assert review.text.startswith(
        "Harbor Lights, review of December: 2 of 2 need attention, the leads decide by Tue 8 Dec."
    )
    thread = in_thread(review)
    assert ":large_green_circle: on track from 23 Nov, :white_circle: no answer from 30 Nov" in thread
    assert "answered: 50% (2 of 4), weight 30" in thread
    assert "30 × answered + 20 × answered on time" in thread


async def test_an_owner_who_is_away_is_away_in_the_review_and_not_silent(team: Team) -> None:
    ben, tom = await two_owners(team)
    await ben.click("On track")
    await tom.click("On track")
    await ben.command("/rhythm", "away 28 Nov to 6 Dec")
    await team.until(REVIEW)

    [review] = posted(team)
    lines = review.drawn.splitlines()
    assert "No answer expected: Newsletter (Ben, away from 30 Nov)" in lines
    assert ":white_circle: Referrals (Tom): no answer from 30 Nov." in lines
    assert ":white_circle: away from 30 Nov" in in_thread(review)
    assert ":white_circle: no answer from 30 Nov" in in_thread(review)


async def test_kpi_charts_show_the_value_against_its_plan_and_a_missing_week_between_is_said(
    team: Team,
) -> None:
    for name in ("Givers", "Sign-ups", "Gifts"):
        await team.maya.command("/kpi", "add", channel=team.channel)
        await team.maya.fill({**KPI_FIELDS, "Name": name, "Owner": "@Ben"})
        assert await team.maya.submit() is None
    await two_owners(team)
    await team.until(MONDAY + WEEK)
    await team.maya.command("/kpi", "update Givers 318", channel=team.channel)
    await team.maya.command("/kpi", "update Gifts 318", channel=team.channel)
    await team.maya.command("/kpi", "update Sign-ups 318", channel=team.channel)
    await team.until(REVIEW)

    [review] = posted(team)
    charts = [
        [block for block in reply.blocks if block["type"] == "data_visualization"] for reply in review.thread
    ]
    assert [len(found) for found in charts] == [2, 1]
    chart = charts[0][0]["chart"]
    assert chart["type"] == "line"
    value, line = chart["series"]
    assert (value["name"], line["name"]) == ("Value", "Plan")
    assert [point["value"] for point in value["data"]] == [310, 310, 318]
    assert [point["label"] for point in value["data"]] == ["16 Nov", "23 Nov", "30 Nov"]
    assert "No reading in the week of 23 Nov: drawn at the reading before." in in_thread(review)
    assert "Givers 318 (30 Nov) · increase to 420 by 31 Mar · too early to say (plan 318)" in in_thread(
        review
    )
    assert charts[0][0]["title"] == "Givers: 318, too early to say"


async def test_the_leads_are_asked_first_whether_the_strategy_holds_then_they_decide_by_buttons(
    team: Team,
) -> None:
    await two_owners(team)
    await team.until(REVIEW)
    [message] = asked(team.maya)
    assert message.buttons == ["It still holds", "Answer…"]
    await answers(team.maya)
    await team.slack.settled()

    assert "It still holds. Market: Pools closed" in message.drawn
    assert message.buttons[:7] == ["Edit", *["Continue", "Change…", "Stop…"] * 2]
    await team.maya.click("Continue", near="Newsletter")
    await team.slack.settled()
    assert team.maya.form is None
    assert "Newsletter: continue (Maya)" in message.drawn
    assert message.buttons[:6] == ["Edit", "Change…", "Stop…", "Continue", "Change…", "Stop…"]


class Clicks:
    """A lead's clicks, counted: typing is none, choosing a day is one."""

    def __init__(self, lead: Person) -> None:
        self.lead, self.count = lead, 0

    async def click(self, button: str, near: str | None = None) -> None:
        await self.lead.click(button, near=near)
        self.count += 1

    async def choose(self, field: str, value: str) -> None:
        await self.lead.fill({field: value})
        self.count += 1

    async def submit(self) -> None:
        await self.lead.submit()
        self.count += 1


async def test_a_review_of_five_with_one_change_is_six_clicks_of_its_lead(team: Team) -> None:
    ben, tom = await two_owners(team)
    for name in ("Schools", "Fair", "Results page"):
        await team.adds(name, ben)
    await team.until(MONDAY + WEEK)
    await ben.says("all on track")
    await tom.click("At risk")
    await tom.close()
    await team.until(REVIEW)
    maya = Clicks(team.maya)
    await maya.click("It still holds")
    await team.slack.settled()
    await maya.click("Continue the 4 on track")
    await maya.click("Change…", near="Referrals")
    await team.maya.fill({EVIDENCE: "Two months late"})
    await maya.submit()
    await maya.choose("Due", "2027-12-15")
    await maya.submit()
    await team.slack.settled()

    assert maya.count <= 6
    assert posted(team)[0].drawn.splitlines()[1].endswith("the leads decide by Tue 8 Dec.")
    await team.until(OUTCOME)
    assert posted(team)[0].drawn.splitlines()[1].endswith("the leads have decided.")
    outcome = posted(team)[0].thread[-1].drawn.splitlines()
    assert outcome == [
        "Outcome of the review of December: 4 continue, 1 change",
        "• Maya: It still holds.",
        "• Referrals: change — Two months late (Maya)",
        "Continue: Newsletter, Schools, Fair and Results page.",
    ]


async def test_those_on_track_are_continued_in_one_click_and_no_other(team: Team) -> None:
    ben, tom = await two_owners(team)
    await team.adds("Schools", ben)
    await team.until(MONDAY + WEEK)
    await ben.click("On track", near="Newsletter")
    await ben.click("On track", near="Schools")
    await tom.click("At risk")
    await tom.close()
    await team.until(REVIEW)
    await answers(team.maya)
    await team.slack.settled()
    [message] = asked(team.maya)
    assert "Continue the 2 on track" in message.buttons
    await team.maya.click("Continue the 2 on track")
    await team.slack.settled()

    for line in ("Newsletter: continue (Maya)", "Schools: continue (Maya)", "Referrals: undecided"):
        assert line in message.drawn
    assert "on track" not in "".join(message.buttons)
    await team.until(OUTCOME)
    outcome = posted(team)[0].thread[-1].drawn
    assert "Continue: Newsletter and Schools." in outcome
    assert "Left undecided: Referrals." in outcome


async def test_a_change_or_a_stop_needs_evidence_in_a_sentence(team: Team) -> None:
    await two_owners(team)
    await team.until(REVIEW)
    await answers(team.maya)
    await team.slack.settled()
    for button in ("Change…", "Stop…"):
        await team.maya.click(button, near="Newsletter")
        form = await team.maya.submit()
        assert form is not None
        assert set(form.errors) == {EVIDENCE}
        assert STILL.format(owner="Ben") in form.labels
        await team.maya.close()


async def test_after_three_working_days_the_outcome_is_told_and_every_owner_touched_hears_once(
    team: Team, bot: Parts
) -> None:
    ben, tom = await two_owners(team)
    await team.until(REVIEW)
    await answers(team.maya, "No, something must change")
    await team.slack.settled()
    await decides(team.maya, "Stop…", "Newsletter", "Nobody reads it", "The budget went")
    await team.until(OUTCOME - MINUTE)
    before = len(ben.dm.messages)
    heard = len(tom.dm.messages)
    assert "Outcome" not in in_thread(posted(team)[0])
    await team.until(OUTCOME)

    outcome = posted(team)[0].thread[-1].drawn
    assert "Maya: It does not hold as it is. Market: Pools closed" in outcome
    assert (
        "Newsletter: stop — Nobody reads it (Maya); decisions, budget and people no longer as given: The budget went"
        in outcome
    )
    assert "Left undecided: Referrals." in outcome
    [told] = [message for message in ben.dm.messages[before:] if "the review of" in message.drawn]
    assert "For you:" in told.drawn
    assert "Newsletter: stop — Nobody reads it (Maya)" in told.drawn
    assert len(tom.dm.messages) == heard
    workspace = team.slack.workspace.id
    strategy = bot.database.run(strategies.find_strategy_by_channel, workspace, team.channel.id)
    assert strategy is not None
    left = bot.database.run(initiatives.list_initiatives, workspace, strategy.id)
    assert [initiative.name for initiative in left] == ["Referrals"]
    assert asked(team.maya)[0].buttons == []


async def test_that_an_initiative_continues_stands_in_its_owners_next_prompt_and_nowhere_before(
    team: Team,
) -> None:
    ben, tom = await two_owners(team)
    await team.until(REVIEW)
    await answers(team.maya)
    await team.slack.settled()
    await team.maya.click("Continue", near="Newsletter")
    await decides(team.maya, "Stop…", "Referrals", "Nobody refers")
    await team.until(OUTCOME - MINUTE)
    heard = len(ben.dm.messages), len(tom.dm.messages)
    await team.until(OUTCOME)
    assert len(ben.dm.messages) == heard[0]
    assert "Referrals: stop" in tom.dm.messages[heard[1]].drawn

    await team.until(MONDAY + 3 * WEEK)
    assert team.prompts(ben)[-1].drawn.count("The review of December: continue (Maya)") == 1
    await team.until(MONDAY + 4 * WEEK)
    assert "The review of" not in team.prompts(ben)[-1].drawn


async def test_authority_and_resources_no_longer_true_ask_what_changed_and_the_sponsor_to_confirm_anew(
    team: Team,
) -> None:
    """Tom is the sponsor of Ben's Newsletter."""
    ben, tom = await two_owners(team)
    await team.maya.command("/initiative", "edit newsletter", channel=team.channel)
    await team.maya.fill({"Sponsor": "@Tom"})
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.slack.settled()
    await tom.click("Confirm")
    await team.until(REVIEW)
    await answers(team.maya)
    await team.slack.settled()
    await team.maya.click("Change…", near="Newsletter")
    await team.maya.fill({EVIDENCE: "It grows", STILL.format(owner="Ben"): "No, something changed"})
    refused = await team.maya.submit()
    assert refused is not None
    assert refused.errors == {
        "If not: what changed?": "Say in a sentence what changed: the sponsor reads it."
    }
    await team.maya.fill({"If not: what changed?": "The budget was halved"})
    await team.maya.submit()
    await team.maya.close()
    await team.slack.settled()

    question = tom.dm.messages[-1]
    assert "gave them: “The budget was halved”" in question.drawn
    assert question.buttons == ["Confirm", "Decline…", "Ask a question…"]
    show = await team.maya.command("/initiative", "show newsletter", channel=team.channel)
    said = "Sponsor Tom has not answered yet; a review found that this has changed since kickoff: “The budget was halved”"
    assert said in show.drawn
    assert "Newsletter · active" in show.drawn
    await tom.click("Confirm", message=question)
    await team.slack.settled()
    for person in (team.maya, ben):
        assert (
            "Tom confirmed again what the owner of Newsletter may decide and use"
            in person.dm.messages[-1].drawn
        )
    await team.until(OUTCOME)
    outcome = posted(team)[0].thread[-1].drawn
    assert "decisions, budget and people no longer as given: The budget was halved" in outcome


async def test_the_latest_decision_stands(team: Team, bot: Parts) -> None:
    await two_owners(team)
    await team.until(REVIEW)
    await answers(team.maya)
    await team.slack.settled()
    await decides(team.maya, "Stop…", "Newsletter", "Nobody reads it")
    await team.slack.settled()
    await team.maya.click("Continue", near="Newsletter")
    await team.until(OUTCOME)

    outcome = posted(team)[0].thread[-1].drawn
    assert "Continue: Newsletter." in outcome
    assert "stop" not in outcome


async def test_a_review_in_doubt_that_a_lead_found_has_its_details_its_leads_and_its_outcome(
    team: Team,
) -> None:
    ben, _tom = await two_owners(team)
    await ben.click("On track")
    await team.until(REVIEW - MINUTE)
    team.slack.faults.add("chat.postMessage", "drop_reply", channel=team.channel.id)
    await team.until(REVIEW)
    [review], [question] = posted(team), team.questions(team.maya)
    assert review.thread == []
    await team.maya.click("It is there…", message=question)
    await team.maya.fill({"Link of the message": link_of(review)})
    assert await team.maya.submit() is None
    await team.slack.settled()
    assert question.buttons == []
    assert "Newsletter" in in_thread(review)
    await answers(team.maya)
    await team.slack.settled()
    await team.maya.click("Continue", near="Newsletter")
    await team.until(OUTCOME)

    assert posted(team) == [review]
    assert "Continue: Newsletter." in review.thread[-1].drawn


async def test_change_opens_the_form_that_alters_owner_dates_metrics_or_resources(team: Team) -> None:
    await two_owners(team)
    await team.until(REVIEW)
    await answers(team.maya)
    await team.slack.settled()
    await decides(team.maya, "Change…", "Newsletter", "Two months late")

    form = team.maya.form
    assert form is not None
    assert {"Name", "Owner", "Due", "Metric 1: name"} <= set(form.labels)
    await team.maya.fill({"Due": "2027-12-01"})
    assert await team.maya.submit() is None
    await team.until(OUTCOME)
    assert "Newsletter: change — Two months late (Maya)" in posted(team)[0].thread[-1].drawn


async def test_a_lead_who_is_late_is_told_that_the_review_is_over(team: Team) -> None:
    await two_owners(team)
    await team.until(REVIEW)
    await answers(team.maya)
    await team.slack.settled()
    await team.maya.click("Stop…", near="Newsletter")
    await team.until(OUTCOME)
    await team.maya.fill({EVIDENCE: "Late"})
    await team.maya.submit()
    await team.slack.settled()

    assert "Left undecided: Newsletter and Referrals." in posted(team)[0].thread[-1].drawn


async def test_owners_are_asked_with_the_last_prompt_before_whether_the_core_message_was_carried(
    running: tuple[Team, Parts],
) -> None:
    team, _ = running
    await team.sets_up({"Core message": "Every child can swim by ten"})
    ben, _ = await two_owners(team)
    assert "Core message" not in team.prompts(ben)[-1].drawn
    await team.until(MONDAY + WEEK)
    prompt = team.prompts(ben)[-1]
    assert "Core message: “Every child can swim by ten”" in prompt.drawn
    await ben.click("Answer…")
    await ben.fill({"Newsletter: email": "Partly", "Newsletter: web": "Yes, it carried it"})
    form = await ben.submit()
    assert form is not None
    assert form.errors == {"Newsletter: where did it break?": "Say in a few words where it broke."}
    await ben.fill({"Newsletter: where did it break?": "The subject lines"})
    assert await ben.submit() is None
    await team.slack.settled()
    assert "Said by what you published: 1 yes, 1 partly" in prompt.drawn
    await team.until(REVIEW)

    [review] = posted(team)
    lines = review.drawn.splitlines()
    at = lines.index("Where the core message broke")
    assert lines[at + 1] == "• email, in Newsletter: The subject lines"
    assert "• web: 1 yes" in in_thread(review)


async def test_without_a_core_message_nobody_is_asked_about_it(team: Team) -> None:
    ben, _ = await two_owners(team)
    await team.until(MONDAY + WEEK)
    assert "Core message" not in team.prompts(ben)[-1].drawn


async def test_a_review_posted_by_hand_is_updated_by_the_scheduled_one(team: Team) -> None:
    ben, _ = await two_owners(team)
    await team.until(datetime(2026, 12, 1, 12, tzinfo=UTC))
    reply = await team.maya.command("/rhythm", "review", channel=team.channel)
    assert "The scheduled one will update it." in reply.text
    await team.slack.settled()
    [review] = posted(team)
    await ben.click("On track", near="Newsletter")
    await team.until(REVIEW)

    assert posted(team) == [review]
    assert review.edited
    assert ":large_green_circle: On track: Newsletter (Ben)" in review.drawn
    assert len(asked(team.maya)) == 1
    await team.until(OUTCOME)
    assert "Outcome" in review.thread[-1].drawn


async def test_the_preview_is_for_the_callers_eyes_and_only_a_lead_posts(team: Team) -> None:
    ben, _ = await two_owners(team)
    reply = await ben.command("/rhythm", "review preview", channel=team.channel)
    assert reply.drawn.startswith("Preview — only you see this\nHarbor Lights · Review of November 2026")
    refused = await ben.command("/rhythm", "review", channel=team.channel)
    await team.slack.settled()

    assert refused.text == "Only a lead of Harbor Lights can do this: Maya."
    assert posted(team) == []


async def test_a_paused_strategy_has_no_review(team: Team) -> None:
    await two_owners(team)
    await team.maya.command("/rhythm", "pause", channel=team.channel)
    await team.until(OUTCOME)
    assert posted(team) == []


@pytest.mark.parametrize(
    ("back", "reviews"),
    [
        (datetime(2026, 12, 4, 12, tzinfo=UTC), 1),
        (datetime(2026, 12, 8, 9, 59, tzinfo=UTC), 1),
        (datetime(2026, 12, 8, 10, 1, tzinfo=UTC), 0),
    ],
)
async def test_a_review_is_made_up_within_three_working_days_and_never_twice(
    sqlite_files: SqliteFiles, back: datetime, reviews: int
) -> None:
    url = sqlite_files.new()
    async with LocalSlack(now=MONDAY - timedelta(days=3), rate_limits=False) as slack:
        team = team_of(slack, install(slack), {"Ben": "Europe/London"})
        await team.maya.invites(team.app, team.channel)
        async with bot_here(slack, team.app, url):
            await team.begins()
            await team.until(REVIEW - timedelta(hours=1))
        await team.until(back)
        async with bot_here(slack, team.app, url):
            await slack.settled()
            assert len(posted(team)) == reviews
            await team.until(back + timedelta(hours=1))
        async with bot_here(slack, team.app, url):
            await slack.settled()
            assert len(posted(team)) == reviews
            await team.until(datetime(2027, 1, 7, 10, tzinfo=UTC))
            assert len(posted(team)) == reviews + 1


async def test_the_outcome_is_told_late_rather_than_never_and_once(sqlite_files: SqliteFiles) -> None:
    url = sqlite_files.new()
    async with LocalSlack(now=MONDAY - timedelta(days=3), rate_limits=False) as slack:
        team = team_of(slack, install(slack), {"Ben": "Europe/London"})
        await team.maya.invites(team.app, team.channel)
        async with bot_here(slack, team.app, url):
            await team.begins()
            await team.until(REVIEW + MINUTE)
        await team.until(OUTCOME + timedelta(days=6))
        for _ in range(2):
            async with bot_here(slack, team.app, url):
                await slack.settled()
        said = [reply.drawn for reply in posted(team)[0].thread]

    assert len([text for text in said if text.startswith("Outcome of the review of December")]) == 1


async def test_the_schedule_moves_the_review_to_another_day_from_the_next_month_on(team: Team) -> None:
    await two_owners(team)
    await team.until(datetime(2026, 12, 1, 12, tzinfo=UTC))
    await team.maya.command("/rhythm", "schedule", channel=team.channel)
    await team.maya.fill(
        {
            "Monthly review: which week": "The second of the month",
            "Monthly review: day": "Tuesday",
            "Monthly review: time": "14:30",
        }
    )
    await team.maya.fill({"What made you change this?": "Thursdays are full"})
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.until(datetime(2027, 1, 12, 15, tzinfo=UTC))

    assert [sent_at(review, "Europe/London").replace(tzinfo=UTC) for review in posted(team)] == [
        REVIEW,
        datetime(2027, 1, 12, 14, 30, tzinfo=UTC),
    ]


async def test_at_weeks_8_and_12_the_first_four_weeks_are_compared_with_the_last_four(team: Team) -> None:
    ben, tom = await two_owners(team)
    for number in range(15):
        await team.until(MONDAY + number * WEEK)
        await ben.click("On track")
        if number >= 4:
            await tom.click("On track")
    await team.until(datetime(2027, 3, 4, 10, tzinfo=UTC))

    december, _, february, march = posted(team)
    assert "Impact" not in december.drawn
    assert "Impact" not in in_thread(december), "not before there are weeks to compare"
    assert "Impact at week 8: weeks 1 to 4 → weeks 5 to 8" in february.drawn
    assert "answered: 50% → 100%" in in_thread(february)
    assert "days to a decision: not enough data" in in_thread(february)
    assert "Impact at week 12: weeks 1 to 4 → weeks 9 to 12" in march.drawn


async def test_a_review_posted_by_hand_keeps_its_promise_whatever_the_scheduled_one_does(
    team: Team, bot: Parts
) -> None:
    """Posted on Monday for November, three days before the scheduled one of December."""
    await two_owners(team)
    by_hand = datetime(2026, 11, 30, 12, tzinfo=UTC)
    promised = datetime(2026, 12, 3, 12, tzinfo=UTC)
    await team.until(by_hand)
    reply = await team.maya.command("/rhythm", "review", channel=team.channel)
    assert reply.drawn.endswith("Its outcome follows 3 Dec 2026 at 12:00.")
    await team.slack.settled()
    await answers(team.maya)
    await team.slack.settled()
    await decides(team.maya, "Stop…", "Newsletter", "Nobody reads it")
    await team.until(promised - MINUTE)
    november, december = posted(team)
    assert "Outcome" not in in_thread(november)
    await team.until(promised)

    assert "Newsletter: stop — Nobody reads it (Maya)" in november.thread[-1].drawn
    workspace = team.slack.workspace.id
    strategy = bot.database.run(strategies.find_strategy_by_channel, workspace, team.channel.id)
    assert strategy is not None
    left = bot.database.run(initiatives.list_initiatives, workspace, strategy.id)
    assert [initiative.name for initiative in left] == ["Referrals"]
    await team.until(OUTCOME)
    assert december.thread[-1].drawn.startswith("Outcome of the review of December")
    assert in_thread(november).count("Outcome of the review") == 1


async def test_two_reviews_of_one_month_are_one_review(team: Team) -> None:
    await two_owners(team)
    await team.until(OUTCOME + MINUTE)
    [review] = posted(team)
    was = (review.drawn, in_thread(review))
    reply = await team.maya.command("/rhythm", "review", channel=team.channel)
    await team.slack.settled()

    assert "The review of December is over; its outcome is in its thread" in reply.drawn
    assert "The next one comes 7 Jan 2027 at 10:00" in reply.drawn
    assert posted(team) == [review]
    assert (review.drawn, in_thread(review)) == was
    assert len(asked(team.maya)) == 1
