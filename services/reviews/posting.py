"""Posting a strategy's monthly review: by its schedule or by hand, once a month."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.pace import Pace
from domain.people import Person
from domain.periods import Month
from domain.reviews import Review, ReviewFacts, review_facts
from domain.schedules import local_day
from domain.strategies import Strategy, review_after, review_at
from services.confidence import settle_confidence
from services.outdated import plan_to_ask
from services.reviews.closing import plan_closing, redraw_review, review_closes_at
from services.reviews.gathering import gather_review
from services.reviews.leads import ask_leads, redraw_lead_messages
from services.threads import post_thread
from storage import acts, reviews
from storage.database import lock
from views.reviews.messages import review_details, review_message, review_preview
from views.slack.blocks import Payload, slack_time


def post_review(session: Session, strategy: Strategy, period: Month, now: datetime) -> Review:
    """Post a month's review and ask its leads, or bring the one posted already up to date; one that is over stays."""
    lock(session, strategy.workspace_id, strategy.id)
    review = reviews.find_review(session, strategy.workspace_id, strategy.id, period)
    if review is not None and review.closed_at is not None:
        return review
    settle_confidence(session, strategy, now)
    facts = review_facts(gather_review(session, strategy, period, now))
    if review is not None:
        return _refresh(session, strategy, review, facts, now)
    until = review_closes_at(strategy, period, now)
    message_id, details = post_thread(
        session, strategy, review_message(facts, until), review_details(facts), now, until
    )
    asked = tuple(line.initiative.id for line in facts.lines)
    where = (strategy.workspace_id, strategy.id, period)
    posted = Review(0, *where, message_id, tuple(details), {}, now, until, initiative_ids=asked)
    review = reviews.add_review(session, posted)
    plan_to_ask(session, strategy, [one.kpi for one in facts.kpis if one.pace is Pace.OUTDATED], period, now)
    review = ask_leads(session, strategy, review, now)
    plan_closing(session, strategy, now)
    return review


def redraw_open_reviews(session: Session, strategy: Strategy, now: datetime) -> None:
    """As things stand now."""
    for review in reviews.list_open_reviews(session, strategy):
        post_review(session, strategy, review.period, now)


def ask_new_leads(session: Session, strategy: Strategy, now: datetime) -> None:
    """After its leads changed: who leads it now is asked in the reviews that are open, and on their last day not reminded."""
    for before in reviews.list_open_reviews(session, strategy):
        review = ask_leads(session, strategy, before, now)
        if local_day(before.ends_at, strategy.zone) - local_day(now, strategy.zone) <= timedelta(days=1):
            new = [lead_id for lead_id in review.lead_messages if lead_id not in before.lead_messages]
            reviews.save_review(session, replace(review, reminded=(*review.reminded, *new)))
    plan_closing(session, strategy, now)


def preview_review(session: Session, strategy: Strategy, now: datetime) -> Payload:
    """What this month's review would say now."""
    period = Month.of(local_day(now, strategy.zone))
    facts = review_facts(gather_review(session, strategy, period, now))
    posted = reviews.find_review(session, strategy.workspace_id, strategy.id, period)
    until = posted.ends_at if posted else review_closes_at(strategy, period, now)
    chosen = reviews.list_choices(session, posted) if posted else {}
    return review_preview(facts, until, is_decided=bool(chosen))


def post_review_early(session: Session, strategy: Strategy, by: Person, now: datetime) -> str:
    """The month's review, ahead of its time or brought up to date; once it is over, that: a month has one.

    Returns the sentence for whoever asked.
    """
    period = Month.of(local_day(now, strategy.zone))
    where = f"<#{strategy.channel_id}>"
    before = reviews.find_review(session, strategy.workspace_id, strategy.id, period)
    if before is not None and before.closed_at is not None:
        following = slack_time(review_after(strategy, max(now, review_at(strategy, period)))[1])
        return (
            f"The review of {period.day(1):%B} is over; its outcome is in its thread in {where}. "
            f"The next one comes {following}; `/rhythm review preview` shows how things stand now."
        )
    posted = post_review(session, strategy, period, now)
    act = Act(ActKind.REVIEW_POSTED, by.id, now, thing_id=posted.id)
    acts.add_act(session, strategy.workspace_id, strategy.id, act)
    until = f"Its outcome follows {slack_time(posted.ends_at)}."
    if before is not None:
        return f"The review of {period.day(1):%B} is in {where} already; I am bringing it up to date. {until}"
    text = f"I am posting the review of {period.day(1):%B} in {where} and asking its leads."
    text = f"{text} The scheduled one will update it." if review_at(strategy, period) > now else text
    return f"{text} {until}"


def _refresh(
    session: Session, strategy: Strategy, review: Review, facts: ReviewFacts, now: datetime
) -> Review:
    asked = dict.fromkeys((*review.initiative_ids, *(line.initiative.id for line in facts.lines)))
    review = redraw_review(session, strategy, review, facts, now)
    review = replace(review, initiative_ids=tuple(asked))
    reviews.save_review(session, review)
    redraw_lead_messages(session, strategy, review, now)
    return review
