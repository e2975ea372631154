"""Who answers for a running initiative: its owner, until a new one has accepted it; and what is said when nobody does."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox import Message, Person
from tests.support.office import Office, told

NAME = "Newsletter relaunch"
PROMPT = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""Monday 09:00 in Los Angeles, where Ben is; Tom is in Stockholm."""
WHILE_ALL_WORK = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@pytest.fixture
async def running(harbor_lights: Office) -> Office:
    """Ben owns Newsletter relaunch and has been asked about it."""
    await harbor_lights.add(NAME)
    await harbor_lights.slack.clock.advance(to=WHILE_ALL_WORK)
    return harbor_lights


async def gives(office: Office, to: Person) -> None:
    await office.maya.command("/initiative", "edit newsletter", channel=office.marketing)
    await office.maya.fill({"Owner": f"@{to.name}"})
    form = await office.maya.submit()
    assert form is None, form.errors
    await office.slack.settled()


async def presses(office: Office, person: Person, button: str) -> None:
    await person.click(button)
    await office.slack.settled()


async def declines(office: Office, person: Person, why: str) -> None:
    await person.click("Decline…")
    assert person.form is not None
    (label,) = person.form.labels
    await person.fill({label: why})
    assert await person.submit() is None
    await office.slack.settled()


def owner(office: Office) -> str:
    return office.initiatives()[NAME].owner_id


def prompts(person: Person) -> list[Message]:
    return [m for m in person.dm.messages if m.drawn.startswith(("Your week, ", "Harbor Lights: still open"))]


