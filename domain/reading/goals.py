"""Which goal of a strategy somebody means, and which one a number is plainly about."""

import re
from collections.abc import Iterable, Sequence

from domain.drafts import Draft, DraftGoal, DraftInitiative, DraftKpi
from domain.reading.names import find_name, fold
from domain.reading.text import listed
from domain.strategies import Goal

_NUMBER = re.compile(r"(?:goal|outcome|objective)?\s*[#(]?\s*(\d)\s*[).]?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_LITTLE = listed("a an the of to in on at for by per and or our each every")


def find_goal(said: str, goals: Sequence[Goal]) -> Goal | None:
    """By its number, its words or their beginning; None where nobody can tell."""
    if number := _NUMBER.fullmatch(said.strip()):
        position = int(number[1])
        return goals[position - 1] if 1 <= position <= len(goals) else None
    found = find_name(said, [goal.text for goal in goals]).found
    return None if found is None else goals[found]


def goal_of(item: DraftInitiative | DraftKpi, goals: Sequence[Goal]) -> Goal | None:
    """The goal that a line of a draft says, else the one it is plainly about."""
    if item.goal:
        return find_goal(item.goal, goals)
    counted = [one.name for one in item.metrics] if isinstance(item, DraftInitiative) else []
    return goal_served([*counted, item.name], goals)


def goals_of(draft: Draft, goals: Sequence[Goal]) -> tuple[Goal, ...]:
    """A strategy's goals and those that the draft adds to them, which have no id yet."""
    added = (Goal(0, line.item.text) for line in draft.lines if isinstance(line.item, DraftGoal))
    return (*goals, *(one for one in added if all(fold(one.text) != fold(goal.text) for goal in goals)))


def goal_served(names: Iterable[str], goals: Sequence[Goal]) -> Goal | None:
    """The only goal there is, else the one whose words hold all words of one of these names, and no other goal does."""
    if len(goals) == 1:
        return goals[0]
    words = [_words(goal.text) for goal in goals]
    for name in names:
        counted = _words(name)
        holding = [goal for goal, own in zip(goals, words, strict=True) if counted and counted <= own]
        if len(holding) == 1:
            return holding[0]
    return None


def _words(text: str) -> set[str]:
    return set(_WORD.findall(fold(text))) - set(_LITTLE)
