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


def element(value: Mapping[str, Any], block_id: str, frame: Frame) -> Html:
    field = Field(value, block_id, frame)
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
    return tag(
        "button",
        label,
        type="button",
        class_=kind,
        value=field.element.get("value"),
        aria_label=described,
        **field.marks,
    )


def image(value: Mapping[str, Any], kind: str) -> Html:
    """The picture itself where it is given by address; a Slack file shows as its description."""
    url, described = value.get("image_url"), value["alt_text"]
    if url and url.startswith(("https:", "http:", "data:image/")):
        return tag("img", class_=kind, src=url, alt=described)
    return tag("span", described, class_=f"{kind} missing")


def _feedback(field: Field) -> Html:
    pair = (field.element["positive_button"], field.element["negative_button"])
    return join(
        tag("button", plain_words(one["text"]), type="button", class_="button", **field.marks) for one in pair
    )


def _icon_button(field: Field) -> Html:
    return tag("button", plain_words(field.element["text"]), type="button", class_="button", **field.marks)


_DRAW: dict[str, Callable[[Field], Html]] = {
    **inputs.DRAW,
    **menus.DRAW,
    "button": _button,
    "workflow_button": _button,
    "feedback_buttons": _feedback,
    "icon_button": _icon_button,
    "image": lambda field: image(field.element, "thumbnail"),
}
