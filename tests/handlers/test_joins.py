"""One number that is a KPI and a success metric: how it becomes so, who gives it, and how it ends."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.imports import apply_import
from services.readings import ReadingIn, authenticate, report_reading
from services.tokens import add_token, digest_of
from storage import kpis
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import GIVERS, INITIATIVE_FIELDS, SUBSCRIBERS, Office, prompt
from tests.support.offices import open_office

PROMPT = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""Monday 09:00 in Los Angeles, where Ben is."""
NEXT_PROMPT = datetime(2026, 11, 30, 17, tzinfo=UTC)
IS_IT = "Metric 1: is it a KPI?"
NAME = "Newsletter subscribers"
KPI = {
    **KPI_FIELDS,
    "Name": NAME,
    "Goal it serves": SUBSCRIBERS,
    "Baseline": "4,200",
    "Target": "8,000",
    "Owner": "@Tom Lindqvist",
}


@pytest.fixture
async def watched(harbor_lights: Office) -> Office:
    """Tom reports Newsletter subscribers."""
    await adds(harbor_lights, "/kpi", **KPI)
    return harbor_lights


@pytest.fixture
async def joined(watched: Office) -> Office:
    """They are subscribers of Ben's Newsletter relaunch, too, and Monday's prompt is there."""
    await begins(watched)
    return watched


async def begins(office: Office) -> None:
    await adds(office, "/initiative", **INITIATIVE_FIELDS, **{IS_IT: NAME})
    await office.ben.click("Accept")
    await office.slack.clock.advance(to=PROMPT)
    await office.slack.settled()


async def adds(office: Office, command: str, text: str = "add", **fields: Any) -> None:
    await office.maya.command(command, text, channel=office.marketing)
    await office.maya.fill(fields)
    form = await office.maya.submit()
    assert form is None, form.errors
    await office.slack.settled()


async def home(office: Office) -> str:
    """Maya's."""
    await office.maya.opens_home()
    await office.slack.settled()
    assert office.maya.home is not None
    return str(office.maya.home.payload["blocks"])


async def listed(office: Office) -> str:
    return await office.asks(office.tom, "/kpi", "list")


async def shown(office: Office) -> str:
    return await office.asks(office.tom, "/initiative", "show Newsletter")


async def test_of_a_kpi_the_name_and_the_unit_need_not_be_typed_again(watched: Office) -> None:
    office = watched
    fields = {name: value for name, value in INITIATIVE_FIELDS.items() if name != "Metric 1: name"}
    await adds(office, "/initiative", **fields, **{IS_IT: NAME})
    [metric] = office.initiatives()["Newsletter relaunch"].metrics
    assert metric.name == NAME
    assert "Newsletter subscribers is the KPI Newsletter subscribers" in await shown(office)


async def test_another_unit_and_another_way_are_refused_at_their_fields(watched: Office) -> None:
    office = watched
    await office.maya.command("/initiative", "add", channel=office.marketing)
    shared = {**INITIATIVE_FIELDS, IS_IT: NAME}
    assert await office.errors(office.maya, {**shared, "Metric 1: unit": "£"}) == {
        "Metric 1: unit": "The KPI Newsletter subscribers is kept in plain numbers. One number has one unit: use plain "
        "numbers here, or keep them apart."
    }
    falls = {**shared, "Metric 1: unit": "", "Metric 1: target": "4,000"}
    assert await office.errors(office.maya, falls) == {
        "Metric 1: target": "The KPI Newsletter subscribers is to rise, and with this target it is to fall. Correct it, "
        "or keep them apart."
    }
    assert office.initiatives() == {}


async def test_two_metrics_of_an_initiative_are_not_the_same_kpi(watched: Office) -> None:
    office = watched
    await office.maya.command("/initiative", "add", channel=office.marketing)
    second = {"Metric 2: where it stands now": "1", "Metric 2: target": "2", "Metric 2: name": "Readers"}
    both = {**INITIATIVE_FIELDS, **second, IS_IT: NAME, "Metric 2: is it a KPI?": NAME}
    assert await office.errors(office.maya, both) == {
        "Metric 2: is it a KPI?": "Another metric is this KPI already."
    }


