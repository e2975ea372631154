"""Whether what shipped carried the core message: asked of owners with the last prompt before a review."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from handlers.requests import Click, Deps, Routes, Submission, View
from services.check_ins import Answering, find_message_checks, load_answering, redraw_check_in
from storage import reviews
from storage.delivery import seen
from views import message_checks as views
from views.slack.references import read_id


async def open_checks(deps: Deps, click: Click) -> None:
    view = await deps.transact(_form, click, deps.now())
    await deps.slack.open_view(click.trigger_id, view)


async def submit_checks(deps: Deps, submission: Submission) -> None:
    await deps.transact(_save, submission, deps.now())


def _form(session: Session, click: Click, now: datetime) -> View:
    ctx = load_answering(session, click, read_id(click.value), now)
    return views.check_modal(_asked(session, ctx))


def _asked(session: Session, ctx: Answering) -> views.MessageChecks:
    checks = find_message_checks(session, ctx)
    if checks is None or not checks.asked:
        raise DomainError("There is nothing to say about the core message any more: the initiatives changed.")
    return checks


def _save(session: Session, submission: Submission, now: datetime) -> None:
    if not seen.is_new(session, submission.actor.workspace_id, submission.key, now):
        return
    ctx = load_answering(session, submission, read_id(submission.form.metadata), now)
    given = views.read_checks(submission.form.state, _asked(session, ctx), ctx.actor.id, now)
    reviews.save_checks(session, ctx.strategy.workspace_id, given)
    redraw_check_in(session, ctx, now)


ROUTES = Routes(clicks={views.ACTION: open_checks}, submissions={views.FORM: submit_checks})
