"""The next quarter of a channel, and what can be read of those before."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.schedules import local_day
from handlers.requests import Click, Reply, Routes, Submission, View, is_first, opens, replies, shows, tells
from services.decisions.lists import list_asks
from services.drafts.editing import find_draft, show_draft
from services.exports import send_strategy
from services.initiatives.messages import show_initiatives
from services.kpis import show_kpis
from services.quarters import begin_next_quarter, gather_next, open_next, open_paste_form
from services.references import lead_former, lead_strategy, see_former
from views import quarters as views
from views.decisions.messages import list_message
from views.drafts.forms import draft_modal, notice_modal
from views.slack.blocks import Payload
from views.slack.references import read_id


def open_form(session: Session, click: Click, now: datetime) -> View:
    """Filled in with what there is."""
    person, strategy = lead_strategy(session, click, read_id(click.value))
    return open_next(session, strategy, person, now)


def submit(session: Session, submission: Submission, now: datetime) -> Reply:
    """What goes on follows in the same window, as the draft of the strategy that begins."""
    ref = views.QuarterRef.read(submission.form.metadata)
    if not is_first(session, submission, now):
        return Reply(update=notice_modal("The next quarter has begun; `/rhythm import` shows its plan."))
    person, strategy = lead_strategy(session, submission, ref.strategy_id)
    if ref.channel_id != strategy.channel_id or not {goal.id for goal in strategy.goals} >= set(ref.goal_ids):
        raise NotFound
    listing, watched = gather_next(session, strategy)
    ids, kpi_ids = {one.id for one in listing}, {one.id for one in watched}
    today = local_day(now, person.zone)
    form = views.read_next_form(submission.form.state, ref, ids, kpi_ids, today)
    following = begin_next_quarter(session, strategy, form, person, now)
    kept = find_draft(session, following, now)
    if kept is None:
        return Reply(update=open_paste_form(session, following, person, is_new=True))
    return Reply(update=draft_modal(show_draft(session, following, kept, person, now)))


def show_former_initiatives(session: Session, click: Click, now: datetime) -> Payload:
    _, strategy = see_former(session, click, read_id(click.value))
    return show_initiatives(session, strategy, now)


def show_former_kpis(session: Session, click: Click, now: datetime) -> Payload:
    _, strategy = see_former(session, click, read_id(click.value))
    return show_kpis(session, strategy, now)


def show_former_decisions(session: Session, click: Click, now: datetime) -> Payload:
    person, strategy = see_former(session, click, read_id(click.value))
    found = list_asks(session, strategy, "past", person, now)
    return list_message(strategy, "past", found, now, person.id)


def export_former(session: Session, click: Click, now: datetime) -> str:
    person, strategy = lead_former(session, click, read_id(click.value))
    return send_strategy(session, strategy, person, now)


ROUTES = Routes(
    clicks={
        views.NEXT: opens(open_form),
        views.INITIATIVES: shows(show_former_initiatives),
        views.KPIS: shows(show_former_kpis),
        views.DECISIONS: shows(show_former_decisions),
        views.EXPORT: tells(export_former),
    },
    submissions={views.FORM: replies(submit)},
)
