"""Strategies with their goals, leads and schedules, read in two statements however many there are."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Row,
    Select,
    String,
    Table,
    bindparam,
    cast,
    delete,
    literal,
    null,
    select,
    union,
    union_all,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from domain.initiatives import OPEN
from domain.periods import Week
from domain.schedules import Schedule, local_day
from domain.strategies import Goal, Strategy
from storage.ids import new_id
from storage.models import GoalRow, InitiativeRow, KpiRow, LeadRow, ScheduleRow, StrategyRow
from storage.people import read_work_pattern, write_days, write_place
from storage.schedules import read_schedule, write_schedule
from storage.statements import insert_missing, is_of, known, read_as, table, upsert

_strategies = table(StrategyRow)
_goals = table(GoalRow)
_leads = table(LeadRow)
_schedules = table(ScheduleRow)
_initiatives = table(InitiativeRow)
_kpis = table(KpiRow)
_OPEN = tuple(status.value for status in OPEN)


# Statements read with every request are built once: building one costs several times what running it does.
_EVER = (
    select(_strategies)
    .where(_strategies.c.workspace_id == bindparam("workspace_id"))
    .order_by(_strategies.c.id)
)
_BY_ID = _EVER.where(_strategies.c.id == bindparam("id"))
_ALL = _EVER.where(_strategies.c.closed_at.is_(None))
_BY_CHANNEL = _ALL.where(_strategies.c.channel_id == bindparam("channel_id"))


def _parts(which: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Schedules, goals and leads in one statement, told apart by `kind`; no column means the same in all three."""

    def of(rows: Table, *columns: Any) -> Select[Any]:
        in_workspace = rows.c.workspace_id == bindparam("workspace_id")
        return select(rows.c.strategy_id, *columns).where(in_workspace, which(rows.c.strategy_id))

    return union_all(
        of(
            _schedules,
            literal("schedule").label("kind"),
            _schedules.c.from_period.label("text"),
            cast(null(), _goals.c.id.type).label("id"),
            cast(null(), _goals.c.position.type).label("position"),
            _schedules.c.schedule,
            cast(null(), _goals.c.former_id.type).label("former_id"),
        ),
        of(
            _goals,
            literal("goal"),
            _goals.c.text,
            _goals.c.id,
            _goals.c.position,
            null(),
            _goals.c.former_id,
        ),
        of(_leads, literal("lead"), _leads.c.person_id.cast(String), null(), null(), null(), null()),
    ).order_by("position", "text")


_PARTS = _parts(lambda strategy_id: strategy_id.in_(bindparam("ids", expanding=True)))
_PARTS_OF_ONE = _parts(lambda strategy_id: strategy_id == bindparam("id"))


def get_strategy(session: Session, workspace_id: str, strategy_id: int) -> Strategy:
    """Raises LookupError."""
    return known(find_strategy(session, workspace_id, strategy_id), f"strategy {strategy_id}")


def find_strategy(session: Session, workspace_id: str, strategy_id: int) -> Strategy | None:
    row = session.execute(_BY_ID, {"workspace_id": workspace_id, "id": strategy_id}).first()
    return _strategy(row, _list_parts(session, workspace_id, [row.id])[row.id]) if row else None


def find_strategy_by_channel(session: Session, workspace_id: str, channel_id: str) -> Strategy | None:
    row = session.execute(_BY_CHANNEL, {"workspace_id": workspace_id, "channel_id": channel_id}).first()
    return _strategy(row, _list_parts(session, workspace_id, [row.id])[row.id]) if row else None


def list_strategies(session: Session, workspace_id: str) -> list[Strategy]:
    """All that are not closed, paused ones too, oldest first."""
    return _list(session, workspace_id, _ALL)


def list_closed(session: Session, workspace_id: str, channel_id: str) -> list[Strategy]:
    """Those that a channel had before, the last one first."""
    closed = _EVER.where(_strategies.c.channel_id == channel_id, _strategies.c.closed_at.is_not(None))
    return _list(session, workspace_id, closed)[::-1]


