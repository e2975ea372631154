"""The habits T and A of S.T.A.R.T., and what is learned: named after the sentences they prove."""

from datetime import UTC, datetime

from sandbox import Person
from tests.support.team import Team

PHASE = {"Phase": ["It ends a phase: look back once it is done"]}
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 11, tzinfo=UTC)


async def proposes(team: Team, name: str, fields: dict[str, object]) -> None:
    """Maya adds an initiative of Ben's; nobody has answered yet."""
    ben = team.owners["Ben"]
    await team.maya.command("/initiative", f"add {name} @{ben.name} by 31 March", channel=team.channel)
    metric = {
        "Metric 1: name": "subscribers",
        "Metric 1: where it stands now": "4,200",
        "Metric 1: target": "6,000",
    }
    goal = {"Goal it serves": "Newsletter subscribers from 4,200 to 6,000 by 31 March"}
    await team.maya.fill({**goal, **metric, **fields})
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.slack.settled()


async def presses(team: Team, person: Person, button: str) -> None:
    await person.click(button)
    await team.slack.settled()


async def shown(team: Team, name: str) -> str:
    reply = await team.maya.command("/initiative", f"show {name}", channel=team.channel)
    return reply.drawn


async def test_targeted_initiatives_have_one_owner_who_accepted_a_timeline_metrics_and_milestones(
    team: Team,
) -> None:
    tom = team.owners["Tom"]
    await proposes(team, "Newsletter", {})
    await presses(team, team.owners["Ben"], "Accept")
    await team.maya.command("/initiative", "milestone newsletter", channel=team.channel)
    await team.maya.fill({"Name": "First issue", "Person": f"@{tom.name}", "Date": "2026-12-01"})
    assert await team.maya.submit() is None
    await team.slack.settled()

    drawn = await shown(team, "newsletter")
    for line in (
        "Newsletter · active",
        "Owner: @Ben",
        "due 31 Mar",
        "Metric: subscribers 4,200 → 6,000",
        "• Owner Ben said yes",
        "• First issue · Tom · due 1 Dec",
    ):
        assert line in drawn


async def test_authority_and_resources_are_confirmed_by_the_sponsor_and_partners_commit_by_name(
    team: Team,
) -> None:
    ben, tom = team.owners["Ben"], team.owners["Tom"]
    ruth = team.slack.person("Ruth", tz="Europe/London")
    given: dict[str, object] = {
        "Sponsor": "@Ruth",
        "What the owner may decide alone": "Texts, and up to £200",
        "Budget": "£2,000",
        "People and tools": "Tom for two days",
        "Partner 1": "@Tom",
        "Partner 1: what they commit": "two days of design",
    }
    await proposes(team, "Newsletter", given)
    await presses(team, ben, "Accept")
    assert "Newsletter · proposed" in await shown(team, "newsletter")
    await presses(team, ruth, "Confirm")
    await presses(team, tom, "Commit")

    drawn = await shown(team, "newsletter")
    for line in (
        "Newsletter · active",
        "May decide alone: Texts, and up to £200",
        "Budget: £2,000",
        "• Sponsor Ruth said yes",
        "• Partner Tom said yes",
    ):
        assert line in drawn
    await team.until(MONDAY)
    assert len(team.prompts(ben)) == 1


async def test_what_is_unconfirmed_after_three_working_days_is_named_in_the_digest_of_the_week(
    team: Team,
) -> None:
    partner: dict[str, object] = {"Partner 1": "@Tom", "Partner 1: what they commit": "two days of design"}
    await proposes(team, "Newsletter", partner)
    await presses(team, team.owners["Ben"], "Accept")
    await team.until(WEDNESDAY)

    (digest,) = team.digests()
    assert "Newsletter (Ben): no answer. Tom (partner) has not said yes, asked 20 Nov." in digest.drawn


async def test_a_retrospective_after_each_phase_teaches_the_next_initiative_for_that_goal(team: Team) -> None:
    ben, tom = team.owners["Ben"], team.owners["Tom"]
    await proposes(team, "Newsletter", {})
    await presses(team, ben, "Accept")
    await team.maya.command("/initiative", "milestone newsletter", channel=team.channel)
    await team.maya.fill({"Name": "First issue", "Date": "2026-12-01", **PHASE})
    assert await team.maya.submit() is None
    await team.until(MONDAY)
    await ben.click("Update…")
    done = {"How is it going?": "On track", "Which milestones are done?": ["First issue, due 1 Dec"]}
    await ben.fill(done)
    assert await ben.submit() is None
    await team.slack.settled()
    await ben.click("Look back…")
    await ben.fill({"What to keep?": "Short subjects", "What to change?": "Ask legal first"})
    assert await ben.submit() is None

    await team.maya.command("/initiative", "add Second newsletter", channel=team.channel)
    fields = {
        "Owner": "@Tom",
        "Due": "2027-03-31",
        "Goal it serves": "Newsletter subscribers from 4,200 to 6,000 by 31 March",
        "Metric 1: name": "subscribers",
        "Metric 1: where it stands now": "4,200",
        "Metric 1: target": "6,000",
    }
    await team.maya.fill(fields)
    assert await team.maya.submit() is None
    await team.slack.settled()
    await tom.click("Use this", near="Ask legal first")
    await team.slack.settled()
    assert "Change: Ask legal first — you use this" in tom.dm.messages[0].drawn
    assert "• Used from earlier work: Change: Ask legal first" in await shown(team, "second")


async def test_a_sponsor_confirms_all_with_one_click_and_an_owner_answers_for_all_with_another(
    team: Team,
) -> None:
    ben, ruth = team.owners["Ben"], team.owners["Tom"]
    for name in ("Newsletter", "Leaflets", "Open days"):
        await proposes(team, name, {"Sponsor": f"@{ruth.name}"})
    [message] = ruth.dm.messages
    assert message.drawn.startswith("Maya asks you to back 3 initiatives in Harbor Lights")
    await presses(team, ruth, "Confirm all 3")
    assert message.drawn.startswith("You said yes to Newsletter, Leaflets and Open days.")
    await presses(team, ben, "Accept all 3")
    [checklist] = team.maya.dm.messages
    assert "Kickoff: done, all 3 are active" in checklist.drawn
    await team.until(MONDAY)
    await presses(team, ben, "All on track")
    [prompt] = team.prompts(ben)
    assert prompt.drawn.count(": on track") == 3
    assert "Recorded, thank you" in prompt.drawn
    await ben.click("Update all…")
    await ben.fill({"Leaflets: how is it going?": "At risk", "Leaflets: what is in the way?": "Paper"})
    assert await ben.submit() is None
    await team.until(WEDNESDAY)
    [digest] = team.digests()
    assert "Paper" in digest.drawn