async def test_a_like_name_is_offered_after_adding_and_joined_only_when_the_lead_says_so(
    watched: Office,
) -> None:
    office = watched
    await office.add("Newsletter relaunch")
    offered = "Is subscribers of Newsletter relaunch the same number as the KPI Newsletter subscribers?"
    assert offered in office.maya.notices[-1].drawn
    assert "is the KPI" not in await shown(office)
    assert "the KPI *Newsletter subscribers*?" in await home(office)
    await office.maya.click("One number…", message=office.maya.notices[-1])
    form = office.maya.form
    assert form is not None
    assert "Which is right?" not in form.drawn
    assert await office.maya.submit() is None
    assert "one number now" in await office.heard(office.maya)
    assert "subscribers is the KPI Newsletter subscribers" in await shown(office)
    assert "made one number of subscribers of Newsletter relaunch" in await office.asks(
        office.tom, "/rhythm", "status history"
    )


async def test_a_kpi_that_is_added_is_offered_to_the_metrics_that_are_there(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await adds(office, "/kpi", **{**KPI, "Name": "Givers", "Goal it serves": GIVERS})
    assert "the same number" not in await office.heard(office.maya)
    await adds(office, "/kpi", **KPI)
    assert "the same number as the KPI Newsletter subscribers?" in await office.heard(office.maya)


async def test_what_is_not_the_same_is_asked_once(watched: Office) -> None:
    office = watched
    await office.add("Newsletter relaunch")
    await office.maya.click("Not the same", message=office.maya.notices[-1])
    assert "I will not ask again" in await office.heard(office.maya)
    assert "the same number" not in await home(office)
    await adds(office, "/initiative", "edit Newsletter relaunch", Due="2027-04-30")
    assert "the same number" not in await office.heard(office.maya)


async def test_either_owner_may_give_the_number_and_both_see_it(joined: Office) -> None:
    office = joined
    said = await office.asks(office.ben, "/kpi", "update Newsletter subscribers 4,310")
    assert "4,310" in said
    await office.slack.settled()
    assert "now 4,310" in await shown(office)
    await office.tom.command("/kpi", "update Newsletter subscribers 4,320", channel=office.marketing)
    await office.ben.click("Update…", message=prompt(office))
    form = office.ben.form
    assert form is not None
    assert form.values["subscribers"] == "4,320"
    await office.ben.fill({"How is it going?": "On track"})
    assert await office.ben.submit() is None
    await office.slack.settled()
    assert "subscribers 4,320 (KPI updated)" in prompt(office).drawn


async def test_a_file_and_an_outside_system_fill_in_the_initiative_too(joined: Office) -> None:
    office, strategy = joined, joined.strategy
    [kpi] = office.reads(kpis.list_kpis, strategy.workspace_id, strategy.id)
    file = b"kpi,date,value\nNewsletter subscribers,2026-11-23,4310\n"
    office.reads(apply_import, strategy, file, None, PROMPT)
    assert "now 4,310" in await shown(office)
    office.reads(add_token, strategy, "a token", office.maya.id, PROMPT)
    body = ReadingIn(date=date(2026, 11, 23), value=4330, source="crm")
    token = office.reads(authenticate, strategy.workspace_id, digest_of("a token"), PROMPT)
    office.reads(report_reading, token, kpi.id, body, PROMPT)
    assert "now 4,330" in await shown(office)


async def test_a_number_that_came_in_another_way_is_emptied_in_the_form_of_the_check_in(
    joined: Office,
) -> None:
    office = joined
    await office.tom.command("/kpi", "update Newsletter subscribers 4,320", channel=office.marketing)
    await office.ben.click("Update…", message=prompt(office))
    await office.ben.fill({"How is it going?": "On track", "subscribers": ""})
    assert await office.ben.submit() is None
    await office.slack.settled()
    assert "4,320" not in prompt(office).drawn + await listed(office) + await shown(office)


async def test_a_number_said_again_after_it_was_corrected_elsewhere_stands(joined: Office) -> None:
    office = joined
    await office.ben.says("on track, 4,310 subscribers")
    await office.tom.command("/kpi", "update Newsletter subscribers 4,320", channel=office.marketing)
    await office.slack.settled()
    assert "subscribers 4,320 (KPI updated)" in prompt(office).drawn
    await office.ben.click("Edit", message=prompt(office))
    await office.ben.fill({"subscribers": "4,310"})
    assert await office.ben.submit() is None
    await office.slack.settled()
    assert "4,310 (23 Nov)" in await listed(office)


async def test_a_click_on_another_health_brings_no_corrected_number_back(joined: Office) -> None:
    office = joined
    await office.ben.says("on track, 4,310 subscribers")
    await office.tom.command("/kpi", "update Newsletter subscribers 4,320", channel=office.marketing)
    await office.slack.settled()
    await office.ben.click("Edit", message=prompt(office))
    await office.ben.fill({"How is it going?": "At risk"})
    await office.ben.submit()
    await office.slack.settled()
    assert "4,320 (23 Nov)" in await listed(office)


async def test_an_unlikely_number_is_asked_about_and_then_counts_for_both(joined: Office) -> None:
    office = joined
    said = await office.ben.says("on track, 46,500 subscribers")
    await office.slack.settled()
    assert "46,500" not in await listed(office)
    await office.ben.click("Yes", message=said.thread[-1])
    await office.slack.settled()
    assert "46,500 (23 Nov)" in await listed(office)
    assert "now 46,500" in await shown(office)


async def test_editing_a_message_takes_its_number_back_from_both(joined: Office) -> None:
    office = joined
    said = await office.ben.says("on track, 4,310 subscribers")
    await office.slack.settled()
    await office.ben.edits(said, "on track")
    await office.slack.settled()
    assert "4,310" not in prompt(office).drawn + await listed(office) + await shown(office)


async def test_one_number_of_two_initiatives_is_said_once(watched: Office) -> None:
    office = watched
    for name in ("Newsletter relaunch", "Referral cards"):
        await adds(office, "/initiative", **{**INITIATIVE_FIELDS, "Name": name}, **{IS_IT: NAME})
        await office.ben.click("Accept")
        await office.slack.settled()
    await office.slack.clock.advance(to=PROMPT)
    await office.ben.click("Update all…", message=prompt(office))
    form = office.ben.form
    assert form is not None
    assert [name for name in form.values if "subscribers" in name] == ["subscribers"], "asked for once"
    await office.ben.close()
    await office.ben.says("all on track, 4,310 subscribers")
    await office.slack.settled()
    assert prompt(office).drawn.count("subscribers 4,310 (KPI updated)") == 2
    assert "4,310 (23 Nov)" in await listed(office)


async def test_a_retired_kpi_leaves_its_number_to_the_initiative(joined: Office) -> None:
    office = joined
    await office.ben.says("on track, 4,310 subscribers")
    await office.maya.command("/kpi", f"retire {NAME}", channel=office.marketing)
    assert "now 4,310" in await shown(office)
    await office.ben.says("subscribers 4,330")
    await office.slack.settled()
    assert "now 4,330" in await shown(office)


async def test_the_numbers_of_a_closed_initiative_stay_as_they_were(joined: Office) -> None:
    office = joined
    await office.ben.says("on track, 4,310 subscribers")
    await adds(
        office, "/initiative", "close Newsletter relaunch", **{"How does it end?": "Stopped: we end it here"}
    )
    await office.tom.command("/kpi", "update Newsletter subscribers 4,900", channel=office.marketing)
    assert "now 4,310" in await shown(office)
    assert "4,900" in await listed(office)


async def test_a_kpi_that_is_a_metric_keeps_its_direction(joined: Office) -> None:
    office = joined
    await office.maya.command("/kpi", f"edit {NAME}", channel=office.marketing)
    wrong = {"Which way is good?": "Decrease to", "Target": "4,000"}
    errors = await office.errors(office.maya, {**wrong, "What made you change this?": "We count otherwise"})
    assert errors["Which way is good?"].startswith(
        "It is also subscribers of Newsletter relaunch: keep them apart first"
    )


async def test_a_prompt_asks_for_it_once_and_each_plan_says_whose_it_is(joined: Office) -> None:
    office = joined
    assert prompt(office).drawn.count("subscribers") == 1
    await office.ben.says("on track, 4,150 subscribers")
    await office.slack.clock.advance(to=NEXT_PROMPT)
    await office.ben.says("on track, 4,100 subscribers")
    await office.slack.settled()
    assert "for the initiative" in await shown(office)
    assert "for the initiative" not in await listed(office)


@pytest.fixture
async def anywhere(database_url: str) -> AsyncIterator[Office]:
    """On SQLite and on PostgreSQL."""
    async with open_office(database_url) as office:
        await office.set_up()
        yield office


async def test_joined_on_one_day_and_parted_on_another_each_has_its_own_history(anywhere: Office) -> None:
    office = anywhere
    await adds(office, "/kpi", **KPI)
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=PROMPT)
    await office.ben.says("on track, 4,310 subscribers")
    await office.tom.command("/kpi", "update Newsletter subscribers 4,290", channel=office.marketing)
    await office.slack.settled()
    await office.maya.command("/initiative", "edit Newsletter relaunch", channel=office.marketing)
    await office.maya.fill({IS_IT: NAME})
    form = await office.maya.submit()
    assert form is not None
    assert await office.errors(office.maya, {}) == {"23 Nov 2026": "Please complete this required field."}
    await office.maya.fill({"23 Nov 2026": "4,290, as the KPI has it"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    assert "now 4,290" in await shown(office)
    assert "subscribers 4,290 (KPI updated)" in prompt(office).drawn

    await office.slack.clock.advance(to=NEXT_PROMPT)
    await office.ben.says("on track, 4,350 subscribers")
    await adds(office, "/initiative", "edit Newsletter relaunch", **{IS_IT: "No, a number of its own"})
    await office.tom.command("/kpi", "update Newsletter subscribers 4,400", channel=office.marketing)
    await office.slack.settled()
    assert "now 4,350" in await shown(office)
    assert "subscribers 4,400, should be" in await listed(office)


async def test_a_goal_without_a_kpi_makes_one_from_its_own_words(harbor_lights: Office) -> None:
    office = harbor_lights
    told = await office.asks(office.maya, "/rhythm", "status")
    assert f"No KPI and no initiative serves “{GIVERS}” yet" in told
    await office.maya.click(f"KPI for {GIVERS}…", message=office.maya.dm.messages[-1])
    form = office.maya.form
    assert form is not None
    filled = {
        name: form.values[name]
        for name in ("Name", "Baseline", "Target", "Target date", "Which way is good?")
    }
    assert filled == {
        "Name": "Monthly givers",
        "Baseline": "310",
        "Target": "420",
        "Target date": "2027-03-31",
        "Which way is good?": "Increase to",
    }
    assert form.values["Goal it serves"] == GIVERS


async def test_of_a_goal_that_does_not_say_so_no_baseline_is_invented(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.maya.command("/kpi", "add 500 sign-ups by 30 June", channel=office.marketing)
    form = office.maya.form
    assert form is not None
    assert form.values["Name"] == "500 sign-ups"
    assert (form.values["Baseline"], form.values["Kind of number"]) == (None, None)


async def test_a_kpi_whose_goal_was_dropped_is_offered_to_the_one_that_names_it(
    harbor_lights: Office,
) -> None:
    office, wanted = harbor_lights, "Monthly givers from 310 to 500 by 30 June"
    await adds(office, "/kpi", **KPI_FIELDS)
    await adds(
        office,
        "/rhythm",
        "setup",
        **{"Goal 2": "", "Goal 3": wanted, "What made you change this?": "More are to come"},
    )
    [saved] = [m for m in office.maya.dm.messages if "Is it Monthly givers?" in m.drawn]
    await office.maya.click("It is Monthly givers…", message=saved)
    form = office.maya.form
    assert form is not None
    assert form.values["Goal it serves"] == wanted
    assert await office.maya.submit() is None
    await office.slack.settled()
    assert f"For: {wanted}" in await listed(office)
