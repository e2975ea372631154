"""What the channel reads at a glance: people's words and lists as far as that goes; its thread has them whole."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from views.slack.blocks import Strong, one_line
from views.slack.lines import ELLIPSIS, shorten

T = TypeVar("T")

REST = "… (thread)"
MOST_OF_NAME = 40
"""Characters of a strategy's name on a phone's screen."""
_MOST_WORDS = 20
_MOST_CHARACTERS = 160


def glimpse(text: str) -> str:
    """People's words which end after twenty of them."""
    said = text.split(maxsplit=_MOST_WORDS)
    first = " ".join(said[:_MOST_WORDS])
    short = shorten(first, _MOST_CHARACTERS)
    if short == first and len(said) <= _MOST_WORDS:
        return one_line(short, _MOST_CHARACTERS)
    return one_line(short.removesuffix(ELLIPSIS), _MOST_CHARACTERS) + REST


def sentences(said: Iterable[str]) -> str:
    """One after the other, each with its full stop."""
    return " ".join(one if one.endswith((".", "!", "?", REST)) else f"{one}." for one in said)


def first_of(found: Sequence[T], most: int, line: Callable[[T], str]) -> list[str]:
    """A line for each of the first ones; how many more stand in the thread."""
    lines = [line(one) for one in found[:most]]
    return [*lines, f"and {len(found) - most} more (thread)"] if len(found) > most else lines


def in_one_line(heading: str, entries: Sequence[str]) -> list[str]:
    return [f"{heading} {', '.join(entries)}"] if entries else []


def headed(found: Iterable[tuple[str, list[str]]], strong: Strong) -> Iterator[list[str]]:
    """Lines below their heading, "" for none; without what would say that there is nothing."""
    for heading, lines in found:
        if lines:
            yield [strong(heading), *lines] if heading else lines
