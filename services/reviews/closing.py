"""What happens to open reviews by the clock: each is closed at the time it named, whatever another one does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import made_up_at, next_working_moment
from domain.acts import Act, ActKind
from domain.decisions import reminder_instant
from domain.initiatives import Initiative, Status
from domain.periods import Month
from domain.reviews import Choice, Review, ReviewFacts, review_facts
from domain.rituals import Due, Ritual
from domain.strategies import Strategy, pattern_of, review_at, review_ends
from services.initiatives.lifecycle import change_status
from services.planning import set_or_drop
from services.reviews.gathering import gather_review
from services.reviews.leads import gather_lead_review, list_asked_leads, redraw_lead_messages
from services.telling import tell_unless_left
from services.threads import redraw_thread
from storage import absences, acts, people, reviews, rituals, strategies
from storage.database import lock
from storage.delivery import outbox
from views.reviews.leads import (
    LeadReview,
    outcome_message,
    reminder_message,
    reopened_message,
    touched_message,
)
from views.reviews.messages import review_details, review_message


def review_closes_at(strategy: Strategy, period: Month, posted_at: datetime) -> datetime:
    """When the outcome is posted: 3 working days after the scheduled time, or after a later one."""
    return review_ends(strategy, max(posted_at, review_at(strategy, period)))


def plan_closing(session: Session, strategy: Strategy, now: datetime) -> None:
    """Set when something is next to happen to the strategy's open reviews: one row, at the earliest of them."""
    due = closing_due(session, strategy, reviews.list_open_reviews(session, strategy), now)
    set_or_drop(session, strategy, Ritual.REVIEW_OUTCOME, due)


def closing_due(session: Session, strategy: Strategy, waiting: Sequence[Review], now: datetime) -> Due | None:
    """When that is; None while none is open."""
    coming = [(_told_at(strategy, review, now), str(review.period)) for review in waiting]
    coming += [
        (at, str(review.period))
        for review in waiting
        for at in _reminders(session, strategy, review, now).values()
        if at < review.ends_at
    ]
    if not coming:
        return None
    first, period = min(coming)
    return Due(strategy.workspace_id, strategy.id, Ritual.REVIEW_OUTCOME, "", period, first)


def _told_at(strategy: Strategy, review: Review, now: datetime) -> datetime:
    """When its outcome is told: at its end, and not on a day off after a time down."""
    return made_up_at(review.ends_at, now, strategy.zone, strategy.work_pattern)


def _reminders(session: Session, strategy: Strategy, review: Review, now: datetime) -> dict[str, datetime]:
    """When each lead is still to be reminded that it closes; a reminder that is late waits for their next working hour.

    Nobody is while they are away, or while the strategy is paused.
    """
    if strategy.paused_at is not None:
        return {}
    asked = [one for one in review.lead_messages if one not in review.reminded]
    leads = people.list_people(session, strategy.workspace_id, asked)
    away = absences.list_absences(session, strategy.workspace_id, asked)
    found = {}
    for lead in leads.values():
        known = (lead.zone, pattern_of(strategy, lead), away[lead.id])
        at = reminder_instant(review.ends_at, review.posted_at, *known)
        if at is None or lead.is_deactivated:
            continue
        moment = next_working_moment(max(at, now), *known)
        if moment is not None:
            found[lead.id] = moment
    return found


def perform_closing(session: Session, due: Due, now: datetime) -> str:
    """Reminders and outcomes of a strategy's reviews that are due; outcomes however late. Returns what became of it."""
    lock(session, due.workspace_id, due.strategy_id)
    if not rituals.hold_due(session, [due], wait=True):
        return "performed already"
    strategy = strategies.get_strategy(session, due.workspace_id, due.strategy_id)
    waiting = reviews.list_open_reviews(session, strategy)
    over = [review for review in waiting if _told_at(strategy, review, now) <= now]
    for review in over:
        _close(session, strategy, review, now)
    still_open = [review for review in waiting if review not in over and now < review.ends_at]
    reminded = sum(_remind(session, strategy, one, now) for one in still_open)
    plan_closing(session, strategy, now)
    return f"{len(over)} told, {reminded} reminded"


