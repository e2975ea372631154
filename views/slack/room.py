"""How much of what it is sent Slack takes in one message or view."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

MAX_BLOCKS = 50
"""In one message."""
MAX_BLOCKS_TEXT = 10_000
"""Characters in one message's blocks: undocumented; `msg_blocks_too_long` was seen from 11,341 on (bolt-js 2867)."""
MAX_VIEW = 250_000
"""Bytes of a view in all."""
_REST = len("… and 100 more")


def text_length(blocks: Sequence[dict[str, Any]]) -> int:
    """Characters of text in blocks, buttons included."""
    length = 0
    inside: list[Any] = list(blocks)
    while inside:
        one = inside.pop()
        if isinstance(one, list):
            inside += one
        elif isinstance(one, dict):
            text = one.get("text", "")
            if isinstance(text, str):
                length += len(text)
            inside += one.values()
    return length


def is_roomy(blocks: Sequence[dict[str, Any]]) -> bool:
    """Whether a message has room for them all."""
    return how_many_fit(blocks, MAX_BLOCKS, MAX_BLOCKS_TEXT) == len(blocks)


def how_many_fit(blocks: Sequence[dict[str, Any]], limit: int, most_text: int) -> int:
    """All of them, or the first that leave room for a block which says how many more there are."""
    lengths = [text_length([block]) for block in blocks]
    if len(blocks) <= limit and sum(lengths) <= most_text:
        return len(blocks)
    kept = sum(total <= most_text - _REST for total in accumulate(lengths))
    return min(kept, limit - 1)
