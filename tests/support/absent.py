"""A form that comes back from Slack without what it shows, and what a transaction has changed of what stood."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.slack_edge import _form
from handlers.requests import Form
from storage.models import (
    AbsenceRow,
    CharterRow,
    GoalRow,
    InitiativeRow,
    KpiReadingRow,
    KpiRow,
    LeadRow,
    MetricRow,
    MilestoneRow,
    PersonRow,
    ScheduleRow,
    StrategyRow,
)
from tests.support.everybody import Undone
from tests.support.forms import submitted

P = ParamSpec("P")
T = TypeVar("T")
STANDING = (
    StrategyRow,
    GoalRow,
    LeadRow,
    ScheduleRow,
    InitiativeRow,
    CharterRow,
    MetricRow,
    MilestoneRow,
    KpiRow,
    KpiReadingRow,
    PersonRow,
    AbsenceRow,
)


def read_back(view: Mapping[str, Any], values: Mapping[str, Any]) -> Form:
    """A form as it is read when Slack sends these values with what it shows."""
    return _form({**view, "id": "V1", "hash": "h", "state": {"values": values}})


def absent_fields_are_as_opened(view: Mapping[str, Any]) -> None:
    """Raises AssertionError, also where a field that was emptied is not empty."""
    opened = {
        name: _bare(state) for name, state in submitted(dict(view)).items() if state["type"] != "file_input"
    }
    left_out: tuple[dict[str, Any], ...] = (
        {},
        {name: {} for name in opened},
        {name: {"value": {"type": "any"}} for name in opened},
    )
    for values in left_out:
        read = read_back(view, values).state
        assert {name: _bare(read[name]) for name in opened} == opened
    emptied = {name: {"value": dict.fromkeys(state)} for name, state in opened.items()}
    read = read_back(view, emptied).state
    assert not any(value for name in opened for value in read[name].values())


def _bare(state: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: value for kind, value in state.items() if kind != "type"}


@dataclass(frozen=True)
class Compared(Undone):
    """Also says which rows a transaction has changed of what stood."""

    changed: list[str] = field(default_factory=list)

    async def __call__(
        self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        def compare(session: Session, /, *given: P.args, **named: P.kwargs) -> T:
            before = kept(session)
            result = fn(session, *given, **named)
            session.flush()
            self.changed.extend(
                f"{name}: {sorted(before[name] ^ rows)}"
                for name, rows in kept(session).items()
                if rows != before[name]
            )
            return result

        return await super().__call__(compare, *args, **kwargs)


def kept(session: Session) -> dict[str, set[str]]:
    return {
        rows.__tablename__: {str(tuple(row)) for row in session.execute(select(*rows.__table__.columns))}
        for rows in STANDING
    }
