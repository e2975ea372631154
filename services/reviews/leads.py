"""What a review's leads are asked, see of each other, and decide."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.initiatives import Initiative, Status
from domain.people import Person
from domain.reviews import LeadAnswer, LeadChoice, Review, review_facts
from domain.strategies import Strategy
from services.kickoffs.asks import reopen_confirmation
from services.reviews.gathering import gather_review
from services.telling import tell_person, tell_unless_left
from storage import acts, homes, initiatives, kickoffs, people, reviews, strategies
from storage.delivery import outbox
from views.reviews.leads import (
    LeadReview,
    lead_message,
    not_asked_message,
    reminder_message,
    replaced_message,
)


def gather_lead_review(session: Session, strategy: Strategy, review: Review, now: datetime) -> LeadReview:
    """The review as its leads see it now; without the evidence once it is over."""
    shown = gather_choices(session, strategy, review)
    if review.closed_at is not None:
        return shown
    facts = review_facts(gather_review(session, strategy, review.period, now))
    metrics = initiatives.read_metrics(session, strategy.workspace_id, shown.initiatives, strategy.zone)
    return replace(shown, initiatives=tuple(metrics), facts=facts)


def gather_choices(session: Session, strategy: Strategy, review: Review) -> LeadReview:
    """What is asked in it and was said, without the evidence."""
    workspace_id = strategy.workspace_id
    made = reviews.list_choices(session, review)
    answers = reviews.list_lead_answers(session, review)
    listed = initiatives.list_initiatives(session, workspace_id, strategy.id, include_closed=True)
    asked = set(review.initiative_ids) or {one.id for one in listed if one.status is Status.ACTIVE}
    shown = [one for one in listed if one.id in asked or one.id in made]
    speakers = {*strategy.leads, *answers, *(one.person_id for each in made.values() for one in each)}
    known = people.list_people(session, workspace_id, speakers)
    return LeadReview(
        strategy,
        review,
        tuple(shown),
        answers,
        made,
        {person.id: person.name for person in known.values()},
    )


def list_waiting(session: Session, person: Person) -> list[LeadReview]:
    """The open reviews in which this lead has still to answer, or something is still to be decided."""
    found = []
    for review in reviews.list_asked(session, person.workspace_id, person.id):
        strategy = strategies.get_strategy(session, person.workspace_id, review.strategy_id)
        if strategy.closed_at is not None:
            continue
        shown = gather_choices(session, strategy, review)
        if person.id not in shown.answers or shown.undecided:
            found.append(shown)
    return found


def ask_leads(session: Session, strategy: Strategy, review: Review, now: datetime) -> Review:
    """One message each to the leads who are still here and were not asked yet; to those who lead no more, that."""
    shown = gather_lead_review(session, strategy, review, now)
    asked, reminders = dict(review.lead_messages), dict(review.reminders)
    for lead_id in set(asked) - set(strategy.leads):
        for message_id in filter(None, (asked.pop(lead_id), reminders.pop(lead_id, None))):
            outbox.enqueue_last_update(
                session, strategy.workspace_id, message_id, not_asked_message(shown), now=now
            )
    new = [lead_id for lead_id in strategy.leads if lead_id not in asked]
    leads = people.list_people(session, strategy.workspace_id, new)
    for lead in leads.values():
        if not lead.is_deactivated:
            page = lead_message(shown, lead.id)
            asked[lead.id] = tell_person(
                session,
                strategy.workspace_id,
                lead.id,
                page,
                now,
                strategy=strategy,
                expires_at=review.ends_at,
            )
    review = replace(review, lead_messages=asked, reminders=reminders)
    reviews.save_review(session, review)
    homes.mark_stale(session, strategy.workspace_id, strategy.id, list(asked))
    return review


def list_asked_leads(session: Session, shown: LeadReview) -> tuple[str, ...]:
    """Those who were asked, as far as Slack took their message, and whoever answered unasked."""
    asked = shown.review.lead_messages
    reached = outbox.list_said(session, shown.strategy.workspace_id, asked.values())
    leads = [lead for lead in shown.strategy.leads if asked.get(lead) in reached]
    return tuple(dict.fromkeys((*leads, *shown.answers)))


def redraw_lead_messages(session: Session, strategy: Strategy, review: Review, now: datetime) -> LeadReview:
    """Redraw what every lead was asked from what stands now."""
    shown = gather_lead_review(session, strategy, review, now)
    for lead_id, message_id in review.lead_messages.items():
        page = lead_message(shown, lead_id)
        show = outbox.enqueue_update if review.closed_at is None else outbox.enqueue_last_update
        show(session, strategy.workspace_id, message_id, page, now=now)
    for lead_id, message_id in review.reminders.items():
        page = reminder_message(shown, lead_id)
        outbox.enqueue_update(session, strategy.workspace_id, message_id, page, now=now)
    homes.mark_stale(session, strategy.workspace_id, strategy.id, list(review.lead_messages))
    return shown


def record_lead_answer(
    session: Session, strategy: Strategy, review: Review, answer: LeadAnswer, now: datetime
) -> None:
    """Whether the strategy still holds, as one lead sees it; every lead sees who has said so."""
    reviews.add_lead_answer(session, review, answer)
    act = Act(
        ActKind.STILL_HOLDS,
        answer.person_id,
        now,
        after="yes" if answer.still_holds else "no",
        thing_id=review.id,
    )
    acts.add_act(session, strategy.workspace_id, strategy.id, act)
    redraw_lead_messages(session, strategy, review, now)


def is_decided_meanwhile(
    session: Session, review: Review, initiative: Initiative, person_id: str, seen_id: int
) -> bool:
    """Whether another lead decided for it after the choice that this person's form shows."""
    made = reviews.list_choices(session, review).get(initiative.id, ())
    return bool(made) and made[-1].person_id != person_id and made[-1].id != seen_id


def record_choice(
    session: Session,
    strategy: Strategy,
    review: Review,
    initiative: Initiative,
    made: LeadChoice,
    now: datetime,
) -> None:
    """What a lead decided for an initiative; every lead sees it, and the one whose choice it replaces is told.

    Its sponsor is asked anew about authority and resources that are no longer true.
    """
    before = reviews.list_choices(session, review).get(made.initiative_id, ())
    reviews.add_choice(session, review, made)
    was = before[-1].choice.value if before else ""
    act = Act(
        ActKind.CHOSEN, made.person_id, now, initiative.name, was, made.choice.value, thing_id=initiative.id
    )
    acts.add_act(session, strategy.workspace_id, strategy.id, act)
    shown = redraw_lead_messages(session, strategy, review, now)
    if before and before[-1].person_id != made.person_id:
        _tell_replaced(session, strategy, shown, before[-1], now)
    if made.changed:
        reopen_confirmation(session, strategy, initiative, made.changed, now)


def _tell_replaced(
    session: Session, strategy: Strategy, shown: LeadReview, before: LeadChoice, now: datetime
) -> None:
    [initiative] = (one for one in shown.initiatives if one.id == before.initiative_id)
    told = replaced_message(shown, initiative, before)
    tell_unless_left(session, strategy.workspace_id, before.person_id, told, now, strategy=strategy)


def authority_of(session: Session, initiative: Initiative) -> str:
    """What its owner may decide and use, as its charter has it; "" where nothing is said."""
    charters = kickoffs.list_charters(session, initiative.workspace_id, [initiative.id])
    charter = charters.get(initiative.id)
    given = (charter.may_decide, charter.budget, charter.resources) if charter else ()
    return "; ".join(filter(None, given))
