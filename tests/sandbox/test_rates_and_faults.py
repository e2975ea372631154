"""Rate limits, faults on request, and the things that run out: triggers, response_urls, stacks."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from sandbox import App, LocalSlack, Person
from sandbox.rates import RateLimited, Rates
from tests.sandbox.conftest import MONDAY, Office
from tests.sandbox.support import Delivery, bolt_for, button, client, connected, field, manifest, modal


class Stopwatch:
    """Real time, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
async def strict(stopwatch: Stopwatch) -> AsyncIterator[LocalSlack]:
    """With every limit as Slack has it."""
    async with LocalSlack(now=MONDAY, patience=1, monotonic=stopwatch) as slack:
        slack.install(manifest())
        yield slack


async def test_a_channel_takes_one_post_a_second(strict: LocalSlack, stopwatch: Stopwatch) -> None:
    api, ana, ben = client(strict, strict.app), strict.person("Ana"), strict.person("Ben")
    await api.chat_postMessage(channel=ana.id, text="1")
    await api.chat_postMessage(channel=ben.id, text="another channel")
    stopwatch.seconds += 0.75
    with pytest.raises(SlackApiError) as refused:
        await api.chat_postMessage(channel=ana.id, text="2")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    assert refused.value.response["error"] == "ratelimited"
    assert [message.text for message in ana.dm.messages] == ["1"]
    assert strict.calls[-1].error == "ratelimited"
    stopwatch.seconds += 0.25
    assert await _status(api.chat_postMessage(channel=ana.id, text="3")) == 200


async def test_a_tier_is_spent_by_method_and_comes_back(strict: LocalSlack, stopwatch: Stopwatch) -> None:
    api = client(strict, strict.app)
    answers = [await _status(api.users_list()) for _ in range(22)]
    assert answers == [200] * 20 + [429] * 2
    stopwatch.seconds += 3
    assert await _status(api.users_list()) == 200
    assert await _status(api.users_list()) == 429
    assert await _status(api.users_info(user=strict.app.bot_user_id)) == 200


async def _status(call: Any) -> int:
    try:
        return int((await call).status_code)
    except SlackApiError as refused:
        return int(refused.response.status_code)


async def test_limits_can_be_switched_off(office: Office) -> None:
    for number in range(30):
        await office.api.chat_postMessage(channel=office.ana.id, text=str(number))
    assert len(office.ana.dm.messages) == 30


def test_a_spent_budget_says_when_to_come_back(office: Office, stopwatch: Stopwatch) -> None:
    rates = Rates(enforced=True, monotonic=stopwatch)
    for _ in range(20):
        rates.called(office.app, "users.list", 20)
    with pytest.raises(RateLimited) as limited:
        rates.called(office.app, "users.list", 20)
    assert limited.value.seconds == 3


class TestFaults:
    async def test_a_dropped_reply_leaves_the_post_done(self, office: Office) -> None:
        office.slack.faults.add("chat.postMessage", "drop_reply")
        with pytest.raises(aiohttp.ClientError):
            await office.api.chat_postMessage(channel=office.ana.id, text="done")
        assert [message.text for message in office.ana.dm.messages] == ["done"]
        await office.api.chat_postMessage(channel=office.ana.id, text="again")

    async def test_a_refused_connection_does_nothing(self, office: Office) -> None:
        office.slack.faults.add("chat.postMessage", "refuse")
        with pytest.raises(aiohttp.ClientError):
            await office.api.chat_postMessage(channel=office.ana.id, text="x")
        assert office.ana.dm.messages == []
        assert office.slack.calls[-1].error == "refuse"

    @pytest.mark.parametrize("status", [500, 503])
    async def test_server_errors_do_nothing(self, office: Office, status: int) -> None:
        office.slack.faults.add("chat.postMessage", "error_500" if status == 500 else "error_503", times=2)
        for _ in range(2):
            assert await _status(office.api.chat_postMessage(channel=office.ana.id, text="x")) == status
        assert await _status(office.api.chat_postMessage(channel=office.ana.id, text="x")) == 200

    async def test_rate_limiting_names_its_seconds(self, office: Office) -> None:
        office.slack.faults.add("chat.postMessage", "rate_limited", seconds=7)
        with pytest.raises(SlackApiError) as refused:
            await office.api.chat_postMessage(channel=office.ana.id, text="x")
        assert refused.value.response.headers["Retry-After"] == "7"

    async def test_latency_delays_the_answer(self, office: Office) -> None:
        office.slack.faults.add("chat.postMessage", "latency", seconds=0.1)
        before = time.monotonic()
        await office.api.chat_postMessage(channel=office.ana.id, text="x")
        assert time.monotonic() - before >= 0.1

    async def test_a_fault_may_be_one_channels(self, office: Office) -> None:
        office.slack.faults.add("chat.postMessage", "error_500", channel=office.ben.id)
        office.slack.faults.add("chat.postMessage", "error_503", channel=office.ben.dm, times=2)
        assert await _status(office.api.chat_postMessage(channel=office.ana.id, text="x")) == 200
        assert await _status(office.api.chat_postMessage(channel=office.ben.id, text="x")) == 500
        assert await _status(office.api.chat_postMessage(channel=office.ben.id, text="x")) == 503
        assert await _status(office.api.chat_postMessage(channel=office.ben.dm.id, text="x")) == 503

    def test_an_unknown_fault_is_refused(self, office: Office) -> None:
        with pytest.raises(ValueError, match="drop_reply"):
            office.slack.faults.add("chat.postMessage", "explode")  # type: ignore[arg-type]


