"""`/rhythm report`: a month as one page of HTML, as a file in a lead's direct message."""

from sandbox.records import File
from tests.support.office import Office


def files(office: Office) -> list[File]:
    return list(office.slack.workspace.files.values())


async def page(office: Office, text: str = "report") -> str:
    """What comes of asking for it."""
    await office.asks(office.maya, "/rhythm", text)
    await office.slack.settled()
    content = files(office)[-1].content
    assert content is not None
    return content.decode()


async def test_a_lead_is_told_at_once_and_gets_one_page_in_their_direct_message(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    said = await office.asks(office.maya, "/rhythm", "report")
    await office.slack.settled()

    assert said == "The report of November 2026 so far is on its way to our direct messages."
    (file,) = files(office)
    assert file.name == "harbor-lights-2026-11.html"
    assert list(file.shares) == [office.maya.dm.id]
    assert file.content is not None
    assert '<h1 dir="auto">Harbor Lights</h1>' in file.content.decode()
    assert office.maya.dm.messages[-1].drawn.startswith("The report of November 2026 so far: Harbor Lights.")
