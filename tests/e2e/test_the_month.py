"""The month sentence by sentence, where test_review.py does not prove it step by step.

Asks and learnings as their people meet them: tests/handlers, test_decisions.py, test_open_asks.py,
test_follow_ups.py and test_retrospectives.py.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.parts import Parts
from tests.e2e.test_the_plan import MONDAY, REVIEW, WEEK, asks, clicks, fills, reads, reviews
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import GIVERS, INITIATIVE_FIELDS, told
from tests.support.team import Team, in_thread


async def holds(team: Team) -> None:
    """Maya says that the strategy holds, which opens the initiatives to her."""
    await team.maya.click("Answer…")
    said = {"Does the strategy still hold?": "Yes, it still holds", "What changed in the market?": "Nothing"}
    await team.maya.fill(said)
    assert await team.maya.submit() is None
    await team.slack.settled()


async def test_the_review_shows_milestones_late_decisions_taken_and_defaulted_skills_asked_for_and_learnings(
    team: Team,
) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await team.adds("Leaflets", tom)
    await fills(team, "/initiative", "milestone newsletter", {"Name": "First issue", "Date": "2026-12-01"})
    await asks(team, ben)
    await clicks(team, tom, "Yes")
    await asks(team, ben, **{"What do you ask for?": "A second poster?"})
    skill = {"Kind of ask": "Help with a skill", "What do you ask for?": "Cut a film"}
    await asks(team, ben, **skill, **{"By when?": "2026-12-20"})
    await fills(team, "/initiative", "close leaflets", {"How does it end?": "Stopped: we end it here"})
    await tom.click("Look back…")
    await tom.fill({"What to keep?": "Stories of parents"})
    assert await tom.submit() is None
    await team.until(REVIEW)

    [review] = reviews(team)
    lines = review.drawn.splitlines()
    [late] = [line for line in lines if "First issue was due 1 Dec (Ben)" in line]
    assert " Newsletter (Ben): " in late
    assert (
        "Since the last review: 1 decision taken, 1 decided by default, 1 skill asked for, 1 learning"
        in lines
    )
    thread = in_thread(review)
    for line in (
        "Print leaflets? → Yes, by Tom",
        "A second poster? → We print none, as Tom did not decide by 1 Dec",
        "Cut a film, asked for by Ben, still open",
        "Keep: Stories of parents (Leaflets)",
    ):
        assert line in thread, line


async def test_charts_show_the_last_twelve_weeks_in_the_thread_only(team: Team) -> None:
    summer = {"Baseline measured on": "2026-07-01"}
    await fills(team, "/kpi", "add", {**KPI_FIELDS, "Owner": "@Ben", **summer})
    await team.until(REVIEW - timedelta(hours=1))
    await team.maya.command("/kpi", "update Monthly givers 316", channel=team.channel)
    await team.until(REVIEW)
    [review] = reviews(team)
    assert not [block for block in review.blocks if block["type"] == "data_visualization"]
    [chart] = [
        block["chart"]
        for reply in review.thread
        for block in reply.blocks
        if block["type"] == "data_visualization"
    ]
    for series in chart["series"]:
        labels = [point["label"] for point in series["data"]]
        assert (len(labels), labels[0], labels[-1]) == (12, "14 Sep", "30 Nov")


async def test_change_may_alter_owner_dates_metrics_and_resources(team: Team) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await team.until(REVIEW)
    await holds(team)
    await team.maya.click("Change…", near="Newsletter")
    await team.maya.fill(
        {
            "On what evidence, in a sentence?": "Two months late",
            "If not: what changed?": "£500 is all that is left",
        }
    )
    await team.maya.submit()
    changed = {"Owner": "@Tom", "Due": "2027-12-01", "Metric 1: target": "5,000", "Budget": "£500"}
    await team.maya.fill(changed)
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.slack.settled()
    await tom.click("Accept")
    await team.slack.settled()

    shown = await reads(team, "/initiative", "show newsletter")
    for words in ("Owner: @Tom", "due 1 Dec", "subscribers 4,200 → 5,000", "Budget: £500"):
        assert words in shown, words
    assert told(tom, "Newsletter")


@pytest.mark.parametrize("fate", ["decided", "defaulted"])
async def test_the_owner_always_hears_what_became_of_the_ask_and_everyone_named_is_told(
    team: Team, fate: str
) -> None:
    """Also where a lead asked about the owner's initiative."""
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await asks(team, team.maya)
    if fate == "decided":
        await clicks(team, tom, "No")
        words = "“Print leaflets?” (Newsletter): Tom decided: No"
    else:
        await team.until(datetime(2026, 12, 2, 9, tzinfo=UTC))
        words = "the default took effect: We print none"
    hear = [ben, team.maya] if fate == "decided" else [ben, team.maya, tom]
    for person in hear:
        heard = [m for m in told(person, "what became of an ask") if words in m.drawn]
        assert len(heard) == 1, person.name


