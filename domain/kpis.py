"""KPIs: numbers the whole strategy watches, each tied to a goal, with readings over time."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.errors import DomainError
from domain.forecasts import Forecast, forecast
from domain.initiatives import Initiative
from domain.pace import MONTHLY, WEEKLY, Pace, Plan, Point, judge
from domain.readings import Before
from domain.strategies import Goal
from domain.words import full_day

MIN_KPIS = 4
MAX_KPIS = 6


class Kind(StrEnum):
    """What sort of number it is; the unit says how it is written."""

    COUNT = "count"
    PERCENT = "percent"
    CURRENCY = "currency"
    RATIO = "ratio"
    DURATION = "duration"


class Direction(StrEnum):
    """Which way is good."""

    INCREASE_TO = "increase to"
    DECREASE_TO = "decrease to"
    STAY_ABOVE = "stay above"
    STAY_BELOW = "stay below"

    @property
    def is_limit(self) -> bool:
        """Something to keep to, rather than a way to go."""
        return self in (Direction.STAY_ABOVE, Direction.STAY_BELOW)

    @property
    def is_up(self) -> bool:
        """More is better."""
        return self in (Direction.INCREASE_TO, Direction.STAY_ABOVE)


class Cadence(StrEnum):
    """How often a reading is asked for."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"

    @property
    def period(self) -> timedelta:
        return WEEKLY if self is Cadence.WEEKLY else MONTHLY


COMMAND, CHECK_IN, CSV = "command", "check-in", "csv"
SOURCES = (COMMAND, CHECK_IN, CSV)
"""Our own; an outside system calls itself something else."""


@dataclass(frozen=True, slots=True)
class KpiReading:
    """A value for a day; of several for the same day the one with the greatest id stands."""

    id: int
    kpi_id: int
    on: date
    value: Decimal
    source: str
    note: str
    person_id: str | None
    at: datetime
    check_in_id: int | None = None
    """The check-in that gave it as a success metric's value."""
    metric_id: int | None = None
    """The success metric whose own reading it had been before they became one number."""


@dataclass(frozen=True, slots=True)
class FormerPlan:
    """A plan that a KPI had until it was changed."""

    until: datetime
    direction: Direction
    baseline: Decimal
    baseline_on: date
    target: Decimal
    target_on: date
    cadence: Cadence
    months: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Kpi:
    """`readings` are its standing ones, one a day, oldest first; `months` the values due between baseline and target.

    `former_plans` are those it had before, oldest first.
    """

    id: int
    workspace_id: str
    strategy_id: int
    goal_id: int | None
    name: str
    kind: Kind
    unit: str
    direction: Direction
    baseline: Decimal
    baseline_on: date
    target: Decimal
    target_on: date
    owner_id: str
    cadence: Cadence
    if_short: str
    vanity_kept_by: str | None = None
    created_at: datetime | None = None
    retired_at: datetime | None = None
    readings: tuple[KpiReading, ...] = ()
    months: tuple[Point, ...] = ()
    former_plans: tuple[FormerPlan, ...] = ()

    @property
    def latest(self) -> KpiReading | None:
        return self.readings[-1] if self.readings else None

    def given_since(self, at: datetime, on: date) -> KpiReading | None:
        """The latest reading where it was given since an instant, which fell on that day.

        What a success metric brought along came with it and counts by its own day.
        """
        latest = self.latest
        if latest is None or latest.at < at or (latest.metric_id is not None and latest.on < on):
            return None
        return latest

    def before(self, on: date) -> Before:
        """What a value of a day is compared with."""
        values = tuple(reading.value for reading in self.readings if reading.on < on)
        return Before(values[-1] if values else self.baseline, self.target, values)

    @property
    def change(self) -> Decimal | None:
        """What the latest reading is more than the one before, or than the baseline; None without a reading."""
        if self.latest is None:
            return None
        before = self.readings[-2].value if len(self.readings) > 1 else self.baseline
        return self.latest.value - before

    @property
    def plan(self) -> Plan:
        return Plan(
            Point(self.baseline_on, self.baseline),
            Point(self.target_on, self.target),
            is_up=self.direction.is_up,
            is_limit=self.direction.is_limit,
            steps=self.months,
            expected_from=self.created_at.date() if self.created_at else self.baseline_on,
            period=self.cadence.period,
        )

    @property
    def first_target(self) -> Decimal:
        """The target it was added with."""
        return self.former_plans[0].target if self.former_plans else self.target

    def was_watched(self, at: datetime) -> bool:
        """Added by an instant and not retired by it."""
        is_added = self.created_at is None or self.created_at <= at
        return is_added and (self.retired_at is None or self.retired_at > at)

    def as_of(self, at: datetime) -> "Kpi":
        """With the plan it had at an instant."""
        later = [former for former in self.former_plans if former.until > at]
        return replace(self, **_plan_of(later[0])) if later else self

    def changed_to(self, after: "Kpi", now: datetime) -> "Kpi":
        """The other with this one's plan kept as a former one, where it differs."""
        if _plan_of(self) == _plan_of(after):
            return replace(after, former_plans=self.former_plans)
        return replace(after, former_plans=(*self.former_plans, FormerPlan(until=now, **_plan_of(self))))

    def pace(self, on: date) -> Pace:
        """What is true of it on a day."""
        return judge(self.plan, self.readings, on)

    @property
    def is_percent(self) -> bool:
        return self.kind is Kind.PERCENT or self.unit.strip() == "%"

    def forecast(self, on: date) -> Forecast | None:
        """Where it ends if it goes on as it did, where that can be said on a day."""
        return forecast(self.plan, self.readings, on, is_percent=self.is_percent)


