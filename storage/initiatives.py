"""Initiatives with their success metrics, read in one statement however many there are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from domain.initiatives import OPEN, Initiative, Join, Status, SuccessMetric, with_readings
from domain.pace import Point
from domain.periods import Week
from domain.schedules import local_day
from storage.ids import new_id
from storage.joins import read_join, read_points
from storage.models import CheckInRow, InitiativeRow, MetricRow, PersonRow, ReadingRow
from storage.statements import is_of, known, points_at, read_as, table, upsert

_initiatives = table(InitiativeRow)
_metrics = table(MetricRow)
_readings = table(ReadingRow)
_check_ins = table(CheckInRow)
_people = table(PersonRow)
_METRIC = tuple(
    _metrics.c[name].label(f"metric_{name}")
    for name in (
        "id",
        "name",
        "unit",
        "baseline",
        "target",
        "value",
        "first_target",
        "kpi_id",
        "kpi_left",
    )
)
ACTIVE = (Status.ACTIVE,)

# Built once: building a statement costs several times what running it does.
_ITS_METRICS = points_at(_metrics, "initiative_id", _initiatives)
_ALL = (
    select(_initiatives, *_METRIC)
    .select_from(_initiatives.outerjoin(_metrics, _ITS_METRICS))
    .where(_initiatives.c.workspace_id == bindparam("workspace_id"))
    .order_by(_initiatives.c.id, _metrics.c.position)
)
_OF_STRATEGY = _ALL.where(_initiatives.c.strategy_id == bindparam("strategy_id"))
_IS_OPEN = or_(*(_initiatives.c.status == status.value for status in OPEN))
_OPEN_OF_STRATEGY = _OF_STRATEGY.where(_IS_OPEN)
_ITS_READINGS = points_at(_readings, "metric_id", _metrics) & _readings.c.withdrawn_at.is_(None)
_ANSWERABLE = (
    select(
        _initiatives,
        *_METRIC,
        _readings.c.id.label("reading_id"),
        _readings.c.check_in_id,
        _readings.c.value.label("reading_value"),
        _readings.c.at.label("reading_at"),
    )
    .select_from(
        _initiatives.outerjoin(_metrics, _ITS_METRICS).outerjoin(_readings, _ITS_READINGS),
    )
    .where(
        _initiatives.c.workspace_id == bindparam("workspace_id"),
        _initiatives.c.strategy_id == bindparam("strategy_id"),
        _initiatives.c.owner_id.in_(bindparam("owner_ids", expanding=True)),
        _IS_OPEN,
    )
    .order_by(_initiatives.c.id, _metrics.c.position, _readings.c.at, _readings.c.id)
)
_LAST = Week(9999, 1)
_METRIC_READINGS = (
    select(
        _readings.c.metric_id,
        _readings.c.id.label("reading_id"),
        _readings.c.check_in_id,
        _readings.c.value.label("reading_value"),
        _readings.c.at.label("reading_at"),
        _people.c.zone,
    )
    .select_from(
        _readings.join(_check_ins, points_at(_readings, "check_in_id", _check_ins)).outerjoin(
            _people, points_at(_check_ins, "person_id", _people, "person_id")
        )
    )
    .where(
        _readings.c.workspace_id == bindparam("workspace_id"),
        _readings.c.metric_id.in_(bindparam("metric_ids", expanding=True)),
        _readings.c.withdrawn_at.is_(None),
        _check_ins.c.period <= bindparam("until"),
    )
    .order_by(_readings.c.at, _readings.c.id)
)


def get_initiative(session: Session, workspace_id: str, initiative_id: int) -> Initiative:
    """Raises LookupError."""
    return known(find_initiative(session, workspace_id, initiative_id), f"initiative {initiative_id}")


def find_initiative(session: Session, workspace_id: str, initiative_id: int) -> Initiative | None:
    found = _list(session, workspace_id, _initiatives.c.id == initiative_id)
    return found[0] if found else None


def list_initiatives(
    session: Session, workspace_id: str, strategy_id: int, *, include_closed: bool = False
) -> list[Initiative]:
    """A strategy's, oldest first: proposed, active and paused ones, and closed ones if asked for."""
    statement = _OF_STRATEGY if include_closed else _OPEN_OF_STRATEGY
    return _read(session, statement, workspace_id=workspace_id, strategy_id=strategy_id)


