"""Small turns of phrase of the sentences people read."""

from collections.abc import Sequence

_ECHO = 40
"""Characters of what was typed that a refusal repeats."""


def listed(words: Sequence[str], conjunction: str = "and") -> str:
    """`A`, `A and B`, `A, B and C`; with "or" likewise."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def echo(text: str) -> str:
    """What somebody typed, on one line, as far as it need be repeated to them."""
    text = " ".join(text.split())
    return text if len(text) <= _ECHO else f"{text[:_ECHO]}…"
