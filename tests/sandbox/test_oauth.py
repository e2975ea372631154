"""How people install an app by OAuth, how its tokens rotate, and how it goes again."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.file import FileInstallationStore
from slack_sdk.oauth.state_store.file import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import LocalSlack, Person
from sandbox.apps import Registration
from sandbox.refusals import ApiError
from tests.sandbox.conftest import MONDAY, Office
from tests.sandbox.support import manifest
from tests.sandbox.test_shapes import assert_like
from tests.sandbox.wires import Wires

JSON = dict[str, Any]
BACK = "https://tempo.example/slack/oauth_redirect"


def by_oauth(*, rotates: bool = False, back: str = BACK) -> JSON:
    asked = manifest()
    asked["oauth_config"]["redirect_urls"] = [back]
    asked["oauth_config"]["scopes"]["bot_optional"] = ["pins:write"]
    asked["settings"]["token_rotation_enabled"] = rotates
    return asked


@dataclass
class Shop:
    """An app that nobody has installed yet, in a Slack with two workspaces."""

    slack: LocalSlack
    app: Registration
    ana: Person
    olive: Person
    api: AsyncWebClient
    seconds: list[float]

    def address(self, **more: str) -> str:
        given = {"client_id": self.app.client_id, "scope": "chat:write,commands", "state": "s1", **more}
        return f"{self.slack.url}/oauth/v2/authorize?{urlencode(given)}"

    def code(self, person: Person, **more: str) -> str:
        return told(person.allows(self.address(**more)))["code"]

    async def exchange(self, code: str, **more: str) -> JSON:
        secret = {"client_id": self.app.client_id, "client_secret": self.app.client_secret}
        answer = await self.api.oauth_v2_access(**{**secret, "code": code, **more})
        assert isinstance(answer.data, dict)
        return answer.data

    async def refresh(self, token: str) -> JSON:
        return await self.exchange("", grant_type="refresh_token", refresh_token=token)

    async def installed(self, person: Person, **more: str) -> JSON:
        return await self.exchange(self.code(person, **more))

    def with_token(self, token: str) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=self.slack.api_url, retry_handlers=[])


def told(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


@asynccontextmanager
async def opened_shop(*, rotates: bool = False) -> AsyncIterator[Shop]:
    seconds = [0.0]
    async with LocalSlack(now=MONDAY, rate_limits=False, monotonic=lambda: seconds[0]) as slack:
        app = slack.register(by_oauth(rotates=rotates))
        olive = slack.add_workspace("Orchard").person("Olive")
        api = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
        yield Shop(slack, app, slack.person("Ana"), olive, api, seconds)


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with opened_shop() as opened:
        yield opened


@pytest.fixture
async def rotating() -> AsyncIterator[Shop]:
    async with opened_shop(rotates=True) as opened:
        yield opened


async def test_a_code_is_exchanged_for_a_token_of_the_persons_workspace(shop: Shop) -> None:
    sent_to = shop.olive.allows(shop.address())
    assert sent_to.startswith(f"{BACK}?")
    assert told(sent_to)["state"] == "s1"
    granted = await shop.exchange(told(sent_to)["code"])
    assert_like("api.oauth.v2.access", granted)
    assert granted["team"] == {"id": shop.olive.workspace.id, "name": "Orchard"}
    assert granted["authed_user"] == {"id": shop.olive.id}
    assert granted["scope"] == "chat:write,commands"
    assert "refresh_token" not in granted
    who = await shop.with_token(granted["access_token"]).auth_test()
    assert (who["team_id"], who["user_id"]) == (shop.olive.workspace.id, granted["bot_user_id"])
    assert not shop.ana.workspace.apps


async def test_whoever_cancels_sends_the_app_an_error(shop: Shop) -> None:
    assert told(shop.ana.cancels(shop.address())) == {"error": "access_denied", "state": "s1"}


async def test_an_optional_scope_can_be_declined(shop: Shop) -> None:
    address = shop.address(scope="chat:write,pins:write")
    granted = await shop.exchange(told(shop.ana.allows(address, without=["pins:write"]))["code"])
    assert granted["scope"] == "chat:write"
    granted = await shop.exchange(told(shop.ana.allows(address, without=["chat:write"]))["code"])
    assert granted["scope"] == "chat:write,pins:write", "what is not optional goes without asking"


async def test_installing_it_again_adds_scopes_and_keeps_bot_and_token(shop: Shop) -> None:
    first = await shop.installed(shop.ana)
    again = await shop.installed(shop.ana, scope="users:read")
    assert again["scope"] == "chat:write,commands,users:read"
    assert [again[key] for key in ("access_token", "bot_user_id")] == [
        first[key] for key in ("access_token", "bot_user_id")
    ]


async def refused(answer: Any) -> str:
    with pytest.raises(SlackApiError) as problem:
        await answer
    return str(problem.value.response["error"])


async def test_a_code_works_once_for_ten_minutes_for_its_own_app(shop: Shop) -> None:
    code = shop.code(shop.ana)
    assert await refused(shop.exchange("1.2.3")) == "invalid_code"
    other = shop.slack.register(by_oauth())
    own = {"client_id": other.client_id, "client_secret": other.client_secret}
    assert await refused(shop.exchange(code, **own)) == "invalid_code"
    await shop.exchange(code)
    assert await refused(shop.exchange(code)) == "invalid_code"
    code = shop.code(shop.ana)
    shop.seconds[0] = 601
    assert await refused(shop.exchange(code)) == "invalid_code"


async def test_the_client_is_checked(shop: Shop) -> None:
    code = shop.code(shop.ana)
    assert await refused(shop.exchange(code, client_id="1.2")) == "invalid_client_id"
    assert await refused(shop.exchange(code, client_secret="wrong")) == "bad_client_secret"
    assert await refused(shop.exchange(code, grant_type="password")) == "invalid_grant_type"
    assert (await shop.exchange(code))["ok"], "a refusal leaves the code as it is"


async def test_the_redirect_uri_is_the_same_both_times(shop: Shop) -> None:
    below = f"{BACK}/deeper"
    code = shop.code(shop.ana, redirect_uri=below)
    assert await refused(shop.exchange(code)) == "bad_redirect_uri"
    assert await refused(shop.exchange(code, redirect_uri=BACK)) == "bad_redirect_uri"
    assert (await shop.exchange(code, redirect_uri=below))["ok"]
    code = shop.code(shop.ana)
    assert await refused(shop.exchange(code, redirect_uri=BACK)) == "bad_redirect_uri"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"scope": " "}, "no_scopes"),
        ({"user_scope": "chat:write"}, "user_scope_not_there"),
        ({"redirect_uri": "https://elsewhere.example/"}, "bad_redirect_uri"),
        ({"redirect_uri": f"{BACK}.evil.example"}, "bad_redirect_uri"),
    ],
)
async def test_a_wrong_address_is_refused_on_the_page_and_never_sent_back(
    shop: Shop, session: aiohttp.ClientSession, given: dict[str, str], error: str
) -> None:
    address = shop.address(**given)
    with pytest.raises(ApiError, match=error):
        shop.ana.allows(address)
    for method in ("GET", "POST"):
        async with session.request(method, address, allow_redirects=False) as answer:
            assert answer.status == 400
            assert error in await answer.text()


async def test_a_guest_or_stranger_cannot_install_anything(shop: Shop) -> None:
    for person in (
        shop.slack.person("Gus", guest="single"),
        shop.slack.person("Sue", organisation="Other"),
        shop.slack.person("Dan", deactivated=True),
    ):
        with pytest.raises(PermissionError, match="may not install"):
            person.allows(shop.address())


async def test_the_page_asks_and_a_click_answers(shop: Shop, session: aiohttp.ClientSession) -> None:
    address = shop.address(scope="chat:write,pins:write")
    async with session.get(address) as answer:
        asked = await answer.text()
        assert "form-action 'self' https://tempo.example" in answer.headers["Content-Security-Policy"]
    for shown in ("tempo asks", "chat:write", "pins:write", "Orchard", "Olive", "Ana", "Allow", "Cancel"):
        assert shown in asked
    async with session.get(f"{address}&team={shop.olive.workspace.id}") as answer:
        assert "Ana" not in await answer.text()

    async def press(**given: str) -> tuple[int, dict[str, str]]:
        async with session.post(address, data=given, allow_redirects=False) as answer:
            return answer.status, told(answer.headers.get("Location", ""))

    assert await press(answer="cancel") == (302, {"error": "access_denied", "state": "s1"})
    assert (await press(answer="allow", person="UNOBODY"))[0] == 400
    _, sent = await press(answer="allow", person=shop.olive.id)
    granted = await shop.exchange(sent["code"])
    assert (granted["team"]["name"], granted["scope"]) == ("Orchard", "chat:write")
    async with session.post(address, headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert answer.status == 403


async def test_a_rotating_token_ends_after_twelve_hours_by_the_clock(rotating: Shop) -> None:
    first = await rotating.installed(rotating.ana)
    assert_like("api.oauth.v2.access.rotating", first)
    assert first["expires_in"] == 12 * 60 * 60
    await rotating.slack.clock.advance(by=timedelta(hours=11))
    second = await rotating.refresh(first["refresh_token"])
    assert "authed_user" not in second
    await rotating.slack.clock.advance(by=timedelta(hours=1))
    assert await refused(rotating.with_token(first["access_token"]).auth_test()) == "token_expired"
    assert (await rotating.with_token(second["access_token"]).auth_test())["ok"]


async def test_a_refresh_token_works_once_and_two_tokens_live_at_most(rotating: Shop) -> None:
    first = await rotating.installed(rotating.ana)
    second = await rotating.refresh(first["refresh_token"])
    assert await refused(rotating.refresh(first["refresh_token"])) == "invalid_refresh_token"
    assert (await rotating.with_token(first["access_token"]).auth_test())["ok"]
    third = await rotating.refresh(second["refresh_token"])
    assert await refused(rotating.with_token(first["access_token"]).auth_test()) == "token_revoked"
    for live in (second, third):
        assert (await rotating.with_token(live["access_token"]).auth_test())["ok"]


async def test_a_refresh_token_is_its_own_apps(rotating: Shop) -> None:
    first = await rotating.installed(rotating.ana)
    other = rotating.slack.register(by_oauth(rotates=True))
    given = {"client_id": other.client_id, "client_secret": other.client_secret}
    again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    assert await refused(rotating.exchange("", **given, **again)) == "invalid_refresh_token"


async def test_tokens_are_kept_with_the_workspaces(rotating: Shop, tmp_path: Path) -> None:
    first = await rotating.installed(rotating.olive)
    rotating.slack.keep(tmp_path / "kept")
    async with LocalSlack(rate_limits=False) as again:
        again.take_up(tmp_path / "kept")
        api = AsyncWebClient(base_url=again.api_url, token=first["access_token"], retry_handlers=[])
        assert (await api.auth_test())["team"] == "Orchard"
        secret = {"client_id": rotating.app.client_id, "client_secret": rotating.app.client_secret}
        token = first["refresh_token"]
        second = await api.oauth_v2_access(**secret, grant_type="refresh_token", refresh_token=token)
        assert second["access_token"] != first["access_token"]


async def test_a_revoked_token_is_dead_and_the_app_hears_of_it(office: Office, wires: Wires) -> None:
    wire = await wires.connect()
    await office.ana.invites(office.app, office.marketing)
    looked = await office.api.auth_revoke(token=office.app.bot_token, test=True)
    assert looked["revoked"] is False
    answer = await office.api.auth_revoke(token=office.app.bot_token)
    assert_like("api.auth.revoke", answer.data)
    await office.slack.settled()
    event = wire.envelopes[-1]["payload"]
    assert event["event"]["type"] == "tokens_revoked"
    assert event["event"]["tokens"] == {"oauth": [], "bot": [office.app.bot_user_id]}
    assert event["team_id"] == office.slack.workspace.id
    assert await refused(office.api.auth_test()) == "token_revoked"
    assert office.app.bot_user_id not in office.marketing.members
    assert office.slack.workspace.users[office.app.bot_user_id].deactivated


async def test_an_app_uninstalls_itself_by_its_own_secret(office: Office, wires: Wires) -> None:
    wire = await wires.connect()
    own = office.app.registration

    def uninstall(client_id: str, client_secret: str) -> Any:
        return office.api.apps_uninstall(client_id=client_id, client_secret=client_secret)

    other = office.slack.register(manifest())
    assert await refused(uninstall("1.2", "x")) == "invalid_client_id"
    assert await refused(uninstall(own.client_id, "x")) == "bad_client_secret"
    assert await refused(uninstall(other.client_id, other.client_secret)) == "client_id_token_mismatch"
    answer = await uninstall(own.client_id, own.client_secret)
    assert_like("api.apps.uninstall", answer.data)
    await office.slack.settled()
    kinds = {one["payload"]["event"]["type"] for one in wire.envelopes[-2:]}
    assert kinds == {"app_uninstalled", "tokens_revoked"}
    assert await refused(office.api.auth_test()) == "account_inactive"
    again = office.slack.install(own)
    assert again.bot_user_id == office.app.bot_user_id
    assert await refused(office.api.auth_test()) == "account_inactive", "a new token, not the old one"
    fresh = AsyncWebClient(token=again.bot_token, base_url=office.slack.api_url, retry_handlers=[])
    assert (await fresh.auth_test())["ok"]


async def test_no_secret_is_in_the_log_of_calls(rotating: Shop) -> None:
    granted = await rotating.installed(rotating.ana)
    await rotating.refresh(granted["refresh_token"])
    logged = repr([vars(call)["args"] for call in rotating.slack.calls])
    assert [call.method for call in rotating.slack.calls] == ["oauth.v2.access"] * 2
    for secret in (rotating.app.client_secret, granted["refresh_token"], granted["access_token"]):
        assert secret not in logged


def bolt_by_oauth(shop: Shop, folder: Path) -> AsyncApp:
    settings = AsyncOAuthSettings(
        client_id=shop.app.client_id,
        client_secret=shop.app.client_secret,
        scopes=["commands", "chat:write"],
        installation_store=FileInstallationStore(base_dir=str(folder / "store")),
        state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=str(folder / "states")),
        authorization_url=f"{shop.slack.url}/oauth/v2/authorize",
        install_page_rendering_enabled=False,
        token_rotation_expiration_minutes=24 * 60,
    )
    api = AsyncWebClient(base_url=shop.slack.api_url)
    settings.authorize.token_rotator.client = api  # type: ignore[attr-defined]  # Bolt gives it slack.com's
    bolt = AsyncApp(
        signing_secret=shop.app.signing_secret,
        oauth_settings=settings,
        client=api,
        process_before_response=True,
    )
    bolt.enable_token_revocation_listeners()
    return bolt


@pytest.mark.parametrize("rotates", [False, True])
async def test_an_unmodified_bolt_app_is_installed_in_two_workspaces(
    tmp_path: Path, unused_tcp_port_factory: Callable[[], int], session: aiohttp.ClientSession, rotates: bool
) -> None:
    port = unused_tcp_port_factory()
    root = f"http://127.0.0.1:{port}/slack"
    async with opened_shop() as shop:
        shop.app = shop.slack.register(by_oauth(rotates=rotates, back=f"{root}/oauth_redirect"))
        shop.app.request_url = f"{root}/events"
        bolt = bolt_by_oauth(shop, tmp_path)

        @bolt.command("/plan")
        async def plan(ack: Any, client: Any, body: JSON) -> None:
            await ack(f"Hello {(await client.auth_test())['team']}")

        runner = web.AppRunner(bolt.web_app())
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        for person in (shop.ana, shop.olive):
            async with session.get(f"{root}/install", allow_redirects=False) as begun:
                address = begun.headers["Location"]
                state = {"Cookie": begun.headers["Set-Cookie"].partition(";")[0]}
            async with session.get(person.allows(address), headers=state) as done:
                assert done.status == 200, await done.text()
        answers = [(await person.command("/plan")).text for person in (shop.ana, shop.olive)]
        assert answers == ["Hello Sandbox", "Hello Orchard"]
        refreshed = [call for call in shop.slack.calls if call.args.get("grant_type") == "refresh_token"]
        assert len(refreshed) == (2 if rotates else 0), "a token that ends within a day is refreshed at once"
        await shop.slack.uninstall(shop.ana.slack.app)
        assert (await shop.olive.command("/plan")).text == "Hello Orchard"
        assert not list((tmp_path / "store").rglob(f"*{shop.ana.workspace.id}*/bot-latest"))
        await runner.cleanup()
