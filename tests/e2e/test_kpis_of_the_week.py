"""KPIs in the week: asked for within the weekly prompt, told in the digest, never in a message of their own."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sandbox import Person
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.team import Team, in_thread

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 11, tzinfo=UTC)


async def adds(team: Team, name: str, owner: str, fields: Mapping[str, object] | None = None) -> None:
    """Maya adds a KPI."""
    await team.maya.command("/kpi", "add", channel=team.channel)
    await team.maya.fill({**KPI_FIELDS, "Name": name, "Owner": f"@{owner}", **(fields or {})})
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.slack.settled()


async def reports(person: Person, value: str, near: str) -> None:
    await person.click("Update", near=near)
    await person.fill({"Where does it stand?": value})
    assert await person.submit() is None


async def test_an_owner_is_asked_for_initiative_and_numbers_in_one_message(team: Team) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await adds(team, "Monthly givers", "Ben")
    before = len(ben.dm.messages)
    await team.until(MONDAY)
    (prompt,) = team.prompts(ben)
    assert len(ben.dm.messages) == before + 1
    assert "Newsletter" in prompt.drawn
    assert "Monthly givers baseline 310 (20 Nov) · increase to 420 by 31 Mar" in prompt.drawn
    assert "*Monthly givers* baseline 310" in prompt.text


async def test_a_number_given_at_the_prompt_shows_there_and_can_be_edited(team: Team) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await adds(team, "Monthly givers", "Ben")
    await team.until(MONDAY)
    await reports(ben, "316", "Monthly givers")
    await team.slack.settled()
    (prompt,) = team.prompts(ben)
    assert "Monthly givers: 316 on 23 Nov, recorded" in prompt.drawn
    await ben.click("Edit", near="Monthly givers")
    await ben.fill({"Where does it stand?": "317", "Note": "one more on the phone"})
    assert await ben.submit() is None
    await team.slack.settled()
    (prompt,) = team.prompts(ben)
    assert "317 on 23 Nov, recorded" in prompt.drawn
    assert "one more on the phone" in prompt.drawn


async def test_who_owns_only_kpis_gets_the_weekly_message_and_no_reminder(team: Team) -> None:
    ben, tom = team.owners["Ben"], team.owners["Tom"]
    await team.adds("Newsletter", ben)
    await adds(team, "Monthly givers", "Tom")
    before = len(tom.dm.messages)
    await team.until(MONDAY)
    (prompt,) = team.prompts(tom)
    assert "Monthly givers" in prompt.drawn
    assert prompt.buttons == ["Update"]
    await team.until(WEDNESDAY)
    assert len(tom.dm.messages) == before + 1


async def test_who_owns_only_kpis_does_not_count_for_participation(team: Team) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await adds(team, "Monthly givers", "Tom")
    await team.until(MONDAY)
    await ben.click("On track")
    await team.until(WEDNESDAY)
    (digest,) = team.digests()
    assert "On track, answered" in digest.drawn
    assert "Tom" not in digest.drawn


async def test_a_prompt_for_numbers_closes_with_the_next_one(team: Team) -> None:
    tom = team.owners["Tom"]
    await adds(team, "Monthly givers", "Tom")
    await team.until(MONDAY)
    await reports(tom, "316", "Monthly givers")
    await team.until(datetime(2026, 11, 30, 9, tzinfo=UTC))
    first, second = team.prompts(tom)
    assert first.buttons == []
    assert "316 on 23 Nov, recorded" in first.drawn
    assert "Monthly givers 316 (23 Nov)" in second.drawn
    assert second.buttons == ["Update"]


async def test_a_monthly_kpi_is_asked_for_with_the_first_prompt_of_a_month(team: Team) -> None:
    tom = team.owners["Tom"]
    await adds(team, "Donor retention", "Tom", {"How often is it asked for?": "Monthly"})
    await team.until(MONDAY)
    assert len(team.prompts(tom)) == 1, "the first prompt he ever gets"
    await team.until(datetime(2026, 11, 30, 9, tzinfo=UTC))
    assert len(team.prompts(tom)) == 1
    await team.until(datetime(2026, 12, 7, 9, tzinfo=UTC))
    assert len(team.prompts(tom)) == 2
    await team.until(datetime(2026, 12, 28, 9, tzinfo=UTC))
    assert len(team.prompts(tom)) == 2


async def test_the_digest_tells_kpis_against_target_with_trend_and_pace(team: Team) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await adds(team, "Monthly givers", "Ben")
    await adds(team, "Sign-ups", "Ben", {"Baseline": "95", "Target": "140"})
    await ben.command("/kpi", "update Monthly givers 312", channel=team.channel)
    await team.until(MONDAY)
    await ben.click("Enter 2 numbers…")
    await ben.fill({"Monthly givers": "316"})
    assert await ben.submit() is None
    await team.until(WEDNESDAY)
    (digest,) = team.digests()
    line = "Monthly givers 316 (23 Nov) ▲ 4 · increase to 420 by 31 Mar · too early to say (plan 313)"
    assert line in in_thread(digest)
    assert "KPIs: too early to say for all 2." in digest.text
    assert "Sign-ups baseline 95 (20 Nov) · increase to 140 by 31 Mar · no reading yet" in in_thread(digest)


async def test_a_number_given_after_the_digest_is_told_in_the_next_one(team: Team) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await adds(team, "Monthly givers", "Ben")
    await team.until(WEDNESDAY + timedelta(hours=1))
    await reports(ben, "316", "Monthly givers")
    await ben.click("On track")
    await team.slack.settled()
    (digest,) = team.digests()
    assert "Newsletter (Ben, late)" in digest.drawn
    assert "316" not in digest.drawn + in_thread(digest)


async def test_words_under_a_prompt_for_numbers_are_kept_and_answered(team: Team) -> None:
    tom = team.owners["Tom"]
    await adds(team, "Monthly givers", "Tom")
    await team.until(MONDAY)
    (prompt,) = team.prompts(tom)
    await tom.says("316", thread=prompt)
    await team.slack.settled()
    (prompt,) = team.prompts(tom)
    assert "asked for numbers only" in prompt.thread[-1].drawn

    await tom.says("Letters on track, monthly givers 312")
    await team.slack.settled()
    said = tom.dm.messages[-1].thread[-1].drawn
    assert "Monthly givers 312, was 310: is that right?" in said
    assert "I kept the rest of your words; it is recorded nowhere" in said
    await tom.says("Monthly givers 313")
    await team.slack.settled()
    assert tom.dm.messages[-1].thread[-1].drawn == "Recorded: :bar_chart: Monthly givers 313"


async def test_a_kpi_owner_who_leaves_is_asked_nothing_and_the_lead_is_told(team: Team) -> None:
    tom = team.owners["Tom"]
    await adds(team, "Monthly givers", "Tom")
    before = len(tom.dm.messages)
    await team.slack.deactivate(tom)
    await team.slack.settled()
    assert "Tom has left Slack and owns Monthly givers" in team.maya.dm.messages[-1].drawn
    await team.until(WEDNESDAY)
    assert len(tom.dm.messages) == before
    await team.maya.command("/kpi", "edit Monthly givers", channel=team.channel)
    await team.maya.fill({"Owner": "@Ben"})
    assert await team.maya.submit() is None
    await team.until(datetime(2026, 11, 30, 9, tzinfo=UTC))
    assert "Monthly givers" in team.prompts(team.owners["Ben"])[-1].drawn


async def test_what_is_missing_names_kpis_and_goals_nothing_serves(team: Team) -> None:
    reply = await team.maya.command("/rhythm", "status", channel=team.channel)
    assert "No KPI yet: 4 to 6 work best" in reply.drawn
    assert "No KPI and no initiative serves “Monthly givers from 310 to 420 by 31 March” yet" in reply.drawn
    await adds(team, "Monthly givers", "Tom")
    reply = await team.maya.command("/rhythm", "status", channel=team.channel)
    assert "Only one KPI: 4 to 6 work best" in reply.drawn
    assert "serves “Monthly givers from" not in reply.drawn
