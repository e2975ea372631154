"""Blocks, elements and forms."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandbox.page.blocks import block, blocks
from sandbox.page.elements import element
from sandbox.page.frame import Frame
from sandbox.page.views import form, home
from tests.sandbox.page import gallery
from tests.sandbox.page.gallery import ERRORS, FORM, READER, VALUES, bare, button, field, option, words

FRAME = Frame(READER)
NASTY = "<script>alert('x')</script> & \"quotes\""


def draw(value: dict[str, Any], frame: Frame = FRAME) -> str:
    return block(value, frame)


def test_a_section_has_its_text_its_fields_and_what_stands_beside_it() -> None:
    drawn = draw(
        gallery.section("*Words*", fields=[words("one"), bare("*two*")], accessory=button("Show", "show"))
    )
    assert "<b>Words</b>" in drawn
    assert "*two*" in drawn
    assert '<div class="accessory"><button' in drawn


def test_a_button_says_what_it_does_when_it_can_be_pressed() -> None:
    drawn = draw(
        {
            "type": "actions",
            "block_id": "b1",
            "elements": [{**button("At risk", "risk", "danger"), "value": "7"}],
        }
    )
    assert 'data-block-id="b1" data-action-id="risk"' in drawn
    assert 'class="button danger"' in drawn
    assert 'value="7"' in drawn


def test_a_button_that_leads_somewhere_is_a_link_unless_its_address_would_run() -> None:
    linked, harmful = ({**button("Open", "open"), "url": url} for url in ("https://a.b/", "javascript:x"))
    assert 'href="https://a.b/"' in element(linked, "b", FRAME)
    assert "href" not in element(harmful, "b", FRAME)


def test_a_style_that_slack_does_not_know_is_ignored() -> None:
    assert 'class="button"' in draw(gallery.actions("b", button("x", "x", 'odd" onclick="')))


@pytest.mark.parametrize(
    "value",
    [
        gallery.section(NASTY.replace("<", "&lt;")),
        {"type": "header", "text": bare(NASTY)},
        {
            "type": "context",
            "elements": [bare(NASTY), {"type": "image", "image_url": "https://a.b/c.png", "alt_text": NASTY}],
        },
        {"type": "image", "image_url": "javascript:alert(1)", "alt_text": NASTY, "title": bare(NASTY)},
        {"type": "alert", "level": "info", "text": bare(NASTY)},
        {"type": "markdown", "text": NASTY},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": NASTY}]}],
        },
        {"type": "table", "rows": [[{"type": "raw_text", "text": NASTY}]]},
        {"type": "data_table", "caption": NASTY, "rows": [[{"type": "raw_text", "text": "x"}]]},
        field("b", NASTY, {"type": "plain_text_input", "initial_value": NASTY}, hint=bare(NASTY)),
        field(
            "b", "x", {"type": "static_select", "options": [option(NASTY)], "initial_option": option(NASTY)}
        ),
        {"type": NASTY},
    ],
    ids=lambda value: str(value["type"])[:12],
)
def test_what_people_write_never_becomes_part_of_the_page(value: dict[str, Any]) -> None:
    drawn = draw(value)
    assert "<script" not in drawn
    assert "javascript:" not in drawn
    assert "alert(" in drawn or value["type"] == "image"


def test_a_kind_of_block_not_drawn_here_is_named() -> None:
    assert "not drawn here: hologram" in draw({"type": "hologram"})


def test_tables_come_last_as_slack_shows_them() -> None:
    drawn = blocks([gallery.TABLE, gallery.section("before")], FRAME)
    assert drawn.index("before") < drawn.index("<table>")


def test_a_table_aligns_numbers_and_follows_its_column_settings() -> None:
    drawn = draw(gallery.TABLE)
    assert '<td class="right" dir="auto">4,650</td>' in drawn
    assert '<th class="left wrapped" dir="auto">KPI</th>' in drawn


def test_rich_text_draws_styles_lists_quotes_and_names() -> None:
    drawn = draw(gallery.RICH)
    for part in (
        "<b>on track</b>",
        "@Ruth Adler",
        "#leads",
        "🎉",
        "<ol",
        "<blockquote",
        "<pre>4200 -&gt; 6000</pre>",
    ):
        assert part in drawn


def test_markdown_draws_headings_lists_tables_links_and_code() -> None:
    drawn = draw(gallery.MARKDOWN)
    for part in (
        "<h2",
        "<strong>Bold</strong>",
        "<em>italic</em>",
        "<s>gone</s>",
        "[x] done",
        '<td style="text-align:right">4,650</td>',
        "<pre>code &amp; more</pre>",
    ):
        assert part in drawn
    assert '<a href="https://example.org"' in drawn


def test_markdown_of_an_app_cannot_run_anything_on_the_page() -> None:
    drawn = draw(
        {
            "type": "markdown",
            "text": "<b onclick=alert(1)>:tada:</b> [x](javascript:alert(1)) ![y](https://a.b/c.png)",
        }
    )
    assert "&lt;b onclick=alert(1)&gt;🎉&lt;/b&gt;" in drawn
    assert "[x](javascript:alert(1))" in drawn
    assert "<img" not in drawn
    assert drawn.count("<a ") == 1


CHIP = '<span class="chip">'
INPUTS: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({"type": "plain_text_input", "initial_value": "first"}, {"value": "then"}, "first", "then"),
    (
        {"type": "plain_text_input", "multiline": True, "initial_value": "first"},
        {"value": "then"},
        "first",
        "then",
    ),
    ({"type": "number_input", "initial_value": "1"}, {"value": "42"}, 'value="1"', 'value="42"'),
    (
        {"type": "datepicker", "initial_date": "2026-03-31"},
        {"selected_date": "2027-04-30"},
        'value="2026-03-31"',
        'value="2027-04-30"',
    ),
    ({"type": "timepicker", "initial_time": "09:00"}, {"selected_time": "13:30"}, "09:00", "13:30"),
    (
        {"type": "datetimepicker", "initial_date_time": 1795424400},
        {"selected_date_time": 1795510800},
        "2026-11-23T",
        "2026-11-24T",
    ),
    (
        {"type": "users_select", "initial_user": "U1"},
        {"selected_user": "U2"},
        'value="U1" selected',
        'value="U2" selected',
    ),
    (
        {"type": "multi_users_select", "initial_users": ["U1"]},
        {"selected_users": ["U2"]},
        f"{CHIP}Maya",
        f"{CHIP}Ben",
    ),
    (
        {"type": "conversations_select", "initial_conversation": "C1"},
        {"selected_conversation": "C2"},
        'value="C1" selected',
        'value="C2" selected',
    ),
    (
        {"type": "channels_select", "initial_channel": "C1"},
        {"selected_channel": "C2"},
        'value="C1" selected',
        'value="C2" selected',
    ),
    (
        {"type": "multi_conversations_select", "initial_conversations": ["C1"]},
        {"selected_conversations": ["U2"]},
        f"{CHIP}#marketing",
        f"{CHIP}Ben Carter",
    ),
]


@pytest.mark.parametrize(
    ("value", "state", "first", "then"), INPUTS, ids=[value["type"] for value, *_ in INPUTS]
)
def test_an_input_shows_what_was_typed_else_what_it_began_with(
    value: dict[str, Any], state: dict[str, Any], first: str, then: str
) -> None:
    one = {"action_id": "in", **value}
    typed = Frame(READER, {"b": {"in": {"type": one["type"], **state}}})
    assert first in element(one, "b", FRAME)
    assert then in element(one, "b", typed)
    assert first not in element(one, "b", typed)


@pytest.mark.parametrize("kind", ["conversations_select", "multi_conversations_select"])
@pytest.mark.parametrize(
    ("wanted", "offered"),
    [
        ({}, {"#marketing", "Ben Carter"}),
        ({"filter": {"include": ["public", "private"]}}, {"#marketing"}),
        ({"filter": {"include": ["im"]}}, {"Ben Carter"}),
    ],
    ids=["no filter", "channels", "people"],
)
def test_conversations_are_offered_as_the_filter_says(
    kind: str, wanted: dict[str, Any], offered: set[str]
) -> None:
    drawn = element({"type": kind, "action_id": "in", **wanted}, "b", FRAME)
    assert {name for name in ("#marketing", "Ben Carter") if name in drawn} == offered


@pytest.mark.parametrize("kind", ["plain_text_input", "users_select", "conversations_select"])
def test_an_input_emptied_by_the_person_shows_its_placeholder(kind: str) -> None:
    key = {"plain_text_input": "value", "users_select": "selected_user"}
    value = {"type": kind, "action_id": "in", "placeholder": bare("Say it"), "initial_value": "x"}
    emptied = Frame(READER, {"b": {"in": {"type": kind, key.get(kind, "selected_conversation"): None}}})
    assert "Say it" in element(value, "b", emptied)


@pytest.mark.parametrize(("kind", "box"), [("radio_buttons", "radio"), ("checkboxes", "checkbox")])
def test_choices_show_which_one_is_chosen(kind: str, box: str) -> None:
    options = [option("One", "1"), option("Two", "2")]
    chosen = {"selected_option": options[1], "selected_options": [options[1]]}
    frame = Frame(READER, {"b": {"in": {"type": kind, **chosen}}})
    drawn = element({"type": kind, "action_id": "in", "options": options}, "b", frame)
    first, second = drawn.split("</label>")[:2]
    assert f'<input type="{box}" disabled>' in first
    assert f'<input type="{box}" checked disabled>' in second


def test_a_moment_to_pick_stands_on_the_readers_own_clock() -> None:
    picker = {"type": "datetimepicker", "action_id": "at", "initial_date_time": 1795424400}
    assert "2026-11-23T09:00" in element(picker, "b", FRAME)
    in_auckland = Frame(replace(READER, zone=ZoneInfo("Pacific/Auckland")))
    assert "2026-11-23T22:00" in element(picker, "b", in_auckland)


def test_a_form_shows_its_title_its_buttons_and_each_error_at_its_field() -> None:
    drawn = form(FORM, Frame(READER, VALUES, ERRORS))
    parts = drawn.split('<div class="block ')
    due = next(part for part in parts if 'data-block-id="due"' in part)
    start = next(part for part in parts if 'data-block-id="start"' in part)
    assert "New initiative</h2>" in drawn
    assert ">Cancel</button>" in drawn
    assert ">Add</button>" in drawn
    assert ERRORS["due"] in due
    assert 'class="wrong"' in due
    assert "field-error" not in start
    assert "Newsletter &lt;relaunch&gt;" in drawn


def test_a_form_with_nothing_to_submit_has_only_a_way_out() -> None:
    view = {"title": bare("Look"), "blocks": [gallery.section("x")]}
    drawn = form(view, FRAME)
    assert ">Close</button>" in drawn
    assert "primary" not in drawn


def test_a_hint_gives_way_to_an_error() -> None:
    value = field("why", "Why", {"type": "plain_text_input"}, hint=bare("One sentence"))
    assert "One sentence" in draw(value)
    assert "One sentence" not in draw(value, Frame(READER, errors={"why": "Say more"}))


def test_a_home_tab_not_yet_published_says_so() -> None:
    assert "has not published" in home(None, FRAME)
    assert "hello" in home({"id": "V9", "blocks": [gallery.section("hello")]}, FRAME)
