"""The checklist ticks itself off in its message, on a local Slack: from set-up to the first digest."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sandbox import Message, Person
from storage import checklists
from storage.checklists import Checklist
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import GIVERS, STRATEGY_FIELDS, SUBSCRIBERS, Office
from tests.support.setting_up import fill_setup

TICK = ":white_check_mark: "
MONDAY_EVENING = datetime(2026, 11, 23, 18, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 11, 5, tzinfo=UTC)


def checklist_of(person: Person) -> Message:
    """The only message with its steps."""
    [found] = [message for message in person.dm.messages if "First digest" in message.drawn]
    return found


def ticked(person: Person) -> list[str]:
    """The steps that its message says are done."""
    lines = checklist_of(person).drawn.splitlines()
    return [line.removeprefix(TICK).partition(":")[0] for line in lines if line.startswith(TICK)]


def activations(person: Person) -> list[str]:
    """Messages that say by themselves that something is active."""
    told = [message.drawn for message in person.dm.messages if "First digest" not in message.drawn]
    return [said for said in told if "is active: " in said or "are active: " in said]


async def add_kpis(office: Office, names: tuple[str, ...] = ("One", "Two", "Three", "Four")) -> None:
    for name in names:
        await office.maya.command("/kpi", "add", channel=office.marketing)
        goal = {"Goal it serves": SUBSCRIBERS if name == "One" else GIVERS}
        await office.maya.fill({**KPI_FIELDS, **goal, "Name": f"Number {name}"})
        assert await office.maya.submit() is None
    await office.slack.settled()


async def until_digest(office: Office) -> None:
    """Ben answers on Monday, and Wednesday comes."""
    await office.slack.clock.advance(to=MONDAY_EVENING)
    await office.ben.click("On track")
    await office.slack.clock.advance(to=WEDNESDAY)


async def stays(office: Office) -> Checklist | None:
    await office.slack.settled()
    strategy = office.strategy
    return office.reads(checklists.find_checklist, strategy.workspace_id, strategy.id, office.maya.id)


async def test_one_message_ticks_itself_off_from_the_plan_to_the_first_digest(harbor_lights: Office) -> None:
    office = harbor_lights
    assert ticked(office.maya) == []
    assert "No active initiative yet" in checklist_of(office.maya).drawn
    for number, name in enumerate(("One", "Two", "Three"), start=1):
        await office.add(name)
        assert (f"{number} active initiatives" in checklist_of(office.maya).drawn) is (number == 2)
    assert ticked(office.maya) == ["Kickoff"]
    await add_kpis(office)
    assert ticked(office.maya) == ["Plan", "Kickoff"]
    assert "Still missing" not in checklist_of(office.maya).drawn
    assert "Mon 23 Nov 09:00" in checklist_of(office.maya).drawn
    assert "Wed 25 Nov 11:00, London time" in checklist_of(office.maya).drawn

    await office.slack.clock.advance(to=MONDAY_EVENING)
    assert "owners are asked, and nobody has answered yet" in checklist_of(office.maya).drawn
    await office.ben.click("On track", near="One")
    await office.slack.settled()
    assert ticked(office.maya) == ["Plan", "Kickoff", "First check-in"]
    await office.slack.clock.advance(to=WEDNESDAY)
    assert ticked(office.maya) == ["Plan", "Kickoff", "First check-in", "First digest"]
    assert "every step of its start is done" in checklist_of(office.maya).drawn
    assert checklist_of(office.maya).buttons == []
    assert await stays(office) is None


async def test_that_all_are_active_is_told_by_the_checklist_until_the_first_digest_and_by_message_then(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add("One")
    assert activations(office.maya) == []
    await until_digest(office)
    assert await stays(office) is not None, "something is still missing"
    await office.slack.clock.advance(to=WEDNESDAY.replace(hour=17))
    await office.add("Two")
    assert len(activations(office.maya)) == 1
    assert "Only 2 active initiatives" in checklist_of(office.maya).drawn


async def test_a_rhythm_from_before_there_were_checklists_is_told_by_message(harbor_lights: Office) -> None:
    office = harbor_lights
    office.forget_checklist()
    said = checklist_of(office.maya).drawn
    await office.add("One")

    assert len(activations(office.maya)) == 1
    assert checklist_of(office.maya).drawn == said


async def test_where_its_message_could_not_be_sent_the_lead_is_told_by_message(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "invalid_blocks", channel=office.maya.id)
    await office.set_up()
    assert office.maya.dm.messages == []
    await office.add("One")

    assert len(activations(office.maya)) == 1
    assert await stays(office) is not None


async def test_where_the_answer_to_its_message_was_lost_it_is_found_and_ticked_all_the_same(
    office: Office,
) -> None:
    office.slack.faults.add("chat.postMessage", "drop_reply", channel=office.maya.id)
    await office.set_up()
    await office.add("One")
    await office.slack.clock.advance(by=timedelta(minutes=5))

    assert ticked(office.maya) == ["Kickoff"]
    assert activations(office.maya) == []


async def test_another_lead_who_asks_hears_by_message_and_the_checklist_ticks(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("One", by=office.ruth)
    assert len(activations(office.ruth)) == 1
    assert activations(office.maya) == []
    assert ticked(office.maya) == ["Kickoff"]


async def test_the_checklist_of_somebody_who_leads_no_more_says_who_does_and_ends(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    message = checklist_of(office.maya)
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    await office.maya.fill({"Leads": ["@Ben Carter"]})
    await office.maya.submit()
    await office.maya.fill({"Leading": ["Keep it so: others lead, I do not"]})
    assert await office.maya.submit() is None
    assert await stays(office) is None
    assert message.drawn == "Harbor Lights in #marketing is led by @Ben Carter now, so this list ends here."
    assert message.buttons == []


async def test_the_checklist_of_somebody_who_left_ends_and_another_lead_is_told_by_message(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    await office.maya.fill({"Leads": ["@Maya Okafor", "@Ruth Adler"]})
    assert await office.maya.submit() is None
    said = checklist_of(office.maya).drawn
    await office.slack.deactivate(office.maya)
    await office.add("One", by=office.ruth)

    assert len(activations(office.ruth)) == 1
    assert await stays(office) is None
    assert checklist_of(office.maya).drawn == said


async def test_leads_whom_somebody_else_set_up_have_one_each_in_their_working_time(office: Office) -> None:
    """It is Friday, 16:30 in London: 08:30 in Los Angeles, 17:30 in Stockholm."""
    aroha = office.slack.person("Aroha Ngata", tz="Pacific/Auckland")
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    leads = {"Leads": ["@Ben Carter", "@Aroha Ngata"], "Country": "Nowhere: public holidays do not count"}
    await fill_setup(office.maya, {**STRATEGY_FIELDS, **leads})
    await office.maya.submit()
    await office.maya.fill({"Leading": ["Keep it so: others lead, I do not"]})
    assert await office.maya.submit() is None
    await office.slack.settled()

    [told] = office.maya.dm.messages
    assert told.drawn == (
        "Harbor Lights is set up in #marketing. @Ben Carter and @Aroha Ngata will see what comes next."
    )
    assert ticked(office.ben) == []
    assert aroha.dm.messages == []
    await office.slack.clock.advance(to=datetime(2026, 11, 22, 20, 30, tzinfo=UTC))
    assert ticked(aroha) == []


async def test_whoever_edits_reads_what_is_missing_on_their_checklist_and_nowhere_else(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    for person in (office.maya, office.ruth):
        await person.command("/rhythm", "setup", channel=office.marketing)
        edits = {"Name": f"{person.name}'s lights", "Goal 2": ""}
        await person.fill({**edits, "What made you change this?": "One is enough."})
        assert await person.submit() is None
        await office.slack.settled()
    assert [("Still missing" in m.drawn) for m in office.maya.dm.messages] == [True, False]
    assert "Still missing" in office.ruth.dm.messages[-1].drawn
    assert checklist_of(office.maya).drawn.startswith("Ruth Adler's lights is set up")
    assert "Monthly givers" not in checklist_of(office.maya).drawn


async def test_one_that_cannot_be_drawn_is_left_and_keeps_no_other_from_being_drawn(
    harbor_lights: Office,
) -> None:
    office, found = harbor_lights, await stays(harbor_lights)
    assert found is not None
    lost = replace(found, strategy_id=1)
    office.bot.database.run(checklists.add_checklist, lost)
    office.bot.database.run(checklists.mark_stale, lost.workspace_id, lost.strategy_id)
    await office.add("One")

    assert ticked(office.maya) == ["Kickoff"]
    assert office.reads(checklists.list_stale, lost.workspace_id) == []
