"""Kickoff: the authority and resources of an initiative, and who has said yes to it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.absences import WorkPattern, working_days_after
from domain.initiatives import Initiative, Status, has_started
from domain.schedules import local_day, prompt_instant
from domain.strategies import Strategy, next_prompt_week

MAX_PARTNERS = 3
CONFIRM_WITHIN = 3
"""Working days after which somebody who has not answered is named."""
CHANNELS = ("email", "web", "social", "events", "press", "partners", "ads", "direct mail", "phone", "shops")
"""Where an initiative's message goes out."""


class Role(StrEnum):
    """As what somebody is asked to say yes."""

    OWNER = "owner"
    NEW_OWNER = "new owner"
    """Of one that is running: it is another's until they accept."""
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


def changed_fields(
    before: Initiative, after: Initiative, given: Charter | None, charter: Charter
) -> list[str]:
    """What of an initiative and its charter differs, as people call it, beside its name, owner, due date and metrics."""
    known = given or Charter(charter.initiative_id, charter.sponsor_id)
    compared = {
        "goal": (before.goal_id, after.goal_id),
        "start": (before.start, after.start),
        "sponsor": (known.sponsor_id, charter.sponsor_id),
        "what its owner may decide": (known.may_decide, charter.may_decide),
        "budget": (known.budget, charter.budget),
        "resources": (known.resources, charter.resources),
        "channels": (known.channels, charter.channels),
    }
    return [words for words, (was, is_now) in compared.items() if was != is_now]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`what` is a partner's commitment; `words` the reason or question that came back.

    `changed` is what a lead says of what was given is no longer true, where that is why a sponsor is asked again.
    """

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
    changed: str = ""
    nudged_at: datetime | None = None
    """When they were asked once more."""

    @property
    def is_awaited(self) -> bool:
        """Whether the initiative cannot begin before this one is a yes."""
        is_standing = self.state in (ConfirmationState.ASKED, ConfirmationState.DECLINED)
        return is_standing and self.role in (Role.OWNER, Role.SPONSOR)


def unanswered(
    confirmations: Iterable[Confirmation], today: date, zone: str, pattern: WorkPattern
) -> tuple[Confirmation, ...]:
    """Those still without a yes after 3 working days; a partner or new owner who declined has answered."""
    return tuple(
        one
        for one in confirmations
        if one.state is ConfirmationState.ASKED or one.is_awaited
        if working_days_after(local_day(one.asked_at, zone), CONFIRM_WITHIN, pattern) <= today
    )


def awaited(confirmations: Iterable[Confirmation]) -> tuple[Confirmation, ...]:
    """Those whose yes is missing before the initiative can be active; none for one from before kickoffs were."""
    return tuple(confirmation for confirmation in confirmations if confirmation.is_awaited)


def is_asked_weekly(
    strategy: Strategy,
    initiative: Initiative,
    confirmations: Iterable[Confirmation],
    zone: str,
    now: datetime,
) -> bool:
    """Whether a week has begun, by the clock of its owner's `zone`, since they said yes and it started."""
    week = next_prompt_week(strategy, zone, now).previous()
    began = prompt_instant(strategy.schedule_for(week), week, zone)
    said = [one.answered_at for one in confirmations if one.role is Role.OWNER and one.answered_at]
    return has_started(initiative, began, zone) and max(said, default=began) <= began


def begun_together(
    opened: Sequence[Initiative], standing: Mapping[int, Sequence[Confirmation]], begun: Collection[int]
) -> tuple[Initiative, ...]:
    """Initiatives that were waiting at the same time as those that have just begun, these included, once none waits any more.

    One whose only missing answers are declined waits for its lead, not for an answer.
    """
    waiting = (one for i in opened if i.status is Status.PROPOSED for one in standing.get(i.id, ()))
    if any(one.is_awaited and one.state is ConfirmationState.ASKED for one in waiting):
        return ()
    spans = {
        one.id: (min(c.asked_at for c in wanted), max(c.answered_at or c.asked_at for c in wanted))
        for one in opened
        if one.status is Status.ACTIVE
        if (wanted := [c for c in standing.get(one.id, ()) if c.role in (Role.OWNER, Role.SPONSOR)])
    }
    found = set(begun) & spans.keys()
    while found and (
        more := {
            id_
            for id_, (_, ended) in spans.items()
            if id_ not in found and ended >= min(spans[known][0] for known in found)
        }
    ):
        found |= more
    return tuple(one for one in opened if one.id in found)
