"""Setting up a strategy, seeing how it stands, changing its schedule, pausing and resuming it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.changes import Change, ChangeKind, Edit, edits_of
from domain.errors import DomainError, FieldErrors, NotFound
from domain.people import Person, why_not_a_participant
from domain.periods import Week
from domain.schedules import Schedule, describe, first_week_of_change
from domain.strategies import Strategy, digest_after
from domain.words import listed
from handlers.requests import Command, Deps, Reply, Routes, Subcommand, Submission, View, opens, tells
from services.access import (
    is_direct_message,
    load_actor,
    load_as_lead,
    load_strategy,
    remember_in,
    require_lead,
    require_place,
    tell_actor,
    was_in,
)
from services.planning import find_next_prompt, plan_owner, plan_strategy, replan
from services.references import lead_strategy
from services.strategies import record_edits
from storage import changes, initiatives, kpis, people, strategies
from storage.delivery import outbox, seen
from views import schedules as schedule_views
from views.changes import SHOWN_IN_HISTORY, SHOWN_IN_STATUS, history_message
from views.slack.blocks import Payload, notice
from views.strategies import forms as views
from views.strategies import messages

GOAL_GONE = (
    "A goal in this form has been removed meanwhile. Close it and open it again, so that it shows them all."
)


async def submit_strategy(deps: Deps, submission: Submission) -> Reply:
    ref = views.StrategyRef.read(submission.form.metadata)
    form = views.read_strategy_form(submission.form.state, ref)
    return Reply(update=await deps.transact(_save, submission, ref, form, deps.now()))


async def show_status(deps: Deps, command: Command) -> Reply:
    match command.text.lower():
        case "":
            status = await deps.transact(_status, command, deps.now())
            return Reply(message=messages.status_message(status))
        case "history":
            return Reply(message=await deps.transact(_history, command))
    raise DomainError(
        "Run `/rhythm status` to see how it stands, or `/rhythm status history` how it changed."
    )


async def submit_schedule(deps: Deps, submission: Submission) -> None:
    schedule, reason = schedule_views.read_schedule_form(submission.form.state)
    await deps.transact(_save_schedule, submission, schedule, reason, deps.now())


def set_up(session: Session, command: Command, now: datetime) -> View:
    """Opens the form: empty in a channel without a strategy, filled in for its leads."""
    person = load_actor(session, command.actor)
    if is_direct_message(command.channel_id):
        raise DomainError(
            "A strategy belongs to a channel: run `/rhythm setup` in the channel where your team talks."
        )
    strategy = strategies.find_strategy_by_channel(session, person.workspace_id, command.channel_id)
    if strategy is None:
        remember_in(session, person, command.channel_id, now)
        return views.setup_modal(command.channel_id, person)
    require_lead(session, strategy, person)
    return views.edit_modal(strategy, person)


def _save(
    session: Session, submission: Submission, ref: views.StrategyRef, form: views.StrategyForm, now: datetime
) -> View | None:
    """What follows in the same window: nothing, or the question whether its author means not to lead."""
    actor = submission.actor
    person, before = _load_edited(session, submission, ref)
    leads = _check_leads(session, person, form.leads)
    led = before is None or person.id in before.leads
    if led and person.id not in form.leads and not form.without_me:
        sent = _filled(before or _blank(person, ref.channel_id, form), form)
        return views.caution_modal(sent, submission.form.state, ref, form, person)
    if not seen.is_new(session, actor.workspace_id, submission.key, now):
        return None
    if before is None:
        _add(session, person, ref.channel_id, form, leads, now)
    else:
        _edit(session, person, before, form, now)
    return None


def _load_edited(
    session: Session, submission: Submission, ref: views.StrategyRef
) -> tuple[Person, Strategy | None]:
    """Whoever acts, and what they edit; None where they set up a channel that they are in. Raises DomainError."""
    if ref.strategy_id is None:
        person = load_actor(session, submission.actor)
        if not was_in(session, person, ref.channel_id) or ref.goal_ids:
            raise NotFound
        return person, None
    person, before = lead_strategy(session, submission, ref.strategy_id)
    require_place(before, ref.channel_id)
    known = {goal.id for goal in before.goals}
    if not known.issuperset(ref.goal_ids) or len(set(ref.goal_ids)) < len(ref.goal_ids):
        raise DomainError(GOAL_GONE)
    return person, before


def _blank(person: Person, channel_id: str, form: views.StrategyForm) -> Strategy:
    return Strategy(0, person.workspace_id, channel_id, "", "", (), "", "", (), form.zone, form.schedule)


def _check_leads(session: Session, person: Person, lead_ids: Iterable[str]) -> list[Person]:
    leads = list(people.list_people(session, person.workspace_id, lead_ids).values())
    if refusals := [sentence for lead in leads if (sentence := why_not_a_participant(lead))]:
        raise FieldErrors({views.LEADS: " ".join(refusals)})
    return leads


def _add(
    session: Session,
    person: Person,
    channel_id: str,
    form: views.StrategyForm,
    leads: list[Person],
    now: datetime,
) -> None:
    strategy = strategies.add_strategy(session, _filled(_blank(person, channel_id, form), form), now)
    if strategy is None:
        raise DomainError("Somebody else has just set up this channel. `/rhythm status` there shows it.")
    plan_strategy(session, strategy, now)
    announcement = messages.announcement_message(strategy, leads)
    outbox.enqueue_post(session, strategy.workspace_id, channel_id, announcement, now=now)
    told = messages.setup_message(strategy, ())
    outbox.enqueue_post(session, strategy.workspace_id, person.id, told, now=now)


def _edit(
    session: Session, person: Person, before: Strategy, form: views.StrategyForm, now: datetime
) -> None:
    edited = _filled(before, form)
    record_edits(session, before, edits_of(before, edited), form.reason, person, now)
    after = strategies.save_strategy(session, edited)
    if changed := messages.changed_words(before, after):
        if others := [word for word in changed if word not in messages.ON_RECORD]:
            _record(session, after, person, f"{listed(others)} changed", now)
        replan(session, after, now)
    listing = initiatives.list_initiatives(session, after.workspace_id, after.id)
    watched = kpis.list_kpis(session, after.workspace_id, after.id)
    told = messages.saved_message(after, listing, changed, watched)
    outbox.enqueue_post(session, after.workspace_id, person.id, told, now=now)


def _filled(strategy: Strategy, form: views.StrategyForm) -> Strategy:
    return replace(
        strategy,
        name=form.name,
        why=form.why,
        goals=form.goals,
        audience=form.audience,
        difference=form.difference,
        core_message=form.core_message,
        leads=form.leads,
        zone=form.zone,
        work_pattern=form.work_pattern,
    )


def _status(session: Session, command: Command, now: datetime) -> messages.StrategyStatus:
    person = load_actor(session, command.actor)
    strategy = load_strategy(session, person, command.channel_id)
    listing = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    owned = [initiative for initiative in listing if initiative.owner_id == person.id]
    week, digest_at = digest_after(strategy, now)
    current = strategy.schedule_for(week)
    coming = [(first, schedule) for first, schedule in strategy.schedule_changes if first > week]
    return messages.StrategyStatus(
        strategy,
        listing,
        next_prompt=find_next_prompt(session, strategy, person, owned, now),
        next_digest=digest_at,
        schedule=current,
        coming=coming[-1] if coming else None,
        kpis=kpis.list_kpis(session, strategy.workspace_id, strategy.id),
        history=changes.list_history(session, strategy.workspace_id, strategy.id, SHOWN_IN_STATUS),
    )


def _history(session: Session, command: Command) -> Payload:
    person = load_actor(session, command.actor)
    strategy = load_strategy(session, person, command.channel_id)
    found = changes.list_history(session, strategy.workspace_id, strategy.id, SHOWN_IN_HISTORY)
    return history_message(strategy, found)


def open_schedule(session: Session, command: Command, now: datetime) -> View:
    _, strategy = load_as_lead(session, command.actor, command.channel_id)
    ref = views.StrategyRef(channel_id=command.channel_id, strategy_id=strategy.id)
    return schedule_views.schedule_modal(strategy, ref.model_dump_json())


def _save_schedule(
    session: Session, submission: Submission, schedule: Schedule, reason: str, now: datetime
) -> None:
    actor = submission.actor
    ref = views.StrategyRef.read(submission.form.metadata)
    if not seen.is_new(session, actor.workspace_id, submission.key, now):
        return
    if ref.strategy_id is None:
        raise NotFound
    person, before = lead_strategy(session, submission, ref.strategy_id)
    if schedule == before.schedule:
        told = notice(f"The schedule of {before.name} stays as it was.")
        tell_actor(session, actor, before, ref.channel_id, told, now)
        return
    first = _first_week(session, before, schedule, now)
    strategies.save_schedule(session, before.workspace_id, before.id, first, schedule)
    after = strategies.get_strategy(session, before.workspace_id, before.id)
    replan(session, after, now)
    edit = Edit(ChangeKind.SCHEDULE, describe(before.schedule), describe(schedule))
    record_edits(session, after, [edit], reason, person, now)
    told = schedule_views.schedule_saved_message(after, schedule, first)
    tell_actor(session, actor, after, ref.channel_id, told, now)


def _first_week(session: Session, strategy: Strategy, schedule: Schedule, now: datetime) -> Week:
    """The first period whose prompt is still ahead of everybody by the old schedule and the new one."""
    listing = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    owners = people.list_people(session, strategy.workspace_id, {one.owner_id for one in listing})
    zones = {strategy.zone, *(owner.zone for owner in owners.values())}
    return first_week_of_change(strategy.schedule, schedule, zones, now)


def pause(session: Session, command: Command, now: datetime) -> str:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    if strategy.paused_at is not None:
        return f"{strategy.name} is already paused. `/rhythm resume` starts it again."
    strategies.pause_strategy(session, strategy.workspace_id, strategy.id, now)
    _record(session, strategy, person, "paused", now)
    notice = messages.paused_notice(strategy, person)
    outbox.enqueue_post(session, strategy.workspace_id, strategy.channel_id, notice, now=now)
    return f"{strategy.name} is paused: no check-ins and no digest until you run `/rhythm resume`."


def resume(session: Session, command: Command, now: datetime) -> str:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    if strategy.paused_at is None:
        return f"{strategy.name} is not paused. `/rhythm status` shows what comes next."
    strategies.resume_strategy(session, strategy.workspace_id, strategy.id)
    strategy = replace(strategy, paused_at=None)
    plan_strategy(session, strategy, now)
    for initiative in initiatives.list_initiatives(session, strategy.workspace_id, strategy.id):
        plan_owner(session, strategy, initiative.owner_id, now)
    _record(session, strategy, person, "resumed", now)
    notice = messages.resumed_notice(strategy, person, digest_after(strategy, now)[1])
    outbox.enqueue_post(session, strategy.workspace_id, strategy.channel_id, notice, now=now)
    return f"{strategy.name} goes on. `/rhythm status` shows what comes next."


def _record(session: Session, strategy: Strategy, person: Person, words: str, now: datetime) -> None:
    change = Change(ChangeKind.STRATEGY, None, "", words, person.id, now)
    changes.record_change(session, strategy.workspace_id, strategy.id, change)


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand("setup", "", "set up this channel's strategy, or edit it", opens(set_up)),
            Subcommand(
                "status", "[history]", "the strategy, what comes next and what is missing", show_status
            ),
            Subcommand("schedule", "", "change the weekly times", opens(open_schedule)),
            Subcommand("pause", "", "stop check-ins and digests for a while", tells(pause)),
            Subcommand("resume", "", "start them again", tells(resume)),
        )
    },
    submissions={views.FORM: submit_strategy, schedule_views.FORM: submit_schedule},
)
