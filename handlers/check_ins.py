"""Answering check-ins: one click, the form, *Same as last week*, and `/checkin`."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import snooze_until
from domain.check_ins import Answer, BlockerOutcome, CheckInState, Via
from domain.errors import DomainError
from domain.healths import Health
from domain.initiatives import Initiative, Status, has_started
from domain.people import Person
from domain.reading.mentions import find_mentioned
from domain.rituals import Due, Ritual
from domain.schedules import prompt_instant
from domain.strategies import Strategy, next_prompt_week, pattern_of
from handlers.requests import (
    Click,
    Command,
    Deps,
    Reply,
    Routes,
    Subcommand,
    Submission,
    View,
    opens,
    redraws,
    replies,
    submits,
)
from services.access import lead_names, load_actor, may_lead, may_see
from services.check_ins import (
    Answering,
    build_answering,
    build_prompt,
    load_answering,
    record_answers,
    redraw_check_in,
)
from services.decisions import open_decision, require_decider
from services.retrospectives import finish_milestone
from storage import absences, check_ins, initiatives, milestones, people, rituals, strategies
from views.check_ins import forms
from views.check_ins import prompts as views
from views.check_ins.follow_ups import RESOLVED, STILL
from views.decisions.forms import WHOM, read_ask
from views.milestones import read_done
from views.slack.fields import State, read_both
from views.slack.references import read_id, read_two_ids


async def click_health(deps: Deps, click: Click) -> Reply | None:
    """Stored at once; at risk and off track then ask why in a form that may just be closed."""
    health = views.HEALTH_ACTIONS[click.action_id]
    view = await deps.transact(record_click, click, health, deps.now())
    if view is not None:
        recorded = f"{health.label.capitalize()} is recorded."
        await deps.slack.open_view(click.trigger_id, view, recorded=recorded)
    return None


def record_click(session: Session, click: Click, health: Health, now: datetime) -> View | None:
    check_in_id, initiative_id = read_two_ids(click.value)
    ctx = load_answering(session, click, check_in_id, now)
    ctx.initiative(initiative_id)
    standing = ctx.check_in.answer_for(initiative_id) or Answer(initiative_id)
    if standing.health is not health:
        ctx = record_answers(session, ctx, [replace(standing, health=health, via=Via.CLICK)], now)
    if health is Health.ON_TRACK:
        return None
    line = ctx.line(initiative_id)
    prefilled = replace(line.answer, blocker=line.answer.blocker or line.blocker)
    return forms.trouble_modal(ctx.check_in, line.initiative, prefilled)


def show_update(session: Session, click: Click, now: datetime) -> View:
    """The form of one initiative: from the prompt, or in the window of the list of `/checkin`."""
    check_in_id, initiative_id = read_two_ids(click.value)
    ctx = load_answering(session, click, check_in_id, now)
    return forms.update_modal(build_prompt(session, ctx, now), ctx.line(initiative_id))


def _load_form(session: Session, submission: Submission, now: datetime) -> tuple[Answering, int]:
    check_in_id, initiative_id = read_two_ids(submission.form.metadata)
    return load_answering(session, submission, check_in_id, now), initiative_id


def submit_check_in(session: Session, submission: Submission, now: datetime) -> View | None:
    ctx, initiative_id = _load_form(session, submission, now)
    line = ctx.line(initiative_id)
    state = submission.form.state
    answer, ask = read_both(
        lambda: forms.read_update(state, line.initiative, line.answer),
        lambda: read_ask(state, ctx.strategy.zone, now, is_optional=True),
    )
    if ask is not None:
        require_decider(session, ctx.strategy.workspace_id, ask.decider_id, WHOM)
        about = {"initiative_id": initiative_id, "check_in_id": ctx.check_in.id}
        open_decision(session, ctx.strategy, ask, by=ctx.actor, now=now, **about)
    if initiative_id in ctx.blockers:
        outcome = BlockerOutcome.STILL if answer.blocker else BlockerOutcome.RESOLVED
        answer = replace(answer, last_blocker=outcome)
    _finish_milestones(session, line.initiative, state, ctx.actor, now)
    ctx = record_answers(session, ctx, [replace(answer, via=Via.FORM)], now)
    if ctx.check_in.message_id is None and ctx.check_in.missing:
        return forms.list_modal([build_prompt(session, ctx, now)])
    return None


def _finish_milestones(
    session: Session, initiative: Initiative, state: State, by: Person, now: datetime
) -> None:
    known = milestones.list_milestones(session, initiative.workspace_id, [initiative.id])[initiative.id]
    ticked = read_done(state, known)
    for milestone in known:
        if milestone.id in ticked:
            finish_milestone(session, initiative, milestone, by.id, now)


def submit_trouble(session: Session, submission: Submission, now: datetime) -> None:
    ctx, initiative_id = _load_form(session, submission, now)
    blocker, need = forms.read_trouble(submission.form.state)
    standing = ctx.line(initiative_id).answer
    if (blocker, need) != (standing.blocker, standing.need):
        record_answers(session, ctx, [replace(standing, blocker=blocker, need=need, via=Via.FORM)], now)


def settle_blocker(session: Session, click: Click, now: datetime) -> None:
    """Whether what was in the way last week still is."""
    check_in_id, initiative_id = read_two_ids(click.value)
    ctx = load_answering(session, click, check_in_id, now)
    line = ctx.line(initiative_id)
    if not line.blocker:
        raise DomainError("You have answered that already. *Edit* changes what stands recorded.")
    settled = replace(line.answer, last_blocker=BlockerOutcome.RESOLVED)
    if click.action_id == STILL:
        settled = replace(line.answer, last_blocker=BlockerOutcome.STILL, blocker=line.blocker)
    record_answers(session, ctx, [settled], now)


def repeat_last_week(session: Session, click: Click, now: datetime) -> Reply | None:
    """Copies health and next of each initiative not answered yet; records no reading."""
    ctx = load_answering(session, click, read_id(click.value), now)
    same = [
        replace(line.answer, health=line.last.health, next=line.answer.next or line.last.next, via=Via.SAME)
        for line in (ctx.line(initiative.id) for initiative in ctx.initiatives)
        if line.answer.health is None and line.last is not None and line.last.health is not None
    ]
    if not same:
        raise DomainError("There is no last week to repeat. Choose a health for each initiative instead.")
    record_answers(session, ctx, same, now)
    return None


def snooze(session: Session, click: Click, now: datetime) -> Reply | None:
    ctx = load_answering(session, click, read_id(click.value), now)
    if ctx.check_in.is_answered:
        raise DomainError("All is recorded already, so there is nothing to remind you of.")
    strategy, owner, period = ctx.strategy, ctx.owner, str(ctx.check_in.period)
    claimed = rituals.list_claimed(session, strategy.workspace_id, strategy.id, period, owner.id)
    free = [ritual for ritual in (Ritual.REMINDER_1, Ritual.REMINDER_2) if ritual not in claimed]
    if not free:
        raise DomainError(
            "You have had two reminders this week, and more would be a nuisance. Run `/checkin` any time."
        )
    planned = absences.list_absences(session, strategy.workspace_id, [owner.id])[owner.id]
    at = snooze_until(now, owner.zone, pattern_of(strategy, owner), planned)
    rituals.set_due(session, Due(strategy.workspace_id, strategy.id, free[0], owner.id, period, at))
    check_ins.update_check_in(session, ctx.check_in, snoozed_until=at)
    redraw_check_in(session, ctx, now)
    return None


def open_check_ins(session: Session, request: Command, now: datetime) -> View:
    """`/checkin`, or `/checkin @person` for a lead: opens what is open."""
    actor = load_actor(session, request.actor)
    owner = _whose(session, request, actor)
    open_now = _open_check_ins(session, owner, actor, now)
    if not open_now:
        open_now = _first_early(session, owner, actor, now)
    if not open_now:
        raise DomainError(_nothing_to_answer(owner, actor))
    missing = [(ctx, i) for ctx in open_now for i in ctx.check_in.missing if _has(ctx, i)]
    if len(missing) == 1 and len(open_now) == 1:
        ctx, initiative_id = missing[0]
        return forms.update_modal(build_prompt(session, ctx, now), ctx.line(initiative_id))
    prompts = [build_prompt(session, ctx, now) for ctx in open_now]
    return forms.list_modal(prompts, "" if missing else "Everything is answered for this week.")


def _has(ctx: Answering, initiative_id: int) -> bool:
    return any(initiative.id == initiative_id for initiative in ctx.initiatives)


def _whose(session: Session, request: Command, actor: Person) -> Person:
    """The caller, or the person named, for whom a lead may answer."""
    if not request.text:
        return actor
    named = find_mentioned(request.text)
    if named is None:
        raise DomainError("Name the person with @, like `/checkin @ben`, or run `/checkin` for your own.")
    owner = people.get_person(session, actor.workspace_id, named)
    theirs = strategies.list_strategies_of(session, actor.workspace_id, owner.id)
    shared = [one for one in theirs if may_see(session, one, actor, request.channel_id)]
    is_leading = actor.is_admin or any(may_lead(strategy, actor) for strategy in theirs)
    if owner.id != actor.id and not is_leading:
        raise DomainError(
            f"Only {owner.name}, or for them a lead of their strategy, can answer this check-in: "
            f"{lead_names(session, actor.workspace_id, shared)}."
        )
    return owner


def _open_check_ins(session: Session, owner: Person, actor: Person, now: datetime) -> list[Answering]:
    """The owner's current check-ins that the actor may answer, with something in them to answer."""
    found = []
    for check_in in check_ins.list_current(session, owner.workspace_id, owner.id, now):
        strategy = strategies.get_strategy(session, owner.workspace_id, check_in.strategy_id)
        if actor.id != owner.id and not may_lead(strategy, actor):
            continue
        ctx = build_answering(session, strategy, check_in, actor)
        if ctx.initiatives:
            found.append(ctx)
    return found


