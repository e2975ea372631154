"""What Slack's limits refuse, with a pointer to the place."""

from contextlib import suppress
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox import limits
from sandbox.refusals import ApiError
from tests.sandbox.conftest import Office
from tests.sandbox.support import button, field, modal, options, plain, section, with_one_changed

JSON = dict[str, Any]


def actions(*elements: JSON) -> JSON:
    return {"type": "actions", "elements": list(elements)}


def chart(**changes: Any) -> JSON:
    series = [{"name": "Green", "data": [{"label": "W46", "value": 7}]}]
    shape: JSON = {"type": "bar", "series": series, "axis_config": {"categories": ["W46"]}}
    return {"type": "data_visualization", "title": "Health", "chart": shape | changes}


def select(**changes: Any) -> JSON:
    return {"type": "static_select", "action_id": "s", "options": options("One"), **changes}


def cells(rows: int, columns: int, text: str = "x") -> list[Any]:
    return [[{"type": "raw_text", "text": text}] * columns] * rows


GOOD = [
    section("x" * 3000),
    section("x", fields=[{"type": "mrkdwn", "text": "y" * 2000}] * 10),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10},
    actions(*(button("x" * 75, f"a{n}", value="v" * 2000, accessibility_label="y" * 75) for n in range(25))),
    actions(select(options=options(*map(str, range(100))))),
    {"type": "image", "image_url": "https://x.example/y.png", "alt_text": "y"},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    {"type": "markdown", "text": "x" * 12_000},
    chart(),
    chart(type="pie", segments=[{"label": "Green", "value": 1}]),
    {"type": "table", "rows": cells(100, 20, "")},
    {"type": "data_table", "caption": "x", "rows": cells(2, 20)},
]

