"""Success metrics that are KPIs: which, since when no more, and the readings that are the metric's because of it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.initiatives import Initiative, Join, SuccessMetric
from domain.pace import Point
from domain.periods import Week
from domain.schedules import local_day
from storage.database import lock
from storage.ids import new_id
from storage.models import (
    CheckInRow,
    InitiativeRow,
    KpiReadingRow,
    KpiRow,
    MetricRow,
    PersonRow,
    ReadingRow,
)
from storage.statements import is_of, points_at, table

_metrics = table(MetricRow)
_initiatives = table(InitiativeRow)
_kpis = table(KpiRow)
_readings = table(KpiReadingRow)
_check_ins = table(CheckInRow)

# Built once: building a statement costs several times what running it does.
_READ = (
    select(
        _kpis.c.strategy_id,
        _readings.c.kpi_id,
        _readings.c.metric_id,
        _readings.c.on,
        _readings.c.value,
        _readings.c.id,
        _readings.c.withdrawn_at,
        _check_ins.c.period,
    )
    .select_from(
        _readings.join(_kpis, points_at(_readings, "kpi_id", _kpis)).outerjoin(
            _check_ins, points_at(_readings, "check_in_id", _check_ins)
        )
    )
    .where(
        _readings.c.workspace_id == bindparam("workspace_id"),
        _readings.c.kpi_id.in_(bindparam("kpi_ids", expanding=True)),
    )
    .order_by(_readings.c.on, _readings.c.id)
)
_JOINED = (
    select(_initiatives.c.owner_id)
    .join_from(_metrics, _initiatives, points_at(_metrics, "initiative_id", _initiatives))
    .where(
        _metrics.c.workspace_id == bindparam("workspace_id"),
        _metrics.c.kpi_id.in_(bindparam("kpi_ids", expanding=True)),
        _metrics.c.kpi_left.is_(None),
    )
    .distinct()
)
_own = table(ReadingRow)
_people = table(PersonRow)
_GIVEN = (
    select(_own.c.at, _own.c.person_id, _own.c.check_in_id, _people.c.zone)
    .select_from(
        _own.join(_check_ins, points_at(_own, "check_in_id", _check_ins)).outerjoin(
            _people, points_at(_check_ins, "person_id", _people, "person_id")
        )
    )
    .where(
        _own.c.workspace_id == bindparam("workspace_id"),
        _own.c.metric_id == bindparam("metric_id"),
        _own.c.withdrawn_at.is_(None),
    )
    .order_by(_own.c.at, _own.c.id)
)
_newest = _readings.alias("newest")
_RENEW = (
    update(_metrics)
    .where(
        _metrics.c.workspace_id == bindparam("of_workspace"),
        _metrics.c.kpi_id.in_(bindparam("kpi_ids", expanding=True)),
        _metrics.c.kpi_left.is_(None),
    )
    .values(
        value=select(_newest.c.value)
        .where(
            _newest.c.workspace_id == _metrics.c.workspace_id,
            _newest.c.kpi_id == _metrics.c.kpi_id,
            _newest.c.withdrawn_at.is_(None),
        )
        .order_by(_newest.c.on.desc(), _newest.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
)


def read_join(row: Any) -> Join | None:
    """Of a row that has a metric's columns."""
    return None if row.metric_kpi_id is None else Join(row.metric_kpi_id, row.metric_kpi_left)


def read_points(
    session: Session, workspace_id: str, listed: Iterable[Initiative], until: Week | None
) -> dict[int, list[Point]]:
    """By metric, what KPIs gave those of these initiatives that are or were one with them, in the order of days.

    `until` leaves out what belongs to a later period. Asks the database for nothing where no metric is a KPI.
    """
    joined = [(one.strategy_id, m, m.join) for one in listed for m in one.metrics if m.join is not None]
    if not joined:
        return {}
    ids = sorted({join.kpi_id for _, _, join in joined})
    rows = session.execute(_READ, {"workspace_id": workspace_id, "kpi_ids": ids}).all()
    told = [row for row in rows if until is None or _week(row) <= until]
    return {
        metric.id: [
            Point(row.on, Decimal(row.value))
            for row in told
            if (row.strategy_id, row.kpi_id) == (strategy_id, join.kpi_id) and _stands(row, metric, join)
        ]
        for strategy_id, metric, join in joined
    }


