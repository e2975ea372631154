"""Details of any length, over as many sections and messages of a thread as they take."""

import re
from collections.abc import Iterable, Iterator

from views.blocks import MAX_SECTION, Block, escape, section
from views.charts import CHART

_MOST_BLOCKS = 49
"""Of Slack's 50 in a message, one is the heading."""
_MOST_TEXT = 10_000
"""Characters in one message's blocks: undocumented; `msg_blocks_too_long` was seen from 11,341 on (bolt-js 2867)."""
_MOST_CHARTS = 2
_PIECE = re.compile(r"\s{1,500}|(?:&(?:amp|lt|gt);|\S){1,500}")
"""Of escaped text: cut between any two, it breaks no word of usual length and no entity."""


def pages(blocks: Iterable[Block]) -> list[list[Block]]:
    """The blocks in as few messages as Slack's limits allow."""
    found: list[list[Block]] = []
    room = charts = 0
    for block in blocks:
        is_chart = block["type"] == CHART
        length = 0 if is_chart else len(str(block))
        is_full = bool(found) and (len(found[-1]) == _MOST_BLOCKS or (is_chart and charts == _MOST_CHARTS))
        if not found or is_full or length > room:
            found.append([])
            room, charts = _MOST_TEXT, 0
        found[-1].append(block)
        room -= length
        charts += is_chart
    return found


def whole(title: str, text: str) -> Iterator[Block]:
    """All of what a person wrote, over as many sections as it takes."""
    escaped = escape(text.strip())
    chunk, start, room = f"*{title}*\n", 0, MAX_SECTION - len(title) - 3
    for piece in _PIECE.finditer(escaped):
        if piece.end() - start > room:
            yield section(chunk + escaped[start : piece.start()])
            start = piece.end() if piece[0].isspace() else piece.start()
            chunk, room = "", MAX_SECTION
    yield section(chunk + escaped[start:])
