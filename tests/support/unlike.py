"""A signal that an owner was asked about."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.check_ins import CheckIn
from domain.kpis import CSV, Kpi, KpiReading
from domain.signals import Signal, Unlike
from storage import kpis, signals


def add_signal(session: Session, check_in: CheckIn, kpi: Kpi) -> int:
    """With a check-in, of a reading on its day; its id."""
    on, value = check_in.due_at.date(), Decimal(240)
    reading = KpiReading(0, kpi.id, on, value, CSV, "", None, datetime(2026, 11, 23, tzinfo=UTC))
    kpis.add_readings(session, check_in.workspace_id, [reading])
    where = (check_in.workspace_id, check_in.strategy_id, kpi.id)
    unlike = Unlike(on, value, Decimal(290), Decimal(340))
    signals.add_signals(
        session, [Signal(0, *where, unlike, check_in.person_id, check_in.id, check_in.due_at)]
    )
    [added] = signals.list_of_check_ins(session, check_in.workspace_id, [check_in.id])[check_in.id]
    return added.id