def list_owned(
    session: Session,
    workspace_id: str,
    person_id: str,
    strategy_id: int | None = None,
    statuses: Collection[Status] = ACTIVE,
) -> list[Initiative]:
    """A person's, in one strategy or in all, oldest first."""
    where = [_initiatives.c.owner_id == person_id, _has_status(statuses)]
    if strategy_id is not None:
        where.append(_initiatives.c.strategy_id == strategy_id)
    return _list(session, workspace_id, *where)


def list_answerable(
    session: Session, workspace_id: str, strategy_id: int, zones: Mapping[str, str]
) -> list[Initiative]:
    """Owners' open ones in a strategy with what was read of their metrics, of each check-in the last value, on days of
    the zone of each owner; oldest first.
    """
    values = {"workspace_id": workspace_id, "owner_ids": tuple(zones), "strategy_id": strategy_id}
    found = (list(rows) for _, rows in groupby(session.execute(_ANSWERABLE, values), key=attrgetter("id")))
    listed = [_with_readings(rows, zones[rows[0].owner_id]) for rows in found]
    return _with_kpis(session, workspace_id, listed)


def list_by_id(session: Session, workspace_id: str, initiative_ids: Collection[int]) -> dict[int, Initiative]:
    """Closed ones too."""
    found = _list(session, workspace_id, _initiatives.c.id.in_(initiative_ids)) if initiative_ids else []
    return {initiative.id: initiative for initiative in found}


def read_metrics(
    session: Session,
    workspace_id: str,
    listed: Sequence[Initiative],
    zone: str,
    *,
    until: Week | None = None,
) -> list[Initiative]:
    """The same with what was read of their metrics, of each check-in the last value given, on its person's days.

    `zone` is that of people who are not known; `until` leaves out what belongs to a later period.
    """
    metric_ids = [metric.id for initiative in listed for metric in initiative.metrics]
    values = {"workspace_id": workspace_id, "metric_ids": metric_ids, "until": str(until or _LAST)}
    rows: Iterable[Row[Any]] = session.execute(_METRIC_READINGS, values) if metric_ids else ()
    found = _points(((row, row.zone or zone) for row in rows), _joins(listed))
    read = [with_readings(initiative, found) for initiative in listed]
    return _with_kpis(session, workspace_id, read, until)


def _with_kpis(
    session: Session, workspace_id: str, listed: list[Initiative], until: Week | None = None
) -> list[Initiative]:
    """With the readings that metrics have from KPIs, before what they had of their own since they left them."""
    given = read_points(session, workspace_id, listed, until)
    if not given:
        return listed
    own = {metric.id: metric.readings for initiative in listed for metric in initiative.metrics}
    read = {id_: [*given.get(id_, ()), *points] for id_, points in own.items()}
    return [with_readings(initiative, read) for initiative in listed]


def _joins(listed: Iterable[Initiative]) -> dict[int, Join]:
    return {m.id: m.join for initiative in listed for m in initiative.metrics if m.join is not None}


def add_initiative(session: Session, initiative: Initiative, now: datetime) -> Initiative:
    """Add it; it and its metrics get ids."""
    initiative = replace(initiative, id=new_id())
    key = {"workspace_id": initiative.workspace_id, "id": initiative.id, "created_at": now}
    session.execute(insert(_initiatives).values(key | _values(initiative)))
    return replace(initiative, metrics=_save_metrics(session, initiative))


def save_initiative(session: Session, initiative: Initiative) -> Initiative:
    """Save all but its status; metrics with id 0 get ids, those left out are removed, reported values stay."""
    values = _values(initiative)
    del values["status"]
    _update(session, initiative.workspace_id, initiative.id, **values)
    return replace(initiative, metrics=_save_metrics(session, initiative))


def set_status(
    session: Session, workspace_id: str, initiative_id: int, status: Status, now: datetime
) -> None:
    closed_at = now if status.is_closed else None
    _update(session, workspace_id, initiative_id, status=status.value, closed_at=closed_at)


