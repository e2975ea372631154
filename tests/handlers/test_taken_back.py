"""What was said can be taken back: numbers emptied in a form or edited out of a message, and words on the core message."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.people import Actor
from domain.reviews import Carried
from handlers.message_checks import open_checks, submit_checks
from handlers.requests import Click, Form, Submission
from services.check_ins.answering import list_current_answering
from storage import kpis, people, reviews
from storage.models import KpiReadingRow, MessageCheckRevisionRow, ReadingRow
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import STRATEGY_FIELDS, Office, prompt
from tests.support.setting_up import set_up
from views.message_checks import ACTION
from views.slack.fields import as_filled_in

PROMPT = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""Monday 09:00 in Los Angeles, where Ben is."""


@pytest.fixture
async def prompted(harbor_lights: Office) -> Office:
    """Ben has been asked about Newsletter relaunch, and for Monthly givers."""
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill(KPI_FIELDS)
    assert await office.maya.submit() is None
    await office.slack.clock.advance(to=PROMPT)
    return office


async def updates(office: Office, button: str, **fields: str) -> None:
    await office.ben.click(button, message=prompt(office))
    await office.ben.fill(fields)
    form = await office.ben.submit()
    assert form is None, form.errors
    await office.slack.settled()


async def shown(office: Office) -> str:
    """All that is shown of the initiative's numbers."""
    told = [
        await office.asks(office.maya, "/initiative", "show Newsletter"),
        await office.asks(office.maya, "/rhythm", "digest preview"),
        prompt(office).drawn,
    ]
    return "\n".join(told)


def kept(office: Office, rows: Any) -> list[Any]:
    def read(session: Session) -> list[Any]:
        found = list(session.scalars(select(rows)))
        session.expunge_all()
        return found

    return office.reads(read)


async def test_emptying_a_numbers_field_withdraws_the_reading_with_who_and_when(prompted: Office) -> None:
    office = prompted
    await updates(office, "Update…", **{"How is it going?": "On track", "subscribers": "4,650"})
    assert "4,650" in await shown(office)

    await office.ben.click("Edit", message=prompt(office))
    form = office.ben.form
    assert form is not None
    assert form.values["subscribers"] == "4,650"
    assert "Empty it to take the number back" in str(form.blocks)
    await office.ben.fill({"subscribers": ""})
    assert await office.ben.submit() is None
    await office.slack.settled()

    assert "4,650" not in await shown(office)
    [reading] = kept(office, ReadingRow)
    assert (reading.value, reading.withdrawn_by) == ("4650", office.ben.id)
    assert reading.withdrawn_at is not None
    await office.ben.click("Edit", message=prompt(office))
    assert office.ben.form is not None
    assert office.ben.form.values["subscribers"] == "4,200"


async def test_a_number_taken_back_uncovers_last_weeks_and_can_be_given_anew(prompted: Office) -> None:
    office = prompted
    await updates(office, "Update…", **{"How is it going?": "On track", "subscribers": "4,400"})
    await office.slack.clock.advance(to=datetime(2026, 11, 30, 17, tzinfo=UTC))
    await updates(office, "Update…", **{"How is it going?": "On track", "subscribers": "4,650"})
    await updates(office, "Edit", subscribers="")
    told = await shown(office)
    assert "4,650" not in told
    assert "now 4,400" in told
    await updates(office, "Edit", subscribers="4,500")
    assert "now 4,500" in await shown(office)
    assert [row.withdrawn_at is None for row in kept(office, ReadingRow)] == [True, False, True]


async def test_a_field_that_shows_an_older_number_withdraws_nothing_when_it_is_emptied(
    prompted: Office,
) -> None:
    office = prompted
    await updates(office, "Update…", **{"How is it going?": "On track", "subscribers": "4,400"})
    await office.slack.clock.advance(to=datetime(2026, 11, 30, 17, tzinfo=UTC))
    await updates(office, "Update…", **{"How is it going?": "On track", "subscribers": ""})
    assert "now 4,400" in await shown(office)


async def test_editing_a_number_out_of_the_message_withdraws_the_reading_and_says_so(
    prompted: Office,
) -> None:
    office = prompted
    said = await office.ben.says("on track, 4,650 subscribers")
    await office.slack.settled()
    assert "4,650" in await shown(office)

    await office.ben.edits(said, "on track")
    await office.slack.settled()
    assert "4,650" not in await shown(office)
    assert "Taken back for Newsletter relaunch: subscribers 4,650." in said.thread[-1].drawn
    [reading] = kept(office, ReadingRow)
    assert (reading.withdrawn_by, reading.withdrawn_at is None) == (office.ben.id, False)


