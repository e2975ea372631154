"""Blocks, each by its own rules: docs.slack.dev/reference/block-kit/blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.limits import elements
from sandbox.limits.charts import check_chart
from sandbox.limits.problems import kind_of
from sandbox.limits.rich_text import check_rich_text
from sandbox.limits.tables import check_data_table, check_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.limits.problems import Problems

JSON = dict[str, Any]

_EVERYWHERE = {"section", "header", "divider", "context", "actions", "image", "input", "rich_text", "video"}
_RICH = {"data_visualization", "table", "data_table", "carousel", "container", "card"}
_ALLOWED = {
    "message": frozenset(_EVERYWHERE | _RICH | {"markdown", "context_actions", "plan", "task_card"}),
    "modal": frozenset(_EVERYWHERE | {"alert", "card"}),
    "home": frozenset(_EVERYWHERE | _RICH),
}
# In one message together.
_MOST_CHARTS = 2
_MOST_MARKDOWN = 12_000
_ID = 255


def check_blocks(found: Problems, blocks: list[Any], at: str, surface: str, most: int) -> None:
    """`surface` is message, modal or home."""
    if len(blocks) > most:
        found.say(f"no more than {most} items allowed", at)
    seen: set[str] = set()
    allowed = _ALLOWED[surface]
    for number, block in enumerate(blocks):
        where = f"{at}/{number}"
        kind = kind_of(block)
        if kind not in allowed:
            found.say(f"unsupported type: {kind}", f"{where}/type")
            continue
        block_id = block.get("block_id")
        if block_id:
            found.string(block, "block_id", where, _ID)
            if str(block_id) in seen:
                found.say(f"block_id {block_id!r} already exists", f"{where}/block_id")
            seen.add(str(block_id))
        check = _CHECKS.get(kind)
        if check:
            check(found, block, where)
    _check_together(found, blocks, at)


def _check_together(found: Problems, blocks: list[Any], at: str) -> None:
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)]
    if kinds.count("data_visualization") > _MOST_CHARTS:
        found.say(f"no more than {_MOST_CHARTS} data_visualization blocks allowed", at)
    if "markdown" in kinds:
        written = sum(
            len(str(block.get("text", "")))
            for block in blocks
            if isinstance(block, dict) and block.get("type") == "markdown"
        )
        if written > _MOST_MARKDOWN:
            found.say(f"must be less than {_MOST_MARKDOWN + 1} characters", at)


def _section(found: Problems, block: JSON, at: str) -> None:
    if block.get("text") is None and not block.get("fields"):
        found.missing("text", at)
    found.field(block, "text", at, 3000, required=False, plain=False)
    if "fields" in block:
        for number, field in enumerate(found.items(block, "fields", at, 10)):
            found.text(field, f"{at}/fields/{number}", 2000)
    if block.get("accessory") is not None:
        elements.check_element(found, block["accessory"], f"{at}/accessory", elements.IN_SECTION)


def _actions(most: int, allowed: frozenset[str]) -> Callable[[Problems, JSON, str], None]:
    def check(found: Problems, block: JSON, at: str) -> None:
        offered = found.items(block, "elements", at, most)
        for number, element in enumerate(offered):
            elements.check_element(found, element, f"{at}/elements/{number}", allowed)
        elements.check_ids(found, offered, f"{at}/elements")

    return check


def _context(found: Problems, block: JSON, at: str) -> None:
    for number, element in enumerate(found.items(block, "elements", at, 10)):
        where = f"{at}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            elements.check_image(found, element, where)
        else:
            found.text(element, where, 3000)


def _input(found: Problems, block: JSON, at: str) -> None:
    found.field(block, "label", at, 2000, required=True, plain=True)
    found.field(block, "hint", at, 2000, required=False, plain=True)
    if block.get("element") is None:
        found.missing("element", at)
    else:
        elements.check_element(found, block["element"], f"{at}/element", elements.IN_INPUT)


def _image(found: Problems, block: JSON, at: str) -> None:
    elements.check_image(found, block, at)
    found.field(block, "title", at, 2000, required=False, plain=True)


def _video(found: Problems, block: JSON, at: str) -> None:
    found.field(block, "title", at, 199, required=True, plain=True)
    for name in ("video_url", "thumbnail_url", "alt_text"):
        found.string(block, name, at, 3000, required=True)


def _elements(most: int) -> Callable[[Problems, JSON, str], None]:
    def check(found: Problems, block: JSON, at: str) -> None:
        found.items(block, "elements", at, most)

    return check


def _card(found: Problems, block: JSON, at: str) -> None:
    for name, most in (("title", 150), ("subtitle", 150), ("body", 200), ("subtext", 200)):
        found.field(block, name, at, most, required=False, plain=False)


_CHECKS: dict[str, Callable[[Problems, JSON, str], None]] = {
    "section": _section,
    "header": lambda found, block, at: found.field(block, "text", at, 150, required=True, plain=True),
    "context": _context,
    "actions": _actions(25, elements.IN_ACTIONS),
    "context_actions": _actions(5, elements.IN_CONTEXT_ACTIONS),
    "input": _input,
    "image": _image,
    "markdown": lambda found, block, at: found.string(block, "text", at, _MOST_MARKDOWN, required=True),
    "alert": lambda found, block, at: found.field(block, "text", at, 200, required=True, plain=False),
    "card": _card,
    "carousel": _elements(10),
    "rich_text": check_rich_text,
    "video": _video,
    "data_visualization": check_chart,
    "table": check_table,
    "data_table": check_data_table,
}
