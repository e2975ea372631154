"""How things reach an app: Socket Mode connections, signed HTTP, acknowledgements and retries."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import LocalSlack
from tests.sandbox.conftest import MONDAY, Office
from tests.sandbox.support import bolt_for, manifest
from tests.sandbox.wires import Wires


async def test_a_connection_starts_with_hello_and_its_address_works_once(
    wires: Wires, session: aiohttp.ClientSession
) -> None:
    api = AsyncWebClient(base_url=wires.slack.api_url)
    url = (await api.apps_connections_open(app_token=wires.app.app_token))["url"]
    async with session.ws_connect(url) as socket:
        hello = await socket.receive_json()
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": wires.app.app_id}
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(url)


async def test_each_envelope_goes_to_one_connection_in_turn(office: Office, wires: Wires) -> None:
    one, other = await wires.connect(), await wires.connect()
    for number in range(6):
        await office.ben.says(str(number))
    texts = [[e["payload"]["event"]["text"] for e in wire.envelopes] for wire in (one, other)]
    assert sorted(texts[0] + texts[1]) == list("012345")
    assert len(texts[0]) == len(texts[1]) == 3


async def test_events_come_late_twice_and_in_another_order_on_request(office: Office, wires: Wires) -> None:
    wire = await wires.connect()
    with wires.slack.outgoing.disorder(2, list.reverse):
        await office.ben.says("first")
        await office.ben.says("second")
        assert wire.envelopes == []
    await wires.slack.settled()
    events = [envelope["payload"] for envelope in wire.envelopes]
    assert [one["event"]["text"] for one in events] == ["second", "first"] * 2
    assert len({one["event_id"] for one in events}) == 2


async def test_an_eleventh_connection_is_sent_away(wires: Wires) -> None:
    for _ in range(10):
        await wires.connect()
    eleventh = await wires.connect()
    assert eleventh.hello["type"] == "disconnect"
    assert eleventh.hello["reason"] == "too_many_websockets"


async def test_a_lost_connection_leaves_its_envelope_to_another(office: Office, wires: Wires) -> None:
    dying, living = await wires.connect(), await wires.connect()

    def die(_: dict[str, Any]) -> bool:
        dying.closing = asyncio.ensure_future(dying.close())
        return False

    dying.acks = die
    await office.ben.says("hello")
    await office.slack.settled()
    (envelope,) = living.envelopes
    assert envelope["payload"]["event"]["text"] == "hello"
    assert envelope["retry_attempt"] == 1
    assert envelope["retry_reason"] == "connection_failed"


async def test_an_app_hears_its_own_posts(office: Office, wires: Wires) -> None:
    wire = await wires.connect()
    posted = await office.api.chat_postMessage(channel=office.ben.id, text="Hello")
    await office.api.chat_update(channel=posted["channel"], ts=posted["ts"], text="Hello again")
    await office.slack.settled()
    first, second = (envelope["payload"]["event"] for envelope in wire.envelopes)
    assert (first["bot_id"], first["ts"]) == (office.app.bot_id, posted["ts"])
    assert (second["subtype"], second["message"]["text"]) == ("message_changed", "Hello again")
    assert second["previous_message"]["text"] == "Hello"


async def test_a_refreshed_connection_is_opened_again_by_bolt(office: Office) -> None:
    bolt = bolt_for(office.slack, office.app)
    heard: list[str] = []

    @bolt.event("message")
    async def hear(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    handler = AsyncSocketModeHandler(bolt, office.app.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await office.slack.connected()
    await office.ben.says("before")
    await office.slack.socket_mode.refresh(office.app)
    await office.slack.connected()
    await office.ben.says("after")
    await handler.close_async()  # type: ignore[no-untyped-call]
    assert heard == ["before", "after"]


async def test_an_event_nobody_acknowledges_is_tried_at_once_after_one_and_five_minutes() -> None:
    async with LocalSlack(now=MONDAY, patience=0.02) as slack, aiohttp.ClientSession() as session:
        app, ben = slack.install(manifest()), slack.person("Ben")
        wire = await Wires(slack, app, session).connect()
        tries: list[tuple[Any, int, str]] = []

        def keep(envelope: dict[str, Any]) -> bool:
            tries.append((slack.clock.now - MONDAY, envelope["retry_attempt"], envelope["retry_reason"]))
            return False

        wire.acks = keep
        await ben.says("hello")
        await slack.clock.advance(by=timedelta(hours=3))
        await wire.close()
    assert tries == [
        (timedelta(0), 0, ""),
        (timedelta(0), 1, "timeout"),
        (timedelta(minutes=1), 2, "timeout"),
        (timedelta(minutes=6), 3, "timeout"),
    ]
    assert len({envelope["payload"]["event_id"] for envelope in wire.envelopes}) == 1


class Endpoint:
    """An app's request URL that keeps what it gets and answers with `status` and `headers`."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = ""

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers=self.headers, text=self.body)


