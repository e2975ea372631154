"""Strategies as they are in their second week: five owners, each with an initiative with a metric, and a KPI."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.initiatives import Initiative, SuccessMetric
from domain.kpis import Cadence, Direction, Kind, Kpi
from domain.people import Person
from domain.periods import Week
from domain.strategies import Goal, Strategy
from services.planning import plan_owner
from storage import initiatives, kpis, people, strategies

FIRST = Week(2026, 48)
BEGAN = datetime(2026, 11, 20, tzinfo=UTC)


def minute(week: Week) -> datetime:
    """Monday 09:00 in UTC, where all owners are."""
    return datetime.combine(week.day(0), datetime.min.time(), UTC).replace(hour=9)


def fill_strategy(session: Session, workspace_id: str, channel_id: str, owner_ids: list[str]) -> Strategy:
    """Its owners are prompted in the first week."""
    people.save_people(session, [Person(workspace_id, id_, f"Owner {id_}", "UTC") for id_ in owner_ids])
    goal = Goal(0, "6,000 subscribers by 31 March")
    blank = Strategy(
        *(0, workspace_id, channel_id, "Harbor Lights", "Why", (goal,), "", "", (owner_ids[0],), "UTC")
    )
    strategy = strategies.add_strategy(session, blank, BEGAN)
    if strategy is None:
        raise RuntimeError("the bench's strategy is there already")
    for owner_id in owner_ids:
        _fill_owner(session, strategy, owner_id)
    return strategy


def _fill_owner(session: Session, strategy: Strategy, owner_id: str) -> None:
    workspace_id, goal_id, due = strategy.workspace_id, strategy.goals[0].id, date(2027, 3, 31)
    metric = SuccessMetric(0, "subscribers", "", Decimal(4200), Decimal(6000))
    initiative = Initiative(
        *(0, workspace_id, strategy.id, f"Newsletter relaunch {owner_id}", goal_id, owner_id),
        *(BEGAN.date(), due, due),
        metrics=(metric,),
    )
    initiatives.add_initiative(session, initiative, BEGAN)
    kpi = Kpi(
        *(0, workspace_id, strategy.id, goal_id, f"KPI {owner_id}", Kind.COUNT, "", Direction.INCREASE_TO),
        *(Decimal(4200), BEGAN.date(), Decimal(6000), due, owner_id, Cadence.WEEKLY, "We ask why"),
    )
    kpis.add_kpi(session, kpi, BEGAN)
    plan_owner(session, strategy, owner_id, BEGAN)
