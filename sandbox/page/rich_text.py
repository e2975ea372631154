"""The rich_text block: what people's own messages are made of.

Shapes: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.page.emoji import emoji
from sandbox.page.markup import Html, join, safe, tag
from sandbox.page.reader import Reader
from sandbox.page.text import anchor, channel_link, date_words, mention, plain

Piece = Mapping[str, Any]

_STYLES = {"code": "code", "bold": "b", "italic": "i", "strike": "s", "underline": "u", "highlight": "mark"}


def rich_text(block: Piece, reader: Reader) -> Html:
    return join(_part(part, reader) for part in block["elements"])


def _part(part: Piece, reader: Reader) -> Html:
    match part["type"]:
        case "rich_text_list":
            return _list(part, reader)
        case "rich_text_quote":
            return tag("blockquote", _inline(part, reader), dir="auto")
        case "rich_text_preformatted":
            return tag("pre", _inline(part, reader))
        case _:
            return tag("div", _inline(part, reader), class_="text", dir="auto")


def _list(part: Piece, reader: Reader) -> Html:
    items = join(tag("li", _inline(item, reader), dir="auto") for item in part["elements"])
    level = f"level-{min(int(part.get('indent', 0)), 8)}"
    if part.get("style") == "ordered":
        return tag("ol", items, class_=level, start=int(part.get("offset", 0)) + 1)
    return tag("ul", items, class_=level)


def _inline(part: Piece, reader: Reader) -> Html:
    return join(_styled(piece, _piece(piece, reader)) for piece in part["elements"])


def _styled(piece: Piece, drawn: Html) -> Html:
    for style, name in _STYLES.items():
        if piece.get("style", {}).get(style):
            drawn = tag(name, drawn)
    return drawn


def _piece(piece: Piece, reader: Reader) -> Html:
    draw = _DRAW.get(piece["type"])
    return draw(piece, reader) if draw else plain(str(piece.get("text", "")))


def _text(piece: Piece, _: Reader) -> Html:
    return join((safe(line) for line in piece["text"].split("\n")), Html("<br>"))


def _group(piece: Piece, reader: Reader) -> Html:
    group = piece["usergroup_id"]
    return tag("bdi", f"@{reader.groups.get(group, group)}", class_="mention")


def _date(piece: Piece, reader: Reader) -> Html:
    return date_words(int(piece["timestamp"]), piece["format"], piece.get("url"), reader)


def _picture(piece: Piece) -> str:
    known = emoji(piece["name"])
    if known or "unicode" not in piece:
        return known or f":{piece['name']}:"
    return "".join(chr(int(point, 16)) for point in piece["unicode"].split("-"))


_DRAW: dict[str, Callable[[Piece, Reader], Html]] = {
    "text": _text,
    "link": lambda piece, _: anchor(piece["url"], piece.get("text") or piece["url"]),
    "user": lambda piece, reader: mention(piece["user_id"], reader),
    "channel": lambda piece, reader: channel_link(piece["channel_id"], reader),
    "usergroup": _group,
    "broadcast": lambda piece, _: tag("span", f"@{piece['range']}", class_="mention broadcast"),
    "emoji": lambda piece, _: safe(_picture(piece)),
    "date": _date,
    "color": lambda piece, _: tag("span", piece["value"], class_="colour"),
}
