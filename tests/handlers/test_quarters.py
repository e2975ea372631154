"""The next quarter: the one before is closed and read, what was chosen goes on from where it stands."""

from datetime import UTC, datetime, timedelta

from services.exports import make_file
from storage import strategies
from tests.handlers.test_drafts import imports, starts
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import GIVERS, INITIATIVE_FIELDS, SUBSCRIBERS, Office

NEAR_THE_END = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)
"""Working hours in London and in Los Angeles."""
NEXT_GOAL = "Newsletter subscribers from 6,000 to 9,000 by 30 June"


async def lived(office: Office) -> None:
    """A quarter: an initiative and a KPI with a reading each, a learning, and the end in sight."""
    await office.add("Older letter")
    await office.maya.command("/initiative", "close Older letter", channel=office.marketing)
    await office.maya.fill({"How does it end?": "Completed: it did what it was for"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    await office.ben.click("Look back…")
    await office.ben.fill({"What to keep?": "Stories from parents"})
    assert await office.ben.submit() is None
    await adds_newsletter(office)
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill({**KPI_FIELDS, "Target date": "2026-12-10"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    await office.slack.clock.advance(to=NEAR_THE_END)
    await office.ben.says("on track, 5,580 subscribers")
    await office.asks(office.maya, "/kpi", "update Monthly givers 330")


async def adds_newsletter(office: Office, due: str = "2026-12-10") -> None:
    await office.maya.command("/initiative", "add", channel=office.marketing)
    await office.maya.fill({**INITIATIVE_FIELDS, "Due": due})
    assert await office.maya.submit() is None
    await office.slack.settled()
    await office.ben.click("Accept")
    await office.slack.settled()


async def begins_next(office: Office, **fields: object) -> None:
    status = await office.maya.command("/rhythm", "status", channel=office.marketing)
    await office.maya.click("Next quarter…", message=status.notices[-1])
    await office.maya.fill({"Goal 1": NEXT_GOAL, "Goal 2": "", "By when?": "2027-06-30", **fields})
    form = await office.maya.submit()
    await office.slack.settled()
    assert form is not None
    assert form.errors == {}


async def test_what_was_chosen_goes_on_from_where_it_stands_and_the_rest_stays_to_be_read(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await lived(office)
    before = office.strategy
    await begins_next(office)

    form = office.maya.form
    assert form is not None
    assert "Newsletter relaunch · initiative" in form.drawn
    assert "by 30 Jun 2027 · subscribers 5,580 → 6,000" in form.drawn
    assert f"Goal 1: {NEXT_GOAL}" in form.drawn
    assert "for goal 1" in form.drawn
    assert "Monthly givers · KPI" in form.drawn
    assert "increase to 420 from 330 · by 30 Jun 2027" in form.drawn
    after = office.strategy
    assert after.id != before.id
    assert [goal.text for goal in after.goals] == [NEXT_GOAL]
    closed = office.reads(strategies.get_strategy, before.workspace_id, before.id)
    assert closed.closed_at is not None
    told_maya = [message.drawn for message in office.maya.dm.messages]
    assert told_maya.count("Harbor Lights in #marketing is closed.") == 1, "the first quarter's checklist"
    assert sum("First digest" in said for said in told_maya) == 1

    announced = office.marketing.messages[-1].drawn
    assert announced.startswith("Harbor Lights begins its next quarter.")
    assert announced.endswith("/rhythm status former shows the quarter before.")

    told = len(office.ben.dm.messages)
    await starts(office, office.maya)
    heard = "\n".join(message.drawn for message in office.ben.dm.messages[told:])
    assert "Will you own Newsletter relaunch?" in heard
    assert "Stories from parents" in heard
    listed = await office.asks(office.tom, "/initiative", "list")
    assert "due 30 Jun" in listed

    former = await office.tom.command("/rhythm", "status former", channel=office.marketing)
    reading = former.notices[-1]
    await office.tom.click("Initiatives", message=reading)
    assert "Newsletter relaunch" in (await office.heard(office.tom))
    assert "due 10 Dec" in (await office.heard(office.tom))
    await office.tom.click("KPIs", message=reading)
    assert "330" in (await office.heard(office.tom))
    await office.tom.click("Decisions", message=reading)
    await office.tom.click("Export", message=reading)
    assert "Only a lead of Harbor Lights can do this" in (await office.heard(office.tom))


async def test_only_what_is_ticked_goes_on(harbor_lights: Office) -> None:
    office = harbor_lights
    await lived(office)
    await begins_next(office, **{"KPIs that go on": []})
    form = office.maya.form
    assert form is not None
    assert "Newsletter relaunch · initiative" in form.drawn
    assert "Monthly givers · KPI" not in form.drawn


async def test_nothing_of_a_closed_strategy_is_asked_or_changed(harbor_lights: Office) -> None:
    office = harbor_lights
    await lived(office)
    await office.slack.clock.advance(to=NEAR_THE_END + timedelta(days=7, hours=6))
    prompt = next(m for m in reversed(office.ben.dm.messages) if "On track" in "".join(m.buttons))
    await begins_next(office)
    told = len(office.ben.dm.messages)
    await office.ben.click("At risk", message=prompt)
    assert "is closed and stays as it was" in await office.heard(office.ben)
    await office.slack.clock.advance(to=NEAR_THE_END + timedelta(days=30))
    asked = [m for m in office.ben.dm.messages[told:] if "On track" in "".join(m.buttons)]
    assert asked == []
    assert "Harbor Lights" in await office.asks(office.ben, "/rhythm", "status")


async def test_an_open_ask_goes_on_in_the_next_quarter(harbor_lights: Office) -> None:
    office = harbor_lights
    await lived(office)
    message = await office.ben.says("Who signs?", to=office.marketing)
    await office.ben.shortcut("Request a decision", message=message)
    ask = {
        "Who decides?": "@Maya Okafor",
        "By when?": "2026-12-07",
        "What happens if nobody decides?": "Wait",
    }
    await office.ben.fill({"About": "Newsletter relaunch", "What do you ask for?": "Who signs?", **ask})
    assert await office.ben.submit() is None
    await office.slack.settled()
    await begins_next(office)
    assert "Who signs?" in await office.asks(office.tom, "/rhythm", "decisions")
    await office.maya.click(
        "Yes", message=next(m for m in office.maya.dm.messages if "Who signs?" in m.drawn)
    )
    await office.slack.settled()
    assert "Who signs?" in await office.asks(office.tom, "/rhythm", "decisions past")
    assert "yes" in office.ben.dm.messages[-1].drawn.lower()


async def test_the_next_quarter_is_offered_to_leads_once_its_end_is_near(harbor_lights: Office) -> None:
    office = harbor_lights
    await adds_newsletter(office, "2026-12-15")
    status = await office.maya.command("/rhythm", "status", channel=office.marketing)
    assert "Next quarter…" not in status.notices[-1].buttons
    await office.slack.clock.advance(to=NEAR_THE_END)
    status = await office.maya.command("/rhythm", "status", channel=office.marketing)
    assert "Next quarter…" in status.notices[-1].buttons
    status = await office.ben.command("/rhythm", "status", channel=office.marketing)
    assert "Next quarter…" not in status.notices[-1].buttons


async def test_the_plan_of_the_last_quarter_can_be_copied_when_pasting(harbor_lights: Office) -> None:
    office = harbor_lights
    await lived(office)
    await begins_next(office, **{"KPIs that go on": [], "Initiatives that go on": []})
    await imports(office, office.maya)
    await office.maya.fill({"Your plan": "Podcast @ben by 30 June, newsletter subscribers 1→2"})
    await office.maya.chooses("Copy from last quarter", "Harbor Lights")
    form = office.maya.form
    assert form is not None
    assert "Podcast · initiative" in form.drawn
    assert "Newsletter relaunch · initiative" in form.drawn
    assert "Monthly givers · KPI" in form.drawn
    assert {SUBSCRIBERS, GIVERS}.isdisjoint(goal.text for goal in office.strategy.goals)


async def test_own_words_of_the_quarter_before_are_still_exported(harbor_lights: Office) -> None:
    office = harbor_lights
    await lived(office)
    await begins_next(office)
    told = {"person_id": office.ben.id, "at": office.slack.clock.now.isoformat(), "words": ""}
    _, content = office.reads(make_file, office.slack.workspace.id, told)
    assert "Newsletter relaunch, Harbor Lights: on track" in content.decode("utf-8-sig")
