"""The rituals: what happens by the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PUT_OFF = timedelta(minutes=15)
"""How long a ritual that failed waits before it is tried again."""


class Ritual(StrEnum):
    PROMPT = "prompt"
    REMINDER_1 = "reminder_1"
    REMINDER_2 = "reminder_2"
    DIGEST = "digest"
    DECISIONS = "decisions"
    """Reminders and defaults of a strategy's open asks: one row, at the earliest of them."""
    BETS = "bets"
    """Decisions of a strategy to look at again: one row, at the earliest of them."""
    REVIEW = "review"
    REVIEW_OUTCOME = "review_outcome"
    """Reminders and outcomes of a strategy's open reviews: one row, at the earliest of them."""
    READINGS = "readings"
    """Asks whoever reports the KPIs that a review found outdated."""


REMINDERS = (Ritual.REMINDER_1, Ritual.REMINDER_2)


@dataclass(frozen=True, slots=True)
class Due:
    """The next occurrence of a ritual for a strategy (person "") or one of its owners; `due_at` is UTC."""

    workspace_id: str
    strategy_id: int
    ritual: Ritual
    person_id: str
    period: str
    due_at: datetime
