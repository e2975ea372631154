"""What the digest of a made-up team says, for whoever wants to see one before there is any of their own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from domain.check_ins import Answer, CheckIn, CheckInState, Via
from domain.decisions import AskKind, Decision
from domain.digests.facts import DigestFacts, DigestMaterial
from domain.digests.gathering import digest_facts
from domain.healths import Health
from domain.initiatives import Initiative, SuccessMetric, with_readings
from domain.kpis import CHECK_IN, Cadence, Direction, Kind, Kpi, KpiReading
from domain.pace import Point
from domain.people import Person
from domain.periods import Week
from domain.schedules import DEFAULT_SCHEDULE, digest_instant
from domain.strategies import Goal, Strategy

_ANA, _JONAS, _NOOR, _PELLE = _IDS = ("UANA", "UJONAS", "UNOOR", "UPELLE")
_NAMES = ("Ana Ruiz", "Jonas Weber", "Noor Aziz", "Pelle Holm")
_SO_FAR = 6
"""Weeks gone by since it all began."""
_TO_GO = 8
ON, AT_RISK = Health.ON_TRACK, Health.AT_RISK


def example_facts(week: Week) -> DigestFacts:
    """Of a week in the middle of a quarter: a decision waits, one initiative is at risk and one without an answer."""
    told = [check_in for ago in range(_SO_FAR, -1, -1) for check_in in _check_ins(week, ago)]
    return digest_facts(
        DigestMaterial(
            strategy=_STRATEGY,
            period=week,
            at=digest_instant(DEFAULT_SCHEDULE, week, _STRATEGY.zone),
            initiatives=tuple(_initiatives(week)),
            people={id_: Person("", id_, name) for id_, name in zip(_IDS, _NAMES, strict=True)},
            current=tuple(one for one in told if one.period == week),
            earlier=tuple(one for one in told if one.period < week),
            changes=(),
            absences={},
            kpis=tuple(_kpis(week)),
            decisions=(_decision(week),),
            since=_morning(week.plus(-1).day(2)),
        )
    )


_STRATEGY = Strategy(
    id=1,
    workspace_id="",
    channel_id="",
    name="Spring appeal",
    why="Every winter coat we hand out was paid for by somebody who was asked in spring.",
    goals=(Goal(1, "Monthly givers from 310 to 420"),),
    audience="",
    difference="",
    leads=(_NOOR,),
    zone="UTC",
)


def _initiatives(week: Week) -> list[Initiative]:
    start, due = week.plus(-_SO_FAR).day(0), week.plus(_TO_GO).day(0)
    owned: list[tuple[str, str, SuccessMetric, Mapping[int, str]]] = [
        ("Appeal letters", _ANA, _metric(1, "Gifts", 0, 900), {2: "260", 1: "340", 0: "425"}),
        ("Givers invite givers", _JONAS, _metric(2, "Referred givers", 0, 56), {2: "12", 1: "14", 0: "15"}),
        ("Thank-you calls", _NOOR, _metric(3, "Givers called", 0, 300), {2: "95", 1: "118", 0: "151"}),
        ("Monthly giving page", _PELLE, _metric(4, "New givers a week", 4, 12), {2: "6", 1: "7"}),
    ]
    made = []
    for number, (name, owner, metric, read) in enumerate(owned, start=1):
        one = Initiative(number, "", 1, name, 1, owner, start, due, due, metrics=(metric,))
        points = [Point(week.plus(-ago).day(0), Decimal(value)) for ago, value in read.items()]
        made.append(with_readings(one, {metric.id: points}))
    return made


def _metric(id_: int, name: str, baseline: int, target: int) -> SuccessMetric:
    return SuccessMetric(id_, name, "", Decimal(baseline), Decimal(target))


def _check_ins(week: Week, ago: int) -> list[CheckIn]:
    """Everybody's of a week; in the last one Jonas says what is in the way, and Pelle nothing."""
    return [
        _check_in(week.plus(-ago), number, owner, _answer(number, owner, week.plus(-ago), ago))
        for number, owner in enumerate((_ANA, _JONAS, _NOOR, _PELLE), start=1)
    ]


def _check_in(week: Week, number: int, owner: str, answer: Answer) -> CheckIn:
    asked_at = _morning(week.day(0))
    id_ = week.number * 10 + number
    return CheckIn(id_, "", 1, owner, week, CheckInState.ASKED, asked_at, (answer,))


def _answer(number: int, owner: str, week: Week, ago: int) -> Answer:
    if ago == 0 and owner == _PELLE:
        return Answer(number)
    said = Answer(number, ON, by=owner, at=_morning(week.day(0)), via=Via.CLICK, revision=1)
    if ago == 0 and owner == _JONAS:
        return replace(
            said, health=AT_RISK, blocker="The printer cannot deliver the invitation cards in time"
        )
    return said


def _kpis(week: Week) -> list[Kpi]:
    return [
        _kpi(week, 1, "Monthly givers", 310, 420, {4: 322, 2: 333, 0: 352}),
        _kpi(week, 2, "Gifts of the appeal", 0, 900, {4: 130, 2: 260, 0: 425}),
        _kpi(week, 3, "Visitors who become givers", 8, 15, {4: 9, 2: 9, 0: 10}),
        replace(
            _kpi(week, 4, "Cost per new giver", 52, 38, {4: 50, 2: 48, 0: 45}),
            direction=Direction.DECREASE_TO,
            kind=Kind.CURRENCY,
            unit="£",
        ),
    ]


def _kpi(week: Week, id_: int, name: str, baseline: int, target: int, read: Mapping[int, int]) -> Kpi:
    days = {week.plus(-ago).day(0): Decimal(value) for ago, value in read.items()}
    return Kpi(
        id=id_,
        workspace_id="",
        strategy_id=1,
        goal_id=1,
        name=name,
        kind=Kind.COUNT,
        unit="",
        direction=Direction.INCREASE_TO,
        baseline=Decimal(baseline),
        baseline_on=week.plus(-_SO_FAR).day(0),
        target=Decimal(target),
        target_on=week.plus(_TO_GO).day(0),
        owner_id=_NOOR,
        cadence=Cadence.WEEKLY,
        if_short="",
        created_at=_morning(week.plus(-_SO_FAR).day(0)),
        readings=tuple(
            KpiReading(number, id_, on, value, CHECK_IN, "", _NOOR, _morning(on))
            for number, (on, value) in enumerate(days.items(), start=1)
        ),
    )


def _decision(week: Week) -> Decision:
    return Decision(
        id=1,
        workspace_id="",
        strategy_id=1,
        initiative_id=2,
        check_in_id=None,
        kind=AskKind.DECISION,
        question="May we print the cards in town, for £240 more?",
        context="",
        options=(),
        default="we invite by email alone",
        requested_by=_JONAS,
        decider_id=_NOOR,
        due=week.day(4),
        created_at=_morning(week.day(1)),
    )


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)
