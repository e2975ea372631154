"""When a strategy's rituals are next due, kept in the table of what is due."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.absences import Absence, made_up_at, next_working_moment, prompt_for
from domain.bets import look_instant
from domain.check_ins import CheckIn
from domain.decisions import Decision, DecisionState, default_instant, next_instant, reminder_instant
from domain.initiatives import Initiative, Status, has_started
from domain.people import Person
from domain.periods import Month, Week
from domain.rituals import REMINDERS, Due, Ritual
from domain.schedules import local_day, prompt_instant, reminders_kept
from domain.strategies import (
    Strategy,
    digest_after,
    digest_at,
    next_prompt_week,
    pattern_of,
    review_after,
    review_at,
)
from storage import absences, bets, decisions, initiatives, people, rituals
from storage.database import lock


def plan_strategy(session: Session, strategy: Strategy, now: datetime) -> None:
    """Set when the strategy's next digest and review are due."""
    week, at = digest_after(strategy, now)
    rituals.set_due(session, Due(strategy.workspace_id, strategy.id, Ritual.DIGEST, "", str(week), at))
    rituals.set_due(session, review_due(strategy, now))


def review_due(strategy: Strategy, after: datetime) -> Due:
    """The first review strictly after an instant."""
    month, at = review_after(strategy, after)
    return Due(strategy.workspace_id, strategy.id, Ritual.REVIEW, "", str(month), at)


def plan_owner(session: Session, strategy: Strategy, person_id: str, now: datetime) -> None:
    """See to it that an owner will be prompted; keeps what is planned already."""
    zone = people.get_person(session, strategy.workspace_id, person_id).zone
    rituals.add_due(session, prompt_due(strategy, person_id, zone, next_prompt_week(strategy, zone, now)))


def prompt_due(strategy: Strategy, person_id: str, zone: str, week: Week) -> Due:
    at = prompt_instant(strategy.schedule_for(week), week, zone)
    return Due(strategy.workspace_id, strategy.id, Ritual.PROMPT, person_id, str(week), at)


def replan(session: Session, strategy: Strategy, now: datetime) -> None:
    """Move what is planned to the schedule, zones and days that hold now; each period stays, none is repeated."""
    planned = rituals.list_due_of(session, strategy.workspace_id, strategy.id)
    owners = people.list_people(session, strategy.workspace_id, {due.person_id for due in planned} - {""})
    for due in planned:
        if due.ritual is Ritual.PROMPT:
            zone = owners[due.person_id].zone
            moved = prompt_due(strategy, due.person_id, zone, Week.parse(due.period))
        elif due.ritual is Ritual.DIGEST:
            week = Week.parse(due.period)
            following = prompt_instant(strategy.schedule_for(week.next()), week.next(), strategy.zone)
            at = digest_at(strategy, week)
            # One that would come too late by now is posted at once.
            moved = replace(due, due_at=now if at <= now < following <= due.due_at else at)
        elif due.ritual is Ritual.REVIEW:
            moved = replace(due, due_at=review_at(strategy, Month.parse(due.period)))
        else:
            continue
        if moved != due and (moved.due_at >= now or due.due_at <= now):
            rituals.set_due(session, moved)
    plan_decisions(session, strategy, now)


def plan_reminders(
    session: Session, strategy: Strategy, owner: Person, check_in: CheckIn, after: datetime
) -> None:
    """Set when an owner is reminded of a check-in: what of the schedule's reminders comes after an instant."""
    period = str(check_in.period)
    claimed = rituals.list_claimed(session, strategy.workspace_id, strategy.id, period, [owner.id])
    rituals.set_due(session, *reminders_due(strategy, owner, check_in.period, after, claimed[owner.id]))


def reminders_due(
    strategy: Strategy, owner: Person, week: Week, after: datetime, claimed: Collection[Ritual]
) -> list[Due]:
    """What comes after an instant, without those `claimed` already."""
    kept = reminders_kept(
        strategy.schedule_for(week),
        owner.zone,
        strategy.zone,
        week,
        prompted=after,
        digest=digest_at(strategy, week),
    )
    left = [ritual for ritual in REMINDERS if ritual not in claimed]
    return [
        Due(strategy.workspace_id, strategy.id, ritual, owner.id, str(week), at)
        for ritual, at in zip(left, kept, strict=False)
    ]


def plan_decisions(session: Session, strategy: Strategy, now: datetime) -> None:
    """Set when the next reminder or default of the strategy's open asks is due."""
    lock(session, strategy.workspace_id, strategy.id)
    set_or_drop(session, strategy, Ritual.DECISIONS, decisions_due(session, strategy, now))


def set_or_drop(session: Session, strategy: Strategy, ritual: Ritual, due: Due | None) -> None:
    """When a strategy's ritual is next due; None where it is not."""
    if due is None:
        rituals.drop_due(session, strategy.workspace_id, strategy.id, ritual=ritual)
    else:
        rituals.set_due(session, due)


