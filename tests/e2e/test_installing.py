"""Installing by a click, what goes wrong on the way, and whom Slack may speak of afterwards."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.api import Limiter
from bot.clock import SystemClock
from bot.connections import Limits
from bot.installations import FRESH_SECONDS, StoredInstallations
from bot.installing import add_installing
from bot.manifest import list_scopes
from bot.web import listen
from domain.rituals import Due, Ritual
from sandbox import LocalSlack, Person, World
from storage import installations, people, rituals, workspaces
from storage.delivery import leases, outbox
from storage.encryption import Keys, new_key
from storage.installations import Installation
from storage.workspaces import Workspace
from tests.support.databases import SqliteFiles
from tests.support.many import Many, many_here, serving
from tests.support.waiting import until

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)
COMPANY = "E0COMPANY1"


@pytest.fixture
def ada(many: Many) -> Person:
    return many.slack.person("Ada")


def installed(many: Many, workspace_id: str) -> Installation | None:
    own = many.bot.database.within(workspace_id)
    return own.run(installations.find_installation, Keys(many.keys), workspace_id)


def own(world: World) -> str:
    return world.workspace.id


# The way there


async def test_slack_is_asked_for_what_the_manifest_asks_for_and_told_where_to_send_people_back(
    many: Many,
) -> None:
    address, cookie = await many.begins("?team=T0SANDBOX1")
    asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    assert asked["client_id"] == many.registration.client_id
    needed, optional = list_scopes()
    assert asked["scope"].split(",") == [*needed, *optional]
    assert asked["redirect_uri"] == f"{many.url}/slack/oauth_redirect"
    assert asked["team"] == "T0SANDBOX1"
    assert "user_scope" not in asked
    assert cookie == f"slack-app-oauth-state={asked['state']}"


@pytest.mark.parametrize("team", ["T1%26redirect_uri=https://evil.example", "%0d%0aSet-Cookie:x", "x", "<b>"])
async def test_what_is_no_workspace_does_not_reach_slack_as_one(many: Many, team: str) -> None:
    address, _ = await many.begins(f"?team={team}")
    assert "team=" not in address
    assert "evil" not in address


async def test_a_click_installs_it_and_the_page_says_so(many: Many, ada: Person) -> None:
    page = await many.installs(ada)
    assert "Drumbeat is installed in Sandbox" in page.text
    assert "Max-Age" not in page.headers["Set-Cookie"]
    found = installed(many, own(many.slack))
    assert found is not None
    assert (found.token, found.installer_id) == (many.slack.app.bot_token, ada.id)
    assert found.bot_user_id == many.slack.app.bot_user_id
    assert (found.app_id, found.bot_id) == (many.slack.app.app_id, many.slack.app.bot_id)


async def test_installing_it_twice_greets_once_and_keeps_everything(many: Many, ada: Person) -> None:
    await many.installs(ada)
    await many.installs(ada)
    assert sum("I am Drumbeat" in message.drawn for message in ada.dm.messages) == 1
    assert not any("is back" in message.drawn for message in ada.dm.messages)


# What comes back


async def test_what_slack_brings_back_is_taken_once(many: Many, ada: Person) -> None:
    address, cookie = await many.begins()
    back = await many.allows(ada, address)
    again = back.replace("code=", "code=1")
    pages = [await many.comes_back(one, cookie) for one in (back, back, again)]
    assert [page.status for page in pages] == [200, 401, 401]
    assert "or was done already" in pages[1].text


async def test_of_two_clicks_at_once_one_installs_it(many: Many, ada: Person) -> None:
    address, cookie = await many.begins()
    back = await many.allows(ada, address)
    pages = await asyncio.gather(*(many.comes_back(back, cookie) for _ in range(5)))
    assert sorted(page.status for page in pages) == [200, 401, 401, 401, 401]


@pytest.mark.parametrize(("later", "status"), [(timedelta(minutes=9), 200), (TEN_MINUTES, 401)])
async def test_after_ten_minutes_it_is_begun_again(
    many: Many, ada: Person, later: timedelta, status: int
) -> None:
    address, cookie = await many.begins()
    await many.slack.clock.advance(by=later)
    page = await many.comes_back(await many.allows(ada, address), cookie)
    assert page.status == status
    assert ("longer than ten minutes" in page.text) is (status == 401)
    assert (installed(many, own(many.slack)) is not None) is (status == 200)


async def test_another_browser_does_not_finish_what_one_began(many: Many, ada: Person) -> None:
    address, cookie = await many.begins()
    _, other = await many.begins()
    back = await many.allows(ada, address)
    for cookies in ("", other, "slack-app-oauth-state="):
        page = await many.comes_back(back, cookies)
        assert page.status == 400
        assert "not opened by the browser" in page.text
    assert installed(many, own(many.slack)) is None
    assert (await many.comes_back(back, cookie)).status == 200


async def test_whoever_cancels_reads_that_nothing_was_changed(many: Many, ada: Person) -> None:
    address, cookie = await many.begins()
    page = await many.comes_back(ada.cancels(address), cookie)
    assert page.status == 200
    assert "You chose not to install Drumbeat" in page.text
    assert f'href="{many.url}/slack/install"' in page.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?code=1",
        "?state=1",
        "?code=1&state=1",
        "?error=<script>",
        "?code=%00&state=%ff",
        "?state=é&code=",
    ],
)
async def test_whatever_somebody_makes_up_is_a_page_and_no_fault(many: Many, query: str) -> None:
    with capture_logs() as log:
        page = await many.comes_back(f"{many.url}/slack/oauth_redirect{query}", "slack-app-oauth-state=1")
    assert page.status in (200, 400, 401)
    assert "Drumbeat is not installed" in page.text
    assert "<script>" not in page.text
    assert [entry["event"] for entry in log] == ["not_installed"]


async def test_a_made_up_code_is_a_page_too_and_neither_code_nor_state_is_in_the_log(
    many: Many, caplog: pytest.LogCaptureFixture
) -> None:
    address, cookie = await many.begins()
    state = parse_qs(urlsplit(address).query)["state"][0]
    with capture_logs() as log:
        page = await many.comes_back(f"{many.url}/slack/oauth_redirect?code=made.up&state={state}", cookie)
    assert page.status == 401
    assert "Slack did not take what it gave you" in page.text
    assert "made.up" not in f"{log} {caplog.text}"
    assert state not in f"{log} {caplog.text}"


async def test_a_slack_in_trouble_is_a_page_and_a_line_in_the_log(many: Many, ada: Person) -> None:
    address, cookie = await many.begins()
    back = await many.allows(ada, address)
    many.slack.faults.add("oauth.v2.access", "drop_reply")
    page = await many.comes_back(back, cookie)
    assert page.status == 503
    assert "Please try again in a few minutes" in page.text


async def test_who_begins_again_and_again_is_asked_to_wait(many: Many) -> None:
    assert many.bot.install_flow is not None
    app = web.Application()
    add_installing(app, many.bot.install_flow, Limiter(3))
    async with listen(app, 0, Limits()) as port:
        address = f"http://127.0.0.1:{port}/slack/install"
        answers = [await many.http.get(address, allow_redirects=False) for _ in range(5)]
    assert [answer.status for answer in answers] == [302, 302, 302, 429, 429]
    assert "Please try again in a few minutes" in await answers[-1].text()


# Whom Slack may speak of


def command(world: World, app_id: str, **more: str) -> dict[str, str]:
    told = {"command": "/rhythm", "text": "help", "team_id": own(world), "api_app_id": app_id}
    return {**told, "user_id": "UADA", "channel_id": "C1", "trigger_id": "1.2", **more}


def event(kind: str, **more: Any) -> dict[str, Any]:
    """An event as Slack wraps it; `team_id` and the rest as given."""
    inner = {"type": kind, **more.pop("event", {})}
    told = {"type": "event_callback", "event_id": f"Ev{kind}{len(str(more))}", "event": inner}
    return {**told, "event_time": int(FRIDAY.timestamp()), **more}


async def test_what_is_of_another_app_or_workspace_is_refused(many: Many, ada: Person) -> None:
    app_id = many.registration.app_id
    orchard = many.slack.add_workspace("Orchard")
    await many.installs(ada)
    with capture_logs() as log:
        answers = [
            await many.hears(command(many.slack, app_id)),
            await many.hears(command(many.slack, "A0OTHER")),
            await many.hears(command(orchard, app_id)),
            await many.hears(event("app_home_opened", team_id=own(orchard), api_app_id=app_id)),
        ]
    assert [answer.status for answer in answers] == [200, 421, 200, 421]
    assert "not installed in this workspace" in answers[2].text
    assert f"{many.url}/slack/install" in answers[2].text
    refused = [entry["event"] for entry in log if entry["event"].endswith("_refused")]
    assert refused == ["other_app_refused", "other_workspace_refused", "other_workspace_refused"]


async def test_no_request_asks_slack_whose_token_it_is(many: Many, ada: Person) -> None:
    await many.installs(ada)
    before = sum(call.method == "auth.test" for call in many.slack.calls)
    for _ in range(5):
        await ada.command("/rhythm", "help")
    assert sum(call.method == "auth.test" for call in many.slack.calls) == before == 1


async def test_another_process_knows_at_once_that_it_is_installed_and_soon_that_it_is_gone(
    many: Many, ada: Person
) -> None:
    bot = many.bot
    clock = Stopwatch()
    other = StoredInstallations(
        bot.transact, clock, Keys(many.keys), bot.client, "id", "secret", bot.background
    )
    assert await other.find(own(many.slack)) is None
    await many.installs(ada)
    found = await other.find(own(many.slack))
    assert found is not None
    await bot.transact(installations.remove, own(many.slack), FRIDAY + TEN_MINUTES)
    assert await other.find(own(many.slack)) is found, "believed for a moment"
    clock.seconds += FRESH_SECONDS
    removed = await other.find(own(many.slack))
    assert removed is not None
    assert removed.removed_at is not None
    await many.slack.clock.advance(by=timedelta(hours=1))
    await many.installs(ada)
    again = await other.find(own(many.slack))
    assert again is not None
    assert again.removed_at is None


class Stopwatch(SystemClock):
    """Goes when it is told to."""

    seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


async def test_what_slack_says_late_of_a_removed_workspace_is_dropped_and_of_one_installed_anew_too(
    many: Many, ada: Person
) -> None:
    await many.installs(ada)
    slack, app = many.slack, many.slack.app
    gone = {"team_id": own(slack), "api_app_id": app.app_id}
    await slack.uninstall(app)
    removed = installed(many, own(slack))
    assert removed is not None
    assert removed.removed_at is not None
    late = await many.hears(event("app_home_opened", **gone, event={"user": ada.id, "tab": "home"}))
    assert (late.status, late.text) == (200, "")

    await slack.clock.advance(by=timedelta(minutes=1))
    await many.installs(ada)
    left = int(FRIDAY.timestamp())
    for kind, told in (("app_uninstalled", {}), ("tokens_revoked", {"tokens": {"bot": [app.bot_user_id]}})):
        again = event(kind, **gone, event=told) | {"event_time": left, "event_id": f"Ev{kind}Late"}
        assert (await many.hears(again)).status == 200
    back = installed(many, own(slack))
    assert back is not None
    assert back.token == app.bot_token


async def test_tokens_of_people_are_none_of_ours(many: Many, ada: Person) -> None:
    await many.installs(ada)
    told = {"team_id": own(many.slack), "event": {"tokens": {"oauth": [ada.id], "bot": []}}}
    assert (await many.hears(event("tokens_revoked", **told))).status == 200
    found = installed(many, own(many.slack))
    assert found is not None
    assert found.removed_at is None


async def test_a_token_that_slack_calls_revoked_is_as_good_as_an_uninstalled_app(
    many: Many, ada: Person
) -> None:
    """Slack tells of it for five minutes; a process may have been down for longer."""
    await many.installs(ada)
    many.slack.tokens.revoke(many.slack.app.bot_token)
    say = {"text": "Your week"}
    await many.bot.transact(outbox.enqueue_post, own(many.slack), ada.id, say, now=FRIDAY)
    assert await many.bot.sender.drain(30)
    removed = installed(many, own(many.slack))
    assert removed is not None
    assert removed.removed_at is not None

    await many.slack.clock.advance(by=timedelta(minutes=1))
    await many.installs(ada)
    assert await many.bot.sender.drain(30)
    said = [message.text for message in ada.dm.messages if message.text == "Your week"]
    assert said == ["Your week"], "what waited goes out, once"


# Organisations


async def test_an_organisation_installs_it_once_for_the_workspaces_it_lets_in(many: Many) -> None:
    app_id = many.registration.app_id
    company = Installation(
        workspace_id=COMPANY,
        id=COMPANY,
        name="Company",
        app_id=app_id,
        bot_id="B1",
        bot_user_id="UBOT",
        scopes=("commands",),
        installer_id="WADA",
        token="xoxb-company",
        installed_at=FRIDAY,
    )
    many.bot.database.run(installations.save_installation, Keys(many.keys), company)
    org = {"enterprise_id": COMPANY, "api_app_id": app_id}
    many.slack.workspace.id = "T0FIRST"
    of_org = {"enterprise_id": COMPANY, "is_enterprise_install": "true"}
    alone = await many.hears(command(many.slack, app_id, enterprise_id=COMPANY))
    assert "not installed in this workspace" in alone.text, "the workspace itself has not got it"
    assert "What you can do" in (await many.hears(command(many.slack, app_id, **of_org))).text
    assert many.bot.database.run(installations.list_served) == ["T0FIRST"]

    granted = event("team_access_granted", **org, event={"team_ids": ["T0SECOND", "T0THIRD"]})
    assert (await many.hears(granted)).status == 200
    assert many.bot.database.run(installations.list_served) == ["T0FIRST", "T0SECOND", "T0THIRD"]
    known = many.bot.database.run(workspaces.list_workspaces)
    assert {one.id: one.name for one in known} == dict.fromkeys(("T0FIRST", "T0SECOND", "T0THIRD"), "Company")
    client = await many.bot.deps_of("T0SECOND")
    assert client.workspace_id == "T0SECOND"
    found = installed(many, "T0SECOND")
    assert found is not None
    assert (found.id, found.token) == (COMPANY, "xoxb-company")

    authorized = [{"enterprise_id": COMPANY, "team_id": None, "is_enterprise_install": True}]
    joined = {"user": {"id": "WBEN", "team_id": "T0SECOND", "name": "ben", "profile": {}}}
    met = event("team_join", **org, team_id="T0SECOND", authorizations=authorized, event=joined)
    assert (await many.hears(met)).status == 200
    assert many.bot.database.run(people.find_person, "T0SECOND", "WBEN")
    assert not many.bot.database.run(people.find_person, "T0FIRST", "WBEN")

    revoked = event("team_access_revoked", **org, event={"team_ids": ["T0SECOND"]})
    assert (await many.hears(revoked | {"event_time": int(FRIDAY.timestamp()) + 60})).status == 200
    assert many.bot.database.run(installations.list_served) == ["T0FIRST", "T0THIRD"]
    left = event("app_uninstalled", **org) | {"event_time": int(FRIDAY.timestamp()) + 60}
    assert (await many.hears(left)).status == 200
    assert many.bot.database.run(installations.list_served) == []


async def test_a_workspace_of_an_organisation_is_served_with_the_organisations_token(
    many: Many, ada: Person
) -> None:
    """Every call says which workspace is meant: the token does not tell."""
    await many.installs(ada)
    team_id, keys = own(many.slack), Keys(many.keys)
    alone = installed(many, team_id)
    assert alone is not None
    company = replace(alone, workspace_id=COMPANY, id=COMPANY, name="Company")
    many.bot.database.run(installations.save_installation, keys, company)
    many.bot.database.run(installations.remove, team_id, FRIDAY + timedelta(minutes=1))
    many.bot.database.run(installations.serve_workspace, team_id, COMPANY, FRIDAY)
    many.bot.installations.forget()  # type: ignore[attr-defined]  # as a quarter of a minute later
    begun = len(many.slack.calls)
    marketing = many.slack.channel("marketing", members=[ada])
    await ada.opens_home()
    await ada.invites(many.slack.app, marketing)
    await ada.command("/rhythm", "setup", channel=marketing)
    assert ada.form is not None
    await many.slack.settled()
    calls = {call.method: call for call in many.slack.calls[begun:]}
    assert {"users.info", "users.conversations", "views.open", "views.publish"} <= set(calls)
    assert all(call.ok for call in calls.values())
    for method in ("users.info", "users.conversations", "views.open"):
        assert calls[method].args["team_id"] == team_id


async def test_an_organisation_comes_by_the_click_too(many: Many) -> None:
    """As Bolt's flow hands it on, for the local Slack has no organisations."""
    assert many.bot.install_flow is not None
    store: Any = many.bot.install_flow.settings.installation_store
    told: dict[str, Any] = {"app_id": "A1", "bot_id": "B1", "bot_user_id": "U1"}
    company = SlackInstallation(
        **told,
        enterprise_id=COMPANY,
        enterprise_name="Company",
        is_enterprise_install=True,
        user_id="WADA",
        bot_token="xoxe.xoxb-company",
        bot_refresh_token="xoxe-1",
        bot_token_expires_in=43_200,
        bot_scopes="commands,chat:write",
    )
    await store.async_save(company)
    found = installed(many, COMPANY)
    assert found is not None
    assert (found.name, found.token, found.installer_id) == ("Company", "xoxe.xoxb-company", "WADA")
    assert found.scopes == ("commands", "chat:write")
    assert found.expires_at is not None
    assert timedelta(hours=11, minutes=59) < found.expires_at - FRIDAY <= timedelta(hours=12)
    assert many.bot.database.run(leases.list_waiting_workspaces, 5) == [COMPANY], "the greeting"