def list_names(session: Session, workspace_id: str) -> dict[int, str]:
    """Of all there ever were, by id."""
    rows = select(_strategies.c.id, _strategies.c.name).where(_strategies.c.workspace_id == workspace_id)
    return {row.id: row.name for row in session.execute(rows)}


def list_strategies_of(session: Session, workspace_id: str, person_id: str) -> list[Strategy]:
    """Those not closed that the person leads, or owns an open initiative or a KPI of, oldest first."""
    led = select(_leads.c.strategy_id).where(is_of(_leads, workspace_id, person_id=person_id))
    owned = select(_initiatives.c.strategy_id).where(
        is_of(_initiatives, workspace_id, owner_id=person_id),
        _initiatives.c.status.in_(_OPEN),
    )
    reported = select(_kpis.c.strategy_id).where(
        is_of(_kpis, workspace_id, owner_id=person_id), _kpis.c.retired_at.is_(None)
    )
    return _list(session, workspace_id, _ALL.where(_strategies.c.id.in_(union(led, owned, reported))))


def add_strategy(session: Session, strategy: Strategy, now: datetime) -> Strategy | None:
    """Add it with ids of its own, its schedule in force at once; None when its channel already has one."""
    strategy = replace(strategy, id=new_id())
    values = _values(strategy) | {"created_at": now, "paused_at": None, "closed_at": None}
    if not insert_missing(session, _strategies, values):
        return None
    _save_leads(session, strategy)
    goals = _save_goals(session, strategy)
    first = Week.of(local_day(now, strategy.zone))
    save_schedule(session, strategy.workspace_id, strategy.id, first, strategy.schedule)
    return replace(strategy, goals=goals, schedule_changes=((first, strategy.schedule),))


def save_strategy(session: Session, strategy: Strategy) -> Strategy:
    """Save all but the schedule and the pause; goals with id 0 get ids, initiatives of removed goals lose theirs."""
    session.execute(
        update(_strategies).where(_is(strategy.workspace_id, strategy.id)).values(**_values(strategy))
    )
    _save_leads(session, strategy)
    return replace(strategy, goals=_save_goals(session, strategy))


def save_schedule(
    session: Session, workspace_id: str, strategy_id: int, from_period: Week, schedule: Schedule
) -> None:
    """The schedule from this period on; changes planned for later periods are given up."""
    key = {"workspace_id": workspace_id, "strategy_id": strategy_id, "from_period": str(from_period)}
    session.execute(
        delete(_schedules).where(
            is_of(_schedules, workspace_id, strategy_id=strategy_id),
            _schedules.c.from_period > str(from_period),
        )
    )
    upsert(session, _schedules, [key | {"schedule": write_schedule(schedule)}], ["schedule"])


def pause_strategy(session: Session, workspace_id: str, strategy_id: int, now: datetime) -> bool:
    """False where it was paused already."""
    is_running = _strategies.c.paused_at.is_(None)
    return _is_changed(session, workspace_id, strategy_id, is_running, paused_at=now)


def resume_strategy(session: Session, workspace_id: str, strategy_id: int) -> bool:
    """False where it was not paused."""
    is_paused = _strategies.c.paused_at.is_not(None)
    return _is_changed(session, workspace_id, strategy_id, is_paused, paused_at=None)


def close_strategy(session: Session, workspace_id: str, strategy_id: int, now: datetime) -> bool:
    """Its channel may have another one from now on; False where it was closed already."""
    is_open = _strategies.c.closed_at.is_(None)
    return _is_changed(session, workspace_id, strategy_id, is_open, closed_at=now)


def _is_changed(
    session: Session,
    workspace_id: str,
    strategy_id: int,
    still: ColumnElement[bool],
    **values: datetime | None,
) -> bool:
    """Whether this transaction is the one that changed it, where somebody else may have at the same moment."""
    of = update(_strategies).where(_is(workspace_id, strategy_id), still)
    return session.execute(of.values(**values).returning(_strategies.c.id)).first() is not None


