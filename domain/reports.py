"""The report of a month: what leads hand to people outside Slack, of a month that is over as it stood at its end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from domain.changes import Change, ChangeKind
from domain.check_ins import Standing
from domain.closed_weeks import ClosedWeek, InitiativeThen, NumberThen, kpi_then, metric_then
from domain.decisions import Decision, DecisionState
from domain.initiatives import Initiative, Status, SuccessMetric
from domain.kpis import Kpi, KpiReading, end_of
from domain.milestones import Milestone
from domain.periods import Month
from domain.reviews import InitiativeHealth, KpiWeek, ReviewFacts, ReviewMaterial, review_facts
from domain.rhythms import RhythmMaterial, record_of
from domain.schedules import local_instant
from domain.strategies import Goal, Strategy

_MOMENT = timedelta(microseconds=1)
_LIFECYCLE = {
    ChangeKind.PAUSED: Status.PAUSED,
    ChangeKind.RESUMED: Status.ACTIVE,
    ChangeKind.COMPLETED: Status.COMPLETED,
    ChangeKind.STOPPED: Status.STOPPED,
}
_UNBEGUN = {Standing.PROPOSED: Status.PROPOSED, Standing.PAUSED: Status.PAUSED}
_TOLD = frozenset(
    {
        ChangeKind.WHY,
        ChangeKind.GOAL,
        ChangeKind.KPI_TARGET,
        ChangeKind.KPI_RETIRED,
        ChangeKind.METRIC,
        ChangeKind.DUE,
        ChangeKind.RESUMED,
    }
)
"""What moved of the plan; what was added, paused or closed in the month stands where it is listed."""


@dataclass(frozen=True, slots=True)
class ReportMaterial:
    """What a month's report is made from: what is known now, and every change since a year before."""

    review: ReviewMaterial
    made_at: datetime
    changes: tuple[Change, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether the month was when this was gathered."""
        return self.made_at >= month_span(self.review.rhythm.strategy, self.review.period)[1]


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """A KPI or a success metric as the month left it; the weeks of its chart, none of a metric."""

    number: NumberThen
    target_on: date
    first_target: Decimal
    is_limit: bool = False
    is_up: bool = True
    weeks: tuple[KpiWeek, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedInitiative:
    """One that was active when the month ended, or is now."""

    line: InitiativeHealth
    numbers: tuple[NumberFacts, ...]


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """All a report says; `review` are the same facts of the month itself, not since a review."""

    review: ReviewFacts
    is_over: bool
    made_at: datetime
    kpis: tuple[NumberFacts, ...]
    initiatives: tuple[ReportedInitiative, ...]
    others: tuple[Initiative, ...]
    """Proposed and paused ones, and those completed or stopped in the month."""
    changes: tuple[Change, ...]
    """Of the plan in the month, oldest first."""
    has_moved_asks: bool
    """Whether the day of an ask was changed after the month: it is shown with the day it has now."""


def month_span(strategy: Strategy, month: Month) -> tuple[datetime, datetime]:
    """When a month begins and ends, where the strategy is."""
    begins, ends = (local_instant(one.day(1), time.min, strategy.zone) for one in (month, month.next()))
    return begins, ends


def report_at(strategy: Strategy, month: Month, now: datetime) -> tuple[datetime, datetime]:
    """After when something happened in a month, and as of when it is told: its end, or now while it goes on."""
    begins, ends = month_span(strategy, month)
    return begins - _MOMENT, min(now, ends - _MOMENT)


def had_weeks(weeks: Iterable[ClosedWeek], month: Month) -> bool:
    """Whether any of them ended in a month: of one without them nothing is known."""
    return any(Month.of(week.period.day(6)) == month for week in weeks)


def report_facts(material: ReportMaterial) -> ReportFacts:
    review = _as_it_stood(material) if material.is_over else material.review
    known, facts = review.rhythm, review_facts(review)
    since, at = report_at(known.strategy, review.period, material.made_at)
    numbers = _numbers(known) if material.is_over else {}
    kpis = tuple(
        _kpi(one.kpi, numbers.get(one.kpi.id) or kpi_then(one.kpi, (date.min, facts.today)), one.weeks)
        for one in facts.kpis
    )
    told = zip(facts.kpis, kpis, strict=True)
    metrics = _metrics(known) if material.is_over else {}
    return ReportFacts(
        review=replace(facts, kpis=tuple(replace(one, pace=its.number.pace) for one, its in told)),
        is_over=material.is_over,
        made_at=material.made_at,
        kpis=kpis,
        initiatives=tuple(
            ReportedInitiative(line, tuple(_metric_facts(line.initiative, metrics, facts.today)))
            for line in facts.lines
        ),
        others=tuple(one for one in known.initiatives if _is_told(one, material.changes, since, at)),
        changes=tuple(one for one in material.changes if since < one.at <= at and one.kind in _TOLD),
        has_moved_asks=any(one.kind is ChangeKind.ASK_DAY and one.at > at for one in material.changes),
    )


def _kpi(kpi: Kpi, number: NumberThen, weeks: tuple[KpiWeek, ...]) -> NumberFacts:
    direction = kpi.direction
    return NumberFacts(number, kpi.target_on, kpi.first_target, direction.is_limit, direction.is_up, weeks)


def _metric_facts(
    initiative: Initiative, kept: Mapping[int, Sequence[NumberThen]], today: date
) -> Iterable[NumberFacts]:
    now = {one.id: one for one in initiative.metrics}
    numbers = kept.get(initiative.id) or [
        metric_then(one, initiative, (date.min, today)) for one in now.values()
    ]
    for number in numbers:
        first = _first_target(now.get(number.id), number)
        yield NumberFacts(number, initiative.due, first, is_up=number.target > number.baseline)


def _first_target(metric: SuccessMetric | None, number: NumberThen) -> Decimal:
    promised = metric.first_target if metric else None
    return number.target if promised is None else promised


def _is_told(one: Initiative, changes: Iterable[Change], since: datetime, at: datetime) -> bool:
    """Of one that is not active."""
    if not one.status.is_closed:
        return one.status is not Status.ACTIVE
    return any(
        change.initiative_id == one.id
        and _LIFECYCLE.get(change.kind) is one.status
        and since < change.at <= at
        for change in changes
    )


# As a month left it


def _as_it_stood(material: ReportMaterial) -> ReviewMaterial:
    """What was known at the end of the month: closed weeks as they are kept, what changed later put back.

    Who left Slack when is not kept, so nobody has.
    """
    review, changes = material.review, material.changes
    known, at, last = review.rhythm, review.rhythm.at, review.period.last_day
    known = replace(
        known,
        strategy=_strategy_then(known.strategy, changes, at),
        closed=tuple(week for week in known.closed if week.period.day(6) <= last),
        check_ins=tuple(one for one in known.check_ins if one.period.day(6) <= last),
        people={id_: replace(one, is_deactivated=False) for id_, one in known.people.items()},
        decisions=tuple(
            _decision_then(one, at) for one in known.decisions if not _is_later(one.created_at, at)
        ),
    )
    known = replace(
        known,
        initiatives=tuple(_initiatives_then(known, changes)),
        kpis=tuple(_kpi_as_kept(one, known.closed, at, last) for one in known.kpis),
    )
    return replace(
        review,
        rhythm=known,
        people={id_: replace(one, is_deactivated=False) for id_, one in review.people.items()},
        milestones={
            id_: [_milestone_then(one, at) for one in steps if not _is_later(one.created_at, at)]
            for id_, steps in review.milestones.items()
        },
    )


def _is_later(instant: datetime | None, at: datetime) -> bool:
    return instant is not None and instant > at


def _strategy_then(strategy: Strategy, changes: Sequence[Change], at: datetime) -> Strategy:
    """With the why and the goals of then; its name, audience and core message have no history."""
    for change in reversed([one for one in changes if one.at > at]):
        if change.kind is ChangeKind.WHY:
            strategy = replace(strategy, why=change.before)
        elif change.kind is ChangeKind.GOAL:
            strategy = replace(strategy, goals=tuple(_goals_before(strategy.goals, change)))
    return strategy


def _goals_before(goals: Sequence[Goal], change: Change) -> Iterable[Goal]:
    for goal in goals:
        if goal.text != change.after:
            yield goal
        elif change.before:
            yield replace(goal, text=change.before)
    if not change.after:
        yield Goal(0, change.before)


def _decision_then(decision: Decision, at: datetime) -> Decision:
    if not _is_later(decision.decided_at, at):
        return decision
    undone = replace(decision, state=DecisionState.OPEN, outcome="", reason="")
    return replace(undone, decided_by=None, decided_at=None)


def _milestone_then(milestone: Milestone, at: datetime) -> Milestone:
    return replace(milestone, done_at=None) if _is_later(milestone.done_at, at) else milestone


def _initiatives_then(known: RhythmMaterial, changes: Sequence[Change]) -> Iterable[Initiative]:
    """Those of which a week was kept by then."""
    weeks = record_of(known, known.check_ins).weeks
    for initiative in known.initiatives:
        found = [(week, then) for week in weeks if (then := week.then(initiative.id)) is not None]
        if found:
            of_it = [one for one in changes if one.initiative_id == initiative.id]
            last = max(found, key=lambda one: (one[0].period, one[1].standing.counts))
            yield _initiative_then(initiative, *last, of_it, known.at)


def _initiative_then(
    initiative: Initiative, week: ClosedWeek, then: InitiativeThen, changes: Sequence[Change], at: datetime
) -> Initiative:
    """Its owner is whose week it was."""
    before = [_LIFECYCLE[one.kind] for one in changes if one.kind in _LIFECYCLE and one.at <= at]
    names = [one.before for one in changes if one.kind is ChangeKind.NAME and one.at > at]
    dates = [one for one in changes if one.kind is ChangeKind.DUE]
    dues = [date.fromisoformat(one.before) for one in dates if one.at > at]
    return replace(
        initiative,
        name=next(iter(names), initiative.name),
        owner_id=week.person_id,
        due=next(iter(dues), initiative.due),
        due_moves=initiative.due_moves - len(dues),
        status=before[-1] if before else _UNBEGUN.get(then.standing, Status.ACTIVE),
    )


def _kpi_as_kept(kpi: Kpi, closed: Iterable[ClosedWeek], at: datetime, last: date) -> Kpi:
    """With the plan of then, and the readings that the weeks were closed with; where none was, those given by then."""
    kept = _kept(kpi, closed)
    kpi = kpi.as_of(at)
    if not kept:
        by_then = (one for one in kpi.readings if one.on <= last and one.at <= at)
        return replace(kpi, readings=tuple(by_then))
    values = {one.read_on: one.value for one in kept if one.read_on is not None and one.value is not None}
    readings = (
        KpiReading(0, kpi.id, on, value, "", "", None, end_of(on)) for on, value in sorted(values.items())
    )
    return replace(kpi, name=kept[-1].name, unit=kept[-1].unit, readings=tuple(readings))


def _kept(kpi: Kpi, closed: Iterable[ClosedWeek]) -> list[NumberThen]:
    """Oldest first."""
    return [number for week in closed for number in week.kpis if number.id == kpi.id]


def _numbers(known: RhythmMaterial) -> dict[int, NumberThen]:
    """How the last closed week left each KPI."""
    return {kpi.id: kept[-1] for kpi in known.kpis if (kept := _kept(kpi, known.closed))}


def _metrics(known: RhythmMaterial) -> dict[int, tuple[NumberThen, ...]]:
    """How the last week that kept them left the success metrics of each initiative."""
    return {
        then.initiative_id: then.numbers for week in known.closed for then in week.initiatives if then.numbers
    }
