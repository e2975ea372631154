"""The checks every payload goes through would notice what Slack refuses."""

from typing import Any

import pytest

from tests.support.block_kit import assert_valid_message, assert_valid_view
from views.slack import blocks
from views.slack.charts import bar_chart

Json = dict[str, Any]


def chart(categories: list[str], values: list[int], name: str = "On track") -> Json:
    return bar_chart("Health", categories, [(name, values)], x_label="Week", y_label="Initiatives")


def without_a_point() -> Json:
    block = chart(["W48", "W49"], [1, 2])
    block["chart"]["series"][0]["data"].pop()
    return block


def said(markup: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": markup, "verbatim": True}}


def form(*inner: Json, **rest: Any) -> Json:
    return {**blocks.modal("Title", inner, callback_id="x", submit="Save"), **rest}


TEXT_FIELD = blocks.input_block("Why", blocks.text_input(), block_id="why")


@pytest.mark.parametrize(
    "payload",
    [
        {"text": "", "blocks": [blocks.divider()]},
        {"text": "x" * 3501, "blocks": [blocks.divider()]},
        {"text": "x", "blocks": []},
        {"text": "x", "blocks": [blocks.divider()] * 51},
        {"text": "R&D", "blocks": [blocks.divider()]},
        {"text": "<!channel>", "blocks": [blocks.divider()]},
        {"text": "x", "blocks": [said("<!here> look")]},
        {"text": "x", "blocks": [said("")]},
        {"text": "x", "blocks": [said("x" * 3001)]},
        {"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "@channel"}}]},
        {"text": "x", "blocks": [said("x" * 3000)] * 4},
        {"text": "x", "blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]},
        {"text": "x", "blocks": [blocks.actions([blocks.button("a", "a", "1")], block_id="same")] * 2},
        {"text": "x", "blocks": [chart(["W48"], [1])] * 3},
        {"text": "x", "blocks": [chart(["W48", "W48"], [1, 2])]},
        {"text": "x", "blocks": [chart([f"W{n}" for n in range(21)], [1] * 21)]},
        {"text": "x", "blocks": [chart(["W48"], [1], name="n" * 21)]},
        {"text": "x", "blocks": [without_a_point()]},
    ],
)
def test_a_message_slack_would_refuse_is_noticed(payload: Json) -> None:
    with pytest.raises(Exception):  # noqa: B017 - each validator has its own errors
        assert_valid_message(payload)


@pytest.mark.parametrize(
    "view",
    [
        form(),
        form(blocks=[blocks.divider()] * 101),
        form(TEXT_FIELD, TEXT_FIELD),
        form(TEXT_FIELD, title={"type": "plain_text", "text": "t" * 25}),
        form(TEXT_FIELD, private_metadata="m" * 3001),
        {key: value for key, value in form(TEXT_FIELD).items() if key != "submit"},
        form(chart(["W48"], [1])),
    ],
)
def test_a_form_slack_would_refuse_is_noticed(view: Json) -> None:
    with pytest.raises(Exception):  # noqa: B017 - each validator has its own errors
        assert_valid_view(view)


def test_a_plain_message_and_a_plain_form_pass() -> None:
    assert_valid_message(blocks.message("R&amp;D", [said("R&amp;D"), chart(["W48"], [1])]))
    assert_valid_view(form(TEXT_FIELD))


RTL = "מכירות"


def test_words_in_markup_and_plain_text_hide_nothing_and_turn_nothing_round() -> None:
    hostile = "Sales \u202e5 → 6\u200b\x1b[2J\u2069"
    assert blocks.escape(hostile) == "Sales 5 → 6[2J"
    assert blocks.one_line(hostile + "\u2028<!channel>", 75) == "Sales 5 → 6[2J &lt;!channel&gt;"
    for made in (
        blocks.plain(hostile, 75),
        blocks.option(hostile, "1")["text"],
        blocks.header(hostile)["text"],
    ):
        assert made["text"] == "Sales 5 → 6[2J"


def test_plain_text_stands_on_one_line() -> None:
    assert blocks.option("Sales\nHealth: on track", "1")["text"]["text"] == "Sales Health: on track"


def test_what_is_to_be_edited_stands_as_it_was_typed() -> None:
    assert blocks.text_input("Sales \u202e5")["initial_value"] == "Sales \u202e5"


def test_a_name_from_right_to_left_is_isolated_and_its_isolate_closed_wherever_it_is_cut() -> None:
    name = f"{RTL} 5"
    assert blocks.one_line(name, 75) == f"\u2068{name}\u2069"
    for limit in range(1, 30):
        for text in (
            blocks.shorten_mrkdwn(f"{blocks.one_line(name, 75)} → 6 and so on", limit),
            blocks.plain(f"{blocks.plain_line(name, 75)} → 6 and so on", limit)["text"],
        ):
            assert len(text) <= limit
            assert text.count("\u2068") <= text.count("\u2069")


def test_an_isolate_of_somebody_else_cannot_close_ours() -> None:
    assert blocks.one_line(f"{RTL}\u2069\u202e 5", 75) == f"\u2068{RTL} 5\u2069"


def test_a_message_longer_than_slack_takes_says_how_much_is_left_out() -> None:
    long = [blocks.section("x" * 3000)] * 5
    made = blocks.message("x", long)["blocks"]
    assert made == [*long[:3], blocks.context("… and 2 more")]
    assert blocks.message("x", long[:3])["blocks"] == long[:3]
    assert len(blocks.message("x", [blocks.divider()] * 60)["blocks"]) == 50
