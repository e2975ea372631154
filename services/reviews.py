"""Posting a strategy's monthly review, asking its leads, and telling the outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.decisions import Decision
from domain.initiatives import Initiative, Status
from domain.pace import Pace
from domain.periods import Month
from domain.reviews import (
    Choice,
    LeadAnswer,
    LeadChoice,
    Review,
    ReviewFacts,
    ReviewMaterial,
    review_facts,
)
from domain.rituals import Due, Ritual
from domain.schedules import local_day
from domain.strategies import Strategy, review_at, review_ends
from services.initiatives.lifecycle import change_status
from services.outdated import plan_to_ask
from services.rhythms import gather_rhythm
from services.threads import post_thread, redraw_thread
from storage import (
    initiatives,
    kickoffs,
    milestones,
    people,
    retrospectives,
    reviews,
    rituals,
)
from storage.delivery import outbox
from views.reviews.leads import LeadReview, lead_message, outcome_message, touched_message
from views.reviews.messages import review_details, review_message, review_preview
from views.slack.blocks import Payload


def gather_review(session: Session, strategy: Strategy, period: Month, now: datetime) -> ReviewMaterial:
    """What a month's review is made from as of now."""
    workspace_id = strategy.workspace_id
    rhythm = gather_rhythm(session, strategy, now)
    steps = milestones.list_milestones(session, workspace_id, [one.id for one in rhythm.active])
    named = {step.person_id for of in steps.values() for step in of} | _named_in(rhythm.decisions)
    others = people.list_people(session, workspace_id, named - set(rhythm.people))
    since = review_at(strategy, period.previous())
    return ReviewMaterial(
        rhythm,
        period,
        {**rhythm.people, **others},
        steps,
        tuple(retrospectives.list_learnings(session, workspace_id, strategy.id)),
        tuple(reviews.list_checks_since(session, workspace_id, strategy.id, since)),
    )


def _named_in(asked: Iterable[Decision]) -> set[str]:
    return {
        person_id
        for decision in asked
        for person_id in (decision.requested_by, decision.decider_id, decision.decided_by)
        if person_id is not None
    }


def review_closes_at(strategy: Strategy, period: Month, posted_at: datetime) -> datetime:
    """When the outcome is posted: 3 working days after the scheduled time, or after a later one."""
    return review_ends(strategy, max(posted_at, review_at(strategy, period)))


def post_review(session: Session, strategy: Strategy, period: Month, now: datetime) -> Review:
    """Post a month's review and ask its leads, or bring the one posted already up to date."""
    review = reviews.find_review(session, strategy.workspace_id, strategy.id, period)
    facts = review_facts(gather_review(session, strategy, period, now))
    if review is not None:
        return _refresh(session, strategy, review, facts, now)
    workspace_id = strategy.workspace_id
    until = review_closes_at(strategy, period, now)
    message_id, details = post_thread(
        session, strategy, review_message(facts, until), review_details(facts), now, until
    )
    review = reviews.add_review(
        session,
        workspace_id=workspace_id,
        strategy_id=strategy.id,
        period=period,
        message_id=message_id,
        details=details,
        posted_at=now,
    )
    outcome = Due(workspace_id, strategy.id, Ritual.REVIEW_OUTCOME, "", str(period), until)
    rituals.set_due(session, outcome)
    plan_to_ask(session, strategy, [one.kpi for one in facts.kpis if one.pace is Pace.OUTDATED], period, now)
    return _ask_leads(session, strategy, review, now)


def preview_review(session: Session, strategy: Strategy, now: datetime) -> Payload:
    """What this month's review would say now."""
    period = Month.of(local_day(now, strategy.zone))
    facts = review_facts(gather_review(session, strategy, period, now))
    posted = reviews.find_review(session, strategy.workspace_id, strategy.id, period)
    return review_preview(facts, review_closes_at(strategy, period, posted.posted_at if posted else now))


def post_review_early(session: Session, strategy: Strategy, now: datetime) -> str:
    """The month's review, ahead of its time or brought up to date; returns the sentence for whoever asked."""
    period = Month.of(local_day(now, strategy.zone))
    was_there = reviews.find_review(session, strategy.workspace_id, strategy.id, period) is not None
    post_review(session, strategy, period, now)
    where = f"<#{strategy.channel_id}>"
    if was_there:
        return f"The review of {period.day(1):%B} is in {where} already; I am bringing it up to date."
    text = f"I am posting the review of {period.day(1):%B} in {where} and asking its leads."
    return f"{text} The scheduled one will update it." if review_at(strategy, period) > now else text