# Workspaces of before


def ask_ben(session: Session, workspace_id: str) -> None:
    """Something is due, and something waits to be said."""
    workspaces.save_workspace(session, Workspace(workspace_id, "Before", "UBOT"))
    rituals.set_due(session, Due(workspace_id, 1, Ritual.PROMPT, "UBEN", "2026-W47", FRIDAY))
    outbox.enqueue_post(session, workspace_id, "UBEN", {"text": "Your week"}, now=FRIDAY)


async def test_a_workspace_that_has_not_installed_it_waits_and_holds_up_no_other(
    many: Many, ada: Person
) -> None:
    """As one that was served by a bot token in the settings until now."""
    await many.bot.transact(ask_ben, "T0BEFORE")
    with capture_logs() as log:
        assert await many.bot.tick(FRIDAY) == []
        await many.installs(ada)
    assert any("I am Drumbeat" in message.drawn for message in ada.dm.messages)
    assert {entry["event"] for entry in log if entry.get("workspace") == "T0BEFORE"} == {"no_token"}
    waiting = many.bot.database.run(leases.list_waiting_workspaces, 5)
    assert waiting == ["T0BEFORE"]


# Rotation, and what is left


async def test_tokens_that_rotate_are_changed_before_they_end_and_nobody_notices(
    sqlite_files: SqliteFiles,
) -> None:
    async with (
        LocalSlack(now=FRIDAY, rate_limits=False) as slack,
        many_here(slack, sqlite_files.new(), rotates=True) as many,
    ):
        ada = slack.person("Ada")
        await many.installs(ada)
        first = slack.app.bot_token
        for _ in range(5):
            await slack.clock.advance(by=timedelta(hours=11))
            many.bot.installations.forget()  # type: ignore[attr-defined]  # what was read a moment ago is hours old
            reply = await ada.command("/rhythm", "setup")
            assert "went wrong" not in reply.drawn
        assert slack.app.bot_token != first
        found = installed(many, own(slack))
        assert found is not None
        assert found.token == slack.app.bot_token
        assert {call.error for call in slack.calls if not call.ok} == set()


