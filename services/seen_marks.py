"""Seen marks: a lead has seen an at-risk or off-track line of a digest."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.check_ins import CheckIn
from domain.errors import NotFound
from domain.people import Person
from domain.strategies import Strategy
from services.check_ins.answering import build_answering, is_check_in_open
from services.check_ins.prompts import redraw_check_in
from storage import people, seen_marks


def mark_seen(
    session: Session, strategy: Strategy, check_in: CheckIn, initiative_id: int, by: Person, now: datetime
) -> Person:
    """The owner, whose prompt says so, without a notification. Raises NotFound for what the check-in does not tell."""
    if check_in.answer_for(initiative_id) is None:
        raise NotFound
    seen_marks.add_mark(session, strategy.workspace_id, check_in.id, initiative_id, by.id, now)
    owner = people.get_person(session, strategy.workspace_id, check_in.person_id)
    ctx = build_answering(session, strategy, check_in, owner)
    redraw_check_in(session, ctx, now, is_open=is_check_in_open(session, check_in, now))
    return owner
