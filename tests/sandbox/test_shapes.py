"""Every payload and answer has the fields of Slack's own samples, of the same types.

`shapes.json` was distilled from published samples of Slack's payloads: field names and types, no values.
"""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.sandbox.conftest import Office
from tests.sandbox.support import button, field, modal, section
from tests.sandbox.wires import Wire, Wires

JSON = dict[str, Any]
SHAPES: JSON = json.loads((Path(__file__).parent / "shapes.json").read_text("utf-8"))
OF_INSTALLING = {f"api.{name}" for name in ("apps.uninstall", "auth.revoke")} | {
    f"api.oauth.v2.access{kind}" for kind in ("", ".rotating")
}
"""Those that test_oauth.py looks at."""
_TYPES = {"str": str, "int": int, "bool": bool}


def lacking(shape: Any, actual: Any, at: str = "") -> list[str]:
    """What of the sample's shape the actual thing lacks. null fits any type, in either."""
    if actual is None:
        return []
    if isinstance(shape, dict):
        if not isinstance(actual, dict):
            return [f"{at}: no object but {actual!r}"]
        missing = [f"{at}/{key}: missing" for key in shape if key not in actual]
        return missing + [
            p for key in shape if key in actual for p in lacking(shape[key], actual[key], f"{at}/{key}")
        ]
    if isinstance(shape, list):
        if not isinstance(actual, list):
            return [f"{at}: no list but {actual!r}"]
        return [p for n, item in enumerate(actual) for s in shape for p in lacking(s, item, f"{at}/{n}")]
    if shape == "null" or isinstance(actual, _TYPES[shape]):
        return []
    return [f"{at}: {actual!r} is no {shape}"]


def test_a_missing_field_or_another_type_is_noticed() -> None:
    shape = {"a": [{"b": "str"}], "c": "int"}
    assert lacking(shape, {"a": [{"b": "x"}], "c": 1, "more": True}) == []
    assert lacking(shape, {"a": [{}], "c": "1"}) == ["/a/0/b: missing", "/c: '1' is no int"]


