"""One element in its block, and the pieces that elements are drawn of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.page.frame import Frame
from sandbox.page.markup import Html, join, tag
from sandbox.page.reader import Reader
from sandbox.page.text import plain_words, text_object


@dataclass(frozen=True, slots=True)
class Field:
    """One element in its block; `now` answers what is in it: the person's own choice, else the app's."""

    element: Mapping[str, Any]
    block_id: str
    frame: Frame

    @property
    def reader(self) -> Reader:
        return self.frame.reader

    @property
    def marks(self) -> dict[str, str]:
        return {"data_block_id": self.block_id, "data_action_id": self.element.get("action_id", "")}

    @property
    def placeholder(self) -> str:
        return plain_words(self.element.get("placeholder"))

    def now(self, what: str) -> Any:
        """`what` is the ending of Slack's names: `option` for initial_option and selected_option."""
        state = self.frame.state(self.block_id, self.element.get("action_id", ""))
        if state is None:
            return self.element.get(f"initial_{what}")
        return state.get("value" if what == "value" else f"selected_{what}")


def box(field: Field, kind: str, content: str | None, prompt: str = "") -> Html:
    shown = content or tag("span", field.placeholder or prompt, class_="placeholder")
    return tag("div", tag("span", shown, class_="chosen", dir="auto"), class_=kind, **field.marks)


def chip(words: str) -> Html:
    return tag("span", words, class_="chip")


def option_words(option: Mapping[str, Any], reader: Reader) -> Html:
    described = option.get("description")
    small = tag("small", text_object(described, reader)) if described else None
    return join([text_object(option["text"], reader), small])
