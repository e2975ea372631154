"""Adding, listing, showing and editing initiatives."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.initiatives import Initiative
from domain.people import Person
from domain.reading.initiatives import read_line
from domain.schedules import local_day
from domain.strategies import MAX_INITIATIVES, Strategy
from handlers.requests import (
    Command,
    Reply,
    Routes,
    Shortcut,
    Subcommand,
    Submission,
    View,
    opens,
    replies,
    shows,
    submits,
)
from services.access import load_actor, load_as_lead, load_as_member, require_place, tell_actor
from services.initiatives.editing import (
    add_initiative,
    change_initiative,
    choose_named,
    hold_initiatives,
    open_add_form,
    open_edit_form,
    require_fitting,
)
from services.initiatives.lifecycle import list_counted
from services.initiatives.messages import show_initiative, show_initiatives
from services.kpis import hold_watched
from services.references import initiative_of, lead_strategy
from services.strategies import list_led
from views.initiatives import forms as views
from views.initiatives import lifecycle as lifecycle_views
from views.initiatives.lines import draft_of_line
from views.initiatives.reading import read_initiative_form, read_strategy_choice
from views.joins import choose_modal
from views.slack.blocks import Payload
from views.slack.fields import on_what_stands


def list_all(session: Session, command: Command, now: datetime) -> Payload:
    _, strategy = load_as_member(session, command.actor, command.channel_id)
    return show_initiatives(session, strategy, now)


def show(session: Session, command: Command, now: datetime) -> Payload:
    _, strategy = load_as_member(session, command.actor, command.channel_id)
    return show_initiative(session, strategy, command.words, now)


def add(session: Session, command: Command, now: datetime) -> View:
    """Opens the form, with what was understood of the words after `add` filled in."""
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    item, unread = read_line(command.text, local_day(now, person.zone))
    draft = draft_of_line(strategy, item, unread)
    counted = list_counted(session, strategy)
    return _form_or_room(session, person, strategy, counted, draft, command.channel_id, now)


def start(session: Session, shortcut: Shortcut, now: datetime) -> View:
    """The global shortcut: the form, or first which strategy it is for."""
    person = load_actor(session, shortcut.actor)
    led = list_led(session, person)
    if not led:
        raise DomainError(
            "Only leads add initiatives, and you lead no strategy yet. "
            "Run `/rhythm setup` in a channel to set one up, or ask its lead."
        )
    if len(led) > 1:
        return views.strategy_modal(led)
    return _blank_form(session, person, led[0], now)


def choose_strategy(session: Session, submission: Submission, now: datetime) -> Reply:
    strategy_id = read_strategy_choice(submission.form.state)
    person, strategy = lead_strategy(session, submission, strategy_id)
    return Reply(update=_blank_form(session, person, strategy, now))


def _blank_form(session: Session, person: Person, strategy: Strategy, now: datetime) -> View:
    counted = list_counted(session, strategy)
    return _form_or_room(session, person, strategy, counted, views.InitiativeDraft(), "", now)


def _form_or_room(
    session: Session,
    person: Person,
    strategy: Strategy,
    counted: Sequence[Initiative],
    draft: views.InitiativeDraft,
    channel_id: str,
    now: datetime,
) -> View:
    """The form, or what must make room for it first."""
    if len(counted) < MAX_INITIATIVES:
        return open_add_form(session, strategy, draft, person, channel_id, now)
    waiting = lifecycle_views.Waiting(channel_id=channel_id, strategy_id=strategy.id, draft=draft)
    return lifecycle_views.room_modal(strategy, counted, waiting, local_day(now, strategy.zone))


def edit(session: Session, command: Command, now: datetime) -> View:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    initiative = choose_named(session, strategy, command.words, "Which one do you want to edit:")
    return open_edit_form(session, strategy, initiative, person, command.channel_id)


def submit(session: Session, submission: Submission, now: datetime) -> View | None:
    """What follows in the same window: nothing, or making room when somebody was faster."""
    ref = views.InitiativeRef.read(submission.form.metadata)
    person, strategy = lead_strategy(session, submission, ref.strategy_id)
    require_place(strategy, ref.channel_id)
    listed = hold_initiatives(session, strategy)
    before = None if ref.initiative_id is None else initiative_of(session, strategy, ref.initiative_id)
    today, watched = local_day(now, person.zone), hold_watched(session, strategy)
    state = submission.form.state
    if before is not None and ref.metric_ids == tuple(metric.id for metric in before.metrics):
        fresh = open_edit_form(session, strategy, before, person, ref.channel_id)
        state = on_what_stands(submission.form.view, state, fresh)
    form = read_initiative_form(state, ref, today, before, watched)
    require_fitting(session, strategy, [one for one in listed if one.id != ref.initiative_id], form)
    counted = [one for one in listed if one.status.counts_toward_limit]
    if before is not None:
        edited = change_initiative(session, strategy, before, form, person, now)
    elif len(counted) >= MAX_INITIATIVES:
        return _form_or_room(
            session, person, strategy, counted, views.draft_of(form, form.charter), ref.channel_id, now
        )
    else:
        edited = add_initiative(session, strategy, form, person, now)
    tell_actor(session, submission.actor, strategy, ref.channel_id, edited.told, now)
    return choose_modal(edited.to_choose, ref.channel_id)


ROUTES = Routes(
    commands={
        "/initiative": (
            Subcommand("add", "[name @owner by DATE]", "add an initiative", opens(add)),
            Subcommand("list", "", "all initiatives of the strategy", shows(list_all)),
            Subcommand("show", "NAME", "one initiative in full", shows(show)),
            Subcommand("edit", "NAME", "change its name, goal, owner, dates or metrics", opens(edit)),
        )
    },
    submissions={views.FORM: submits(submit), views.STRATEGY_FORM: replies(choose_strategy)},
    shortcuts={views.SHORTCUT: opens(start)},
)
