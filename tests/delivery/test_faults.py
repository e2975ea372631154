"""On Slack's bad days messages wait, and none is said twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from domain.troubles import TroubleKind
from sandbox import LocalSlack
from storage.delivery import outbox
from tests.delivery.conftest import MONDAY, Office, manifest, texts
from tests.support.waiting import until


def chart() -> dict[str, Any]:
    return {
        "type": "data_visualization",
        "title": "Health",
        "chart": {
            "type": "bar",
            "series": [{"name": "On track", "data": [{"label": "W47", "value": 3}]}],
            "axis_config": {"categories": ["W47"]},
        },
    }


async def test_a_direct_message_whose_reply_was_lost_is_found_and_not_repeated(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "drop_reply")
    await office.post(office.ben.id, "prompt")
    await office.post(office.ben.id, "and more")
    assert await office.sender().drain()
    assert texts(office.ben.dm) == ["prompt", "and more"]
    assert office.troubles == []


async def test_a_reply_in_a_direct_messages_thread_is_found_too(office: Office) -> None:
    sender = office.sender()
    prompt = await office.post(office.ben.id, "prompt")
    assert await sender.drain()
    office.slack.faults.add("chat.postMessage", "drop_reply")
    await office.post(office.ben.id, "reply", thread_of=prompt)
    assert await sender.drain()
    assert [reply.text for reply in office.ben.dm.messages[0].thread] == ["reply"]


@pytest.mark.parametrize("fault", ["drop_reply", "error_500", "error_503", "refuse"])
async def test_a_reply_to_what_a_person_wrote_arrives_once_and_what_follows_with_it(
    office: Office, fault: Any
) -> None:
    words = await office.ben.says("on track")
    office.slack.faults.add("chat.postMessage", fault)
    reply = await office.post(office.ben.dm.id, "understood", thread_ts=words.ts)
    await office.post(office.ben.dm.id, "and more")
    sender = office.sender()
    assert await sender.drain()
    await office.update(reply, "understood, edited")
    assert await sender.drain()
    assert [reply.text for reply in words.thread] == ["understood, edited"]
    assert texts(office.ben.dm) == ["on track", "and more"]
    assert office.troubles == []
    assert await office.states() == []


async def test_an_edit_can_follow_a_message_that_was_found(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "drop_reply")
    sender = office.sender()
    prompt = await office.post(office.ben.id, "prompt")
    assert await sender.drain()
    await office.update(prompt, "answered")
    assert await sender.drain()
    assert texts(office.ben.dm) == ["answered"]


@pytest.mark.parametrize("fault", ["error_500", "error_503", "refuse"])
async def test_a_direct_message_that_is_not_there_is_sent_again(office: Office, fault: Any) -> None:
    office.slack.faults.add("chat.postMessage", fault)
    await office.post(office.ben.id, "prompt")
    assert await office.sender().drain()
    assert texts(office.ben.dm) == ["prompt"]


async def test_a_channel_message_in_doubt_is_not_repeated_and_a_lead_is_asked(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "drop_reply")
    digest = await office.post(office.marketing.id, "Digest")
    await office.post(office.marketing.id, "Details", thread_of=digest)
    assert await office.sender().drain()
    assert texts(office.marketing) == ["Digest"]
    (trouble,) = office.troubles
    assert (trouble.kind, trouble.message_id) == (TroubleKind.IN_DOUBT, digest)
    assert await office.states() == ["in_doubt", "held"]


@pytest.mark.parametrize("fault", ["drop_reply", "error_500"])
async def test_an_edit_in_doubt_is_made_again(office: Office, fault: Any) -> None:
    sender = office.sender()
    digest = await office.post(office.marketing.id, "Digest")
    assert await sender.drain()
    office.slack.faults.add("chat.update", fault)
    await office.update(digest, "Digest, late answer")
    assert await sender.drain()
    assert texts(office.marketing) == ["Digest, late answer"]
    assert office.troubles == []


async def test_retry_after_stops_only_that_method(office: Office) -> None:
    sender = office.sender()
    digest = await office.post(office.marketing.id, "Digest")
    assert await sender.drain()
    office.slack.faults.add("chat.update", "rate_limited", seconds=3_600)
    office.clock.stopwatch = 0.0
    await office.update(digest, "late")
    await office.until_met()
    await office.post(office.ben.id, "meanwhile")
    await office.until_told(office.ben.dm, "meanwhile")
    assert texts(office.marketing) == ["Digest"]
    office.clock.stopwatch = 3_601.0
    await office.post(office.ben.id, "an hour later")
    assert await sender.drain()
    assert texts(office.marketing) == ["late"]


async def test_a_public_channel_is_joined_once_when_needed(office: Office) -> None:
    general = office.slack.channel("general", members=[office.ana])
    await office.post(general.id, "Hello")
    assert await office.sender().drain()
    assert texts(general) == ["Hello"]


async def test_a_channel_that_cannot_be_reached_holds_its_messages_until_the_bot_is_invited(
    office: Office,
) -> None:
    secret = office.slack.channel("secret", members=[office.ana], private=True)
    sender = office.sender()
    digest = await office.post(secret.id, "Digest")
    await office.post(secret.id, "Details", thread_of=digest)
    await office.post(office.ben.id, "not held up")
    assert await sender.drain()
    assert texts(office.ben.dm) == ["not held up"]
    assert await office.states() == ["held", "held"]
    assert [(t.kind, t.error) for t in office.troubles] == [(TroubleKind.UNREACHABLE, "channel_not_found")]

    await office.ana.invites(office.app, secret)
    await office.transact(outbox.release_held, office.team, secret.id)
    assert await sender.drain()
    assert texts(secret) == ["Digest"]
    assert [reply.text for reply in secret.messages[0].thread] == ["Details"]


async def test_an_archived_channel_holds_its_messages(office: Office) -> None:
    await office.ana.archives(office.marketing)
    await office.post(office.marketing.id, "Digest")
    assert await office.sender().drain()
    assert await office.states() == ["held"]
    assert office.troubles[0].error == "is_archived"


async def test_while_the_token_is_refused_everything_waits(office: Office) -> None:
    office.token = "xoxb-revoked"
    sender = office.sender()
    await office.post(office.ben.id, "prompt")
    assert not await sender.drain()
    await until(lambda: sender._workers[office.team].is_stuck, "the worker to rest")
    assert office.troubles == []
    await sender.stop()
    assert await office.states() == ["pending"]
    office.token = ""
    office.senders.clear()
    assert await office.sender().drain()
    assert texts(office.ben.dm) == ["prompt"]


async def test_messages_wait_while_slack_cannot_be_reached(office: Office, unused_tcp_port: int) -> None:
    absent = LocalSlack(now=MONDAY, port=unused_tcp_port)
    app, cleo = absent.install(manifest()), absent.person("Cleo")
    office.api_url, office.token = f"http://127.0.0.1:{unused_tcp_port}/api/", app.bot_token
    sender = office.sender()
    await office.post(cleo.id, "prompt")
    assert not await sender.drain(seconds=0.5)
    async with absent:
        assert await sender.drain()
        assert texts(cleo.dm) == ["prompt"]
    assert [call.method for call in absent.calls] == ["chat.postMessage"]


async def test_a_message_slack_refuses_is_set_aside_and_the_others_go_on(office: Office) -> None:
    await office.post(office.marketing.id, "", blocks=[])
    await office.post(office.marketing.id, "fine")
    assert await office.sender().drain()
    assert texts(office.marketing) == ["fine"]
    assert [(t.kind, t.error) for t in office.troubles] == [(TroubleKind.REFUSED, "no_text")]
    assert await office.states() == ["failed"]


async def test_where_charts_are_refused_the_numbers_come_as_a_table_from_then_on(office: Office) -> None:
    sender = office.sender()
    too_many = [chart()] * 3  # the local Slack takes every chart, but no three of them
    await office.post(office.marketing.id, "Digest", blocks=too_many)
    await office.post(office.marketing.id, "Next digest", blocks=[chart()])
    assert await sender.drain()
    shown = [[block["type"] for block in message.blocks] for message in office.marketing.messages]
    assert shown == [["table"], ["table"]]
    assert [call.error for call in office.slack.calls if call.error] == ["invalid_blocks"]


async def test_a_fault_while_sending_is_logged_by_kind_and_place_without_anybodys_words(
    office: Office,
) -> None:
    def make_file(_session: Session, _workspace_id: str, _what: Any) -> tuple[str, bytes]:
        raise RuntimeError("I am being replaced")

    what = {"name": "plan.zip", "words": "Here it is."}
    tomorrow = MONDAY + timedelta(days=1)
    await office.transact(
        outbox.enqueue_file, office.team, office.ben.id, what, now=MONDAY, expires_at=tomorrow
    )
    with capture_logs() as logs:
        office.sender(make_file=make_file)
        await until(lambda: any(line["event"] == "poisoned" for line in logs), "the fault in the log")

    line = next(line for line in logs if line["event"] == "poisoned")
    assert line["kind"] == "RuntimeError"
    assert "test_faults.py:" in line["at"][-1]
    assert "replaced" not in str(logs)
    assert "exc_info" not in str(logs)
