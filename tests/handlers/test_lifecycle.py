"""Pausing, resuming and closing initiatives, and making room for a sixth."""

from datetime import UTC, datetime

from domain.initiatives import Status
from storage import changes
from tests.support.office import INITIATIVE_FIELDS, Office


async def test_pausing_and_resuming_tell_the_owner(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    paused = await office.asks(office.maya, "/initiative", "pause newsletter")
    assert paused == (
        "Newsletter relaunch is paused: nobody is asked about it. "
        "/initiative resume Newsletter relaunch brings it back."
    )
    assert office.initiatives()["Newsletter relaunch"].status is Status.PAUSED

    resumed = await office.asks(office.maya, "/initiative", "resume newsletter")
    await office.slack.settled()
    assert resumed.startswith("Newsletter relaunch is active again")
    told = [message.drawn for message in office.ben.dm.messages]
    assert told[1].startswith("Maya Okafor paused Newsletter relaunch.")
    assert told[2].startswith("Maya Okafor resumed Newsletter relaunch. You are next asked about it")


async def test_a_paused_initiative_is_not_asked_about(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.maya, "/initiative", "pause newsletter")
    await office.slack.settled()
    before = len(office.ben.dm.messages)

    await office.slack.clock.advance(to=datetime(2026, 11, 24, 20, tzinfo=UTC))
    assert len(office.ben.dm.messages) == before


async def test_what_the_lifecycle_does_not_allow_is_said(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch", "@Maya Okafor")

    assert await office.asks(office.maya, "/initiative", "resume newsletter") == (
        "Newsletter relaunch is active. Only a paused initiative can be resumed."
    )
    await office.asks(office.maya, "/initiative", "pause newsletter")
    assert await office.asks(office.maya, "/initiative", "pause newsletter") == (
        "Newsletter relaunch is paused. Only an active initiative can be paused."
    )


async def test_closing_asks_how_it_ended_and_keeps_why(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.maya, "/initiative", "close newsletter")
    missing = await office.errors(office.maya, {})
    await office.maya.fill(
        {"How does it end?": "Stopped: we end it here", "Why, in a sentence": "The printer closed <b>."}
    )
    assert await office.maya.submit() is None

    assert list(missing) == ["How does it end?"]
    assert (await office.heard(office.maya)) == (
        "Newsletter relaunch is closed as stopped. The next digest says so."
    )
    await office.slack.settled()
    assert "Why: The printer closed <b>." in office.ben.dm.messages[-2].drawn
    assert "Look back…" in office.ben.dm.messages[-1].buttons
    assert office.initiatives()["Newsletter relaunch"].status is Status.STOPPED
    strategy = office.strategy
    recorded = office.reads(
        changes.list_changes, strategy.workspace_id, strategy.id, datetime(2026, 11, 1, tzinfo=UTC)
    )
    assert [(c.kind, c.after) for c in recorded][-1] == ("stopped", "The printer closed <b>.")
    assert await office.asks(office.tom, "/initiative", "show newsletter relaunch") != ""
    assert "no initiatives yet" in await office.asks(office.tom, "/initiative", "list")


async def test_a_closed_name_can_be_used_again(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch", "@Maya Okafor")
    await office.asks(office.maya, "/initiative", "close newsletter")
    await office.maya.fill({"How does it end?": "Completed: it did what it was for"})
    assert await office.maya.submit() is None
    await office.add("Newsletter relaunch", "@Maya Okafor")

    assert (await office.asks(office.tom, "/initiative", "show newsletter relaunch")).startswith(
        "Newsletter relaunch · active"
    )


async def test_a_sixth_initiative_offers_to_pause_one_and_keeps_what_was_typed(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add_five()
    await office.asks(office.maya, "/initiative", "add Sixth one @Ben Carter by 31 March")
    assert office.maya.form is not None
    assert office.maya.form.title == "Make room first"

    await office.maya.click("Pause", near="Three")
    assert office.maya.form.title == "New initiative"
    assert office.maya.form.values["Name"] == "Sixth one"
    await office.maya.fill({**INITIATIVE_FIELDS, "Name": "Sixth one"})
    assert await office.maya.submit() is None
    statuses = {name: one.status for name, one in office.initiatives().items()}
    assert (statuses["Three"], statuses["Sixth one"]) == (Status.PAUSED, Status.PROPOSED)


async def test_a_sixth_initiative_offers_to_close_one(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add_five()
    await office.asks(office.maya, "/initiative", "add Sixth one")
    await office.maya.click("Close…", near="Two")
    await office.maya.fill({"How does it end?": "Completed: it did what it was for"})
    form = await office.maya.submit()

    assert form is not None
    assert (form.title, form.values["Name"]) == ("New initiative", "Sixth one")
    assert office.initiatives()["Two"].status is Status.COMPLETED


async def test_when_somebody_was_faster_the_sixth_form_is_kept(harbor_lights: Office) -> None:
    office = harbor_lights
    for name in ("One", "Two", "Three", "Four"):
        await office.add(name, "@Maya Okafor")
    await office.asks(office.maya, "/initiative", "add")
    typed = {
        **INITIATIVE_FIELDS,
        "Name": "Mine “quoted” 🌊",
        "Metric 1: unit": "£",
        "Metric 1: target": "6.000,5",
    }
    await office.maya.fill(typed)
    await office.add("Faster", "@Ruth Adler", by=office.ruth)
    form = await office.maya.submit()
    assert form is not None
    assert form.title == "Make room first"

    await office.maya.click("Pause", near="One")
    assert office.maya.form is not None
    values = office.maya.form.values
    assert (values["Name"], values["Owner"], values["Metric 1: unit"], values["Metric 1: target"]) == (
        "Mine “quoted” 🌊",
        "@Ben Carter",
        "£",
        "6,000.5",
    )
    assert await office.maya.submit() is None
    assert office.initiatives()["Mine “quoted” 🌊"].status is Status.PROPOSED


async def test_resuming_a_sixth_makes_room_first_and_then_resumes(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Waiting", "@Maya Okafor")
    await office.asks(office.maya, "/initiative", "pause Waiting")
    await office.add_five()
    await office.asks(office.maya, "/initiative", "resume Waiting")
    await office.maya.click("Pause", near="Four")

    assert office.maya.form is not None
    assert office.maya.form.title == "Done"
    statuses = {name: one.status for name, one in office.initiatives().items()}
    assert (statuses["Waiting"], statuses["Four"]) == (Status.ACTIVE, Status.PAUSED)
