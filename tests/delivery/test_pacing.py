"""Slack's rate limits are never met."""

from datetime import UTC, datetime

import aiohttp
import pytest

from bot.delivery.pacing import SLACK_RATES, Pacing
from bot.transactions import Transactions
from sandbox import LocalSlack
from storage.database import Database
from storage.delivery.outbox import EPHEMERAL, POST, UPDATE
from tests.delivery.conftest import Office, manifest

# Calls a minute that Slack grants: chat.postMessage "several hundred", tier 3 and tier 4.
GRANTED = {POST: 300, UPDATE: 50, EPHEMERAL: 100}


@pytest.mark.parametrize("method", [POST, UPDATE, EPHEMERAL])
def test_no_minute_sees_more_calls_than_slack_grants(method: str) -> None:
    pace = Pacing(SLACK_RATES)
    made = []
    now = 0.0
    for number in range(1_000):
        now = max(now, pace.ready_at(method, f"C{number}"))
        pace.made(method, f"C{number}", now)
        made.append(now)
    busiest = max(sum(start <= then < start + 60 for then in made) for start in made)
    assert busiest <= GRANTED[method]


def test_a_channel_gets_one_post_a_second() -> None:
    pace = Pacing(SLACK_RATES)
    pace.made(POST, "C1", 100.0)
    assert pace.ready_at(POST, "C1") > 101.0
    assert pace.ready_at(POST, "C2") <= 100.0
    assert pace.ready_at(UPDATE, "C1") <= 100.0


def test_a_pause_of_one_method_leaves_the_others() -> None:
    pace = Pacing(SLACK_RATES)
    pace.pause(130.0, UPDATE)
    assert pace.ready_at(UPDATE, "C1") == 130.0
    assert pace.ready_at(POST, "C1") <= 100.0


async def test_with_slacks_limits_on_none_is_met(sqlite_url: str) -> None:
    database = Database.open(sqlite_url, migrate=False)
    async with (
        LocalSlack(now=datetime(2026, 11, 23, 9, tzinfo=UTC)) as slack,
        aiohttp.ClientSession() as session,
    ):
        app, ana, ben = slack.install(manifest()), slack.person("Ana"), slack.person("Ben")
        marketing = slack.channel("marketing", members=[ana])
        await ana.invites(app, marketing)
        office = Office(slack, app, database, Transactions(database), session, ana, ben, marketing)
        sender = office.sender(rates=SLACK_RATES)
        messages = [await office.post(marketing.id, f"{number}") for number in range(4)]
        for number in range(12):
            person = slack.person(f"Person {number}")
            await office.post(person.id, "prompt")
        assert await sender.drain()
        for message in messages * 4:
            await office.update(message, "new")
            assert await sender.drain()
        assert [call.error for call in slack.calls if call.error] == []
        assert len(slack.calls) == 4 + 12 + 16
        await sender.stop()
    database.close()
