"""How high a message stands on a phone, reckoned from its blocks; tests/browser holds it against a browser."""

import re
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

Block = dict[str, Any]

SCREEN = 621
"""Points for messages on a screen of 390 by 844: what the bars above and below leave."""
_WIDTH = 330
"""Of a message's blocks."""
_LETTERS = 49
_LETTERS_BESIDE = 40
"""A line has so many; fewer beside a button."""
_SMALL_LETTERS = 55
_BIG_LETTERS = 36
_NAME = 38
"""Who says it, with the room around a message."""
_GAP, _GAP_AFTER_BUTTONS = 8, 16
_EMOJI = re.compile(r":[a-z_]+:")
_LABELLED = re.compile(r"<[^>|]*\|([^>]*)>")


def phone_screens(blocks: Sequence[Block]) -> float:
    height, before = _NAME, ""
    for block in blocks:
        kind = block["type"]
        if before:
            height += _GAP_AFTER_BUTTONS if (before, kind) == ("actions", "section") else _GAP
        height += _height(block)
        before = kind
    return height / SCREEN


def _height(block: Block) -> int:
    """Raises KeyError for a block of another kind."""
    match block["type"]:
        case "header":
            return 24 * _rows(block["text"]["text"], _BIG_LETTERS)
        case "section":
            return 22 * _rows(block["text"]["text"], _LETTERS_BESIDE if "accessory" in block else _LETTERS)
        case "context":
            return 19 * sum(_rows(one["text"], _SMALL_LETTERS) for one in block["elements"])
        case "actions":
            return _rows_of_buttons(block["elements"])
        case other:
            raise KeyError(other)


def _shown(markup: str) -> str:
    return _EMOJI.sub("@@", _LABELLED.sub(r"\1", markup)).replace("*", "").replace("_", "")


def _rows(markup: str, letters: int) -> int:
    return sum(max(1, len(wrap(line, letters))) for line in _shown(markup).split("\n"))


def _rows_of_buttons(buttons: Sequence[Block]) -> int:
    rows, taken = 1, 0.0
    for one in buttons:
        width = 26 + 6.7 * len(_shown(one["text"]["text"]))
        if taken and taken + _GAP + width > _WIDTH:
            rows, taken = rows + 1, width
        else:
            taken += width + (_GAP if taken else 0)
    return 32 * rows + _GAP * (rows - 1)
