"""Retrospectives and learnings: asked on closing and at the end of a phase, shown at the next kickoff."""

from domain.retrospectives import LearningKind
from sandbox import Message, Person
from storage import retrospectives
from tests.support.office import INITIATIVE_FIELDS, Office

NAME = "Newsletter relaunch"
WORDS = {
    "What was expected?": "2,000 new subscribers",
    "What happened?": "1,800, and most came from schools",
    "What to keep?": "- Short subjects\n- Write to schools first",
    "What to change?": "Ask legal before the design",
}


async def closes(office: Office, how: str = "Completed: it did what it was for") -> None:
    await office.asks(office.maya, "/initiative", "close newsletter")
    await office.maya.fill({"How does it end?": how})
    assert await office.maya.submit() is None
    await office.slack.settled()


async def looks_back(office: Office, person: Person) -> None:
    await person.click("Look back…")
    await person.fill(WORDS)
    assert await person.submit() is None
    await office.slack.settled()


def questions(person: Person) -> list[Message]:
    return [message for message in person.dm.messages if "Look back…" in message.buttons]


async def test_on_closing_owner_and_sponsor_are_asked_to_look_back(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    await closes(office)

    assert [len(questions(person)) for person in (office.ben, office.maya, office.tom)] == [1, 1, 0]
    asked = questions(office.ben)[0].drawn
    assert asked.startswith("Newsletter relaunch: closed as completed.")
    await office.ben.click("Look back…")
    assert office.ben.form is not None
    assert office.ben.form.labels == list(WORDS)


async def test_what_to_keep_and_to_change_become_learnings_for_the_goal(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    await closes(office)
    await looks_back(office, office.ben)

    initiative = office.initiatives()[NAME]
    found = office.reads(
        retrospectives.list_learnings,
        initiative.workspace_id,
        initiative.strategy_id,
        goal_ids=[initiative.goal_id],
    )
    assert [(one.kind, one.text, one.person_id) for one in found] == [
        (LearningKind.KEEP, "Short subjects", office.ben.id),
        (LearningKind.KEEP, "Write to schools first", office.ben.id),
        (LearningKind.CHANGE, "Ask legal before the design", office.ben.id),
    ]
    assert questions(office.ben) == []
    assert "Keep: Short subjects" in office.ben.dm.messages[-1].drawn


async def test_learnings_return_at_the_next_kickoff_and_are_settled_one_by_one(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    await closes(office)
    await looks_back(office, office.ben)
    await office.maya.command("/initiative", "add", channel=office.marketing)
    await office.maya.fill({**INITIATIVE_FIELDS, "Name": "Second newsletter", "Owner": "@Tom Lindqvist"})
    assert await office.maya.submit() is None
    await office.slack.settled()

    (asked,) = office.tom.dm.messages
    assert "Keep: Short subjects" in asked.drawn
    await office.tom.click("Use this", near="Write to schools first")
    await office.slack.settled()
    await office.tom.click("Not for us", near="Short subjects")
    await office.slack.settled()

    drawn = office.tom.dm.messages[0].drawn
    assert "Keep: Write to schools first — you use this" in drawn
    assert "Keep: Short subjects — not for us" in drawn
    assert office.tom.dm.messages[0].buttons.count("Use this") == 1
    shown = await office.asks(office.ben, "/initiative", "show second")
    assert "• Used from earlier work: Keep: Write to schools first" in shown
    assert "Short subjects" not in shown


async def test_the_end_of_a_phase_asks_once(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    await office.asks(office.maya, "/initiative", "milestone newsletter")
    phase = {"Phase": ["It ends a phase: look back once it is done"]}
    await office.maya.fill({"Name": "First issue", "Date": "2026-12-01", **phase})
    assert await office.maya.submit() is None
    await office.slack.settled()
    await office.ben.click("Done")
    await office.slack.settled()

    assert questions(office.ben)[0].drawn.startswith(
        "Newsletter relaunch, up to First issue: a phase is over."
    )
    await office.ben.click("Done")
    await office.slack.settled()
    assert len(questions(office.ben)) == 1
    assert "was done already" in await office.heard(office.ben)


async def test_somebody_deactivated_is_not_asked(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    await office.slack.deactivate(office.ben)
    await office.slack.settled()
    await closes(office)

    assert questions(office.ben) == []
    assert len(questions(office.maya)) == 1


async def test_nothing_at_all_is_sent_back(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME, "@Maya Okafor")
    await closes(office)
    assert len(questions(office.maya)) == 1
    await office.maya.click("Look back…")

    assert await office.errors(office.maya, {}) == {
        "What happened?": "Say at least one thing, in a few words."
    }


async def test_an_initiative_that_changed_hands_is_looked_back_on_too(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    await office.asks(office.maya, "/initiative", "edit newsletter")
    await office.maya.fill({"Owner": "@Tom Lindqvist"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    await office.tom.click("Accept")
    await office.slack.settled()
    await closes(office, "Stopped: we end it here")

    assert [len(questions(person)) for person in (office.tom, office.maya, office.ben)] == [1, 1, 0]


async def test_a_lead_who_owns_an_initiative_sees_its_learnings(harbor_lights: Office) -> None:
    """Maya adds it for herself, and so says yes without being asked."""
    office = harbor_lights
    await office.add(NAME)
    await closes(office)
    await looks_back(office, office.ben)
    await office.add("Second newsletter", "@Maya Okafor")

    [told] = [m for m in office.maya.dm.messages if "You own Second newsletter" in m.drawn]
    assert "Ask legal before the design" in told.drawn
    await office.maya.click("Use this", message=told, near="Short subjects")
    await office.slack.settled()
    assert "Keep: Short subjects — you use this" in told.drawn
