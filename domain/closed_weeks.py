"""Closed weeks: what was asked, answered and told in a week, kept as it was when its owner's next prompt was due.

Whatever looks back reads these, so that nothing done later changes what was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain.check_ins import UNASKED, Answer, CheckIn, CheckInState, Standing
from domain.healths import Health
from domain.initiatives import Initiative, Status, SuccessMetric, has_started, metric_plan
from domain.kpis import Kpi, end_of
from domain.pace import Pace, Plan, Read, judge
from domain.periods import Week
from domain.schedules import local_day


@dataclass(frozen=True, slots=True)
class NumberThen:
    """A KPI or a success metric as it stood when the week closed; `pace` is the word it was told with."""

    id: int
    name: str
    unit: str
    baseline: Decimal
    target: Decimal
    line: Decimal
    """What was due on the day of a reading of the week, else on its last day."""
    pace: Pace
    value: Decimal | None = None
    read_on: date | None = None
    """The day of the last reading."""


@dataclass(frozen=True, slots=True)
class InitiativeThen:
    """An initiative as the week left it with its owner."""

    initiative_id: int
    standing: Standing
    health: Health | None = None
    is_on_time: bool = False
    """First answered before the digest that told of it."""
    name: str = ""
    due: date | None = None
    numbers: tuple[NumberThen, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedWeek:
    """One person's week in a strategy; `state` is None where nothing was asked of them."""

    person_id: str
    period: Week
    closed_at: datetime
    state: CheckInState | None
    initiatives: tuple[InitiativeThen, ...] = ()
    kpis: tuple[NumberThen, ...] = ()
    is_reckoned: bool = False
    """Made of what later rows still said, when an older version was brought up to date."""

    @property
    def is_silent(self) -> bool:
        """They were asked, and said nothing at all."""
        counted = [one.standing for one in self.initiatives if one.standing.counts]
        return bool(counted) and Standing.ANSWERED not in counted

    @property
    def said_something(self) -> bool:
        return any(one.standing is Standing.ANSWERED for one in self.initiatives)

    def then(self, initiative_id: int) -> InitiativeThen | None:
        return next((one for one in self.initiatives if one.initiative_id == initiative_id), None)


@dataclass(frozen=True, slots=True)
class Closing:
    """What a week of one person is closed with."""

    person_id: str
    zone: str
    period: Week
    began_at: datetime
    """The schedule's prompt instant of the week."""
    ended_at: datetime
    """That of the next one."""
    digest_at: datetime
    """When its digest went out, or should have."""
    initiatives: Mapping[int, Initiative] = field(default_factory=dict)
    """Those the person owns, and those that the check-in or its digest names, where their names are wanted."""
    check_in: CheckIn | None = None
    """None where nothing was asked."""
    kpis: tuple[Kpi, ...] = ()
    is_away: bool = False
    """At its digest."""
    is_paused: bool = False
    """The strategy."""
    was_missed: bool = False
    """The bot was down from the prompt to the next one."""


Span = tuple[date, date]
"""The first and the last of some days: of a period up to the next prompt, of all there were."""


def close_week(closing: Closing, at: datetime) -> ClosedWeek:
    """The week as it is kept."""
    check_in = closing.check_in
    standings = standings_of(check_in, is_away=closing.is_away) if check_in else {}
    for initiative in closing.initiatives.values():
        if initiative.id not in standings and _is_theirs(closing, initiative):
            standings[initiative.id] = _unasked(closing, initiative)
    last_day = local_day(closing.ended_at, closing.zone) - timedelta(days=1)
    days = closing.period.day(0), last_day
    return ClosedWeek(
        closing.person_id,
        closing.period,
        at,
        check_in.state if check_in else None,
        tuple(
            _initiative_then(closing, initiative_id, standing, days)
            for initiative_id, standing in sorted(standings.items())
        ),
        tuple(kpi_then(kpi, days) for kpi in closing.kpis),
    )


def standings_of(check_in: CheckIn, *, is_away: bool) -> dict[int, Standing]:
    """By initiative: an answer stands, and else what the digest told, which no later act takes back."""
    unasked = UNASKED.get(check_in.state)
    unsaid = Standing.AWAY if is_away else unasked or Standing.NO_ANSWER
    found: dict[int, Standing] = {
        initiative_id: unsaid if unasked and told.standing.is_silence else told.standing
        for initiative_id, told in check_in.told.items()
        if told.owner_id == check_in.person_id and told.standing is not Standing.ANSWERED
    }
    for answer in check_in.answers:
        if answer.health:
            found[answer.initiative_id] = Standing.ANSWERED
        else:
            found.setdefault(answer.initiative_id, unsaid)
    return found


def _is_theirs(closing: Closing, initiative: Initiative) -> bool:
    """Whether it is theirs without having been asked about: nobody else is known to have been."""
    told = closing.check_in.told.get(initiative.id) if closing.check_in else None
    is_owner = initiative.owner_id == closing.person_id and not initiative.status.is_closed
    return is_owner and (told is None or told.owner_id == closing.person_id)


def _unasked(closing: Closing, initiative: Initiative) -> Standing:
    if initiative.status is Status.PROPOSED:
        return Standing.PROPOSED
    if not has_started(initiative, closing.began_at, closing.zone):
        return Standing.NOT_ASKED
    if closing.is_paused or initiative.status is Status.PAUSED:
        return Standing.PAUSED
    return Standing.MISSED if closing.was_missed else Standing.NOT_ASKED


def _initiative_then(closing: Closing, initiative_id: int, standing: Standing, days: Span) -> InitiativeThen:
    answer = closing.check_in.answer_for(initiative_id) if closing.check_in else None
    said = answer if answer and answer.health else None
    then = InitiativeThen(
        initiative_id,
        standing,
        said.health if said else None,
        is_on_time=said is not None and _is_on_time(said, closing.digest_at),
    )
    initiative = closing.initiatives.get(initiative_id)
    if initiative is None:
        return then
    numbers = tuple(metric_then(metric, initiative, days) for metric in initiative.metrics)
    return replace(then, name=initiative.name, due=initiative.due, numbers=numbers)


def _is_on_time(answer: Answer, digest_at: datetime) -> bool:
    first = answer.first_at or answer.at
    return first is None or first <= digest_at


def metric_then(metric: SuccessMetric, initiative: Initiative, days: Span) -> NumberThen:
    """A success metric as it stands on the last of these days."""
    plan = metric_plan(metric, initiative)
    return _number_then(metric.id, metric.name, metric.unit, plan, metric.readings, days)


def kpi_then(kpi: Kpi, days: Span) -> NumberThen:
    """A KPI as it stands on the last of these days, by the plan of then."""
    plan = kpi.as_of(end_of(days[1])).plan
    return _number_then(kpi.id, kpi.name, kpi.unit, plan, kpi.readings, days)


def _number_then(
    id_: int, name: str, unit: str, plan: Plan, readings: Sequence[Read], days: Span
) -> NumberThen:
    first, day = days
    last = next((one for one in reversed(readings) if one.on <= day), None)
    due_on = last.on if last is not None and last.on >= first else day
    return NumberThen(
        id_,
        name,
        unit,
        plan.baseline.value,
        plan.target.value,
        plan.due(due_on),
        judge(plan, readings, day),
        last.value if last else None,
        last.on if last else None,
    )
