"""KPIs of the example plan."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from domain.kpis import Cadence, Direction, Kind, Kpi, KpiReading

BEGIN, END = date(2026, 11, 23), date(2027, 3, 31)
GIVERS = Kpi(
    id=1,
    workspace_id="T1",
    strategy_id=1,
    goal_id=1,
    name="Monthly givers",
    kind=Kind.COUNT,
    unit="",
    direction=Direction.INCREASE_TO,
    baseline=Decimal(310),
    baseline_on=BEGIN,
    target=Decimal(420),
    target_on=END,
    owner_id="UBEN",
    cadence=Cadence.WEEKLY,
    if_short="Call last year's givers",
)
COST = replace(
    GIVERS,
    id=2,
    name="Cost per new giver",
    kind=Kind.CURRENCY,
    unit="£",
    direction=Direction.DECREASE_TO,
    baseline=Decimal(52),
    target=Decimal(38),
)
RETENTION = replace(
    GIVERS,
    id=3,
    name="Donor retention",
    kind=Kind.PERCENT,
    unit="%",
    direction=Direction.STAY_ABOVE,
    baseline=Decimal(64),
    target=Decimal(62),
)
ANSWER_TIME = replace(
    GIVERS,
    id=4,
    name="Answer time to parents",
    kind=Kind.DURATION,
    unit="h",
    direction=Direction.STAY_BELOW,
    baseline=Decimal(22),
    target=Decimal(24),
)
ALL = (GIVERS, COST, RETENTION, ANSWER_TIME)


def reading(kpi: Kpi, on: date, value: str) -> KpiReading:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    return KpiReading(on.toordinal(), kpi.id, on, Decimal(value), "command", "", "UBEN", at)


def measured(kpi: Kpi, on: date, value: str) -> Kpi:
    return replace(kpi, readings=(reading(kpi, on, value),))
