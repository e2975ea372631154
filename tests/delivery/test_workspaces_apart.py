"""Several workspaces and one sender: what ails one holds up no other, and where the app was removed nothing is sent."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.delivery.pacing import SLACK_RATES
from bot.delivery.sender import _MOST_WORKERS
from sandbox import Conversation, World
from storage import installations
from storage.delivery import outbox
from storage.isolation import within
from tests.delivery.conftest import MONDAY, Office, texts
from tests.support.waiting import until

GONE = timedelta(minutes=1)


@dataclass
class Two:
    """The office's workspace, and Orchard with a channel of its own."""

    office: Office
    orchard: World
    press: Conversation

    async def says(self, text: str) -> None:
        """In Orchard."""
        where = (self.orchard.workspace.id, self.press.id)
        transact = self.office.everywhere.within(self.orchard.workspace.id)
        await transact(outbox.enqueue_post, *where, {"text": text}, now=MONDAY)


@pytest.fixture
async def two(office: Office) -> Two:
    orchard = office.slack.add_workspace("Orchard")
    app = orchard.install(office.app.registration)
    olive = orchard.person("Olive")
    press = orchard.channel("press", members=[olive])
    await olive.invites(app, press)
    office.tokens = {office.team: office.app.bot_token, orchard.workspace.id: app.bot_token}
    return Two(office, orchard, press)


async def test_each_is_spoken_to_with_its_own_token(two: Two) -> None:
    two.office.sender()
    await two.says("Apples")
    await two.office.post(two.office.marketing.id, "Boats")
    await until(lambda: texts(two.press) == ["Apples"], "Apples in Orchard")
    await two.office.until_told(two.office.marketing, "Boats")
    assert all(call.ok for call in two.office.slack.calls)


async def test_one_that_slack_limits_holds_up_no_other(two: Two) -> None:
    two.office.slack.faults.add("chat.postMessage", "rate_limited", seconds=600)
    two.office.sender()
    await two.office.post(two.office.marketing.id, "Boats")
    await two.office.until_met()
    await two.says("Apples")
    await until(lambda: texts(two.press) == ["Apples"], "Apples in Orchard")
    assert texts(two.office.marketing) == []


def wait_in_vain(session: Session) -> None:
    """Something to say in more workspaces without a token than a sender serves at a time."""
    for number in range(_MOST_WORKERS + 20):
        workspace_id = f"T0DEAD{number:03}"
        with within(session, workspace_id):
            outbox.enqueue_post(session, workspace_id, "C1", {"text": "Nobody hears it"}, now=MONDAY)


async def test_more_workspaces_without_a_token_than_can_be_served_at_once_hold_up_no_other(two: Two) -> None:
    await two.office.transact(wait_in_vain)
    sender = two.office.sender()
    await until(lambda: len(sender._workers) >= _MOST_WORKERS, "as many as can be served at once")
    await two.says("Apples")
    await until(lambda: texts(two.press) == ["Apples"], "Apples in Orchard")


async def test_where_it_was_removed_a_sender_stops_at_once_and_goes_on_when_it_is_back(two: Two) -> None:
    """Its token works all the while: it is our own word that counts, not Slack's refusal."""
    office, team = two.office, two.office.team
    sender = office.sender(rates=SLACK_RATES)
    for number in range(4):
        await office.post(office.marketing.id, f"Boat {number}")
    await office.until_as_many(office.marketing, 1)
    await office.transact(installations.remove, team, MONDAY + GONE)
    sent = len(texts(office.marketing))
    await until(lambda: team not in sender._workers, "a worker that has ended")
    assert len(texts(office.marketing)) <= sent + 1, "the one that was on its way, and no more"
    sent = len(texts(office.marketing))
    await two.says("Apples")
    await until(lambda: texts(two.press) == ["Apples"], "Apples in Orchard")
    assert len(texts(office.marketing)) == sent < 4

    await office.transact(installations.restore_own, team)
    sender.resume(team)
    await office.until_told(office.marketing, *(f"Boat {number}" for number in range(4)))
