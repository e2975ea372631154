"""What a month's review is made from."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from domain.decisions import Decision
from domain.periods import Month
from domain.reviews import ReviewMaterial
from domain.strategies import Strategy, review_at
from services.rhythms import gather_rhythm
from storage import bets, confidence, milestones, people, retrospectives, reviews, signals


def gather_review(
    session: Session, strategy: Strategy, period: Month, now: datetime, since: datetime | None = None
) -> ReviewMaterial:
    """What a month's review is made from as of now; `since` as in `ReviewMaterial`."""
    workspace_id = strategy.workspace_id
    rhythm = gather_rhythm(session, strategy, now)
    steps = milestones.list_milestones(session, workspace_id, [one.id for one in rhythm.active])
    began = since or review_at(strategy, period.previous())
    unlike = signals.list_since(session, workspace_id, strategy.id, began)
    made = bets.list_bets(session, workspace_id, strategy.id)
    named = {step.person_id for of in steps.values() for step in of} | _named_in(rhythm.decisions)
    named |= {one.said.person_id for one in unlike if one.said}
    named |= {look.person_id for bet in made for look in bet.answers}
    others = people.list_people(session, workspace_id, named - set(rhythm.people))
    return ReviewMaterial(
        rhythm,
        period,
        {**rhythm.people, **others},
        steps,
        tuple(retrospectives.list_learnings(session, workspace_id, strategy.id)),
        tuple(reviews.list_checks_since(session, workspace_id, strategy.id, began)),
        since,
        tuple(confidence.list_settled(session, workspace_id, strategy.channel_id, now)),
        bets=tuple(bet.as_of(now) for bet in made),
        signals=tuple(unlike),
    )


def _named_in(asked: Iterable[Decision]) -> set[str]:
    return {
        person_id
        for decision in asked
        for person_id in (decision.requested_by, decision.decider_id, decision.decided_by)
        if person_id is not None
    }