BAD: list[tuple[JSON, str]] = [
    (section("x" * 3001), "/blocks/0/text/text"),
    (section(""), "/blocks/0/text/text"),
    ({"type": "section"}, "/blocks/0"),
    (section("x", fields=[{"type": "mrkdwn", "text": "y"}] * 11), "/blocks/0/fields"),
    (section("x", fields=[{"type": "mrkdwn", "text": "y" * 2001}]), "/blocks/0/fields/0/text"),
    (section("x", accessory={"type": "plain_text_input", "action_id": "a"}), "/blocks/0/accessory/type"),
    (actions(button("x", "a", accessibility_label="y" * 76)), "/blocks/0/elements/0/accessibility_label"),
    ({"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "/blocks/0/text/type"),
    ({"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}, "/blocks/0/elements"),
    ({"type": "mystery"}, "/blocks/0/type"),
    ({"type": "alert", "text": plain("x")}, "/blocks/0/type"),
    (actions(), "/blocks/0/elements"),
    (actions(*(button("x", f"a{n}") for n in range(26))), "/blocks/0/elements"),
    (actions(button("x" * 76, "a")), "/blocks/0/elements/0/text/text"),
    (actions(button("x", "a", value="v" * 2001)), "/blocks/0/elements/0/value"),
    (actions(button("x", "a", style="loud")), "/blocks/0/elements/0/style"),
    (actions(button("x", "a" * 256)), "/blocks/0/elements/0/action_id"),
    (actions(button("x", "a"), button("y", "a")), "/blocks/0/elements/1/action_id"),
    (actions(button("x", "a", confirm={"title": plain("t")})), "/blocks/0/elements/0/confirm"),
    (actions(select(options=[])), "/blocks/0/elements/0/options"),
    (actions(select(options=options(*map(str, range(101))))), "/blocks/0/elements/0/options"),
    (actions(select(options=options("x" * 76))), "/blocks/0/elements/0/options/0/text/text"),
    (
        actions(select(options=[{"text": plain("x"), "value": "v" * 151}])),
        "/blocks/0/elements/0/options/0/value",
    ),
    (actions(select(placeholder=plain("x" * 151))), "/blocks/0/elements/0/placeholder/text"),
    (actions(select(initial_option=options("Two")[0])), "/blocks/0/elements/0/initial_option"),
    (
        actions({"type": "overflow", "action_id": "o", "options": options(*"123456")}),
        "/blocks/0/elements/0/options",
    ),
    (
        actions({"type": "checkboxes", "action_id": "o", "options": options(*"abcdefghijk")}),
        "/blocks/0/elements/0/options",
    ),
    ({"type": "image", "image_url": "https://x.example/y.png"}, "/blocks/0"),
    ({"type": "markdown", "text": "x" * 12_001}, "/blocks/0/text"),
    (chart(axis_config={"categories": ["W46", "W47"]}), "/blocks/0/chart/series/0/data"),
    (chart(axis_config={"categories": ["W46"], "x_label": "x" * 51}), "/blocks/0/chart/axis_config/x_label"),
    (chart(series=[]), "/blocks/0/chart/series"),
    (chart(type="pie", segments=[{"label": "Green", "value": 0}]), "/blocks/0/chart/segments/0/value"),
    (chart(type="radar"), "/blocks/0/chart/type"),
    (chart() | {"title": "x" * 51}, "/blocks/0/title"),
    (chart(axis_config=None), "/blocks/0/chart"),
    (
        chart(series=[{"name": "Green", "data": [{"label": "W46", "value": "7"}]}]),
        "/blocks/0/chart/series/0/data/0/value",
    ),
    (chart(series=chart()["chart"]["series"] * 2), "/blocks/0/chart/series"),
    ({"type": "data_visualization", "title": "x"}, "/blocks/0"),
    (actions(select(options=["x"])), "/blocks/0/elements/0/options/0"),
    (actions(select(option_groups=[7])), "/blocks/0/elements/0/option_groups/0"),
    (chart(series=[7]), "/blocks/0/chart/series/0"),
    (chart(series=[{"name": "Green", "data": [7]}]), "/blocks/0/chart/series/0/data/0"),
    (chart(type="pie", segments=["x"]), "/blocks/0/chart/segments/0"),
    (actions(select(option_groups=[])), "/blocks/0/elements/0/option_groups"),
    (
        actions(select(option_groups=[{"label": plain("x" * 76), "options": options("One")}])),
        "/blocks/0/elements/0/option_groups/0/label/text",
    ),
    (actions(button("x", "a", confirm="sure")), "/blocks/0/elements/0/confirm"),
    (actions(button("x", "a", url=7)), "/blocks/0/elements/0/url"),
    ({"type": "section", "text": "bare"}, "/blocks/0/text"),
    ({"type": "section", "text": {"type": "mrkdwn"}}, "/blocks/0/text"),
    ({"type": "input", "label": plain("x")}, "/blocks/0"),
    ({"type": "carousel", "elements": [{}] * 11}, "/blocks/0/elements"),
    ({"type": "card", "body": plain("x" * 201)}, "/blocks/0/body/text"),
    ({"type": "table", "rows": [[{"type": "image"}]]}, "/blocks/0/rows/0/0/type"),
    ({"type": "data_table", "caption": "x", "rows": [*cells(1, 2), *cells(1, 1)]}, "/blocks/0/rows"),
    ({"type": "data_table", "caption": "x", "rows": [[{"type": "rich_text"}]] * 2}, "/blocks/0/rows/0"),
    ({"type": "data_table", "caption": "x", "rows": cells(2, 1), "page_size": 101}, "/blocks/0/page_size"),
    ({"type": "table", "rows": cells(101, 1)}, "/blocks/0/rows"),
    ({"type": "table", "rows": cells(1, 21)}, "/blocks/0/rows/0"),
    ({"type": "table", "rows": cells(10, 10, "x" * 101)}, "/blocks/0/rows"),
    ({"type": "data_table", "caption": "x", "rows": cells(1, 1)}, "/blocks/0/rows"),
    ({"type": "data_table", "rows": cells(2, 1)}, "/blocks/0"),
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: block["type"])
def test_what_is_within_the_limits_is_taken(block: JSON) -> None:
    limits.check_message([block])


@pytest.mark.parametrize(("block", "pointer"), BAD)
def test_what_is_beyond_them_is_pointed_at(block: JSON, pointer: str) -> None:
    with pytest.raises(ApiError) as refused:
        limits.check_message([block])
    assert refused.value.code == "invalid_blocks"
    messages = refused.value.extra["response_metadata"]["messages"]
    assert any(m.startswith("[ERROR] ") and f"[json-pointer:{pointer}]" in m for m in messages), messages


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}] * 51,
        [chart()] * 3,
        [{"type": "markdown", "text": "x" * 6001}] * 2,
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
    ],
    ids=["51 blocks", "3 charts", "long markdown", "same block_id"],
)
def test_blocks_are_also_counted_together(blocks: list[JSON]) -> None:
    with pytest.raises(ApiError, match="invalid_blocks"):
        limits.check_message(blocks)


