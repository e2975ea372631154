"""Whose the milestones of a draft are, where they name an initiative of it."""

from collections.abc import Sequence
from dataclasses import replace

from domain.drafts import DraftInitiative, DraftLine, DraftMilestone
from domain.reading.names import fold


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
        if number := known.get(fold(words.strip("() "))):
            unread = (*line.unread[:at], *line.unread[at + 1 :])
            return replace(line, item=replace(item, of_line=number), unread=unread)
    name, _, rest = item.name.partition(": ")
    if rest and (number := known.get(fold(name))):
        return replace(line, item=replace(item, name=rest.strip(), of_line=number))
    return line
