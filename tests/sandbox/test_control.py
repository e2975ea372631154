"""The same verbs from another process, over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from sandbox import LocalSlack
from tests.sandbox.conftest import MONDAY, Office
from tests.sandbox.support import bolt_for, button, connected, field, manifest, modal

Post = Callable[..., Awaitable[Any]]


@pytest.fixture
def post(office: Office, session: aiohttp.ClientSession) -> Post:
    async def send(path: str, status: int = 200, **body: Any) -> Any:
        async with session.post(f"{office.slack.url}/control/{path}", json=body) as answer:
            said = await answer.json()
            assert answer.status == status, said
            return said["result"] if status == 200 else said["error"]

    return send


@pytest.fixture
def act(post: Post) -> Post:
    async def send(person: str, verb: str, status: int = 200, **args: Any) -> Any:
        return await post("act", status, person=person, verb=verb, args=args)

    return send


async def test_a_workspace_is_set_up_and_looked_at(
    office: Office, post: Post, session: aiohttp.ClientSession
) -> None:
    dana = await post("people", name="Dana Wu", tz="Asia/Kolkata", guest="multi")
    channel = await post("channels", name="sales", members=["dana.wu", "ana"], private=True)
    app = await post("apps", manifest=manifest(), request_url="http://127.0.0.1:9/")
    assert app["bot_token"] in office.slack.apps_by_token
    async with session.get(f"{office.slack.url}/control/state") as answer:
        state = await answer.json()
    assert state["now"] == MONDAY.isoformat()
    assert dana["id"] in [person["id"] for person in state["people"]]
    (sales,) = [c for c in state["conversations"] if c["id"] == channel["id"]]
    assert sales["members"] == [dana["id"], office.ana.id]
    assert app["request_url"] == "http://127.0.0.1:9/"


async def test_a_person_does_everything_from_outside(
    office: Office, act: Post, session: aiohttp.ClientSession
) -> None:
    bolt = bolt_for(office.slack, office.app)

    @bolt.command("/plan")
    async def open_form(ack: Any, body: dict[str, Any], client: Any) -> None:
        view = modal(field("Owner", {"type": "users_select"}, "owner"))
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack("Opened")

    @bolt.view("plan")
    async def take(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        owner = body["view"]["state"]["values"]["owner"]["in"]["selected_user"]
        blocks = [{"type": "actions", "elements": [button("Done", "go")]}]
        await client.chat_postMessage(channel=owner, text="Yours", blocks=blocks)

    @bolt.action("go")
    async def answer(ack: Any, respond: Any) -> None:
        await ack()
        await respond("Well done")

    @bolt.event("message")
    async def hear() -> None:
        """Acknowledged by Bolt."""

    async with connected(office.slack, office.app, bolt, "socket"):
        reply = await act("ana", "command", name="/plan", text="add", channel="#marketing")
        assert (reply["text"], reply["view"]["labels"]) == ("Opened", ["Owner"])
        form = await act("ana", "submit")
        assert form["errors"] == {"Owner": "Please complete this required field."}
        await act("ana", "fill", values={"Owner": "@ben"})
        assert await act("ana", "submit") is None
        reply = await act("ben", "click", button="Done")
        assert reply["text"] == "Well done"
        said = await act("ben", "says", text="thanks")
        await act("ben", "edits", message={"channel": said["channel"], "ts": said["ts"]}, text="Thanks!")
    async with session.get(f"{office.slack.url}/control/conversations/{office.ben.dm.id}") as answer_:
        messages = (await answer_.json())["messages"]
    assert [message["drawn"] for message in messages] == ["[Done]", "Thanks!"]
    async with session.get(f"{office.slack.url}/control/calls") as answer_:
        calls = (await answer_.json())["calls"]
    assert [call["method"] for call in calls][-2:] == ["views.open", "chat.postMessage"]


async def test_channels_people_and_apps_go_by_name(office: Office, act: Post, post: Post) -> None:
    await act("ana", "invites", who="tempo", to="#marketing")
    assert office.app.bot_user_id in office.marketing.members
    await act("ana", "invites", who="cleo", to="#marketing")
    assert office.cleo.id in office.marketing.members
    await act("cleo", "says", text="hello", to="@ben")
    assert [m.text for m in office.cleo.dm_with(office.ben).messages] == ["hello"]
    await act("ana", "archives", channel="#marketing")
    assert office.marketing.archived
    await post("deactivate", person="cleo")
    assert office.cleo.account.deactivated


async def test_time_and_trouble_are_commanded_too(office: Office, post: Post) -> None:
    moved = await post("clock", by=3600)
    assert moved["now"] == "2026-11-23T10:00:00+00:00"
    moved = await post("clock", to="2026-11-24T09:00:00+00:00")
    assert office.slack.clock.now.day == 24
    assert await post("settled") == moved
    await post("faults", method="auth.test", kind="refuse")
    with pytest.raises(aiohttp.ClientError):
        await office.api.auth_test()


async def test_what_cannot_be_done_is_said(office: Office, act: Post, post: Post) -> None:
    assert "no form open" in await act("ana", "submit", 400)
    assert "nobody here is called 'zed'" in await act("zed", "submit", 400)
    assert "none of" in await act("ana", "explode", 400)
    assert "missing 'name'" in await post("people", 400)
    assert "forward" in await post("clock", 400, to="2020-01-01T00:00:00+00:00")


async def test_the_page_is_served_beside_it(office: Office, session: aiohttp.ClientSession) -> None:
    async with session.get(office.slack.url + "/") as answer:
        assert answer.status == 200
        assert "Ana" in await answer.text()


async def test_several_local_slacks_live_side_by_side() -> None:
    async with LocalSlack(now=MONDAY) as one, LocalSlack(now=MONDAY) as other:
        assert one.url != other.url
