"""Importing readings from a file: looked into after the form is answered, imported when the lead says so."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from domain.reading.csv_files import MAX_BYTES
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
    acts,
    is_first,
    opens,
)
from services.access import load_as_lead
from services.imports import import_previewed, leave_previewed, list_to_import, load_previewed, preview_import
from services.references import lead_strategy
from views import imports as views
from views.imports import ImportRef


async def submit(deps: Deps, submission: Submission) -> Reply:
    """Fetching the file may take longer than Slack waits, so it is looked into afterwards."""
    file_id = views.read_import_form(submission.form.state)
    ref = ImportRef(strategy_id=ImportRef.read(submission.form.metadata).strategy_id, file_id=file_id)
    await deps.transact(lead_strategy, submission, ref.strategy_id)
    return Reply(update=views.reading_modal(), after=partial(_look, ref))


async def confirm(deps: Deps, click: Click) -> Reply:
    ref = ImportRef.read(click.value)
    await deps.transact(load_previewed, click, ref)
    return Reply(after=partial(_import_file, ref))


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
    return views.import_modal(strategy, list_to_import(session, strategy))


def _preview(
    session: Session, submission: Submission, ref: ImportRef, file: SlackFile, now: datetime
) -> None:
    person, strategy = lead_strategy(session, submission, ref.strategy_id)
    if is_first(session, submission, now):
        preview_import(session, strategy, person, file.name, file.content, ref, now)


def _import(session: Session, click: Click, ref: ImportRef, file: SlackFile, now: datetime) -> None:
    person, strategy = load_previewed(session, click, ref)
    import_previewed(session, strategy, person, file.name, file.content, ref, now)


def leave(session: Session, click: Click, now: datetime) -> None:
    ref = ImportRef.read(click.value)
    person, _ = load_previewed(session, click, ref)
    leave_previewed(session, person, ref, now)


ROUTES = Routes(
    commands={
        "/kpi": (Subcommand("import", "", "import readings from a file", opens(open_form)),),
    },
    clicks={views.CONFIRM: confirm, views.LEAVE: acts(leave)},
    submissions={views.FORM: submit},
)
