"""What happened to a reading unlike those before it: asked of a KPI's owner with the weekly prompt."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.schedules import local_day
from handlers.requests import Click, Routes, Submission, View, opens, submits
from services.signals import Explaining, load_explaining, record_words
from views import signals as views
from views.slack.fields import on_what_stands
from views.slack.references import read_id


def open_form(session: Session, click: Click, now: datetime) -> View:
    return _form(load_explaining(session, click, read_id(click.value)), now)


def _form(found: Explaining, now: datetime) -> View:
    line = views.SignalLine(found.kpi, found.signal)
    return views.signal_modal(line, local_day(now, found.actor.zone))


def submit(session: Session, submission: Submission, now: datetime) -> None:
    found = load_explaining(session, submission, read_id(submission.form.metadata))
    form = submission.form
    state = on_what_stands(form.view, form.state, _form(found, now))
    record_words(session, found, views.read_words(state, found.signal), now)


ROUTES = Routes(clicks={views.ACTION: opens(open_form)}, submissions={views.FORM: submits(submit)})