async def test_of_many_processes_that_need_a_new_token_at_once_one_gets_it_for_all(database_url: str) -> None:
    async with (
        LocalSlack(now=FRIDAY, rate_limits=False) as slack,
        many_here(slack, database_url, rotates=True) as many,
    ):
        await many.installs(slack.person("Ada"))
        await slack.clock.advance(by=timedelta(hours=11))
        bot, keys, app = many.bot, Keys(many.keys), many.registration
        secret = (app.client_id, app.client_secret)
        processes = [
            StoredInstallations(bot.transact, bot.clock, keys, bot.client, *secret, bot.background)
            for _ in range(8)
        ]
        await asyncio.gather(*(one.find(own(slack)) for one in processes))
        asked = [call.args.get("grant_type") for call in slack.calls if call.method == "oauth.v2.access"]
        assert asked.count("refresh_token") == 1
        found = installed(many, own(slack))
        assert found is not None
        assert found.token == slack.app.bot_token
        assert found.expires_at is not None
        assert found.expires_at - slack.clock.now == timedelta(hours=12)


async def test_a_new_token_is_kept_though_whoever_needed_it_has_given_up(sqlite_url: str) -> None:
    async with (
        LocalSlack(now=FRIDAY, rate_limits=False) as slack,
        many_here(slack, sqlite_url, rotates=True) as many,
    ):
        await many.installs(slack.person("Ada"))
        before = slack.app.bot_token
        await slack.clock.advance(by=timedelta(hours=11))
        slack.faults.add("oauth.v2.access", "latency", seconds=1)
        many.bot.installations.forget()  # type: ignore[attr-defined]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await many.bot.installations.find(own(slack))
        await until(lambda: slack.app.bot_token != before, "the new token")
        await many.bot.background.idle()
        found = installed(many, own(slack))
        assert found is not None
        assert found.token == slack.app.bot_token