def list_goals_before(session: Session, workspace_id: str, goal_id: int) -> list[int]:
    """The ids of the goals it goes on with, in strategies that are closed by now, the last one first."""
    found: list[int] = []
    former = select(_goals.c.former_id).where(
        _goals.c.workspace_id == workspace_id, _goals.c.id == bindparam("id")
    )
    before: int | None = goal_id
    while (before := session.scalar(former, {"id": before})) is not None and before not in found:
        found.append(before)
    return found


def _is(workspace_id: str, strategy_id: int) -> ColumnElement[bool]:
    return is_of(_strategies, workspace_id, id=strategy_id)


def _values(strategy: Strategy) -> dict[str, Any]:
    return {
        "workspace_id": strategy.workspace_id,
        "id": strategy.id,
        "channel_id": strategy.channel_id,
        "name": strategy.name,
        "why": strategy.why,
        "audience": strategy.audience,
        "difference": strategy.difference,
        "core_message": strategy.core_message,
        "zone": strategy.zone,
        "working_days": write_days(strategy.work_pattern.working_days),
        "country": write_place(strategy.work_pattern),
    }


def _save_leads(session: Session, strategy: Strategy) -> None:
    session.execute(delete(_leads).where(_of(_leads, strategy)))
    key = {"workspace_id": strategy.workspace_id, "strategy_id": strategy.id}
    for person_id in strategy.leads:
        insert_missing(session, _leads, key | {"person_id": person_id})


def _save_goals(session: Session, strategy: Strategy) -> tuple[Goal, ...]:
    goals = tuple(replace(goal, id=goal.id or new_id()) for goal in strategy.goals)
    kept = [goal.id for goal in goals]
    removed = delete(_goals).where(_of(_goals, strategy), _goals.c.id.not_in(kept))
    orphaned = update(_initiatives).where(_of(_initiatives, strategy), _initiatives.c.goal_id.not_in(kept))
    session.execute(removed)
    session.execute(orphaned.values(goal_id=None))
    unserving = update(_kpis).where(_of(_kpis, strategy), _kpis.c.goal_id.not_in(kept))
    session.execute(unserving.values(goal_id=None))
    key = {"workspace_id": strategy.workspace_id, "strategy_id": strategy.id}
    rows = [
        key | {"id": goal.id, "position": at, "text": goal.text, "former_id": goal.former_id}
        for at, goal in enumerate(goals)
    ]
    upsert(session, _goals, rows, ["position", "text"])
    return goals


def _of(rows: Table, strategy: Strategy) -> ColumnElement[bool]:
    return is_of(rows, strategy.workspace_id, strategy_id=strategy.id)


@dataclass(slots=True)
class _Parts:
    goals: list[Goal] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    changes: list[tuple[Week, Schedule]] = field(default_factory=list)


def _list(session: Session, workspace_id: str, statement: Select[Any]) -> list[Strategy]:
    rows = session.execute(statement, {"workspace_id": workspace_id}).all()
    if not rows:
        return []
    parts = _list_parts(session, workspace_id, [row.id for row in rows])
    return [_strategy(row, parts[row.id]) for row in rows]


def _list_parts(session: Session, workspace_id: str, ids: Sequence[int]) -> Mapping[int, _Parts]:
    parts: dict[int, _Parts] = defaultdict(_Parts)
    statement, which = (_PARTS_OF_ONE, {"id": ids[0]}) if len(ids) == 1 else (_PARTS, {"ids": ids})
    for row in session.execute(statement, {"workspace_id": workspace_id, **which}):
        of = parts[row.strategy_id]
        if row.kind == "goal":
            of.goals.append(Goal(row.id, row.text, row.former_id))
        elif row.kind == "lead":
            of.leads.append(row.text)
        else:
            of.changes.append((Week.parse(row.text), read_schedule(row.schedule)))
    return parts


def _strategy(row: Row[Any], parts: _Parts) -> Strategy:
    return read_as(
        Strategy,
        row,
        goals=tuple(parts.goals),
        leads=tuple(parts.leads),
        schedule=parts.changes[-1][1],
        work_pattern=read_work_pattern(row.working_days, row.country),
        schedule_changes=tuple(parts.changes),
    )
