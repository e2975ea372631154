"""The habits of S.T.A.R.T. and the sentences of the month that no single feature's tests prove.

The other halves: test_kickoff.py (targeted initiatives, authority and resources), test_review.py (the
review step by step), and in tests/handlers test_decisions.py, test_open_asks.py, test_follow_ups.py (asks),
test_retrospectives.py (learnings) and test_kpis.py (KPIs).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from sandbox import Message, Person
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import GIVERS, STRATEGY_FIELDS
from tests.support.team import Team, sent_at

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
REVIEW = datetime(2026, 12, 3, 10, tzinfo=UTC)
WEEK = timedelta(weeks=1)
ASK = {
    "About": "Newsletter",
    "What do you ask for?": "Print leaflets?",
    "Who decides?": "@Tom",
    "Decided by": "2026-12-01",
    "What happens if nobody decides?": "We print none",
}


async def reads(team: Team, command: str, text: str, by: Person | None = None) -> str:
    reply = await (by or team.maya).command(command, text, channel=team.channel)
    return reply.drawn


async def fills(team: Team, command: str, text: str, fields: Mapping[str, object]) -> None:
    """Maya opens a form by command, fills it in and sends it."""
    await team.maya.command(command, text, channel=team.channel)
    await team.maya.fill(fields)
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.slack.settled()


async def asks(team: Team, by: Person, **changed: str) -> None:
    message = await by.says("The printer wants to know", to=team.channel)
    await by.shortcut("Request a decision", message=message)
    await by.fill({**ASK, **changed})
    form = await by.submit()
    assert form is None, form.errors
    await team.slack.settled()


async def clicks(team: Team, person: Person, button: str, near: str | None = None) -> None:
    await person.click(button, near=near)
    await team.slack.settled()


async def holds(team: Team) -> None:
    """Maya says that the strategy holds, which opens the initiatives to her."""
    await team.maya.click("Answer…")
    said = {"Does the strategy still hold?": "Yes, it still holds", "What changed in the market?": "Nothing"}
    await team.maya.fill(said)
    assert await team.maya.submit() is None
    await team.slack.settled()


def reviews(team: Team) -> list[Message]:
    return [m for m in team.channel.messages if m.drawn.startswith("Harbor Lights · Review of")]


def details(message: Message) -> str:
    return "\n".join(reply.drawn for reply in message.thread)


def told(person: Person, words: str) -> list[Message]:
    return [message for message in person.dm.messages if words in message.drawn]


# S.T.A.R.T.


async def test_strategic_intent_is_kept_beside_the_work_and_the_why_is_in_every_prompt_digest_and_review(
    team: Team,
) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    status = await reads(team, "/rhythm", "status")
    for field in ("Why", "Goal 1", "Goal 2", "Audience", "What makes us different"):
        assert STRATEGY_FIELDS[field] in status, field
    await team.until(REVIEW)

    sent = [*team.prompts(ben), *team.digests(), *reviews(team)]
    assert len(sent) == 5
    for message in sent:
        assert STRATEGY_FIELDS["Why"] in message.drawn, message.drawn


async def test_targeted_initiatives_are_three_to_five(team: Team) -> None:
    await team.adds("Newsletter", team.maya)
    await team.adds("Referrals", team.maya)
    assert "3 to 5 work best" in await reads(team, "/rhythm", "status")
    await team.adds("Lesson results", team.maya)
    assert "3 to 5 work best" not in await reads(team, "/rhythm", "status")
    await team.adds("Open day", team.maya)
    await team.adds("School visits", team.maya)
    await team.maya.command("/initiative", "add Sixth", channel=team.channel)
    assert team.maya.form is not None
    assert team.maya.form.title == "Make room first"


async def test_authority_asks_carry_a_decider_a_deadline_and_a_default(team: Team) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await asks(team, ben)
    [message] = told(tom, "You are asked to decide")
    assert "1 Dec" in message.drawn
    assert "If nobody decides: We print none" in message.drawn
    assert "asked by Ben of Tom, by 1 Dec · otherwise: We print none" in await reads(
        team, "/rhythm", "decisions"
    )


async def test_rituals_are_a_weekly_check_in_a_weekly_digest_a_monthly_review_and_a_retrospective_after_each_phase(
    team: Team,
) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    phase = {"Phase": ["It ends a phase: look back once it is done"]}
    await fills(
        team, "/initiative", "milestone newsletter", {"Name": "First issue", "Date": "2026-12-01", **phase}
    )
    await clicks(team, ben, "Done")
    assert len(told(ben, "First issue: a phase is over")) == 1
    await team.until(REVIEW)

    def times(messages: list[Message]) -> set[str]:
        return {f"{sent_at(message, 'Europe/London'):%a %H:%M}" for message in messages}

    assert times(team.prompts(ben)) == {"Mon 09:00"}
    assert times(team.digests()) == {"Wed 11:00"}
    assert times(reviews(team)) == {"Thu 10:00"}
    assert (len(team.prompts(ben)), len(team.digests()), len(reviews(team))) == (2, 2, 1)


async def test_track_what_matters_is_four_to_six_kpis_tied_to_a_goal_with_baseline_target_direction_and_owner(
    team: Team,
) -> None:
    kpi = {**KPI_FIELDS, "Owner": "@Ben"}
    for number in range(3):
        await fills(team, "/kpi", "add", {**kpi, "Name": f"Number {number}"})
    assert "4 to 6 work best" in await reads(team, "/rhythm", "status")
    await fills(team, "/kpi", "add", {**kpi, "Name": "Number 3"})
    assert "4 to 6 work best" not in await reads(team, "/rhythm", "status")
    listed = await reads(team, "/kpi", "list")
    for words in ("baseline 310 (21 Nov)", "increase to 420 by 31 Mar", "Ben", GIVERS):
        assert words in listed, words
    await team.maya.command("/kpi", "add", channel=team.channel)
    await team.maya.fill({**kpi, "Name": "Impressions"})
    form = await team.maya.submit()
    assert form is not None, "vanity metrics get a caution"
    assert "Consider" in form.drawn


# The month


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
    await asks(team, ben, **skill, **{"Decided by": "2026-12-20"})
    await fills(team, "/initiative", "close leaflets", {"How does it end?": "Stopped: we end it here"})
    await tom.click("Look back…")
    await tom.fill({"What to keep?": "Stories of parents"})
    assert await tom.submit() is None
    await team.until(REVIEW)

    [review] = reviews(team)
    lines = review.drawn.splitlines()
    late = lines.index("Milestones late")
    assert lines[late + 1] == "• Newsletter: First issue, due 1 Dec (Ben)"
    for line in (
        "Decisions: 1 taken, 0 overdue, 1 by default",
        "Skills asked for: 1",
        "Learnings: 1",
    ):
        assert line in review.drawn, line
    thread = details(review)
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
        assert (len(labels), labels[0], labels[-1]) == (12, "W38", "W49")


async def test_change_may_alter_owner_dates_metrics_and_resources(team: Team) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await team.until(REVIEW)
    await holds(team)
    await team.maya.click("Change…", near="Newsletter")
    await team.maya.fill(
        {
            "On what evidence, in a sentence?": "Two months late",
            "Are its authority and resources still true?": "No, they changed",
        }
    )
    await team.maya.submit()
    changed = {"Owner": "@Tom", "Due": "2027-12-01", "Metric 1: target": "5,000", "Budget": "£500"}
    await team.maya.fill(changed)
    form = await team.maya.submit()
    assert form is None, form.errors
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
        await team.until(datetime(2026, 12, 1, 18, tzinfo=UTC))
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
    assert "Rhythm health: 78 of 100" in review.drawn
    thread = details(review)
    for line in (
        "answered: 50 % (2 of 4), weight 30",
        "answered on time: 100 % (2 of 2), weight 20",
        "decisions made by their date: 100 % (1 of 1), weight 20",
        "readings up to date: 100 % (1 of 1), weight 15",
        "initiatives not silent: 50 % (1 of 2), weight 15",
        "Rhythm health = weighted mean over the last 4 weeks",
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
        await asks(team, ben, **{"Decided by": due})
        if number >= 4:
            await clicks(team, tom, "Yes")
    await team.until(datetime(2027, 2, 4, 10, tzinfo=UTC))

    thread = details(reviews(team)[-1])
    assert "Impact at week 8: weeks 1 to 4 → weeks 5 to 8" in thread
    for line in (
        "KPIs on pace: 0 % → 100 %",
        "answers on track: 100 % → 100 %",
        "answered: 100 % → 100 %",
        "days to a decision: 3.4 → 0.0",
    ):
        assert line in thread, line


# Wrong input


@pytest.mark.parametrize("goal", ["Reach 6,000 subscribers", "More subscribers by March"])
async def test_a_goal_without_a_number_or_a_date_is_sent_back_with_an_example(team: Team, goal: str) -> None:
    await team.maya.command("/rhythm", "setup", channel=team.channel)
    await team.maya.fill({"Goal 1": goal, "What made you change this?": "We looked again"})
    form = await team.maya.submit()
    assert form is not None
    assert "number" in form.errors["Goal 1"] or "date" in form.errors["Goal 1"]
    assert STRATEGY_FIELDS["Goal 1"] in form.errors["Goal 1"]
    assert form.values["Goal 1"] == goal


async def test_a_partner_who_never_answers_stops_nothing_and_stays_named_in_the_digest(team: Team) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben, {"Partner 1": "@Tom", "Partner 1: what they commit": "two days"})
    asked = len(tom.dm.messages)
    await team.until(MONDAY + 2 * WEEK + timedelta(days=2, hours=2))

    assert len(team.prompts(ben)) == 3
    assert len(team.digests()) == 3
    for digest in team.digests():
        assert "• Newsletter: Tom (partner), asked 21 Nov" in digest.drawn
    assert len(tom.dm.messages) == asked, "nobody is chased"
    assert "Newsletter · active" in await reads(team, "/initiative", "show newsletter")


@pytest.mark.parametrize(
    ("day", "sentence"), [("2026-11-24", "in the future"), ("2026-11-20", "before the baseline")]
)
async def test_a_reading_in_the_future_or_before_the_baseline_is_refused_in_a_file_too(
    team: Team, day: str, sentence: str
) -> None:
    await fills(team, "/kpi", "add", {**KPI_FIELDS, "Owner": "@Ben"})
    await team.maya.command("/kpi", "import", channel=team.channel)
    content = f"kpi,date,value\nMonthly givers,{day},320\n".encode()
    await team.maya.fill({"File": {"readings.csv": content}})
    await team.maya.submit()
    await team.slack.settled()
    said = team.maya.dm.messages[-1].drawn
    assert "nothing was imported" in said
    assert "Line 2" in said
    assert sentence in said
