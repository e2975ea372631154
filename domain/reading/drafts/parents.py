"""Whose the milestones of a draft are, where they name an initiative of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain.drafts import DraftInitiative, DraftLine, DraftMilestone
from domain.reading.names import fold

_OF = re.compile(r"(?:^|\s)(?:of|for|in|von|f[üu]r|zu)\s+(?:the\s+)?", re.IGNORECASE)


def with_parents(lines: Sequence[DraftLine]) -> tuple[DraftLine, ...]:
    """Milestones that name an initiative of the draft are of its line."""
    known = {
        fold(one.item.name): one.number for one in reversed(lines) if isinstance(one.item, DraftInitiative)
    }
    return tuple(_with_parent(one, known) for one in lines)


def _with_parent(line: DraftLine, known: dict[str, int]) -> DraftLine:
    item = line.item
    if not isinstance(item, DraftMilestone):
        return line
    if item.initiative:
        return replace(line, item=replace(item, of_line=known.get(fold(item.initiative))))
    for at, words in enumerate(line.unread):
        if number := known.get(fold(_OF.sub("", words.strip("() "), count=1))):
            unread = (*line.unread[:at], *line.unread[at + 1 :])
            return replace(line, item=replace(item, of_line=number), unread=unread)
    for name, parent in _names(item.name):
        if number := known.get(fold(parent)):
            return replace(line, item=replace(item, name=name.strip(), of_line=number))
    return line


def _names(words: str) -> Iterator[tuple[str, str]]:
    """The milestone's and the initiative's, as "Referrals: first letter" and "First letter of Referrals" may say them."""
    parent, _, name = words.partition(": ")
    if name:
        yield name, parent
    for found in _OF.finditer(words):
        if found.start():
            yield words[: found.start()], words[found.end() :]
