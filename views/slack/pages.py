"""Details of any length, over as many sections and messages of a thread as they take."""

from collections.abc import Iterable, Iterator

from views.slack.blocks import MAX_SECTION, Block, escape, section
from views.slack.charts import CHART
from views.slack.room import MAX_BLOCKS, MAX_BLOCKS_TEXT

_MOST_BLOCKS = MAX_BLOCKS - 1
"""Beside the heading."""
_MOST_CHARTS = 2
_LONGEST_WORD = 500


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
            room, charts = MAX_BLOCKS_TEXT, 0
        found[-1].append(block)
        room -= length
        charts += is_chart
    return found


def whole(title: str, text: str) -> Iterator[Block]:
    """All of what a person wrote, over as many sections as it takes."""
    rest = f"*{title}*\n{escape(text.strip())}"
    while len(rest) > MAX_SECTION:
        cut = _cut(rest)
        yield section(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    yield section(rest)


def _cut(escaped: str) -> int:
    """Where a section ends: after a word, or in one of unusual length, but never in an entity."""
    after_word = max(escaped.rfind(space, MAX_SECTION - _LONGEST_WORD, MAX_SECTION) for space in " \n\t")
    if after_word >= 0:
        return after_word
    entity = escaped.rfind("&", MAX_SECTION - len("&amp;"), MAX_SECTION)
    return entity if entity >= 0 else MAX_SECTION
