"""Whatever stands for a part of a block is refused in Slack's words, or can be shown to whoever gets it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox import drawing, forms, limits
from sandbox.page.blocks import blocks as shown_on_the_page
from sandbox.page.frame import Frame
from sandbox.refusals import ApiError
from sandbox.workspace import Workspace
from tests.sandbox.page.gallery import READER
from tests.sandbox.support import button, field, options, plain, with_one_changed

JSON = dict[str, Any]
WORKSPACE = Workspace(lambda: int(datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp()) * 1_000_000)
SHAPES: list[Any] = [[], {}, [[]], [{}], {"a": []}, None, 3, -1, True, "", "x"]

SECTION = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "x", "style": {"bold": True}},
                {"type": "user", "user_id": "U1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "link", "url": "https://example.org", "text": "y"},
                {"type": "emoji", "name": "tada", "unicode": "1f389"},
                {"type": "broadcast", "range": "here"},
                {"type": "color", "value": "#ff0000"},
                {"type": "date", "timestamp": 1780000000, "format": "{date}", "fallback": "today"},
            ],
        },
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "offset": 2, "elements": [SECTION]},
        {**SECTION, "type": "rich_text_quote"},
        {**SECTION, "type": "rich_text_preformatted"},
    ],
}
ONE, TWO = options("One", "Two")
INPUTS: list[JSON] = [
    {"type": "plain_text_input", "initial_value": "x", "min_length": 0, "max_length": 9, "multiline": True},
    {
        "type": "number_input",
        "is_decimal_allowed": True,
        "initial_value": "1",
        "min_value": "0",
        "max_value": "9",
    },
    {"type": "email_text_input", "initial_value": "a@example.org"},
    {"type": "rich_text_input", "initial_value": {"type": "rich_text", "elements": [SECTION]}},
    {"type": "datepicker", "initial_date": "2026-11-30"},
    {"type": "timepicker", "initial_time": "09:00", "timezone": "Europe/Madrid"},
    {"type": "datetimepicker", "initial_date_time": 1780000000},
    {"type": "users_select", "initial_user": "U1"},
    {"type": "multi_users_select", "initial_users": ["U1"], "max_selected_items": 3},
    {"type": "conversations_select", "initial_conversation": "C1", "filter": {"include": ["im"]}},
    {"type": "multi_channels_select", "initial_channels": ["C1"]},
    {"type": "static_select", "options": [ONE, TWO], "initial_option": ONE},
    {
        "type": "multi_static_select",
        "option_groups": [{"label": plain("x"), "options": [ONE]}],
        "initial_options": [ONE],
    },
    {"type": "external_select", "min_query_length": 2, "initial_option": ONE},
    {"type": "radio_buttons", "options": [{**ONE, "description": plain("x")}, TWO], "initial_option": TWO},
    {"type": "checkboxes", "options": [ONE], "initial_options": [ONE]},
    {"type": "file_input", "filetypes": ["csv"], "max_files": 2},
]
ACCESSORIES: list[JSON] = [
    {"type": "overflow", "action_id": "o", "options": [ONE]},
    {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "x"},
    button(
        "x", "b", style="primary", confirm={name: plain("x") for name in ("title", "text", "confirm", "deny")}
    ),
]
OTHERS: list[JSON] = [
    RICH,
    {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": "x"}, {"type": "rich_text", "elements": [SECTION]}]],
    },
    {
        "type": "video",
        "title": plain("x"),
        **dict.fromkeys(("video_url", "thumbnail_url", "alt_text"), "https://example.org"),
    },
    {
        "type": "context_actions",
        "elements": [
            {"type": "icon_button", "icon": "trash", "text": plain("x")},
            {
                "type": "feedback_buttons",
                "positive_button": {"text": plain("x"), "value": "1"},
                "negative_button": {"text": plain("y"), "value": "0"},
            },
        ],
    },
]
BLOCKS = [
    *OTHERS,
    *(field("F", element, "f", hint=plain("h")) for element in INPUTS),
    *({"type": "section", "fields": [plain("x")], "accessory": element} for element in ACCESSORIES),
]


def name_of(block: JSON) -> str:
    return str((block.get("element") or block.get("accessory") or block)["type"])


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_a_block_of_each_kind_is_taken(block: JSON) -> None:
    limits.check_message([block])


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_what_is_taken_in_place_of_a_part_of_a_block_can_be_shown(block: JSON) -> None:
    refused = 0
    for shape in SHAPES:
        for changed in with_one_changed(block, shape):
            try:
                limits.check_message([changed])
            except ApiError:
                refused += 1
                continue
            drawing.draw_blocks([changed], WORKSPACE, None)
            state = forms.initial_state([changed])
            for one in forms.fields([changed]):
                if one.element["type"] in forms.STATEFUL:
                    forms.read_value(one, state[one.block_id][one.action_id], WORKSPACE)
            shown_on_the_page([changed], Frame(READER))
    assert refused > len(SHAPES)
