"""Initiatives added and changed: checked against what is there, recorded, and told to whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.changes import Change, ChangeKind
from domain.errors import DomainError, FieldErrors
from domain.initiatives import Initiative, Status, with_due
from domain.joins import Pair
from domain.kickoffs import Charter, Confirmation, changed_fields
from domain.people import Person, why_not_a_participant
from domain.reading.names import is_same_name
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.success_metrics import metric_edits, with_history
from domain.words import listed
from services.access import choose_initiative
from services.initiatives.owners import find_offered, is_running, offer_to
from services.joins import list_alike, settle_joins
from services.kickoffs.asks import ask_new_owner, begin_kickoff, change_kickoff, partners_of
from services.kickoffs.messages import send_kickoff
from services.strategies import record_edits
from services.telling import tell_unless_left
from storage import acts, changes, initiatives, kickoffs, kpis, people
from storage.database import lock
from views.initiatives import forms as views
from views.initiatives import messages
from views.initiatives.charters import SPONSOR, charter_draft, partner_field
from views.joins import with_offers
from views.slack.blocks import Payload


@dataclass(frozen=True, slots=True)
class Edited:
    """What is said to whoever added or changed an initiative, and the metrics that are to be KPIs once it is chosen
    which of two values of a day is right.
    """

    told: Payload
    to_choose: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """An initiative just added, what whom it names is asked, and what is to be chosen as in `Edited`."""

    initiative: Initiative
    asked: Sequence[Confirmation]
    to_choose: tuple[Pair, ...]


def choose_named(session: Session, strategy: Strategy, typed: str, ask: str, *statuses: Status) -> Initiative:
    """By its name among all open ones; without a name only those in one of the statuses are offered.

    Raises DomainError or Choose, as `choose_initiative` does.
    """
    listing = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    fitting = [initiative for initiative in listing if initiative.status in statuses]
    offered = listing if typed.strip() else fitting or listing
    return choose_initiative(typed, offered, strategy, ask=ask)


def open_edit_form(
    session: Session,
    strategy: Strategy,
    initiative: Initiative,
    person: Person,
    channel_id: str,
    reason: str = "",
) -> dict[str, Any]:
    """The form of an initiative with its charter; the answer to it goes to `channel_id`, or the person's DM."""
    charter = kickoffs.list_charters(session, strategy.workspace_id, [initiative.id]).get(initiative.id)
    standing = kickoffs.list_confirmations(session, strategy.workspace_id, [initiative.id])[initiative.id]
    known = charter_draft(charter or Charter(initiative.id, person.id), standing)
    to_be = replace(initiative, owner_id=find_offered(session, initiative))
    watched = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    return views.edit_modal(strategy, to_be, channel_id, known, reason, watched)


def open_add_form(
    session: Session,
    strategy: Strategy,
    draft: views.InitiativeDraft,
    person: Person,
    channel_id: str,
    now: datetime,
) -> dict[str, Any]:
    """The form of a new one, with what is known of it."""
    watched = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    return views.add_modal(strategy, draft, channel_id, local_day(now, person.zone), person.id, watched)


def hold_initiatives(session: Session, strategy: Strategy) -> list[Initiative]:
    """All that are not closed; nobody else adds one or changes them before this transaction ends."""
    lock(session, strategy.workspace_id, strategy.id)
    return initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)


def require_fitting(
    session: Session,
    strategy: Strategy,
    others: Sequence[Initiative],
    form: views.InitiativeForm,
) -> None:
    """Raises FieldErrors for what the form alone cannot know."""
    problems = _check_people(session, strategy, form)
    if any(is_same_name(one.name, form.name) for one in others):
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


def add_initiative(
    session: Session, strategy: Strategy, form: views.InitiativeForm, by: Person, now: datetime
) -> Edited:
    """Proposed, and everybody it names is asked; says to whoever added it what it waits for."""
    proposed = propose_initiative(session, strategy, form, by, now)
    kickoff = send_kickoff(session, strategy, proposed.initiative.id, proposed.asked, now)
    told = messages.added_message(
        strategy,
        kickoff.initiative,
        kickoff.awaited,
        is_own=kickoff.initiative.owner_id == by.id,
        first=kickoff.first,
    )
    return Edited(_with_offers(session, strategy, kickoff.initiative, told), proposed.to_choose)


