"""Where on the screen a button or field is: the open form, the Home tab, the newest messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox import drawing, forms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.records import View
    from sandbox.workspace import Message, Workspace

JSON = dict[str, Any]


class NotOnScreenError(LookupError):
    """The person sees no such thing; says what they do see."""


@dataclass(frozen=True, slots=True)
class Place:
    """An element in its block, on a message or a view."""

    block: JSON
    element: JSON
    message: Message | None = None
    view: View | None = None

    @property
    def field(self) -> forms.Field | None:
        blocks = [self.block]
        return next((f for f in forms.fields(blocks) if f.element is self.element), None)


@dataclass(frozen=True, slots=True)
class Surface:
    """Something with blocks."""

    blocks: list[JSON]
    message: Message | None = None
    view: View | None = None

    def places(self) -> Iterator[Place]:
        for block, element in drawing.elements(self.blocks):
            yield Place(block, element, self.message, self.view)


def button(surfaces: Iterator[Surface], text: str, near: str | None, workspace: Workspace) -> Place:
    """The button with that text on the first surface that has one. Raises NotOnScreenError."""

    def wanted(place: Place, said: str) -> bool:
        return (
            place.element["type"] == "button"
            and _said(drawing.text_of(place.element.get("text"))) == _said(text)
            and (near is None or near.casefold() in said.casefold())
        )

    return _find(surfaces, wanted, workspace, f"button {text!r}" + (f" near {near!r}" if near else ""))


def _said(text: str) -> str:
    """How people name a button: without its emoji, in any case."""
    return drawing.without_emoji(text).casefold() or text.strip()


def chooser(surfaces: Iterator[Surface], name: str, near: str | None, workspace: Workspace) -> Place:
    """The select, overflow ("…" for any), picker or input known by that name. Raises NotOnScreenError."""

    def wanted(place: Place, said: str) -> bool:
        field = place.field
        if field is None or (near is not None and near.casefold() not in said.casefold()):
            return False
        return field.is_called(name) or (field.element["type"] == "overflow" and name == "…")

    return _find(surfaces, wanted, workspace, f"field {name!r}" + (f" near {near!r}" if near else ""))


def _find(
    surfaces: Iterator[Surface], wanted: Callable[[Place, str], bool], workspace: Workspace, what: str
) -> Place:
    seen: list[str] = []
    for surface in surfaces:
        for place, said in _with_text(surface, workspace):
            if wanted(place, said):
                return place
            seen.append(drawing.text_of(place.element.get("text")) or place.element.get("action_id", ""))
    raise NotOnScreenError(f"no {what} to be seen; there are {', '.join(dict.fromkeys(seen[:40])) or 'none'}")


def _with_text(surface: Surface, workspace: Workspace) -> Iterator[tuple[Place, str]]:
    """Each element with its block's own text or the nearest text above it."""
    above = ""
    for block in surface.blocks:
        own = _text_of_block(block, workspace)
        above = own or above
        for place in Surface([block], surface.message, surface.view).places():
            yield place, above


def _text_of_block(block: JSON, workspace: Workspace) -> str:
    if block["type"] not in ("section", "header", "context", "rich_text", "markdown", "input"):
        return ""
    bare = {key: value for key, value in block.items() if key not in ("accessory", "element")}
    if block["type"] == "input":
        return drawing.text_of(block["label"])
    return drawing.draw_blocks([bare], workspace, None)
