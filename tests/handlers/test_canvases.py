"""The canvas of a channel through the life of its strategy: quarters, leads who differ, people who are forgotten."""

from datetime import UTC, datetime, timedelta

from sandbox import Message, Person
from storage import canvases
from tests.handlers.test_forgetting import forgets
from tests.handlers.test_quarters import NEXT_GOAL, begins_next, lived
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import Office

HOUR = timedelta(hours=1)
AFTER_DIGEST = datetime(2026, 11, 25, 13, tzinfo=UTC)


def canvas(office: Office) -> str:
    assert office.marketing.canvas is not None
    return office.marketing.canvas.markdown


async def wants_it(office: Office, lead: Person) -> None:
    status = await lead.command("/rhythm", "status", channel=office.marketing)
    await lead.click("Put it on a canvas", message=status.notices[-1])
    await office.slack.settled()


async def later(office: Office, by: timedelta) -> None:
    await office.slack.clock.advance(by=by)


def questions(person: Person) -> list[Message]:
    return [one for one in person.dm.messages if "Leave it as it is" in one.buttons]


async def test_the_next_quarter_goes_on_with_its_channels_canvas(harbor_lights: Office) -> None:
    office = harbor_lights
    await lived(office)
    await wants_it(office, office.maya)
    made = office.marketing.canvas
    before = office.strategy
    assert "Newsletter relaunch" in canvas(office)
    await later(office, HOUR)
    await begins_next(office)
    await later(office, HOUR)
    assert office.marketing.canvas is made
    assert NEXT_GOAL in canvas(office)
    assert "No initiative yet." in canvas(office), "what goes on is a draft still"
    assert office.reads(canvases.find_canvas, before.workspace_id, before.id) is None
    assert questions(office.maya) == []


async def test_of_two_leads_who_differ_the_first_counts_and_the_other_hears_so(harbor_lights: Office) -> None:
    office = harbor_lights
    await wants_it(office, office.maya)
    office.ben.writes_canvas("Ours.", office.marketing)
    await office.maya.command("/rhythm", "pause", channel=office.marketing)
    await later(office, HOUR)
    status = await office.ruth.command("/rhythm", "status", channel=office.marketing)
    [asked] = questions(office.maya)
    assert questions(office.ruth) == [], "one lead is asked, and the others find it in the status"
    await office.maya.click("Leave it as it is", message=asked)
    await office.ruth.click("Replace what is there", message=status.notices[-1])
    assert "This is settled already" in await office.heard(office.ruth)
    await later(office, HOUR)
    assert canvas(office) == "Ours."


async def test_a_lead_is_asked_in_their_working_time(harbor_lights: Office) -> None:
    office = harbor_lights
    await wants_it(office, office.maya)
    office.ben.writes_canvas("Ours.", office.marketing)
    evening = office.slack.clock.now.replace(hour=19, minute=0)
    await office.slack.clock.advance(to=evening)
    await office.maya.command("/rhythm", "pause", channel=office.marketing)
    await office.slack.settled()
    await later(office, HOUR)
    assert questions(office.maya) == []
    await later(office, timedelta(days=3))
    [asked] = questions(office.maya)
    assert datetime.fromtimestamp(float(asked.ts), UTC).hour == 9


async def test_who_was_forgotten_stands_on_the_canvas_no_more(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter")
    await wants_it(office, office.maya)
    assert "Ben" in canvas(office)
    await forgets(office, office.ben.id)
    await later(office, HOUR)
    assert "Ben" not in canvas(office)
    assert "**Newsletter**" in canvas(office)


async def test_what_is_done_after_the_digest_stands_on_it_within_the_hour(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter")
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill(KPI_FIELDS)
    assert await office.maya.submit() is None
    await wants_it(office, office.maya)
    await office.slack.clock.advance(to=AFTER_DIGEST)
    assert "- Led by Maya" in canvas(office), "she owns nothing, and is known all the same"
    assert "no answer · Ben" in canvas(office)
    await office.asks(office.maya, "/kpi", "update Monthly givers 330")
    await office.maya.command("/initiative", "pause Newsletter", channel=office.marketing)
    await later(office, HOUR)
    assert "**Monthly givers**: 330 (25 Nov)" in canvas(office)
    assert "- Paused: Newsletter" in canvas(office)
