"""One element in its block, and the pieces that elements are drawn of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sandbox.page.frame import Frame
from sandbox.page.markup import Attribute, Html, join, tag
from sandbox.page.reader import Reader
from sandbox.page.text import plain_words, text_object

JSON = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One element in its block; `now` answers what is in it: the person's own choice, else the app's."""

    element: JSON
    block_id: str
    frame: Frame
    block: JSON | None = None

    @property
    def reader(self) -> Reader:
        return self.frame.reader

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def marks(self) -> dict[str, Attribute]:
        return {"data_block_id": self.block_id, "data_action_id": self.action_id}

    @property
    def is_live(self) -> bool:
        return bool(self.frame.acts)

    @property
    def name(self) -> str | None:
        """What a form posts its value under."""
        return name_of(self.block_id, self.action_id) if self.is_live else None

    @property
    def said(self) -> dict[str, Attribute]:
        """How it is announced: by the label of its input, else by its own words; with the hint or error below."""
        if self.block is None:
            words = plain_words(self.element.get("placeholder")) or self.action_id.replace("_", " ")
            return {"aria_label": words or "Choose"}
        has_note = self.block_id in self.frame.errors or bool(self.block.get("hint"))
        return {
            "aria_labelledby": self.frame.mark("label", self.block_id),
            "aria_describedby": self.frame.mark("note", self.block_id) if has_note else None,
            "aria_invalid": "true" if self.block_id in self.frame.errors else None,
        }

    @property
    def entry(self) -> dict[str, Attribute]:
        """The attributes of a control that holds a value."""
        return self.marks | self.said | {"name": self.name, "data_act": self.told_at}

    @property
    def told_at(self) -> str | None:
        """Where a new value goes at once: in an input only where the app asked to hear."""
        if self.block is not None and not self.block.get("dispatch_action"):
            return None
        return self.frame.act(self.block_id, self.action_id)

    @property
    def placeholder(self) -> str:
        return plain_words(self.element.get("placeholder"))

    def now(self, what: str) -> Any:
        """`what` is the ending of Slack's names: `option` for initial_option and selected_option."""
        state = self.frame.state(self.block_id, self.action_id)
        if state is None:
            return self.element.get(f"initial_{what}")
        return state.get("value" if what == "value" else f"selected_{what}")


def name_of(block_id: str, action_id: str) -> str:
    """What a control is posted under: quoted, because browsers write quotation marks in names as they please."""
    return f"{quote(block_id)} {quote(action_id)}"


def chip(words: str) -> Html:
    return tag("span", words, class_="chip")


def option_words(option: Mapping[str, Any], reader: Reader) -> Html:
    described = option.get("description")
    small = tag("small", text_object(described, reader)) if described else None
    return join([text_object(option["text"], reader), small])
