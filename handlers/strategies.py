"""Setting up a strategy, seeing how it stands, changing its schedule, pausing and resuming it."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from domain.errors import DomainError, NotFound
from domain.people import Person
from domain.strategies import Strategy
from handlers.requests import (
    Click,
    Command,
    Deps,
    Form,
    Reply,
    Routes,
    Subcommand,
    Submission,
    View,
    form_of,
    is_first,
    opens,
    redraws,
    shows,
    submits,
    tells,
    was_done,
)
from services.access import (
    load_actor,
    load_as_lead,
    load_as_member,
    load_strategy,
    may_lead,
    require_place,
    tell_actor,
    was_in,
)
from services.acts import show_history
from services.homes import renew_home
from services.quarters import open_paste_form
from services.references import lead_strategy, see_strategy
from services.reviews.posting import ask_new_leads
from services.strategies import (
    blank_strategy,
    change_schedule,
    edit_strategy,
    load_leads,
    load_to_set_up,
    pause_strategy,
    require_free_channel,
    resume_strategy,
    set_up_strategy,
    show_former,
    show_status,
)
from views import schedules as schedule_views
from views.acts import OLDER
from views.slack.blocks import Payload
from views.slack.fields import channel_of, on_what_stands, read_both
from views.slack.references import read_two_ids
from views.strategies import forms as views

GOAL_GONE = "A goal in this form has been removed. Close it and open it again, so that it shows them all."


def set_up(session: Session, command: Command, now: datetime) -> View:
    """Opens the form: empty in a channel without a strategy, filled in for its leads."""
    person = load_actor(session, command.actor)
    strategy = load_to_set_up(session, person, command.channel_id, now)
    return (
        views.setup_modal(blank_strategy(person, command.channel_id))
        if strategy is None
        else views.edit_modal(strategy, person)
    )


def begin(session: Session, click: Click, now: datetime) -> View:
    """The same form from anywhere: the channel is chosen in it."""
    person = load_actor(session, click.actor)
    return views.setup_modal(blank_strategy(person, ""))


def show_times(session: Session, click: Click, now: datetime) -> View:
    """The schedule's fields in place of its line; whatever is typed stays."""
    form, blank, _ = _setting_up(session, click)
    return {**form.view, "blocks": views.with_times(form.view.get("blocks", ()), blank)}


def show_more(session: Session, click: Click, now: datetime) -> View:
    """The fields that have defaults; whatever is typed stays."""
    form, blank, person = _setting_up(session, click)
    return {**form.view, "blocks": views.with_more(form.view.get("blocks", ()), blank, person)}


def _setting_up(session: Session, click: Click) -> tuple[Form, Strategy, Person]:
    person = load_actor(session, click.actor)
    return form_of(click), blank_strategy(person, ""), person


async def submit_strategy(deps: Deps, submission: Submission) -> Reply:
    """Whether somebody is in the channel they chose, only Slack can say."""
    channels = None
    if views.StrategyRef.read(submission.form.metadata).asks_channel:
        channels = await deps.slack.list_channels(submission.actor.person_id)
    return await deps.transact(_submit, submission, channels, deps.now())


def _submit(
    session: Session, submission: Submission, channels: tuple[str, ...] | None, now: datetime
) -> Reply:
    """What follows in the same window: nothing, or the question whether its author means not to lead."""
    ref = views.StrategyRef.read(submission.form.metadata)
    person, before = _load_edited(session, submission, ref)
    known = before or blank_strategy(person, ref.channel_id)
    state = submission.form.state
    if before and views.WITHOUT_ME not in state and ref.goal_ids == tuple(one.id for one in before.goals):
        state = on_what_stands(submission.form.view, state, views.edit_modal(before, person))
    read = partial(views.read_strategy_form, state, ref, known)
    if ref.asks_channel and not was_done(session, submission):
        chosen = channel_of(state, views.CHANNEL)
        form, _ = read_both(read, partial(require_free_channel, session, person, chosen, channels, now))
    else:
        form = read()
    leads = load_leads(session, person.workspace_id, form.leads)
    wanted = _filled(known, form)
    led = before is None or person.id in before.leads
    if led and person.id not in form.leads and not form.without_me:
        return Reply(update=views.caution_modal(wanted, state, ref, form, person))
    # Only what is done is done once: the question, and the form for the plan, come as often as the form is sent.
    is_new = is_first(session, submission, now)
    if before is None:
        if is_new:
            set_up_strategy(session, wanted, leads, person, now)
            renew_home(session, person, now)
        return _ask_for_plan(session, person, form.channel_id)
    if is_new:
        edit_strategy(session, before, wanted, form.reason, person, now)
        if before.leads != wanted.leads:
            ask_new_leads(session, wanted, now)
    return Reply()


