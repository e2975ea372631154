"""Characters that are text to JSON and to no database: NUL, and half a surrogate pair."""

import re
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """The same words, with � for each character that no database takes."""
    return _NO_TEXT.sub(REPLACEMENT, text)


def storable_all(value: Any) -> Any:
    """The same for every text in what JSON holds."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): storable_all(one) for name, one in value.items()}
    if isinstance(value, list):
        return [storable_all(one) for one in value]
    return value
