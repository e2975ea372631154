"""Settling whether a message was posted: by whom it was asked, or by the clock once nobody has answered."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from handlers.requests import Click, Deps, Routes, Submission, View, acts, opens, submits
from services.restores import ask_about_restored, settle_restored
from services.telling import send_what_waited
from services.troubles import channel_of, list_overdue, load_doubt, post_again, settle_found, settle_overdue
from views import restores
from views import troubles as views
from views.slack.references import read_id


async def settle_all_overdue(deps: Deps, now: datetime) -> None:
    """What was set aside long enough ago, each in its own transaction; before it, what waited for working time."""
    while await deps.transact(send_what_waited, deps.workspace_id, now):
        pass
    overdue = await deps.transact(list_overdue, deps.workspace_id, now)
    for outbox_id in overdue:
        await deps.transact(settle_overdue, deps.workspace_id, outbox_id, now)
    if overdue:
        await deps.transact(ask_about_restored, deps.workspace_id, now)


def ask_where(session: Session, click: Click, now: datetime) -> View:
    """*It is there…* asks for its link: without knowing where it stands nothing can be added to it."""
    doubt, place = load_doubt(session, click, read_id(click.value))
    return views.link_modal(place, doubt.text, doubt.id)


def send_again(session: Session, click: Click, now: datetime) -> None:
    doubt, place = load_doubt(session, click, read_id(click.value))
    post_again(session, doubt, place, click.actor.person_id, now)


def take_link(session: Session, submission: Submission, now: datetime) -> None:
    doubt, place = load_doubt(session, submission, read_id(submission.form.metadata))
    link = views.read_link(
        submission.form.state,
        channel_id=channel_of(session, doubt, place),
        thread_ts=doubt.thread_ts,
        created_at=doubt.created_at,
    )
    settle_found(session, doubt, place, link, submission.actor.person_id, now)


ROUTES = Routes(
    clicks={
        views.AGAIN: acts(send_again),
        views.THERE: opens(ask_where),
        restores.AGAIN: acts(partial(settle_restored, again=True)),
        restores.THERE: acts(partial(settle_restored, again=False)),
    },
    submissions={views.LINK_FORM: submits(take_link)},
)
