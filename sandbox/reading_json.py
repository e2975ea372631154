"""JSON that came from outside, as text that every page and every log can show."""

from __future__ import annotations

import json
from typing import Any


def read_json(raw: bytes | str) -> Any:
    """Halves of characters are question marks. Raises ValueError, also for what lies too deep."""
    try:
        text = raw if isinstance(raw, str) else raw.decode()
        value = json.loads(text)
        if "\\u" in text:  # the only way in for half a character
            value = json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    except RecursionError:
        raise ValueError("too deep") from None
    return value
