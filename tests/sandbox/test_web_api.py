"""The Web API through an unmodified slack_sdk client: answers, and refusals with Slack's codes."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import LocalSlack
from tests.sandbox.conftest import MONDAY, Office
from tests.sandbox.support import button, client, manifest, modal, section


async def refusal(call: Any) -> Any:
    """The answer of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_tokens_are_checked(office: Office, http: aiohttp.ClientSession) -> None:
    stranger = AsyncWebClient(token="xoxb-wrong", base_url=office.slack.api_url)
    assert (await refusal(stranger.auth_test()))["error"] == "invalid_auth"
    async with http.post(office.slack.api_url + "auth.test") as answer:
        assert await answer.json() == {"ok": False, "error": "not_authed"}
    opened = await refusal(office.api.apps_connections_open(app_token=office.app.bot_token))
    assert opened["error"] == "not_allowed_token_type"
    answer_ = await office.api.auth_test()
    assert answer_["bot_id"] == office.app.bot_id
    assert answer_["user_id"] == office.app.bot_user_id
    assert answer_["team_id"] == office.slack.workspace.id


async def test_granted_scopes_are_in_a_header_and_missing_ones_refused() -> None:
    async with LocalSlack(now=MONDAY) as slack:
        app = slack.install(manifest(), scopes=["users:read", "commands"])
        api = client(slack, app)
        ana = slack.person("Ana")
        secret = slack.channel("secret", members=[ana], private=True)
        await ana.invites(app, secret)
        assert (await api.auth_test()).headers["x-oauth-scopes"] == "commands,users:read"
        refused = await refusal(api.chat_postMessage(channel="C1", text="x"))
        assert refused["error"] == "missing_scope"
        assert refused["needed"] == "chat:write"
        assert refused["provided"] == "commands,users:read"
        app.scopes |= {"channels:read"}
        refused = await refusal(api.conversations_info(channel=secret.id))
        assert (refused["error"], refused["needed"]) == ("missing_scope", "groups:read")


async def test_arguments_come_as_query_form_or_json(office: Office, http: aiohttp.ClientSession) -> None:
    url = office.slack.api_url + "chat.postMessage"
    blocks = [section("hello")]
    bearer = {"Authorization": f"Bearer {office.app.bot_token}"}
    form = {
        "token": office.app.bot_token,
        "channel": office.ana.id,
        "text": "form",
        "blocks": json.dumps(blocks),
    }
    async with http.post(url, data=form) as answer:
        assert (await answer.json())["message"]["blocks"][0]["text"]["text"] == "hello"
    async with http.post(
        url, json={"channel": office.ana.id, "text": "json", "blocks": blocks}, headers=bearer
    ) as answer:
        assert (await answer.json())["ok"]
    async with http.get(url, params={"channel": office.ana.id, "text": "query"}, headers=bearer) as answer:
        assert (await answer.json())["ok"]
    assert [message.text for message in office.ana.dm.messages] == ["form", "json", "query"]
    async with http.post(url, data={**form, "blocks": "{broken"}) as answer:
        assert (await answer.json())["error"] == "invalid_blocks_format"
    async with http.post(url, data=b"{", headers={**bearer, "Content-Type": "application/json"}) as answer:
        assert (await answer.json())["error"] == "invalid_json"
    async with http.get(office.slack.api_url + "no.such", headers=bearer) as answer:
        assert (await answer.json())["error"] == "unknown_method"


async def test_posting_to_a_person_opens_their_direct_message(office: Office) -> None:
    posted = await office.api.chat_postMessage(channel=office.ana.id, text="hello")
    assert posted["channel"] == office.ana.dm.id
    assert posted["channel"].startswith("D")
    opened = await office.api.conversations_open(users=office.ana.id)
    assert opened["channel"]["id"] == office.ana.dm.id
    assert opened["already_open"] is True
    refused = await refusal(office.api.chat_update(channel=office.ana.id, ts=posted["ts"], text="x"))
    assert refused["error"] == "channel_not_found"