def _has_status(statuses: Iterable[Status]) -> ColumnElement[bool]:
    return _initiatives.c.status.in_([status.value for status in statuses])


def _update(
    session: Session, workspace_id: str, initiative_id: int, **values: str | int | date | datetime | None
) -> None:
    is_it = is_of(_initiatives, workspace_id, id=initiative_id)
    session.execute(update(_initiatives).where(is_it).values(**values))


def _values(initiative: Initiative) -> dict[str, Any]:
    names = (
        "strategy_id",
        "name",
        "goal_id",
        "owner_id",
        "start",
        "due",
        "first_due",
        "due_moves",
        "owner_since",
    )
    return {name: getattr(initiative, name) for name in names} | {"status": initiative.status.value}


def _save_metrics(session: Session, initiative: Initiative) -> tuple[SuccessMetric, ...]:
    metrics = tuple(replace(metric, id=metric.id or new_id()) for metric in initiative.metrics)
    session.execute(
        delete(_metrics).where(
            is_of(_metrics, initiative.workspace_id, initiative_id=initiative.id),
            _metrics.c.id.not_in([metric.id for metric in metrics]),
        )
    )
    rows = [
        {
            "workspace_id": initiative.workspace_id,
            "id": metric.id,
            "initiative_id": initiative.id,
            "position": position,
            "name": metric.name,
            "unit": metric.unit,
            "baseline": str(metric.baseline),
            "target": str(metric.target),
            "value": None if metric.value is None else str(metric.value),
            "first_target": None if metric.first_target is None else str(metric.first_target),
        }
        for position, metric in enumerate(metrics)
    ]
    upsert(session, _metrics, rows, ["position", "name", "unit", "baseline", "target", "first_target"])
    return metrics


def _list(session: Session, workspace_id: str, *where: ColumnElement[bool]) -> list[Initiative]:
    return _read(session, _ALL.where(*where), workspace_id=workspace_id)


def _read(session: Session, statement: Select[Any], **values: Any) -> list[Initiative]:
    rows = groupby(session.execute(statement, values), key=attrgetter("id"))
    return [_initiative(list(of_one)) for _, of_one in rows]


def _with_readings(rows: Sequence[Row[Any]], zone: str) -> Initiative:
    """One initiative from its rows, a row for each reading of each metric."""
    metrics = {row.metric_id: row for row in rows}
    read = [row for row in rows if row.check_in_id is not None]
    initiative = _initiative(list(metrics.values()))
    return with_readings(initiative, _points(((row, zone) for row in read), _joins([initiative])))


def _points(read: Iterable[tuple[Row[Any], str]], joins: Mapping[int, Join]) -> dict[int, list[Point]]:
    """By metric, of each check-in the last value given; rows are in order of time, each with the zone of its day.

    Those from before a metric was a KPI are the KPI's.
    """
    last = {
        (row.metric_id, row.check_in_id): (row, zone)
        for row, zone in read
        if row.metric_id not in joins or _is_since(row.reading_id, joins[row.metric_id].left)
    }
    found: dict[int, list[Point]] = {}
    for (metric_id, _), (row, zone) in last.items():
        point = Point(local_day(row.reading_at, zone), Decimal(row.reading_value))
        found.setdefault(metric_id, []).append(point)
    return found


def _is_since(reading_id: int, left: int | None) -> bool:
    return left is not None and reading_id > left


def _initiative(rows: Sequence[Row[Any]]) -> Initiative:
    """One initiative from its rows, a row for each metric."""
    row = rows[0]
    return read_as(
        Initiative,
        row,
        status=Status(row.status),
        metrics=tuple(_metric(row) for row in rows if row.metric_id is not None),
    )


def _metric(row: Row[Any]) -> SuccessMetric:
    return SuccessMetric(
        id=row.metric_id,
        name=row.metric_name,
        unit=row.metric_unit,
        baseline=Decimal(row.metric_baseline),
        target=Decimal(row.metric_target),
        value=None if row.metric_value is None else Decimal(row.metric_value),
        first_target=None if row.metric_first_target is None else Decimal(row.metric_first_target),
        join=read_join(row),
    )
