"""Saying that a success metric and a KPI are one number, or are not."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.joins import Pair
from domain.people import Person
from domain.strategies import Strategy
from handlers.requests import Click, Routes, Submission, View, opens, submits, tells
from services.access import require_place, tell_actor
from services.joins import join, load_pair, refuse
from services.references import Request, kpi_of, lead_initiative
from views import joins as views
from views.slack.blocks import notice


def open_form(session: Session, click: Click, now: datetime) -> View:
    ref = views.JoinRef.read(click.value)
    _, _, pair = _load(session, click, ref)
    return views.join_modal(pair, ref)


def submit(session: Session, submission: Submission, now: datetime) -> View | None:
    """Where several metrics became KPIs at once, the next one follows in the same window."""
    ref = views.JoinRef.read(submission.form.metadata)
    person, strategy, pair = _load(session, submission, ref)
    join(session, strategy, pair, views.read_join_form(submission.form.state, pair), person, now)
    told = notice(views.joined_words(pair))
    tell_actor(session, submission.actor, strategy, ref.channel_id, told, now)
    following = ref.next()
    if following is None:
        return None
    _, _, pair = _load(session, submission, following)
    return views.join_modal(pair, following)


def refuse_pair(session: Session, click: Click, now: datetime) -> str:
    person, strategy, pair = _load(session, click, views.JoinRef.read(click.value))
    refuse(session, strategy, pair, person, now)
    return views.refused_words(pair)


def _load(session: Session, request: Request, ref: views.JoinRef) -> tuple[Person, Strategy, Pair]:
    """Two that may be one number, for a lead. Raises DomainError."""
    person, strategy, initiative = lead_initiative(session, request, ref.initiative_id)
    require_place(strategy, ref.channel_id)
    kpi = kpi_of(session, strategy, ref.kpi_id)
    return person, strategy, load_pair(session, strategy, initiative, ref.metric_id, kpi)


ROUTES = Routes(
    clicks={views.OFFER: opens(open_form), views.REFUSE: tells(refuse_pair)},
    submissions={views.FORM: submits(submit)},
)
