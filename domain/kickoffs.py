"""Kickoff: the authority and resources of an initiative, and who has said yes to it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """As what somebody is asked to say yes."""

    OWNER = "owner"
    SPONSOR = "sponsor"
    PARTNER = "partner"


class ConfirmationState(StrEnum):
    ASKED = "asked"
    YES = "yes"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Charter:
    """What an initiative was given, in the lead's words; `channels` are where its message goes out."""

    initiative_id: int
    sponsor_id: str
    may_decide: str = ""
    budget: str = ""
    resources: str = ""
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`what` is a partner's commitment; `words` the reason or question that came back."""

    id: int
    initiative_id: int
    role: Role
    person_id: str
    what: str
    state: ConfirmationState
    words: str
    asked_at: datetime
    answered_at: datetime | None = None
    message_id: int | None = None


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
