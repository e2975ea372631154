"""The markdown block: the everyday part of standard Markdown.

What Slack draws: https://docs.slack.dev/reference/block-kit/blocks/markdown-block
"""

import re
from collections.abc import Callable
from html import escape
from itertools import groupby

from sandbox.page.emoji import with_emoji
from sandbox.page.markup import Html, join, tag
from sandbox.page.text import anchor

_FENCE = re.compile(r"^```[^\n]*\n(.*?)(?:\n```[^\S\n]*$|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})")
_ITEM = re.compile(r"(\s*)(?:[-*+]|(\d+)[.)])\s+(?:\[([ xX])\]\s+)?(.*)")
_ALIGNMENT = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_INLINE = re.compile(r"`([^`\n]+)`|\[([^\]\n]+)\]\(([^)\s]+)\)|\\([\\`*_~\[\]#|>-])")
_HELD = re.compile("\0(\\d+)\0")
_EMPHASIS = (
    (re.compile(r"\*\*(?=\S)(?P<inner>.+?)(?<=\S)\*\*"), "b"),
    (re.compile(r"(?<!\w)__(?=\S)(?P<inner>.+?)(?<=\S)__(?!\w)"), "b"),
    (re.compile(r"\*(?=\S)(?P<inner>[^*]+?)(?<=\S)\*"), "i"),
    (re.compile(r"(?<!\w)_(?=\S)(?P<inner>[^_]+?)(?<=\S)_(?!\w)"), "i"),
    (re.compile(r"~~(?=\S)(?P<inner>.+?)(?<=\S)~~"), "s"),
)


def markdown(source: str) -> Html:
    parts = _FENCE.split(source.replace("\0", "").replace("\r\n", "\n"))
    return join(tag("pre", part) if index % 2 else _prose(part) for index, part in enumerate(parts))


def _prose(source: str) -> Html:
    groups = groupby(source.split("\n"), _kind)
    return join(_DRAW[kind](list(lines)) for kind, lines in groups)


def _kind(line: str) -> str:
    bare = line.strip()
    if not bare:
        return "gap"
    if _HEADING.fullmatch(bare):
        return "heading"
    if _RULE.fullmatch(bare):
        return "rule"
    if bare.startswith(">"):
        return "quote"
    if bare.startswith("|"):
        return "table"
    return "list" if _ITEM.fullmatch(line) else "paragraph"


def _heading(lines: list[str]) -> Html:
    matches = (_HEADING.fullmatch(line.strip()) for line in lines)
    return join(tag(f"h{len(match[1])}", inline(match[2]), dir="auto") for match in matches if match)


def _paragraph(lines: list[str]) -> Html:
    return tag("p", join((inline(line.strip()) for line in lines), Html("<br>")), dir="auto")


def _quote(lines: list[str]) -> Html:
    return tag("blockquote", _prose("\n".join(re.sub(r"^\s*>\s?", "", line) for line in lines)), dir="auto")


def _list(lines: list[str]) -> Html:
    """One list; deeper lines are indented rather than nested, which looks the same."""
    matches = [match for match in map(_ITEM.fullmatch, lines) if match]
    ordered = matches[0][2]
    items = join(_item(match) for match in matches)
    return tag("ol", items, start=int(ordered)) if ordered else tag("ul", items)


def _item(match: re.Match[str]) -> Html:
    box = {None: None, " ": "☐ "}.get(match[3], "☑ ")
    return tag("li", box, inline(match[4]), class_=f"level-{min(len(match[1]) // 2, 8)}", dir="auto")


def _table(lines: list[str]) -> Html:
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        for line in lines
        if not _ALIGNMENT.fullmatch(line.strip())
    ]
    head, *body = rows or [[]]
    drawn = [_row("th", head), *(_row("td", row) for row in body)]
    return tag("div", tag("table", join(drawn)), class_="table-frame")


def _row(name: str, cells: list[str]) -> Html:
    return tag("tr", join(tag(name, inline(cell), dir="auto") for cell in cells))


_DRAW: dict[str, Callable[[list[str]], Html]] = {
    "gap": lambda _: Html(""),
    "rule": lambda _: Html("<hr>"),
    "heading": _heading,
    "quote": _quote,
    "table": _table,
    "list": _list,
    "paragraph": _paragraph,
}


def inline(text: str) -> Html:
    held: list[Html] = []

    def hold(match: re.Match[str]) -> str:
        code, label, url, escaped = match.groups()
        held.append(tag("code", code) if code else anchor(url, label) if url else Html(escape(escaped)))
        return f"\0{len(held) - 1}\0"

    body = escape(with_emoji(_INLINE.sub(hold, text)), quote=False)
    for pattern, name in _EMPHASIS:
        body = pattern.sub(rf"<{name}>\g<inner></{name}>", body)
    return Html(_HELD.sub(lambda match: held[int(match[1])], body))
