"""A process may die at any instant: another one goes on, and nothing is lost or said twice."""

import asyncio
import random
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.delivery.tools import Timing
from bot.transactions import Transactions
from domain.troubles import TroubleKind
from storage.database import Database
from storage.delivery import leases, sending
from storage.delivery.sending import Step
from storage.models import LeaseRow
from storage.statements import from_now
from tests.delivery.conftest import QUICK, Office, texts
from tests.support.databases import end_other_connections
from tests.support.waiting import until

CHILD = """
import asyncio, sys
from aiohttp import ClientSession
from bot.clock import SystemClock
from bot.delivery.sender import Sender
from bot.transactions import Transactions
from storage.database import Database
from tests.delivery.conftest import QUICK

async def main(url, token, api_url):
    async with ClientSession() as session:
        async def token_for(_workspace):
            return token
        sender = Sender(transact=Transactions(Database.open(url, migrate=False)), clock=SystemClock(),
                        session=session, slack_api_url=api_url, token_for=token_for, tell=lambda *_: None,
                        rates=None, timing=QUICK)
        sender.start()
        await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


async def start_child(office: Office, url: str) -> Process:
    arguments = (url, office.app.bot_token, office.slack.api_url)
    return await asyncio.create_subprocess_exec(sys.executable, "-c", CHILD, *arguments, stderr=DEVNULL)


async def die_with_one_on_its_way(office: Office) -> None:
    """What a sender leaves that was killed just before its call, once its lease has run out."""

    def take(session: Session) -> None:
        leases.acquire(session, "dead", QUICK.lease, [office.team])
        (row, *_) = sending.list_waiting(session, office.team, 1)
        step = Step(office.team, next_id=row.id)
        assert sending.take_steps(session, "dead", timedelta(0), [step])
        session.execute(update(LeaseRow).values(until=datetime(2000, 1, 1, tzinfo=UTC)))

    await office.transact(take)


async def test_a_direct_message_on_its_way_when_its_sender_died_is_sent(office: Office) -> None:
    await office.post(office.ben.id, "prompt")
    await office.post(office.ben.id, "and more")
    await die_with_one_on_its_way(office)
    assert await office.sender(timing=QUICK).drain()
    assert texts(office.ben.dm) == ["prompt", "and more"]


async def test_a_channel_message_on_its_way_when_its_sender_died_is_asked_about(office: Office) -> None:
    await office.post(office.marketing.id, "Digest")
    await die_with_one_on_its_way(office)
    assert await office.sender(timing=QUICK).drain()
    assert texts(office.marketing) == []
    assert [trouble.kind for trouble in office.troubles] == [TroubleKind.IN_DOUBT]


async def test_a_process_killed_between_the_call_and_its_record_posts_once(
    office: Office, database_url: str
) -> None:
    office.slack.faults.add("chat.postMessage", "latency", seconds=0.3)
    await office.post(office.ben.id, "prompt")
    child = await start_child(office, database_url)
    await office.until_met()
    child.kill()
    await child.wait()
    assert await office.sender(timing=QUICK).drain()
    assert texts(office.ben.dm) == ["prompt"]


class StoppedOnce(Transactions):
    """Of a process that is stopped just before its first call, until `meanwhile` is over: it does nothing else either."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._running = asyncio.Lock()

    async def __call__(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        async with self._running:
            result = await super().__call__(fn, *args, **kwargs)
            marks = fn is sending.take_steps and any(step.next_id for step in args[2])
            if marks and (meanwhile := self.meanwhile):
                self.meanwhile = None
                await meanwhile()
        return result


@pytest.mark.parametrize("is_direct", [True, False])
async def test_a_process_that_was_stopped_just_before_its_call_does_not_make_it_after_another_took_over(
    office: Office, *, is_direct: bool
) -> None:
    place = office.ben.dm if is_direct else office.marketing
    own = office.everywhere
    office.everywhere = stopped = StoppedOnce(office.database)

    async def another_takes_over() -> None:
        office.everywhere = own
        lapsed = update(LeaseRow).values(until=datetime(2000, 1, 1, tzinfo=UTC))
        await own(lambda session: session.execute(lapsed))
        assert await office.sender(timing=QUICK).drain()
        await asyncio.sleep(QUICK.margin.total_seconds())  # how long it is stopped at least

    stopped.meanwhile = another_takes_over
    await office.post(office.ben.id if is_direct else place.id, "said")
    sender = office.sender(timing=QUICK)
    await until(lambda: stopped.meanwhile is None, "the process to be stopped")
    assert await sender.drain()
    await sender.stop()
    assert texts(place) == (["said"] if is_direct else [])
    assert [trouble.kind for trouble in office.troubles] == ([] if is_direct else [TroubleKind.IN_DOUBT])


async def test_killed_at_random_instants_every_message_arrives_once_and_in_order(
    office: Office, database_url: str
) -> None:
    chance = random.Random(7)
    for number in range(300):
        await office.post(office.ben.id, str(number))
    for _ in range(3):
        child = await start_child(office, database_url)
        goal = len(texts(office.ben.dm)) + chance.randint(1, 60)
        await office.until_as_many(office.ben.dm, goal)
        child.send_signal(signal.SIGKILL)
        await child.wait()
    assert await office.sender(timing=QUICK).drain()
    assert texts(office.ben.dm) == [str(number) for number in range(300)]


async def test_stopping_finishes_what_is_in_hand_and_gives_the_leases_back(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "latency", seconds=0.3)
    sender = office.sender(timing=Timing(lease=timedelta(hours=1)))
    for number in range(3):
        await office.post(office.ben.id, str(number))
    await office.until_met()
    await sender.stop()
    assert texts(office.ben.dm) == ["0"]
    assert await office.states() == ["pending", "pending"]
    office.senders.clear()
    assert await office.sender().drain()
    assert texts(office.ben.dm) == ["0", "1", "2"]


async def test_when_the_database_loses_its_connections_nothing_is_lost_or_said_twice(
    office_on_postgresql: Office, postgresql_url: str
) -> None:
    office = office_on_postgresql
    for number in range(150):
        await office.post(office.ben.id, str(number))
    sender = office.sender()
    killer = Database.open(postgresql_url, migrate=False).within("T1")
    for goal in (20, 60, 100):
        await office.until_as_many(office.ben.dm, goal)
        await asyncio.to_thread(killer.run, end_other_connections)
    assert await sender.drain()
    assert texts(office.ben.dm) == [str(number) for number in range(150)]
    killer.close()


async def date_lease(office: Office, days: int, holder: str = "gone") -> None:
    """As a process leaves it whose clock is wrong."""
    values = {
        "workspace_id": office.team,
        "holder": holder,
        "until": office.clock.wall() + timedelta(days=days),
    }
    await office.transact(lambda session: session.execute(insert(LeaseRow).values(values)))


async def test_a_lease_dated_a_month_ahead_does_not_stop_the_sending_and_the_log_says_why(
    office: Office,
) -> None:
    await date_lease(office, days=30)
    await office.post(office.ben.id, "prompt")
    with capture_logs() as log:
        assert await office.sender(timing=QUICK).drain()
    assert texts(office.ben.dm) == ["prompt"]
    told = [(entry["event"], entry["workspace"]) for entry in log if entry["event"].startswith("lease_")]
    told = [line for line in told if line[0] != "lease_awaited"]  # a slow machine may wait in between
    assert told == [("lease_cut", office.team), ("lease_taken_over", office.team)]


async def test_waiting_for_another_sender_is_said_once_for_each(office: Office) -> None:
    await date_lease(office, days=0)
    await office.post(office.ben.id, "prompt")
    with capture_logs() as log:
        for holder in ("one", "another"):
            await office.transact(hold, office.team, holder)
            if not office.senders:
                office.sender(timing=Timing(lease=timedelta(seconds=0.2), poll_seconds=0.02))
            await until(partial(is_awaited, log, holder), f"word of {holder} in the log")
        await office.transact(lambda session: session.execute(delete(LeaseRow)))
        await office.until_told(office.ben.dm, "prompt")
    assert awaited(log) == ["one", "another"]


def hold(session: Session, workspace_id: str, holder: str) -> None:
    whole = {"holder": holder, "until": from_now(200.0)}
    session.execute(update(LeaseRow).where(LeaseRow.workspace_id == workspace_id).values(whole))


def is_awaited(log: Sequence[Mapping[str, Any]], holder: str) -> bool:
    return holder in awaited(log)


def awaited(log: Sequence[Mapping[str, Any]]) -> list[str]:
    return [entry["holder"] for entry in log if entry["event"] == "lease_awaited"]