async def trigger_of(slack: LocalSlack, app: App, person: Person) -> str:
    return await of_command(slack, app, person, "trigger_id")


async def of_command(slack: LocalSlack, app: App, person: Person, what: str) -> str:
    """A fresh trigger_id or response_url, taken from a command."""
    bolt, taken = bolt_for(slack, app), []

    @bolt.command("/plan")
    async def take(ack: Any, body: dict[str, Any]) -> None:
        taken.append(body[what])
        await ack()

    async with connected(slack, app, bolt, "http"):
        await person.command("/plan")
    return str(taken[0])


async def test_a_trigger_opens_one_view(office: Office) -> None:
    trigger = await trigger_of(office.slack, office.app, office.ana)
    await office.api.views_open(trigger_id=trigger, view=modal())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await office.api.views_open(trigger_id=trigger, view=modal())
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await office.api.views_open(trigger_id="1.2.3", view=modal())


async def test_a_trigger_runs_out_after_three_seconds(strict: LocalSlack, stopwatch: Stopwatch) -> None:
    ana = strict.person("Ana")
    trigger = await trigger_of(strict, strict.app, ana)
    stopwatch.seconds += 3.25
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client(strict, strict.app).views_open(trigger_id=trigger, view=modal())
    trigger = await trigger_of(strict, strict.app, ana)
    stopwatch.seconds += 2.75
    await client(strict, strict.app).views_open(trigger_id=trigger, view=modal())


async def test_a_more_patient_slack_lets_a_trigger_live_longer(stopwatch: Stopwatch) -> None:
    async with LocalSlack(now=MONDAY, patience=10, monotonic=stopwatch) as slack:
        app, ana = slack.install(manifest()), slack.person("Ana")
        trigger = await trigger_of(slack, app, ana)
        stopwatch.seconds += 29
        await client(slack, app).views_open(trigger_id=trigger, view=modal())


