"""`/rhythm away` and `back`: when somebody is away, and which days they work."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import Absence, over_already, question_about
from domain.errors import NotFound
from domain.people import Person
from domain.reading.absences import absence_of, read_away, read_return
from domain.reading.dates import Days
from domain.schedules import local_day
from handlers.requests import (
    Click,
    Command,
    Reply,
    Routes,
    Subcommand,
    Submission,
    View,
    form_of,
    opens,
    redraws,
    replies,
    submits,
    tells,
)
from services.absences import end_absence, list_planned, record_absence, record_form
from services.access import load_actor, remember_in, tell_in, was_in
from services.telling import usual_pattern
from views import absences as views
from views.check_ins.prompts import AWAY
from views.slack.blocks import notice
from views.work_patterns import COUNTRY_CHOSEN, with_parts


def go_away(session: Session, command: Command, now: datetime) -> Reply:
    """With days, records them; without, or to ask about them, opens the form."""
    person = load_actor(session, command.actor)
    if not command.words.strip():
        return Reply(opened=_form(session, person, command.channel_id, None, now))
    absence = read_away(command.words, local_day(now, person.zone))
    return _note(session, person, absence, command.channel_id, now)


def click_said(session: Session, click: Click, now: datetime) -> Reply:
    """*I'm away …*: the days that words said, recorded, or asked about in the form."""
    person = load_actor(session, click.actor)
    said = views.AwaySaid.read(click.value)
    absence = absence_of(Days(said.first, said.last), local_day(now, person.zone))
    return _note(session, person, absence, click.channel_id or "", now)


def open_away(session: Session, click: Click, now: datetime) -> View:
    """*I'm away* on a prompt."""
    person = load_actor(session, click.actor)
    from_today = Absence(local_day(now, person.zone), None)
    return _form(session, person, click.channel_id or "", from_today, now)


def _note(session: Session, person: Person, absence: Absence, channel_id: str, now: datetime) -> Reply:
    today = local_day(now, person.zone)
    if question := question_about(absence, today):
        shown = over_already(absence, today) or absence
        return Reply(opened=_form(session, person, channel_id, shown, now, question))
    told = record_absence(session, person, absence, now)
    return Reply(message=notice(views.away_sentence(absence, today, told)))


def _form(
    session: Session,
    person: Person,
    channel_id: str,
    absence: Absence | None,
    now: datetime,
    question: str = "",
) -> View:
    remember_in(session, person, channel_id, now)
    usual, planned = usual_pattern(session, person), list_planned(session, person, now)
    today = local_day(now, person.zone)
    return views.away_modal(
        channel_id, person.work_pattern, usual, today, absence, planned, question=question
    )


def submit_away(session: Session, submission: Submission, now: datetime) -> View | None:
    actor = submission.actor
    person = load_actor(session, actor)
    today = local_day(now, person.zone)
    ref = views.AwayRef.read(submission.form.metadata)
    planned = list_planned(session, person, now)
    form = views.read_away_form(submission.form.state, ref, today, planned)
    question = question_about(form.absence, today) if form.absence else None
    if question and not ref.has_asked_about(form.absence):
        record_form(session, person, form.model_copy(update={"absence": None}), now)
        left = list_planned(session, person, now)
        usual = usual_pattern(session, person)
        return views.away_modal(
            ref.channel_id, form.pattern, usual, today, form.absence, left, question=question
        )
    told = record_form(session, person, form, now)
    if ref.channel_id and not was_in(session, person, ref.channel_id):
        raise NotFound
    tell_in(session, actor, ref.channel_id, notice(views.saved_sentence(form, today, told)), now)
    return None


def show_parts(session: Session, click: Click, now: datetime) -> View:
    """A country was chosen, in any form: what else it shows stays as it is."""
    load_actor(session, click.actor)
    form = form_of(click)
    return {**form.view, "blocks": with_parts(form.view.get("blocks", ()), click.value)}


def come_back(session: Session, command: Command, now: datetime) -> str:
    person = load_actor(session, command.actor)
    return end_absence(session, person, read_return(command.words, local_day(now, person.zone)), now)


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand(
                "away",
                "[FROM to TO]",
                "say when you are away, and which days you work",
                replies(go_away),
                by_button=False,
            ),
            Subcommand(
                "back",
                "[DAY]",
                "say that you are back, or cancel an absence",
                tells(come_back),
                by_button=False,
            ),
        )
    },
    clicks={
        AWAY: opens(open_away),
        views.AWAY_SAID: replies(click_said),
        COUNTRY_CHOSEN: redraws(show_parts),
    },
    submissions={views.FORM: submits(submit_away)},
)
