"""A number far from the last one is asked about before it is recorded, wherever it is given."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import INITIATIVE_FIELDS, Office

PROMPT = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""Monday 09:00 in Los Angeles, where Ben is."""


@pytest.fixture
async def prompted(harbor_lights: Office) -> Office:
    """Ben has been asked about Newsletter relaunch."""
    await harbor_lights.add("Newsletter relaunch")
    await harbor_lights.slack.clock.advance(to=PROMPT)
    return harbor_lights


async def test_a_check_in_form_asks_about_a_value_far_from_the_last(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch", "@Ben Carter")
    await office.asks(office.ben, "/checkin", "")
    assert office.ben.form is not None
    await office.ben.fill({"How is it going?": "On track", "subscribers": "46,500"})
    await office.ben.submit()
    assert "subscribers 46,500, was 4,200: is that right?" in str(office.ben.form.blocks)
    assert "46,500" not in office.ben.dm.messages[-1].drawn

    await office.ben.fill({"subscribers": "46"})
    await office.ben.submit()
    assert "subscribers 46, was 4,200: is that right?" in str(office.ben.form.blocks)
    await office.ben.fill({"subscribers": "4.650"})
    assert await office.ben.submit() is None
    await office.asks(office.ben, "/checkin", "")
    await office.ben.click("Edit")
    assert office.ben.form.values["subscribers"] == "4,650"


async def test_words_with_a_value_far_from_the_last_are_asked_about_and_yes_records_it(
    prompted: Office,
) -> None:
    said = await prompted.ben.says("on track, 46,500 subscribers, £34")
    await prompted.slack.settled()
    reply = said.thread[-1]
    assert "subscribers 46,500, was 4,200: is that right?" in reply.drawn
    assert "Not recorded: £34. Press Edit to give a number." in reply.drawn
    assert "on track" in reply.drawn

    await prompted.ben.click("Yes", message=reply)
    await prompted.slack.settled()
    assert "subscribers 46,500" in said.thread[-1].drawn
    assert "is that right?" not in said.thread[-1].drawn


async def test_no_opens_a_field_for_the_right_value(prompted: Office) -> None:
    said = await prompted.ben.says("on track, 46,500 subscribers")
    await prompted.slack.settled()
    await prompted.ben.click("No, …", message=said.thread[-1])
    assert prompted.ben.form is not None
    await prompted.ben.fill({"subscribers": "4,650"})
    assert await prompted.ben.submit() is None
    await prompted.slack.settled()
    await prompted.asks(prompted.ben, "/checkin", "")
    await prompted.ben.click("Edit")
    assert prompted.ben.form.values["subscribers"] == "4,650"


async def test_a_question_leaves_the_reply_however_it_is_answered(prompted: Office) -> None:
    office = prompted
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill(KPI_FIELDS)
    assert await office.maya.submit() is None
    said = await office.ben.says("on track, 46,500 subscribers, monthly givers 3,160")
    await office.slack.settled()
    assert said.thread[-1].drawn.count("is that right?") == 2

    await office.ben.click("No, …", message=said.thread[-1])
    await office.ben.fill({"subscribers": "4,650"})
    assert await office.ben.submit() is None
    await office.slack.settled()
    assert said.thread[-1].drawn.count("is that right?") == 1

    await office.ben.click("No, …", message=said.thread[-1])
    assert office.ben.form is not None
    assert office.ben.form.values["Where does it stand?"] == "3,160"
    await office.ben.fill({"Where does it stand?": "316"})
    assert await office.ben.submit() is None
    await office.slack.settled()
    assert "is that right?" not in said.thread[-1].drawn
    assert "316" in await office.asks(office.ben, "/kpi", "list")

    again = await office.ben.says("46,500 subscribers")
    await office.slack.settled()
    await office.ben.click("No, …", message=again.thread[-1])
    await office.ben.fill({"subscribers": ""})
    assert await office.ben.submit() is None
    await office.slack.settled()
    assert "is that right?" not in again.thread[-1].drawn


async def test_words_that_say_only_a_kpi_ask_nothing_more(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.add("Spring open-water days")
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill(KPI_FIELDS)
    assert await office.maya.submit() is None
    await office.slack.clock.advance(to=PROMPT)
    said = await office.ben.says("Hi! Monthly givers 316. Thanks")
    await office.slack.settled()
    (reply,) = said.thread
    assert reply.drawn == "Recorded: :bar_chart: Monthly givers 316"

    far = await office.ben.says("monthly givers 3,160")
    await office.slack.settled()
    assert far.thread[-1].drawn.startswith("Monthly givers 3,160, was 316: is that right?")
    assert "Which initiative" not in far.thread[-1].drawn


async def test_a_number_that_was_seen_and_not_recorded_is_said(prompted: Office) -> None:
    for words, left in (
        ("on track, subscribers +50", "Not recorded: +50. Press Edit to give a number."),
        ("on track, subscribers 4,310. subscribers 4,320", "Not recorded: subscribers 4,310 and subscribers 4,320."),
        ("on track, 12 posters, 13 flyers, 14 visits, 15 calls, 16 mails", "Not recorded: 12, 13, 14 and 2 more."),
        ("at risk, 4,310 subscribers, it takes longer than I thought", "subscribers 4,310: is that right?"),
    ):  # fmt: skip
        said = await prompted.ben.says(words)
        await prompted.slack.settled()
        assert left in said.thread[-1].drawn, words


async def test_a_number_beside_words_that_may_be_a_part_of_it_is_one_click(prompted: Office) -> None:
    said = await prompted.ben.says("on track, 4,310 subscribers, Ines sends a third instructor")
    await prompted.slack.settled()
    assert "on track" in said.thread[-1].drawn
    assert "subscribers 4,310: is that right?" in said.thread[-1].drawn
    await prompted.ben.click("Yes", message=said.thread[-1])
    await prompted.slack.settled()
    assert "on track · subscribers 4,310" in said.thread[-1].drawn
    assert "is that right?" not in said.thread[-1].drawn


async def test_a_value_more_than_ten_usual_steps_away_is_asked_about(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill({**KPI_FIELDS, "Baseline measured on": "2026-11-02"})
    assert await office.maya.submit() is None
    for day, value in ((9, 311), (10, 313), (11, 314), (12, 316), (13, 318)):
        assert "recorded" in await office.asks(office.ben, "/kpi", f"update monthly on {day} Nov {value}")
    assert "recorded" in await office.asks(office.ben, "/kpi", "update monthly on 16 Nov 338")
    await office.ben.command("/kpi", "update monthly on 17 Nov 390", channel=office.marketing)
    assert office.ben.form is not None
    assert "Monthly givers 390, was 338: is that right?" in str(office.ben.form.blocks)
    assert office.ben.form.values["On which day?"] == "2026-11-17"
    assert await office.ben.submit() is None
    assert "390 (17 Nov)" in await office.asks(office.ben, "/kpi", "list")


async def test_from_zero_a_value_beyond_twice_the_target_is_asked_about(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.maya.command("/initiative", "add", channel=office.marketing)
    metric = {
        "Metric 1: name": "referred givers",
        "Metric 1: where it stands now": "0",
        "Metric 1: target": "60",
    }
    await office.maya.fill({**INITIATIVE_FIELDS, "Name": "Giver referral", **metric})
    assert await office.maya.submit() is None
    await office.slack.settled()
    await office.ben.click("Accept")
    await office.slack.clock.advance(to=PROMPT)
    far = await office.ben.says("on track, 121 referred givers")
    await office.slack.settled()
    assert "referred givers 121, was 0: is that right?" in far.thread[-1].drawn
    near = await office.ben.says("on track, 120 referred givers")
    await office.slack.settled()
    assert (
        "Recorded: :large_green_circle: Giver referral on track · referred givers 120"
        in near.thread[-1].drawn
    )


async def test_everything_as_last_week_settles_all_as_they_were(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.add("Spring open-water days")
    await office.slack.clock.advance(to=PROMPT)
    await office.ben.says("newsletter on track. spring at risk, waiting for venues")
    await office.slack.clock.advance(to=PROMPT + timedelta(weeks=1))
    said = await office.ben.says("everything as last week")
    await office.slack.settled()
    reply = said.thread[-1].drawn
    assert "Newsletter relaunch on track" in reply
    assert "Spring open-water days at risk · still in the way: waiting for venues" in reply
    assert "still open" not in reply
    digest = await office.asks(office.maya, "/rhythm", "digest preview")
    assert "no answer" not in digest


async def test_typed_at_risk_asks_what_is_in_the_way_as_the_click_does(prompted: Office) -> None:
    said = await prompted.ben.says("at risk")
    await prompted.slack.settled()
    assert "What is in the way?" in said.thread[-1].drawn
    await prompted.ben.click("Say what is in the way…", message=said.thread[-1])
    assert prompted.ben.form is not None
    await prompted.ben.fill({"What is in the way?": "Legal is slow"})
    assert await prompted.ben.submit() is None

    told = await prompted.ben.says("at risk, waiting for legal")
    await prompted.slack.settled()
    assert "What is in the way?" not in told.thread[-1].drawn


async def test_a_message_about_one_of_several_names_what_is_still_open_with_its_buttons(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.add("Spring open-water days")
    await office.slack.clock.advance(to=PROMPT)
    said = await office.ben.says("newsletter on track")
    await office.slack.settled()
    assert "Spring open-water days is still open. How is it going?" in said.thread[-1].drawn
    await office.ben.click("At risk", message=said.thread[-1])
    assert office.ben.form is not None

    everything = await office.ben.says("all on track")
    await office.slack.settled()
    assert "still open" not in everything.thread[-1].drawn
    assert everything.thread[-1].drawn.count("on track") == 2


async def test_a_kpi_is_read_from_words_by_its_name_and_asked_about_when_far_off(prompted: Office) -> None:
    await prompted.maya.command("/kpi", "add", channel=prompted.marketing)
    await prompted.maya.fill(KPI_FIELDS)
    assert await prompted.maya.submit() is None
    said = await prompted.ben.says("on track, monthly givers 316")
    await prompted.slack.settled()
    assert "Monthly givers 316" in said.thread[-1].drawn
    assert "316" in await prompted.asks(prompted.ben, "/kpi", "list")

    await prompted.ben.edits(said, "on track")
    await prompted.slack.settled()
    assert "316" not in await prompted.asks(prompted.ben, "/kpi", "list")

    far = await prompted.ben.says("monthly givers: 3,160")
    await prompted.slack.settled()
    assert "Monthly givers 3,160, was 310: is that right?" in far.thread[-1].drawn
    await prompted.ben.click("Yes", message=far.thread[-1])
    await prompted.slack.settled()
    assert "3,160" in await prompted.asks(prompted.ben, "/kpi", "list")
    assert "is that right?" not in far.thread[-1].drawn
    assert "Recorded:" in far.thread[-1].drawn
