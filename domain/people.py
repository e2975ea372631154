"""People of a workspace, as far as the rhythm needs to know them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from domain.absences import WorkPattern
from domain.errors import DomainError

STAND_IN_PREFIX = "ULEFT"
_STAND_IN = re.compile(rf"{STAND_IN_PREFIX}[0-9A-F]{{20}}")
"""Longer than any id of Slack's, and of the same shape."""


def is_stand_in(person_id: str) -> bool:
    """Whether it is nobody's of Slack, but stands for somebody who was forgotten."""
    return _STAND_IN.fullmatch(person_id) is not None


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user as last seen; `id` is Slack's user id, `zone` an IANA name."""

    workspace_id: str
    id: str
    name: str
    zone: str = "UTC"
    is_admin: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_external: bool = False
    is_deactivated: bool = False
    dm_channel_id: str | None = None
    work_pattern: WorkPattern | None = None
    """Their own working days and country; None means the strategy's."""

    @property
    def as_described(self) -> Self:
        """Without what Slack does not tell of them."""
        return replace(self, dm_channel_id=None, work_pattern=None)

    @property
    def is_forgotten(self) -> bool:
        return is_stand_in(self.id)


def why_not_a_participant(person: Person) -> str | None:
    """The sentence saying why this person cannot lead or own, or None when they can."""
    if person.is_bot:
        return f"{person.name} is an app. Choose a person who can answer check-ins."
    if person.is_deactivated:
        return f"{person.name}'s account is deactivated. Choose somebody who is still here."
    if person.is_external:
        return f"{person.name} belongs to another organisation. Choose somebody from this workspace."
    if person.is_guest:
        return f"{person.name} is a guest here. Choose a full member of this workspace."
    return None


def require_participant(person: Person) -> None:
    """Raise DomainError when guests, apps, outsiders or deactivated people try to act."""
    if why_not_a_participant(person) is not None:
        raise DomainError(
            "Only full members of this workspace can do this. Ask a lead of the strategy to do it for you."
        )


class UnknownPeople(DomainError):
    """Raised inside a transaction for people not in the table yet; the edge asks Slack once and runs it again."""

    def __init__(self, person_ids: Iterable[str]) -> None:
        super().__init__("I could not look up a person in Slack just now. Please try again in a moment.")
        self.person_ids = tuple(person_ids)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and in which workspace; `home_team` is the team of their own account."""

    workspace_id: str
    person_id: str
    home_team: str
