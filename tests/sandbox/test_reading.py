"""How blocks and text read to a person."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandbox import drawing, text
from tests.sandbox.conftest import MONDAY, Office
from tests.sandbox.support import button, field, options, plain, section

JSON = dict[str, Any]


def rich(*elements: JSON) -> JSON:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


BLOCKS: list[tuple[JSON, str]] = [
    ({"type": "header", "text": plain("The *week*")}, "The *week*"),
    (section("*bold* _it_ ~no~ `code` a*b*c"), "bold it no code a*b*c"),
    (section("a", fields=[{"type": "mrkdwn", "text": "b"}, plain("c")]), "a\nb\nc"),
    ({"type": "context", "elements": [plain("by"), {"type": "image", "alt_text": "Ana"}]}, "by (Ana)"),
    ({"type": "image", "title": plain("Chart"), "alt_text": "a chart"}, "Chart\n(a chart)"),
    (field("Name", {"type": "plain_text_input", "placeholder": plain("Yours")}, "n"), "Name: [Yours]"),
    (
        {"type": "actions", "elements": [button("Go", "a"), {"type": "overflow", "action_id": "o"}]},
        "[Go] […]",
    ),
    (
        section(
            "x", accessory={"type": "static_select", "action_id": "a", "initial_option": options("One")[0]}
        ),
        "x\n[One]",
    ),
    ({"type": "markdown", "text": "**as it is**"}, "**as it is**"),
    ({"type": "alert", "text": plain("Mind")}, "Mind"),
    ({"type": "mystery"}, "[mystery]"),
    (
        {
            "type": "table",
            "rows": [[{"type": "raw_text", "text": "KPI"}, {"type": "raw_number", "value": 4}]],
        },
        "KPI | 4",
    ),
    (
        {"type": "data_table", "caption": "KPIs", "rows": [[rich({"type": "text", "text": "a"})]]},
        "KPIs\na",
    ),
    (
        {
            "type": "data_visualization",
            "title": "Health",
            "chart": {
                "type": "pie",
                "segments": [{"label": "Green", "value": 2}, {"label": "Red", "value": 1.5}],
            },
        },
        "Health: Green 2, Red 1.5",
    ),
    (
        rich(
            {"type": "text", "text": "Hi "},
            {"type": "user", "user_id": "USLACKBOT"},
            {"type": "link", "url": "https://x.example", "text": " here"},
            {"type": "emoji", "name": "tada"},
            {"type": "broadcast", "range": "here"},
        ),
        "Hi @Slackbot here:tada:@here",
    ),
]


@pytest.mark.parametrize(("block", "read"), BLOCKS)
def test_each_block_reads_as_it_is_shown(office: Office, block: JSON, read: str) -> None:
    assert drawing.draw_blocks([block], office.slack.workspace, None) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
        ("<@U404|zoe> <@U405>", "@zoe @U405"),
        ("<#C404|lost>", "#lost"),
        ("<!here> <!subteam^S1|@team>", "@here @team"),
        (
            "<https://x.example|docs> <https://y.example> <mailto:a@b.example>",
            "docs https://y.example a@b.example",
        ),
        ("<!date^1795424400^{date}|then>", "then"),
    ],
)
def test_markup_is_resolved(office: Office, written: str, read: str) -> None:
    assert text.read(written, office.slack.workspace, None) == read


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("{date_num} {time}", "2026-11-23 10:00"),
        ("{date_short}", "23 Nov 2026"),
        ("{date_long_pretty}", "today"),
        ("{unknown}", "{unknown}"),
    ],
)
def test_dates_are_shown_in_the_readers_zone(office: Office, form: str, read: str) -> None:
    written = f"<!date^{int(MONDAY.timestamp())}^{form}|x>"
    assert text.read(written, office.slack.workspace, ZoneInfo("Europe/Madrid")) == read


def test_tomorrow_is_named_until_it_is_farther(office: Office) -> None:
    def shown(day: int) -> str:
        epoch = int(datetime(2026, 11, day, 12, tzinfo=UTC).timestamp())
        return text.read(f"<!date^{epoch}^{{date_short_pretty}}|x>", office.slack.workspace, UTC)

    assert [shown(day) for day in (22, 23, 24, 25)] == ["yesterday", "today", "tomorrow", "25 Nov 2026"]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("ben@acme.example", "ben@acme.example"),
        ("@Ben, and @bender", "<@BEN>, and @bender"),
        ("#nowhere", "#nowhere"),
        ("(see https://x.example/a.) http", "(see <https://x.example/a>.) http"),
        ("the #secret one", "the <#SECRET|> one"),
        ("مرحبا 👋 @ben", "مرحبا 👋 <@BEN>"),
        ("", ""),
    ],
)
def test_only_names_of_people_and_channels_become_ids(office: Office, typed: str, sent: str) -> None:
    secret = office.slack.channel("secret", private=True)
    written, _ = text.typed_message(typed, office.slack.workspace)
    assert written == sent.replace("BEN", office.ben.id).replace("SECRET", secret.id)


async def test_a_reply_for_all_shows_in_the_channel_too(office: Office) -> None:
    posted = await office.api.chat_postMessage(channel=office.ana.id, text="digest")
    await office.api.chat_postMessage(
        channel=office.ana.id, text="late answer", thread_ts=posted["ts"], reply_broadcast=True
    )
    await office.api.chat_postMessage(channel=office.ana.id, text="quiet", thread_ts=posted["ts"])
    assert [message.text for message in office.ana.dm.messages] == ["digest", "late answer"]
    assert [reply.text for reply in office.ana.dm.messages[0].thread] == ["late answer", "quiet"]


async def test_a_deleted_thread_leaves_a_tombstone_and_a_deleted_reply_nothing(office: Office) -> None:
    posted = await office.api.chat_postMessage(channel=office.ana.id, text="prompt")
    reply = await office.ana.says("answer", thread=office.ana.dm.messages[0])
    other = await office.ana.says("more", thread=reply)
    await office.ana.deletes(other)
    assert office.ana.dm.messages[0].raw["reply_count"] == 1
    await office.api.chat_delete(channel=posted["channel"], ts=posted["ts"])
    (tombstone,) = office.ana.dm.messages
    assert tombstone.raw["subtype"] == "tombstone"
    assert [message.text for message in tombstone.thread] == ["answer"]