async def test_a_number_given_before_the_message_stands_again_once_it_is_edited_out(prompted: Office) -> None:
    office = prompted
    await updates(office, "Update…", **{"How is it going?": "At risk", "subscribers": "4,400"})
    said = await office.ben.says("on track, 4,650 subscribers")
    await office.ben.edits(said, "we are on it")
    await office.slack.settled()
    told = await shown(office)
    assert "now 4,400" in told
    assert "at risk" in told
    assert "4,650" not in told


async def test_what_each_version_of_a_message_said_is_taken_back_with_the_next(prompted: Office) -> None:
    office = prompted
    said = await office.ben.says("at risk, waiting for legal, 4,650 subscribers")
    await office.slack.settled()
    await office.ben.edits(said, "on track, 4,700 subscribers")
    await office.slack.settled()
    await office.ben.edits(said, "lovely day")
    await office.slack.settled()
    told = await shown(office)
    for word in ("4,650", "4,700", "legal", "at risk", "now 4"):
        assert word not in told
    assert any(button.endswith("On track") for button in prompt(office).buttons)


async def test_what_another_message_says_as_well_stays_when_one_of_them_is_taken_back(
    prompted: Office,
) -> None:
    office = prompted
    said = await office.ben.says("on track, 4,650 subscribers")
    await office.slack.settled()
    await office.ben.says("still on track, 4,650 subscribers")
    await office.slack.settled()
    await office.ben.edits(said, "lovely day")
    await office.slack.settled()
    told = await shown(office)
    assert "Newsletter relaunch (Ben)" in told
    assert "now 4,650" in told
    assert "Taken back" not in "\n".join(m.drawn for note in office.ben.dm.messages for m in note.thread)


async def test_a_form_takes_nothing_back_that_somebody_else_said_while_it_was_open(prompted: Office) -> None:
    office = prompted
    await office.ben.click("Update…", message=prompt(office))
    await office.maya.command("/checkin", "@Ben Carter", channel=office.marketing)
    await office.maya.fill(
        {"How is it going?": "At risk", "subscribers": "4,650", "What is in the way?": "No printer"}
    )
    assert await office.maya.submit() is None
    await office.ben.fill({"How is it going?": "Off track", "What is next?": "Ask Tom"})
    assert await office.ben.submit() is None
    await office.slack.settled()
    told = prompt(office).drawn
    for words in ("off track", "subscribers 4,650", "No printer", "Ask Tom"):
        assert words in told


async def test_a_click_since_stays_when_the_words_before_it_are_taken_back(prompted: Office) -> None:
    office = prompted
    said = await office.ben.says("at risk, 4,650 subscribers")
    await office.slack.settled()
    await updates(office, "Edit", **{"How is it going?": "Off track"})
    await office.ben.edits(said, "never mind")
    await office.slack.settled()
    told = await shown(office)
    assert "off track" in told
    assert "4,650" not in told


async def test_a_form_opened_empty_takes_back_no_number_that_was_given_since(prompted: Office) -> None:
    office = prompted
    await office.ben.click("Update", message=prompt(office))
    await office.asks(office.maya, "/kpi", "update Monthly givers 316")
    errors = await office.errors(office.ben, {"Note": "later"})
    assert errors == {
        "Where does it stand?": "Somebody has just reported this day. Give a number, or close this."
    }
    assert "316" in await office.asks(office.maya, "/kpi", "list")


async def test_emptying_a_kpis_number_takes_it_back_everywhere_and_keeps_it_on_record(
    prompted: Office,
) -> None:
    office = prompted
    await office.ben.click("Update", message=prompt(office))
    await office.ben.fill({"Where does it stand?": "316", "Note": "after the gala"})
    assert await office.ben.submit() is None
    await office.slack.settled()
    assert "316" in await office.asks(office.maya, "/kpi", "list")

    await office.maya.command("/kpi", "update Monthly givers", channel=office.marketing)
    form = office.maya.form
    assert form is not None
    assert (form.values["Where does it stand?"], form.values["Note"]) == ("316", "after the gala")
    await office.maya.fill({"Where does it stand?": ""})
    assert await office.maya.submit() is None
    assert "Monthly givers: 316 on 23 Nov is taken back" in await office.heard(office.maya)

    for told in (
        await office.asks(office.maya, "/kpi", "list"),
        await office.asks(office.maya, "/rhythm", "digest preview"),
        prompt(office).drawn,
    ):
        assert "316" not in told
    [reading] = kept(office, KpiReadingRow)
    assert (reading.value, reading.note, reading.withdrawn_by) == ("316", "after the gala", office.maya.id)