@pytest.fixture
async def endpoint(office: Office) -> AsyncIterator[Endpoint]:
    endpoint, served = Endpoint(), web.Application()
    served.add_routes([web.post("/slack/events", endpoint.take)])
    runner = web.AppRunner(served)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    office.app.deliver_by_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield endpoint
    await runner.cleanup()


async def test_http_bodies_are_signed_with_the_apps_secret(office: Office, endpoint: Endpoint) -> None:
    await office.ben.says("hello")
    headers, body = endpoint.requests[0]
    signed = b"v0:" + headers["X-Slack-Request-Timestamp"].encode() + b":" + body
    expected = hmac.new(office.app.signing_secret.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Slack-Signature"] == f"v0={expected}"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["event"]["text"] == "hello"


async def test_commands_and_interactions_are_forms(office: Office, endpoint: Endpoint) -> None:
    endpoint.body = "Noted"
    reply = await office.ana.command("/raw", "a b&c", channel=office.marketing)
    assert reply.text == "Noted"
    fields = {name: values[0] for name, values in parse_qs(endpoint.requests[0][1].decode()).items()}
    assert (fields["command"], fields["text"], fields["channel_name"]) == ("/raw", "a b&c", "marketing")
    await office.ana.shortcut("New plan")
    payload = json.loads(parse_qs(endpoint.requests[1][1].decode())["payload"][0])
    assert payload["callback_id"] == "plan.new"


async def test_http_events_are_retried_with_the_reason(office: Office, endpoint: Endpoint) -> None:
    endpoint.status = 500
    await office.ben.says("hello")
    await office.slack.settled()
    endpoint.status = 200
    await office.slack.clock.advance(by=timedelta(hours=1))
    tries = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, _ in endpoint.requests]
    assert tries == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert len({body for _, body in endpoint.requests}) == 1


async def test_an_app_may_ask_for_no_retry(office: Office, endpoint: Endpoint) -> None:
    endpoint.status, endpoint.headers = 500, {"x-slack-no-retry": "1"}
    await office.ben.says("hello")
    await office.slack.clock.advance(by=timedelta(hours=1))
    assert len(endpoint.requests) == 1


async def test_an_address_nobody_answers_is_a_failed_connection(office: Office, endpoint: Endpoint) -> None:
    there = office.app.request_url
    office.app.deliver_by_http("http://127.0.0.1:9/slack/events")
    await office.ben.says("hello")
    office.app.deliver_by_http(there)
    await office.slack.clock.advance(by=timedelta(minutes=1))
    (headers, _) = endpoint.requests[0]
    assert headers["x-slack-retry-num"] == "2"
    assert headers["x-slack-retry-reason"] == "connection_failed"


async def test_interactions_are_not_retried(office: Office, endpoint: Endpoint) -> None:
    endpoint.status = 500
    reply = await office.ana.command("/raw")
    await office.slack.clock.advance(by=timedelta(hours=1))
    assert len(endpoint.requests) == 1
    assert "dispatch_failed" in reply.text