def _ask_for_plan(session: Session, person: Person, channel_id: str) -> Reply:
    """In the same window, for whoever leads what was set up."""
    strategy = load_strategy(session, person, channel_id)
    may = may_lead(strategy, person)
    return Reply(update=open_paste_form(session, strategy, person, is_new=True) if may else None)


def _load_edited(
    session: Session, submission: Submission, ref: views.StrategyRef
) -> tuple[Person, Strategy | None]:
    """Whoever acts, and what they edit; None where they set up a channel that they are in, or choose one. Raises DomainError."""
    if ref.strategy_id is None:
        person = load_actor(session, submission.actor)
        if not (ref.asks_channel or was_in(session, person, ref.channel_id)) or ref.goal_ids:
            raise NotFound
        return person, None
    person, before = lead_strategy(session, submission, ref.strategy_id)
    require_place(before, ref.channel_id)
    known = {goal.id for goal in before.goals}
    if not known.issuperset(ref.goal_ids) or len(set(ref.goal_ids)) < len(ref.goal_ids):
        raise DomainError(GOAL_GONE)
    return person, before


def _filled(strategy: Strategy, form: views.StrategyForm) -> Strategy:
    return replace(
        strategy,
        channel_id=form.channel_id,
        name=form.name,
        why=form.why,
        goals=form.goals,
        audience=form.audience,
        difference=form.difference,
        core_message=form.core_message,
        leads=form.leads,
        zone=form.zone,
        work_pattern=form.work_pattern,
        schedule=form.schedule,
    )


def status(session: Session, command: Command, now: datetime) -> Payload:
    match command.option:
        case "":
            person, strategy = load_as_member(session, command.actor, command.channel_id)
            return show_status(session, strategy, person, now)
        case "history":
            person, strategy = load_as_member(session, command.actor, command.channel_id)
            return show_history(session, strategy, person, now)
        case "former":
            _, strategy = load_as_member(session, command.actor, command.channel_id)
            return show_former(session, strategy)
    raise DomainError(
        "Run `/rhythm status` to see how it stands, `/rhythm status history` how it changed, or "
        "`/rhythm status former` what the channel had before."
    )


def show_older(session: Session, click: Click, now: datetime) -> Payload:
    """What was done before what the message with the button shows."""
    strategy_id, act_id = read_two_ids(click.value)
    person, strategy = see_strategy(session, click, strategy_id)
    return show_history(session, strategy, person, now, act_id)


def open_schedule(session: Session, command: Command, now: datetime) -> View:
    _, strategy = load_as_lead(session, command.actor, command.channel_id)
    ref = views.StrategyRef(channel_id=command.channel_id, strategy_id=strategy.id)
    return schedule_views.schedule_modal(strategy, ref.model_dump_json())


def submit_schedule(session: Session, submission: Submission, now: datetime) -> None:
    ref = views.StrategyRef.read(submission.form.metadata)
    if ref.strategy_id is None:
        raise NotFound
    person, strategy = lead_strategy(session, submission, ref.strategy_id)
    fresh = schedule_views.schedule_modal(strategy, "")
    state = on_what_stands(submission.form.view, submission.form.state, fresh)
    schedule, reason = schedule_views.read_schedule_form(state)
    told = change_schedule(session, strategy, schedule, reason, person, now)
    tell_actor(session, submission.actor, strategy, ref.channel_id, told, now)


def pause(session: Session, command: Command, now: datetime) -> str:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    return pause_strategy(session, strategy, person, now)


def resume(session: Session, command: Command, now: datetime) -> str:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    return resume_strategy(session, strategy, person, now)


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand("setup", "", "set up this channel's strategy, or edit it", opens(set_up)),
            Subcommand(
                "status",
                "[history or former]",
                "the strategy, what comes next and what is missing",
                shows(status),
            ),
            Subcommand("schedule", "", "change the weekly times", opens(open_schedule)),
            Subcommand("pause", "", "stop check-ins and digests for a while", tells(pause)),
            Subcommand("resume", "", "start them again", tells(resume)),
        )
    },
    clicks={
        views.BEGIN: opens(begin),
        views.SHOW_TIMES: redraws(show_times),
        views.SHOW_MORE: redraws(show_more),
        OLDER: shows(show_older),
    },
    submissions={views.FORM: submit_strategy, schedule_views.FORM: submits(submit_schedule)},
)
