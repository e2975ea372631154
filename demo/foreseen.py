"""What was foreseen and what came back, read from the bot's own database, and every figure of it reckoned again."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from sqlalchemy.orm import Session

from demo import expected, plan
from demo.outcome import WEEKS, read_from
from domain.bets import Bet
from domain.confidence import Confidence
from domain.forecasts import LEAST_READINGS, distribution, quantile
from domain.initiatives import Initiative
from domain.kpis import Kpi
from domain.pace import Point, Read
from domain.periods import Week
from domain.signals import Signal, find_signals
from domain.signs import Course, SignKind
from domain.words import show_number
from storage import bets, check_ins, confidence, initiatives, kpis, signals, signs, strategies

_SAID = re.compile(r"If it goes on as it did: (\S+) by .*? \((\S+) to (\S+), (?:at least )?8 in 10\)")
_TENTH_WEEK = WEEKS[9]


@dataclass(frozen=True, slots=True)
class Foreseen:
    kpis: Mapping[str, Kpi]
    initiatives: Mapping[str, Initiative]
    """Closed ones too, with the readings of their metrics."""
    signals: tuple[Signal, ...]
    bets: tuple[Bet, ...]
    courses: tuple[Course, ...]
    confidence: Mapping[Week, Confidence]
    """What Ben said, by week."""


def read_foreseen(database: Path, workspace_id: str) -> Foreseen:
    return read_from(database, _read, workspace_id)


def _read(session: Session, workspace_id: str) -> Foreseen:
    [strategy] = strategies.list_strategies(session, workspace_id)
    where = (workspace_id, strategy.id)
    listed = initiatives.list_initiatives(session, *where, include_closed=True)
    read = initiatives.read_metrics(session, workspace_id, listed, strategy.zone)
    asked = check_ins.list_since(session, *where, WEEKS[0])
    said = {one.period: confidence.list_said(session, workspace_id, one.id) for one in asked}
    return Foreseen(
        {kpi.name: kpi for kpi in kpis.list_kpis(session, *where)},
        {one.name: one for one in read},
        tuple(signals.list_since(session, *where, datetime.combine(plan.SET_UP_DAY, time(), UTC))),
        tuple(bets.list_bets(session, *where)),
        signs.list_courses(session, workspace_id, strategy.channel_id),
        {week: found for week, of in said.items() for found in of.values()},
    )


def list_misreckoned(foreseen: Foreseen, previews: Sequence[str], canvas: str, report: str) -> Iterator[str]:
    """A sentence for whatever was not shown as it is reckoned here."""
    yield from _wrong_forecasts(foreseen, previews)
    yield from _wrong_signals(foreseen)
    yield from _wrong_signs(foreseen, previews)
    yield from _wrong_bets(foreseen)
    yield from _wrong_chances(foreseen)
    yield from _left_out(foreseen, canvas, report)


@dataclass(frozen=True, slots=True)
class _Reckoned:
    """By the formula of docs/forecast.md, of a straight plan."""

    value: float
    half: float
    chance: float


def _reckon(first: Point, target: Point, readings: Sequence[Read], by: date) -> _Reckoned:
    days, whole = (target.on - first.on).days, float(target.value - first.value)

    def due(on: date) -> float:
        return (on - first.on).days / days

    points = [(first.on, 0.0)]
    points += [(one.on, float(one.value - first.value) / whole) for one in readings if one.on > first.on]
    last, made = points[-1]
    ratio = made / due(last)
    squares = [
        (later - sooner - ratio * (due(then) - due(before))) ** 2 / ((then - before).days / 7)
        for (before, sooner), (then, later) in pairwise(points)
    ]
    spread = math.sqrt(sum(squares) / (len(squares) - 1))
    behind, ahead = (last - first.on).days / 7, (by - last).days / 7
    error = spread * math.sqrt(ahead + behind * ((due(by) - due(last)) / due(last)) ** 2)
    share = made + ratio * (due(by) - due(last))
    freedom = len(squares) - 1
    return _Reckoned(
        float(first.value) + whole * share,
        abs(whole) * quantile(0.9, freedom) * error,
        distribution((share - 1) / error, freedom),
    )


def _of_kpi(kpi: Kpi, until: Week, by: date | None = None) -> _Reckoned:
    known = [one for one in kpi.readings if Week.of(one.on) <= until]
    start, target = Point(kpi.baseline_on, kpi.baseline), Point(kpi.target_on, kpi.target)
    return _reckon(start, target, known, by or kpi.target_on)


def _wrong_forecasts(foreseen: Foreseen, previews: Sequence[str]) -> Iterator[str]:
    for name in expected.FORECAST:
        shown = next((text for text in previews if "of at most 6 KPIs" in text), "")
        found = _SAID.search(shown[shown.find(name) :])
        reckoned = _of_kpi(foreseen.kpis[name], _TENTH_WEEK)
        ends = (reckoned.value, reckoned.value - reckoned.half, reckoned.value + reckoned.half)
        if found is None:
            yield f"The forecast of {name} was not shown."
        elif any(abs(_number(said) - end) > 0.51 for said, end in zip(found.groups(), ends, strict=True)):
            yield f"The forecast of {name} should be {ends} and is {found[0]}."


def _number(said: str) -> float:
    return float(re.sub(r"[^\d.]", "", said))


def _wrong_signals(foreseen: Foreseen) -> Iterator[str]:
    kpi = foreseen.kpis[plan.SUBSCRIBERS_KPI]
    reckoned = find_signals(kpi.plan, kpi.readings, WEEKS[11].day(6))
    if [one.unlike for one in foreseen.signals] != reckoned[-1:]:
        yield f"The signals should be {reckoned[-1:]} and are {[one.unlike for one in foreseen.signals]}."
    for one in foreseen.signals:
        words = one.said.words if one.said else ""
        if (show_number(one.unlike.value), words) != (expected.SURPRISE, expected.HAPPENED):
            yield f"What happened at {one.unlike.value} should be {expected.HAPPENED} and is {words}."


def _wrong_signs(foreseen: Foreseen, previews: Sequence[str]) -> Iterator[str]:
    one = foreseen.initiatives[plan.RESULTS_PAGE]
    shown = {
        course.showing.period: course.showing
        for course in foreseen.courses
        if course.showing.initiative_id == one.id
    }
    wanted = {SignKind.CARRIED: expected.CARRIED_WEEKS, SignKind.MOVED: one.due_moves, SignKind.GREEN: 1}
    for week, is_for_leads in ((WEEKS[8], False), (_TENTH_WEEK, True)):
        kept = shown.get(week)
        if kept is None or (kept.signs, kept.is_for_leads) != (wanted, is_for_leads):
            yield f"The signs of {one.name} in {week} are not as planned: {kept}."
    if not any(expected.SIGNS in text for text in previews):
        yield f"Its leads did not see the signs of {one.name}."


def _wrong_bets(foreseen: Foreseen) -> Iterator[str]:
    kpi = foreseen.kpis[str(expected.BET["What should it move?"])]
    for bet in foreseen.bets:
        then, found = bet.then.number, bet.found.number if bet.found else None
        reckoned = _of_kpi(kpi, WEEKS[8], bet.look_on)
        values = tuple(one.value for one in kpi.readings if Week.of(one.on) in (WEEKS[8], WEEKS[12]))
        if then is None or found is None or (then.value, found.value) != values:
            yield f"The bet should go from {values[0]} to {values[1]}."
        elif then.forecast is None or abs(float(then.forecast.value) - reckoned.value) > 0.01:
            yield f"The bet's forecast should be {reckoned.value}."
        elif abs(float(then.forecast.high) - reckoned.value - reckoned.half) > 0.01:
            yield f"The bet's range should be {reckoned.half} to both sides."
        if bet.came_true is not True or [look.learning for look in bet.answers] != [expected.BET_LEARNING]:
            yield "What the bet taught was not kept."
    if len(foreseen.bets) != 1:
        yield f"There should be one bet, not {len(foreseen.bets)}."


def _wrong_chances(foreseen: Foreseen) -> Iterator[str]:
    [metric] = foreseen.initiatives[plan.REFERRALS].metrics
    said = {str(week): one for week, one in foreseen.confidence.items()}
    if {week: one.percent for week, one in said.items()} != expected.CHANCES:
        yield f"The chances should be {expected.CHANCES} and are {said}."
    for week, one in said.items():
        start, target = one.plan.baseline, one.plan.target
        known = [read for read in metric.readings if start.on < read.on <= Week.parse(week).day(6)]
        is_known = len(known) >= LEAST_READINGS
        chance = round(100 * _reckon(start, target, known, target.on).chance) if is_known else None
        if one.line != chance:
            yield f"The forecast's chance in {week} should be {chance} and is {one.line}."


def _left_out(foreseen: Foreseen, canvas: str, report: str) -> Iterator[str]:
    for kpi in foreseen.kpis.values():
        for where, page, until in (("canvas", canvas, WEEKS[-1]), ("report", report, WEEKS[9])):
            known = [one.value for one in kpi.readings if Week.of(one.on) <= until]
            if show_number(known[-1] if known else Decimal(0)) not in page.replace(kpi.unit, ""):
                yield f"The {where} lacks the last number of {kpi.name}."
    for one in foreseen.initiatives.values():
        if not one.status.is_closed and one.name not in canvas:
            yield f"The canvas lacks {one.name}."
