"""KPIs and their readings; readings are only ever added, and the latest one of a day stands unless taken back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from domain.kpis import Cadence, Direction, FormerPlan, Kind, Kpi, KpiReading
from domain.pace import Point
from domain.periods import Month
from storage.ids import new_id
from storage.joins import renew_values
from storage.models import KpiReadingRow, KpiRow
from storage.statements import is_of, known, points_at, table

_kpis = table(KpiRow)
_readings = table(KpiReadingRow)
EVER = datetime.max.replace(tzinfo=UTC)
_NAMES = (
    "strategy_id",
    "goal_id",
    "name",
    "unit",
    "baseline_on",
    "target_on",
    "owner_id",
    "if_short",
    "vanity_kept_by",
    "created_at",
    "retired_at",
)


def _known(readings: FromClause) -> ColumnElement[bool]:
    """Recorded by the instant that is looked at, or given in check-ins that count however late they are."""
    is_given = readings.c.check_in_id.in_(bindparam("given_in", expanding=True))
    return or_(readings.c.at <= bindparam("until"), is_given)


def _stood(readings: FromClause) -> ColumnElement[bool]:
    """Not taken back by the instant that is looked at."""
    return or_(readings.c.withdrawn_at.is_(None), readings.c.withdrawn_at > bindparam("until"))


_later = _readings.alias("later")
_IS_STANDING = ~(
    select(_later.c.id)
    .where(
        _later.c.workspace_id == _readings.c.workspace_id,
        _later.c.kpi_id == _readings.c.kpi_id,
        _later.c.on == _readings.c.on,
        _later.c.id > _readings.c.id,
        _known(_later),
        _stood(_later),
    )
    .exists()
)
_READING = tuple(column.label(f"reading_{column.name}") for column in _readings.c)
# Built once: building a statement costs several times what running it does.
_ALL: Select[Any] = (
    select(_kpis, *_READING)
    .select_from(
        _kpis.outerjoin(
            _readings,
            and_(
                points_at(_readings, "kpi_id", _kpis),
                _known(_readings),
                _stood(_readings),
                _IS_STANDING,
            ),
        )
    )
    .where(_kpis.c.workspace_id == bindparam("workspace_id"))
    .order_by(_kpis.c.id, _readings.c.on)
)
_OF_STRATEGY = _ALL.where(_kpis.c.strategy_id == bindparam("strategy_id"))
_KEPT_OF_STRATEGY = _OF_STRATEGY.where(_kpis.c.retired_at.is_(None))
_KEPT_OF_OWNERS = _KEPT_OF_STRATEGY.where(_kpis.c.owner_id.in_(bindparam("owner_ids", expanding=True)))


def get_kpi(session: Session, workspace_id: str, kpi_id: int) -> Kpi:
    """Raises LookupError."""
    return known(find_kpi(session, workspace_id, kpi_id), f"KPI {kpi_id}")


def find_kpi(session: Session, workspace_id: str, kpi_id: int) -> Kpi | None:
    found = _list(session, _ALL.where(_kpis.c.id == kpi_id), workspace_id=workspace_id)
    return found[0] if found else None


def list_kpis(
    session: Session,
    workspace_id: str,
    strategy_id: int,
    *,
    include_retired: bool = False,
    until: datetime = EVER,
    given_in: Collection[int] = (),
) -> list[Kpi]:
    """A strategy's, oldest first, each with its readings; `until` leaves out those recorded after an instant, unless
    they were given in these check-ins.
    """
    statement = _OF_STRATEGY if include_retired else _KEPT_OF_STRATEGY
    values = {"workspace_id": workspace_id, "strategy_id": strategy_id, "given_in": tuple(given_in)}
    return _list(session, statement, until=until, **values)


def list_owned_kpis(
    session: Session, workspace_id: str, strategy_id: int, person_ids: list[str]
) -> list[Kpi]:
    """Those of one strategy that these people report on, oldest first."""
    owner_ids = tuple(person_ids)
    return _list(
        session, _KEPT_OF_OWNERS, workspace_id=workspace_id, strategy_id=strategy_id, owner_ids=owner_ids
    )


def list_owners(session: Session, workspace_id: str, kpi_ids: Collection[int]) -> set[str]:
    """Who reports on these."""
    owners = select(_kpis.c.owner_id).where(_kpis.c.workspace_id == workspace_id, _kpis.c.id.in_(kpi_ids))
    return set(session.scalars(owners))


def add_kpi(session: Session, kpi: Kpi, now: datetime) -> Kpi:
    kpi = replace(kpi, id=new_id(), created_at=now)
    session.execute(insert(_kpis).values(workspace_id=kpi.workspace_id, id=kpi.id, **_values(kpi)))
    return kpi


def save_kpi(session: Session, kpi: Kpi) -> None:
    """Save all of it but its readings."""
    session.execute(update(_kpis).where(is_of(_kpis, kpi.workspace_id, id=kpi.id)).values(**_values(kpi)))


def add_readings(
    session: Session, workspace_id: str, readings: Iterable[KpiReading]
) -> tuple[KpiReading, ...]:
    """Add them in this order; they get ids."""
    added = tuple(replace(reading, id=new_id()) for reading in readings)
    if added:
        session.execute(insert(_readings), [_row(workspace_id, reading) for reading in added])
        renew_values(session, workspace_id, {reading.kpi_id for reading in added})
    return added


def withdraw_readings(
    session: Session, workspace_id: str, kpi_id: int, on: date, by: str, at: datetime
) -> None:
    """All of a day are kept as taken back."""
    of_day = is_of(_readings, workspace_id, kpi_id=kpi_id, on=on)
    taken_back = update(_readings).where(of_day, _readings.c.withdrawn_at.is_(None))
    session.execute(taken_back.values(withdrawn_by=by, withdrawn_at=at))
    renew_values(session, workspace_id, [kpi_id])


def list_days_given(session: Session, workspace_id: str, kpi_id: int, check_in_id: int) -> list[date]:
    """The days for which a check-in gave readings that stand."""
    given = select(_readings.c.on).where(*_given(workspace_id, kpi_id, check_in_id))
    return list(session.scalars(given.distinct()))


def withdraw_given(
    session: Session, workspace_id: str, kpi_id: int, check_in_id: int, by: str, at: datetime
) -> None:
    """What a check-in gave is kept as taken back; whatever else is there for its days stands again."""
    taken_back = update(_readings).where(*_given(workspace_id, kpi_id, check_in_id))
    session.execute(taken_back.values(withdrawn_by=by, withdrawn_at=at))


def _given(workspace_id: str, kpi_id: int, check_in_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        is_of(_readings, workspace_id, kpi_id=kpi_id, check_in_id=check_in_id),
        _readings.c.withdrawn_at.is_(None),
    )


def find_last_reading(
    session: Session, workspace_id: str, kpi_id: int, on: date, source: str
) -> KpiReading | None:
    """The last one of a day that this source gave, taken back or not."""
    statement = select(*_READING).where(
        is_of(_readings, workspace_id, kpi_id=kpi_id, on=on, source=source),
    )
    row = session.execute(statement.order_by(_readings.c.id.desc()).limit(1)).first()
    return _reading(row) if row else None


def find_first_day(session: Session, workspace_id: str, kpi_id: int) -> date | None:
    """The day of its earliest reading that stands and was always its own."""
    is_it = (
        _readings.c.metric_id.is_(None),
        is_of(_readings, workspace_id, kpi_id=kpi_id),
        _readings.c.withdrawn_at.is_(None),
    )
    earliest: date | None = session.scalar(select(func.min(_readings.c.on)).where(*is_it))
    return earliest


def _values(kpi: Kpi) -> dict[str, Any]:
    return {name: getattr(kpi, name) for name in _NAMES} | {
        "kind": kpi.kind.value,
        "direction": kpi.direction.value,
        "cadence": kpi.cadence.value,
        "baseline": str(kpi.baseline),
        "target": str(kpi.target),
        "months": _write_months(kpi.months) or None,
        "former_plans": {"plans": [_write_plan(one) for one in kpi.former_plans]}
        if kpi.former_plans
        else None,
    }


def _write_months(months: Iterable[Point]) -> dict[str, str]:
    return {str(Month.of(point.on)): str(point.value) for point in months}


def read_months(kept: Mapping[str, str] | None) -> tuple[Point, ...]:
    """As they are kept. Raises what reading anything else raises."""
    return tuple(Point(Month.parse(month).last_day, Decimal(value)) for month, value in (kept or {}).items())


def _write_plan(plan: FormerPlan) -> dict[str, Any]:
    return {
        "until": plan.until.isoformat(),
        "direction": plan.direction.value,
        "baseline": str(plan.baseline),
        "baseline_on": plan.baseline_on.isoformat(),
        "target": str(plan.target),
        "target_on": plan.target_on.isoformat(),
        "cadence": plan.cadence.value,
        "months": _write_months(plan.months),
    }


def read_former_plans(kept: Mapping[str, Any] | None) -> tuple[FormerPlan, ...]:
    """The same of the plans before."""
    return tuple(_read_plan(one) for one in kept["plans"]) if kept else ()


def _read_plan(kept: Mapping[str, Any]) -> FormerPlan:
    return FormerPlan(
        until=datetime.fromisoformat(kept["until"]).astimezone(UTC),
        direction=Direction(kept["direction"]),
        baseline=Decimal(kept["baseline"]),
        baseline_on=date.fromisoformat(kept["baseline_on"]),
        target=Decimal(kept["target"]),
        target_on=date.fromisoformat(kept["target_on"]),
        cadence=Cadence(kept["cadence"]),
        months=read_months(kept["months"]),
    )


def _row(workspace_id: str, reading: KpiReading) -> dict[str, Any]:
    names = ("id", "kpi_id", "on", "source", "note", "person_id", "at", "check_in_id", "metric_id")
    values = {name: getattr(reading, name) for name in names}
    return values | {"workspace_id": workspace_id, "value": str(reading.value)}


def _list(session: Session, statement: Select[Any], *, until: datetime = EVER, **values: Any) -> list[Kpi]:
    found = session.execute(statement, {"given_in": (), **values, "until": until})
    rows = groupby(found, key=attrgetter("id"))
    return [_kpi(list(of_one)) for _, of_one in rows]


def _kpi(rows: Sequence[Row[Any]]) -> Kpi:
    """One KPI from its rows, a row for each reading."""
    row = rows[0]
    return Kpi(
        id=row.id,
        workspace_id=row.workspace_id,
        kind=Kind(row.kind),
        direction=Direction(row.direction),
        cadence=Cadence(row.cadence),
        baseline=Decimal(row.baseline),
        target=Decimal(row.target),
        readings=tuple(_reading(row) for row in rows if row.reading_id is not None),
        months=read_months(row.months),
        former_plans=read_former_plans(row.former_plans),
        **{name: getattr(row, name) for name in _NAMES},
    )


def _reading(row: Row[Any]) -> KpiReading:
    return KpiReading(
        id=row.reading_id,
        kpi_id=row.reading_kpi_id,
        on=row.reading_on,
        value=Decimal(row.reading_value),
        source=row.reading_source,
        note=row.reading_note,
        person_id=row.reading_person_id,
        at=row.reading_at,
        check_in_id=row.reading_check_in_id,
        metric_id=row.reading_metric_id,
    )
