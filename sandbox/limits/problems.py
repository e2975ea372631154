"""What is wrong with a payload, said as Slack says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_NEAR = 0.9


@dataclass(frozen=True, slots=True)
class Near:
    """Something at a JSON pointer that is nearly as large as it may be."""

    at: str
    size: int
    most: int


def kind_of(given: Any) -> str:
    """The type that an object names; "None" where it names none, or is no object."""
    return str(given.get("type") if isinstance(given, dict) else None)


class Problems:
    """Collects sentences; `at` is a JSON pointer. `near` holds what is within the limits, but only just."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self.near: list[Near] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def plain(self) -> list[str]:
        return self._found

    def marked(self) -> list[str]:
        return [f"[ERROR] {sentence}" for sentence in self._found]

    def say(self, sentence: str, at: str) -> None:
        self._found.append(f"{sentence} [json-pointer:{at}]")

    def measure(self, size: int, at: str, most: int) -> None:
        if _NEAR * most <= size <= most and most > 1:
            self.near.append(Near(at, size, most))

    def missing(self, name: str, at: str) -> None:
        self.say(f"missing required field: {name}", at)

    def unknown_keys(self, given: dict[str, Any], known: frozenset[str], at: str) -> None:
        for key in given.keys() - known:
            self.say(f"invalid additional property: {key}", at)

    def length(self, value: str, at: str, most: int, least: int = 1) -> None:
        self.measure(len(value), at, most)
        if len(value) > most:
            self.say(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            self.say(f"must be more than {least - 1} characters", at)

    def string(self, given: dict[str, Any], name: str, at: str, most: int, *, required: bool = False) -> None:
        """A bare string field; optional ones may be empty."""
        value = given.get(name)
        if value is None:
            if required:
                self.missing(name, at)
        elif not isinstance(value, str):
            self.say("must be a string", f"{at}/{name}")
        else:
            self.length(value, f"{at}/{name}", most, least=int(required))

    def text(self, text: Any, at: str, most: int, *, plain: bool = False) -> None:
        """A text object of 1 to `most` characters."""
        if not isinstance(text, dict):
            self.say("must be a valid text object", at)
            return
        kinds = ("plain_text",) if plain else ("mrkdwn", "plain_text")
        if text.get("type") not in kinds:
            self.say(f"must be one of {', '.join(kinds)}", f"{at}/type")
        if not isinstance(text.get("text"), str):
            self.missing("text", at)
        else:
            self.length(text["text"], f"{at}/text", most)

    def field(
        self, given: dict[str, Any], name: str, at: str, most: int, *, required: bool, plain: bool
    ) -> None:
        """A text object under `name`."""
        if given.get(name) is not None:
            self.text(given[name], f"{at}/{name}", most, plain=plain)
        elif required:
            self.missing(name, at)

    def items(self, given: dict[str, Any], name: str, at: str, most: int, least: int = 1) -> list[Any]:
        """The list under `name`, empty where it is not one."""
        value = given.get(name)
        if not isinstance(value, list):
            self.missing(name, at)
            return []
        self.measure(len(value), f"{at}/{name}", most)
        if len(value) > most:
            self.say(f"no more than {most} items allowed", f"{at}/{name}")
        elif len(value) < least:
            self.say(f"no fewer than {least} items allowed", f"{at}/{name}")
        return value

    def objects(
        self, given: dict[str, Any], name: str, at: str, most: int, least: int = 1
    ) -> list[dict[str, Any]]:
        """As `items`; what is no object is said, and taken for an empty one."""
        found = self.items(given, name, at, most, least)
        for number, one in enumerate(found):
            if not isinstance(one, dict):
                self.say("must be a valid object", f"{at}/{name}/{number}")
        return [one if isinstance(one, dict) else {} for one in found]
