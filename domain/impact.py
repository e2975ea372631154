"""Impact: whether execution improved, from the bot's own data; the first four weeks against the last four."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median

from domain.check_ins import CheckInState
from domain.decisions import Decision, DecisionState
from domain.healths import Health
from domain.pace import Pace
from domain.periods import Week
from domain.rhythm_health import Share, share_answered
from domain.schedules import local_day
from domain.track_record import TrackRecord

SPAN = 4
MILESTONES = (8, 12)
"""Weeks since the first prompt at which the first four are compared with the last four."""
SHOWN_UNTIL = 26
LEAST_ANSWERS = 4
LEAST_KPIS = 1
LEAST_DECISIONS = 2
_ASKED = (CheckInState.ASKED, CheckInState.EARLY, CheckInState.PAUSED)


class Measure(StrEnum):
    """What is compared, as people read it."""

    KPI_PACE = "KPIs on pace"
    HEALTH = "answers on track"
    ANSWERED = "answered"
    DECISION_TIME = "days to a decision"

    @property
    def is_share(self) -> bool:
        return self is not Measure.DECISION_TIME


@dataclass(frozen=True, slots=True)
class Compared:
    """In percent, of decisions in days; None where there are not enough data."""

    measure: Measure
    before: Decimal | None
    after: Decimal | None

    @property
    def is_known(self) -> bool:
        return self.before is not None and self.after is not None


@dataclass(frozen=True, slots=True)
class Impact:
    """`weeks_run` have passed since the first prompt; `at_week` is 8 or 12, None before week 8."""

    weeks_run: int
    at_week: int | None = None
    compared: tuple[Compared, ...] = ()


def impact(record: TrackRecord, decisions: Iterable[Decision]) -> Impact | None:
    """`record` holds weeks whose digest is over; None before the first prompt and half a year later."""
    asked = [week.period for week in record.weeks if week.state in _ASKED and week.initiatives]
    if not asked:
        return None
    first, last = min(asked), max(week.period for week in record.weeks)
    run = first.weeks_until(last) + 1
    reached = [weeks for weeks in MILESTONES if weeks <= run]
    if run > SHOWN_UNTIL:
        return None
    if not reached:
        return Impact(run)
    spans = [_weeks(first), _weeks(first.plus(reached[-1] - SPAN))]
    settled = tuple(decisions)
    found = []
    for measure in Measure:
        if measure is Measure.KPI_PACE:
            values = [_pace(record, max(weeks)) for weeks in spans]
        elif measure is Measure.HEALTH:
            values = [_on_track(record, weeks) for weeks in spans]
        elif measure is Measure.ANSWERED:
            values = [_answered(record, weeks) for weeks in spans]
        else:
            values = [_decision_days(settled, weeks, record.strategy.zone) for weeks in spans]
        found.append(Compared(measure, *values))
    return Impact(run, reached[-1], tuple(found))


def _weeks(first: Week) -> frozenset[Week]:
    return frozenset(first.plus(number) for number in range(SPAN))


def _pace(record: TrackRecord, last: Week) -> Decimal | None:
    """The share of KPIs on pace at the end of a span, of those read in it of which something can be said."""
    start = last.plus(1 - SPAN).day(0)
    then = {kpi.id: kpi for week in record.weeks if week.period == last for kpi in week.kpis}
    read = [kpi for kpi in then.values() if kpi.read_on is not None and start <= kpi.read_on]
    said = [kpi for kpi in read if kpi.pace is not Pace.TOO_EARLY]
    return _percent(sum(kpi.pace.is_kept for kpi in said), len(said), LEAST_KPIS)


def _on_track(record: TrackRecord, weeks: frozenset[Week]) -> Decimal | None:
    given = [
        then.health
        for week in record.weeks
        if week.period in weeks
        for then in week.initiatives
        if then.health
    ]
    return _percent(given.count(Health.ON_TRACK), len(given), LEAST_ANSWERS)


def _answered(record: TrackRecord, weeks: frozenset[Week]) -> Decimal | None:
    share = share_answered(record, weeks)
    return _percent(share.count, share.of, LEAST_ANSWERS)


def _decision_days(decisions: Iterable[Decision], weeks: frozenset[Week], zone: str) -> Decimal | None:
    """The median of the days from asking to an answer, or to the default, of those settled in these weeks."""
    days = [
        Decimal((decision.decided_at - decision.created_at) / timedelta(days=1))
        for decision in decisions
        if decision.state in (DecisionState.DECIDED, DecisionState.DEFAULTED)
        and decision.decided_at is not None
        and decision.created_at is not None
        and Week.of(local_day(decision.decided_at, zone)) in weeks
    ]
    return round(median(days), 1) if len(days) >= LEAST_DECISIONS else None


def _percent(count: int, of: int, least: int) -> Decimal | None:
    return Decimal(Share(count, of).percent) if of >= least else None
