"""Installing, by whoever can type an address: made-up, doubled and huge parameters, other people's cookies, a Slack in trouble."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from aiohttp import web
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.client import make_client
from bot.connections import Limits
from bot.installing import add_installing, build_flow
from bot.network import ANSWER_SECONDS, open_session
from bot.web import listen
from storage import installations
from storage.encryption import Keys
from storage.models import InstallStateRow
from tests.support.many import Many
from tests.support.mutations import CANARY
from tests.support.raw_http import Line

FAULTS = ("error_500", "error_503", "rate_limited", "refuse", "drop_reply")


def is_installed(many: Many) -> bool:
    keys = Keys(many.keys)
    return many.bot.database.run(installations.find_installation, keys, many.slack.workspace.id) is not None


def odd_queries(code: str, state: str) -> list[str]:
    """What could be made of an address with a good code and a good state, none of it Slack's."""
    return [
        f"code={code}",
        f"state={state}",
        f"code={code}&state={state}x",
        f"code={code}&state={state[:-1]}",
        f"code={code}&state={state.swapcase()}",
        f"code={code}&state={state}%00",
        f"code={code}&state=%20{state}",
        f"code={code}&state=other&state={state}",
        f"code={code}&state[]={state}",
        f"CODE={code}&STATE={state}",
        f"code={code};state={state}",
        f"code={code}&state={'x' * 4000}",
        f"code={code}&state=%f0%9f%92%a9%ed%a0%80",
        f"error={CANARY}",
        f"error={quote('<script>alert(1)</script>')}&state={state}x",
        f"error={'x' * 4000}",
        "&" * 2000,
        "=".join("x" * 500),
        "%",
        "?" * 500,
    ]


async def test_whatever_somebody_makes_of_a_good_address_installs_nothing(many: Many) -> None:
    ada = many.slack.person("Ada")
    address, cookie = await many.begins()
    back = await many.allows(ada, address)
    told = parse_qs(urlsplit(back).query)
    code, state = told["code"][0], told["state"][0]
    with capture_logs() as log:
        for query in odd_queries(code, state):
            for cookies in (
                cookie,
                "",
                f"{cookie}; {cookie}",
                f"slack-app-oauth-state={'y' * 3000}",
                "=;=;\xff",
            ):
                page = await many.comes_back(f"{many.url}/slack/oauth_redirect?{query}", cookies)
                assert page.status in (200, 400, 401), (query, cookies)
                assert "Drumbeat is not installed" in page.text, (query, cookies)
                assert CANARY not in page.text
                assert "<script>" not in page.text
    assert not is_installed(many)
    assert {entry["event"] for entry in log} == {"not_installed"}
    for secret in (code, state, CANARY):
        assert secret not in repr(log)
    await many.installs(ada)
    assert is_installed(many)


async def test_what_is_too_long_for_an_address_or_no_way_to_ask_is_refused_without_a_word(many: Many) -> None:
    port = urlsplit(many.url).port or 0
    long = b"GET /slack/oauth_redirect?state=%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"x" * 100_000)
    cookies = b"GET /slack/install HTTP/1.1\r\nHost: a\r\nCookie: %s\r\n\r\n" % (b"a=b; " * 20_000)
    with capture_logs() as log:
        for raw in (long, cookies):
            line = await Line.to(port)
            line.sends(raw)
            answer = await line.ended()
            assert answer.split()[1] == b"400"
            assert b"xxx" not in answer
            line.close()
        for method in ("POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH"):
            for path in ("/slack/install", "/slack/oauth_redirect"):
                answered = await many.http.request(method, f"{many.url}{path}?code=1&state=2")
                assert answered.status == 405
    assert log == []
    states = select(func.count()).select_from(InstallStateRow)
    assert many.bot.database.run(lambda session: session.scalar(states)) == 0


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_slack_in_trouble_is_said_and_beginning_again_installs_it(many: Many, fault: Any) -> None:
    ada = many.slack.person("Ada")
    address, cookie = await many.begins()
    back = await many.allows(ada, address)
    many.slack.faults.add("oauth.v2.access", fault)
    with capture_logs() as log:
        page = await many.comes_back(back, cookie)
    assert page.status == 503
    assert "Slack is busy and did not answer in time. Please try again" in page.text
    assert [(entry["event"], entry["reason"]) for entry in log] == [("not_installed", "slack_busy")]
    assert parse_qs(urlsplit(back).query)["code"][0] not in f"{page.text} {log}"
    await many.installs(ada)
    assert is_installed(many)


async def test_a_slack_that_does_not_answer_is_not_waited_for_for_ever(many: Many) -> None:
    assert many.bot.install_flow is not None
    told = many.bot.install_flow.settings
    address, cookie = await many.begins()
    back = await many.allows(many.slack.person("Ada"), address)
    many.slack.faults.add("oauth.v2.access", "latency", seconds=300)
    app = web.Application()
    async with open_session(0.5) as session:
        client = make_client(many.slack.api_url, session)
        store: Any = told.installation_store
        states: Any = told.state_store
        add_installing(app, build_flow(many.bot.settings, client, store, states))
        async with listen(app, 0, Limits()) as port:
            page = await many.comes_back(back.replace(many.url, f"http://127.0.0.1:{port}"), cookie)
    assert page.status == 503
    assert "Slack is busy" in page.text
    assert not is_installed(many)
    assert ANSWER_SECONDS <= 15, "which is what it is otherwise"


async def test_several_people_in_several_browsers_install_it_at_once(many: Many) -> None:
    orchard = many.slack.add_workspace("Orchard")
    people = [
        many.slack.person("Ada"),
        many.slack.person("Bo"),
        orchard.person("Olive"),
        orchard.person("Oda"),
    ]
    begun = [await many.begins() for _ in people]
    backs = [await many.allows(one, address) for one, (address, _) in zip(people, begun, strict=True)]
    cookies = [cookie for _, cookie in begun]
    crossed = await asyncio.gather(
        *(many.comes_back(b, c) for b, c in zip(backs, cookies[1:] + cookies[:1], strict=True))
    )
    assert [page.status for page in crossed] == [400] * 4, "each with another's cookie"
    pages = await asyncio.gather(*(many.comes_back(b, c) for b, c in zip(backs, cookies, strict=True)))
    assert [page.status for page in pages] == [200] * 4
    assert ["Sandbox" in page.text for page in pages] == [True, True, False, False]
    await many.slack.settled()
    greeted = [sum("I am Drumbeat" in message.drawn for message in one.dm.messages) for one in people]
    assert (sum(greeted[:2]), sum(greeted[2:])) == (1, 1)
