"""Adding, listing, editing and retiring KPIs."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.changes import Change, ChangeKind, Edit
from domain.errors import DomainError, FieldErrors
from domain.kpis import Kpi, require_room, vanity_hint
from domain.people import Person, why_not_a_participant
from domain.reading.names import is_same_name
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import show_number
from handlers.requests import (
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
from services.access import choose_kpi, load_as_lead, load_as_member, require_place, tell_actor
from services.check_ins.prompts import redraw_open_check_ins
from services.planning import plan_owner
from services.references import kpi_of, lead_strategy
from services.strategies import record_edits
from storage import changes, kpis, people
from storage.database import lock
from storage.delivery import outbox
from views.kpis import forms as views
from views.kpis import messages
from views.slack.blocks import Payload


def list_all(session: Session, command: Command, now: datetime) -> Payload:
    _, strategy = load_as_member(session, command.actor, command.channel_id)
    listing = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    return messages.list_message(strategy, listing, local_day(now, strategy.zone))


def add(session: Session, command: Command, now: datetime) -> View:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    require_room(len(kpis.list_kpis(session, strategy.workspace_id, strategy.id)))
    ref = views.KpiRef(channel_id=command.channel_id, strategy_id=strategy.id)
    draft = views.KpiDraft(name=command.text[: views.MAX_NAME])
    return views.add_modal(strategy, draft, ref, local_day(now, person.zone))


def edit(session: Session, command: Command, now: datetime) -> View:
    _, strategy = load_as_lead(session, command.actor, command.channel_id)
    kpi = _named(session, strategy, command.text, "Which one do you want to edit:")
    return views.edit_modal(strategy, kpi, command.channel_id)


def _named(session: Session, strategy: Strategy, typed: str, ask: str) -> Kpi:
    listing = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    return choose_kpi(typed, listing, strategy, ask=ask)


def retire(session: Session, command: Command, now: datetime) -> str:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    kpi = _named(session, strategy, command.text, "Which one do you want to retire:")
    kpis.save_kpi(session, replace(kpi, retired_at=now))
    change = Change(ChangeKind.KPI_RETIRED, None, "", kpi.name, person.id, now)
    changes.record_change(session, strategy.workspace_id, strategy.id, change)
    owner = people.get_person(session, strategy.workspace_id, kpi.owner_id)
    redraw_open_check_ins(session, owner, now)
    left = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    return messages.retired_words(kpi, len(left))


def submit(session: Session, submission: Submission, now: datetime) -> View | None:
    """What follows in the same window: nothing, or a caution about the name."""
    ref = views.KpiRef.read(submission.form.metadata)
    person, strategy = lead_strategy(session, submission, ref.strategy_id)
    require_place(strategy, ref.channel_id)
    lock(session, strategy.workspace_id, strategy.id)
    before = _before(session, strategy, ref)
    form = views.read_kpi_form(submission.form.state, before, local_day(now, person.zone))
    owner = _check(session, strategy, form, before)
    instead = vanity_hint(form.name)
    is_kept = (
        before is not None and before.vanity_kept_by is not None and is_same_name(before.name, form.name)
    )
    if instead and not form.keeps_vanity and not is_kept:
        return views.caution_modal(strategy, submission.form.state, ref, instead)
    kept_by = None if instead is None else before.vanity_kept_by if before and is_kept else person.id
    after = _filled(strategy, form, before, kept_by)
    if before is None:
        require_room(len(kpis.list_kpis(session, strategy.workspace_id, strategy.id)))
        after = kpis.add_kpi(session, after, now)
        change = Change(ChangeKind.KPI_ADDED, None, "", after.name, person.id, now)
        changes.record_change(session, strategy.workspace_id, strategy.id, change)
    else:
        record_edits(session, strategy, _edits(before, after), form.reason, person, now)
        kpis.save_kpi(session, after)
    _tell(session, submission, strategy, (before, after), (person, owner), now)
    return None


def _before(session: Session, strategy: Strategy, ref: views.KpiRef) -> Kpi | None:
    if ref.kpi_id is None:
        return None
    before = kpi_of(session, strategy, ref.kpi_id)
    if before.retired_at is not None:
        raise DomainError("This KPI has been retired meanwhile, so nothing was changed.")
    return before


def _check(session: Session, strategy: Strategy, form: views.KpiForm, before: Kpi | None) -> Person:
    """The owner; raises FieldErrors for what the form alone cannot know."""
    problems = {}
    owner = people.get_person(session, strategy.workspace_id, form.owner_id)
    if sentence := why_not_a_participant(owner):
        problems[views.OWNER] = sentence
    own_id = before.id if before else None
    listing = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    if any(is_same_name(one.name, form.name) and one.id != own_id for one in listing):
        problems[views.NAME] = f"{strategy.name} already has a KPI of this name. Give this one its own."
    if form.goal_id not in {goal.id for goal in strategy.goals}:
        problems[views.GOAL] = "This goal has just been removed. Close the form and open it again."
    first = kpis.find_first_day(session, strategy.workspace_id, own_id) if own_id else None
    if before and first and (form.unit, form.kind) != (before.unit, before.kind):
        problems[views.UNIT] = (
            f"Its readings are kept in {before.unit or before.kind.value}. Retire this KPI and add one in the other unit."
        )
    if first and first < form.baseline_on:
        problems[views.BASELINE_ON] = f"It has a reading of {first}. The baseline cannot be later than that."
    if problems:
        raise FieldErrors(problems)
    return owner


def _filled(strategy: Strategy, form: views.KpiForm, before: Kpi | None, vanity_kept_by: str | None) -> Kpi:
    return Kpi(
        id=before.id if before else 0,
        workspace_id=strategy.workspace_id,
        strategy_id=strategy.id,
        goal_id=form.goal_id,
        name=form.name,
        kind=form.kind,
        unit=form.unit,
        direction=form.direction,
        baseline=form.baseline,
        baseline_on=form.baseline_on,
        target=form.target,
        target_on=form.target_on,
        owner_id=form.owner_id,
        cadence=form.cadence,
        if_short=form.if_short,
        vanity_kept_by=vanity_kept_by,
        created_at=before.created_at if before else None,
        latest=before.latest if before else None,
    )


def _edits(before: Kpi, after: Kpi) -> list[Edit]:
    """The changes that need a reason: of the target, its day and its direction."""
    was, is_now = (_line_words(kpi) for kpi in (before, after))
    edit = Edit(ChangeKind.KPI_TARGET, f"{before.name}, {was}", f"{after.name}, {is_now}")
    return [edit] if was != is_now else []


def _line_words(kpi: Kpi) -> str:
    return f"{kpi.direction.value} {show_number(kpi.target, kpi.unit)} by {kpi.target_on}"


def _tell(
    session: Session,
    submission: Submission,
    strategy: Strategy,
    kpi: tuple[Kpi | None, Kpi],
    who: tuple[Person, Person],
    now: datetime,
) -> None:
    """The lead sees the numbers as read; a new owner is asked with their prompts and told so once."""
    before, after = kpi
    person, owner = who
    ref = views.KpiRef.read(submission.form.metadata)
    if before is None or before.owner_id != owner.id:
        plan_owner(session, strategy, owner.id, now)
        if owner.id != person.id:
            told = messages.owner_message(strategy, after, person)
            outbox.enqueue_post(session, strategy.workspace_id, owner.id, told, now=now)
        if before is not None:
            former = people.get_person(session, strategy.workspace_id, before.owner_id)
            redraw_open_check_ins(session, former, now)
    count = len(kpis.list_kpis(session, strategy.workspace_id, strategy.id))
    told = messages.saved_message(strategy, after, is_new=before is None, count=count)
    tell_actor(session, submission.actor, strategy, ref.channel_id, told, now)


ROUTES = Routes(
    commands={
        "/kpi": (
            Subcommand("add", "[name]", "opens(add) a KPI", opens(add)),
            Subcommand("list", "", "all KPIs, each against its target", shows(list_all)),
            Subcommand("edit", "NAME", "change its target, owner or anything else", opens(edit)),
            Subcommand("retire", "NAME", "watch it no longer; its readings are kept", tells(retire)),
        )
    },
    submissions={views.FORM: submits(submit)},
)
