"""Adding, listing, editing and retiring KPIs."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.kpis import Kpi, require_watched, vanity_hint
from domain.reading.kpis import read_kpi_line
from domain.reading.names import is_same_name
from domain.schedules import local_day
from domain.strategies import Strategy
from handlers.requests import (
    Click,
    Command,
    Routes,
    Subcommand,
    Submission,
    View,
    opens,
    shows,
    submits,
    tells,
)
from services.access import load_as_lead, load_as_member, require_place, tell_actor
from services.kpis import (
    add_kpi,
    change_kpi,
    choose_to_edit,
    hold_watched,
    kpi_of_form,
    require_fitting,
    require_room_for_kpi,
    retire_kpi,
    show_kpis,
)
from services.references import kpi_of, lead_strategy
from views.kpis import forms as views
from views.kpis.lines import draft_of_line
from views.slack.blocks import Payload
from views.slack.fields import on_what_stands


def list_all(session: Session, command: Command, now: datetime) -> Payload:
    _, strategy = load_as_member(session, command.actor, command.channel_id)
    return show_kpis(session, strategy, now)


def add(session: Session, command: Command, now: datetime) -> View:
    """Opens the form, with what was understood of the words after `add` filled in."""
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    require_room_for_kpi(session, strategy)
    ref = views.KpiRef(channel_id=command.channel_id, strategy_id=strategy.id)
    today = local_day(now, person.zone)
    return views.add_modal(strategy, draft_of_line(strategy, *read_kpi_line(command.text, today)), ref, today)


def serve_goal(session: Session, click: Click, now: datetime) -> View:
    """The form of a KPI that is for no goal any more, with the goal that it is perhaps for."""
    ref = views.ServeRef.read(click.value)
    _, strategy = lead_strategy(session, click, ref.strategy_id)
    kpi = kpi_of(session, strategy, ref.kpi_id)
    if ref.goal_id not in {goal.id for goal in strategy.goals}:
        raise NotFound
    require_watched(kpi)
    return views.edit_modal(strategy, kpi, "", ref.goal_id)


def edit(session: Session, command: Command, now: datetime) -> View:
    _, strategy = load_as_lead(session, command.actor, command.channel_id)
    kpi = choose_to_edit(session, strategy, command.words)
    return views.edit_modal(strategy, kpi, command.channel_id)


def retire(session: Session, command: Command, now: datetime) -> str:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    return retire_kpi(session, strategy, command.words, person, now)


def submit(session: Session, submission: Submission, now: datetime) -> View | None:
    """What follows in the same window: nothing, or a caution about the name."""
    ref = views.KpiRef.read(submission.form.metadata)
    person, strategy = lead_strategy(session, submission, ref.strategy_id)
    require_place(strategy, ref.channel_id)
    watched = hold_watched(session, strategy)
    before = _before(session, strategy, ref)
    state = submission.form.state
    if before is not None and views.KEEP not in state:
        fresh = views.edit_modal(strategy, before, ref.channel_id)
        # A goal that nobody touched may be the one that a button filled in.
        chosen = {views.GOAL: state.get(views.GOAL, {})}
        state = {**on_what_stands(submission.form.view, state, fresh), **chosen}
    form = views.read_kpi_form(state, before, local_day(now, person.zone))
    require_fitting(session, strategy, watched, form, before)
    instead = vanity_hint(form.name)
    is_kept = (
        before is not None and before.vanity_kept_by is not None and is_same_name(before.name, form.name)
    )
    if instead and not form.keeps_vanity and not is_kept:
        return views.caution_modal(strategy, state, ref, instead)
    kept_by = None if instead is None else before.vanity_kept_by if before and is_kept else person.id
    wanted = kpi_of_form(strategy, form, before, kept_by)
    if before is None:
        told = add_kpi(session, strategy, watched, wanted, person, now)
    else:
        told = change_kpi(session, strategy, watched, before, wanted, form.reason, person, now)
    tell_actor(session, submission.actor, strategy, ref.channel_id, told, now)
    return None


def _before(session: Session, strategy: Strategy, ref: views.KpiRef) -> Kpi | None:
    if ref.kpi_id is None:
        return None
    before = kpi_of(session, strategy, ref.kpi_id)
    require_watched(before)
    return before


ROUTES = Routes(
    commands={
        "/kpi": (
            Subcommand("add", "[name from→to by DATE @owner]", "add a KPI", opens(add)),
            Subcommand("list", "", "all KPIs, each against its target", shows(list_all)),
            Subcommand("edit", "NAME", "change its target, owner or anything else", opens(edit)),
            Subcommand("retire", "NAME", "watch it no longer; its readings are kept", tells(retire)),
        )
    },
    clicks={f"{views.SERVE}.{number}": opens(serve_goal) for number in range(views.MOST_SERVING)},
    submissions={views.FORM: submits(submit)},
)
