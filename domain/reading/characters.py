"""Characters that are text to JSON and to no database: NUL, and half a surrogate pair."""

import re
from typing import Any

from domain.words import echo

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SHOWN = 20
"""Characters before one that are repeated, so that it is found."""
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """The same words, with � for each character that no database takes."""
    return _NO_TEXT.sub(REPLACEMENT, text)


def why_not_storable(text: str) -> str | None:
    """The sentence that says where such a character stands; None where there is none."""
    found = _NO_TEXT.search(text)
    if found is None:
        return None
    before = _NO_TEXT.sub(REPLACEMENT, text[: found.start()][-_SHOWN:])
    where = f"after “{echo(before)}”" if before.strip() else "at the beginning"
    return f"There is a character {where} that nobody can see and I cannot keep. Delete it, or type that part anew."


def storable_all(value: Any) -> Any:
    """The same for every text in what JSON holds."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): storable_all(one) for name, one in value.items()}
    if isinstance(value, list):
        return [storable_all(one) for one in value]
    return value
