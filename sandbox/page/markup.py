"""HTML that is safe by construction: plain text is escaped, only `Html` goes through as it is."""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Html(str):
    """A string that already is HTML; everything else is text and gets escaped."""

    __slots__ = ()


Attribute = str | int | float | bool | None


def safe(text: str) -> Html:
    return text if isinstance(text, Html) else Html(escape(text))


def join(parts: Iterable[str | None], between: str = "") -> Html:
    return Html(safe(between).join(safe(part) for part in parts if part is not None))


def tag(name: str, /, *children: str | None, **attributes: Attribute) -> Html:
    """`tag("a", "text", href="/", class_="x", data_action_id="y")`; None and False leave an attribute out."""
    opening = f"<{name}{_attributes(attributes)}>"
    return Html(opening) if name in _VOID else Html(f"{opening}{join(children)}</{name}>")


def _attributes(attributes: dict[str, Attribute]) -> str:
    return "".join(
        f" {_attribute_name(name)}" if value is True else f' {_attribute_name(name)}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None and value is not False
    )


def _attribute_name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
