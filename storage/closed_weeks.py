"""Closed weeks: what each left with a person, written once."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from domain.check_ins import CheckInState, Standing
from domain.closed_weeks import ClosedWeek, InitiativeThen, NumberThen
from domain.healths import Health
from domain.pace import Pace
from domain.periods import Week
from storage.models import CheckInRow, ClosedWeekRow
from storage.statements import insert_all_missing, table
from storage.types import read_number

_weeks = table(ClosedWeekRow)
_check_ins = table(CheckInRow)
_SINCE = select(_weeks).where(
    _weeks.c.workspace_id == bindparam("workspace_id"),
    _weeks.c.strategy_id == bindparam("strategy_id"),
    _weeks.c.period >= bindparam("since"),
)
# Built once: building a statement costs several times what running it does.
_CLOSE = (
    update(_check_ins)
    .where(
        _check_ins.c.workspace_id == bindparam("its_workspace_id"),
        _check_ins.c.id.in_(bindparam("ids", expanding=True)),
    )
    .values(closed_at=bindparam("now"))
)


def list_closed_weeks(
    session: Session, workspace_id: str, strategy_id: int, since: Week
) -> tuple[ClosedWeek, ...]:
    """Those of everybody in a strategy from a period on, the oldest first."""
    values = {"workspace_id": workspace_id, "strategy_id": strategy_id, "since": str(since)}
    found = [_read(row) for row in session.execute(_SINCE, values)]
    return tuple(sorted(found, key=lambda week: (week.period, week.closed_at)))


def save_closed_weeks(
    session: Session, workspace_id: str, strategy_id: int, weeks: Iterable[ClosedWeek]
) -> None:
    """What is kept already stays as it is."""
    rows = [
        {
            "workspace_id": workspace_id,
            "strategy_id": strategy_id,
            "period": str(week.period),
            "person_id": week.person_id,
            "state": week.state.value if week.state else None,
            "facts": write_facts(week),
            "is_reckoned": week.is_reckoned,
            "closed_at": week.closed_at,
        }
        for week in weeks
    ]
    insert_all_missing(session, _weeks, rows)


def close_check_ins(
    session: Session, workspace_id: str, check_in_ids: Iterable[int], closed_at: datetime
) -> None:
    """Nothing of these check-ins changes from now on."""
    values = {"ids": tuple(check_in_ids), "now": closed_at}
    session.execute(_CLOSE, {"its_workspace_id": workspace_id, **values})


def reopen_weeks(session: Session, workspace_id: str, strategy_id: int, after: datetime) -> None:
    """Those that were closed later than an instant, by a clock that was ahead, are open again."""

    def were_ahead(rows: Table) -> ColumnElement[bool]:
        of_strategy = (rows.c.workspace_id == workspace_id) & (rows.c.strategy_id == strategy_id)
        return of_strategy & (rows.c.closed_at > after)

    session.execute(delete(_weeks).where(were_ahead(_weeks)))
    session.execute(update(_check_ins).where(were_ahead(_check_ins)).values(closed_at=None))


def write_facts(week: ClosedWeek) -> dict[str, Any]:
    return {
        "initiatives": [
            {
                "id": then.initiative_id,
                "name": then.name,
                "due": then.due.isoformat() if then.due else None,
                "standing": then.standing.value,
                "health": then.health.value if then.health else None,
                "is_on_time": then.is_on_time,
                "numbers": [_write_number(number) for number in then.numbers],
            }
            for then in week.initiatives
        ],
        "kpis": [_write_number(number) for number in week.kpis],
    }


def _write_number(number: NumberThen) -> dict[str, Any]:
    return {
        "id": number.id,
        "name": number.name,
        "unit": number.unit,
        "baseline": str(number.baseline),
        "target": str(number.target),
        "line": str(number.line),
        "pace": number.pace.value,
        "value": None if number.value is None else str(number.value),
        "read_on": number.read_on.isoformat() if number.read_on else None,
    }


def read_facts(facts: Mapping[str, Any]) -> tuple[tuple[InitiativeThen, ...], tuple[NumberThen, ...]]:
    """Raises ValueError, KeyError or TypeError for what `write_facts` did not write."""
    then = tuple(
        InitiativeThen(
            initiative_id=one["id"],
            standing=Standing(one["standing"]),
            health=Health(one["health"]) if one["health"] else None,
            is_on_time=one["is_on_time"],
            name=one["name"],
            due=date.fromisoformat(one["due"]) if one["due"] else None,
            numbers=tuple(map(_read_number, one["numbers"])),
        )
        for one in facts["initiatives"]
    )
    return then, tuple(map(_read_number, facts["kpis"]))


def _read_number(number: Mapping[str, Any]) -> NumberThen:
    return NumberThen(
        number["id"],
        number["name"],
        number["unit"],
        read_number(number["baseline"]),
        read_number(number["target"]),
        read_number(number["line"]),
        Pace(number["pace"]),
        None if number["value"] is None else read_number(number["value"]),
        date.fromisoformat(number["read_on"]) if number["read_on"] else None,
    )


def _read(row: Any) -> ClosedWeek:
    initiatives, kpis = read_facts(row.facts)
    return ClosedWeek(
        row.person_id,
        Week.parse(row.period),
        row.closed_at,
        CheckInState(row.state) if row.state else None,
        initiatives,
        kpis,
        row.is_reckoned,
    )
