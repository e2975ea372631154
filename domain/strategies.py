"""A strategy: one per channel, with its why, goals, leads and schedule."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.absences import WorkPattern, is_day_off, working_days_after
from domain.people import Person
from domain.periods import Month, Week
from domain.schedules import (
    DEFAULT_SCHEDULE,
    Schedule,
    digest_instant,
    local_day,
    local_instant,
    prompt_instant,
    review_instant,
)

MIN_INITIATIVES = 3
MAX_INITIATIVES = 5
MAX_GOALS = 3
REVIEW_DAYS = 3
"""Working days that leads have to decide in a review, and within which one is made up after a time down."""
_BEFORE_A_MOVE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Goal:
    """An outcome the strategy is for, with a number and a date in its words."""

    id: int
    text: str
    former_id: int | None = field(default=None, compare=False)
    """The goal of the strategy before that it goes on with."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """What a channel's rhythm is about and when it beats; `zone` is the strategy's IANA zone."""

    id: int
    workspace_id: str
    channel_id: str
    name: str
    why: str
    goals: tuple[Goal, ...]
    audience: str
    difference: str
    leads: tuple[str, ...]
    zone: str
    schedule: Schedule = DEFAULT_SCHEDULE
    work_pattern: WorkPattern = field(default_factory=WorkPattern)
    paused_at: datetime | None = None
    schedule_changes: tuple[tuple[Week, Schedule], ...] = ()
    """(first period it holds for, schedule), oldest first; `schedule` is the last of them."""
    core_message: str = ""
    """What every channel must carry."""
    closed_at: datetime | None = None
    """Another one of its channel followed it then."""

    def schedule_for(self, period: Week) -> Schedule:
        """The schedule in force for a period: a change holds from the period after it on."""
        held = [schedule for first, schedule in self.schedule_changes if first <= period]
        return held[-1] if held else self.schedule_changes[0][1] if self.schedule_changes else self.schedule


def is_lead(strategy: Strategy, person_id: str, admins: Collection[str] = ()) -> bool:
    """Leads of the strategy; workspace admins count as leads."""
    return person_id in strategy.leads or person_id in admins


def next_prompt_week(strategy: Strategy, zone: str, after: datetime) -> Week:
    """The first period whose nominal prompt in `zone` comes strictly after an instant."""
    week = Week.of(local_day(after, zone)).previous()
    while prompt_instant(strategy.schedule_for(week), week, zone) <= after:
        week = week.next()
    return week


def current_week(strategy: Strategy, zone: str, now: datetime) -> Week:
    """The period of the latest nominal prompt in `zone` at or before `now`."""
    return next_prompt_week(strategy, zone, now).previous()


def digest_at(strategy: Strategy, week: Week) -> datetime:
    """When a week's digest is due, by the schedule that held for that week.

    Where the schedule moves with the week after it, whose prompt would come before that, it is due an hour before the
    prompt, so that the move drops no digest.
    """
    schedule, following = strategy.schedule_for(week), strategy.schedule_for(week.next())
    at = digest_instant(schedule, week, strategy.zone)
    if following == schedule:
        return at
    begins = prompt_instant(schedule, week, strategy.zone)
    ends = prompt_instant(following, week.next(), strategy.zone)
    return at if at < ends else ends - min(_BEFORE_A_MOVE, (ends - begins) / 2)


def digest_after(strategy: Strategy, instant: datetime) -> tuple[Week, datetime]:
    """The first digest strictly after an instant, and its period; a prompt makes sense until then."""
    week = Week.of(local_day(instant, strategy.zone)).plus(-2)
    while (at := digest_at(strategy, week)) <= instant:
        week = week.next()
    return week, at


def review_at(strategy: Strategy, month: Month) -> datetime:
    """When a month's review is due, by the schedule that held when the month began: a change neither repeats nor
    drops one. On a day off of the strategy it waits for the next working day.
    """
    nominal = review_instant(strategy.schedule_for(Week.of(month.day(1))), month, strategy.zone)
    local = nominal.astimezone(ZoneInfo(strategy.zone))
    if not is_day_off(local.date(), strategy.work_pattern):
        return nominal
    return local_instant(
        working_days_after(local.date(), 1, strategy.work_pattern), local.time(), strategy.zone
    )


def review_after(strategy: Strategy, instant: datetime) -> tuple[Month, datetime]:
    """The first review strictly after an instant, and its period."""
    month = Month.of(local_day(instant, strategy.zone))
    while (at := review_at(strategy, month)) <= instant:
        month = month.next()
    return month, at


def review_ends(strategy: Strategy, started: datetime) -> datetime:
    """When the outcome of a review is posted: after 3 working days, at the same time of the day."""
    local = started.astimezone(ZoneInfo(strategy.zone))
    last = working_days_after(local.date(), REVIEW_DAYS, strategy.work_pattern)
    return local_instant(last, local.time(), strategy.zone)


def is_last_before_review(strategy: Strategy, zone: str, prompted: datetime) -> bool:
    """Whether the next review comes before the next prompt in `zone`."""
    week = next_prompt_week(strategy, zone, prompted)
    following = prompt_instant(strategy.schedule_for(week), week, zone)
    return review_after(strategy, prompted)[1] < following


def pattern_of(strategy: Strategy, person: Person) -> WorkPattern:
    """The person's own working days and country, else the strategy's."""
    return person.work_pattern or strategy.work_pattern
