"""What is enqueued reaches Slack, once and in order."""

from datetime import timedelta

from bot.delivery.pacing import SLACK_RATES
from domain.people import Person as Known
from storage import people
from storage.delivery import outbox
from tests.delivery.conftest import MONDAY, Office, texts


async def test_messages_arrive_in_a_channel_in_the_order_they_were_said(office: Office) -> None:
    sender = office.sender()
    for number in range(20):
        await office.post(office.marketing.id, f"message {number}")
    assert await sender.drain()
    assert texts(office.marketing) == [f"message {number}" for number in range(20)]
    assert await office.states() == []


async def test_a_person_gets_a_direct_message(office: Office) -> None:
    sender = office.sender()
    await office.post(office.ben.id, "Good morning")
    assert await sender.drain()
    assert texts(office.ben.dm) == ["Good morning"]


async def test_an_edit_and_a_reply_find_their_message(office: Office) -> None:
    sender = office.sender()
    digest = await office.post(office.marketing.id, "Digest")
    await office.post(office.marketing.id, "Details", thread_of=digest)
    assert await sender.drain()
    await office.update(digest, "Digest, with a late answer")
    assert await sender.drain()
    (message,) = office.marketing.messages
    assert message.text == "Digest, with a late answer"
    assert message.edited
    assert [reply.text for reply in message.thread] == ["Details"]


async def test_several_edits_of_one_message_become_one(office: Office) -> None:
    sender = office.sender()
    message = await office.post(office.marketing.id, "0")
    assert await sender.drain()
    await sender.stop()
    for number in range(1, 6):
        await office.update(message, str(number))
    office.senders.clear()
    assert await office.sender().drain()
    assert texts(office.marketing) == ["5"]
    assert office.called("chat.update") == 1


async def test_an_edit_before_the_message_was_sent_changes_what_is_sent(office: Office) -> None:
    message = await office.post(office.marketing.id, "first")
    await office.update(message, "second")
    assert await office.sender().drain()
    assert texts(office.marketing) == ["second"]
    assert office.called("chat.update") == 0


async def test_what_makes_no_sense_any_more_is_not_sent(office: Office) -> None:
    await office.post(office.ben.id, "old reminder", expires_at=MONDAY - timedelta(hours=1))
    await office.post(office.ben.id, "prompt", expires_at=MONDAY + timedelta(hours=1))
    assert await office.sender().drain()
    assert texts(office.ben.dm) == ["prompt"]
    assert await office.states() == ["expired"]


async def test_a_notice_is_seen_by_one_person_only(office: Office) -> None:
    payload = {"text": "Only for you", "blocks": []}
    await office.transact(
        outbox.enqueue_ephemeral,
        office.team,
        office.marketing.id,
        office.ana.id,
        payload,
        now=MONDAY,
        expires_at=MONDAY + timedelta(hours=1),
    )
    assert await office.sender().drain()
    assert [notice.text for notice in office.ana.notices] == ["Only for you"]
    assert office.marketing.messages == []


async def test_posts_carry_their_id_and_unfurl_nothing(office: Office) -> None:
    await office.post(office.marketing.id, "https://example.com")
    assert await office.sender().drain()
    (message,) = office.marketing.messages
    assert message.metadata is not None
    assert message.metadata["event_type"] == "drumbeat_message"
    call = next(call for call in office.slack.calls if call.method == "chat.postMessage")
    assert call.args["unfurl_links"] is False
    assert call.args["unfurl_media"] is False


async def test_a_persons_direct_message_channel_is_remembered(office: Office) -> None:
    ben = Known(office.team, office.ben.id, "Ben")
    await office.transact(people.save_people, [ben])
    await office.post(office.ben.id, "Hello")
    assert await office.sender().drain()
    known = await office.transact(people.get_person, office.team, office.ben.id)
    assert known.dm_channel_id == office.ben.dm.id


async def test_two_senders_on_one_database_send_everything_once(office: Office) -> None:
    first, second = office.sender(), office.sender()
    for number in range(40):
        await office.post(office.ben.id, str(number))
        second.wake([office.team])
    assert await first.drain()
    assert texts(office.ben.dm) == [str(number) for number in range(40)]


async def test_an_edit_made_while_the_message_is_on_its_way_is_shown_afterwards(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "latency", seconds=0.3)
    sender = office.sender()
    message = await office.post(office.marketing.id, "asked")
    await office.until_met()
    await office.update(message, "answered")
    assert await sender.drain()
    assert texts(office.marketing) == ["answered"]
    assert office.marketing.messages[0].edited
    assert await office.states() == []


async def test_one_channel_that_must_wait_does_not_hold_up_the_others(office: Office) -> None:
    general = office.slack.channel("general", members=[office.ana])
    sender = office.sender(rates=SLACK_RATES)
    office.clock.stopwatch = office.clock.monotonic()
    for number in range(3):
        await office.post(office.marketing.id, str(number))
    await office.post(general.id, "meanwhile")
    await office.until_told(general, "meanwhile")
    assert texts(office.marketing) == ["0"]
    office.clock.stopwatch = None
    assert await sender.drain()
    assert texts(office.marketing) == ["0", "1", "2"]
