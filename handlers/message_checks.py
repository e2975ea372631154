"""Whether what shipped carried the core message: asked of owners with the last prompt before a review."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from handlers.requests import Click, Routes, Submission, View, opens, submits
from services.check_ins import Answering, find_message_checks, load_answering, redraw_check_in
from storage import reviews
from views import message_checks as views
from views.slack.references import read_id


def open_checks(session: Session, click: Click, now: datetime) -> View:
    ctx = load_answering(session, click, read_id(click.value), now)
    return views.check_modal(_asked(session, ctx))


def _asked(session: Session, ctx: Answering) -> views.MessageChecks:
    checks = find_message_checks(session, ctx)
    if checks is None or not checks.asked:
        raise DomainError("There is nothing to say about the core message any more: the initiatives changed.")
    return checks


def submit_checks(session: Session, submission: Submission, now: datetime) -> None:
    ctx = load_answering(session, submission, read_id(submission.form.metadata), now)
    given = views.read_checks(submission.form.state, _asked(session, ctx), ctx.actor.id, now)
    reviews.save_checks(session, ctx.strategy.workspace_id, given)
    redraw_check_in(session, ctx, now)


ROUTES = Routes(clicks={views.ACTION: opens(open_checks)}, submissions={views.FORM: submits(submit_checks)})