def propose_initiative(
    session: Session, strategy: Strategy, form: views.InitiativeForm, by: Person, now: datetime
) -> Proposed:
    """The same, and nobody is told yet."""
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
        metrics=form.metrics,
    )
    added = initiatives.add_initiative(session, wanted, now)
    change = Change(ChangeKind.ADDED, added.id, "", added.name, by.id, now)
    changes.record_change(session, strategy.workspace_id, strategy.id, change)
    to_choose = settle_joins(session, strategy, None, added, by, now)
    added, asked = begin_kickoff(session, strategy, added, form.charter, by, now)
    return Proposed(added, asked, to_choose)


def change_initiative(
    session: Session,
    strategy: Strategy,
    before: Initiative,
    form: views.InitiativeForm,
    by: Person,
    now: datetime,
) -> Edited:
    """A new owner is asked, and so is whoever else is new; says to whoever changed it what is saved.

    Raises DomainError for one that is closed, FieldErrors where a metric changes without a reason.
    """
    if before.status.is_closed:
        raise DomainError(f"{before.name} has been closed, so nothing was changed.")
    runs = is_running(session, before)
    wanted = replace(
        with_due(before, form.due),
        name=form.name,
        goal_id=form.goal_id,
        owner_id=before.owner_id if runs else form.owner_id,
        start=form.start,
        metrics=with_history(form.metrics, before.metrics),
    )
    record_edits(session, strategy, metric_edits(before, wanted), form.reason, by, now)
    after = wanted if _saved_of(wanted) == _saved_of(before) else initiatives.save_initiative(session, wanted)
    _record_edits(session, strategy, before, after, by, now)
    _record_rest(session, strategy, before, after, form, by, now)
    to_choose = settle_joins(session, strategy, before, after, by, now)
    if runs:
        offer_to(session, strategy, after, form.owner_id, by, now)
    elif after.owner_id != before.owner_id:
        _replace_owner(session, strategy, before, after, by, now)
    change_kickoff(session, strategy, after, form.charter, by, now)
    after = initiatives.get_initiative(session, strategy.workspace_id, after.id)
    told = messages.saved_message(strategy, after, find_offered(session, after))
    return Edited(_with_offers(session, strategy, after, told), to_choose)


def _saved_of(initiative: Initiative) -> tuple[Initiative, Sequence[object]]:
    """What its form keeps of it, without the KPIs that its metrics are."""
    kept = [(one.id, one.name, one.unit, one.baseline, one.target) for one in initiative.metrics]
    return replace(initiative, metrics=()), kept


def _with_offers(session: Session, strategy: Strategy, initiative: Initiative, told: Payload) -> Payload:
    """With the KPIs that its metrics may be by their names."""
    watched = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    return with_offers(told, list_alike(session, strategy, [initiative], watched))


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


def _record_rest(
    session: Session,
    strategy: Strategy,
    before: Initiative,
    after: Initiative,
    form: views.InitiativeForm,
    by: Person,
    now: datetime,
) -> None:
    """That what is no change of the digest's was edited, in its fields' names: what is written in them is no part of the log."""
    charter = kickoffs.list_charters(session, strategy.workspace_id, [after.id]).get(after.id)
    edited = changed_fields(before, after, charter, form.charter.charter(after.id, by.id))
    if partners_of(session, after) != {(one.person_id, one.what) for one in form.charter.partners}:
        edited.append("partners")
    if edited:
        act = Act(ActKind.INITIATIVE_EDITED, by.id, now, after.name, after=listed(edited), thing_id=after.id)
        acts.add_act(session, strategy.workspace_id, strategy.id, act)


def _replace_owner(
    session: Session, strategy: Strategy, before: Initiative, after: Initiative, by: Person, now: datetime
) -> None:
    """Of one that is yet to begin: another is asked to own it, and the one before is told."""
    former, owner = people.list_people(
        session, strategy.workspace_id, [before.owner_id, after.owner_id]
    ).values()
    change = Change(ChangeKind.OWNER, after.id, former.name, owner.name, by.id, now)
    changes.record_change(session, strategy.workspace_id, strategy.id, change)
    ask_new_owner(session, strategy, after, by, now)
    if former.id != by.id:
        told = messages.former_owner_message(after, owner)
        tell_unless_left(session, strategy.workspace_id, former.id, told, now, strategy=strategy)
