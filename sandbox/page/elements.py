"""Block elements: buttons, menus and inputs, with what is chosen or typed in them.

Reference: https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.page import inputs, menus
from sandbox.page.field import Field
from sandbox.page.frame import Frame
from sandbox.page.markup import Html, join, tag
from sandbox.page.text import is_harmless, plain_words, text_object

_STYLES = frozenset({"primary", "danger"})


def element(
    value: Mapping[str, Any], block_id: str, frame: Frame, block: Mapping[str, Any] | None = None
) -> Html:
    """`block` is the input whose label names the element."""
    field = Field(value, block_id, frame, block)
    draw = _DRAW.get(value["type"])
    return draw(field) if draw else tag("span", f"[{value['type']}]", class_="unknown")


def _button(field: Field) -> Html:
    style = field.element.get("style")
    kind = f"button {style}" if style in _STYLES else "button"
    label = text_object(field.element["text"], field.reader)
    described = field.element.get("accessibility_label")
    url = field.element.get("url")
    if url and is_harmless(url):
        return tag("a", label, class_=kind, href=url, aria_label=described, **field.marks)
    to = field.frame.act(field.block_id, field.action_id)
    said = {"class_": kind, "aria_label": described}
    if field.element.get("confirm") and to:
        return _confirmed(field, label, to, said)
    value = {"value": field.element.get("value"), "type": "submit" if to else "button", "formaction": to}
    return tag("button", label, **value, **said, **field.marks)


def _confirmed(field: Field, label: Html, to: str, said: dict[str, str | None]) -> Html:
    """A button that asks first; nothing happens unless the person says yes."""
    asked, its_id = field.element["confirm"], field.frame.mark("ask", f"{field.block_id}-{field.action_id}")
    style = "danger" if asked.get("style") == "danger" else "primary"
    opens = tag("button", label, type="button", data_opens=its_id, **said, **field.marks)
    deny = tag("button", plain_words(asked["deny"]), type="button", class_="button", data_closes=its_id)
    confirm = tag(
        "button", plain_words(asked["confirm"]), type="submit", formaction=to, class_=f"button {style}"
    )
    title = tag("h2", plain_words(asked["title"]), id=f"{its_id}-title")
    words = tag("div", text_object(asked["text"], field.reader), class_="text", dir="auto")
    dialog = tag(
        "dialog", title, words, tag("footer", deny, confirm), id=its_id, aria_labelledby=f"{its_id}-title"
    )
    return join([opens, dialog])


def image(value: Mapping[str, Any], kind: str) -> Html:
    """The picture itself where it is given by address; a Slack file shows as its description."""
    url, described = value.get("image_url"), value["alt_text"]
    if url and url.startswith(("https:", "http:", "data:image/")):
        return tag("img", class_=kind, src=url, alt=described)
    return tag("span", described, class_=f"{kind} missing")


def _feedback(field: Field) -> Html:
    pair = (field.element["positive_button"], field.element["negative_button"])
    to = field.frame.act(field.block_id, field.action_id)
    kind = "submit" if to else "button"
    return join(
        tag("button", plain_words(one["text"]), type=kind, formaction=to, class_="button", **field.marks)
        for one in pair
    )


_DRAW: dict[str, Callable[[Field], Html]] = {
    **inputs.DRAW,
    **menus.DRAW,
    "button": _button,
    "workflow_button": _button,
    "feedback_buttons": _feedback,
    "icon_button": _button,
    "image": lambda field: image(field.element, "thumbnail"),
}
