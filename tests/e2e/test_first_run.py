"""The first run as people live it, over sockets and on either database: from an empty Home to the first digest."""

from datetime import UTC, datetime

from sandbox import Message, Person
from tests.e2e.test_effort import MONDAY, WEDNESDAY, Team, opened_team
from tests.e2e.test_setting_up import FIRST, PLAN

FRIDAY_EVENING = datetime(2026, 11, 20, 18, tzinfo=UTC)


def checklist_of(person: Person) -> Message:
    [found] = [message for message in person.dm.messages if "First digest" in message.drawn]
    return found


def ticks(team: Team) -> int:
    return checklist_of(team.people["Maya"]).drawn.count(":white_check_mark:")


async def begins_on_home(team: Team) -> None:
    """Maya is greeted, looks at an example, and sets up the channel that she chooses."""
    maya = team.people["Maya"]
    await maya.opens_home()
    await team.settles()
    await maya.click("Show me a digest")
    await team.settles()
    [example] = maya.dm.messages
    assert example.drawn.startswith("An example: this team and its numbers are made up")
    assert team.channel.messages == []
    await maya.click("Set up a rhythm here…")
    for filled in ({"Channel": team.channel, **FIRST}, {"Your plan": PLAN}):
        await maya.fill(filled)
        form = await maya.submit()
        assert form is not None
        assert form.errors == {}
        await team.settles()
        assert ticks(team) == 0, "nobody is told anything before Start"
    await maya.submit()
    await team.settles()
    await maya.dismiss()


async def test_from_an_empty_home_to_the_first_digest_one_message_leads_the_lead(database_url: str) -> None:
    async with opened_team(database_url) as team:
        await begins_on_home(team)
        maya, ruth = team.people["Maya"], team.people["Ruth"]
        said = checklist_of(maya).drawn
        assert "Plan: done, 5 initiatives and 6 KPIs" in said
        assert "none of 5 active; still to say yes: Ruth Adler, Ben Carter, Aroha Ngata and 2 more" in said
        await ruth.click("Confirm all 5")
        await team.until(FRIDAY_EVENING)
        for first in ("Ben", "Aroha", "Priya", "Tom"):
            await team.people[first].click("Accept")
        await team.settles()
        assert ticks(team) == 2
        assert "First check-in: Mon 23 Nov 09:00, each owner by their own clock" in checklist_of(maya).drawn
        await team.until(MONDAY)
        await maya.click("On track")
        await team.settles()
        assert ticks(team) == 3
        await team.until(WEDNESDAY)
        assert ticks(team) == 4
        last = checklist_of(maya)
        assert "every step of its start is done" in last.drawn
        assert "Show me a digest" not in last.buttons
        assert [m.drawn for m in maya.dm.messages if "are active" in m.drawn and m is not last] == []
