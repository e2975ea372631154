"""Several workspaces in one local Slack: each has its people, its page and its tokens."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import App, LocalSlack, Person
from sandbox.world import World
from tests.sandbox.conftest import MONDAY, Office
from tests.sandbox.support import client, modal, section
from tests.sandbox.wires import Wires


@dataclass
class Orchard:
    """A second workspace beside the office, with the same app, an Ana of its own and a channel of the same name."""

    world: World
    app: App
    api: AsyncWebClient
    ana: Person


@pytest.fixture
async def orchard(office: Office) -> Orchard:
    world = office.slack.add_workspace("Orchard")
    app = world.install(office.app.registration)
    ana = world.person("Ana", tz="Asia/Tokyo")
    await ana.invites(app, world.channel("marketing", members=[ana]))
    return Orchard(world, app, client(world, app), ana)


async def test_each_has_a_bot_user_and_a_token_of_its_own(office: Office, orchard: Orchard) -> None:
    here, there = await office.api.auth_test(), await orchard.api.auth_test()
    assert (here["team"], there["team"]) == ("Sandbox", "Orchard")
    assert here["team_id"] != there["team_id"]
    assert here["user_id"] != there["user_id"]
    assert there["url"] == "https://orchard.slack.com/"
    ids = [set(world.workspace.users) - {"USLACKBOT"} for world in office.slack.worlds]
    assert ids[0].isdisjoint(ids[1])


async def test_what_is_said_is_told_with_its_team(office: Office, orchard: Orchard, wires: Wires) -> None:
    wire = await wires.connect()
    await orchard.ana.command("/plan", "add")
    await orchard.ana.says("hello")
    await orchard.ana.shortcut("New plan")
    await office.ana.says("hello")
    command, event, shortcut, other = (one["payload"] for one in wire.envelopes)
    team = orchard.world.workspace.id
    assert (command["team_id"], command["team_domain"]) == (team, "orchard")
    assert (event["team_id"], event["authorizations"][0]["team_id"]) == (team, team)
    assert event["authorizations"][0]["user_id"] == orchard.app.bot_user_id
    assert (shortcut["team"]["id"], shortcut["user"]["team_id"]) == (team, team)
    assert other["team_id"] == office.slack.workspace.id
    assert {one["api_app_id"] for one in (command, event, shortcut, other)} == {office.app.app_id}


async def test_a_token_reaches_its_own_workspace_only(office: Office, orchard: Orchard) -> None:
    channel = office.slack.workspace.channel_called("marketing")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await orchard.api.chat_postMessage(channel=channel.id, text="x")
    with pytest.raises(SlackApiError, match="user_not_found"):
        await orchard.api.users_info(user=office.ana.id)
    trigger = office.slack.triggers.issue(office.app, office.ana.id, lambda _: None)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await orchard.api.views_open(trigger_id=trigger.id, view=modal(section("x")))
    names = [c["name"] for c in (await orchard.api.conversations_list())["channels"]]
    assert names == ["marketing"]


async def test_what_is_answered_later_arrives_where_it_was_asked(
    orchard: Orchard, wires: Wires, session: aiohttp.ClientSession
) -> None:
    wire = await wires.connect()
    reply = await orchard.ana.command("/plan")
    url = wire.envelopes[-1]["payload"]["response_url"]
    await session.post(url, json={"text": "done"})
    assert reply.text == "done"
    wrong = url.replace(orchard.world.workspace.id, "T0SANDBOX1")
    async with session.post(wrong, json={"text": "again"}) as answer:
        assert answer.status == 404


async def test_files_stay_in_their_workspace(
    office: Office, orchard: Orchard, session: aiohttp.ClientSession
) -> None:
    upload = await orchard.api.files_getUploadURLExternal(filename="a.txt", length=1)
    assert (await session.post(upload["upload_url"], data=b"x")).status == 200
    given: Any = [{"id": upload["file_id"]}]
    await orchard.api.files_completeUploadExternal(files=given, channel_id=orchard.ana.id)
    url = f"{office.slack.url}/files/{upload['file_id']}"
    own = {"Authorization": f"Bearer {orchard.app.bot_token}"}
    async with session.get(url, headers=own) as answer:
        assert await answer.read() == b"x"
    async with session.get(url, headers={"Authorization": f"Bearer {office.app.bot_token}"}) as answer:
        assert answer.status == 404


async def test_each_has_its_own_page(
    office: Office, orchard: Orchard, session: aiohttp.ClientSession
) -> None:
    async def get(path: str) -> tuple[int, str]:
        async with session.get(office.slack.url + path) as answer:
            return answer.status, await answer.text()

    _, entrance = await get("/")
    assert 'href="/as/ana"' in entrance
    assert 'href="/in/orchard/as/ana"' in entrance
    _, own = await get("/in/orchard")
    assert "Ben" not in own
    await orchard.ana.says("apples", to=orchard.world.workspace.channel_called("marketing"))
    _, there = await get("/in/orchard/as/ana/marketing")
    _, here = await get("/as/ana/marketing")
    assert "apples" in there
    assert "apples" not in here
    assert (await get("/in/orchard/as/ben"))[0] == 404
    assert (await get("/in/nowhere/as/ana"))[0] == 404
    say = f"/in/orchard/as/ana/say/{orchard.world.workspace.channel_called('marketing').id}"
    async with session.post(office.slack.url + say, data={"text": "pears"}) as answer:
        assert answer.url.path == "/in/orchard/as/ana/marketing"
        assert "pears" in await answer.text()


async def test_uninstalling_it_here_leaves_it_there(office: Office, orchard: Orchard) -> None:
    await office.slack.uninstall(office.app)
    with pytest.raises(SlackApiError, match="account_inactive"):
        await office.api.auth_test()
    assert (await orchard.api.auth_test())["ok"]


async def test_each_has_its_own_rate_limits(orchard: Orchard) -> None:
    async with LocalSlack(now=MONDAY, monotonic=lambda: 0) as slack:
        app = slack.install(orchard.app.registration.manifest)
        other = slack.add_workspace("Other")
        apis = [client(slack, app), client(slack, other.install(app.registration))]
        people = [slack.person("Ana"), other.person("Ben")]
        for api, person in zip(apis, people, strict=True):
            await api.chat_postMessage(channel=person.id, text="one")
        with pytest.raises(SlackApiError, match="ratelimited"):
            await apis[0].chat_postMessage(channel=people[0].id, text="two")


async def test_all_of_them_are_kept(office: Office, orchard: Orchard, tmp_path: Path) -> None:
    await orchard.ana.says("apples")
    office.slack.keep(tmp_path / "kept")
    async with LocalSlack() as again:
        again.take_up(tmp_path / "kept")
        _, there = again.worlds
        assert (there.workspace.name, there.workspace.domain, there.workspace.root) == (
            "Orchard",
            "orchard",
            "/in/orchard",
        )
        assert [m.text for m in there.people["ana"].dm.messages] == ["apples"]
        assert there.app.registration is again.app.registration
        answer = await client(again, there.app).auth_test()
        assert answer["team_id"] == orchard.world.workspace.id
        assert there.person("New").id not in orchard.world.workspace.users


@pytest.mark.parametrize(
    ("name", "domain"),
    [("Harbor Lights", "harbor-lights"), ("Überbau & Söhne", "uberbau-sohne"), ("東京", "workspace")],
)
async def test_a_domain_is_made_of_any_name(office: Office, name: str, domain: str) -> None:
    assert office.slack.add_workspace(name).workspace.domain == domain


async def test_a_domain_is_one_workspaces(office: Office, orchard: Orchard) -> None:
    with pytest.raises(ValueError, match="'orchard' already"):
        office.slack.add_workspace("Orchard")
    with pytest.raises(ValueError, match="unlike 'A b'"):
        office.slack.add_workspace("Other", domain="A b")


async def test_the_verbs_from_outside_name_their_workspace(
    office: Office, session: aiohttp.ClientSession
) -> None:
    async def post(path: str, **body: Any) -> Any:
        async with session.post(f"{office.slack.url}/control/{path}", json=body) as answer:
            return await answer.json()

    made = (await post("workspaces", name="Orchard"))["result"]
    assert made["domain"] == "orchard"
    await post("people", workspace="orchard", name="Olive")
    await post("channels", workspace=made["id"], name="press", members=["olive"])
    args = {"text": "apples", "to": "#press"}
    said = await post("act", workspace="orchard", person="olive", verb="says", args=args)
    assert said["result"]["text"] == "apples"
    wrong = await post("act", person="olive", verb="submit")
    assert "nobody here is called 'olive'" in wrong["error"]
    assert (await post("people", workspace="nowhere", name="X"))["error"] == "there is no workspace 'nowhere'"
    async with session.get(f"{office.slack.url}/control/state?workspace=orchard") as answer:
        state = await answer.json()
    assert [one["name"] for one in state["people"]] == ["olive"]
    assert [one["domain"] for one in state["workspaces"]] == ["sandbox", "orchard"]