async def test_the_retrospective_of_a_phase_asks_owner_and_sponsor_what_was_expected_happened_to_keep_to_change(
    team: Team,
) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben, {"Sponsor": "@Tom"})
    await clicks(team, tom, "Confirm")
    phase = {"Phase": ["It ends a phase: look back once it is done"]}
    await fills(
        team, "/initiative", "milestone newsletter", {"Name": "First issue", "Date": "2026-12-01", **phase}
    )
    await clicks(team, ben, "Done")
    for person in (ben, tom):
        await person.click("Look back…")
        assert person.form is not None
        assert person.form.labels == [
            "What was expected?",
            "What happened?",
            "What to keep?",
            "What to change?",
        ]
        await person.close()


async def test_rhythm_health_is_0_to_100_of_five_shares_with_its_formula_shown(team: Team) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await team.adds("Leaflets", tom)
    await fills(team, "/kpi", "add", {**KPI_FIELDS, "Owner": "@Maya"})
    await asks(team, ben)
    await clicks(team, tom, "Yes")
    for number in range(2):
        await team.until(MONDAY + number * WEEK)
        await clicks(team, ben, "On track")
    assert "recorded" in await reads(team, "/kpi", "update Monthly givers 320")
    await team.until(REVIEW)

    [review] = reviews(team)
    assert "Rhythm health: 78 of 100\n[How?]" in review.drawn
    await team.maya.click("How?", message=review)
    assert team.maya.form is not None
    assert "answered: 50% (2 of 4), weight 30" in team.maya.form.drawn
    thread = in_thread(review)
    for line in (
        "answered: 50% (2 of 4), weight 30",
        "answered on time: 100% (2 of 2), weight 20",
        "decisions made by their date: 100% (1 of 1), weight 20",
        "readings up to date: 100% (1 of 1), weight 15",
        "initiatives not silent: 50% (1 of 2), weight 15",
        "Rhythm health = weighted average of the last 4 weeks",
    ):
        assert line in thread, line


async def test_impact_compares_kpi_pace_health_answer_rate_and_decision_time(team: Team) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await fills(team, "/kpi", "add", {**KPI_FIELDS, "Owner": "@Maya"})
    for number in range(9):
        await team.until(MONDAY + number * WEEK)
        await clicks(team, ben, "On track")
        value = 311 if number < 4 else 400
        await reads(team, "/kpi", f"update Monthly givers {value}")
        due = (MONDAY + number * WEEK + timedelta(days=3)).date().isoformat()
        await asks(team, ben, **{"By when?": due})
        if number >= 4:
            await clicks(team, tom, "Yes")
    await team.until(datetime(2027, 2, 4, 10, tzinfo=UTC))

    thread = in_thread(reviews(team)[-1])
    assert "Impact at week 8: weeks 1 to 4 → weeks 5 to 8" in thread
    for line in (
        "KPIs on pace: 0% → 100%",
        "answers on track: 100% → 100%",
        "answered: 100% → 100%",
        "days to a decision: 3.4 → 0.0",
    ):
        assert line in thread, line


