"""How a number does on its way, in words: of a KPI and of a success metric alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.initiatives import Initiative, SuccessMetric, metric_plan
from domain.pace import Pace, Plan, Read, counted, held, judge
from domain.words import dated

Amount = Callable[[Decimal], str]
"""Writes a value with its unit, escaped."""


@dataclass(frozen=True, slots=True)
class PaceWords:
    """`value` is as in "316 (30 Nov)", or "314, should be 350 (30 Nov)" where it is behind or well below its plan.

    It is "" where `verdict` says the number itself, as in "outdated (last 311, 23 Nov)" or "missed: 311 of 420".
    """

    pace: Pace
    value: str
    verdict: str
    should: str = ""


def metric_pace_words(metric: SuccessMetric, initiative: Initiative, on: date, amount: Amount) -> PaceWords:
    """Of a metric that is a KPI, too, what should be says whose plan it is: the KPI has another."""
    whose = "" if metric.kpi_id is None else " for the initiative"
    return pace_words(metric_plan(metric, initiative), metric.readings, on, amount, whose)


def pace_words(plan: Plan, readings: Sequence[Read], on: date, amount: Amount, whose: str = "") -> PaceWords:
    """`whose` follows what should be, where another plan has the same number."""
    pace, known = judge(plan, readings, on), counted(plan, readings, on)
    if not known:
        return _unread(pace, plan, on, amount)
    last = known[-1]
    value = f"{amount(last.value)} ({dated(last.on, on)})"
    match pace:
        case Pace.OUTDATED | Pace.NOT_READ:
            return PaceWords(pace, "", f"{pace} (last {amount(last.value)}, {dated(last.on, on)})")
        case Pace.MISSED:
            of = f"limit {amount(plan.target.value)}" if plan.is_limit else f"of {amount(plan.target.value)}"
            return PaceWords(pace, "", f"missed: {amount(last.value)}{',' if plan.is_limit else ''} {of}")
    if pace is Pace.REACHED and on > plan.target.on:
        newest = [read for read in readings if read.on <= on][-1]
        value = f"{amount(newest.value)} ({dated(newest.on, on)})"
        return PaceWords(pace, value, "held to its day ✓" if plan.is_limit else "reached by its day ✓")
    if plan.is_limit:
        return PaceWords(pace, value, _limit_words(pace, plan, known))
    if pace is Pace.REACHED:
        return PaceWords(pace, value, "reached ✓")
    due = guide(plan.due(last.on))
    if pace is Pace.BEHIND or (plan.is_well_short(last) and due != last.value):
        should = f"{amount(due)}{whose}"
        both = f"{amount(last.value)}, should be {should} ({dated(last.on, on)})"
        return PaceWords(pace, both, pace.value, should)
    return PaceWords(pace, value, f"{pace} (plan {amount(due)})")


def _unread(pace: Pace, plan: Plan, on: date, amount: Amount) -> PaceWords:
    """Before the first reading there is the baseline, called so."""
    value = f"baseline {amount(plan.baseline.value)} ({dated(plan.baseline.on, on)})"
    return PaceWords(pace, value, "outdated (no number yet)" if pace is Pace.OUTDATED else pace.value)


_LIMIT = {Pace.ON_PACE: "holds", Pace.BEHIND: "outside its limit"}


def _limit_words(pace: Pace, plan: Plan, known: Sequence[Read]) -> str:
    count, of = held(plan, known)
    if of < 2:
        return _LIMIT[pace]
    past = f"{count} of its last {of} readings"
    return f"{_LIMIT[pace]} ({past})" if pace is not Pace.BEHIND else f"{_LIMIT[pace]} (held in {past})"


def metric_target(metric: SuccessMetric, amount: Amount) -> str:
    """As in "5,000 instead of 6,000": a target that moved never passes for the one first promised, nor that for a value."""
    was = "" if metric.first_target is None else f" instead of {amount(metric.first_target)}"
    return f"{amount(metric.target)}{was}"


def guide(value: Decimal) -> Decimal:
    """A value of a plan, to three digits but never less than whole: it is a guide, not a measurement."""
    return round(value, max(2 - value.adjusted(), 0))
