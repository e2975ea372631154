"""Initiatives: what the strategy does, each with one named owner, dates and success metrics."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.errors import DomainError
from domain.forecasts import Forecast, forecast
from domain.pace import Plan, Point
from domain.readings import Before, is_plausible
from domain.schedules import local_day
from domain.strategies import MAX_INITIATIVES
from domain.words import dated, full_day, short_day

MAX_METRICS = 3


class Status(StrEnum):
    """Lifecycle: proposed -> active <-> paused -> completed or stopped."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    STOPPED = "stopped"

    @property
    def counts_toward_limit(self) -> bool:
        return self in (Status.PROPOSED, Status.ACTIVE)

    @property
    def is_closed(self) -> bool:
        return self in (Status.COMPLETED, Status.STOPPED)


OPEN = tuple(status for status in Status if not status.is_closed)


@dataclass(frozen=True, slots=True)
class Join:
    """That a success metric is one number with a KPI of the strategy, or was: readings with ids from `left` on are its own."""

    kpi_id: int
    left: int | None = None


@dataclass(frozen=True, slots=True)
class SuccessMetric:
    """A number that says whether the initiative works; `value` is the last one reported, if any.

    `readings` are one a day, oldest first, where they were read (`with_readings`).
    """

    id: int
    name: str
    unit: str
    baseline: Decimal
    target: Decimal
    value: Decimal | None = None
    readings: tuple[Point, ...] = ()
    first_target: Decimal | None = None
    """The target first promised, where it has moved since."""
    join: Join | None = None

    @property
    def kpi_id(self) -> int | None:
        """The KPI that it is: the readings are the KPI's, baseline and target its own."""
        return self.join.kpi_id if self.join and self.join.left is None else None

    @property
    def is_up(self) -> bool:
        """More is better."""
        return self.target > self.baseline

    @property
    def is_percent(self) -> bool:
        return self.unit.strip() == "%"

    @property
    def before(self) -> Before:
        """What a new value is compared with."""
        last = self.baseline if self.value is None else self.value
        return Before(last, self.target, tuple(point.value for point in self.readings))


@dataclass(frozen=True, slots=True)
class Initiative:
    """`first_due` is the due date first promised; `due_moves` how often it moved since."""

    id: int
    workspace_id: str
    strategy_id: int
    name: str
    goal_id: int | None
    owner_id: str
    start: date
    due: date
    first_due: date
    due_moves: int = 0
    status: Status = Status.ACTIVE
    metrics: tuple[SuccessMetric, ...] = field(default=())
    owner_since: datetime | None = None
    """When its owner took it over from another; None where it never changed hands."""

    def is_overdue(self, today: date) -> bool:
        return not self.status.is_closed and self.due < today


