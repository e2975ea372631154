"""Words of somebody who became a guest since: kept, and recorded as no answer."""

from datetime import UTC, datetime

from domain.healths import Health
from domain.people import Person
from storage import check_ins
from storage.people import save_people
from tests.support.office import Office

FIRST_WEEK = datetime(2026, 11, 23, 18, tzinfo=UTC)


async def test_an_edit_by_somebody_who_is_a_guest_by_now_changes_no_answer(harbor_lights: Office) -> None:
    office = harbor_lights
    workspace = office.slack.workspace.id
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=FIRST_WEEK)
    said = await office.ben.says("on track")
    await office.slack.settled()
    guest = Person(workspace, office.ben.id, office.ben.name, "America/Los_Angeles", is_guest=True)
    office.reads(save_people, [guest])
    await office.ben.edits(said, "off track")
    await office.slack.settled()

    [check_in] = office.reads(check_ins.list_current, workspace, office.ben.id, FIRST_WEEK)
    assert [answer.health for answer in check_in.answers] == [Health.ON_TRACK]
    assert "a lead of the strategy can answer for you" in said.thread[-1].drawn