def _remind(session: Session, strategy: Strategy, review: Review, now: datetime) -> int:
    """Remind each lead whose time has come, once and while something is undecided; returns how many."""
    come = [one for one, at in _reminders(session, strategy, review, now).items() if at <= now]
    if not come:
        return 0
    shown = gather_lead_review(session, strategy, review, now)
    sent = {
        lead_id: outbox.enqueue_post(
            session,
            strategy.workspace_id,
            lead_id,
            reminder_message(shown, lead_id),
            now=now,
            expires_at=review.ends_at,
        )
        for lead_id in (come if shown.undecided else ())
    }
    reminders = {**review.reminders, **sent}
    reviews.save_review(session, replace(review, reminded=(*review.reminded, *come), reminders=reminders))
    return len(sent)


def _close(session: Session, strategy: Strategy, review: Review, now: datetime) -> None:
    """Post the outcome in the review's thread, stop what is to be stopped, and tell each owner once.

    The review itself asks nobody any more, and stays as things stood at its end.
    """
    facts = review_facts(gather_review(session, strategy, review.period, review.ends_at))
    is_decided = bool(reviews.list_choices(session, review))
    review = redraw_review(session, strategy, review, facts, now, is_decided=is_decided)
    review = replace(review, closed_at=now)
    shown = redraw_lead_messages(session, strategy, review, now)
    told = outcome_message(shown, list_asked_leads(session, shown))
    if review.outcome_id is None:
        target = (strategy.workspace_id, strategy.channel_id)
        told_in = outbox.enqueue_post(session, *target, told, now=now, thread_of=review.message_id)
        review = replace(review, outcome_id=told_in)
    else:
        outbox.enqueue_update(session, strategy.workspace_id, review.outcome_id, told, now=now)
    reviews.save_review(session, review)
    _record(session, strategy, review, ActKind.REVIEW_FINISHED, now)
    _tell_owners(session, strategy, shown, now)
    _stop(session, strategy, shown, now)


def redraw_review(
    session: Session,
    strategy: Strategy,
    review: Review,
    facts: ReviewFacts,
    now: datetime,
    *,
    is_decided: bool = False,
) -> Review:
    """The channel's message and its thread; not what its leads were asked."""
    shown = review_message(facts, review.ends_at, is_decided=is_decided)
    details = redraw_thread(session, strategy, review, shown, review_details(facts), now)
    return replace(review, details=tuple(details))


def reopen_review(session: Session, strategy: Strategy, review: Review, now: datetime) -> None:
    """One that a clock that was ahead has closed: its leads may decide until its time; what it stopped stays so."""
    facts = review_facts(gather_review(session, strategy, review.period, now))
    review = redraw_review(session, strategy, replace(review, closed_at=None), facts, now)
    reviews.save_review(session, review)
    _record(session, strategy, review, ActKind.REOPENED, now)
    shown = redraw_lead_messages(session, strategy, review, now)
    if review.outcome_id is not None:
        outbox.enqueue_update(
            session, strategy.workspace_id, review.outcome_id, reopened_message(shown), now=now
        )


def _record(session: Session, strategy: Strategy, review: Review, kind: ActKind, now: datetime) -> None:
    act = Act(kind, None, now, f"the review of {review.period.day(1):%B}", thing_id=review.id)
    acts.add_act(session, strategy.workspace_id, strategy.id, act)


def _tell_owners(session: Session, strategy: Strategy, shown: LeadReview, now: datetime) -> None:
    """Of a change or a stop; that something continues stands in their next prompt."""
    touched: dict[str, list[Initiative]] = {}
    for initiative in shown.initiatives:
        made = shown.choices.get(initiative.id)
        if made is not None and (made.choice is not Choice.CONTINUE or made.authority_holds is False):
            touched.setdefault(initiative.owner_id, []).append(initiative)
    for owner_id, theirs in touched.items():
        told = touched_message(shown, theirs)
        tell_unless_left(session, strategy.workspace_id, owner_id, told, now, strategy=strategy)


def _stop(session: Session, strategy: Strategy, shown: LeadReview, now: datetime) -> None:
    to_stop: Sequence[Initiative] = [
        one
        for one in shown.initiatives
        if one.id in shown.choices
        and shown.choices[one.id].choice is Choice.STOP
        and not one.status.is_closed
    ]
    for initiative in to_stop:
        made = shown.choices[initiative.id]
        by = people.get_person(session, strategy.workspace_id, made.person_id)
        change_status(session, strategy, initiative, Status.STOPPED, by, now, made.evidence, is_told=True)
