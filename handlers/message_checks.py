"""Whether what shipped carried the core message: asked of owners with the last prompt before a review."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.requests import Click, Routes, Submission, View, opens, submits
from services.check_ins.answering import load_answering
from services.message_checks import load_message_checks, record_message_checks
from views import message_checks as views
from views.slack.fields import on_what_stands
from views.slack.references import read_id


def open_checks(session: Session, click: Click, now: datetime) -> View:
    ctx = load_answering(session, click, read_id(click.value), now)
    return views.check_modal(load_message_checks(session, ctx))


def submit_checks(session: Session, submission: Submission, now: datetime) -> None:
    ctx = load_answering(session, submission, read_id(submission.form.metadata), now)
    checks = load_message_checks(session, ctx)
    form = submission.form
    state = on_what_stands(form.view, form.state, views.check_modal(checks))
    given, taken_back = views.read_checks(state, checks, ctx.actor.id, now)
    record_message_checks(session, ctx, given, taken_back, now)


ROUTES = Routes(clicks={views.ACTION: opens(open_checks)}, submissions={views.FORM: submits(submit_checks)})