def unlikely_values(initiative: Initiative, reported: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Those of the values, by metric id, that are asked about before they are believed."""
    metrics = {metric.id: metric for metric in initiative.metrics}
    return {
        id_: value
        for id_, value in reported.items()
        if id_ in metrics and not is_plausible(value, metrics[id_].before)
    }


def has_started(initiative: Initiative, at: datetime, zone: str) -> bool:
    """Whether its first day has come by an instant; `zone` is its owner's."""
    return initiative.start <= local_day(at, zone)


def with_values(
    initiative: Initiative, reported: Mapping[int, Decimal], on: date, corrected: Collection[int]
) -> Initiative:
    """With the values of its metrics that were reported on a day, by metric id.

    Those of `corrected` take the place of the reading before, others come after it.
    """
    metrics = (
        _reported(one, Point(on, reported[one.id]), one.id in corrected) if one.id in reported else one
        for one in initiative.metrics
    )
    return replace(initiative, metrics=tuple(metrics))


def _reported(metric: SuccessMetric, point: Point, is_correction: bool) -> SuccessMetric:
    before = metric.readings[:-1] if is_correction else metric.readings
    kept = (one for one in before if one.on != point.on)
    return replace(metric, value=point.value, readings=(*kept, point))


def with_readings(initiative: Initiative, readings: Mapping[int, Iterable[Point]]) -> Initiative:
    """With what was read of its metrics, by metric id, and nothing else; of several on a day the last stands."""
    metrics = []
    for metric in initiative.metrics:
        by_day = {point.on: point for point in readings.get(metric.id, ())}
        kept = tuple(by_day[on] for on in sorted(by_day))
        metrics.append(replace(metric, value=kept[-1].value if kept else None, readings=kept))
    return replace(initiative, metrics=tuple(metrics))


def require_room(counted: int) -> None:
    """Raise DomainError when a sixth initiative would count toward the limit of five."""
    if counted >= MAX_INITIATIVES:
        raise DomainError(
            f"This strategy already has {MAX_INITIATIVES} initiatives, and {MAX_INITIATIVES} is the most a team "
            "can carry. Pause or close one first, then add this one."
        )


def require_move(initiative: Initiative, to: Status) -> None:
    """Raise DomainError when the lifecycle does not allow going from its status to `to` by command.

    A proposed one becomes active only by the yes of its owner and its sponsor.
    """
    allowed = {
        Status.PROPOSED: {Status.STOPPED, Status.PAUSED},
        Status.ACTIVE: {Status.PAUSED, Status.COMPLETED, Status.STOPPED},
        Status.PAUSED: {Status.ACTIVE, Status.COMPLETED, Status.STOPPED},
        Status.COMPLETED: set(),
        Status.STOPPED: set(),
    }
    if to in allowed[initiative.status]:
        return
    now = initiative.status.value
    hint = {
        Status.PAUSED: "Only an active initiative can be paused.",
        Status.ACTIVE: "Only a paused initiative can be resumed.",
    }.get(to, "It is already closed.")
    if initiative.status is Status.PROPOSED:
        hint = (
            "It begins once its owner and its sponsor have said yes: "
            f"`/initiative show {initiative.name}` says who has not."
        )
        if to is Status.COMPLETED:
            hint = "It has not begun, so it cannot be completed. Close it as stopped."
    raise DomainError(f"{initiative.name} is {now}. {hint}")


def with_due(initiative: Initiative, due: date) -> Initiative:
    """The same with another due date; a date that moved is counted."""
    moved = due != initiative.due
    return replace(initiative, due=due, due_moves=initiative.due_moves + moved)


def due_words(initiative: Initiative, today: date | None) -> str:
    """When it is due and how that moved, as in "31 Mar, was 10 Mar, moved twice"; always with years without `today`.

    Years are said where they differ, too, lest a date that moved by a whole year reads as if it had not.
    """
    due, first = initiative.due, initiative.first_due
    with_year = today is None or due.year != first.year
    shown = full_day(due) if with_year or today is None else dated(due, today)
    if initiative.due_moves == 0:
        return shown
    times = {1: "moved once", 2: "moved twice"}.get(
        initiative.due_moves, f"moved {initiative.due_moves} times"
    )
    was = full_day(first) if shown == full_day(due) else short_day(first)
    if due == first:
        return f"{shown}, {times}, now as first planned"
    return f"{shown}, was {was}, {times}" if due > first else f"{shown}, brought forward from {was}"


def due_standing(initiative: Initiative, today: date) -> str:
    """The same, and that the day is gone: "31 Mar, overdue"."""
    words = due_words(initiative, today)
    return f"{words}, overdue" if initiative.is_overdue(today) else words


def kpi_ids_of(initiatives: Iterable[Initiative]) -> frozenset[int]:
    """The KPIs that metrics of these are."""
    return frozenset(m.kpi_id for one in initiatives for m in one.metrics if m.kpi_id is not None)


def metric_plan(metric: SuccessMetric, initiative: Initiative) -> Plan:
    """From the baseline on the first day to the target on the day it is due."""
    return Plan(
        Point(initiative.start, metric.baseline),
        Point(initiative.due, metric.target),
        is_up=metric.is_up,
        expected_from=initiative.start,
    )


def metric_forecast(metric: SuccessMetric, initiative: Initiative, on: date) -> Forecast | None:
    """Where it ends on the day the initiative is due if it goes on as it did, where that can be said on a day."""
    return forecast(metric_plan(metric, initiative), metric.readings, on, is_percent=metric.is_percent)
