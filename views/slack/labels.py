"""What a screen reader says of buttons: each of a message or a form is told apart from the others by ear.

It reads `accessibility_label` in place of a button's text (docs.slack.dev, button element).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from views.slack.lines import on_one_line

MAX_LABEL = 75
"""Characters of a button's text, and of what is read aloud in its place."""
_LONGEST_READ = MAX_LABEL - len("100. ")
_LEAST_NAME = 20
"""Characters that what a button acts on is named with at least."""
_NUMBER = re.compile(r"^\d+\. ", re.ASCII)
_SHORTCODE = re.compile(r":[a-z][a-z0-9_+-]*:")


def read_aloud(text: str, about: str) -> str:
    """As in "Giver referral programme: at risk": of what is too long the name is cut, never what the button does."""
    does = " ".join(_SHORTCODE.sub("", text).split())
    does = does[:1].lower() + does[1:] if does[1:2].islower() else does
    does = on_one_line(does, _LONGEST_READ - _LEAST_NAME)
    return f"{on_one_line(about, _LONGEST_READ - len(does) - len(': '))}: {does}"


def told_apart(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, with a number before what would be read aloud alike even so, as with two names that begin alike."""
    heard: set[str] = set()
    for element in _labelled(blocks):
        label = element["accessibility_label"]
        number, bare = 1, _NUMBER.sub("", label)
        while label.casefold() in heard:
            number += 1
            label = f"{number}. {bare}"[:MAX_LABEL]
        heard.add(label.casefold())
        element["accessibility_label"] = label
    return list(blocks)


def _labelled(blocks: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        for element in (*block.get("elements", ()), block.get("accessory", {})):
            if "accessibility_label" in element:
                yield element
