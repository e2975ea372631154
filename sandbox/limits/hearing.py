"""What a screen reader says of buttons: Slack takes two that sound alike, the person who listens cannot tell them apart."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox import drawing

JSON = dict[str, Any]


def heard_alike(blocks: list[JSON]) -> list[str]:
    """The names that several buttons of a message or view are read out with."""
    heard = Counter(
        _read_out(element) for _, element in drawing.elements(blocks) if element["type"] == "button"
    )
    return [name for name, count in heard.items() if count > 1]


def _read_out(button: JSON) -> str:
    label = button.get("accessibility_label") or drawing.text_of(button.get("text"))
    return drawing.without_emoji(label).casefold()
