"""Retrospectives: what was expected, what happened, what to keep and what to change."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.requests import Click, Routes, Submission, View, opens, submits
from services.retrospectives import load_retrospective, record_retrospective
from views import retrospectives as views
from views.slack.references import read_id


def open_form(session: Session, click: Click, now: datetime) -> View:
    return views.retrospective_modal(load_retrospective(session, click, read_id(click.value)))


def submit_form(session: Session, submission: Submission, now: datetime) -> None:
    words = views.read_retrospective(submission.form.state)
    looking = load_retrospective(session, submission, read_id(submission.form.metadata))
    record_retrospective(session, looking, words, now)


ROUTES = Routes(clicks={views.OPEN: opens(open_form)}, submissions={views.FORM: submits(submit_form)})
