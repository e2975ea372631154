"""Making a success metric and a KPI one number, and two again: both histories stay, closed weeks are untouched."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.changes import Change, ChangeKind
from domain.errors import DomainError, NotFound
from domain.initiatives import Initiative, SuccessMetric
from domain.joins import Pair, alike_pairs, differing_days, why_other_unit, why_other_way
from domain.kpis import CHECK_IN, Kpi, KpiReading
from domain.people import Person
from domain.strategies import Strategy
from services.check_ins.prompts import redraw_for_kpis
from storage import acts, changes, check_ins, initiatives, joins, kpis
from storage.database import lock


def load_pair(session: Session, strategy: Strategy, initiative: Initiative, metric_id: int, kpi: Kpi) -> Pair:
    """With the readings of both, which nobody else joins meanwhile. Raises NotFound for what is not the initiative's, DomainError for what cannot be one."""
    _hold(session, strategy, initiative)
    initiative = initiatives.get_initiative(session, strategy.workspace_id, initiative.id)
    [read] = initiatives.read_metrics(session, strategy.workspace_id, [initiative], strategy.zone)
    metric = next((one for one in read.metrics if one.id == metric_id), None)
    if metric is None:
        raise NotFound
    if metric.kpi_id == kpi.id:
        raise DomainError(f"{metric.name} of {initiative.name} is the KPI {kpi.name} already.")
    gone = initiative.status.is_closed or kpi.retired_at is not None
    problem = "One of them has been closed, so nothing was changed." if gone else None
    problem = problem or why_other_unit(metric.unit, kpi) or why_other_way(metric.is_up, kpi)
    if problem:
        raise DomainError(problem)
    return Pair(read, metric, kpi)


def settle_joins(
    session: Session,
    strategy: Strategy,
    before: Initiative | None,
    wanted: Initiative,
    by: Person,
    now: datetime,
) -> tuple[Pair, ...]:
    """What a form says of the KPIs that an initiative's metrics are; `wanted` is saved but for that.

    Returns those for which it must first be chosen which of two values of a day is right.
    """
    are = {metric.id: metric.kpi_id for metric in wanted.metrics}
    were = {metric.id: metric for metric in before.metrics} if before else {}
    for metric_id, metric in were.items():
        if are.get(metric_id) != metric.kpi_id:
            leave(session, strategy, wanted, metric, by, now)
    to_choose = []
    for metric_id, kpi_id in are.items():
        was = were.get(metric_id)
        if kpi_id is None or (was is not None and was.kpi_id == kpi_id):
            continue
        kpi = kpis.get_kpi(session, strategy.workspace_id, kpi_id)
        pair = load_pair(session, strategy, wanted, metric_id, kpi)
        if differing_days(pair.metric, pair.kpi):
            to_choose.append(pair)
        else:
            join(session, strategy, pair, {}, by, now)
    return tuple(to_choose)


def join(
    session: Session,
    strategy: Strategy,
    pair: Pair,
    chosen: Mapping[date, Decimal],
    by: Person,
    now: datetime,
) -> None:
    """One number from now on; `chosen` are the days on which the metric's value is right, not the KPI's."""
    workspace_id, metric, kpi = strategy.workspace_id, pair.metric, pair.kpi
    differing = {ours.on for ours, _ in differing_days(metric, kpi)} - set(chosen)
    given = joins.list_givers(session, workspace_id, metric.id, strategy.zone)
    brought = [
        KpiReading(0, kpi.id, point.on, point.value, CHECK_IN, "", person_id, now, check_in_id, metric.id)
        for point in metric.readings
        if point.on not in differing
        for person_id, check_in_id in [given.get(point.on, (None, None))]
    ]
    if metric.kpi_id is not None:
        leave(session, strategy, pair.initiative, metric, by, now)
    kpis.add_readings(session, workspace_id, brought)
    joins.set_kpi(session, workspace_id, metric.id, kpi.id)
    _record(session, strategy, ChangeKind.JOINED, pair, by, now)
    redraw_for_kpis(session, strategy, [kpi.id], now)


def part_all(
    session: Session,
    strategy: Strategy,
    listed: Iterable[Initiative],
    by: Person,
    now: datetime,
    kpi_id: int = 0,
) -> None:
    """When an initiative is closed or a KPI (then `kpi_id`) is retired: its numbers go on without the other, untold."""
    for initiative in listed:
        parted = [m for m in initiative.metrics if m.kpi_id is not None and kpi_id in (0, m.kpi_id)]
        if parted:
            _hold(session, strategy, initiative)
        for metric in parted:
            assert metric.join is not None
            joins.leave_kpi(session, strategy.workspace_id, metric.id, metric.join, by.id, now)


def leave(
    session: Session,
    strategy: Strategy,
    initiative: Initiative,
    metric: SuccessMetric,
    by: Person,
    now: datetime,
) -> None:
    """Two numbers from now on: the metric keeps all that is known of it, the KPI what did not come with the metric."""
    if metric.join is None or metric.kpi_id is None:
        return
    _hold(session, strategy, initiative)
    joins.leave_kpi(session, strategy.workspace_id, metric.id, metric.join, by.id, now)
    kpi = kpis.get_kpi(session, strategy.workspace_id, metric.kpi_id)
    _record(session, strategy, ChangeKind.PARTED, Pair(initiative, metric, kpi), by, now)
    redraw_for_kpis(session, strategy, [metric.kpi_id], now)


def _hold(session: Session, strategy: Strategy, initiative: Initiative) -> None:
    """Nobody else joins, and its owner answers before this or after it: every number goes where it then belongs."""
    lock(session, strategy.workspace_id, strategy.id)
    check_ins.hold_unclosed(session, strategy.workspace_id, strategy.id, [initiative.owner_id])


def list_alike(
    session: Session, strategy: Strategy, listing: Iterable[Initiative], watched: Iterable[Kpi]
) -> tuple[Pair, ...]:
    """What is offered to the leads: metrics and KPIs of like names that nobody has said are not the same."""
    listed, kept = list(listing), list(watched)
    found = alike_pairs(listed, kept, {})
    if not found:
        return ()
    refused = joins.list_refused(session, strategy.workspace_id, [pair.metric.id for pair in found])
    return alike_pairs(listed, kept, refused)


def refuse(session: Session, strategy: Strategy, pair: Pair, by: Person, now: datetime) -> None:
    """They are not the same, and nobody is asked again."""
    joins.refuse_kpi(session, strategy.workspace_id, pair.metric.id, pair.kpi.id)
    name = f"{pair.metric.name} of {pair.initiative.name} and the KPI {pair.kpi.name}"
    act = Act(ActKind.KEPT_APART, by.id, now, name, thing_id=pair.kpi.id)
    acts.add_act(session, strategy.workspace_id, strategy.id, act)


def _record(
    session: Session, strategy: Strategy, kind: ChangeKind, pair: Pair, by: Person, now: datetime
) -> None:
    words = f"{pair.metric.name} of {pair.initiative.name} and the KPI {pair.kpi.name}"
    change = Change(kind, None, "", words, by.id, now)
    changes.record_change(session, strategy.workspace_id, strategy.id, change)
