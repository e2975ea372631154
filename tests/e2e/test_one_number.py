"""One number that is a KPI and a success metric: given once, in any way, and everywhere from then on."""

from datetime import UTC, datetime

from sandbox import Message, Person
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.team import Team

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
NEXT_WEDNESDAY = datetime(2026, 12, 2, 11, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 11, tzinfo=UTC)
SUBSCRIBERS = {
    "Owner": "@Ben",
    "Name": "Newsletter subscribers",
    "Goal it serves": "Newsletter subscribers from 4,200 to 6,000 by 31 March",
    "Baseline": "4,200",
    "Target": "6,000",
}
IS_IT = "Metric 1: is it a KPI?"


async def adds_kpi(team: Team, fields: dict[str, str]) -> None:
    await team.maya.command("/kpi", "add", channel=team.channel)
    await team.maya.fill({**KPI_FIELDS, **fields})
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.slack.settled()


def whole(digest: Message) -> str:
    return "\n".join(message.drawn for message in (digest, *digest.thread))


async def reads(team: Team, person: Person, command: str, text: str) -> str:
    return (await person.command(command, text, channel=team.channel)).drawn


async def test_one_click_and_one_number_are_a_check_in_with_its_kpi(team: Team) -> None:
    ben = team.owners["Ben"]
    await adds_kpi(team, SUBSCRIBERS)
    await team.adds("Newsletter", ben, {IS_IT: "Newsletter subscribers"})
    await team.until(MONDAY)
    (prompt,) = team.prompts(ben)
    assert prompt.drawn.count("ubscribers") == 1, "asked for once"
    assert "Update" not in prompt.buttons

    await ben.click("On track")
    await ben.says("4,310 subscribers")
    await team.slack.settled()

    (prompt,) = team.prompts(ben)
    assert "on track\nsubscribers 4,310 (KPI updated)" in prompt.drawn
    assert "Newsletter subscribers 4,310 (23 Nov)" in await reads(team, ben, "/kpi", "list")
    assert "now 4,310" in await reads(team, ben, "/initiative", "show Newsletter")
    await team.until(WEDNESDAY)
    (digest,) = team.digests()
    assert "subscribers 4,200 → 4,310" in whole(digest)
    assert "Newsletter subscribers 4,310 (23 Nov)" in whole(digest)


async def test_four_words_are_a_check_in_with_its_kpi(team: Team) -> None:
    ben = team.owners["Ben"]
    await adds_kpi(team, SUBSCRIBERS)
    await team.adds("Newsletter", ben, {IS_IT: "Newsletter subscribers"})
    await team.until(MONDAY)
    said = await ben.says("on track, 4,310 subscribers")
    await team.slack.settled()
    [echo] = said.thread
    assert "Newsletter on track · subscribers 4,310 (KPI updated)" in echo.drawn
    assert "Newsletter subscribers 4,310 (23 Nov)" in await reads(team, ben, "/kpi", "list")


async def test_joining_shows_two_values_of_a_day_to_choose_and_the_form_undoes_it(team: Team) -> None:
    ben, tom = team.owners["Ben"], team.owners["Tom"]
    await adds_kpi(team, {**SUBSCRIBERS, "Owner": "@Tom"})
    await team.adds("Newsletter", ben)
    await team.until(MONDAY)
    await ben.says("on track, 4,310 subscribers")
    await tom.command("/kpi", "update Newsletter subscribers 4,290", channel=team.channel)
    await team.until(NEXT_MONDAY)
    await ben.says("on track, 4,350 subscribers")
    await team.slack.settled()

    await team.maya.command("/initiative", "edit Newsletter", channel=team.channel)
    await team.maya.fill({IS_IT: "Newsletter subscribers"})
    form = await team.maya.submit()
    assert form is not None
    assert "Which is right?" in form.drawn
    await team.maya.fill({"23 Nov 2026": "4,310, as the initiative has it"})
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.slack.settled()
    assert "Newsletter subscribers 4,350 (30 Nov)" in await reads(team, tom, "/kpi", "list")
    await tom.command("/kpi", "update Newsletter subscribers 4,400", channel=team.channel)
    assert "now 4,400" in await reads(team, ben, "/initiative", "show Newsletter")

    await team.maya.command("/initiative", "edit Newsletter", channel=team.channel)
    await team.maya.fill({IS_IT: "No, a number of its own"})
    form = await team.maya.submit()
    assert form is None, form.errors
    await tom.command("/kpi", "update Newsletter subscribers 4,500", channel=team.channel)
    assert "now 4,400" in await reads(team, ben, "/initiative", "show Newsletter")
    assert "Newsletter subscribers 4,500 (30 Nov)" in await reads(team, tom, "/kpi", "list")
    await team.until(NEXT_WEDNESDAY)
    assert "4,500 (30 Nov) ▲ 210" in whole(team.digests()[-1]), (
        "what the metric had brought along went with it"
    )