_PLAN = ("direction", "baseline", "baseline_on", "target", "target_on", "cadence", "months")


def _plan_of(kpi: Kpi | FormerPlan) -> dict[str, Any]:
    return {name: getattr(kpi, name) for name in _PLAN}


def end_of(day: date) -> datetime:
    """The instant from which nothing of a day is to come, by UTC."""
    return datetime.combine(day, time.max, UTC)


def is_asked(kpi: Kpi, due: date, previous: date | None) -> bool:
    """Whether the prompt of a day asks for it; `previous` is the day of the last prompt its owner got.

    A monthly one is asked for in the first prompt of a month, unless the month has a reading from before it.
    """
    if kpi.cadence is Cadence.WEEKLY:
        return True
    month = due.replace(day=1)
    is_first = previous is None or previous < month
    return is_first and not (kpi.latest is not None and month <= kpi.latest.on < due)


def why_wrong_side(direction: Direction, baseline: Decimal, target: Decimal) -> str | None:
    """The sentence for a target on the wrong side of the baseline, or None when it is on the right one."""
    match direction:
        case Direction.INCREASE_TO if target <= baseline:
            return (
                "To increase, the target must be above the baseline. Is it “decrease to”, or another number?"
            )
        case Direction.DECREASE_TO if target >= baseline:
            return (
                "To decrease, the target must be below the baseline. Is it “increase to”, or another number?"
            )
        case Direction.STAY_ABOVE if target > baseline:
            return (
                "It is not above this yet, so it cannot stay there. Choose “increase to”, or a lower number."
            )
        case Direction.STAY_BELOW if target < baseline:
            return (
                "It is not below this yet, so it cannot stay there. Choose “decrease to”, or a higher number."
            )
    return None


def why_no_reading(kpi: Kpi, on: date, today: date) -> str | None:
    """The sentence for a day that can have no reading, or None when it can."""
    if on > today:
        return f"{full_day(on)} is in the future. Give a day on which it was read: today, or one before."
    if on < kpi.baseline_on:
        return f"{full_day(on)} is before the baseline of {kpi.name} ({full_day(kpi.baseline_on)}), where its plan begins. Give a later day."
    return None


def require_watched(kpi: Kpi) -> None:
    """Raises DomainError for one that has been retired."""
    if kpi.retired_at is not None:
        raise DomainError("This KPI has been retired, so nothing was changed.")


def require_room(counted: int) -> None:
    """Raise DomainError when a seventh KPI would be kept."""
    if counted >= MAX_KPIS:
        raise DomainError(
            f"This strategy already has {MAX_KPIS} KPIs, and {MAX_KPIS} is the most a team can watch. "
            "Retire one first with `/kpi retire NAME`, then add this one."
        )


def unserved_goals(
    goals: Iterable[Goal], initiatives: Iterable[Initiative], kpis: Iterable[Kpi]
) -> tuple[Goal, ...]:
    """The goals that neither an initiative still open nor a KPI is for."""
    served = {initiative.goal_id for initiative in initiatives if not initiative.status.is_closed}
    served |= {kpi.goal_id for kpi in kpis if kpi.retired_at is None}
    return tuple(goal for goal in goals if goal.id not in served)


def goals_without_kpi(goals: Iterable[Goal], kpis: Sequence[Kpi]) -> tuple[Goal, ...]:
    """The goals whose number nobody watches, where there is room for a KPI more."""
    watched = [kpi for kpi in kpis if kpi.retired_at is None]
    if len(watched) >= MAX_KPIS:
        return ()
    return tuple(goal for goal in goals if goal.id not in {kpi.goal_id for kpi in watched})


_VANITY = {
    r"impressions|reach|views|page ?views|hits|traffic|visits": "what visitors then do, such as sign-ups or gifts",
    r"likes|reactions|(?<!market )shares(?! of\b)|retweets|upvotes|engagements?": "replies, sign-ups or referrals that follow",
    r"followers|fans|friends": "people who give you their address, buy or come back",
    r"opens|open[ -]rate": "clicks that end in what you want, such as a sign-up",
    r"downloads|installs": "people who still use it after a week",
}


def vanity_hint(name: str) -> str | None:
    """For a name that reads like a vanity metric, the outcome to consider instead; None for any other name.

    What is counted stands in the plural: "market share", "reaction time" and "open-water sign-ups" are none of these.
    Nor is a number in relation to an outcome ("visits that give", "cost per download").
    """
    if re.search(r"\b(that|who|per|to|from)\b|conversion", name, re.IGNORECASE):
        return None
    for pattern, instead in _VANITY.items():
        if re.search(rf"\b(?:{pattern})\b", name, re.IGNORECASE):
            return instead
    return None


def changed_fields(before: Kpi, after: Kpi) -> list[str]:
    """What differs, as people call it, beside its way from baseline to target, which is a change with a reason."""
    compared = {
        "name": (before.name, after.name),
        "owner": (before.owner_id, after.owner_id),
        "goal": (before.goal_id, after.goal_id),
        "unit": ((before.kind, before.unit), (after.kind, after.unit)),
        "how often it is read": (before.cadence, after.cadence),
        "what is done if it falls short": (before.if_short, after.if_short),
        "that it is kept": (before.vanity_kept_by, after.vanity_kept_by),
    }
    return [words for words, (was, is_now) in compared.items() if was != is_now]
