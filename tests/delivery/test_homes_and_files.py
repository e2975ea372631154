"""Home tabs and files leave through the outbox like everything else."""

from datetime import timedelta
from typing import Any

import pytest

from domain.troubles import TroubleKind
from storage.delivery import outbox
from tests.delivery.conftest import MONDAY, Office

HOUR = timedelta(hours=1)


def view(text: str) -> dict[str, Any]:
    return {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}


async def show(office: Office, text: str) -> None:
    await office.transact(outbox.enqueue_home, office.team, office.ben.id, view(text), now=MONDAY)


async def give(office: Office, name: str = "plan.zip") -> None:
    what = {"name": name, "content": "bytes", "words": "Here it is."}
    until = MONDAY + HOUR
    await office.transact(outbox.enqueue_file, office.team, office.ben.id, what, now=MONDAY, expires_at=until)


def files(office: Office) -> list[str]:
    return [message.text for message in office.ben.dm.messages]


async def test_several_homes_of_one_person_become_one_with_the_last_word(office: Office) -> None:
    for number in range(5):
        await show(office, f"Home {number}")
    assert await office.sender().drain()

    assert office.called("views.publish") == 1
    assert office.ben.home is not None
    assert "Home 4" in str(office.ben.home.blocks)
    assert await office.states() == []


@pytest.mark.parametrize("kind", ["drop_reply", "error_503"])
async def test_a_home_whose_publishing_is_in_doubt_is_published_again(office: Office, kind: Any) -> None:
    office.slack.faults.add("views.publish", kind)
    await show(office, "Home")
    assert await office.sender().drain()

    assert office.ben.home is not None
    assert await office.states() == []
    assert office.troubles == []


async def test_a_home_that_slack_refuses_bothers_nobody_and_holds_up_nothing(office: Office) -> None:
    await office.transact(outbox.enqueue_home, office.team, office.ben.id, {"type": "home"}, now=MONDAY)
    await office.post(office.ben.id, "Good morning")
    assert await office.sender().drain()

    assert files(office) == ["Good morning"]
    assert office.troubles == []


async def test_a_file_arrives_once_with_its_words(office: Office) -> None:
    await give(office)
    assert await office.sender().drain()

    (file,) = office.slack.workspace.files.values()
    assert (file.name, file.content, list(file.shares)) == ("plan.zip", b"bytes", [office.ben.dm.id])
    assert files(office) == ["Here it is."]
    assert await office.states() == []


@pytest.mark.parametrize("kind", ["drop_reply", "error_500", "rate_limited"])
@pytest.mark.parametrize(
    "method", ["conversations.open", "files.getUploadURLExternal", "files.completeUploadExternal"]
)
async def test_a_file_arrives_once_however_slack_stumbles(office: Office, method: str, kind: Any) -> None:
    office.slack.faults.add(method, kind, seconds=1.0)
    await give(office)
    assert await office.sender().drain()

    assert files(office) == ["Here it is."]


async def test_whoever_wanted_a_file_that_slack_refuses_is_told(office: Office) -> None:
    await give(office, name="")
    assert await office.sender().drain()

    (trouble,) = office.troubles
    assert (trouble.kind, trouble.target) == (TroubleKind.FILE, office.ben.id)
    assert await office.states() == ["failed"]
