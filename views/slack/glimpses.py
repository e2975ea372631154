"""People's words as far as the channel reads them at a glance; its thread has them whole."""

from collections.abc import Iterable

from views.slack.blocks import one_line
from views.slack.lines import ELLIPSIS, shorten

REST = "… (thread)"
_MOST_WORDS = 20
_MOST_CHARACTERS = 160


def glimpse(text: str) -> str:
    """People's words which end after twenty of them."""
    said = text.split()
    short = shorten(" ".join(said[:_MOST_WORDS]), _MOST_CHARACTERS)
    if short == " ".join(said):
        return one_line(short, _MOST_CHARACTERS)
    return one_line(short.removesuffix(ELLIPSIS), _MOST_CHARACTERS) + REST


def sentences(said: Iterable[str]) -> str:
    """One after the other, each with its full stop."""
    return " ".join(one if one.endswith((".", "!", "?", REST)) else f"{one}." for one in said)
