"""Milestones: added and marked as done by command, from the check-in, or by the person they name."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.milestones import Milestone
from sandbox import Person
from storage import milestones
from tests.support.office import Office

NAME = "Newsletter relaunch"
FIELDS = {"Name": "First issue", "Person": "@Tom Lindqvist", "Date": "2026-12-01"}
MONDAY = datetime(2026, 11, 23, 18, tzinfo=UTC)


@pytest.fixture
async def newsletter(harbor_lights: Office) -> Office:
    """Ben's, accepted."""
    await harbor_lights.add(NAME)
    return harbor_lights


async def adds(office: Office, fields: Mapping[str, Any] | None = None, by: Person | None = None) -> None:
    person = by or office.maya
    await person.command("/initiative", "milestone newsletter", channel=office.marketing)
    await person.fill({**FIELDS, **(fields or {})})
    form = await person.submit()
    assert form is None, form.errors
    await office.slack.settled()


def known(office: Office) -> list[Milestone]:
    initiative = office.initiatives()[NAME]
    found = office.reads(milestones.list_milestones, initiative.workspace_id, [initiative.id])
    return list(found[initiative.id])


async def test_a_milestone_has_a_person_and_a_date_and_its_person_is_told(newsletter: Office) -> None:
    office = newsletter
    await adds(office, {"Phase": ["It ends a phase: look back once it is done"]})

    (added,) = known(office)
    assert (added.name, added.person_id, f"{added.due}") == ("First issue", office.tom.id, "2026-12-01")
    assert added.ends_phase
    assert "Maya Okafor counts on you for the milestone First issue" in office.tom.dm.messages[-1].drawn
    shown = await office.asks(office.tom, "/initiative", "show newsletter")
    assert "• First issue · Tom Lindqvist · due 1 Dec · ends a phase" in shown


async def test_the_person_of_a_milestone_marks_it_done_from_their_dm(newsletter: Office) -> None:
    office = newsletter
    await adds(office)
    await office.tom.click("Done")
    await office.slack.settled()

    (done,) = known(office)
    assert done.done_by == office.tom.id
    assert "First issue is done" in (await office.heard(office.tom))


async def test_the_owner_adds_and_marks_milestones_by_command(newsletter: Office) -> None:
    office = newsletter
    await adds(office, by=office.ben)
    await office.ben.command("/initiative", "milestone newsletter", channel=office.marketing)
    await office.ben.click("Done", near="First issue")

    assert office.ben.form is not None
    assert known(office)[0].done_by == office.ben.id


async def test_milestones_are_done_from_the_check_in(newsletter: Office) -> None:
    office = newsletter
    await adds(office)
    await office.slack.clock.advance(to=MONDAY)
    await office.ben.click("Update…")
    await office.ben.fill(
        {"How is it going?": "On track", "Which milestones are done?": ["First issue, due 1 Dec"]}
    )
    assert await office.ben.submit() is None

    assert known(office)[0].done_by == office.ben.id


async def test_a_late_milestone_shows_in_prompt_digest_and_show(newsletter: Office) -> None:
    office = newsletter
    await adds(office, {"Date": "2026-11-24"})
    await office.slack.clock.advance(to=datetime(2026, 11, 30, 18, tzinfo=UTC))

    assert "Milestone late: First issue, due 24 Nov" in office.ben.dm.messages[-1].drawn
    assert "due 24 Nov (late)" in await office.asks(office.tom, "/initiative", "show newsletter")
    digest = await office.asks(office.maya, "/rhythm", "digest preview")
    assert "First issue was due 24 Nov (Tom)" in digest


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"Date": "2026-11-01"}, "Date", "1 Nov 2026 has passed"),
        ({"Date": "2027-06-01"}, "Date", "The initiative itself is due 31 Mar 2027"),
        ({"Person": "@Gus Guest"}, "Person", "is a guest here"),
        ({"Person": "@Lea Left"}, "Person", "account is deactivated"),
        ({"Name": "first  ISSUE"}, "Name", "An open milestone has this name"),
    ],
)
async def test_what_is_wrong_with_a_milestone_is_said_at_its_field(
    newsletter: Office, fields: dict[str, str], field: str, sentence: str
) -> None:
    office = newsletter
    office.slack.person("Gus Guest", guest="multi")
    office.slack.person("Lea Left", deactivated=True)
    await adds(office)
    await office.asks(office.maya, "/initiative", "milestone newsletter")
    errors = await office.errors(office.maya, {**FIELDS, "Name": "Second issue", **fields})

    assert list(errors) == [field]
    assert sentence in errors[field]


async def test_members_are_told_who_changes_milestones(newsletter: Office) -> None:
    office = newsletter
    refused = await office.asks(office.tom, "/initiative", "milestone newsletter")

    assert refused.startswith(
        "Only its owner or a lead changes the milestones of Newsletter relaunch: Ben Carter or Maya Okafor."
    )
    await adds(office)
    await office.asks(office.tom, "/initiative", "milestone newsletter")
    assert office.tom.form is not None
    assert office.tom.form.labels == []
