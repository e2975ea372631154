"""What people write, what apps post, and how both are told to the app."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox import LocalSlack
from tests.sandbox.conftest import MONDAY, Office
from tests.sandbox.support import EVENTS, Delivery, bolt_for, button, client, connected, manifest, section


class Ears:
    """Takes every event."""

    def __init__(self, office: Office) -> None:
        self.bolt = bolt_for(office.slack, office.app)
        self.bodies: list[dict[str, Any]] = []
        self.bolt.use(self._keep)
        for name in {event.split(".")[0] for event in EVENTS}:
            self.bolt.event(name)(self._take)

    async def _keep(self, body: dict[str, Any], next_: Any) -> None:
        self.bodies.append(body)
        await next_()

    async def _take(self) -> None:
        """Bolt acknowledges it."""

    @property
    def events(self) -> list[dict[str, Any]]:
        return [body["event"] for body in self.bodies]

    def kinds(self) -> list[str]:
        return [event.get("subtype") or event["type"] for event in self.events]


@pytest.fixture
async def ears(office: Office, delivery: Delivery) -> AsyncIterator[Ears]:
    listening = Ears(office)
    async with connected(office.slack, office.app, listening.bolt, delivery):
        yield listening


async def test_typed_text_arrives_escaped_with_people_as_ids(office: Office, ears: Ears) -> None:
    message = await office.ben.says(
        "Shipped & <done> with @ana, see #marketing @channel https://a.example/x?y=1"
    )
    event = ears.events[0]
    assert event["text"] == (
        f"Shipped &amp; &lt;done&gt; with <@{office.ana.id}>, see <#{office.marketing.id}|marketing> "
        "<!channel> <https://a.example/x?y=1>"
    )
    assert event["channel"] == office.ben.dm.id
    assert event["channel_type"] == "im"
    pieces = event["blocks"][0]["elements"][0]["elements"]
    assert pieces[0] == {"type": "text", "text": "Shipped & <done> with "}
    assert pieces[1] == {"type": "user", "user_id": office.ana.id}
    assert message.drawn == "Shipped & <done> with @Ana, see #marketing @channel https://a.example/x?y=1"


async def test_tricks_typed_by_people_stay_text(office: Office, ears: Ears) -> None:
    message = await office.ben.says("<!channel> <@U123>")
    assert ears.events[0]["text"] == "&lt;!channel&gt; &lt;@U123&gt;"
    assert message.drawn == "<!channel> <@U123>"


async def test_edits_and_deletions_are_told_with_what_was_before(office: Office, ears: Ears) -> None:
    message = await office.ben.says("on track")
    await office.ben.edits(message, "at risk")
    await office.ben.deletes(message)
    changed, deleted = ears.events[1:]
    assert changed["subtype"] == "message_changed"
    assert changed["hidden"] is True
    assert changed["message"]["text"] == "at risk"
    assert changed["message"]["edited"]["user"] == office.ben.id
    assert changed["previous_message"]["text"] == "on track"
    assert deleted["subtype"] == "message_deleted"
    assert deleted["deleted_ts"] == message.ts
    assert office.ben.dm.messages == []


async def test_replies_name_their_thread_and_its_author(office: Office, ears: Ears) -> None:
    posted = await office.api.chat_postMessage(channel=office.ben.id, text="How is it?")
    prompt = office.ben.dm.messages[0]
    await office.ben.says("fine", thread=prompt)
    event = ears.events[-1]
    assert event["thread_ts"] == posted["ts"]
    assert event["parent_user_id"] == office.app.bot_user_id
    assert [reply.text for reply in prompt.thread] == ["fine"]
    assert len(office.ben.dm.messages) == 1
    answer = await office.api.conversations_replies(channel=office.ben.dm.id, ts=posted["ts"])
    assert [m["text"] for m in answer["messages"]] == ["How is it?", "fine"]
    assert answer["messages"][0]["reply_count"] == 1


async def test_a_file_arrives_with_its_message(office: Office, ears: Ears) -> None:
    await office.ben.uploads("plan.pdf", b"%PDF", text="the plan")
    event = ears.events[0]
    assert event["subtype"] == "file_share"
    assert event["files"][0]["name"] == "plan.pdf"
    assert event["files"][0]["mimetype"] == "application/pdf"
    assert event["text"] == "the plan"


async def test_channels_are_heard_only_from_inside(office: Office, ears: Ears) -> None:
    await office.ben.says("before", to=office.marketing)
    assert ears.events == []
    await office.ana.invites(office.app, office.marketing)
    await office.ben.says("hi @tempo", to=office.marketing)
    assert ears.kinds() == ["member_joined_channel", "message", "app_mention"]
    joined = ears.events[0]
    assert (joined["user"], joined["inviter"]) == (office.app.bot_user_id, office.ana.id)
    await office.ana.removes(office.app, office.marketing)
    assert ears.kinds()[3:] == ["channel_left"]


async def test_leaving_a_private_channel_and_archiving_are_told(office: Office, ears: Ears) -> None:
    secret = office.slack.channel("secret", members=[office.ana], private=True)
    await office.ana.invites(office.app, secret)
    await office.ana.removes(office.app, secret)
    await office.ana.invites(office.app, office.marketing)
    await office.ana.archives(office.marketing)
    assert ears.kinds() == ["member_joined_channel", "group_left", "member_joined_channel", "channel_archive"]
    with pytest.raises(PermissionError, match="archived"):
        await office.ben.says("too late", to=office.marketing)


async def test_people_who_come_change_and_go_are_told(office: Office, ears: Ears) -> None:
    dana = await office.slack.welcome("Dana Wu", tz="Asia/Kolkata")
    await office.slack.change(dana, tz="Europe/London")
    await office.slack.deactivate(dana)
    joined, moved, gone = ears.events
    assert joined["type"] == "team_join"
    assert joined["user"]["tz_offset"] == 19800
    assert moved["user"]["tz"] == "Europe/London"
    assert gone["user"]["deleted"] is True
    with pytest.raises(PermissionError, match="deactivated"):
        await dana.says("hello?")


async def test_an_uninstalled_app_hears_so_and_its_token_is_dead(office: Office, ears: Ears) -> None:
    await office.slack.uninstall(office.app)
    assert sorted(ears.kinds()) == ["app_uninstalled", "tokens_revoked"]
    with pytest.raises(SlackApiError, match="account_inactive"):
        await office.api.auth_test()


async def test_only_subscribed_events_with_a_granted_scope_are_sent() -> None:
    async with LocalSlack(now=MONDAY) as slack:
        app = slack.install(
            manifest(events=["message.im", "message.channels"]), scopes=["chat:write", "im:history"]
        )
        ana = slack.person("Ana")
        channel = slack.channel("marketing", members=[ana])
        await ana.invites(app, channel)
        bolt = bolt_for(slack, app)
        seen: list[str] = []

        @bolt.event("message")
        async def keep(event: dict[str, Any]) -> None:
            seen.append(event["text"])

        async with connected(slack, app, bolt, "socket"):
            await ana.says("in the channel", to=channel)
            await ana.says("in the DM")
            await slack.deactivate(ana)
    assert seen == ["in the DM"]


async def test_private_channels_need_a_scope_of_their_own() -> None:
    async with LocalSlack(now=MONDAY) as slack:
        app = slack.install(manifest(), scopes=["channels:read"])
        assert app.hears("member_joined_channel")
        assert not app.hears("member_joined_channel", private=True)
        assert not app.hears("group_left")
        assert app.hears("app_home_opened", private=True)
        assert not app.hears("channel_rename")


async def test_every_ts_of_a_conversation_is_its_own_though_time_stands_still(office: Office) -> None:
    for number in range(20):
        await office.api.chat_postMessage(channel=office.ben.id, text=str(number))
    stamps = [message.ts for message in office.ben.dm.messages]
    assert len(set(stamps)) == 20
    assert stamps == sorted(stamps)
    assert all(ts.startswith(str(int(MONDAY.timestamp()))) for ts in stamps)
    await office.slack.clock.advance(by=timedelta(hours=1))
    await office.api.chat_postMessage(channel=office.ben.id, text="later")
    assert office.ben.dm.messages[-1].ts.startswith(str(int(MONDAY.timestamp()) + 3600))


async def test_a_message_is_drawn_as_its_reader_sees_it(office: Office) -> None:
    epoch = int(MONDAY.timestamp())
    text = f"*Due* <!date^{epoch}^{{date_short_pretty}} {{time}}|09:00 UTC>, ask <@{office.ben.id}> &amp; <https://x.example|us>"
    chart = {
        "type": "data_visualization",
        "title": "Health",
        "chart": {
            "type": "bar",
            "series": [{"name": "Green", "data": [{"label": "W47", "value": 3}]}],
            "axis_config": {"categories": ["W47"]},
        },
    }
    blocks = [section(text, accessory=button("Edit", "go")), {"type": "divider"}, chart]
    for channel in (office.ana.id, office.ben.id):
        await office.api.chat_postMessage(channel=channel, text="x", blocks=blocks)
    chart_lines = "---\nHealth (bar chart)\nGreen: W47 3"
    assert office.ana.dm.messages[0].drawn == f"Due today 10:00, ask @Ben & us\n[Edit]\n{chart_lines}"
    assert office.ben.dm.messages[0].drawn == f"Due today 01:00, ask @Ben & us\n[Edit]\n{chart_lines}"
    assert office.ana.dm.messages[0].buttons == ["Edit"]


async def test_people_cannot_write_to_an_app_that_takes_no_messages() -> None:
    async with LocalSlack(now=MONDAY) as slack:
        app = slack.install(manifest(messages_tab_read_only_enabled=True))
        ana = slack.person("Ana")
        with pytest.raises(PermissionError, match="turned off"):
            await ana.says("hello")
        silent = slack.install(manifest(messages_tab_enabled=False))
        with pytest.raises(SlackApiError, match="messages_tab_disabled"):
            await client(slack, silent).chat_postMessage(channel=ana.id, text="hello")
        await client(slack, app).chat_postMessage(channel=ana.id, text="hello")
