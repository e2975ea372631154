"""Blocks as plain text, top to bottom, the way a person's eye takes them in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.text import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo

    from sandbox.text import Names

    Say = Callable[[dict[str, Any] | str | None], str]

JSON = dict[str, Any]


def text_of(text: JSON | str | None) -> str:
    """The bare string of a text object."""
    return str(text.get("text", "")) if isinstance(text, dict) else str(text or "")


def elements(blocks: list[JSON]) -> Iterator[tuple[JSON, JSON]]:
    """Every interactive element with its block, in the order shown."""
    for block in blocks:
        if isinstance(accessory := block.get("accessory"), dict):
            yield block, accessory
        if isinstance(element := block.get("element"), dict):
            yield block, element
        if block["type"] == "actions":
            for part in block["elements"]:
                yield block, part


def draw_message(raw: JSON, names: Names, zone: tzinfo | None) -> str:
    if not raw.get("blocks"):
        return read(str(raw.get("text", "")), names, zone)
    return draw_blocks(raw["blocks"], names, zone)


def draw_blocks(blocks: list[JSON], names: Names, zone: tzinfo | None) -> str:
    def say(text: JSON | str | None) -> str:
        if isinstance(text, dict) and text.get("type") == "plain_text":
            return text_of(text)
        return read(text_of(text), names, zone)

    return "\n".join(line for block in blocks for line in _lines(block, say) if line)


def _lines(block: JSON, say: Say) -> list[str]:
    draw = _DRAWN.get(block["type"])
    return draw(block, say) if draw else [f"[{block['type']}]"]


def _section(block: JSON, say: Say) -> list[str]:
    lines = [say(block.get("text")), *(say(f) for f in block.get("fields", []))]
    if accessory := block.get("accessory"):
        lines.append(_element(accessory, say))
    return lines


def _element(element: JSON, say: Say) -> str:
    if element["type"] in ("mrkdwn", "plain_text"):
        return say(element)
    if element["type"] == "image":
        return f"({element.get('alt_text', '')})"
    name = say(element.get("text")) or say(element.get("placeholder")) or "…"
    chosen = element.get("initial_option")
    return f"[{say(chosen['text']) if chosen else name}]"


def _elements(block: JSON, say: Say) -> list[str]:
    return [" ".join(_element(e, say) for e in block["elements"])]


def _rich(block: JSON, say: Say) -> list[str]:
    return [
        "".join(_rich_piece(p, say) for p in part.get("elements", [])) for part in block.get("elements", [])
    ]


def _rich_piece(piece: JSON, say: Say) -> str:
    match piece["type"]:
        case "text":
            return str(piece["text"])
        case "user":
            return say(f"<@{piece['user_id']}>")
        case "channel":
            return say(f"<#{piece['channel_id']}>")
        case "link":
            return str(piece.get("text") or piece["url"])
        case "emoji":
            return f":{piece['name']}:"
        case "broadcast":
            return f"@{piece['range']}"
        case "rich_text_section":
            return "• " + "".join(_rich_piece(p, say) for p in piece["elements"]) + "\n"
        case _:
            return str(piece.get("fallback", ""))


def _table(block: JSON, say: Say) -> list[str]:
    rows = block.get("rows", [])
    return [say(block.get("caption")), *(" | ".join(_cell(cell, say) for cell in row) for row in rows)]


def _cell(cell: JSON, say: Say) -> str:
    if cell["type"] == "rich_text":
        return " ".join(_rich(cell, say))
    return str(cell.get("text", cell.get("value", "")))


def _chart(block: JSON, _say: Say) -> list[str]:
    chart = block["chart"]
    if chart["type"] == "pie":
        return [f"{block['title']}: " + ", ".join(f"{s['label']} {s['value']:g}" for s in chart["segments"])]
    lines = [
        f"{s['name']}: " + ", ".join(f"{p['label']} {p['value']:g}" for p in s["data"])
        for s in chart["series"]
    ]
    return [f"{block['title']} ({chart['type']} chart)", *lines]


_EMOJI = re.compile(r":[a-z0-9_+-]+:")
_DRAWN: dict[str, Callable[[JSON, Say], list[str]]] = {
    "section": _section,
    "header": lambda b, say: [say(b["text"])],
    "divider": lambda _b, _say: ["---"],
    "context": _elements,
    "actions": _elements,
    "image": lambda b, say: [say(b.get("title")), f"({b.get('alt_text', '')})"],
    "input": lambda b, say: [f"{say(b['label'])}: {_element(b['element'], say)}"],
    "rich_text": _rich,
    "markdown": lambda b, _say: [str(b["text"])],
    "table": _table,
    "data_table": _table,
    "data_visualization": _chart,
    "alert": lambda b, say: [say(b.get("text"))],
}


def without_emoji(text: str) -> str:
    """How people name a button or an option."""
    return _EMOJI.sub("", text).strip()
