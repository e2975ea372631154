"""Kickoff is one message a person, however many initiatives name them: for all at a click, or one by one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.initiatives import Status
from sandbox import Message, Person
from tests.support.office import INITIATIVE_FIELDS, Office

RUTH = {"Sponsor": "@Ruth Adler"}
MONDAY = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
"""In everybody's working hours."""


async def adds(office: Office, name: str, fields: Mapping[str, Any] | None = None) -> None:
    await office.maya.command("/initiative", "add", channel=office.marketing)
    await office.maya.fill({**INITIATIVE_FIELDS, "Name": name, **RUTH, **(fields or {})})
    form = await office.maya.submit()
    assert form is None, form.errors
    await office.slack.settled()


async def clicks(
    office: Office, person: Person, button: str, message: Message, near: str | None = None
) -> None:
    await person.click(button, near=near, message=message)
    await office.slack.settled()


def asked(office: Office, person: Person) -> Message:
    """The only message this person has from us."""
    [message] = [m for m in person.dm.messages if m.user == office.app.bot_user_id]
    return message


def statuses(office: Office) -> list[Status]:
    return [one.status for one in office.initiatives().values()]


def told_of_active(office: Office) -> list[str]:
    return [m.drawn for m in office.maya.dm.messages if "are active" in m.drawn]


@pytest.fixture
async def five(harbor_lights: Office) -> Office:
    """Ruth is to back five initiatives of Maya's; Ben owns two of them, Tom three."""
    for number, name in enumerate(("Letters", "Referrals", "Open water", "Desk", "Results")):
        owner = "@Ben Carter" if number < 2 else "@Tom Lindqvist"
        await adds(harbor_lights, name, {"Owner": owner, "Budget": f"£{number + 1},200"})
    return harbor_lights


async def test_a_sponsor_confirms_five_in_one_message_with_one_click(five: Office) -> None:
    five.forget_checklist()
    message = asked(five, five.ruth)
    assert message.drawn.startswith("Maya Okafor asks you to back 5 initiatives in Harbor Lights")
    assert message.text.startswith("Maya Okafor asks you to back 5 initiatives")
    assert "Letters: Ben Carter owns it · £1,200 · 23 Nov to 31 Mar" in message.drawn
    assert "For: Parents in the ten harbor districts" in message.drawn
    assert message.buttons == ["Confirm all 5", "One by one…"]

    await clicks(five, five.ruth, "Confirm all 5", message)
    assert "You said yes to Letters, Referrals, Open water, Desk and Results." in message.drawn
    assert "Still to say yes: Ben Carter (owner) and Tom Lindqvist (owner)." in message.drawn
    assert len(message.blocks) == 1
    assert message.buttons == []
    assert set(statuses(five)) == {Status.PROPOSED}

    await clicks(five, five.ben, "Accept both", asked(five, five.ben))
    assert told_of_active(five) == [], "three still wait"
    await clicks(five, five.tom, "Accept all 3", asked(five, five.tom))
    assert set(statuses(five)) == {Status.ACTIVE}
    [told] = told_of_active(five)
    assert (
        told
        == "All 5 initiatives of Harbor Lights are active: Letters, Referrals, Open water, Desk and Results."
    )
    assert "Your first check-in: " in asked(five, five.ben).drawn


async def test_who_owns_some_and_backs_others_is_asked_in_one_message(harbor_lights: Office) -> None:
    office = harbor_lights
    await adds(office, "Letters", {"Owner": "@Ruth Adler", "Sponsor": "@Maya Okafor"})
    await adds(office, "Desk")
    partner = {"Partner 1": "@Ruth Adler", "Partner 1: what they commit": "a story a month"}
    await adds(office, "Results", {"Sponsor": "@Maya Okafor", **partner})
    message = asked(office, office.ruth)
    assert message.drawn.startswith(
        "Maya Okafor asks you to own 1 initiative, back 1 and help 1 in Harbor Lights"
    )
    assert "Results: you commit “a story a month”, Ben Carter owns it" in message.drawn
    await clicks(office, office.ruth, "Yes to all 3", message)
    assert office.initiatives()["Letters"].status is Status.ACTIVE
    assert "You said yes to Letters, Desk and Results." in message.drawn


