"""Pausing, resuming and closing initiatives, and making room for a sixth."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.decisions import Decision
from domain.errors import NotFound
from domain.initiatives import Initiative, Status, require_move
from domain.people import Person
from domain.schedules import local_day
from domain.strategies import MAX_INITIATIVES, Strategy
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
from services.access import load_as_lead, require_place, tell_actor
from services.decisions.lists import list_open_asks
from services.initiatives.editing import choose_named, open_add_form
from services.initiatives.lifecycle import change_status, list_counted
from services.references import initiative_of, lead_initiative
from views.initiatives import lifecycle as views
from views.initiatives.forms import InitiativeDraft
from views.slack.blocks import notice
from views.slack.references import read_id


def pause_initiative(session: Session, command: Command, now: datetime) -> str:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    ask = "Which one do you want to pause:"
    initiative = choose_named(session, strategy, command.words, ask, Status.ACTIVE, Status.PROPOSED)
    return change_status(session, strategy, initiative, Status.PAUSED, person, now)


def resume_initiative(session: Session, command: Command, now: datetime) -> Reply:
    """Resumes it, or opens what must make room for it."""
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    ask = "Which one do you want to resume:"
    initiative = choose_named(session, strategy, command.words, ask, Status.PAUSED)
    require_move(initiative, Status.ACTIVE)
    counted = list_counted(session, strategy)
    if len(counted) >= MAX_INITIATIVES:
        waiting = views.Waiting(
            channel_id=command.channel_id, strategy_id=strategy.id, resume_id=initiative.id
        )
        return Reply(opened=views.room_modal(strategy, counted, waiting, local_day(now, strategy.zone)))
    return Reply(message=notice(change_status(session, strategy, initiative, Status.ACTIVE, person, now)))


def close_initiative(session: Session, command: Command, now: datetime) -> View:
    _, strategy = load_as_lead(session, command.actor, command.channel_id)
    ask = "Which one do you want to close:"
    initiative = choose_named(
        session, strategy, command.words, ask, Status.PROPOSED, Status.ACTIVE, Status.PAUSED
    )
    ref = views.CloseRef(channel_id=command.channel_id, initiative_id=initiative.id)
    return _closing_form(session, strategy, initiative, ref, now)


def _closing_form(
    session: Session, strategy: Strategy, initiative: Initiative, ref: views.CloseRef, now: datetime
) -> View:
    today = local_day(now, strategy.zone)
    return views.close_modal(initiative, ref, today, _open_asks(session, strategy, initiative))


def _open_asks(session: Session, strategy: Strategy, initiative: Initiative) -> list[Decision]:
    waiting = list_open_asks(session, strategy)
    return [decision for decision in waiting if decision.initiative_id == initiative.id]


def submit_closing(session: Session, submission: Submission, now: datetime) -> View | None:
    ref = views.CloseRef.read(submission.form.metadata)
    form = views.read_close_form(submission.form.state)
    person, strategy, initiative = lead_initiative(session, submission, ref.initiative_id)
    require_place(strategy, ref.channel_id)
    done = change_status(session, strategy, initiative, form.status, person, now, form.why, asks=form.asks)
    if ref.waiting is not None:
        return _go_on(session, person, strategy, ref.waiting, done, now)
    tell_actor(session, submission.actor, strategy, ref.channel_id, notice(done), now)
    return None


def _load_to_leave(session: Session, click: Click) -> tuple[Person, Strategy, Initiative, views.Waiting]:
    """What is to make room, and what waits for it."""
    waiting = views.Waiting.read(form_of(click).metadata)
    person, strategy, initiative = lead_initiative(session, click, read_id(click.value))
    _find_waiting(session, strategy, waiting)
    return person, strategy, initiative, waiting


def _find_waiting(session: Session, strategy: Strategy, waiting: views.Waiting) -> Initiative | None:
    """The initiative to resume, if it is one that waits. Raises NotFound for anything of another strategy."""
    require_place(strategy, waiting.channel_id)
    if waiting.strategy_id != strategy.id:
        raise NotFound
    return None if waiting.resume_id is None else initiative_of(session, strategy, waiting.resume_id)


def make_room_by_pausing(session: Session, click: Click, now: datetime) -> View:
    person, strategy, initiative, waiting = _load_to_leave(session, click)
    done = change_status(session, strategy, initiative, Status.PAUSED, person, now)
    return _go_on(session, person, strategy, waiting, done, now)


def make_room_by_closing(session: Session, click: Click, now: datetime) -> View:
    _, strategy, initiative, waiting = _load_to_leave(session, click)
    ref = views.CloseRef(channel_id=waiting.channel_id, initiative_id=initiative.id, waiting=waiting)
    return _closing_form(session, strategy, initiative, ref, now)


def _go_on(
    session: Session, person: Person, strategy: Strategy, waiting: views.Waiting, done: str, now: datetime
) -> View:
    """What waited for room: the form as it was typed, or the initiative to resume."""
    resumed = _find_waiting(session, strategy, waiting)
    if resumed is None:
        draft = waiting.draft or InitiativeDraft()
        return open_add_form(session, strategy, draft, person, waiting.channel_id, now)
    return views.done_modal(
        f"{done}\n{change_status(session, strategy, resumed, Status.ACTIVE, person, now)}"
    )


ROUTES = Routes(
    commands={
        "/initiative": (
            Subcommand("pause", "NAME", "ask nobody about it for a while", tells(pause_initiative)),
            Subcommand("resume", "NAME", "take it up again", replies(resume_initiative)),
            Subcommand("close", "NAME", "completed or stopped", opens(close_initiative)),
        )
    },
    clicks={
        views.PAUSE_ONE: redraws(make_room_by_pausing, recorded="It is paused."),
        views.CLOSE_ONE: redraws(make_room_by_closing),
    },
    submissions={views.CLOSE_FORM: submits(submit_closing)},
)
