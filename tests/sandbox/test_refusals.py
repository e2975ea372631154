"""More of what Slack refuses, call by call and act by act."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox import LocalSlack
from tests.sandbox.conftest import MONDAY, Office
from tests.sandbox.support import client, manifest, modal, section

CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("api.test", {"error": "my_error"}, "my_error"),
    ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "ANA", "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ("chat.postMessage", {"channel": "ANA", "attachments": [{}] * 101}, "too_many_attachments"),
    (
        "chat.postMessage",
        {"channel": "ANA", "text": "x", "blocks": {"type": "divider"}},
        "invalid_blocks_format",
    ),
    ("chat.postMessage", {"channel": "ANA", "text": "x", "metadata": "[]"}, "invalid_metadata_format"),
    (
        "chat.postMessage",
        {
            "channel": "ANA",
            "text": "x",
            "metadata": {"event_type": "t", "event_payload": {"x": "y" * 17_000}},
        },
        "metadata_too_large",
    ),
    ("chat.postMessage", {"channel": "U404", "text": "x"}, "channel_not_found"),
    ("chat.update", {"channel": "DM", "ts": "POSTED"}, "no_text"),
    ("chat.getPermalink", {"channel": "DM", "message_ts": "1.1"}, "message_not_found"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U1,U2,U3,U4,U5,U6,U7,U8,U9"}, "too_many_users"),
    ("conversations.open", {"users": "U404"}, "user_not_found"),
    ("conversations.join", {"channel": "DM"}, "method_not_supported_for_channel_type"),
    ("conversations.list", {"types": "public_channel,secret"}, "invalid_types"),
    ("conversations.list", {"limit": "many"}, "invalid_limit"),
    ("conversations.history", {"channel": "MARKETING"}, "not_in_channel"),
    ("conversations.replies", {"channel": "DM", "ts": "1.1"}, "thread_not_found"),
    ("files.getUploadURLExternal", {"filename": "x", "length": 0}, "invalid_arguments"),
    (
        "files.getUploadURLExternal",
        {"filename": "x", "length": 1, "alt_txt": "y" * 1001},
        "invalid_arguments",
    ),
    ("files.completeUploadExternal", {"files": [{"id": "F404"}]}, "file_not_found"),
    ("files.completeUploadExternal", {"files": []}, "invalid_arguments"),
    ("files.info", {"file": "F404"}, "file_not_found"),
    ("reactions.add", {"channel": "DM", "timestamp": "1.1", "name": "tada"}, "message_not_found"),
    ("reactions.add", {"channel": "DM", "timestamp": "POSTED", "name": "not a name"}, "invalid_name"),
    ("bots.info", {"bot": "B404"}, "bot_not_found"),
    ("team.info", {"team": "T404"}, "team_not_found"),
    ("views.open", {"trigger_id": "1.2.3"}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1.2.3", "view": {"type": "home", "blocks": []}}, "invalid_arguments"),
    ("views.publish", {"user_id": "U404", "view": {"type": "home", "blocks": []}}, "user_not_found"),
]


@pytest.mark.parametrize(("method", "arguments", "code"), CALLS)
async def test_a_call_is_refused_with_slacks_code(
    office: Office, method: str, arguments: dict[str, Any], code: str
) -> None:
    posted = await office.api.chat_postMessage(channel=office.ana.id, text="x")
    real = {
        "ANA": office.ana.id,
        "DM": posted["channel"],
        "POSTED": posted["ts"],
        "MARKETING": office.marketing.id,
    }
    given = {
        name: real.get(value, value) if isinstance(value, str) else value for name, value in arguments.items()
    }
    with pytest.raises(SlackApiError) as refused:
        await office.api.api_call(method, json=given)
    assert refused.value.response["error"] == code


async def test_markdown_text_becomes_a_block(office: Office) -> None:
    await office.api.api_call("chat.postMessage", json={"channel": office.ana.id, "markdown_text": "**hi**"})
    assert office.ana.dm.messages[0].blocks[0]["type"] == "markdown"


async def test_an_open_conversation_is_named_by_its_id(office: Office) -> None:
    posted = await office.api.chat_postMessage(channel=office.ana.id, text="x")
    opened = await office.api.conversations_open(channel=posted["channel"], return_im=True)
    assert opened["channel"]["id"] == posted["channel"]
    whole = await office.api.conversations_open(users=office.ana.id, return_im=True)
    assert whole["channel"]["user"] == office.ana.id


async def test_a_permalink_into_a_thread_names_it(office: Office) -> None:
    posted = await office.api.chat_postMessage(channel=office.ana.id, text="x")
    reply = await office.api.chat_postMessage(channel=office.ana.id, text="y", thread_ts=posted["ts"])
    link = await office.api.chat_getPermalink(channel=posted["channel"], message_ts=reply["ts"])
    assert link["permalink"].endswith(f"?thread_ts={posted['ts']}&cid={posted['channel']}")


async def test_an_app_without_a_home_tab_publishes_none() -> None:
    async with LocalSlack(now=MONDAY) as slack:
        app = slack.install(manifest(home_tab_enabled=False))
        home = {"type": "home", "blocks": [section("x")]}
        with pytest.raises(SlackApiError, match="not_enabled"):
            await client(slack, app).views_publish(user_id=slack.person("Ana").id, view=home)


async def test_an_app_that_takes_no_interactions_says_so_to_the_person() -> None:
    async with LocalSlack(now=MONDAY) as slack:
        shape = manifest()
        shape["settings"]["interactivity"]["is_enabled"] = False
        slack.install(shape)
        reply = await slack.person("Ana").shortcut("New plan")
    assert reply.text == "This app is not configured to handle interactive responses."


async def test_people_do_only_what_slack_lets_them(office: Office) -> None:
    message = await office.ana.says("mine", to=office.marketing)
    with pytest.raises(PermissionError, match="didn't write"):
        await office.ben.edits(message, "yours")
    with pytest.raises(PermissionError, match="not in #marketing"):
        await office.cleo.says("hello", to=office.marketing)
    with pytest.raises(LookupError, match="no global shortcut"):
        await office.ana.shortcut("Nothing")
    with pytest.raises(LookupError, match="no form open"):
        await office.ana.fill({"Name": "x"})
    await office.cleo.joins(office.marketing)
    await office.cleo.says("hello", to=office.marketing)
    await office.cleo.leaves(office.marketing)
    await office.slack.deactivate(office.cleo)
    with pytest.raises(PermissionError, match="deactivated"):
        await office.cleo.command("/plan")


async def test_without_an_app_there_is_no_dm_with_it() -> None:
    async with LocalSlack(now=MONDAY) as slack:
        with pytest.raises(LookupError, match="no app"):
            _ = slack.person("Ana").dm


async def test_a_press_that_nobody_takes_is_told_to_the_person(office: Office) -> None:
    blocks = [
        {"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": modal()["title"]}]}
    ]
    await office.api.chat_postMessage(channel=office.ana.id, text="x", blocks=blocks)
    reply = await office.ana.click("A plan")
    assert reply.text == "Something went wrong: the app did not answer."
