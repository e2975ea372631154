"""Readings from a CSV file: what it would add, and adding it."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.people import Person
from domain.reading.csv_files import has_byte_order_mark, read_readings
from domain.schedules import local_day
from domain.strategies import Strategy
from services.reading_first import read_first
from services.readings import CSV, Given, record_readings
from storage import kpis
from storage.database import lock
from views.imports import ImportPlan


def plan_import(session: Session, strategy: Strategy, content: bytes, now: datetime) -> ImportPlan:
    """What a file would add. Raises BadFileError."""
    listing = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    read = read_first(session, read_readings, content, tuple(listing), local_day(now, strategy.zone))
    known = kpis.list_readings(session, strategy.workspace_id, [kpi.id for kpi in listing])
    standing = {(one.kpi_id, one.on): one.value for of_one in known.values() for one in of_one}
    new = tuple(one for one in read if standing.get((one.kpi.id, one.on)) != one.value)
    replacing = sum((one.kpi.id, one.on) in standing for one in new)
    return ImportPlan(new, replacing, len(read) - len(new), has_byte_order_mark(content))


def apply_import(
    session: Session, strategy: Strategy, content: bytes, by: Person | None, now: datetime
) -> ImportPlan:
    """Import all that a file would add, or nothing. Raises BadFileError."""
    lock(session, strategy.workspace_id, strategy.id)
    plan = plan_import(session, strategy, content, now)
    given = [Given(one.kpi, one.on, one.value, one.note) for one in plan.new]
    record_readings(session, strategy, given, CSV, by, now)
    return plan
