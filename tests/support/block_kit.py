"""Every payload through three Block Kit validators, then Slack's limits that none of them checks.

slackblocks, blockkit and slack_sdk each look at the blocks they know; a block that one of them does not know
passes that one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

import blockkit
import slackblocks
from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView

from sandbox import heard_alike

Json = dict[str, Any]
Build = Callable[..., Any]

MOST_BLOCKS_IN_MESSAGE = 50
MOST_BLOCKS_IN_VIEW = 100
MOST_BYTES_IN_VIEW = 250_000
MOST_CHARTS = 2
MOST_FALLBACK = 3500
MOST_BLOCKS_TEXT = 11_000
"""Characters of text in all blocks: undocumented; `msg_blocks_too_long` was seen from 11,341 on (bolt-js 2867)."""

_SHOUTS = re.compile(r"<!(?:channel|here|everyone|subteam)")
_LONE_AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")

# Slack's type: (slackblocks' class, blockkit's class); None where the library lacks it.
_CLASSES: Mapping[str, tuple[str | None, str | None]] = {
    "section": ("SectionBlock", "Section"),
    "context": ("ContextBlock", "Context"),
    "actions": ("ActionsBlock", "Actions"),
    "header": ("HeaderBlock", "Header"),
    "divider": ("DividerBlock", "Divider"),
    "input": ("InputBlock", "Input"),
    "data_visualization": ("DataVisualizationBlock", None),
    "bar": ("BarChart", None),
    "line": ("LineChart", None),
    "area": ("AreaChart", None),
    "pie": ("PieChart", None),
    "button": ("Button", "Button"),
    "static_select": ("StaticSelectMenu", "StaticSelect"),
    "multi_static_select": ("StaticMultiSelectMenu", "MultiStaticSelect"),
    "users_select": ("UserSelectMenu", "UsersSelect"),
    "multi_users_select": ("UserMultiSelectMenu", "MultiUsersSelect"),
    "conversations_select": ("ConversationSelectMenu", "ConversationsSelect"),
    "datepicker": ("DatePicker", "DatePicker"),
    "timepicker": ("TimePicker", "TimePicker"),
    "checkboxes": ("CheckboxGroup", "Checkboxes"),
    "radio_buttons": ("RadioButtonGroup", "RadioButtons"),
    "plain_text_input": ("PlainTextInput", "PlainTextInput"),
    "number_input": ("NumberInput", "NumberInput"),
    "overflow": ("OverflowMenu", "Overflow"),
}
# Objects without a type of their own, by the key that holds them.
_UNTYPED: Mapping[str, tuple[str | None, str | None]] = {
    "options": ("Option", "Option"),
    "initial_option": ("Option", "Option"),
    "initial_options": ("Option", "Option"),
    "option_groups": ("OptionGroup", "OptionGroup"),
    "confirm": ("ConfirmationDialogue", "Confirm"),
    "filter": ("ConversationFilter", "ConversationFilter"),
    "dispatch_action_config": ("DispatchActionConfiguration", "DispatchActionConfig"),
    "series": ("DataSeries", None),
    "data": ("DataPoint", None),
    "axis_config": ("AxisConfig", None),
    "segments": ("ChartSegment", None),
}


class UnknownToLibrary(Exception):
    """The library has no class for this block, which is no fault of the block."""


def assert_valid_message(payload: Json) -> None:
    """Raise AssertionError, or the validator's own error, when Slack would refuse or cut the message."""
    assert set(payload) == {"text", "blocks"}, f"a message is its text and its blocks, not {sorted(payload)}"
    blocks = payload["blocks"]
    assert 1 <= len(payload["text"]) <= MOST_FALLBACK, f"fallback text of {len(payload['text'])} characters"
    assert 1 <= len(blocks) <= MOST_BLOCKS_IN_MESSAGE, f"{len(blocks)} blocks"
    assert sum(block["type"] == "data_visualization" for block in blocks) <= MOST_CHARTS
    assert sum(len(text) for text, _ in texts_of(blocks)) <= MOST_BLOCKS_TEXT, (
        "blocks too long for one message"
    )
    assert_escaped(payload["text"])
    _assert_each_block_valid(blocks)
    slackblocks.Message(channel="C1", text=payload["text"], blocks=_known(_slackblocks, blocks))
    _built(blockkit.Message(text=payload["text"], blocks=_known(_blockkit, blocks)))


def assert_valid_view(view: Json) -> None:
    """Raise AssertionError, or the validator's own error, when Slack would refuse the modal or Home tab."""
    blocks = view["blocks"]
    assert 1 <= len(blocks) <= MOST_BLOCKS_IN_VIEW, f"{len(blocks)} blocks"
    assert len(repr(view).encode()) <= MOST_BYTES_IN_VIEW, "view_too_large"
    has_input = any(block["type"] == "input" for block in blocks)
    assert not (view["type"] == "modal" and has_input and "submit" not in view), "inputs need a submit button"
    _assert_each_block_valid(blocks)
    rest = {key: value for key, value in view.items() if key not in {"type", "blocks"}}
    names = {"modal": ("ModalView", "Modal"), "home": ("HomeTabView", "Home")}[view["type"]]
    for name, build, module in zip(names, (_slackblocks, _blockkit), (slackblocks, blockkit), strict=True):
        fields = {key: build(value, key) for key, value in rest.items() if value != ""}
        _built(getattr(module, name)(blocks=_known(build, blocks), **fields))
    SdkView(**view).validate_json()


