"""Decisions: an ask names a decider, a date and a default."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class AskKind(StrEnum):
    """What is asked for."""

    DECISION = "decision"
    RESOURCE = "resource"
    HELP = "help"


class DecisionState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    DEFAULTED = "defaulted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decision:
    """`default` takes effect when `due`, a day of the strategy's zone, ends with nothing decided."""

    id: int
    workspace_id: str
    strategy_id: int
    initiative_id: int | None
    check_in_id: int | None
    kind: AskKind
    question: str
    context: str
    options: tuple[str, ...]
    default: str
    requested_by: str
    decider_id: str
    due: date
    state: DecisionState = DecisionState.OPEN
    outcome: str = ""
    reason: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None
    reminded_at: datetime | None = None
    created_at: datetime | None = None
    message_id: int | None = None
