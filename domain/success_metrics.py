"""What becomes of success metrics when an initiative is edited: a target that moved is told, and reaching it is no win."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from domain.changes import ChangeKind, Edit
from domain.initiatives import Initiative, SuccessMetric
from domain.reading.amounts import is_another_unit
from domain.words import show_number


def is_won(metric: SuccessMetric, value: Decimal) -> bool:
    """Whether a value meets the target, and would have met the one first promised."""
    first = metric.target if metric.first_target is None else metric.first_target
    if metric.is_up:
        return value >= max(metric.target, first)
    return value <= min(metric.target, first)


def with_history(
    metrics: Iterable[SuccessMetric], before: Iterable[SuccessMetric]
) -> tuple[SuccessMetric, ...]:
    """Edited metrics with the target each was first promised; what is measured in another unit is another metric."""
    were = {metric.id: metric for metric in before}
    return tuple(_with_history(metric, were.get(metric.id)) for metric in metrics)


def metric_edits(before: Initiative, after: Initiative) -> list[Edit]:
    """What changed of an initiative's metrics: all of it moves the goalposts."""
    were, are = ({metric.id: metric for metric in one.metrics} for one in (before, after))
    edits = [
        Edit(ChangeKind.METRIC, _words(before, was), _words(after, are[id_]) if id_ in are else "")
        for id_, was in were.items()
        if id_ not in are or _words(before, was) != _words(before, are[id_])
    ]
    new = (metric for id_, metric in are.items() if id_ not in were)
    return edits + [Edit(ChangeKind.METRIC, "", _words(after, metric)) for metric in new]


def _with_history(metric: SuccessMetric, before: SuccessMetric | None) -> SuccessMetric:
    if before is None or is_another_unit(before.unit, metric.unit):
        return replace(metric, id=0)
    first = before.target if before.first_target is None else before.first_target
    return replace(metric, first_target=None if first == metric.target else first)


def _words(initiative: Initiative, metric: SuccessMetric) -> str:
    start, target = (show_number(value, metric.unit) for value in (metric.baseline, metric.target))
    return f"{initiative.name}, {metric.name} from {start} to {target}"