async def test_one_by_one_each_is_confirmed_declined_or_asked_about(five: Office) -> None:
    message, ruth = asked(five, five.ruth), five.ruth
    await clicks(five, ruth, "One by one…", message)
    await ruth.click("Confirm", near="Letters")
    await five.slack.settled()
    assert "You said yes to Letters." in message.drawn
    assert "Confirm all 4" in message.buttons

    await ruth.click("Decline…", near="Referrals")
    await ruth.fill({"Why?": "No money left"})
    form = await ruth.submit()
    assert form is not None, "the others are still open in the window"
    await five.slack.settled()
    assert "Ruth Adler declined to sponsor Referrals: “No money left”" in five.maya.dm.messages[-1].drawn

    await ruth.click("Ask a question…", near="Open water")
    await ruth.fill({"Your question": "Is it safe?"})
    await ruth.submit()
    await ruth.close()
    await five.slack.settled()
    assert "Ruth Adler asks about Open water: “Is it safe?”" in five.maya.dm.messages[-1].drawn
    assert "you asked “Is it safe?”" in message.drawn

    await clicks(five, ruth, "Confirm all 3", message)
    assert "You said yes to Letters, Open water, Desk and Results. You declined Referrals." in message.drawn
    await clicks(five, ruth, "One by one…", message)
    await ruth.click("Confirm after all", near="Referrals")
    await five.slack.settled()
    assert "You declined" not in message.drawn


async def test_a_click_on_an_older_drawing_says_yes_only_to_what_it_showed(five: Office) -> None:
    message = asked(five, five.ruth)
    place = [dict(block) for block in message.blocks]
    await five.maya.command("/initiative", "close results", channel=five.marketing)
    await five.maya.fill({"How does it end?": "Stopped: we end it here"})
    assert await five.maya.submit() is None
    await adds(five, "Posters")
    assert "Posters" in message.drawn

    message.raw["blocks"] = place
    await clicks(five, five.ruth, "Confirm all 5", message)
    assert "You said yes to Letters, Referrals, Open water and Desk." in message.drawn
    assert "Posters: Ben Carter owns it" in message.drawn

    message.raw["blocks"] = place
    await five.ruth.click("Confirm all 5", message=message)
    assert "You have answered all of these already" in await five.heard(five.ruth)


async def test_what_is_added_later_comes_in_a_new_message_with_all_that_is_open(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await adds(office, "Letters")
    await adds(office, "Desk")
    former = asked(office, office.ruth)
    await clicks(office, office.ruth, "One by one…", former)
    await office.ruth.click("Confirm", near="Letters")
    await office.ruth.close()
    await office.slack.clock.advance(to=MONDAY)
    await adds(office, "Results")
    latest = office.ruth.dm.messages[-1]
    assert latest.drawn.startswith("Maya Okafor asks you to back 2 initiatives")
    assert "Desk" in latest.drawn
    assert former.drawn.startswith("Letters: You confirmed what its owner may decide and use.")
    assert "Confirm" not in str(former.buttons)


async def test_one_of_several_that_is_not_asked_any_more_leaves_the_message(five: Office) -> None:
    await five.asks(five.maya, "/initiative", "edit desk")
    await five.maya.fill({"Sponsor": "@Maya Okafor"})
    assert await five.maya.submit() is None
    await five.slack.settled()
    message = asked(five, five.ruth)
    assert "Desk" not in message.drawn
    assert "Confirm all 4" in message.buttons


async def test_kickoff_says_who_is_awaited_and_nudges_them_once(five: Office) -> None:
    said = await five.asks(five.maya, "/rhythm", "kickoff")
    assert "3 people have still to say yes" in said
    assert "Ruth Adler: sponsor of Letters, sponsor of Referrals" in said
    assert "too recently to be reminded" in said
    assert len(five.ruth.dm.messages) == 1

    await five.slack.clock.advance(to=MONDAY)
    await clicks(five, five.ben, "Accept both", asked(five, five.ben))
    said = await five.asks(five.maya, "/rhythm", "kickoff")
    await five.slack.settled()
    assert "2 people have still to say yes" in said
    assert "reminded just now" in said
    former, nudged = five.ruth.dm.messages
    assert nudged.drawn.startswith("A reminder. Maya Okafor asks you to back 5 initiatives")
    assert former.drawn == "What was asked here stands in my newer message below."
    assert len(five.ben.dm.messages) == 1

    said = await five.asks(five.maya, "/rhythm", "kickoff")
    await five.slack.settled()
    assert "reminded" in said
    assert "just now" not in said
    assert len(five.ruth.dm.messages) == 2
    await clicks(five, five.ruth, "Confirm all 5", nudged)
    await clicks(five, five.tom, "Accept all 3", five.tom.dm.messages[-1])
    assert "everybody who was asked has said yes" in await five.asks(five.maya, "/rhythm", "kickoff")
    refused = await five.asks(five.ben, "/rhythm", "kickoff")
    assert "Maya Okafor" in refused


async def test_nobody_says_yes_for_somebody_else(five: Office) -> None:
    message = asked(five, five.ruth)
    place = message.raw["blocks"]
    theirs = asked(five, five.ben)
    theirs.raw["blocks"] = place
    await five.ben.click("Confirm all 5", message=theirs)
    assert "Only Ruth Adler can answer this" in await five.heard(five.ben)
    assert "You said yes" not in message.drawn
