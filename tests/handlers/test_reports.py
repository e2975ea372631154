"""`/rhythm report`: a month as one page of HTML, as a file in a lead's direct message."""

import pytest

from sandbox.records import File
from storage import acts
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import Office
from tests.support.pages import Page

SO_FAR = "The report of November 2026 so far is on its way to our direct messages."


def files(office: Office) -> list[File]:
    return list(office.slack.workspace.files.values())


async def page(office: Office) -> Page:
    """What comes of asking for this month."""
    assert await office.asks(office.maya, "/rhythm", "report november") == SO_FAR
    await office.slack.settled()
    content = files(office)[-1].content
    assert content is not None
    return Page(content.decode())


async def test_a_lead_is_told_at_once_and_gets_one_page_in_their_direct_message(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    said = await office.asks(office.maya, "/rhythm", "report")
    await office.slack.settled()

    assert said == SO_FAR
    (file,) = files(office)
    assert file.name == "harbor-lights-2026-11.html"
    assert list(file.shares) == [office.maya.dm.id]
    told = office.maya.dm.messages[-1].drawn
    assert told.startswith("The report of November 2026 so far: Harbor Lights.")
    assert "Read it before you pass it on." in told
    assert office.marketing.messages[-1].files == []


async def test_what_is_not_recorded_yet_is_said_to_be_missing(harbor_lights: Office) -> None:
    found = await page(harbor_lights)
    assert "Led by Maya Okafor." in found.text
    assert "No initiative is active." in found.text
    assert "No KPI is watched." in found.below("What is missing")


async def test_only_leads_and_admins_get_one_and_a_refusal_says_who_can(harbor_lights: Office) -> None:
    office = harbor_lights
    gus = office.slack.person("Gus", guest="multi")
    guests = office.slack.channel("guests", members=[gus])
    for person in (office.ben, office.tom):
        said = await office.asks(person, "/rhythm", "report")
        assert said == "Only a lead of Harbor Lights can do this: Maya Okafor."
    refused = await gus.command("/rhythm", "report", channel=guests)
    assert refused.drawn.startswith("Only full members of this workspace can do this. Ask a lead")
    await office.slack.settled()
    assert files(office) == []

    await office.asks(office.ruth, "/rhythm", "report")
    await office.slack.settled()
    assert list(files(office)[0].shares) == [office.ruth.dm.id]


async def test_a_report_asked_for_once_comes_once_even_when_slack_stumbles(harbor_lights: Office) -> None:
    office = harbor_lights
    faults = office.slack.faults
    faults.add("files.getUploadURLExternal", "error_500", times=1)
    faults.add("files.completeUploadExternal", "drop_reply", times=1)
    await office.asks(office.maya, "/rhythm", "report")
    await office.slack.settled()

    assert len([file for file in files(office) if file.shares]) == 1
    assert sum("so far: Harbor Lights" in message.drawn for message in office.maya.dm.messages) == 1


async def test_where_the_app_may_not_send_files_the_lead_is_told(harbor_lights: Office) -> None:
    office = harbor_lights
    office.app.scopes -= {"files:write"}
    await office.asks(office.maya, "/rhythm", "report")
    await office.slack.settled()
    assert office.maya.dm.messages[-1].drawn.startswith(
        "Slack refused the file I had for you (missing_scope)"
    )


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", 'Tom & Jerry\'s "hour"', "שלום & <b>", "W" * 75]
)
async def test_names_are_shown_as_they_are(harbor_lights: Office, name: str) -> None:
    office = harbor_lights
    await office.add(name)
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill({**KPI_FIELDS, "Name": name})
    assert await office.maya.submit() is None
    found = await page(office)
    assert [row[0].strip("\u2068\u2069") for row in found.table("KPI")] == [name]
    assert name in [one.text.strip("\u2068\u2069") for one in found.all("h3")]
    assert not list(found.all("script", "b"))


async def test_the_log_says_who_had_which_month_made(harbor_lights: Office) -> None:
    office = harbor_lights
    await page(office)
    strategy = office.strategy
    [(_, last), *_] = office.reads(acts.list_all_acts, strategy.workspace_id)[::-1]
    assert (last.kind, last.person_id, last.after) == ("reported", office.maya.id, "November 2026")
    assert "had the report of November 2026 made" in await office.asks(
        office.maya, "/rhythm", "status history"
    )