def _refresh(
    session: Session, strategy: Strategy, review: Review, facts: ReviewFacts, now: datetime
) -> Review:
    until = review_closes_at(strategy, review.period, review.posted_at)
    shown = review_message(facts, until)
    details = redraw_thread(session, strategy, review, shown, review_details(facts), now)
    review = replace(review, details=tuple(details))
    reviews.save_messages(session, review)
    return review


def _ask_leads(session: Session, strategy: Strategy, review: Review, now: datetime) -> Review:
    """One message each, whoever is still here."""
    shown = gather_lead_review(session, strategy, review)
    asked = {
        lead.id: outbox.enqueue_post(
            session,
            strategy.workspace_id,
            lead.id,
            lead_message(shown, lead.id),
            now=now,
            expires_at=shown.ends_at,
        )
        for lead in people.list_people(session, strategy.workspace_id, strategy.leads).values()
        if not lead.is_deactivated
    }
    review = replace(review, lead_messages=asked)
    reviews.save_messages(session, review)
    return review


def gather_lead_review(session: Session, strategy: Strategy, review: Review) -> LeadReview:
    """The review as its leads see it now."""
    choices = reviews.list_choices(session, review)
    answers = reviews.list_lead_answers(session, review)
    listed = initiatives.list_initiatives(
        session, strategy.workspace_id, strategy.id, include_closed=bool(choices)
    )
    shown = tuple(one for one in listed if one.status is Status.ACTIVE or one.id in choices)
    speakers = {*strategy.leads, *answers, *(choice.person_id for choice in choices.values())}
    known = people.list_people(session, strategy.workspace_id, speakers)
    return LeadReview(
        strategy,
        review,
        review_closes_at(strategy, review.period, review.posted_at),
        shown,
        answers,
        choices,
        {person.id: person.name for person in known.values()},
    )


def redraw_lead_messages(session: Session, strategy: Strategy, review: Review, now: datetime) -> LeadReview:
    """Redraw what every lead was asked from what stands now."""
    shown = gather_lead_review(session, strategy, review)
    for lead_id, message_id in review.lead_messages.items():
        page = lead_message(shown, lead_id)
        outbox.enqueue_update(session, strategy.workspace_id, message_id, page, now=now)
    return shown


def record_lead_answer(
    session: Session, strategy: Strategy, review: Review, answer: LeadAnswer, now: datetime
) -> None:
    """Whether the strategy still holds, as one lead sees it; every lead sees who has said so."""
    reviews.save_lead_answer(session, review, answer)
    redraw_lead_messages(session, strategy, review, now)


def record_choice(
    session: Session, strategy: Strategy, review: Review, made: LeadChoice, now: datetime
) -> None:
    """What a lead decided for an initiative; every lead sees it."""
    reviews.save_choice(session, review, made)
    redraw_lead_messages(session, strategy, review, now)


def authority_of(session: Session, initiative: Initiative) -> str:
    """What its owner may decide and use, as its charter has it; "" where nothing is said."""
    charters = kickoffs.list_charters(session, initiative.workspace_id, [initiative.id])
    charter = charters.get(initiative.id)
    given = (charter.may_decide, charter.budget, charter.resources) if charter else ()
    return "; ".join(filter(None, given))


def close_review(session: Session, strategy: Strategy, period: Month, now: datetime) -> str:
    """Post the outcome in the review's thread, stop what is to be stopped, and tell each owner once."""
    review = reviews.find_review(session, strategy.workspace_id, strategy.id, period)
    if review is None or review.closed_at is not None:
        return "closed already"
    reviews.close_review(session, review, now)
    shown = redraw_lead_messages(session, strategy, replace(review, closed_at=now), now)
    leads = tuple(dict.fromkeys((*strategy.leads, *shown.answers)))
    outbox.enqueue_post(
        session,
        strategy.workspace_id,
        strategy.channel_id,
        outcome_message(shown, leads),
        now=now,
        thread_of=review.message_id,
    )
    _tell_owners(session, strategy, shown, now)
    _stop(session, strategy, shown, now)
    return "outcome posted"


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