async def test_an_app_posts_only_where_it_is(office: Office) -> None:
    secret = office.slack.channel("secret", members=[office.ana], private=True)
    old = office.slack.channel("old", archived=True)
    bot = office.slack.person("Other bot", bot=True)
    gone = office.slack.person("Gone", deactivated=True)
    for channel, code in (
        (office.marketing.id, "not_in_channel"),
        (secret.id, "channel_not_found"),
        ("C404", "channel_not_found"),
        (old.id, "is_archived"),
        (bot.id, "cannot_dm_bot"),
    ):
        assert (await refusal(office.api.chat_postMessage(channel=channel, text="x")))["error"] == code
    joined = await office.api.conversations_join(channel=office.marketing.id)
    assert joined["channel"]["is_member"] is True
    assert (await office.api.conversations_join(channel=office.marketing.id))[
        "warning"
    ] == "already_in_channel"
    await office.api.chat_postMessage(channel=office.marketing.id, text="x")
    assert (await refusal(office.api.conversations_join(channel=old.id)))["error"] == "is_archived"
    assert (await refusal(office.api.conversations_open(users=gone.id)))["error"] == "user_disabled"


async def test_a_post_to_somebody_deactivated_succeeds_unseen(office: Office) -> None:
    gone = office.slack.person("Gone", deactivated=True)
    assert (await office.api.chat_postMessage(channel=gone.id, text="x"))["ok"] is True
    assert [message.text for message in gone.dm.messages] == ["x"]


