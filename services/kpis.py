"""KPIs from being added to being retired: what is watched, who is asked for it, what changed of it and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.changes import Change, ChangeKind, Edit
from domain.errors import FieldErrors
from domain.joins import why_other_unit, why_other_way
from domain.kpis import Kpi, changed_fields, require_room
from domain.people import Person, why_not_a_participant
from domain.reading.names import is_same_name
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import full_day, listed, show_number
from services.access import choose_kpi
from services.check_ins.prompts import redraw_open_check_ins
from services.joins import list_alike, part_all
from services.kickoffs.messages import extend_kickoff
from services.planning import plan_owner
from services.strategies import record_edits
from services.telling import tell_person
from storage import acts, changes, initiatives, kpis, people
from storage.database import lock
from views.joins import with_offers
from views.kpis import forms as views
from views.kpis import messages
from views.kpis.words import month_words
from views.slack.blocks import Payload


def show_kpis(session: Session, strategy: Strategy, now: datetime) -> Payload:
    """Each against its target and the line to it."""
    watched = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    return messages.list_message(strategy, watched, local_day(now, strategy.zone))


def require_room_for_kpi(session: Session, strategy: Strategy) -> None:
    """Raises DomainError where there are as many as a strategy may watch."""
    require_room(len(kpis.list_kpis(session, strategy.workspace_id, strategy.id)))


def choose_to_edit(session: Session, strategy: Strategy, typed: str) -> Kpi:
    """By its name. Raises DomainError or Choose, as `choose_kpi` does."""
    watched = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    return choose_kpi(typed, watched, strategy, ask="Which one do you want to edit:")


def hold_watched(session: Session, strategy: Strategy) -> list[Kpi]:
    """What is watched; nobody else adds to it or changes it before this transaction ends."""
    lock(session, strategy.workspace_id, strategy.id)
    return kpis.list_kpis(session, strategy.workspace_id, strategy.id)


def require_fitting(
    session: Session, strategy: Strategy, watched: Sequence[Kpi], form: views.KpiForm, before: Kpi | None
) -> None:
    """Raises FieldErrors for what the form alone cannot know."""
    problems = {}
    owner = people.get_person(session, strategy.workspace_id, form.owner_id)
    if sentence := why_not_a_participant(owner):
        problems[views.OWNER] = sentence
    own_id = before.id if before else None
    if any(is_same_name(one.name, form.name) and one.id != own_id for one in watched):
        problems[views.NAME] = f"{strategy.name} already has a KPI of this name. Give this one its own."
    if form.goal_id not in {goal.id for goal in strategy.goals}:
        problems[views.GOAL] = "This goal has just been removed. Close the form and open it again."
    if before:
        problems |= _apart_from_metrics(session, strategy, before, form)
    first = kpis.find_first_day(session, strategy.workspace_id, own_id) if own_id else None
    if before and first and (form.unit, form.kind) != (before.unit, before.kind):
        problems[views.UNIT] = (
            f"Its readings are kept in {before.unit or 'plain numbers'}. Retire this KPI and add one in the other unit."
        )
    if first and first < form.baseline_on:
        problems[views.BASELINE_ON] = (
            f"It has a reading of {full_day(first)}. Choose that day or one before: a baseline comes first."
        )
    if problems:
        raise FieldErrors(problems)


def kpi_of_form(
    strategy: Strategy, form: views.KpiForm, before: Kpi | None, vanity_kept_by: str | None
) -> Kpi:
    """What its form says; `before` is what is edited."""
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
        months=form.months,
        owner_id=form.owner_id,
        cadence=form.cadence,
        if_short=form.if_short,
        vanity_kept_by=vanity_kept_by,
        created_at=before.created_at if before else None,
        readings=before.readings if before else (),
    )


def _apart_from_metrics(
    session: Session, strategy: Strategy, before: Kpi, form: views.KpiForm
) -> dict[str, str]:
    """A sentence where success metrics that are this KPI would no longer go with it."""
    after = replace(before, name=form.name, unit=form.unit, direction=form.direction)
    problems = {}
    for initiative in initiatives.list_initiatives(session, strategy.workspace_id, strategy.id):
        for metric in initiative.metrics:
            if metric.kpi_id == before.id:
                also = f"It is also {metric.name} of {initiative.name}: keep them apart first, with `/initiative edit {initiative.name}`."
                if why_other_unit(metric.unit, after):
                    problems[views.UNIT] = also
                if why_other_way(metric.is_up, after):
                    problems[views.DIRECTION] = also
    return problems


def add_kpi(
    session: Session, strategy: Strategy, watched: Sequence[Kpi], wanted: Kpi, by: Person, now: datetime
) -> Payload:
    """Its owner is asked for it from the next prompt on; says to whoever added it how the numbers were read.

    Raises DomainError where there are as many as a strategy may watch.
    """
    added = watch_kpi(session, strategy, watched, wanted, by, now)
    tell_reporters(session, strategy, [added], by, now)
    told = messages.saved_message(strategy, added, is_new=True, count=len(watched) + 1)
    return _with_offers(session, strategy, added, told)


def watch_kpi(
    session: Session, strategy: Strategy, watched: Sequence[Kpi], wanted: Kpi, by: Person, now: datetime
) -> Kpi:
    """The same, and nobody is told yet. Raises DomainError where there are as many as a strategy may watch."""
    require_room(len(watched))
    added = kpis.add_kpi(session, wanted, now)
    _record(session, strategy, ChangeKind.KPI_ADDED, added, by, now)
    plan_owner(session, strategy, added.owner_id, now)
    return added


def tell_reporters(
    session: Session, strategy: Strategy, added: Sequence[Kpi], by: Person, now: datetime
) -> None:
    """Each of their owners hears of all that are theirs in one message, that of their kickoff if it came just now."""
    for owner_id in dict.fromkeys(kpi.owner_id for kpi in added if kpi.owner_id != by.id):
        if extend_kickoff(session, strategy, owner_id, now):
            continue
        told = messages.owner_message(strategy, [kpi for kpi in added if kpi.owner_id == owner_id], by)
        tell_person(session, strategy.workspace_id, owner_id, told, now, strategy=strategy)


def change_kpi(
    session: Session,
    strategy: Strategy,
    watched: Sequence[Kpi],
    before: Kpi,
    after: Kpi,
    why: str,
    by: Person,
    now: datetime,
) -> Payload:
    """The same for one of those watched; a new owner is asked in the former one's place.

    Raises FieldErrors where the change needs a reason.
    """
    edits, edited = _edits(before, after), changed_fields(before, after)
    record_edits(session, strategy, edits, why, by, now)
    after = before.changed_to(after, now)
    if edits or edited:
        kpis.save_kpi(session, after)
    if edited:
        new_owner = after.owner_id if after.owner_id != before.owner_id else None
        act = Act(
            ActKind.KPI_EDITED,
            by.id,
            now,
            after.name,
            after=listed(edited),
            about_id=new_owner,
            thing_id=after.id,
        )
        acts.add_act(session, strategy.workspace_id, strategy.id, act)
    if before.owner_id != after.owner_id:
        plan_owner(session, strategy, after.owner_id, now)
        tell_reporters(session, strategy, [after], by, now)
        former = people.get_person(session, strategy.workspace_id, before.owner_id)
        redraw_open_check_ins(session, former, now)
    told = messages.saved_message(strategy, after, is_new=False, count=len(watched))
    return _with_offers(session, strategy, after, told)


def _with_offers(session: Session, strategy: Strategy, kpi: Kpi, told: Payload) -> Payload:
    """With the success metrics that it may be by their names."""
    listed = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    return with_offers(told, list_alike(session, strategy, listed, [kpi]))


def retire_kpi(session: Session, strategy: Strategy, typed: str, by: Person, now: datetime) -> str:
    """The one named is watched no longer; its readings are kept. Returns the sentence for whoever did it.

    Raises DomainError or Choose.
    """
    watched = hold_watched(session, strategy)
    kpi = choose_kpi(typed, watched, strategy, ask="Which one do you want to retire:")
    listed = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    part_all(session, strategy, listed, by, now, kpi.id)
    kpis.save_kpi(session, replace(kpi, retired_at=now))
    _record(session, strategy, ChangeKind.KPI_RETIRED, kpi, by, now)
    owner = people.get_person(session, strategy.workspace_id, kpi.owner_id)
    redraw_open_check_ins(session, owner, now)
    return messages.retired_words(kpi, len(watched) - 1)


def _edits(before: Kpi, after: Kpi) -> list[Edit]:
    """The changes that need a reason: of anything on the way from baseline to target."""
    was, is_now = (_line_words(kpi) for kpi in (before, after))
    edit = Edit(ChangeKind.KPI_TARGET, f"{before.name}, {was}", f"{after.name}, {is_now}")
    return [edit] if was != is_now else []


def _line_words(kpi: Kpi) -> str:
    begins = f"from {show_number(kpi.baseline, kpi.unit)} on {full_day(kpi.baseline_on)}"
    by_month = f" ({month_words(kpi)})" if kpi.months else ""
    return f"{begins} {kpi.direction.value} {show_number(kpi.target, kpi.unit)} by {full_day(kpi.target_on)}{by_month}"


def _record(
    session: Session, strategy: Strategy, kind: ChangeKind, kpi: Kpi, by: Person, now: datetime
) -> None:
    change = Change(kind, None, "", kpi.name, by.id, now)
    changes.record_change(session, strategy.workspace_id, strategy.id, change)
