"""The words of a message that Slack does not put into its text."""

from typing import Any

import pytest

from domain.reading.answers import Candidate, read_answer
from domain.reading.markup import as_markup, plain_text
from domain.reading.messages import MessageWords, words_of


def section(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def rich(*elements: Any) -> list[Any]:
    return [{"type": "rich_text", "elements": list(elements)}]


def bullets(style: str, *lines: str) -> dict[str, Any]:
    return {"type": "rich_text_list", "style": style, "elements": [section(text(line)) for line in lines]}


SHARED = {
    "is_share": True,
    "is_msg_unfurl": True,
    "from_url": "https://lights.slack.com/archives/C1/p1",
    "author_name": "Tom",
    "fallback": "[26 Nov] Tom: off track &amp; late",
    "text": "off track &amp; late",
}


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        (rich(section(text("on track, R&D <done>"))), "on track, R&amp;D &lt;done&gt;"),
        (rich(section(text("one\ntwo")), section(text("three"))), "one\ntwo\nthree"),
        (rich(section(text("Next:")), bullets("bullet", "call", "write")), "Next:\n• call\n• write"),
        (rich(bullets("ordered", "call", "write")), "1. call\n2. write"),
        (
            rich({"type": "rich_text_quote", "elements": [text("on track\nhe said")]}),
            "&gt; on track\n&gt; he said",
        ),
        (rich({"type": "rich_text_preformatted", "elements": [text("on track")]}), "```on track```"),
        (rich(section(text("done", strike=True), text(" at risk", bold=True))), "~done~ at risk"),
        (rich(section(text("on track", code=True))), "`on track`"),
        (
            rich(
                section(
                    text("ask "),
                    {"type": "user", "user_id": "U1"},
                    text(" or "),
                    {"type": "usergroup", "usergroup_id": "S1"},
                    text(" in "),
                    {"type": "channel", "channel_id": "C1"},
                    {"type": "broadcast", "range": "here"},
                    {"type": "emoji", "name": "wave"},
                    {"type": "link", "url": "https://x.org?a=1&b=2", "text": "page"},
                    {"type": "link", "url": "https://x.org"},
                )
            ),
            "ask <@U1> or <!subteam^S1> in <#C1><!here>:wave:<https://x.org?a=1&amp;b=2|page><https://x.org>",
        ),
        (
            [{"type": "section", "text": {"type": "mrkdwn", "text": "*on track* &amp; so on"}}],
            "*on track* &amp; so on",
        ),
        ([{"type": "header", "text": {"type": "plain_text", "text": "Q&A"}}], "Q&amp;A"),
        (
            [
                {
                    "type": "section",
                    "fields": [{"type": "mrkdwn", "text": "a"}, {"type": "plain_text", "text": "b"}],
                }
            ],
            "a\nb",
        ),
        ([{"type": "image", "image_url": "https://x.org/a.png", "alt_text": "a cat"}], ""),
        (
            [
                {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": None}, 7]},
                "x",
                None,
            ],
            "",
        ),
        ("none", ""),
    ],
)
def test_words_of_blocks_are_read_where_there_is_no_text(blocks: Any, words: str) -> None:
    assert words_of({"text": "", "blocks": blocks}) == MessageWords(words)
    assert words_of({"text": "said", "blocks": blocks}) == MessageWords("said")


@pytest.mark.parametrize(
    ("attachments", "words"),
    [
        ([SHARED], "off track &amp; late"),
        ([{**SHARED, "text": ""}], "[26 Nov] Tom: off track &amp; late"),
        ([{**SHARED, "text": "", "fallback": "[no preview available]"}], ""),
        (
            [
                {
                    "is_share": True,
                    "fallback": "[no preview available]",
                    "message_blocks": [{"team": "T1", "message": {"blocks": rich(section(text("at risk")))}}],
                }
            ],
            "at risk",
        ),
        (
            [
                {
                    "pretext": "Build",
                    "title": "Failed",
                    "title_link": "https://x.org",
                    "fields": [{"title": "On", "value": "main"}],
                }
            ],
            "Build\nFailed\nOn: main",
        ),
        ([{"fallback": "plain words"}, {"blocks": rich(section(text("more")))}], "plain words\nmore"),
        ([{"from_url": "https://x.org", "title": "A page", "text": "on track"}], ""),
        ([{"original_url": "https://lights.slack.com/p1", "is_msg_unfurl": True, "text": "on track"}], ""),
        ([{"image_url": "https://x.org/a.png", "fallback": ""}], ""),
    ],
    ids=[
        "shared",
        "only a fallback",
        "gone",
        "only blocks",
        "an app's",
        "two",
        "a page",
        "a message's link",
        "a picture",
    ],
)
def test_words_that_are_passed_on_are_told_apart_and_previews_of_links_are_not_words(
    attachments: Any, words: str
) -> None:
    assert words_of({"text": "see", "attachments": attachments}) == MessageWords("see", words)


def test_what_somebody_else_wrote_is_kept_and_says_nothing_of_the_writers_work() -> None:
    newsletter = Candidate(1, "Newsletter")
    both = plain_text(words_of({"text": "at risk", "attachments": [SHARED]}).quoted)
    assert both == "at risk\n> off track & late"
    (read,) = read_answer(both, [newsletter]).understood
    assert (read.health and read.health.label, read.words) == ("at risk", both)
    alone = plain_text(words_of({"text": "", "attachments": [SHARED]}).quoted)
    (read,) = read_answer(alone, [newsletter]).understood
    assert (read.health, read.words) == (None, "> off track & late")


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("R&amp;D", "R&D"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&lt;@U1&gt;", "<@U1>"),
        ("<!subteam^S1>", "a group of people"),
        ("<!subteam^S1|@press>", "@press"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<https://x.org|the page>", "the page (https://x.org)"),
        ("<#C1|marketing> <#C2|>", "#marketing a private channel"),
    ],
)
def test_markup_is_undone_once(sent: str, seen: str) -> None:
    assert plain_text(sent) == seen


@pytest.mark.parametrize("words", ["R&D", "a < b > c", "&amp;", "<@U1>", "plain"])
def test_plain_words_made_markup_are_the_same_again(words: str) -> None:
    assert plain_text(as_markup(words)) == words
