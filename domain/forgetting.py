"""Somebody is forgotten: who stands in for them, and how their name is taken out of what others wrote."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from domain.people import STAND_IN_PREFIX

SOMEONE = "someone who left"
NOT_KEPT = "(no longer kept)"
"""In place of words that something cannot be without: the question of an ask, the outcome of a decision."""
_LEAST_NAME = 2
_PLAIN = re.compile(r"[A-Za-z0-9]+")
"""Letters whose upper and lower case every database knows, and that JSON is written with."""
_FIRST_UNSPACED = "\u0590"
"""From here on come the scripts that write names together with what stands beside them."""


@dataclass(frozen=True)
class Forgotten:
    """Who is to be forgotten, as they are known; `token` (20 digits or letters A to F) makes their stand-in's id."""

    workspace_id: str
    id: str
    name: str
    token: str
    dm_channel_id: str | None = None
    stand_in: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stand_in", f"{STAND_IN_PREFIX}{self.token}")

    def without(self, text: str) -> str:
        """Without their id, and their name as Slack has it: whole words, one word only as it is written."""
        if text == self.id:
            return self.stand_in
        if text.strip() == self.name.strip() and self.name:
            return SOMEONE
        return self._names.sub(SOMEONE, self._mentions.sub(SOMEONE, text))

    def is_named_in(self, text: str) -> bool:
        return self.without(text) != text

    @property
    def part_of_name(self) -> str:
        """What is in every way of writing their name, but for upper and lower case; "" where that cannot be told."""
        return max(_PLAIN.findall(self.name), key=len, default="")

    @cached_property
    def _mentions(self) -> re.Pattern[str]:
        id_ = re.escape(self.id)
        return re.compile(rf"<@{id_}(?:\|[^<>]*)?>|(?<![A-Z0-9]){id_}(?![A-Z0-9])")

    @cached_property
    def _names(self) -> re.Pattern[str]:
        words = self.name.split()
        if len("".join(words)) < _LEAST_NAME:
            return re.compile(r"(?!)")
        before = r"(?<![^\W_])" if words[0][0] < _FIRST_UNSPACED else ""
        after = r"(?![^\W_])" if words[-1][-1] < _FIRST_UNSPACED else ""
        flags = re.IGNORECASE if len(words) > 1 else re.NOFLAG
        return re.compile(before + r"\s+".join(map(re.escape, words)) + after, flags)


def through_texts(value: Any, change: Callable[[str], str]) -> Any:
    """What JSON holds, with every text in it changed, keys too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [through_texts(one, change) for one in value]
    if isinstance(value, dict):
        return {change(key): through_texts(one, change) for key, one in value.items()}
    return value


def texts_in(value: Any) -> Iterator[str]:
    """The texts that JSON holds, without its keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)


def one_line(text: str) -> str:
    return " ".join(text.split())
