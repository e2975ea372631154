"""A Slack that answers badly while somebody waits, or while the process starts: what is said then is true."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession, web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import assemble
from bot.check import check_all
from bot.client import refusal_of
from bot.clock import ask_slack
from bot.slack_calls import SlackCalls
from bot.starting import CannotStartError
from domain.check_ins import CheckIn
from domain.errors import DomainError
from domain.healths import Health
from sandbox import LocalSlack
from storage import check_ins
from tests.support.bot_here import settings_for
from tests.support.bot_process import install
from tests.support.databases import SqliteFiles
from tests.support.office import INITIATIVE_FIELDS, Office
from tests.support.offices import FRIDAY

MONDAY = datetime(2026, 11, 23, 18, tzinfo=UTC)
NOT_OPENED = "Slack could not open the form in time. Please try again."


def current(office: Office) -> CheckIn:
    strategy = office.strategy
    found = office.reads(
        check_ins.find_current, strategy.workspace_id, strategy.id, office.ben.id, office.slack.clock.now
    )
    assert found is not None
    return found


@pytest.mark.parametrize("fault", ["error_500", "error_503", "rate_limited", "refuse", "drop_reply"])
async def test_what_was_clicked_is_recorded_and_said_though_slack_opens_no_form(
    office: Office, log: list[Any], fault: Any
) -> None:
    await office.set_up()
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=MONDAY)
    office.slack.faults.add("views.open", fault)
    await office.ben.click("At risk")
    assert await office.heard(office.ben) == f"At risk is recorded. {NOT_OPENED}"
    (answer,) = current(office).answers
    assert answer.health is Health.AT_RISK
    assert [entry["event"] for entry in log if entry["event"] in ("fault", "form_not_opened")] == [
        "form_not_opened"
    ]


@pytest.mark.parametrize("fault", ["error_500", "rate_limited"])
async def test_a_command_whose_form_slack_does_not_open_says_so(office: Office, fault: Any) -> None:
    office.slack.faults.add("views.open", fault)
    assert await office.asks(office.maya, "/rhythm", "setup") == NOT_OPENED


@pytest.mark.parametrize("fault", ["error_500", "error_503", "rate_limited"])
async def test_a_person_slack_does_not_tell_of_just_now_is_a_busy_slack_at_their_field(
    office: Office, fault: Any
) -> None:
    await office.set_up()
    await office.maya.command("/initiative", "add", channel=office.marketing)
    office.slack.faults.add("users.info", fault)
    busy = "Slack is busy and does not say who that is. Please try again in a moment."
    assert await office.errors(office.maya, {**INITIATIVE_FIELDS, "Owner": "@Tom Lindqvist"}) == {
        "Owner": busy
    }
    assert await office.maya.submit() is None
    await office.slack.settled()
    assert list(office.initiatives()) == ["Newsletter relaunch"]


async def test_a_click_that_slack_sends_twice_opens_one_form_and_says_nothing_else(office: Office) -> None:
    await office.set_up()
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=MONDAY)
    await office.ben.click("At risk")
    await office.slack.settled()
    before = [message.drawn for message in office.ben.dm.messages]
    sent = [one.parcel for one in office.slack.outgoing.delivered]
    clicked = next(one for one in reversed(sent) if one.payload.get("type") == "block_actions")
    await office.slack.outgoing.request(office.app, clicked.kind, clicked.payload)
    await office.slack.settled()
    assert [message.drawn for message in office.ben.dm.messages] == before
    assert not office.ben.notices
    assert office.ben.form is not None


async def test_what_slack_leaves_out_of_a_form_is_as_it_was(office: Office) -> None:
    await office.set_up()
    await office.add("Newsletter relaunch")
    before = office.initiatives()["Newsletter relaunch"]
    await office.maya.command("/initiative", "edit newsletter", channel=office.marketing)
    assert await office.maya.submit() is None
    sent = office.slack.outgoing.delivered[-1].parcel
    assert sent.payload["type"] == "view_submission"
    kept = office.initiatives()["Newsletter relaunch"]
    assert kept == before
    values = sent.payload["view"]["state"]["values"]
    for block_id in list(values):
        payload = {
            **sent.payload,
            "view": {**sent.payload["view"], "hash": block_id, "state": {"values": {}}},
        }
        payload["view"]["state"]["values"] = {name: told for name, told in values.items() if name != block_id}
        await office.slack.outgoing.request(office.app, sent.kind, payload)
        await office.slack.settled()
        assert office.initiatives()["Newsletter relaunch"] == before, block_id


@pytest.fixture
async def silent() -> AsyncIterator[str]:
    """The address of a Slack that takes calls and never answers."""
    app = web.Application()

    async def never(request: web.Request) -> web.Response:
        await request.read()
        await asyncio.Event().wait()  # until the caller goes
        return web.Response()

    app.router.add_post("/api/{method}", never)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    await runner.cleanup()


async def test_a_slack_that_does_not_answer_is_not_waited_for_longer_than_a_person_waits(silent: str) -> None:
    async with ClientSession() as session:
        calls = SlackCalls(AsyncWebClient("xoxb-1", silent, session=session, retry_handlers=[]), 0.1)
        with pytest.raises(DomainError) as refused:
            await calls.open_view("1.2.3", {}, recorded="At risk is recorded.")
    assert str(refused.value) == f"At risk is recorded. {NOT_OPENED}"


async def test_a_slack_that_does_not_say_the_time_has_a_reason_in_the_sentence(silent: str) -> None:
    async with ClientSession() as session:
        with pytest.raises(ConnectionError, match="TimeoutError"):
            await ask_slack(session, silent, 0.1)


@pytest.mark.parametrize(
    ("content_type", "body"), [("text/html", "<html>"), ("text/plain", ""), ("application/json", "{")]
)
async def test_an_answer_that_is_no_answer_of_slack_is_understood_as_trouble(
    content_type: str, body: str
) -> None:
    async def busy(_request: web.Request) -> web.Response:
        return web.Response(status=502, text=body, content_type=content_type)

    app = web.Application()
    app.router.add_post("/api/{method}", busy)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session:
        client = AsyncWebClient(
            "xoxb-1", f"http://127.0.0.1:{runner.addresses[0][1]}/api/", session=session, retry_handlers=[]
        )
        with pytest.raises(SlackApiError) as refused:
            await client.auth_test()
    await runner.cleanup()
    refusal = refusal_of(refused.value)
    assert (refusal.error, refusal.is_passing) == ("HTTP 502", True)


# Starting


@pytest.mark.parametrize(("fault", "error"), [("rate_limited", "ratelimited"), ("error_503", "HTTP 503")])
async def test_a_busy_slack_is_waited_for_when_the_process_starts(
    sqlite_files: SqliteFiles, log: list[Any], fault: Any, error: str
) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        slack.faults.add("auth.test", fault)
        async with assemble(settings_for(slack, app, sqlite_files.new())) as parts:
            assert parts.workspace.id == slack.workspace.id
    assert [(entry["event"], entry["error"]) for entry in log] == [("slack_busy", error)]


async def test_a_slack_that_wants_to_be_left_alone_for_long_is_not_a_refused_token(
    sqlite_files: SqliteFiles,
) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        slack.faults.add("auth.test", "rate_limited", seconds=30)
        with pytest.raises(CannotStartError) as told:
            async with assemble(settings_for(slack, app, sqlite_files.new())):
                pass
    assert str(told.value) == (
        "Slack is busy or in trouble (ratelimited): start me again later. It asks to be left alone for 30 s."
    )


async def test_a_refused_token_is_called_that(sqlite_files: SqliteFiles) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        settings = settings_for(slack, app, sqlite_files.new())
        del slack.apps_by_token[app.bot_token]
        with pytest.raises(CannotStartError, match=r"Slack refused SLACK_BOT_TOKEN \(invalid_auth\)"):
            async with assemble(settings):
                pass


@pytest.mark.parametrize("fault", ["rate_limited", "error_500"])
async def test_the_check_calls_a_busy_slack_busy(
    sqlite_files: SqliteFiles, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        monkeypatch.setenv("SLACK_BOT_TOKEN", app.bot_token)
        monkeypatch.setenv("SLACK_SIGNING_SECRET", app.signing_secret)
        monkeypatch.setenv("SLACK_API_URL", slack.api_url)
        monkeypatch.setenv("DATABASE_URL", sqlite_files.new())
        slack.faults.add("auth.test", fault)
        findings = {finding.what: finding for finding in await check_all()}
    assert "token" not in findings
    assert findings["Slack"].detail.startswith("Slack is in trouble")


@pytest.mark.parametrize(
    ("method", "fault", "said"),
    [
        ("apps.connections.open", "drop_reply", "does not answer (ServerDisconnectedError)."),
        ("conversations.info", "rate_limited", "is in trouble (ratelimited). Please check again"),
    ],
)
async def test_a_slack_that_falls_silent_during_the_check_is_one_finding_among_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch, method: str, fault: Any, said: str
) -> None:
    await office.set_up()
    monkeypatch.setenv("SLACK_BOT_TOKEN", office.app.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", office.app.app_token)
    monkeypatch.setenv("SLACK_API_URL", office.slack.api_url)
    monkeypatch.setenv("DATABASE_URL", office.bot.settings.database_url)
    office.slack.faults.add(method, fault)
    findings = await check_all()
    assert [said in finding.detail for finding in findings if finding.what == "Slack"] == [True]
    assert "token" in {finding.what for finding in findings if finding.is_ok}
