"""What of a strategy may only change with a reason that the team reads: its why, goals, KPI targets and schedule."""

from dataclasses import dataclass
from datetime import datetime

from domain.strategies import Strategy


@dataclass(frozen=True, slots=True)
class Edit:
    """Something changed; `before` and `after` are ready to read, "" where there was or is nothing."""

    kind: str
    before: str
    after: str


def edits_of(before: Strategy, after: Strategy) -> list[Edit]:
    """The changes of why and goals; a goal without an id is new."""
    edits = [Edit("why", before.why, after.why)] if before.why != after.why else []
    were = {goal.id: goal.text for goal in before.goals}
    kept = {goal.id for goal in after.goals}
    for goal in after.goals:
        was = were.get(goal.id, "")
        if was != goal.text:
            edits.append(Edit("goal", was, goal.text))
    return edits + [Edit("goal", text, "") for goal_id, text in were.items() if goal_id not in kept]


@dataclass(frozen=True, slots=True)
class Change:
    """Something a person changed; `before` and `after` are ready to read, due dates in ISO form.

    Kinds: added, owner, due, name, paused, resumed, completed, stopped, schedule, strategy; why, goal, KPI target.
    `why` is what made the person change it; "" where that is not asked.
    """

    kind: str
    initiative_id: int | None
    before: str
    after: str
    person_id: str
    at: datetime
    why: str = ""