class Sorted:
    """Socket Mode envelopes, by what is in them."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def payload(self, kind: str, **facts: Any) -> Any:
        """The newest payload of a type, or event of a type or subtype."""
        for envelope in reversed(self._wire.envelopes):
            payload = envelope["payload"]
            event = payload.get("event", {})
            names = (payload.get("type"), event.get("subtype") or event.get("type"), payload.get("command"))
            if kind in names and all({**payload, **event}.get(key) == value for key, value in facts.items()):
                return payload
        raise LookupError(kind)


@pytest.fixture
async def seen(wires: Wires) -> Sorted:
    return Sorted(await wires.connect())


def assert_like(sample: str, actual: Any) -> None:
    assert lacking(SHAPES[sample], actual) == []


async def test_messages_are_told_like_slack_does(office: Office, seen: Sorted) -> None:
    await office.ana.invites(office.app, office.marketing)
    assert_like("event.member_joined_channel", seen.payload("member_joined_channel"))
    first = await office.ben.says("hello")
    assert_like("event.message.im", seen.payload("message"))
    await office.ben.says("more", thread=first)
    assert_like("event.message.im.reply", seen.payload("message"))
    await office.ben.edits(first, "hello!")
    assert_like("event.message_changed", seen.payload("message_changed"))
    await office.ben.deletes(await office.ben.says("oops"))
    assert_like("event.message_deleted", seen.payload("message_deleted"))
    await office.ben.uploads("a.png", b"x", text="look")
    assert_like("event.file_share", seen.payload("file_share"))
    message = await office.ben.says("hi @tempo", to=office.marketing)
    assert_like("event.message.channel", seen.payload("message", channel=office.marketing.id))
    assert_like("event.app_mention", seen.payload("app_mention"))
    await office.api.chat_postMessage(channel=office.marketing.id, text="x")
    await office.slack.settled()
    assert_like("event.message.bot", seen.payload("message", channel=office.marketing.id))
    await office.ana.reacts(message, "tada")
    assert_like("event.reaction_added", seen.payload("reaction_added"))


async def test_the_workspace_is_told_like_slack_does(office: Office, seen: Sorted) -> None:
    await office.ana.opens_home()
    assert_like("event.app_home_opened", seen.payload("app_home_opened"))
    await office.api.views_publish(user_id=office.ana.id, view={"type": "home", "blocks": [section("x")]})
    await office.ana.opens_home()
    assert_like("event.app_home_opened.again", seen.payload("app_home_opened"))
    await office.slack.welcome("Dana")
    assert_like("event.team_join", seen.payload("team_join"))
    await office.slack.deactivate(office.cleo)
    assert_like("event.user_change", seen.payload("user_change"))
    other = office.slack.channel("other", members=[office.ana])
    await office.ana.invites(office.app, other)
    await office.ana.removes(office.app, other)
    assert_like("event.channel_left", seen.payload("channel_left"))
    await office.ana.invites(office.app, office.marketing)
    await office.ana.archives(office.marketing)
    assert_like("event.channel_archive", seen.payload("channel_archive"))
    secret = office.slack.channel("secret", members=[office.ana, office.ben], private=True)
    await office.ana.invites(office.app, secret)
    await office.ben.leaves(secret)
    assert_like("event.member_left_channel", seen.payload("member_left_channel"))
    await office.ana.archives(secret)
    assert_like("event.group_archive", seen.payload("group_archive"))
    await office.ana.removes(office.app, secret)
    assert_like("event.group_left", seen.payload("group_left"))
    await office.slack.uninstall(office.app)
    assert_like("event.app_uninstalled", seen.payload("app_uninstalled"))
    assert_like("event.tokens_revoked", seen.payload("tokens_revoked"))


async def test_what_people_do_is_told_like_slack_does(office: Office, seen: Sorted) -> None:
    await office.ana.command("/plan", "add", channel=office.marketing)
    command = seen.payload("/plan")
    assert_like("slash_command", command)
    view = modal(field("Name", {"type": "plain_text_input"}, "name", optional=True), notify_on_close=True)
    await office.api.views_open(trigger_id=command["trigger_id"], view=view)
    await office.ana.close()
    assert_like("view_closed", seen.payload("view_closed"))
    await office.ana.shortcut("New plan")
    assert_like("shortcut", seen.payload("shortcut"))
    await office.api.views_open(trigger_id=seen.payload("shortcut")["trigger_id"], view=view)
    await office.ana.submit()
    assert_like("view_submission", seen.payload("view_submission"))
    assert_like("view_submission.all", seen.payload("view_submission"))
    message = await office.ben.says("hello", to=office.marketing)
    await office.ana.shortcut("Make it a plan", message=message)
    assert_like("message_action", seen.payload("message_action"))
    blocks = [{"type": "actions", "elements": [button("Go", "go", value="1")]}]
    metadata = {"event_type": "tempo", "event_payload": {}}
    await office.api.chat_postMessage(channel=office.ben.id, text="x", blocks=blocks, metadata=metadata)
    await office.ben.click("Go")
    assert_like("block_actions.message", seen.payload("block_actions"))
    await office.api.views_publish(user_id=office.ana.id, view={"type": "home", "blocks": blocks})
    await office.ana.opens_home()
    await office.ana.click("Go")
    assert_like("block_actions.home", seen.payload("block_actions"))


async def test_frames_are_like_slacks(office: Office, wires: Wires) -> None:
    wire = await wires.connect()
    assert_like("socket.hello", wire.hello)
    await office.ben.says("hello")
    assert_like("socket.envelope.event", wire.envelopes[-1])
    await office.ana.shortcut("New plan")
    assert_like("socket.envelope.interactive", wire.envelopes[-1])
    await office.ana.command("/plan")
    assert_like("socket.envelope.command", wire.envelopes[-1])
    assert wire.envelopes[-1]["accepts_response_payload"] is True
    await office.slack.socket_mode.refresh(office.app)
    await wire.listening
    assert_like("socket.disconnect", wire.envelopes[-1])


async def test_answers_are_like_slacks(office: Office, seen: Sorted, session: aiohttp.ClientSession) -> None:
    api, ana = office.api, office.ana.id
    await office.ana.invites(office.app, office.marketing)
    posted = await api.chat_postMessage(channel=ana, text="x")
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    upload = await api.files_getUploadURLExternal(filename="a.txt", length=1)
    await session.post(upload["upload_url"], data=b"x")
    done = await api.files_completeUploadExternal(files=[{"id": upload["file_id"]}], channel_id=ana)
    home = {"type": "home", "blocks": [section("x")]}
    await office.ana.command("/plan")
    opened = await api.views_open(trigger_id=seen.payload("/plan")["trigger_id"], view=modal())
    words = {"type": "markdown", "markdown": "x"}
    made = await api.conversations_canvases_create(channel_id=office.marketing.id, document_content=words)
    change = {"operation": "insert_at_end", "document_content": words}
    answers = {
        "canvases.edit": await api.canvases_edit(canvas_id=made["canvas_id"], changes=[change]),
        "conversations.canvases.create": made,
        "auth.test": await api.auth_test(),
        "apps.connections.open": await api.apps_connections_open(app_token=office.app.app_token),
        "chat.postMessage": posted,
        "chat.update": await api.chat_update(**where, text="y"),
        "chat.postEphemeral": await api.chat_postEphemeral(channel=office.marketing.id, user=ana, text="x"),
        "chat.getPermalink": await api.chat_getPermalink(channel=where["channel"], message_ts=where["ts"]),
        "conversations.open": await api.conversations_open(users=ana),
        "conversations.info": await api.conversations_info(channel=office.marketing.id),
        "conversations.join": await api.conversations_join(channel=office.marketing.id),
        "conversations.list": await api.conversations_list(limit=1),
        "conversations.members": await api.conversations_members(channel=office.marketing.id, limit=1),
        "conversations.history": await api.conversations_history(channel=where["channel"], limit=1),
        "files.getUploadURLExternal": upload,
        "files.completeUploadExternal": done,
        "files.info": await api.files_info(file=upload["file_id"]),
        "reactions.add": await api.reactions_add(
            channel=where["channel"], timestamp=where["ts"], name="tada"
        ),
        "bots.info": await api.bots_info(bot=office.app.bot_id),
        "team.info": await api.team_info(),
        "users.conversations": await api.users_conversations(),
        "users.info": await api.users_info(user=ana),
        "users.list": await api.users_list(),
        "views.open": opened,
        "views.update": await api.views_update(view_id=opened["view"]["id"], view=modal()),
        "views.publish": await api.views_publish(user_id=ana, view=home),
    }
    await api.chat_postMessage(channel=ana, text="reply", thread_ts=where["ts"])
    answers["conversations.replies"] = await api.conversations_replies(**where, limit=1)
    answers["chat.delete"] = await api.chat_delete(**where)
    await office.ana.command("/plan")
    answers["views.push"] = await api.views_push(trigger_id=seen.payload("/plan")["trigger_id"], view=modal())
    problems = {name: lacking(SHAPES[f"api.{name}"], answer.data) for name, answer in answers.items()}
    assert {name: found for name, found in problems.items() if found} == {}
    here = {f"api.{name}" for name in answers}
    assert {name for name in SHAPES if name.startswith("api.")} - OF_INSTALLING == here
