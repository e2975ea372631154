"""The canvas of a strategy: all of it on one page, and people's words are words there, whatever they look like."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from domain.canvases import ANOTHER, EDITED, UNSURE, Canvas, CanvasState
from domain.changes import Change, ChangeKind
from domain.decisions import Decision, DecisionState
from domain.digests.facts import DigestFacts
from domain.digests.gathering import digest_facts
from domain.strategies import Goal
from tests.support.block_kit import assert_valid_message
from tests.support.golden import assert_golden
from tests.support.harbor_lights import BEN, MAYA, PEOPLE, RUTH, START, STRATEGY, second_week
from tests.support.reviews import decision, kpi, reading
from views.canvases.documents import MOST_LISTED, CanvasPage, canvas_text, md
from views.canvases.messages import (
    canvas_blocks,
    question_message,
    refused_message,
    settled_message,
    why_refused,
)
from views.decisions.words import AskShown
from views.slack.blocks import escape, one_line

NOW = datetime(2026, 12, 2, 11, 30, tzinfo=UTC)
NAMES = {person.id: person.name for person in PEOPLE.values()}
DRAWN = MarkdownIt("commonmark", {"linkify": True}).enable(["table", "strikethrough"])
HOSTILE = (
    "# Heading",
    "- item",
    "12. item",
    "> quote",
    "**bold** _soft_ ~~gone~~ `code`",
    "[link](https://example.org) <https://example.org> https://example.org www.example.org a@example.org",
    "![](@U123) <@U123> <!channel> <b>bold</b>",
    "a | b\n--- | ---\n1 | 2",
    "R&D &amp; &lt;b&gt; &copy;",
    "\\# \\",
    "===",
    "---",
    "+ plus",
    "3.5 % more",
    "```\ncode\n```",
    "    indented",
)
KEPT = Canvas("T1", 1, CanvasState.KEPT, MAYA, NOW, NOW, canvas_id="F1", written_at=NOW)


def facts() -> DigestFacts:
    return digest_facts(second_week())


def open_ask(number: int) -> Decision:
    return decision(number, DecisionState.OPEN, NOW, date(2026, 12, 4), question="May we pay for the tour?")


def page(**more: object) -> CanvasPage:
    asked = open_ask(1)
    made = decision(
        2,
        DecisionState.DECIDED,
        NOW,
        NOW.date(),
        question="Two letters a month?",
        outcome="Yes",
        reason="the fund covers it",
        decided_by=RUTH,
        decided_at=NOW,
    )
    shown = [AskShown(one, STRATEGY.name, STRATEGY.zone, "", NAMES) for one in (asked, made)]
    because = Change(ChangeKind.WHY, None, "Reach more.", STRATEGY.why, MAYA, NOW, why="Half of them left")
    given_ = {"waiting": shown[:1], "settled": shown[1:], "changes": [because], **more}
    return CanvasPage(replace(facts(), kpis=(kpi(1),)), **given_)  # type: ignore[arg-type]


def read(markdown: str) -> str:
    """As it is read: the words of it, without marks."""
    tokens = [child for token in DRAWN.parse(markdown) for child in token.children or ()]
    return "".join(one.content for one in tokens)


def test_it_says_the_whole_strategy_as_drawn_before() -> None:
    drawn = canvas_text(page(), NOW)
    assert drawn.title == "Harbor Lights"
    assert_golden("canvas", drawn.whole.splitlines())


def test_a_number_says_where_it_ends_if_it_goes_on_as_it_did() -> None:
    one = kpi(1)
    days = [START + timedelta(weeks=week) for week in range(1, 6)]
    read_ = [reading(one, on, str(312 + 2 * at)) for at, on in enumerate(days)]
    seen = replace(one, readings=tuple(read_))
    found = seen.forecast(days[-1])
    assert found is not None
    told = replace(facts(), kpis=(seen,), forecasts={1: found}, at=datetime.combine(days[-1], time(12), UTC))
    assert "\n    - If it goes on as it did: " in canvas_text(CanvasPage(told), NOW).body


def test_when_it_was_brought_up_to_date_makes_it_no_other() -> None:
    sooner, later = canvas_text(page(), NOW), canvas_text(page(), NOW.replace(minute=45))
    assert sooner.body == later.body
    assert sooner.whole != later.whole


@pytest.mark.parametrize("words", HOSTILE)
def test_peoples_words_stand_there_as_they_are(words: str) -> None:
    for line in (
        f"- {md(escape(words))}",
        f"1. {md(escape(words))}",
        f"> {md(escape(words))}",
        md(escape(words)),
    ):
        tokens = DRAWN.parse(line)
        kinds = {token.type.removesuffix("_open") for token in tokens if token.nesting == 1}
        children = {child.type for token in tokens for child in token.children or ()}
        assert kinds <= {"bullet_list", "ordered_list", "list_item", "blockquote", "paragraph"}, line
        assert len([token for token in tokens if token.type == "list_item_open"]) <= 1, line
        assert children <= {"text", "text_special"}, line
        assert read(line) == " ".join(words.split()), line


@given(st.text(max_size=60))
def test_whatever_anybody_types_is_read_as_it_was_typed(words: str) -> None:
    shown = " ".join(one_line(words, 200).split())
    line = f"- x {md(one_line(words, 200))}"
    tokens = DRAWN.parse(line)
    assert {child.type for token in tokens for child in token.children or ()} <= {"text", "text_special"}
    assert " ".join(read(line).split()) == " ".join(f"x {_plain(shown)}".split())


def _plain(escaped: str) -> str:
    return escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_hostile_words_in_every_place_make_one_page_with_its_own_headings_only() -> None:
    evil = "# Evil [x](https://example.org) <@U1>"
    strategy = replace(STRATEGY, name=evil, why=evil, goals=(Goal(1, evil),), audience=evil)
    drawn = canvas_text(CanvasPage(replace(facts(), strategy=strategy)), NOW)
    tokens = DRAWN.parse(drawn.whole)
    headings = [tokens[at + 1].content for at, one in enumerate(tokens) if one.type == "heading_open"]
    assert headings == [md(escape(evil)), "Goals", "Initiatives"]
    assert not [
        c for t in tokens for c in t.children or () if c.type in ("link_open", "image", "html_inline")
    ]


def test_lists_end_somewhere_and_say_how_much_more_there_is() -> None:
    many = [AskShown(open_ask(n), STRATEGY.name, STRATEGY.zone, "", NAMES) for n in range(1, MOST_LISTED + 4)]
    drawn = canvas_text(page(waiting=many), NOW).body
    assert "- and 3 more" in drawn
    assert len(drawn) < 100_000


@pytest.mark.parametrize("state", CanvasState)
@pytest.mark.parametrize("reason", [ANOTHER, EDITED, UNSURE, "missing_scope", "some_error"])
def test_its_messages_and_its_part_of_the_status_are_taken_by_slack(state: CanvasState, reason: str) -> None:
    canvas = replace(KEPT, state=state, reason=reason)
    for is_lead in (True, False):
        blocks, line = canvas_blocks(STRATEGY, canvas, is_lead=is_lead)
        assert_valid_message({"text": line, "blocks": blocks})
        assert any(block["type"] == "actions" for block in blocks) <= is_lead
    for message in (
        question_message(STRATEGY, canvas),
        settled_message(STRATEGY, BEN, is_replaced=True),
        refused_message(STRATEGY, reason),
    ):
        assert_valid_message(message)


def test_where_there_is_none_only_a_lead_is_offered_one() -> None:
    assert canvas_blocks(STRATEGY, None, is_lead=False) == ([], "")
    blocks, _ = canvas_blocks(STRATEGY, None, is_lead=True)
    assert blocks[1]["elements"][0]["text"]["text"] == "Put it on a canvas"


def test_every_refusal_says_what_to_do() -> None:
    assert "`canvases:write`" in why_refused("missing_scope")
    assert "admin" in why_refused("canvas_disabled_user_team")
    assert "plan" in why_refused("team_tier_cannot_create_channel_canvases")
    assert "&lt;odd&gt;" in why_refused("<odd>")
