"""Recording KPI readings: from `/kpi update`, from the weekly prompt, from files and from outside."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.kpis import CHECK_IN, COMMAND, Kpi
from domain.people import Person
from domain.reading.csv_files import MAX_NOTE
from domain.reading.kpis import read_value_and_note
from domain.schedules import local_day
from domain.strategies import Strategy
from handlers.requests import (
    Click,
    Command,
    Reply,
    Routes,
    Subcommand,
    Submission,
    View,
    opens,
    replies,
    submits,
)
from services.access import load_as_member, remember_in, require_place, tell_actor
from services.mentions import read_words
from services.notes.messages import answer_questions
from services.notes.readings import KPI
from services.readings import Given, choose_reported, record_reading, withdraw_reading
from services.references import Request, check_in_of, report_kpi
from views import readings as views
from views.slack.fields import untouched


def update(session: Session, command: Command, now: datetime) -> Reply:
    """`/kpi update NAME VALUE [note]`; with a name alone, or a value to ask about, it opens the form."""
    person, strategy = load_as_member(session, command.actor, command.channel_id)
    today = local_day(now, person.zone)
    words = read_words(session, person.workspace_id, command.text)
    kpi, rest = choose_reported(session, strategy, person, words, today)
    ref = views.ReadingRef(kpi_id=kpi.id, channel_id=command.channel_id)
    if not rest:
        remember_in(session, person, command.channel_id, now)
        known = kpi.latest if kpi.latest and kpi.latest.on == today else None
        return Reply(opened=views.reading_modal(kpi, ref, today, known))
    try:
        line = read_value_and_note(rest, kpi, today)
    except ValueError as problem:
        raise DomainError(str(problem)) from None
    if len(line.note) > MAX_NOTE:
        raise DomainError(
            f"The note has {len(line.note):,} characters, and I keep {MAX_NOTE}. Please shorten it."
        )
    form = views.ReadingForm(line.value, line.on or today, line.note)
    if views.reading_question(kpi, form):
        remember_in(session, person, command.channel_id, now)
        return Reply(opened=views.reading_modal(kpi, ref, today, form))
    given = Given(kpi, form.on, line.value, form.note)
    return Reply(message=record_reading(session, strategy, given, COMMAND, person, now))


def open_form(session: Session, click: Click, now: datetime) -> View:
    ref = views.read_reference(click.value)
    person, strategy, kpi = _load(session, click, ref)
    known = None
    if ref.check_in_id is not None:
        asked = check_in_of(session, strategy, ref.check_in_id)
        known = kpi.given_since(asked.due_at, local_day(asked.due_at, person.zone))
    return views.reading_modal(kpi, ref, local_day(now, person.zone), known)


def submit(session: Session, submission: Submission, now: datetime) -> View | None:
    """An unlikely value is asked about in the same window; saved again, it is meant."""
    ref = views.ReadingRef.read(submission.form.metadata)
    person, strategy, kpi = _load(session, submission, ref)
    today = local_day(now, person.zone)
    state = submission.form.state
    form = views.read_reading_form(state, kpi, today, untouched(submission.form.view, state))
    if ref.asked != str(form.value) and views.reading_question(kpi, form):
        return views.reading_modal(kpi, ref, today, form)
    if form.value is None:
        [standing] = (reading for reading in kpi.readings if reading.on == form.on)
        told = withdraw_reading(session, strategy, standing, person, now)
    else:
        given = Given(kpi, form.on, form.value, form.note)
        source = COMMAND if ref.check_in_id is None else CHECK_IN
        told = record_reading(session, strategy, given, source, person, now)
    if ref.note is not None:
        answer_questions(session, submission, ref.note, KPI, [kpi.id], now)
    elif ref.check_in_id is None:
        tell_actor(session, submission.actor, strategy, ref.channel_id, told, now)
    return None


def _load(session: Session, request: Request, ref: views.ReadingRef) -> tuple[Person, Strategy, Kpi]:
    """A KPI that the person may report, and nothing that does not go with it. Raises DomainError."""
    person, strategy, kpi = report_kpi(session, request, ref.kpi_id)
    require_place(strategy, ref.channel_id)
    if ref.check_in_id is not None:
        check_in_of(session, strategy, ref.check_in_id)
    return person, strategy, kpi


ROUTES = Routes(
    commands={
        "/kpi": (Subcommand("update", "NAME VALUE [note]", "record where it stands today", replies(update)),),
    },
    clicks={views.UPDATE: opens(open_form)},
    submissions={views.FORM: submits(submit)},
)
