"""Retrospectives: what was expected, what happened, what to keep and what to change."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.retrospectives import Learning, LearningKind, split_learnings
from handlers.requests import Click, Routes, Submission, View, opens, submits
from services.references import Request, see_retrospective
from storage import milestones, people, retrospectives
from storage.delivery import outbox
from views import retrospectives as views
from views.slack.references import read_id


def _load(session: Session, request: Request, retrospective_id: int) -> views.LookingBack:
    """What is asked of whoever acts; raises DomainError when it is somebody else's, or answered."""
    person, initiative, asked = see_retrospective(session, request, retrospective_id)
    if asked.person_id != person.id:
        named = people.get_person(session, person.workspace_id, asked.person_id)
        raise DomainError(f"Only {named.name} can answer this: they are asked to look back.")
    if asked.answered_at is not None:
        raise DomainError("You have looked back on this already. Thank you!")
    phase = asked.milestone_id
    milestone = None if phase is None else milestones.get_milestone(session, person.workspace_id, phase)
    return views.LookingBack(initiative, milestone, asked)


def open_form(session: Session, click: Click, now: datetime) -> View:
    return views.retrospective_modal(_load(session, click, read_id(click.value)))


def submit_form(session: Session, submission: Submission, now: datetime) -> None:
    """What is to be kept and changed becomes learnings for the goal the initiative served."""
    words = views.read_retrospective(submission.form.state)
    workspace_id = submission.actor.workspace_id
    looking = _load(session, submission, read_id(submission.form.metadata))
    asked, initiative = looking.retrospective, looking.initiative
    retrospectives.update_retrospective(session, workspace_id, asked.id, answered_at=now, **words)
    where = (initiative.strategy_id, initiative.goal_id, initiative.id)
    for kind in LearningKind:
        for text in split_learnings(words[kind.value]):
            learning = Learning(0, *where, kind, text, asked.person_id, now)
            retrospectives.add_learning(session, workspace_id, learning)
    answered = retrospectives.get_retrospective(session, workspace_id, asked.id)
    if answered.message_id is not None:
        shown = views.LookingBack(initiative, looking.milestone, answered)
        payload = views.retrospective_message(shown)
        outbox.enqueue_update(session, workspace_id, answered.message_id, payload, now=now)


ROUTES = Routes(clicks={views.OPEN: opens(open_form)}, submissions={views.FORM: submits(submit_form)})
