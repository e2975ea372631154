"""Slack's limits on blocks and views, refused in Slack's words with JSON pointers.

Numbers: docs.slack.dev/reference/block-kit and /reference/views.
"""

from __future__ import annotations

import json
from typing import Any

from sandbox.limits.blocks import check_blocks
from sandbox.limits.hearing import heard_alike as heard_alike
from sandbox.limits.problems import Near, Problems
from sandbox.refusals import ApiError

MOST_IN_MESSAGE = 50
MOST_IN_VIEW = 100
MOST_VIEW_BYTES = 250_000
_TITLE = 24
_METADATA = 3000
_ID = 255


def check_message(blocks: Any) -> None:
    """Raises invalid_blocks_format, only_one_table_allowed or invalid_blocks."""
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    found = Problems()
    check_blocks(found, blocks, "/blocks", "message", MOST_IN_MESSAGE)
    if found:
        raise ApiError("invalid_blocks", errors=found.plain(), response_metadata={"messages": found.marked()})
    if sum(block["type"] == "table" for block in blocks) > 1:
        raise ApiError("only_one_table_allowed")


def check_view(view: dict[str, Any]) -> None:
    """Raises invalid_arguments or view_too_large."""
    found = _measured(view)
    if found:
        raise ApiError("invalid_arguments", response_metadata={"messages": found.marked()})
    if len(json.dumps(view)) > MOST_VIEW_BYTES:
        raise ApiError("view_too_large")


def near_in_message(blocks: list[Any]) -> list[Near]:
    """What of it is nearly as large as Slack lets it be."""
    found = Problems()
    check_blocks(found, blocks, "/blocks", "message", MOST_IN_MESSAGE)
    return found.near


def near_in_view(view: dict[str, Any]) -> list[Near]:
    """What of it is nearly as large as Slack lets it be."""
    found = _measured(view)
    found.measure(len(json.dumps(view)), "/view", MOST_VIEW_BYTES)
    return found.near


def _measured(view: dict[str, Any]) -> Problems:
    found = Problems()
    kind = str(view.get("type"))
    found.unknown_keys(view, _VIEW_KEYS[kind], "/view")
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        found.missing("blocks", "/view")
    else:
        check_blocks(found, blocks, "/view/blocks", kind, MOST_IN_VIEW)
    if kind == "modal":
        _check_modal(found, view)
    found.string(view, "private_metadata", "/view", _METADATA)
    found.string(view, "callback_id", "/view", _ID)
    found.string(view, "external_id", "/view", _ID)
    return found


_VIEW_KEYS = {
    "home": frozenset({"type", "blocks", "private_metadata", "callback_id", "external_id"}),
    "modal": frozenset(
        {
            *("type", "blocks", "private_metadata", "callback_id", "external_id", "title", "submit", "close"),
            *("clear_on_close", "notify_on_close", "submit_disabled"),
        }
    ),
}


def _check_modal(found: Problems, view: dict[str, Any]) -> None:
    if "title" not in view:
        found.missing("title", "/view")
    for name in ("title", "submit", "close"):
        if view.get(name) is not None:
            found.text(view[name], f"/view/{name}", _TITLE, plain=True)
    blocks = view.get("blocks")
    has_input = isinstance(blocks, list) and any(
        isinstance(b, dict) and b.get("type") == "input" for b in blocks
    )
    if has_input and view.get("submit") is None:
        found.missing("submit", "/view")
