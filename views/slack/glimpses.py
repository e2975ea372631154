"""What the channel reads at a glance: people's words and lists as far as that goes; its thread has them whole."""

from collections.abc import Iterable, Iterator, Sequence

from views.slack.blocks import Strong, one_line
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


def first_of(lines: Sequence[str], most: int) -> list[str]:
    """The first ones; how many more stand in the thread."""
    if len(lines) <= most:
        return list(lines)
    return [*lines[:most], f"and {len(lines) - most} more (thread)"]


def in_one_line(heading: str, entries: Sequence[str]) -> list[str]:
    return [f"{heading} {', '.join(entries)}"] if entries else []


def headed(found: Iterable[tuple[str, list[str]]], strong: Strong) -> Iterator[list[str]]:
    """Lines below their heading, "" for none; without what would say that there is nothing."""
    for heading, lines in found:
        if lines:
            yield [strong(heading), *lines] if heading else lines