def decisions_due(session: Session, strategy: Strategy, now: datetime) -> Due | None:
    """When that is; None while nothing is open."""
    workspace_id = strategy.workspace_id
    waiting = decisions.list_decisions(session, workspace_id, strategy.id, states=(DecisionState.OPEN,))
    if not waiting:
        return None
    deciders = people.list_people(session, workspace_id, [decision.decider_id for decision in waiting])
    planned = absences.list_absences(session, workspace_id, list(deciders))
    at, which = min(
        (
            next_of(strategy, decision, deciders[decision.decider_id], planned[decision.decider_id], now),
            f"decision-{decision.id}",
        )
        for decision in waiting
    )
    return Due(workspace_id, strategy.id, Ritual.DECISIONS, "", which, at)


def plan_bets(session: Session, strategy: Strategy, now: datetime) -> None:
    """Set when the strategy's next bet is to be looked at."""
    set_or_drop(session, strategy, Ritual.BETS, bets_due(session, strategy, now))


def bets_due(session: Session, strategy: Strategy, now: datetime) -> Due | None:
    """When that is; what could not be looked at on its day is tried again the next. None while nothing waits."""
    waiting = bets.list_waiting(session, strategy.workspace_id, strategy.id)
    if not waiting:
        return None
    tomorrow = look_instant(local_day(now, strategy.zone) + timedelta(days=1), strategy.zone)
    instants = [(look_instant(bet.look_on, strategy.zone), bet.id) for bet in waiting]
    at, which = min((at if at > now else tomorrow, bet_id) for at, bet_id in instants)
    return Due(strategy.workspace_id, strategy.id, Ritual.BETS, "", f"bet-{which}", at)


def next_of(
    strategy: Strategy, decision: Decision, decider: Person, planned: Sequence[Absence], now: datetime
) -> datetime:
    """When its decider, away as `planned`, is asked at last or next reminded, or its default takes effect."""
    takes_effect = default_instant(decision.due, strategy.zone)
    if takes_effect <= now:
        return made_up_at(takes_effect, now, strategy.zone, strategy.work_pattern)
    if decision.message_id is None:
        reached = asked_at(strategy, decider, planned, now)
        return takes_effect if reached is None else min(reached, takes_effect)
    reminder = reminder_of(strategy, decision, decider, planned)
    return next_instant(takes_effect, reminder, now, decider.zone, pattern_of(strategy, decider), planned)


def asked_at(
    strategy: Strategy, decider: Person, planned: Sequence[Absence], now: datetime
) -> datetime | None:
    """When a decider, away as `planned`, may be shown an ask; None where they do not say when they are back."""
    return (
        None
        if decider.is_deactivated
        else next_working_moment(now, decider.zone, pattern_of(strategy, decider), planned)
    )


def reminder_of(
    strategy: Strategy, decision: Decision, decider: Person, planned: Sequence[Absence]
) -> datetime | None:
    """When its decider is still to be reminded; None when they have been, or cannot be."""
    if decision.reminded_at is not None or decider.is_deactivated or decision.created_at is None:
        return None
    takes_effect = default_instant(decision.due, strategy.zone)
    pattern = pattern_of(strategy, decider)
    return reminder_instant(takes_effect, decision.created_at, decider.zone, pattern, planned)


_FAR = 60
"""Weeks to look ahead: whoever is away for longer is told no time."""


def find_next_prompt(
    session: Session, strategy: Strategy, person: Person, owned: Iterable[Initiative], now: datetime
) -> datetime | None:
    """The first prompt about any of the initiatives `owned`; None while the strategy or all of them are paused."""
    active = [initiative for initiative in owned if initiative.status is Status.ACTIVE]
    planned = [
        Week.parse(due.period)
        for due in rituals.list_due_of(session, strategy.workspace_id, strategy.id)
        if due.ritual is Ritual.PROMPT and due.person_id == person.id
    ]
    if not active or not planned or strategy.paused_at is not None:
        return None
    away = absences.list_absences(session, strategy.workspace_id, [person.id])[person.id]
    for week in (planned[0].plus(ahead) for ahead in range(_FAR)):
        schedule = strategy.schedule_for(week)
        nominal = prompt_instant(schedule, week, person.zone)
        at = prompt_for(schedule, week, person.zone, strategy.zone, pattern_of(strategy, person), away)
        if at is not None and at > now and any(has_started(i, nominal, person.zone) for i in active):
            return at
    return None


def find_first_prompt(session: Session, strategy: Strategy, now: datetime) -> datetime | None:
    """When the first of its owners is asked next, by their own clock; None where nobody is."""
    listing = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    owners = people.list_people(session, strategy.workspace_id, {one.owner_id for one in listing})
    found = (
        (
            find_next_prompt(
                session, strategy, owner, [one for one in listing if one.owner_id == owner.id], now
            ),
            owner,
        )
        for owner in owners.values()
        if not owner.is_deactivated
    )
    return min((at.astimezone(ZoneInfo(owner.zone)) for at, owner in found if at is not None), default=None)