def test_blocks_are_a_list() -> None:
    with pytest.raises(ApiError, match="invalid_blocks_format"):
        limits.check_message("[]")


NO_SHAPE_OF_SLACKS: list[Any] = [[], {}, [[]], [{}], {"a": []}, None, 3, -1, 1.5, True, "", "x"]


@pytest.mark.parametrize("block", [*GOOD, *(block for block, _ in BAD)], ids=lambda block: block["type"])
def test_whatever_stands_for_a_part_of_a_block_is_refused_or_taken(block: JSON) -> None:
    for shape in NO_SHAPE_OF_SLACKS:
        for changed in with_one_changed(block, shape):
            limits.near_in_message([changed])
            with suppress(ApiError):
                limits.check_message([block, changed])
            with suppress(ApiError):
                limits.check_view(modal(changed))


def test_a_message_holds_one_table() -> None:
    with pytest.raises(ApiError, match="only_one_table_allowed"):
        limits.check_message([{"type": "table", "rows": cells(1, 1)}] * 2)


INPUT = field("Name", {"type": "plain_text_input"}, "name")

BAD_VIEWS: list[tuple[JSON, str]] = [
    (modal(title="x" * 25), "/view/title/text"),
    (modal(submit=plain("x" * 25)), "/view/submit/text"),
    (modal(*[{"type": "divider"}] * 101), "/view/blocks"),
    (modal(private_metadata="x" * 3001), "/view/private_metadata"),
    (modal(callback_id="x" * 256), "/view/callback_id"),
    (modal(colour="red"), "/view"),
    (modal() | {"blocks": None}, "/view"),
    ({"type": "modal", "blocks": []}, "/view"),
    (
        modal(field("N", {"type": "number_input", "is_decimal_allowed": True, "min_value": 1}, "n")),
        "/view/blocks/0/element/min_value",
    ),
    (modal(INPUT, submit=None), "/view"),
    (modal(chart()), "/view/blocks/0/type"),
    (modal(field("x" * 2001, {"type": "plain_text_input"}, "n")), "/view/blocks/0/label/text"),
    (
        modal(field("N", {"type": "plain_text_input", "max_length": 3001}, "n")),
        "/view/blocks/0/element/max_length",
    ),
    (modal(field("N", {"type": "number_input"}, "n")), "/view/blocks/0/element"),
    (
        modal(field("N", {"type": "datepicker", "initial_date": "31/03"}, "n")),
        "/view/blocks/0/element/initial_date",
    ),
    (modal(field("N", button("x", "a"), "n")), "/view/blocks/0/element/type"),
]


@pytest.mark.parametrize(("view", "pointer"), BAD_VIEWS)
def test_views_have_limits_of_their_own(view: JSON, pointer: str) -> None:
    with pytest.raises(ApiError) as refused:
        limits.check_view(view)
    assert refused.value.code == "invalid_arguments"
    messages = refused.value.extra["response_metadata"]["messages"]
    assert any(f"[json-pointer:{pointer}]" in m for m in messages), messages


def test_a_view_of_more_than_250_kilobytes_is_too_large() -> None:
    with pytest.raises(ApiError, match="view_too_large"):
        limits.check_view(modal(*(section("x" * 2900) for _ in range(90))))


async def test_the_api_refuses_in_slacks_words(office: Office) -> None:
    with pytest.raises(SlackApiError) as refused:
        await office.api.chat_postMessage(channel=office.ana.id, text="x", blocks=[section("x" * 3001)])
    assert refused.value.response["error"] == "invalid_blocks"
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]
    assert office.ana.dm.messages == []
