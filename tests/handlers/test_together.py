"""Somebody with several initiatives answers for all of them at once: by a click, or in one form."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import Office, prompt

PROMPT = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""Monday 09:00 in Los Angeles, where Ben is."""
WEEK = timedelta(weeks=1)
ALL_OF_THEM = ("Newsletter relaunch", "Referrals", "Open water")


@pytest.fixture
async def prompted(harbor_lights: Office) -> Office:
    """Ben has been asked about three initiatives and two KPIs."""
    office = harbor_lights
    for name in ALL_OF_THEM:
        await office.add(name)
    for name in ("Monthly givers", "Sign-ups"):
        await office.maya.command("/kpi", "add", channel=office.marketing)
        await office.maya.fill({**KPI_FIELDS, "Name": name, "Owner": "@Ben Carter"})
        assert await office.maya.submit() is None
    await office.slack.clock.advance(to=PROMPT)
    return office


async def clicks(office: Office, button: str, near: str | None = None) -> None:
    await office.ben.click(button, near=near, message=prompt(office))
    await office.slack.settled()


async def test_all_on_track_is_one_click_and_every_number_two_more(prompted: Office) -> None:
    assert prompt(prompted).drawn.startswith("Your week, Ben: 3 initiatives")
    await clicks(prompted, ":large_green_circle: All on track")
    for name in ALL_OF_THEM:
        assert f"{name}: on track" in prompt(prompted).drawn
    await clicks(prompted, "Update all…")
    form = prompted.ben.form
    assert form is not None
    assert form.values["Referrals: how is it going?"] == ":large_green_circle: On track"
    await prompted.ben.fill({"Monthly givers": "316", "Sign-ups": "318"})
    await prompted.ben.fill({"subscribers": "4,310"})
    assert await prompted.ben.submit() is None
    await prompted.slack.settled()
    drawn = prompt(prompted).drawn
    assert "subscribers 4,310" in drawn
    assert "Monthly givers: 316 recorded\nSign-ups: 318 recorded" in drawn


async def test_a_late_click_on_all_takes_back_nothing_that_was_said_meanwhile(prompted: Office) -> None:
    asked = prompt(prompted)
    place = [dict(block) for block in asked.blocks]
    await clicks(prompted, "Off track", near="Referrals")
    await prompted.ben.close()
    assert "All others on track" in prompt(prompted).drawn
    asked.raw["blocks"] = place
    await prompted.ben.click(":large_green_circle: All on track", message=asked)
    await prompted.slack.settled()
    drawn = prompt(prompted).drawn
    assert "Referrals: off track" in drawn
    assert "Newsletter relaunch: on track" in drawn
    assert "Recorded, thank you" in drawn
    asked.raw["blocks"] = place
    await prompted.ben.click(":large_green_circle: All on track", message=asked)
    assert "All is recorded already" in await prompted.heard(prompted.ben)


async def test_what_is_still_open_is_named_until_it_is_answered(prompted: Office) -> None:
    await clicks(prompted, "On track", near="Newsletter relaunch")
    assert "Still open: Referrals and Open water." in prompt(prompted).drawn
    assert "Please answer by Tuesday evening." in prompt(prompted).drawn


async def test_one_form_has_a_row_for_each_and_leaves_alone_what_nobody_touched(prompted: Office) -> None:
    await clicks(prompted, "Update all…")
    await prompted.ben.fill(
        {
            "Newsletter relaunch: how is it going?": "On track",
            "Referrals: how is it going?": "At risk",
            "Referrals: what is in the way?": "The pledge form",
        }
    )
    assert await prompted.ben.submit() is None
    await prompted.slack.settled()
    drawn = prompt(prompted).drawn
    assert "Newsletter relaunch: on track" in drawn
    assert "Referrals: at risk" in drawn
    assert "In the way: The pledge form" in drawn
    assert "Still open: Open water." in drawn


async def test_problems_of_a_row_stand_at_their_fields_and_nothing_is_recorded(prompted: Office) -> None:
    await clicks(prompted, "Update all…")
    errors = await prompted.errors(
        prompted.ben, {"Open water: what is in the way?": "Ice", "Monthly givers": "many"}
    )
    assert set(errors) == {"Open water: how is it going?", "Monthly givers"}
    await prompted.slack.settled()
    assert "Ice" not in prompt(prompted).drawn


async def test_numbers_far_from_the_last_are_asked_about_together_and_the_rest_is_recorded(
    prompted: Office,
) -> None:
    await clicks(prompted, "Update all…")
    await prompted.ben.fill({"Newsletter relaunch: how is it going?": "On track", "subscribers": "46,500"})
    await prompted.ben.fill({"Monthly givers": "3,160", "Sign-ups": "318"})
    await prompted.ben.submit()
    form = prompted.ben.form
    assert form is not None
    assert "subscribers 46,500, was 4,200: is that right?" in str(form.blocks)
    assert "Monthly givers 3,160, was 310: is that right?" in str(form.blocks)
    assert form.labels == ["subscribers", "Monthly givers"]
    await prompted.slack.settled()
    assert "Sign-ups: 318 recorded" in prompt(prompted).drawn
    assert "46,500" not in prompt(prompted).drawn

    await prompted.ben.fill({"subscribers": "4,650"})
    assert await prompted.ben.submit() is None
    await prompted.slack.settled()
    drawn = prompt(prompted).drawn
    assert "subscribers 4,650" in drawn
    assert "Monthly givers: 3,160 recorded" in drawn


async def test_an_emptied_number_is_taken_back(prompted: Office) -> None:
    await clicks(prompted, "Enter 2 numbers…")
    await prompted.ben.fill({"Monthly givers": "316", "Sign-ups": "318"})
    assert await prompted.ben.submit() is None
    await prompted.slack.settled()
    await clicks(prompted, "Edit numbers…")
    await prompted.ben.fill({"Sign-ups": ""})
    assert await prompted.ben.submit() is None
    await prompted.slack.settled()
    assert "Monthly givers: 316 recorded" in prompt(prompted).drawn
    assert "Enter 1 number…" in prompt(prompted).drawn


async def test_the_same_as_last_week_is_one_click_and_comes_with_what_is_known_since(
    prompted: Office,
) -> None:
    office = prompted
    await office.ben.command("/initiative", "milestone referrals", channel=office.marketing)
    await office.ben.fill({"Name": "Pledge form", "Date": "2026-12-15"})
    assert await office.ben.submit() is None
    for name in ALL_OF_THEM:
        await office.ben.says(f"{name} on track")
    await office.slack.settled()
    await office.slack.clock.advance(to=PROMPT + timedelta(hours=1))
    await office.ben.command("/initiative", "milestone referrals", channel=office.marketing)
    await office.ben.click("Done")
    await office.ben.close()
    await office.slack.clock.advance(to=PROMPT + WEEK)
    assert "Since then done: Pledge form" in prompt(office).drawn

    await clicks(office, "Same as last week")
    drawn = prompt(office).drawn
    assert "Recorded, thank you" in drawn
    assert drawn.count("on track") == len(ALL_OF_THEM)
    assert "Progress: Pledge form: done" in drawn