async def test_a_token_that_cannot_be_changed_just_now_goes_on_until_it_can(sqlite_url: str) -> None:
    async with (
        LocalSlack(now=FRIDAY, rate_limits=False) as slack,
        many_here(slack, sqlite_url, rotates=True) as many,
    ):
        ada = slack.person("Ada")
        await many.installs(ada)
        before = slack.app.bot_token
        slack.faults.add("oauth.v2.access", "error_503")
        await slack.clock.advance(by=timedelta(hours=11))
        with capture_logs() as log:
            many.bot.installations.forget()  # type: ignore[attr-defined]  # as a quarter of a minute later
            assert "What you can do" in (await ada.command("/rhythm", "help")).drawn
        assert [entry["event"] for entry in log] == ["rotation_refused"]
        found = installed(many, own(slack))
        assert found is not None
        assert found.token == before == slack.app.bot_token


async def test_what_is_kept_goes_after_thirty_days_and_not_before(many: Many, ada: Person) -> None:
    await many.installs(ada)
    team_id = own(many.slack)
    await ada.command("/rhythm", "setup", channel=many.slack.channel("marketing", members=[ada]))
    assert many.bot.database.run(people.find_person, team_id, ada.id)
    await many.slack.uninstall(many.slack.app)
    await many.slack.clock.advance(by=timedelta(days=29))
    await many.bot.tick(many.slack.clock.now)
    assert many.bot.database.run(people.find_person, team_id, ada.id)
    await many.slack.clock.advance(by=timedelta(days=2))
    await many.bot.tick(many.slack.clock.now)
    assert not many.bot.database.run(people.find_person, team_id, ada.id)
    assert many.bot.database.run(workspaces.list_workspaces) == []

    await many.installs(ada)
    assert sum("I am Drumbeat" in message.drawn for message in ada.dm.messages) == 2


async def test_a_key_that_is_lost_keeps_it_from_starting_with_a_sentence(
    many: Many, ada: Person, sqlite_files: SqliteFiles
) -> None:
    await many.installs(ada)
    database_url = many.bot.settings.database_url
    with pytest.raises(Exception, match="None of DRUMBEAT_ENCRYPTION_KEYS decrypts the token of T0SANDBOX1"):
        async with serving(many.slack, many.registration, database_url, many.url, [new_key()]):
            pass