async def test_the_review_shows_by_channel_where_the_core_message_broke(running: tuple[Team, Parts]) -> None:
    team, _ = running
    await team.sets_up({"Core message": "Every child can swim by ten"})
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben, {"Channels it uses": ["Email"]})
    await team.adds("Leaflets", tom, {"Channels it uses": ["Email"]})
    await team.until(MONDAY + WEEK)
    await ben.click("Answer…")
    await ben.fill({"Newsletter: email": "No", "Newsletter: where did it break?": "It sold the gala"})
    form = await ben.submit()
    assert form is None, form.errors
    await tom.click("Answer…")
    await tom.fill({"Leaflets: email": "Yes, it carried it"})
    assert await tom.submit() is None
    await team.until(REVIEW)

    lines = reviews(team)[0].drawn.splitlines()
    at = lines.index("Where the core message broke")
    assert lines[at + 1] == "• email, in Newsletter: It sold the gala"
    assert "• email: 1 yes, 1 no — broke in Newsletter: It sold the gala" in in_thread(reviews(team)[0])


async def test_each_lead_is_asked_and_sees_what_another_decided(running: tuple[Team, Parts]) -> None:
    team, _ = running
    await team.sets_up({"Leads": ["@Maya", "@Tom"]})
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await team.until(REVIEW)
    [of_tom] = told(tom, "the review of")
    await holds(team)
    await tom.click("Answer…", message=of_tom)
    said = {"Does the strategy still hold?": "No, something must change"}
    await tom.fill({**said, "What changed in the market?": "Pools closed"})
    assert await tom.submit() is None
    await team.slack.settled()
    await team.maya.click("Continue", near="Newsletter")
    await team.slack.settled()
    assert "Newsletter: continue (Maya)" in told(tom, "the review of")[0].drawn
    await team.until(datetime(2026, 12, 8, 10, tzinfo=UTC))

    outcome = reviews(team)[0].thread[-1].drawn
    assert "Maya: It still holds." in outcome
    assert "Tom: It does not hold as it is. Market: Pools closed" in outcome


async def test_learnings_return_at_the_next_kickoff_for_that_goal_and_for_no_other(team: Team) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await fills(team, "/initiative", "close newsletter", {"How does it end?": "Stopped: we end it here"})
    await ben.click("Look back…")
    await ben.fill({"What to change?": "Ask legal first"})
    assert await ben.submit() is None
    fields = {**INITIATIVE_FIELDS, "Owner": "@Tom", "Start": "2026-11-23"}
    await fills(team, "/initiative", "add", {**fields, "Name": "Givers’ letter", "Goal it serves": GIVERS})
    assert not told(tom, "Ask legal first")
    await fills(team, "/initiative", "add", {**fields, "Name": "Second newsletter"})
    [asked] = told(tom, "Second newsletter")
    assert asked.drawn.count("1 earlier learning to look at") == 1
    await tom.click("One by one…", message=asked)
    assert tom.form is not None
    assert tom.form.drawn.count("Ask legal first") == 1


async def test_an_initiative_stopped_in_a_review_is_looked_back_on_and_its_asks_are_not_left_open(
    team: Team,
) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await asks(team, ben, **{"By when?": "2026-12-20"})
    await team.until(REVIEW)
    await holds(team)
    await team.maya.click("Stop…", near="Newsletter")
    await team.maya.fill({"On what evidence, in a sentence?": "Nobody reads it"})
    await team.maya.submit()
    await team.until(datetime(2026, 12, 8, 10, tzinfo=UTC))

    assert [len([m for m in p.dm.messages if "Look back…" in m.buttons]) for p in (ben, team.maya)] == [1, 1]
    for person in (ben, tom):
        [heard] = told(person, "what became of an ask")
        assert "“Print leaflets?” (Newsletter): withdrawn (the initiative was closed)" in heard.drawn
