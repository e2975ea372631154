"""Readings from a file: what it would add, shown before it is added."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError, NotFound
from domain.kpis import CSV, Kpi
from domain.people import Person
from domain.reading.csv_files import read_readings
from domain.reading.separated import BadFileError, has_byte_order_mark
from domain.schedules import local_day
from domain.strategies import Strategy
from services.reading_first import read_first
from services.readings import Given, record_readings, tell_unusual
from services.references import Request, lead_strategy
from storage import kpis
from storage.database import lock
from storage.delivery import outbox, seen
from views import imports as views
from views.imports import ImportPlan, ImportRef
from views.slack.blocks import Payload, notice


def plan_import(session: Session, strategy: Strategy, content: bytes, now: datetime) -> ImportPlan:
    """What a file would add. Raises BadFileError."""
    listing = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    file = read_first(session, read_readings, content, tuple(listing), local_day(now, strategy.zone))
    read = file.readings
    standing = {(one.kpi_id, one.on): one.value for kpi in listing for one in kpi.readings}
    new = tuple(one for one in read if standing.get((one.kpi.id, one.on)) != one.value)
    replacing = sum((one.kpi.id, one.on) in standing for one in new)
    return ImportPlan(new, replacing, len(read) - len(new), has_byte_order_mark(content), file.left_out)


def apply_import(
    session: Session, strategy: Strategy, content: bytes, by: Person | None, now: datetime
) -> ImportPlan:
    """Import all that a file would add, or nothing. Raises BadFileError."""
    lock(session, strategy.workspace_id, strategy.id)
    plan = plan_import(session, strategy, content, now)
    given = [Given(one.kpi, one.on, one.value, one.note) for one in plan.new]
    record_readings(session, strategy, given, CSV, by, now)
    tell_unusual(session, strategy, given, "a file", now)
    return plan


def list_to_import(session: Session, strategy: Strategy) -> list[Kpi]:
    """The KPIs a file may have readings of. Raises DomainError where there are none."""
    listing = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    if not listing:
        raise DomainError(
            f"{strategy.name} has no KPIs yet, so there is nothing to import readings for. Run `/kpi add`."
        )
    return listing


def preview_import(
    session: Session, strategy: Strategy, by: Person, name: str, content: bytes, ref: ImportRef, now: datetime
) -> None:
    """What is in the file, or what is wrong with it, in the direct message of whoever sent it."""
    try:
        plan = plan_import(session, strategy, content, now)
    except BadFileError as bad:
        told = views.problems_message(name, bad.problems)
        outbox.enqueue_post(session, by.workspace_id, by.id, told, now=now)
        return
    # The buttons name the message they stand in, whose id is there once it is queued.
    shown = views.preview_message(name, strategy, plan, ref)
    message_id = outbox.enqueue_post(session, by.workspace_id, by.id, shown, now=now)
    ref = ref.model_copy(update={"message_id": message_id})
    shown = views.preview_message(name, strategy, plan, ref)
    outbox.enqueue_update(session, by.workspace_id, message_id, shown, now=now)
    seen.is_new(session, by.workspace_id, _preview_key(ref), now)


def load_previewed(session: Session, request: Request, ref: ImportRef) -> tuple[Person, Strategy]:
    """Whoever may import what a preview showed them. Raises NotFound for what no preview showed."""
    person, strategy = lead_strategy(session, request, ref.strategy_id)
    if ref.message_id is None or not seen.was_met(session, person.workspace_id, _preview_key(ref)):
        raise NotFound
    return person, strategy


def import_previewed(
    session: Session, strategy: Strategy, by: Person, name: str, content: bytes, ref: ImportRef, now: datetime
) -> None:
    """Import all of it, or say what is wrong by now, in place of the preview. Raises DomainError the second time."""
    if not _is_first_answer(session, by, ref, now):
        raise DomainError("You have answered for this file already: what became of it stands above.")
    try:
        plan = apply_import(session, strategy, content, by, now)
    except BadFileError as bad:
        told = views.problems_message(name, bad.problems)
    else:
        told = notice(views.imported_words(name, len(plan.new)))
    _replace_preview(session, by, ref, told, now)


def leave_previewed(session: Session, by: Person, ref: ImportRef, now: datetime) -> None:
    """Import nothing of it, unless it was imported."""
    if _is_first_answer(session, by, ref, now):
        _replace_preview(session, by, ref, notice(views.left_words()), now)


def _preview_key(ref: ImportRef) -> str:
    """All that its buttons carry."""
    return f"preview:{ref.message_id}:{ref.strategy_id}:{ref.file_id}"


def _is_first_answer(session: Session, by: Person, ref: ImportRef, now: datetime) -> bool:
    return seen.is_new(session, by.workspace_id, f"import:{ref.message_id}", now)


def _replace_preview(session: Session, by: Person, ref: ImportRef, payload: Payload, now: datetime) -> None:
    assert ref.message_id is not None
    outbox.enqueue_update(session, by.workspace_id, ref.message_id, payload, now=now)
