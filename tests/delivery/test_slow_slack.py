"""A Slack that answers later than we wait: what was given up arrives all the same, and is not said twice.

Waits are those of a slow Slack on a short scale; production's are in proportion.
"""

from datetime import timedelta
from itertools import pairwise

import pytest
from aiohttp import web

from bot.delivery.calls import Caller
from bot.delivery.doubts import Looks
from bot.delivery.tools import Timing
from bot.network import open_session
from storage.delivery.outbox import is_direct
from tests.delivery.conftest import Office, texts
from tests.delivery.test_homes_and_files import files, give
from tests.support.waiting import until

GIVES_UP_EARLY = Timing(
    lease=timedelta(seconds=15), poll_seconds=0.2, call_seconds=0.5, look_seconds=(0.1, 0.3, 4.0)
)
SLOW = 1.5


def test_a_call_is_waited_for_longer_than_slacks_own_libraries_do_and_looked_for_for_longer_still() -> None:
    timing = Timing()
    assert timing.call_seconds > 30
    assert len(timing.look_seconds) >= 3
    assert all(earlier < later for earlier, later in pairwise(timing.look_seconds))
    # Whoever takes a lease over may meet the call of a process that lives: it is over before anything is repeated.
    assert timing.look_seconds[-1] > timing.call_seconds + timing.lease.total_seconds()


@pytest.mark.parametrize(("target", "is_one"), [("D1", True), ("U1", True), ("W1", True), ("C1", False)])
def test_a_direct_message_is_one_by_its_own_id_and_by_the_persons(target: str, is_one: bool) -> None:
    assert is_direct(target) is is_one


def test_what_is_in_doubt_is_looked_for_at_its_times_and_once_more_when_it_is_over() -> None:
    looks = Looks((2, 10, 30))
    looks.begin(1, 100.0)
    assert [looks.next_at(1, now) for now in (100, 102, 115, 130, 500)] == [102, 110, 130, 130, 130]
    assert [looks.is_over(1, now) for now in (100, 129.9, 130)] == [False, False, True]
    looks.begin(1, 120.0)
    assert looks.is_over(1, 130)


async def test_a_direct_message_that_arrives_after_it_was_given_up_is_not_sent_again(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "latency", seconds=SLOW)
    await office.post(office.ben.id, "prompt")
    await office.post(office.ben.id, "and more")
    await office.post(office.ana.id, "to somebody else")
    sender = office.sender(timing=GIVES_UP_EARLY)
    await until(lambda: texts(office.ana.dm), "the message to somebody else")
    assert texts(office.ben.dm) == []  # everything else goes on while it is looked for
    assert await sender.drain()
    assert texts(office.ben.dm) == ["prompt", "and more"]
    assert office.called("chat.postMessage") == 3
    assert office.called("conversations.history") >= 3


async def test_a_reply_to_a_person_is_looked_for_in_the_thread_of_their_message(office: Office) -> None:
    words = await office.ben.says("on track")
    office.slack.faults.add("chat.postMessage", "latency", seconds=SLOW)
    await office.post(office.ben.dm.id, "reply", thread_ts=words.ts)
    assert await office.sender(timing=GIVES_UP_EARLY).drain()
    assert [reply.text for reply in words.thread] == ["reply"]
    assert office.troubles == []


async def test_what_a_message_should_say_by_the_time_it_is_found_is_said_by_an_edit(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "latency", seconds=SLOW)
    prompt = await office.post(office.ben.id, "prompt")
    sender = office.sender(timing=GIVES_UP_EARLY)
    await until(lambda: office.called("conversations.history"), "the first look")
    await office.update(prompt, "answered")
    assert await sender.drain()
    assert texts(office.ben.dm) == ["answered"]


async def test_an_edit_that_arrives_late_does_not_undo_a_later_one(office: Office) -> None:
    sender = office.sender(timing=GIVES_UP_EARLY)
    digest = await office.post(office.marketing.id, "Digest")
    assert await sender.drain()
    office.slack.faults.add("chat.update", "latency", seconds=SLOW)
    await office.update(digest, "Digest, late answer")
    await until(lambda: not office.slack.faults._waiting, "the edit to be on its way")
    await office.update(digest, "Digest, two late answers")
    assert await sender.drain()
    assert texts(office.marketing) == ["Digest, two late answers"]


@pytest.mark.parametrize("is_direct", [False, True], ids=["channel", "direct message"])
async def test_nobody_is_asked_about_a_message_that_may_still_arrive(office: Office, is_direct: bool) -> None:
    office.app.scopes -= {"im:history"}
    office.slack.faults.add("chat.postMessage", "latency", seconds=SLOW)
    conversation = office.ben.dm if is_direct else office.marketing
    there: list[list[str]] = []
    office.tell = lambda _session, _trouble: there.append(texts(conversation))
    await office.post(conversation.id, "Digest")
    assert await office.sender(timing=GIVES_UP_EARLY).drain()
    assert there == [["Digest"]]


async def test_a_file_that_arrives_after_it_was_given_up_is_not_sent_again(office: Office) -> None:
    office.slack.faults.add("files.completeUploadExternal", "latency", seconds=SLOW)
    await give(office)
    assert await office.sender(timing=GIVES_UP_EARLY).drain()
    assert files(office) == ["Here it is."]
    assert office.called("files.completeUploadExternal") == 1


async def test_a_canvas_that_comes_in_pieces_is_read_to_its_end() -> None:
    """Or it would seem that somebody has written in it."""
    shown = b"<p>Newsletter: on track</p>" * 40_000

    async def show(_request: web.Request) -> web.Response:
        return web.Response(body=shown)

    app = web.Application()
    app.router.add_get("/canvas", show)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with open_session() as session:
            assert await Caller(session, f"{url}/api/", seconds=30).read("token", f"{url}/canvas") == shown
    finally:
        await runner.cleanup()
