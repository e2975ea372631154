"""Confidence: the chance an owner gives a target to be met by its day, and how good a team's chances were.

docs/confidence.md publishes the rule, its scale and its limits.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from statistics import mean

from domain.forecasts import forecast
from domain.initiatives import Initiative, SuccessMetric, metric_plan
from domain.pace import Pace, Plan, Read, counted, judge

CHANCES = (10, 30, 50, 70, 90)
"""Percent: a true chance between two of them is told with an error of at most 10."""
LEAST_TARGETS = 10
"""Whose day has passed: with fewer nothing is said."""
LEAST_PEOPLE = 2
"""What one person alone has said is not the team's."""


class TargetOutcome(StrEnum):
    """What became of a target by its day; the values are stored and exported."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"
    """Nobody has read it by its day."""


_OUTCOMES = {Pace.REACHED: TargetOutcome.MET, Pace.MISSED: TargetOutcome.MISSED}


@dataclass(frozen=True, slots=True)
class Confidence:
    """What was said in a check-in of one target, and what was known at that moment.

    `plan` is the target's as it was then; `line` the chance that the forecast gave it, in percent, None where it was
    silent. `percent` is None where it was taken back.
    """

    check_in_id: int
    initiative_id: int
    metric_id: int
    plan: Plan
    percent: int | None
    value: Decimal | None
    line: int | None
    person_id: str
    at: datetime
    outcome: TargetOutcome | None = None
    """None until its day has passed and a review has settled it."""


@dataclass(frozen=True, slots=True)
class BrierScore:
    """The mean squared distance of chances from what became of them: 0 is perfect, 1/4 what 50% always gets.

    `beside` and `line` are the owners' and the forecast's for the `compared` of the targets of which both spoke at one
    moment; None with too few.
    """

    targets: int
    met: int
    owners: Fraction
    compared: int
    beside: Fraction | None = None
    line: Fraction | None = None


def find_asked(initiative: Initiative, said: Confidence | None, today: date) -> SuccessMetric | None:
    """Of whose target the chance is asked: the one spoken of already, else the first that is neither met nor past its day."""
    if initiative.due <= today:
        return None
    spoken = said.metric_id if said is not None else None
    ahead = [one for one in initiative.metrics if one.id == spoken or not _is_met(one, initiative)]
    return next((one for one in ahead if one.id == spoken), ahead[0] if ahead else None)


def _is_met(metric: SuccessMetric, initiative: Initiative) -> bool:
    return metric_plan(metric, initiative).is_met(metric.baseline if metric.value is None else metric.value)


def forecast_percent(plan: Plan, readings: Sequence[Read], on: date) -> int | None:
    """The chance that the forecast gives a target on a day; None where it is silent."""
    known = forecast(plan, readings, on)
    return None if known is None else round(100 * known.chance)


def settle(
    said: Confidence, readings: Sequence[Read], today: date, *, is_completed: bool
) -> TargetOutcome | None:
    """What became of the target by the plan it was said of; None until its day has passed.

    What was completed is read no more: if it was met by then, it was.
    """
    if today <= said.plan.target.on:
        return None
    known = counted(said.plan, readings, today)
    if is_completed and known and said.plan.is_met(known[-1].value):
        return TargetOutcome.MET
    return _OUTCOMES.get(judge(said.plan, readings, today), TargetOutcome.UNKNOWN)


def brier_score(said: Iterable[Confidence]) -> BrierScore | None:
    """Of what is settled; None with too few targets, or only one person's.

    Each target counts once, however many months its owner was asked: with the mean of its months.
    """
    known = [one for one in said if one.percent is not None and one.outcome in _OUTCOMES.values()]
    targets, people = _by_target(known), {one.person_id for one in known}
    if len(targets) < LEAST_TARGETS or len(people) < LEAST_PEOPLE:
        return None
    met = sum(months[-1].outcome is TargetOutcome.MET for months in targets)
    both = _by_target(one for one in known if one.line is not None)
    is_enough = len(both) >= LEAST_TARGETS
    return BrierScore(
        len(targets),
        met,
        _score(targets, _owners),
        len(both),
        _score(both, _owners) if is_enough else None,
        _score(both, _lines) if is_enough else None,
    )


def _by_target(said: Iterable[Confidence]) -> list[list[Confidence]]:
    """A target that was moved is another one."""
    ordered = sorted(said, key=lambda one: (*_target(one), one.at))
    return [list(months) for _, months in groupby(ordered, key=_target)]


def _target(said: Confidence) -> tuple[int, date, Decimal]:
    return said.metric_id, said.plan.target.on, said.plan.target.value


def _owners(said: Confidence) -> int:
    assert said.percent is not None
    return said.percent


def _lines(said: Confidence) -> int:
    assert said.line is not None
    return said.line


def _score(targets: Sequence[Sequence[Confidence]], percent: Callable[[Confidence], int]) -> Fraction:
    return mean(
        mean((Fraction(percent(one), 100) - (one.outcome is TargetOutcome.MET)) ** 2 for one in months)
        for months in targets
    )
