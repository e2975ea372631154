"""What people have not just asked for comes in their working time; what was settled meanwhile does not come."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.initiatives import Status
from domain.people import Person as Known
from services.people import update_person
from storage import people
from tests.support.office import INITIATIVE_FIELDS, Office

NAME = "Newsletter relaunch"
MONDAY_NIGHT = datetime(2026, 11, 23, 20, tzinfo=UTC)
"""Evening in London and Stockholm, noon in Los Angeles."""
TUESDAY_NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)
"""In Stockholm, where Tom is."""


async def proposes(office: Office, owner: str = "@Tom Lindqvist") -> None:
    """Maya adds an initiative late on Monday."""
    await office.slack.clock.advance(to=MONDAY_NIGHT)
    await office.maya.command("/initiative", "add", channel=office.marketing)
    await office.maya.fill({**INITIATIVE_FIELDS, "Owner": owner})
    assert await office.maya.submit() is None
    await office.slack.settled()


async def until(office: Office, at: datetime) -> None:
    await office.slack.clock.advance(to=at)


async def test_a_kickoff_in_the_evening_waits_for_nine_and_its_answer_is_shown_at_once(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await proposes(office)
    assert office.tom.dm.messages == []
    await until(office, TUESDAY_NINE - timedelta(minutes=1))
    assert office.tom.dm.messages == []
    await until(office, TUESDAY_NINE)
    (asked,) = office.tom.dm.messages
    assert "Accept" in asked.buttons


async def test_whoever_works_now_is_asked_now(harbor_lights: Office) -> None:
    await proposes(harbor_lights, "@Ben Carter")
    assert "Accept" in harbor_lights.ben.dm.messages[-1].buttons


async def test_what_is_asked_of_somebody_no_longer_is_never_said(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)
    await office.maya.command("/initiative", "close newsletter", channel=office.marketing)
    await office.maya.fill({"How does it end?": "Stopped"})
    assert await office.maya.submit() is None
    await until(office, TUESDAY_NINE + timedelta(hours=1))
    assert office.initiatives()[NAME].status is Status.STOPPED
    assert [m.drawn for m in office.tom.dm.messages if "Accept" in m.buttons] == []


async def test_what_waits_is_said_as_it_then_is(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)
    await office.maya.command("/initiative", "edit newsletter", channel=office.marketing)
    await office.maya.fill({"Due": "2027-06-30"})
    assert await office.maya.submit() is None
    await until(office, TUESDAY_NINE)
    (asked,) = office.tom.dm.messages
    assert "30 Jun" in asked.drawn


@pytest.mark.parametrize("away", ["24 Nov to 25 Nov", "24 Nov"])
async def test_an_absence_entered_meanwhile_is_waited_for(harbor_lights: Office, away: str) -> None:
    office = harbor_lights
    await proposes(office)
    await office.asks(office.tom, "/rhythm", f"away {away}")
    back = datetime(2026, 11, 26 if "to" in away else 25, 8, tzinfo=UTC)
    await until(office, back - timedelta(minutes=1))
    assert office.tom.dm.messages == []
    await until(office, back)
    assert "Accept" in office.tom.dm.messages[-1].buttons


async def test_whoever_says_they_are_back_gets_what_waited(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.asks(office.tom, "/rhythm", "away 23 Nov to 30 Nov")
    await proposes(office)
    await until(office, TUESDAY_NINE + timedelta(hours=1))
    assert office.tom.dm.messages == []
    await office.asks(office.tom, "/rhythm", "back")
    await until(office, TUESDAY_NINE + timedelta(hours=1, minutes=1))
    assert "Accept" in office.tom.dm.messages[-1].buttons


async def test_whoever_has_left_meanwhile_is_sent_nothing(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)
    tom: Known = office.reads(people.get_person, office.slack.workspace.id, office.tom.id)
    gone = Known(**{name: getattr(tom, name) for name in tom.__slots__} | {"is_deactivated": True})
    office.reads(update_person, gone, MONDAY_NIGHT)
    await until(office, TUESDAY_NINE + timedelta(hours=1))
    assert office.tom.dm.messages == []