async def test_how_patient_it_is_may_be_set_from_outside(
    stopwatch: Stopwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_PATIENCE", "0.5")
    async with LocalSlack(now=MONDAY, monotonic=stopwatch) as slack:
        app, ana = slack.install(manifest()), slack.person("Ana")
        trigger = await trigger_of(slack, app, ana)
        stopwatch.seconds += 1.75
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            await client(slack, app).views_open(trigger_id=trigger, view=modal())


async def test_an_acknowledgement_is_waited_for_three_seconds(delivery: Delivery) -> None:
    async with LocalSlack(now=MONDAY, patience=1) as slack:
        app, ana = slack.install(manifest()), slack.person("Ana")
        bolt, seen_by_ana = bolt_for(slack, app), asyncio.Event()

        @bolt.command("/plan")
        async def dawdle(ack: Any) -> None:
            await seen_by_ana.wait()
            await ack()

        async with connected(slack, app, bolt, delivery):
            before = time.monotonic()
            reply = await ana.command("/plan")
            waited = time.monotonic() - before
            seen_by_ana.set()
        assert "operation timed out" in reply.text
        assert waited >= 2.99


async def test_three_views_are_the_most(office: Office) -> None:
    for _ in range(3):
        trigger = await trigger_of(office.slack, office.app, office.ana)
        await office.api.views_push(trigger_id=trigger, view=modal())
    trigger = await trigger_of(office.slack, office.app, office.ana)
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await office.api.views_push(trigger_id=trigger, view=modal())


async def test_a_stale_hash_does_not_overwrite_a_view(office: Office) -> None:
    trigger = await trigger_of(office.slack, office.app, office.ana)
    view = (await office.api.views_open(trigger_id=trigger, view=modal()))["view"]
    await office.api.views_update(view_id=view["id"], hash=view["hash"], view=modal(title="Newer"))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await office.api.views_update(view_id=view["id"], hash=view["hash"], view=modal(title="Stale"))
    await office.ana.close()
    with pytest.raises(SlackApiError, match="not_found"):
        await office.api.views_update(view_id=view["id"], view=modal())


async def test_an_external_id_is_unique(office: Office) -> None:
    trigger = await trigger_of(office.slack, office.app, office.ana)
    await office.api.views_open(trigger_id=trigger, view=modal(external_id="one"))
    await office.api.views_update(external_id="one", view=modal(title="Found", external_id="one"))
    trigger = await trigger_of(office.slack, office.app, office.ben)
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await office.api.views_open(trigger_id=trigger, view=modal(external_id="one"))


async def test_a_response_url_runs_out_after_half_an_hour(strict: LocalSlack, stopwatch: Stopwatch) -> None:
    ana = strict.person("Ana")
    url = await of_command(strict, strict.app, ana, "response_url")
    async with aiohttp.ClientSession() as session:
        stopwatch.seconds += 30 * 60 - 1
        async with session.post(url, json={"text": "In time"}) as answer:
            assert answer.status == 200
        stopwatch.seconds += 2
        async with session.post(url, json={"text": "Too late"}) as answer:
            assert (answer.status, await answer.json()) == (404, {"ok": False, "error": "expired_url"})
    assert [notice.text for notice in ana.notices] == ["In time"]


class TestResponseUrls:
    @pytest.fixture
    async def pressed(self, office: Office) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
        """The response_url of a button Ana pressed."""
        bolt, urls = bolt_for(office.slack, office.app), []

        @bolt.action("go")
        async def take(ack: Any, body: dict[str, Any]) -> None:
            urls.append(body["response_url"])
            await ack()

        blocks = [{"type": "actions", "elements": [button("Go", "go")]}]
        await office.api.chat_postMessage(channel=office.ana.id, text="Press", blocks=blocks)
        async with connected(office.slack, office.app, bolt, "http"), aiohttp.ClientSession() as session:
            await office.ana.click("Go")
            yield session, urls[0]

    async def test_five_answers_are_the_most(
        self, office: Office, pressed: tuple[aiohttp.ClientSession, str]
    ) -> None:
        session, url = pressed
        statuses = []
        for number in range(6):
            async with session.post(url, json={"text": str(number)}) as answer:
                statuses.append(answer.status)
        assert statuses == [200] * 5 + [404]
        assert [notice.text for notice in office.ana.notices] == list("01234")

    async def test_an_answer_may_replace_or_delete_the_message(
        self, office: Office, pressed: tuple[aiohttp.ClientSession, str]
    ) -> None:
        session, url = pressed
        await session.post(url, json={"text": "Pressed", "replace_original": True})
        assert [message.drawn for message in office.ana.dm.messages] == ["Pressed"]
        await session.post(url, json={"text": "for all", "response_type": "in_channel"})
        await session.post(url, json={"delete_original": True})
        assert [message.text for message in office.ana.dm.messages] == ["for all"]

    async def test_blocks_beyond_the_limits_are_refused(
        self, pressed: tuple[aiohttp.ClientSession, str]
    ) -> None:
        session, url = pressed
        async with session.post(url, json={"blocks": [{"type": "mystery"}]}) as answer:
            assert (await answer.json())["error"] == "invalid_blocks"


async def test_a_field_may_ask_for_a_response_url(office: Office) -> None:
    bolt, sent = bolt_for(office.slack, office.app), []
    chosen = {"type": "conversations_select", "response_url_enabled": True}

    @bolt.command("/plan")
    async def open_form(ack: Any, body: dict[str, Any], client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(field("Where", chosen, "where")))
        await ack()

    @bolt.view("plan")
    async def take(ack: Any, body: dict[str, Any]) -> None:
        sent.extend(body["response_urls"])
        await ack()

    async with connected(office.slack, office.app, bolt, "socket"), aiohttp.ClientSession() as session:
        await office.ana.command("/plan")
        await office.ana.fill({"Where": "#marketing"})
        await office.ana.submit()
        assert sent[0]["channel_id"] == office.marketing.id
        await session.post(sent[0]["response_url"], json={"text": "Planned", "response_type": "in_channel"})
    assert [message.text for message in office.marketing.messages] == ["Planned"]


async def test_many_posts_at_once_keep_their_ts_apart(office: Office) -> None:
    await asyncio.gather(
        *(office.api.chat_postMessage(channel=office.ana.id, text=str(n)) for n in range(50))
    )
    assert len({message.ts for message in office.ana.dm.messages}) == 50
