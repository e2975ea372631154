"""One number that is a KPI of the strategy and a success metric of an initiative: its readings are the KPI's.

Each keeps its own baseline, target and dates, so that each has its own pace.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from domain.check_ins import Answer
from domain.drafts import Draft, DraftInitiative, DraftKpi, DraftMetric
from domain.initiatives import Initiative, SuccessMetric, kpi_ids_of, with_readings
from domain.kpis import Direction, Kpi
from domain.pace import Point
from domain.reading.amounts import is_another_unit
from domain.reading.metric_names import stems
from domain.reading.text import listed
from domain.strategies import Goal, Strategy

_SMALL = listed("a an and by for from in of on per the to with number total count")


@dataclass(frozen=True, slots=True)
class Pair:
    """A success metric and the KPI that it may be."""

    initiative: Initiative
    metric: SuccessMetric
    kpi: Kpi


class WatchedNumber(Protocol):
    """A KPI, or what a draft says of one: its direction may be unknown yet."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def direction(self) -> Direction | None: ...


def why_other_unit(unit: str, kpi: WatchedNumber) -> str | None:
    """The sentence for a metric in another unit than the KPI's, or None: a word for what is counted may differ."""
    if not is_another_unit(unit, kpi.unit):
        return None
    kept = kpi.unit or "plain numbers"
    return (
        f"The KPI {kpi.name} is kept in {kept}. One number has one unit: use {kept} here, or keep them apart."
    )


def why_other_way(is_up: bool, kpi: WatchedNumber) -> str | None:
    """The sentence for a metric that is to go the other way than the KPI, or None."""
    if kpi.direction is None or is_up == kpi.direction.is_up:
        return None
    wanted, other = ("rise", "fall") if kpi.direction.is_up else ("fall", "rise")
    return f"The KPI {kpi.name} is to {wanted}, and with this target it is to {other}. Correct it, or keep them apart."


def is_alike(one: str, other: str) -> bool:
    """Whether two names may be of one number: all words that matter of the shorter are in the longer."""
    return _are_alike(_counted(one), _counted(other))


def _counted(name: str) -> frozenset[str]:
    return frozenset(stems(name)) - _SMALL


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and (one <= other or other <= one)


def _fits(unit: str, is_up: bool, kpi: WatchedNumber) -> bool:
    return why_other_unit(unit, kpi) is None and why_other_way(is_up, kpi) is None


def alike_in(draft: Draft, kpis: Iterable[Kpi]) -> dict[tuple[int, int], tuple[str, ...]]:
    """The names of KPIs, of the draft and of the strategy, that its metrics may be, by (line, position from 1)."""
    drafted = [line.item for line in draft.lines if isinstance(line.item, DraftKpi)]
    watched: list[WatchedNumber] = [*drafted, *kpis]
    known = [(kpi, _counted(kpi.name)) for kpi in watched]
    return {
        (line.number, position): names
        for line in draft.lines
        if isinstance(line.item, DraftInitiative)
        for position, metric in enumerate(line.item.metrics, start=1)
        if (names := _alike(metric, known))
    }


def _alike(metric: DraftMetric, known: Sequence[tuple[WatchedNumber, frozenset[str]]]) -> tuple[str, ...]:
    """By its own name, or that of the KPI which was chosen for it."""
    if metric.baseline is None or metric.target is None:
        return ()
    is_up = metric.target > metric.baseline
    own = [_counted(name) for name in (metric.name, metric.kpi) if name]
    names = [
        kpi.name
        for kpi, words in known
        if any(_are_alike(one, words) for one in own) and _fits(metric.unit, is_up, kpi)
    ]
    return tuple(dict.fromkeys(names))


def suggested_kpi(
    metric: DraftMetric, place: tuple[int, int], alike: Mapping[tuple[int, int], tuple[str, ...]]
) -> str:
    """The KPI that a metric is until somebody says otherwise: the only one like it, which no other metric is like."""
    names = alike[place]
    if metric.kpi is not None:
        return metric.kpi if metric.kpi in names else ""
    is_only = len(names) == 1 and sum(names[0] in others for others in alike.values()) == 1
    return names[0] if is_only else ""


def alike_pairs(
    initiatives: Iterable[Initiative], kpis: Sequence[Kpi], refused: Mapping[int, Collection[int]]
) -> tuple[Pair, ...]:
    """Metrics of open initiatives and KPIs of like names that could be one number and are not.

    `refused` are those that a lead said are not the same, KPIs by metric.
    """
    return tuple(
        Pair(initiative, metric, kpi)
        for initiative in initiatives
        if not initiative.status.is_closed
        for metric in initiative.metrics
        if metric.kpi_id is None
        for kpi in kpis
        if is_alike(metric.name, kpi.name)
        and _fits(metric.unit, metric.is_up, kpi)
        and kpi.id not in refused.get(metric.id, ())
        and kpi.id not in {one.kpi_id for one in initiative.metrics}
    )


def kpis_for_goal(goal: Goal, strategy: Strategy, kpis: Iterable[Kpi]) -> tuple[Kpi, ...]:
    """Those that the goal's words name and that are for no goal any more."""
    goals = {one.id for one in strategy.goals}
    return tuple(kpi for kpi in kpis if kpi.goal_id not in goals and is_alike(goal.text, kpi.name))


def differing_days(metric: SuccessMetric, kpi: Kpi) -> tuple[tuple[Point, Point], ...]:
    """The days on which both were read and say something else: the KPI's value, and the metric's."""
    own = {point.on: point for point in metric.readings}
    return tuple(
        (Point(reading.on, reading.value), own[reading.on])
        for reading in kpi.readings
        if reading.on in own and own[reading.on].value != reading.value
    )


def standing_readings(answer: Answer, initiative: Initiative, since: date) -> tuple[tuple[int, Decimal], ...]:
    """What a check-in shows as reported, (metric id, value): of a KPI what stands since a day, however it came."""
    shown = dict(answer.readings)
    for metric in initiative.metrics:
        if metric.kpi_id is None or (metric.value is not None and not metric.readings):
            continue
        shown.pop(metric.id, None)
        if metric.readings and metric.readings[-1].on >= since:
            shown[metric.id] = metric.readings[-1].value
    return tuple(shown.items())


def as_it_stands(answer: Answer, reported: Iterable[tuple[int, Decimal]], initiative: Initiative) -> Answer:
    """Without readings of KPIs that were corrected or taken back since, elsewhere: `reported` are those that stand."""
    known = dict(reported)
    joined = {metric.id for metric in initiative.metrics if metric.kpi_id is not None}
    kept = tuple(
        (id_, value) for id_, value in answer.readings if id_ not in joined or known.get(id_) == value
    )
    return answer if kept == answer.readings else replace(answer, readings=kept)


def with_kpis(initiatives: Iterable[Initiative], kpis: Iterable[Kpi]) -> tuple[Initiative, ...]:
    """With the readings that the KPIs have, where a metric is one of them; the others keep theirs."""
    read = {kpi.id: tuple(Point(one.on, one.value) for one in kpi.readings) for kpi in kpis}

    def known(metric: SuccessMetric) -> tuple[Point, ...]:
        return metric.readings if metric.kpi_id is None else read.get(metric.kpi_id, metric.readings)

    return tuple(
        with_readings(one, {metric.id: known(metric) for metric in one.metrics}) if kpi_ids_of([one]) else one
        for one in initiatives
    )
