"""`/rhythm away` and `back`: when somebody is away, and which days they work."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import Absence, question_about
from domain.errors import NotFound
from domain.people import Actor, Person
from domain.reading.absences import absence_of, read_away, read_return
from domain.reading.dates import Days
from domain.schedules import local_day
from handlers.requests import (
    Click,
    Command,
    Deps,
    Reply,
    Routes,
    Subcommand,
    Submission,
    View,
    form_of,
    redraws,
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


async def go_away(deps: Deps, command: Command) -> Reply | None:
    """With days, records them; without, or to ask about them, opens the form."""
    said = await deps.transact(_note_days if command.words.strip() else _open_empty, command, deps.now())
    if isinstance(said, str):
        return Reply(message=notice(said))
    await deps.slack.open_view(command.trigger_id, said)
    return None


async def click_said(deps: Deps, click: Click) -> Reply | None:
    """*I'm away …*: the days that words said, recorded, or asked about in the form."""
    said = await deps.transact(_note_said, click, deps.now())
    if isinstance(said, str):
        return Reply(message=notice(said))
    await deps.slack.open_view(click.trigger_id, said)
    return None


async def open_away(deps: Deps, click: Click) -> None:
    """*I'm away* on a prompt."""
    view = await deps.transact(_form, click.actor, click.channel_id or "", deps.now(), starts_today=True)
    await deps.slack.open_view(click.trigger_id, view)


def _open_empty(session: Session, command: Command, now: datetime) -> str | View:
    return _form(session, command.actor, command.channel_id, now)


def _note_days(session: Session, command: Command, now: datetime) -> str | View:
    person = load_actor(session, command.actor)
    absence = read_away(command.words, local_day(now, person.zone))
    return _note(session, person, absence, command.channel_id, now)


def _note_said(session: Session, click: Click, now: datetime) -> str | View:
    person = load_actor(session, click.actor)
    said = views.AwaySaid.read(click.value)
    absence = absence_of(Days(said.first, said.last), local_day(now, person.zone))
    return _note(session, person, absence, click.channel_id or "", now)


def _note(session: Session, person: Person, absence: Absence, channel_id: str, now: datetime) -> str | View:
    today = local_day(now, person.zone)
    if question := question_about(absence, today):
        remember_in(session, person, channel_id, now)
        usual, planned = usual_pattern(session, person), list_planned(session, person, now)
        return views.away_modal(
            channel_id, person.work_pattern, usual, today, absence, planned, question=question
        )
    return views.away_sentence(absence, today, record_absence(session, person, absence, now))


def _form(
    session: Session, actor: Actor, channel_id: str, now: datetime, *, starts_today: bool = False
) -> View:
    person = load_actor(session, actor)
    remember_in(session, person, channel_id, now)
    today = local_day(now, person.zone)
    absence = Absence(today, None) if starts_today else None
    planned = list_planned(session, person, now)
    return views.away_modal(
        channel_id, person.work_pattern, usual_pattern(session, person), today, absence, planned
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
                go_away,
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
    clicks={AWAY: open_away, views.AWAY_SAID: click_said, COUNTRY_CHOSEN: redraws(show_parts)},
    submissions={views.FORM: submits(submit_away)},
)
