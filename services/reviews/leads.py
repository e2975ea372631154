"""What a review's leads are asked, see of each other, and decide."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.initiatives import Initiative, Status
from domain.reviews import LeadAnswer, LeadChoice, Review
from domain.strategies import Strategy
from storage import initiatives, kickoffs, people, reviews
from storage.delivery import outbox
from views.reviews.leads import LeadReview, lead_message


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
        shown,
        answers,
        choices,
        {person.id: person.name for person in known.values()},
    )


def ask_leads(session: Session, strategy: Strategy, review: Review, now: datetime) -> Review:
    """One message each, whoever is still here."""
    shown = gather_lead_review(session, strategy, review)
    asked = {
        lead.id: outbox.enqueue_post(
            session,
            strategy.workspace_id,
            lead.id,
            lead_message(shown, lead.id),
            now=now,
            expires_at=review.ends_at,
        )
        for lead in people.list_people(session, strategy.workspace_id, strategy.leads).values()
        if not lead.is_deactivated
    }
    review = replace(review, lead_messages=asked)
    reviews.save_review(session, review)
    return review


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