def assert_escaped(markup: str) -> None:
    """Nobody is shouted at, and no `&` is left as it was typed."""
    assert not _SHOUTS.search(markup), f"mentions everybody: {markup!r}"
    assert not _LONE_AMPERSAND.search(markup), f"not escaped: {markup!r}"


def _assert_each_block_valid(blocks: list[Json]) -> None:
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids)), f"block ids repeat: {ids}"
    assert not (alike := heard_alike(blocks)), f"buttons that are read out alike: {alike}"
    for text, kind in texts_of(blocks):
        assert text, "an empty text"
        if kind == "mrkdwn":
            assert_escaped(text)
    assert all(text.get("verbatim") for text in _markups(blocks)), "Slack would look for mentions in words"
    for block in blocks:
        if block["type"] == "data_visualization":
            _assert_valid_chart(block)
        parsed = SdkBlock.parse(block)
        if parsed is not None:
            parsed.validate_json()
    _known(_slackblocks, blocks)
    for made in _known(_blockkit, blocks):
        _built(made)


def _assert_valid_chart(block: Json) -> None:
    chart, title = block["chart"], block["title"]
    assert 1 <= len(title) <= 50, f"chart title of {len(title)} characters"
    if chart["type"] == "pie":
        assert 1 <= len(chart["segments"]) <= 12
        assert all(point["value"] > 0 for point in chart["segments"])
        return
    axis, series = chart["axis_config"], chart["series"]
    categories = axis["categories"]
    assert 1 <= len(categories) <= 20, f"{len(categories)} points"
    assert len(set(categories)) == len(categories), "categories repeat"
    assert 1 <= len(series) <= 12, f"{len(series)} series"
    assert len({one["name"] for one in series}) == len(series), "series names repeat"
    labels = [*categories, *(one["name"] for one in series)]
    assert all(1 <= len(label) <= 20 for label in labels), labels
    assert all(len(axis.get(key, "x")) <= 50 for key in ("x_label", "y_label"))
    for one in series:
        assert [point["label"] for point in one["data"]] == categories, "one point for each category"


def _built(made: Any) -> None:
    """blockkit checks when it builds, slackblocks already in its constructors."""
    if hasattr(made, "build"):
        made.build()


def texts_of(value: Any) -> Iterator[tuple[str, str]]:
    """Every text object inside, as (text, plain_text or mrkdwn)."""
    if isinstance(value, dict):
        if value.get("type") in {"mrkdwn", "plain_text"}:
            yield value["text"], value["type"]
        else:
            for inner in value.values():
                yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


def _markups(value: Any) -> Iterator[Json]:
    """Every text object of markup inside."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value
        for inner in value.values():
            yield from _markups(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _markups(inner)


def _known(build: Build, blocks: list[Json]) -> list[Any]:
    """The blocks as the library's own objects, without those it does not know."""
    made = []
    for block in blocks:
        try:
            made.append(build(block, "blocks"))
        except UnknownToLibrary:
            continue
    return made


def _slackblocks(value: Any, key: str = "") -> Any:
    if isinstance(value, dict) and value.get("type") in {"mrkdwn", "plain_text"}:
        kind = slackblocks.TextType(value["type"])
        return slackblocks.Text(value["text"], kind, value.get("emoji", False), value.get("verbatim", False))
    return _build(slackblocks, 0, _slackblocks, value, key)


def _blockkit(value: Any, key: str = "") -> Any:
    if isinstance(value, dict) and value.get("type") in {"mrkdwn", "plain_text"}:
        emoji, verbatim = value.get("emoji"), value.get("verbatim")
        return blockkit.Text(value["text"], type=value["type"], emoji=emoji, verbatim=verbatim)
    return _build(blockkit, 1, _blockkit, value, key)


def _build(module: ModuleType, library: int, build: Build, value: Any, key: str) -> Any:
    if isinstance(value, list):
        return [build(inner, key) for inner in value]
    if not isinstance(value, dict):
        return value
    classes = _CLASSES.get(value.get("type", "")) or _UNTYPED.get(key)
    name = classes[library] if classes else None
    if name is None:
        raise UnknownToLibrary(f"{module.__name__} lacks {value.get('type', key)}")
    fields = {inner: build(content, inner) for inner, content in value.items() if inner != "type"}
    if "option_groups" in fields and "initial_option" in fields:
        # Both ask for a whole group here, where Slack asks for one of the options (its select menu reference).
        del fields["initial_option"]
        assert any(value["initial_option"] in group["options"] for group in value["option_groups"])
    return getattr(module, name)(**fields)
