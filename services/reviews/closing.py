"""What happens to open reviews by the clock: each is closed at the time it named, whatever another one does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.initiatives import Initiative, Status
from domain.periods import Month
from domain.reviews import Choice, Review
from domain.rituals import Due, Ritual
from domain.strategies import Strategy, review_at, review_ends
from services.initiatives.lifecycle import change_status
from services.reviews.leads import redraw_lead_messages
from storage import people, reviews, rituals, strategies
from storage.database import lock
from storage.delivery import outbox
from views.reviews.leads import LeadReview, outcome_message, touched_message


def review_closes_at(strategy: Strategy, period: Month, posted_at: datetime) -> datetime:
    """When the outcome is posted: 3 working days after the scheduled time, or after a later one."""
    return review_ends(strategy, max(posted_at, review_at(strategy, period)))


def plan_closing(session: Session, strategy: Strategy) -> None:
    """Set when something is next to happen to the strategy's open reviews: one row, at the earliest of them."""
    due = closing_due(strategy, reviews.list_open_reviews(session, strategy))
    if due is None:
        rituals.drop_due(session, strategy.workspace_id, strategy.id, ritual=Ritual.REVIEW_OUTCOME)
    else:
        rituals.set_due(session, due)


def closing_due(strategy: Strategy, waiting: Sequence[Review]) -> Due | None:
    """When that is; None while none is open."""
    if not waiting:
        return None
    at, period = min((review.ends_at, str(review.period)) for review in waiting)
    return Due(strategy.workspace_id, strategy.id, Ritual.REVIEW_OUTCOME, "", period, at)


def perform_closing(session: Session, due: Due, now: datetime) -> str:
    """Outcomes of a strategy's reviews that are due, however late. Returns what became of it."""
    lock(session, due.workspace_id, due.strategy_id)
    if not rituals.hold_due(session, [due], wait=True):
        return "performed already"
    strategy = strategies.get_strategy(session, due.workspace_id, due.strategy_id)
    over = [one for one in reviews.list_open_reviews(session, strategy) if one.ends_at <= now]
    for review in over:
        _close(session, strategy, review, now)
    plan_closing(session, strategy)
    return f"{len(over)} told"


def _close(session: Session, strategy: Strategy, review: Review, now: datetime) -> None:
    """Post the outcome in the review's thread, stop what is to be stopped, and tell each owner once."""
    review = replace(review, closed_at=now)
    shown = redraw_lead_messages(session, strategy, review, now)
    leads = tuple(dict.fromkeys((*strategy.leads, *shown.answers)))
    outbox.enqueue_post(
        session,
        strategy.workspace_id,
        strategy.channel_id,
        outcome_message(shown, leads),
        now=now,
        thread_of=review.message_id,
    )
    reviews.save_review(session, review)
    _tell_owners(session, strategy, shown, now)
    _stop(session, strategy, shown, now)


def _tell_owners(session: Session, strategy: Strategy, shown: LeadReview, now: datetime) -> None:
    touched: dict[str, list[Initiative]] = {}
    for initiative in shown.initiatives:
        if initiative.id in shown.choices:
            touched.setdefault(initiative.owner_id, []).append(initiative)
    for owner in people.list_people(session, strategy.workspace_id, touched).values():
        if not owner.is_deactivated:
            told = touched_message(shown, touched[owner.id])
            outbox.enqueue_post(session, strategy.workspace_id, owner.id, told, now=now)


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