def _first_early(session: Session, owner: Person, actor: Person, now: datetime) -> list[Answering]:
    """Before the first prompt: the check-in of the week to come."""
    return [
        _early(session, strategy, owner, actor, now)
        for strategy in strategies.list_strategies_of(session, owner.workspace_id, owner.id)
        if initiatives.list_owned(session, owner.workspace_id, owner.id, strategy.id)
        and (actor.id == owner.id or may_lead(strategy, actor))
    ]


def _early(session: Session, strategy: Strategy, owner: Person, actor: Person, now: datetime) -> Answering:
    week = next_prompt_week(strategy, owner.zone, now)
    at = prompt_instant(strategy.schedule_for(week), week, owner.zone)
    owned = initiatives.list_owned(
        session, owner.workspace_id, owner.id, strategy.id, statuses=(Status.ACTIVE,)
    )
    check_in = check_ins.add_check_in(
        session,
        workspace_id=owner.workspace_id,
        strategy_id=strategy.id,
        person_id=owner.id,
        period=week,
        state=CheckInState.EARLY,
        due_at=at,
        initiative_ids=[i.id for i in owned if has_started(i, at, owner.zone)],
    )
    return build_answering(session, strategy, check_in, actor)


def answer_early(session: Session, click: Click, now: datetime) -> View:
    ctx = load_answering(session, click, read_id(click.value), now)
    early = _early(session, ctx.strategy, ctx.owner, ctx.actor, now)
    prompt = build_prompt(session, early, now)
    if len(early.initiatives) == 1:
        return forms.update_modal(prompt, early.line(early.initiatives[0].id))
    return forms.list_modal([prompt], "Answered now, it spares you the next prompt.")


def _nothing_to_answer(owner: Person, actor: Person) -> str:
    if owner.id != actor.id:
        return f"{owner.name} owns no active initiative, so there is nothing to answer."
    return (
        "You own no active initiative, so there is nothing to answer. `/initiative list` shows who owns what."
    )


ROUTES = Routes(
    commands={
        "/checkin": (
            Subcommand("", "", "answer or edit your check-ins now", opens(open_check_ins)),
            Subcommand(
                "",
                "@person",
                "a lead answers for somebody, marked as by the lead",
                opens(open_check_ins),
                by_button=False,
            ),
        )
    },
    clicks={
        **dict.fromkeys(views.HEALTH_ACTIONS, click_health),
        views.UPDATE: opens(show_update),
        forms.CHOOSE: redraws(show_update),
        RESOLVED: replies(settle_blocker),
        STILL: replies(settle_blocker),
        views.SAME: replies(repeat_last_week),
        views.SNOOZE: replies(snooze),
        forms.EARLY: redraws(answer_early),
    },
    submissions={forms.FORM: submits(submit_check_in), forms.TROUBLE_FORM: submits(submit_trouble)},
)
