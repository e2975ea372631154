"""What of a strategy may only change with a reason that the team reads: its why, goals, targets and schedule."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.strategies import Strategy


class ChangeKind(StrEnum):
    """What was changed, or became of it; the values are stored and shown."""

    ADDED = "added"
    OWNER = "owner"
    OFFERED = "offered"
    """Somebody was asked to own it in place of its owner, who does until they accept."""
    DUE = "due"
    NAME = "name"
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"
    STOPPED = "stopped"
    STRATEGY = "strategy"
    """Something of the strategy that has no kind of its own, told in `after`."""
    SCHEDULE = "schedule"
    WHY = "why"
    GOAL = "goal"
    KPI_ADDED = "KPI added"
    KPI_TARGET = "KPI target"
    KPI_RETIRED = "KPI retired"
    METRIC = "success metric"
    JOINED = "one number"
    PARTED = "two numbers"
    """A success metric and a KPI, from then on."""
    ASK_DAY = "day of an ask"
    """The question stands after the day it is to be decided by now."""


WHOLE = ("paused", "resumed")
"""What a strategy as a whole becomes, where `after` says of others which of its parts changed."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Something changed; `before` and `after` are ready to read, "" where there was or is nothing."""

    kind: ChangeKind
    before: str
    after: str


def edits_of(before: Strategy, after: Strategy) -> list[Edit]:
    """The changes of why and goals; a goal without an id is new."""
    edits = [Edit(ChangeKind.WHY, before.why, after.why)] if before.why != after.why else []
    were = {goal.id: goal.text for goal in before.goals}
    kept = {goal.id for goal in after.goals}
    for goal in after.goals:
        was = were.get(goal.id, "")
        if was != goal.text:
            edits.append(Edit(ChangeKind.GOAL, was, goal.text))
    return edits + [Edit(ChangeKind.GOAL, text, "") for goal_id, text in were.items() if goal_id not in kept]


@dataclass(frozen=True, slots=True)
class Change:
    """Something a person changed; `before` and `after` are ready to read, due dates in ISO form.

    `before` and `after` are "" where there was or is nothing. `initiative_id` is None for the strategy itself.
    `why` is what made the person change it; "" where that is not asked.
    """

    kind: ChangeKind
    initiative_id: int | None
    before: str
    after: str
    person_id: str
    at: datetime
    why: str = ""
