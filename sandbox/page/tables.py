"""The table and data_table blocks."""

from collections.abc import Mapping
from typing import Any

from sandbox.page.markup import Html, join, tag
from sandbox.page.reader import Reader
from sandbox.page.rich_text import rich_text
from sandbox.page.text import plain


def table(block: Mapping[str, Any], reader: Reader) -> Html:
    """The first row is the heading; a data_table has a caption and says how many rows it holds."""
    head, *body = block["rows"]
    settings = block.get("column_settings") or []
    rows = [_row("th", head, settings, reader), *(_row("td", row, settings, reader) for row in body)]
    caption = block.get("caption")
    drawn = tag("table", tag("caption", caption) if caption else None, join(rows))
    return tag("div", drawn, class_="table-frame", data_block_id=block.get("block_id"))


def _row(name: str, cells: list[Mapping[str, Any]], settings: list[Any], reader: Reader) -> Html:
    return tag("tr", join(_cell(name, cell, settings, at, reader) for at, cell in enumerate(cells)))


def _cell(name: str, cell: Mapping[str, Any], settings: list[Any], at: int, reader: Reader) -> Html:
    setting = (settings[at] if at < len(settings) else None) or {}
    side = setting.get("align") or ("right" if cell["type"] == "raw_number" else "left")
    content = rich_text(cell, reader) if cell["type"] == "rich_text" else plain(_words(cell))
    wrapped = " wrapped" if setting.get("is_wrapped") else ""
    return tag(name, content, class_=f"{side}{wrapped}", dir="auto")


def _words(cell: Mapping[str, Any]) -> str:
    return str(cell["text"]) if "text" in cell else str(cell.get("value", ""))
