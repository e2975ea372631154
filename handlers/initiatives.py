"""Adding, listing, showing and editing initiatives."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.changes import Change, ChangeKind
from domain.errors import DomainError, FieldErrors
from domain.initiatives import MAX_NAME, Initiative, Status, with_due
from domain.people import Person, why_not_a_participant
from domain.periods import Week
from domain.reading.initiatives import read_line
from domain.reading.names import is_same_name
from domain.schedules import local_day
from domain.strategies import MAX_INITIATIVES, Strategy
from handlers.requests import (
    Command,
    Deps,
    Reply,
    Routes,
    Shortcut,
    Subcommand,
    Submission,
    View,
    opens,
    shows,
    submits,
)
from services.access import (
    choose_initiative,
    load_actor,
    load_as_lead,
    load_as_member,
    may_lead,
    require_place,
    tell_actor,
    without_shadowed,
)
from services.initiatives import count_toward_limit, hand_over_initiative, list_counted, open_edit_form
from services.kickoffs import begin_kickoff, change_kickoff, load_kickoff
from services.references import initiative_of, lead_strategy
from storage import answers, changes, initiatives, milestones, people, strategies
from storage.database import lock
from views.initiatives import forms as views
from views.initiatives import lifecycle as lifecycle_views
from views.initiatives import messages
from views.initiatives.charters import SPONSOR, partner_field
from views.initiatives.reading import read_initiative_form, read_strategy_choice
from views.kickoffs import charter_lines, confirmation_lines
from views.milestones import milestone_lines
from views.slack.blocks import Payload

WEEKS_BACK = 8
"""How old a health may be and still say something."""


async def start_initiative(deps: Deps, shortcut: Shortcut) -> None:
    """The global shortcut: the form, or first which strategy it is for."""
    view = await deps.transact(_shortcut_form, shortcut, deps.now())
    await deps.slack.open_view(shortcut.trigger_id, view)


async def choose_strategy(deps: Deps, submission: Submission) -> Reply:
    strategy_id = read_strategy_choice(submission.form.state)
    return Reply(update=await deps.transact(_chosen_form, submission, strategy_id, deps.now()))


def list_all(session: Session, command: Command, now: datetime) -> Payload:
    _, strategy = load_as_member(session, command.actor, command.channel_id)
    listed = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    since = _weeks_back(strategy.zone, now)
    last = answers.list_last_healths(session, strategy.workspace_id, strategy.id, since)
    return messages.list_message(strategy.name, listed, last)


def show(session: Session, command: Command, now: datetime) -> Payload:
    strategy, initiative = _find(session, command)
    last = answers.list_last_healths(
        session, strategy.workspace_id, strategy.id, _weeks_back(strategy.zone, now)
    ).get(initiative.id)
    kickoff = load_kickoff(session, strategy, initiative.id, now)
    steps = milestones.list_milestones(session, strategy.workspace_id, [initiative.id])[initiative.id]
    named = people.list_people(session, strategy.workspace_id, {one.person_id for one in steps})
    more = charter_lines(kickoff) + confirmation_lines(kickoff)
    today = local_day(now, strategy.zone)
    more += milestone_lines(steps, named, today)
    [initiative] = initiatives.read_metrics(session, strategy.workspace_id, [initiative], strategy.zone)
    return messages.show_message(strategy, initiative, last, today, more)


def _weeks_back(zone: str, now: datetime) -> Week:
    return Week.of(local_day(now, zone)).plus(-WEEKS_BACK)


def _find(session: Session, command: Command) -> tuple[Strategy, Initiative]:
    _, strategy = load_as_member(session, command.actor, command.channel_id)
    listing = initiatives.list_initiatives(
        session, strategy.workspace_id, strategy.id, include_closed=bool(command.text)
    )
    listing = without_shadowed(listing)
    return strategy, choose_initiative(command.text, listing, strategy, ask="Which one do you want to see:")


def add_initiative(session: Session, command: Command, now: datetime) -> View:
    """Opens the form, with what was understood of the words after `add` filled in."""
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    line = read_line(command.text, local_day(now, person.zone))
    draft = views.InitiativeDraft(
        name=line.name[:MAX_NAME], owner_id=line.owner_id, start=line.start, due=line.due
    )
    return _form_or_room(session, person, strategy, draft, command.channel_id, now)


def _form_or_room(
    session: Session,
    person: Person,
    strategy: Strategy,
    draft: views.InitiativeDraft,
    channel_id: str,
    now: datetime,
) -> View:
    """The form, or what must make room for it first."""
    counted = list_counted(session, strategy)
    if len(counted) < MAX_INITIATIVES:
        return views.add_modal(strategy, draft, channel_id, local_day(now, person.zone), person.id)
    waiting = lifecycle_views.Waiting(channel_id=channel_id, strategy_id=strategy.id, draft=draft)
    return lifecycle_views.room_modal(strategy, counted, waiting)


def _shortcut_form(session: Session, shortcut: Shortcut, now: datetime) -> View:
    person = load_actor(session, shortcut.actor)
    led = [one for one in strategies.list_strategies(session, person.workspace_id) if may_lead(one, person)]
    if not led:
        raise DomainError(
            "Only leads add initiatives, and you lead no strategy yet. "
            "Run `/rhythm setup` in a channel to set one up, or ask its lead."
        )
    if len(led) > 1:
        return views.strategy_modal(led)
    return _form_or_room(session, person, led[0], views.InitiativeDraft(), "", now)


def _chosen_form(session: Session, submission: Submission, strategy_id: int, now: datetime) -> View:
    person, strategy = lead_strategy(session, submission, strategy_id)
    return _form_or_room(session, person, strategy, views.InitiativeDraft(), "", now)


def edit_initiative(session: Session, command: Command, now: datetime) -> View:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    listing = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    initiative = choose_initiative(command.text, listing, strategy, ask="Which one do you want to edit:")
    return open_edit_form(session, strategy, initiative, person, command.channel_id)


def submit_initiative(session: Session, submission: Submission, now: datetime) -> View | None:
    """What follows in the same window: nothing, or making room when somebody was faster."""
    ref = views.InitiativeRef.read(submission.form.metadata)
    person, strategy = lead_strategy(session, submission, ref.strategy_id)
    require_place(strategy, ref.channel_id)
    lock(session, strategy.workspace_id, strategy.id)
    before = None if ref.initiative_id is None else initiative_of(session, strategy, ref.initiative_id)
    form = read_initiative_form(submission.form.state, ref, local_day(now, person.zone), before)
    _check(session, strategy, ref, form)
    if before is not None:
        _edit(session, submission, strategy, person, before, form, now)
    elif count_toward_limit(session, strategy) >= MAX_INITIATIVES:
        return _form_or_room(session, person, strategy, form.draft(), ref.channel_id, now)
    else:
        _add(session, submission, strategy, person, form, now)
    return None


def _check(
    session: Session, strategy: Strategy, ref: views.InitiativeRef, form: views.InitiativeForm
) -> None:
    """Raises FieldErrors for what the form alone cannot know."""
    problems = _check_people(session, strategy, form)
    listing = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    if any(is_same_name(one.name, form.name) and one.id != ref.initiative_id for one in listing):
        problems[views.NAME] = (
            f"{strategy.name} already has an initiative of this name. Give this one its own."
        )
    if form.goal_id not in {goal.id for goal in strategy.goals}:
        problems[views.GOAL] = "This goal has just been removed. Close the form and open it again."
    if problems:
        raise FieldErrors(problems)


def _check_people(session: Session, strategy: Strategy, form: views.InitiativeForm) -> dict[str, str]:
    """A sentence for each field that names somebody who cannot take part, or an owner as their own partner."""
    named = {views.OWNER: form.owner_id}
    if form.charter.sponsor_id is not None:
        named[SPONSOR] = form.charter.sponsor_id
    partners = {partner_field(partner.number): partner.person_id for partner in form.charter.partners}
    known = people.list_people(session, strategy.workspace_id, {*named.values(), *partners.values()})
    problems = {
        field: sentence
        for field, person_id in (named | partners).items()
        if (sentence := why_not_a_participant(known[person_id]))
    }
    for field, person_id in partners.items():
        if person_id == form.owner_id:
            problems[field] = (
                "This is its owner, who is in it already. Choose somebody else, or leave it empty."
            )
    return problems


def _add(
    session: Session,
    submission: Submission,
    strategy: Strategy,
    person: Person,
    form: views.InitiativeForm,
    now: datetime,
) -> None:
    ref = views.InitiativeRef.read(submission.form.metadata)
    wanted = Initiative(
        0,
        strategy.workspace_id,
        strategy.id,
        form.name,
        form.goal_id,
        form.owner_id,
        form.start,
        form.due,
        form.due,
        status=Status.PROPOSED,
    )
    initiative = initiatives.add_initiative(session, replace(wanted, metrics=form.metrics), now)
    change = Change(ChangeKind.ADDED, initiative.id, "", initiative.name, person.id, now)
    changes.record_change(session, strategy.workspace_id, strategy.id, change)
    kickoff = begin_kickoff(session, strategy, initiative, form.charter, person, now)
    is_own = initiative.owner_id == person.id
    told = messages.added_message(
        strategy, kickoff.initiative, kickoff.awaited, is_own=is_own, first=kickoff.first
    )
    tell_actor(session, submission.actor, strategy, ref.channel_id, told, now)


def _edit(
    session: Session,
    submission: Submission,
    strategy: Strategy,
    person: Person,
    before: Initiative,
    form: views.InitiativeForm,
    now: datetime,
) -> None:
    ref = views.InitiativeRef.read(submission.form.metadata)
    if before.status.is_closed:
        raise DomainError(f"{before.name} has been closed meanwhile, so nothing was changed.")
    wanted = replace(
        with_due(before, form.due),
        name=form.name,
        goal_id=form.goal_id,
        owner_id=form.owner_id,
        start=form.start,
        metrics=form.metrics,
    )
    after = initiatives.save_initiative(session, wanted)
    _record_edits(session, strategy, before, after, person, now)
    if after.owner_id != before.owner_id:
        hand_over_initiative(session, strategy, before, after, person, now)
    change_kickoff(session, strategy, after, form.charter, person, now)
    told = messages.saved_message(strategy, after)
    tell_actor(session, submission.actor, strategy, ref.channel_id, told, now)


def _record_edits(
    session: Session, strategy: Strategy, before: Initiative, after: Initiative, by: Person, now: datetime
) -> None:
    compared: dict[ChangeKind, tuple[str, str]] = {
        ChangeKind.NAME: (before.name, after.name),
        ChangeKind.DUE: (before.due.isoformat(), after.due.isoformat()),
    }
    for kind, (was, is_now) in compared.items():
        if was != is_now:
            change = Change(kind, after.id, was, is_now, by.id, now)
            changes.record_change(session, strategy.workspace_id, strategy.id, change)


ROUTES = Routes(
    commands={
        "/initiative": (
            Subcommand("add", "[name @owner by DATE]", "add an initiative", opens(add_initiative)),
            Subcommand("list", "", "all initiatives of the strategy", shows(list_all)),
            Subcommand("show", "NAME", "one initiative in full", shows(show)),
            Subcommand(
                "edit", "NAME", "change its name, goal, owner, dates or metrics", opens(edit_initiative)
            ),
        )
    },
    submissions={views.FORM: submits(submit_initiative), views.STRATEGY_FORM: choose_strategy},
    shortcuts={views.SHORTCUT: start_initiative},
)
