"""Milestones: steps of an initiative, each with a person and a date."""

from dataclasses import dataclass
from datetime import date, datetime

MAX_OPEN_MILESTONES = 10
"""As many as Slack shows in one group of checkboxes (docs.slack.dev, checkboxes element)."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of an initiative with a person and a date; `ends_phase` asks for a retrospective once it is done."""

    id: int
    initiative_id: int
    name: str
    person_id: str
    due: date
    ends_phase: bool = False
    created_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None

    def is_late(self, today: date) -> bool:
        return self.done_at is None and self.due < today