async def test_a_kpis_day_without_a_number_cannot_be_emptied(prompted: Office) -> None:
    await prompted.ben.click("Update", message=prompt(prompted))
    errors = await prompted.errors(prompted.ben, {"Where does it stand?": ""})
    assert errors == {"Where does it stand?": "Give a number. Only a day that has one can be emptied."}


async def test_a_change_of_mind_about_the_core_message_keeps_the_old_words(office: Office) -> None:
    await set_up(
        office.maya, office.marketing, {**STRATEGY_FIELDS, "Core message": "Every child can swim by ten"}
    )
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=datetime(2026, 11, 30, 17, tzinfo=UTC))

    async def says(button: str, carried: str, broke: str) -> None:
        await office.ben.click(button, message=prompt(office))
        await office.ben.fill(
            {"Newsletter relaunch": carried, "Newsletter relaunch: where did it break?": broke}
        )
        form = await office.ben.submit()
        assert form is None, form.errors
        await office.slack.settled()

    await says("Answer…", "Partly", "The last two posts sold the discount")
    await says("Edit", "Partly", "The last two posts sold the discount")
    await says("Edit", "Yes, it carried it", "")
    assert "Said by what you published: 1 yes" in prompt(office).drawn
    await says("Edit", "Nothing published", "")
    assert "Before the review: did what you published say it?" in prompt(office).drawn

    told = [(row.carried, row.where_broke, row.person_id) for row in kept(office, MessageCheckRevisionRow)]
    ben = office.ben.id
    assert told == [
        (Carried.PARTLY, "The last two posts sold the discount", ben),
        (Carried.YES, "", ben),
        (None, "", ben),
    ]
    strategy = office.strategy
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert office.reads(reviews.list_checks_since, strategy.workspace_id, strategy.id, since) == []


@pytest.mark.parametrize(
    ("edited", "stands"),
    [
        ("Monthly givers 341", [("2026-11-23", 341)]),
        ("Monthly givers 314, waiting for legal", [("2026-11-23", 314)]),
        ("waiting for legal", []),
    ],
)
async def test_a_number_in_a_message_is_of_the_day_it_was_written_whenever_that_is_edited(
    prompted: Office, edited: str, stands: list[tuple[str, int]]
) -> None:
    office = prompted
    await office.ben.says("Monthly givers 314")
    await office.slack.settled()
    [written] = [message for message in office.ben.dm.messages if message.drawn == "Monthly givers 314"]
    await office.slack.clock.advance(to=PROMPT + timedelta(days=1))
    await office.ben.edits(written, edited)
    await office.slack.settled()
    strategy = office.strategy
    [kpi] = office.reads(kpis.list_kpis, strategy.workspace_id, strategy.id)
    assert [(str(reading.on), int(reading.value)) for reading in kpi.readings] == stands


async def test_an_edit_puts_back_no_number_that_was_corrected_since(prompted: Office) -> None:
    office = prompted
    await office.ben.says("Monthly givers 314")
    await office.slack.settled()
    [written] = [message for message in office.ben.dm.messages if message.drawn == "Monthly givers 314"]
    await office.asks(office.maya, "/kpi", "update Monthly givers 318 on 23 November")
    await office.ben.edits(written, "Monthly givers 314, waiting for legal")
    await office.slack.settled()
    strategy = office.strategy
    [kpi] = office.reads(kpis.list_kpis, strategy.workspace_id, strategy.id)
    assert [(str(reading.on), int(reading.value)) for reading in kpi.readings] == [("2026-11-23", 318)]


async def test_a_form_about_the_core_message_puts_back_nothing_that_was_said_since(office: Office) -> None:
    await set_up(
        office.maya, office.marketing, {**STRATEGY_FIELDS, "Core message": "Every child can swim by ten"}
    )
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=datetime(2026, 11, 30, 17, tzinfo=UTC))
    now, ben = (
        office.slack.clock.now,
        Actor(office.slack.workspace.id, office.ben.id, office.slack.workspace.id),
    )
    [ctx] = office.reads(
        list_current_answering, office.reads(people.get_person, ben.workspace_id, ben.person_id), now
    )
    opened = office.reads(open_checks, Click(ben, ACTION, str(ctx.check_in.id), "trigger"), now)

    await office.ben.click("Answer…", message=prompt(office))
    await office.ben.fill(
        {"Newsletter relaunch": "No", "Newsletter relaunch: where did it break?": "Discounts"}
    )
    assert await office.ben.submit() is None

    form = Form("V", "hash", "", opened["private_metadata"], as_filled_in(opened), opened)
    office.reads(submit_checks, Submission(ben, form), now)
    [said] = office.reads(reviews.list_checks, ben.workspace_id, [ctx.check_in.id])
    assert (said.carried, said.where_broke) == (Carried.NO, "Discounts")