def _week(row: Any) -> Week:
    return Week.parse(row.period) if row.period else Week.of(row.on)


def _stands(row: Any, metric: SuccessMetric, join: Join) -> bool:
    """Whether a reading is the metric's: what came after they parted is not, and what it brought along stays."""
    if join.left is None:
        return row.withdrawn_at is None
    return row.id < join.left and (row.withdrawn_at is None or row.metric_id == metric.id)


def renew_values(session: Session, workspace_id: str, kpi_ids: Collection[int]) -> None:
    """After readings of these KPIs came or went: the last one stands for every metric that is one of them.

    Whoever did the same meanwhile is waited for, so that none of two at once is missed.
    """
    for kpi_id in sorted(kpi_ids):
        lock(session, workspace_id, "kpi", kpi_id)
    session.execute(_RENEW, {"of_workspace": workspace_id, "kpi_ids": list(kpi_ids)})


def list_owners(session: Session, workspace_id: str, kpi_ids: Collection[int]) -> set[str]:
    """Those of the initiatives with a metric that is one of these KPIs."""
    values = {"workspace_id": workspace_id, "kpi_ids": list(kpi_ids)}
    return set(session.scalars(_JOINED, values))


def list_givers(
    session: Session, workspace_id: str, metric_id: int, zone: str
) -> dict[date, tuple[str, int]]:
    """Who gave the metric's own reading of each day, and in which check-in; `zone` is that of people who are not known."""
    rows = session.execute(_GIVEN, {"workspace_id": workspace_id, "metric_id": metric_id})
    return {local_day(row.at, row.zone or zone): (row.person_id, row.check_in_id) for row in rows}


def set_kpi(session: Session, workspace_id: str, metric_id: int, kpi_id: int) -> None:
    """The metric is this KPI from now on."""
    _update(session, workspace_id, metric_id, kpi_id=kpi_id, kpi_left=None)
    renew_values(session, workspace_id, [kpi_id])


def leave_kpi(session: Session, workspace_id: str, metric_id: int, join: Join, by: str, at: datetime) -> None:
    """The metric keeps what is known of it; what it had brought along is the KPI's no more."""
    brought = update(_readings).where(
        is_of(_readings, workspace_id, kpi_id=join.kpi_id, metric_id=metric_id),
    )
    stood = _readings.c.withdrawn_at.is_(None)
    session.execute(brought.where(~stood).values(metric_id=None))  # taken back by now, so nobody's
    session.execute(brought.where(stood).values(withdrawn_by=by, withdrawn_at=at))
    _update(session, workspace_id, metric_id, kpi_left=new_id())
    renew_values(session, workspace_id, [join.kpi_id])


def _update(session: Session, workspace_id: str, metric_id: int, **values: Any) -> None:
    session.execute(update(_metrics).where(is_of(_metrics, workspace_id, id=metric_id)).values(**values))


def list_refused(
    session: Session, workspace_id: str, metric_ids: Collection[int]
) -> Mapping[int, frozenset[int]]:
    """The KPIs that a lead said each of these metrics is not."""
    rows = session.execute(
        select(_metrics.c.id, _metrics.c.not_kpis).where(
            _metrics.c.workspace_id == workspace_id, _metrics.c.id.in_(list(metric_ids))
        )
    )
    return {row.id: read_refused(row.not_kpis) for row in rows}


def refuse_kpi(session: Session, workspace_id: str, metric_id: int, kpi_id: int) -> None:
    """They are not the same, however alike their names are."""
    known = list_refused(session, workspace_id, [metric_id]).get(metric_id, frozenset())
    _update(session, workspace_id, metric_id, not_kpis={"kpi_ids": sorted({*known, kpi_id})})


def read_refused(kept: Mapping[str, Any] | None) -> frozenset[int]:
    """As they are kept. Raises what reading anything else raises."""
    return frozenset(kept["kpi_ids"]) if kept else frozenset()
