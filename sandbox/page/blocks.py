"""Blocks as HTML. Reference: https://docs.slack.dev/reference/block-kit/blocks"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sandbox.page.charts import chart
from sandbox.page.elements import element, image
from sandbox.page.emoji import with_emoji
from sandbox.page.frame import Frame
from sandbox.page.markup import Html, join, safe, tag
from sandbox.page.rich_text import rich_text
from sandbox.page.tables import table
from sandbox.page.text import is_harmless, plain, plain_words, text_object

Block = Mapping[str, Any]

_LAST = frozenset({"table"})


def blocks(values: Iterable[Block], frame: Frame) -> Html:
    """All blocks in order, tables of a message last, which is where Slack shows them."""
    ordered = sorted(values, key=lambda value: value["type"] in _LAST)
    return tag("div", join(block(value, frame) for value in ordered), class_="blocks")


def block(value: Block, frame: Frame) -> Html:
    kind = value["type"]
    draw = _DRAW.get(kind)
    content = (
        draw(value, frame)
        if draw
        else tag("em", f"A block of a kind not drawn here: {kind}", class_="unknown")
    )
    return tag("div", content, class_=f"block {kind}", data_block_id=value.get("block_id"))


def _section(value: Block, frame: Frame) -> Html:
    text = value.get("text")
    words = tag("div", text_object(text, frame.reader), class_="text", dir="auto") if text else None
    fields = _fields(value.get("fields") or [], frame)
    accessory = value.get("accessory")
    beside = tag("div", element(accessory, _id(value), frame), class_="accessory") if accessory else None
    return join([tag("div", words, fields, class_="words"), beside])


def _fields(fields: list[Block], frame: Frame) -> Html | None:
    if not fields:
        return None
    cells = (tag("div", text_object(field, frame.reader), class_="text", dir="auto") for field in fields)
    return tag("div", join(cells), class_="fields")


def _header(value: Block, _: Frame) -> Html:
    return tag("h3", plain(value["text"]["text"]), dir="auto")


def _context(value: Block, frame: Frame) -> Html:
    return join(
        image(part, "small")
        if part["type"] == "image"
        else tag("span", text_object(part, frame.reader), dir="auto")
        for part in value["elements"]
    )


def _actions(value: Block, frame: Frame) -> Html:
    return join(element(part, _id(value), frame) for part in value["elements"])


def _image(value: Block, _: Frame) -> Html:
    title = value.get("title")
    caption = tag("figcaption", plain(title["text"]), dir="auto") if title else None
    return tag("figure", caption, image(value, "picture"))


def _input(value: Block, frame: Frame) -> Html:
    """A label, its control, then the error where there is one, else the hint."""
    optional = tag("span", " (optional)", class_="optional") if value.get("optional") else None
    name = frame.mark("label", _id(value))
    label = tag("div", plain_words(value["label"]), optional, class_="label", dir="auto", id=name)
    error = frame.errors.get(_id(value))
    note = {"id": frame.mark("note", _id(value)), "dir": "auto"}
    below = tag("div", error, class_="field-error", role="alert", **note) if error else _hint(value, note)
    drawn = element(value["element"], _id(value), frame, value)
    return join([label, tag("div", drawn, class_="wrong" if error else None), below])


def _hint(value: Block, note: dict[str, str]) -> Html | None:
    hint = value.get("hint")
    return tag("div", plain(hint["text"]), class_="hint", **note) if hint else None


def _alert(value: Block, frame: Frame) -> Html:
    level = value.get("level", "default")
    return tag(
        "div", text_object(value["text"], frame.reader), class_=f"callout {level}", role="note", dir="auto"
    )


def _video(value: Block, _: Frame) -> Html:
    return tag("div", plain_words(value["title"]), class_="callout default", dir="auto")


class _Markdown(MarkdownIt):
    """Standard Markdown as Slack's block takes it: no HTML, and no pictures."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "breaks": True})
        self.enable(["table", "strikethrough"]).disable("image")
        self.add_render_rule("text", _markdown_text)
        self.add_render_rule("fence", _markdown_code)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return is_harmless(url)


def _markdown_text(
    _renderer: object, tokens: Sequence[Token], at: int, _options: object, _env: object
) -> str:
    return safe(with_emoji(tokens[at].content))


def _markdown_code(
    _renderer: object, tokens: Sequence[Token], at: int, _options: object, _env: object
) -> str:
    return tag("pre", tokens[at].content.rstrip("\n"))


_MARKDOWN = _Markdown()


def markdown(text: str) -> Html:
    return Html(_MARKDOWN.render(text))


def _id(value: Block) -> str:
    return str(value.get("block_id") or "")


_DRAW: dict[str, Callable[[Block, Frame], Html]] = {
    "section": _section,
    "header": _header,
    "divider": lambda _value, _frame: Html("<hr>"),
    "context": _context,
    "actions": _actions,
    "context_actions": _actions,
    "image": _image,
    "input": _input,
    "alert": _alert,
    "video": _video,
    "rich_text": lambda value, frame: rich_text(value, frame.reader),
    "markdown": lambda value, _: markdown(value["text"]),
    "table": lambda value, frame: table(value, frame.reader),
    "data_table": lambda value, frame: table(value, frame.reader),
    "data_visualization": lambda value, _: chart(value),
}