async def test_metadata_is_kept_and_found_again(office: Office) -> None:
    metadata = {"event_type": "tempo", "event_payload": {"id": "7"}}
    posted = await office.api.chat_postMessage(channel=office.ana.id, text="x", metadata=metadata)
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    await office.api.chat_update(**where, text="y")
    assert office.ana.dm.messages[0].metadata == metadata
    bare = await office.api.conversations_history(channel=posted["channel"])
    assert bare["messages"][0]["metadata"] == {"event_type": "tempo"}
    full = await office.api.conversations_history(channel=posted["channel"], include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata
    wrong = {"event_type": "tempo"}
    refused = await refusal(office.api.chat_postMessage(channel=office.ana.id, text="x", metadata=wrong))
    assert refused["error"] == "invalid_metadata_schema"


async def test_an_update_changes_what_it_names_and_nothing_else(office: Office) -> None:
    posted = await office.api.chat_postMessage(channel=office.ana.id, text="x", blocks=[section("old")])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    await office.api.chat_update(**where, text="y")
    message = office.ana.dm.messages[0]
    assert (message.text, message.edited, message.blocks[0]["text"]["text"]) == ("y", True, "old")
    await office.api.chat_update(**where, text="z", blocks=[])
    assert message.blocks == []
    assert (await refusal(office.api.chat_update(**where, text="x" * 4001)))["error"] == "msg_too_long"
    await office.api.chat_update(**where, text="x" * 4000)
    theirs = await office.ana.says("mine")
    refused = await refusal(office.api.chat_update(channel=where["channel"], ts=theirs.ts, text="z"))
    assert refused["error"] == "cant_update_message"
    assert (await refusal(office.api.chat_update(channel=where["channel"], ts="1.1", text="z")))[
        "error"
    ] == "message_not_found"
    assert (await refusal(office.api.chat_delete(channel=where["channel"], ts=theirs.ts)))[
        "error"
    ] == "cant_delete_message"
    await office.api.chat_delete(**where)
    assert office.ana.dm.messages == [theirs]


async def test_replies_need_a_message_to_reply_to(office: Office) -> None:
    posted = await office.api.chat_postMessage(channel=office.ana.id, text="x")
    await office.api.chat_postMessage(channel=office.ana.id, text="reply", thread_ts=posted["ts"])
    refused = await refusal(office.api.chat_postMessage(channel=office.ana.id, text="x", thread_ts="1.1"))
    assert refused["error"] == "cannot_reply_to_message"
    assert [reply.text for reply in office.ana.dm.messages[0].thread] == ["reply"]


async def test_empty_messages_are_refused_and_long_ones_cut(office: Office) -> None:
    refused = await refusal(office.api.chat_postMessage(channel=office.ana.id, attachments=[]))
    assert refused["error"] == "no_text"
    await office.api.chat_postMessage(channel=office.ana.id, text="x" * 40_001)
    assert len(office.ana.dm.messages[0].text) == 40_000


async def test_an_ephemeral_message_is_seen_by_one_person_in_the_channel(office: Office) -> None:
    await office.ana.invites(office.app, office.marketing)
    await office.api.chat_postEphemeral(channel=office.marketing.id, user=office.ana.id, text="only you")
    assert [notice.text for notice in office.ana.notices] == ["only you"]
    assert office.ben.notices == []
    assert office.marketing.messages == []
    refused = await refusal(
        office.api.chat_postEphemeral(channel=office.marketing.id, user=office.cleo.id, text="x")
    )
    assert refused["error"] == "user_not_in_channel"


async def test_pages_follow_their_cursors(office: Office) -> None:
    for number in range(5):
        await office.api.chat_postMessage(channel=office.ana.id, text=str(number))
    seen: list[str] = []
    cursor = ""
    while True:
        page = await office.api.conversations_history(channel=office.ana.dm.id, limit=2, cursor=cursor)
        seen += [message["text"] for message in page["messages"]]
        if not page["has_more"]:
            break
        cursor = page["response_metadata"]["next_cursor"]
    assert seen == ["4", "3", "2", "1", "0"]
    refused = await refusal(office.api.conversations_history(channel=office.ana.dm.id, cursor="?"))
    assert refused["error"] == "invalid_cursor"
    stamps = [message.ts for message in office.ana.dm.messages]
    middle = await office.api.conversations_history(
        channel=office.ana.dm.id, oldest=stamps[1], latest=stamps[3]
    )
    assert [message["text"] for message in middle["messages"]] == ["2"]
    around = await office.api.conversations_history(
        channel=office.ana.dm.id, oldest=stamps[1], latest=stamps[3], inclusive=True
    )
    assert [message["text"] for message in around["messages"]] == ["3", "2", "1"]
    refused = await refusal(office.api.conversations_history(channel=office.ana.dm.id, oldest="yesterday"))
    assert refused["error"] == "invalid_ts_oldest"


async def test_people_are_described_as_they_are(office: Office) -> None:
    guest = office.slack.person("Guest", guest="multi")
    single = office.slack.person("Single", guest="single")
    stranger = office.slack.person("Zoe", organisation="Other Ltd")
    admin = office.slack.person("Admin", admin=True)

    async def info(user: str) -> Any:
        return (await office.api.users_info(user=user, include_locale=True))["user"]

    ana = await info(office.ana.id)
    assert (ana["tz"], ana["tz_offset"], ana["locale"], ana["is_admin"]) == (
        "Europe/Madrid",
        3600,
        "es-ES",
        False,
    )
    assert (await info(guest.id))["is_restricted"] is True
    assert (await info(guest.id))["is_ultra_restricted"] is False
    assert (await info(single.id))["is_ultra_restricted"] is True
    assert (await info(admin.id))["is_admin"] is True
    away = await info(stranger.id)
    assert away["team_id"] == "TOTHERLTD"
    assert away["is_stranger"] is True
    assert "locale" not in away
    assert (await info(office.app.bot_user_id))["is_bot"] is True
    assert (await refusal(office.api.users_info(user="U404")))["error"] == "user_not_found"
    listed = await office.api.users_list()
    assert {"ana", "ben", "cleo", "zoe"} <= {member["name"] for member in listed["members"]}


async def test_channels_are_listed_as_far_as_the_app_may_see(office: Office) -> None:
    secret = office.slack.channel("secret", members=[office.ana], private=True)
    office.slack.channel("shared", shared=True)
    old = office.slack.channel("old", archived=True)
    every = "public_channel,private_channel"
    names = {c["name"]: c for c in (await office.api.conversations_list(types=every))["channels"]}
    assert set(names) == {"marketing", "shared", "old"}
    assert names["shared"]["is_ext_shared"] is True
    assert names["old"]["is_archived"] is True
    await office.ana.invites(office.app, secret)
    mine = await office.api.users_conversations(types=every)
    assert [c["name"] for c in mine["channels"]] == ["secret"]
    listed = await office.api.conversations_list(types="public_channel", exclude_archived=True)
    assert old.id not in [c["id"] for c in listed["channels"]]
    members = await office.api.conversations_members(channel=secret.id)
    assert members["members"] == [office.ana.id, office.app.bot_user_id]
    info = await office.api.conversations_info(channel=secret.id, include_num_members=True)
    assert (info["channel"]["is_private"], info["channel"]["num_members"]) == (True, 2)


async def test_a_file_goes_up_in_three_steps(office: Office) -> None:
    await office.ana.invites(office.app, office.marketing)
    await office.api.files_upload_v2(
        channel=office.marketing.id, filename="chart.png", content=b"\x89PNG", initial_comment="See this"
    )
    message = office.marketing.messages[0]
    assert message.text == "See this"
    file_id = message.files[0]["id"]
    assert (await office.api.files_info(file=file_id))["file"]["mimetype"] == ""
    known = (await office.api.files_info(file=file_id))["file"]
    assert known["mimetype"] == "image/png"
    assert known["shares"]["public"][office.marketing.id][0]["ts"] == message.ts


async def test_reactions_permalinks_and_the_team(office: Office) -> None:
    posted = await office.api.chat_postMessage(channel=office.ana.id, text="x")
    where = {"channel": posted["channel"], "timestamp": posted["ts"]}
    await office.api.reactions_add(**where, name="tada")
    assert (await refusal(office.api.reactions_add(**where, name="tada")))["error"] == "already_reacted"
    assert office.ana.dm.messages[0].raw["reactions"][0]["users"] == [office.app.bot_user_id]
    link = await office.api.chat_getPermalink(channel=posted["channel"], message_ts=posted["ts"])
    assert link["permalink"].endswith(f"/archives/{posted['channel']}/p{posted['ts'].replace('.', '')}")
    assert (await office.api.team_info())["team"]["id"] == office.slack.workspace.id


async def test_the_log_of_calls_says_who_asked_for_what(office: Office) -> None:
    await office.api.chat_postMessage(channel=office.ana.id, text="x")
    await refusal(office.api.chat_postMessage(channel="C404", text="x"))
    good, bad = office.slack.calls
    assert (good.method, good.args["text"], good.ok, good.error, good.at) == (
        "chat.postMessage",
        "x",
        True,
        None,
        MONDAY,
    )
    assert (bad.ok, bad.error) == (False, "channel_not_found")


async def test_a_home_can_be_published_again_only_with_its_hash(office: Office) -> None:
    home = {
        "type": "home",
        "blocks": [section("Board"), {"type": "actions", "elements": [button("Go", "go")]}],
    }
    first = await office.api.views_publish(user_id=office.ana.id, view=home)
    second = await office.api.views_publish(user_id=office.ana.id, view=home, hash=first["view"]["hash"])
    assert second["view"]["id"] == first["view"]["id"]
    refused = await refusal(
        office.api.views_publish(user_id=office.ana.id, view=home, hash=first["view"]["hash"])
    )
    assert refused["error"] == "hash_conflict"
    assert (await refusal(office.api.views_update(view_id="V404", view=modal())))["error"] == "not_found"
