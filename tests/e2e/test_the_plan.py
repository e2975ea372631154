"""S.T.A.R.T.: a test for each habit, named after what Drumbeat does for it.

test_kickoff.py has the rest of targeted initiatives, authority and resources.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sandbox import Message, Person
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import GIVERS, STRATEGY_FIELDS, told
from tests.support.team import Team, sent_at

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
REVIEW = datetime(2026, 12, 3, 10, tzinfo=UTC)
WEEK = timedelta(weeks=1)
ASK = {
    "About": "Newsletter",
    "What do you ask for?": "Print leaflets?",
    "Who decides?": "@Tom",
    "By when?": "2026-12-01",
    "What happens if nobody decides?": "We print none",
}


async def reads(team: Team, command: str, text: str) -> str:
    """What Maya reads in the channel."""
    reply = await team.maya.command(command, text, channel=team.channel)
    return reply.drawn


async def fills(team: Team, command: str, text: str, fields: Mapping[str, object]) -> None:
    """Maya opens a form by command, fills it in and sends it."""
    await team.maya.command(command, text, channel=team.channel)
    await team.maya.fill(fields)
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.slack.settled()


async def asks(team: Team, by: Person, **changed: str) -> None:
    """Somebody requests a decision about a message of theirs."""
    message = await by.says("The printer wants to know", to=team.channel)
    await by.shortcut("Request a decision", message=message)
    await by.fill({**ASK, **changed})
    form = await by.submit()
    assert form is None, form.errors
    await team.slack.settled()


async def clicks(team: Team, person: Person, button: str) -> None:
    await person.click(button)
    await team.slack.settled()


def reviews(team: Team) -> list[Message]:
    return [m for m in team.channel.messages if m.drawn.startswith("Harbor Lights · Review of")]


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
    for words in ("baseline 310 (20 Nov)", "increase to 420 by 31 Mar", "Ben", GIVERS):
        assert words in listed, words
    await team.maya.command("/kpi", "add", channel=team.channel)
    await team.maya.fill({**kpi, "Name": "Impressions"})
    form = await team.maya.submit()
    assert form is not None, "vanity metrics get a caution"
    assert "Consider" in form.drawn
