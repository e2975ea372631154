"""Retrospectives and what they teach: what the next initiative for the same goal should know."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LearningKind(StrEnum):
    KEEP = "keep"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Retrospective:
    """What one person was asked when an initiative, or the phase that `milestone_id` ended, was over."""

    id: int
    initiative_id: int
    milestone_id: int | None
    person_id: str
    asked_at: datetime
    expected: str = ""
    happened: str = ""
    keep: str = ""
    change: str = ""
    answered_at: datetime | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Learning:
    """One thing to keep or to change, in the words of who found it, for the goal that their initiative, or the number of
    their bet, served; `initiative_id` is None for a bet on a KPI.
    """

    id: int
    strategy_id: int
    goal_id: int | None
    initiative_id: int | None
    kind: LearningKind
    text: str
    person_id: str
    at: datetime


def split_learnings(words: str) -> tuple[str, ...]:
    """One for each line, as it was written, without the bullet."""
    lines = (line.strip().lstrip("-*•–").strip() for line in words.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))
