"""KPIs: numbers the whole strategy watches, each tied to a goal, with readings over time."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

MIN_KPIS = 4
MAX_KPIS = 6


class Kind(StrEnum):
    """What sort of number it is; the unit says how it is written."""

    COUNT = "count"
    PERCENT = "percent"
    CURRENCY = "currency"
    RATIO = "ratio"
    DURATION = "duration"


class Direction(StrEnum):
    """Which way is good."""

    INCREASE_TO = "increase to"
    DECREASE_TO = "decrease to"
    STAY_ABOVE = "stay above"
    STAY_BELOW = "stay below"


class Cadence(StrEnum):
    """How often a reading is asked for."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class KpiReading:
    """A value for a day; of several for the same day the one with the greatest id stands."""

    id: int
    kpi_id: int
    on: date
    value: Decimal
    source: str
    note: str
    person_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Kpi:
    """`latest` is the standing reading of the latest day, if there is any."""

    id: int
    workspace_id: str
    strategy_id: int
    goal_id: int | None
    name: str
    kind: Kind
    unit: str
    direction: Direction
    baseline: Decimal
    baseline_on: date
    target: Decimal
    target_on: date
    owner_id: str
    cadence: Cadence
    if_short: str
    vanity_kept_by: str | None = None
    created_at: datetime | None = None
    retired_at: datetime | None = None
    latest: KpiReading | None = None