async def test_a_new_owner_of_a_running_initiative_who_declines_gives_it_back_and_the_lead_is_asked_for_another(
    running: Office,
) -> None:
    office = running
    await gives(office, office.tom)
    asked = office.tom.dm.messages[-1]
    assert asked.drawn.startswith(f"Will you take over {NAME} from Ben Carter? Maya Okafor chose you.")
    assert "Until you accept it, Ben Carter answers for it." in asked.drawn
    assert "Until they accept it stays yours" in office.ben.dm.messages[-1].drawn
    assert owner(office) == office.ben.id

    await declines(office, office.tom, "Not my field")
    assert owner(office) == office.ben.id
    told = office.maya.dm.messages[-1]
    assert f"Tom Lindqvist declined to take over {NAME}: “Not my field”" in told.drawn
    assert "It stays as it was: Ben Carter answers for it." in told.drawn
    assert f"Tom Lindqvist declined to take over {NAME}" in office.ben.dm.messages[-1].drawn
    await office.maya.click("Choose somebody else…", message=told)
    assert office.maya.form is not None
    assert office.maya.form.values["Owner"] == f"@{office.ben.name}"
    await office.maya.fill({"Owner": f"@{office.ruth.name}"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    assert "this is not asked of you any more" in asked.drawn
    assert office.ruth.dm.messages[-1].drawn.startswith(f"Will you take over {NAME}")


async def test_until_the_new_owner_accepts_the_former_one_stays_responsible_for_what_was_asked_of_them(
    running: Office,
) -> None:
    office = running
    await gives(office, office.tom)
    await office.slack.clock.advance(to=PROMPT + timedelta(days=1))
    assert len(prompts(office.ben)) == 2, "the question and its reminder"
    await presses(office, office.ben, "At risk")
    assert "at risk" in prompts(office.ben)[0].drawn
    await office.slack.clock.advance(to=PROMPT + WEEK)
    assert NAME in prompts(office.ben)[-1].drawn
    assert prompts(office.tom) == []

    await presses(office, office.tom, "Accept")
    assert owner(office) == office.tom.id
    assert "You own" in office.tom.dm.messages[-1].drawn
    assert office.ben.dm.messages[-1].drawn.startswith(f"Tom Lindqvist now owns {NAME}.")
    assert office.maya.dm.messages[-1].drawn == f"Tom Lindqvist accepted {NAME} and owns it now."
    history = await office.asks(office.maya, "/rhythm", "digest preview")
    assert f"{NAME} changed hands" in history
    await office.slack.clock.advance(to=PROMPT + 2 * WEEK)
    assert NAME in prompts(office.tom)[-1].drawn
    assert NAME not in prompts(office.ben)[-1].drawn or "no answer" in prompts(office.ben)[-1].drawn


async def test_nobody_is_asked_or_reminded_of_a_week_that_the_former_owner_has_answered(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add(NAME, "@Tom Lindqvist")
    await office.add("Open day", "@Ben Carter")
    await office.slack.clock.advance(to=datetime(2026, 11, 23, 10, tzinfo=UTC))
    await presses(office, office.tom, "On track")
    await office.slack.clock.advance(to=WHILE_ALL_WORK)
    await gives(office, office.ben)
    await presses(office, office.ben, "Accept")

    await office.slack.clock.advance(to=datetime(2026, 11, 25, 20, tzinfo=UTC))
    asked = prompts(office.ben)
    assert len(asked) == 2, "about the other one"
    assert all(NAME not in message.drawn for message in asked)
    await office.slack.clock.advance(to=PROMPT + WEEK)
    assert NAME in prompts(office.ben)[-1].drawn


async def test_a_week_answered_early_is_not_asked_of_the_new_owner(running: Office) -> None:
    office = running
    await presses(office, office.ben, "On track")
    await office.ben.command("/checkin")
    await office.ben.click("Answer next week early")
    await office.ben.fill({"How is it going?": "Off track"})
    assert await office.ben.submit() is None
    await gives(office, office.tom)
    await presses(office, office.tom, "Accept")
    await office.slack.clock.advance(to=PROMPT + WEEK)
    assert prompts(office.tom) == []
    await office.slack.clock.advance(to=PROMPT + 2 * WEEK)
    assert NAME in prompts(office.tom)[-1].drawn


async def test_a_lead_may_take_a_hand_over_back_or_take_over_themselves(running: Office) -> None:
    office = running
    await gives(office, office.tom)
    await office.maya.command("/initiative", "edit newsletter", channel=office.marketing)
    assert office.maya.form is not None
    assert office.maya.form.values["Owner"] == "@Tom Lindqvist"
    assert await office.maya.submit() is None
    await office.slack.settled()
    assert len(office.tom.dm.messages) == 1, "an edit of something else asks nobody again"

    await gives(office, office.ben)
    assert "this is not asked of you any more" in office.tom.dm.messages[-1].drawn
    assert owner(office) == office.ben.id
    await gives(office, office.maya)
    assert owner(office) == office.maya.id


async def test_pausing_and_resuming_does_not_wait_for_a_new_owner(running: Office) -> None:
    office = running
    await gives(office, office.tom)
    await office.asks(office.maya, "/initiative", "pause newsletter")
    said = await office.asks(office.maya, "/initiative", "resume newsletter")
    assert "is active again" in said


async def test_an_initiative_whose_owner_left_needs_an_owner_everywhere_until_there_is_one(
    running: Office,
) -> None:
    office = running
    await office.slack.deactivate(office.ben)
    await office.slack.settled()

    async def shown() -> dict[str, str]:
        await office.slack.clock.advance(to=office.slack.clock.now + timedelta(minutes=2))
        await office.maya.opens_home()
        await office.slack.settled()
        return {
            "list": await office.asks(office.maya, "/initiative", "list"),
            "status": await office.asks(office.maya, "/rhythm", "status"),
            "digest": await office.asks(office.maya, "/rhythm", "digest preview"),
            "Home": str(office.maya.home and office.maya.home.blocks),
        }

    assert [place for place, told in (await shown()).items() if "needs an owner" not in told] == []
    await gives(office, office.tom)
    assert "Will you take over Newsletter relaunch from Ben Carter, who left Slack?" in (
        office.tom.dm.messages[-1].drawn
    )
    assert "nobody answers for it" in office.tom.dm.messages[-1].drawn
    assert [place for place, told in (await shown()).items() if "needs an owner" not in told] == []
    await presses(office, office.tom, "Accept")
    assert [place for place, told in (await shown()).items() if "needs an owner" in told] == []


async def test_the_lead_is_told_of_a_paused_initiative_whose_owner_left(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.maya, "/initiative", "pause newsletter")
    await office.slack.deactivate(office.ben)
    await office.slack.settled()
    assert told(office.maya, "and owns Newsletter relaunch in Harbor Lights")
