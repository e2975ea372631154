"""Reading the initiative form: a sentence at each field that needs something."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from domain.days import why_too_far
from domain.initiatives import MAX_METRICS, Initiative, Join, SuccessMetric
from domain.joins import why_other_unit, why_other_way
from domain.kpis import Kpi
from domain.reading.names import is_same_name
from domain.reading.numbers import read_number
from domain.words import MAX_NAME, dated, full_day, show_number
from views.changes import read_reason
from views.initiatives.charters import read_charter
from views.initiatives.forms import (
    DUE,
    GOAL,
    NAME,
    OWN_NUMBER,
    OWNER,
    START,
    STRATEGY,
    InitiativeForm,
    InitiativeRef,
    metric_field,
)
from views.slack.fields import MAX_NUMBER, MAX_UNIT, FormReader, State, choice_of, day_of, person_of
from views.slack.references import read_id

METRIC_GONE = "This metric has been removed. Close the form and open it again."


def read_initiative_form(
    state: State, ref: InitiativeRef, today: date, before: Initiative | None, watched: Sequence[Kpi] = ()
) -> InitiativeForm:
    """`before` is what is edited, as it stands; `watched` are the KPIs that a metric may be.

    Raises FieldErrors with a sentence at each field that needs something.
    """
    reader = FormReader(state)
    name = reader.words(NAME, MAX_NAME, missing="Give it a name, such as Newsletter relaunch.")
    goal = choice_of(state, GOAL)
    owner = person_of(state, OWNER)
    if goal is None:
        reader.refuse(GOAL, "Choose the goal it serves.")
    if owner is None:
        reader.refuse(OWNER, "Choose the one person who owns it.")
    start, due = _read_days(reader, before, today)
    metrics = _read_metrics(reader, _kept_metrics(reader, ref, before), before, watched)
    charter = read_charter(reader)
    reason = read_reason(reader) if before else ""
    reader.finish()
    return InitiativeForm(
        name=name,
        goal_id=read_id(goal) if goal else 0,
        owner_id=owner or "",
        start=start,
        due=due,
        metrics=metrics,
        charter=charter,
        reason=reason,
    )


def _read_days(reader: FormReader, before: Initiative | None, today: date) -> tuple[date, date]:
    start, due = day_of(reader.state, START), day_of(reader.state, DUE)
    if start is None:
        reader.refuse(START, "Choose the day it starts.")
    if due is None:
        reader.refuse(DUE, "Choose the day it is due.")
    elif start is not None and due < start:
        reader.refuse(DUE, f"This is before the start on {dated(start, today)}. Choose a later day.")
    elif due < today and (before is None or due != before.due):
        reader.refuse(DUE, f"{full_day(due)} has passed. Choose today or a later day.")
    elif (before is None or due != before.due) and (problem := why_too_far(due, today)):
        reader.refuse(DUE, problem)
    return start or today, due or today


def _kept_metrics(reader: FormReader, ref: InitiativeRef, before: Initiative | None) -> tuple[int, ...]:
    """The ids of the metrics that the form was filled in with; those that are not its any more are refused."""
    known = {metric.id for metric in before.metrics} if before else set()
    for number, metric_id in enumerate(ref.metric_ids[:MAX_METRICS], start=1):
        if metric_id not in known:
            reader.refuse(metric_field(number, "name"), METRIC_GONE)
        known.discard(metric_id)
    return ref.metric_ids


def _read_metrics(
    reader: FormReader, ids: Sequence[int], before: Initiative | None, watched: Sequence[Kpi]
) -> tuple[SuccessMetric, ...]:
    metrics: list[SuccessMetric] = []
    joins = {metric.id: metric.kpi_id for metric in before.metrics} if before else {}
    for number in range(1, MAX_METRICS + 1):
        metric_id = ids[number - 1] if number <= len(ids) else 0
        kpi = _read_kpi(reader, number, joins.get(metric_id), watched)
        metric = _read_metric(reader, number, metric_id, kpi)
        if metric is None:
            continue
        if any(is_same_name(metric.name, one.name) for one in metrics):
            reader.refuse(
                metric_field(number, "name"), "Another metric has this name. Give this one its own."
            )
        if kpi and any(kpi.id == one.kpi_id for one in metrics):
            reader.refuse(metric_field(number, "kpi"), "Another metric is this KPI already.")
        metrics.append(metric)
    return tuple(metrics)


def _read_kpi(reader: FormReader, number: int, standing: int | None, watched: Sequence[Kpi]) -> Kpi | None:
    """The KPI that a metric is; what it is stays where the form did not ask."""
    by_id = {str(kpi.id): kpi for kpi in watched}
    chosen = reader.choice(metric_field(number, "kpi"), {OWN_NUMBER, *by_id})
    return by_id.get(str(standing) if chosen is None else chosen)


def _read_metric(reader: FormReader, number: int, metric_id: int, kpi: Kpi | None) -> SuccessMetric | None:
    """None for an optional row that is empty; of a KPI the name and the unit need not be typed again."""

    def field(part: str) -> str:
        return metric_field(number, part)

    name = reader.words(field("name"), MAX_NAME) or (kpi.name if kpi else "")
    unit = reader.words(field("unit"), MAX_UNIT) or (kpi.unit if kpi else "")
    typed = {part: reader.words(field(part), MAX_NUMBER) for part in ("baseline", "target")}
    if not any((name, unit, *typed.values())) and number > 1:
        return None
    rest = "." if number == 1 else ", or empty the whole metric."
    if not name:
        reader.refuse(field("name"), f"Name what is counted{rest}")
    numbers = {}
    for part, text in typed.items():
        if not text:
            reader.refuse(field(part), f"Give a number{rest}")
        numbers[part] = reader.attempt(field(part), partial(read_number, text, unit), Decimal(0))
    is_read = not any(field(part) in reader.problems for part in typed)
    if is_read and numbers["baseline"] == numbers["target"]:
        same = show_number(numbers["target"], unit)
        reader.refuse(
            field("target"), f"The target is the same as where it stands now ({same}). What should it become?"
        )
    join = Join(kpi.id) if kpi else None
    metric = SuccessMetric(metric_id, name, unit, numbers["baseline"], numbers["target"], join=join)
    if kpi and (problem := why_other_unit(unit, kpi)):
        reader.refuse(field("unit"), problem)
    elif kpi and is_read and (problem := why_other_way(metric.is_up, kpi)):
        reader.refuse(field("target"), problem)
    return metric


def read_strategy_choice(state: State) -> int:
    """Raises FieldErrors and NotFound."""
    reader = FormReader(state)
    chosen = choice_of(state, STRATEGY)
    if chosen is None:
        reader.refuse(STRATEGY, "Choose a strategy.")
    reader.finish()
    return read_id(chosen or "")
