"""Importing readings from a CSV file: looked into after the form is answered, imported when the lead says so."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from domain.errors import DomainError, NotFound
from domain.people import Person
from domain.reading.csv_files import MAX_BYTES, BadFileError
from domain.strategies import Strategy
from handlers.requests import (
    Click,
    Command,
    Deps,
    Reply,
    Routes,
    SlackFile,
    Subcommand,
    Submission,
    View,
    opens,
)
from services.access import load_as_lead
from services.imports import apply_import, plan_import
from services.references import lead_strategy
from storage import kpis
from storage.delivery import outbox, seen
from views import imports as views
from views.imports import ImportRef
from views.slack.blocks import notice


async def submit(deps: Deps, submission: Submission) -> Reply:
    """Fetching the file may take longer than Slack waits, so it is looked into afterwards."""
    file_id = views.read_import_form(submission.form.state)
    ref = ImportRef(strategy_id=ImportRef.read(submission.form.metadata).strategy_id, file_id=file_id)
    await deps.transact(lead_strategy, submission, ref.strategy_id)
    return Reply(update=views.reading_modal(), after=partial(_look, ref))


async def confirm(deps: Deps, click: Click) -> Reply:
    ref = ImportRef.read(click.value)
    await deps.transact(_load, click, ref)
    return Reply(after=partial(_import_file, ref))


async def leave(deps: Deps, click: Click) -> None:
    ref = ImportRef.read(click.value)
    await deps.transact(_leave, click, ref, deps.now())


async def _look(ref: ImportRef, deps: Deps, submission: Submission) -> Reply | None:
    file = await deps.slack.read_file(ref.file_id, submission.actor.person_id, MAX_BYTES)
    await deps.transact(_preview, submission, ref, file, deps.now())
    return None


async def _import_file(ref: ImportRef, deps: Deps, click: Click) -> Reply | None:
    file = await deps.slack.read_file(ref.file_id, click.actor.person_id, MAX_BYTES)
    await deps.transact(_import, click, ref, file, deps.now())
    return None


def open_form(session: Session, command: Command, now: datetime) -> View:
    _, strategy = load_as_lead(session, command.actor, command.channel_id)
    listing = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    if not listing:
        raise DomainError(
            f"{strategy.name} has no KPIs yet, so there is nothing to import readings for. Run `/kpi add`."
        )
    return views.import_modal(strategy, listing)


def _load(session: Session, click: Click, ref: ImportRef) -> tuple[Person, Strategy, int]:
    """Whoever may import what a preview showed them, and that preview's message."""
    person, strategy = lead_strategy(session, click, ref.strategy_id)
    if ref.message_id is None or not seen.was_met(session, person.workspace_id, _preview_key(ref)):
        raise NotFound
    return person, strategy, ref.message_id


def _preview_key(ref: ImportRef) -> str:
    """All that its buttons carry."""
    return f"preview:{ref.message_id}:{ref.strategy_id}:{ref.file_id}"


def _preview(
    session: Session, submission: Submission, ref: ImportRef, file: SlackFile, now: datetime
) -> None:
    person, strategy = lead_strategy(session, submission, ref.strategy_id)
    if not seen.is_new(session, person.workspace_id, submission.key, now):
        return
    try:
        plan = plan_import(session, strategy, file.content, now)
    except BadFileError as bad:
        told = views.problems_message(file.name, bad.problems)
        outbox.enqueue_post(session, person.workspace_id, person.id, told, now=now)
        return
    # The buttons name the message they stand in, whose id is there once it is queued.
    shown = views.preview_message(file.name, strategy, plan, ref)
    message_id = outbox.enqueue_post(session, person.workspace_id, person.id, shown, now=now)
    ref = ref.model_copy(update={"message_id": message_id})
    shown = views.preview_message(file.name, strategy, plan, ref)
    outbox.enqueue_update(session, person.workspace_id, message_id, shown, now=now)
    seen.is_new(session, person.workspace_id, _preview_key(ref), now)


def _import(session: Session, click: Click, ref: ImportRef, file: SlackFile, now: datetime) -> None:
    person, strategy, message_id = _load(session, click, ref)
    if not _is_first(session, ref, person, now):
        raise DomainError("This file has been answered for already.")
    try:
        plan = apply_import(session, strategy, file.content, person, now)
    except BadFileError as bad:
        told = views.problems_message(file.name, bad.problems)
    else:
        told = notice(views.imported_words(file.name, len(plan.new)))
    outbox.enqueue_update(session, person.workspace_id, message_id, told, now=now)


def _leave(session: Session, click: Click, ref: ImportRef, now: datetime) -> None:
    person, _, message_id = _load(session, click, ref)
    if _is_first(session, ref, person, now):
        told = notice(views.left_words())
        outbox.enqueue_update(session, person.workspace_id, message_id, told, now=now)


def _is_first(session: Session, ref: ImportRef, person: Person, now: datetime) -> bool:
    return seen.is_new(session, person.workspace_id, f"import:{ref.message_id}", now)


ROUTES = Routes(
    commands={
        "/kpi": (Subcommand("import", "", "import readings from a CSV file", opens(open_form)),),
    },
    clicks={views.CONFIRM: confirm, views.LEAVE: leave},
    submissions={views.FORM: submit},
)
