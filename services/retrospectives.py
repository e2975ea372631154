"""What follows when a milestone is done or an initiative is closed. Not a feature of its own."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.initiatives import Initiative
from domain.milestones import Milestone
from domain.retrospectives import Retrospective
from storage import kickoffs, milestones, people, retrospectives
from storage.delivery import outbox
from views.retrospectives import LookingBack, retrospective_message


def finish_milestone(
    session: Session, initiative: Initiative, milestone: Milestone, by: str, now: datetime
) -> bool:
    """Whether it was open until now; at the end of a phase people are asked to look back."""
    if not milestones.set_done(session, initiative.workspace_id, milestone.id, by, now):
        return False
    if milestone.ends_phase:
        ask_to_look_back(session, initiative, milestone, now)
    return True


def ask_to_look_back(
    session: Session, initiative: Initiative, milestone: Milestone | None, now: datetime
) -> None:
    """Ask its owner and its sponsor, each once, unless they have left."""
    workspace_id = initiative.workspace_id
    charter = kickoffs.list_charters(session, workspace_id, [initiative.id]).get(initiative.id)
    wanted = dict.fromkeys([initiative.owner_id, *([charter.sponsor_id] if charter else [])])
    milestone_id = milestone.id if milestone else None
    asked = {
        one.person_id
        for one in retrospectives.list_retrospectives(session, workspace_id, initiative.id)
        if one.milestone_id == milestone_id
    }
    for person in people.list_people(session, workspace_id, wanted).values():
        if person.id in asked or person.is_deactivated:
            continue
        one = retrospectives.add_retrospective(
            session, workspace_id, Retrospective(0, initiative.id, milestone_id, person.id, now)
        )
        payload = retrospective_message(LookingBack(initiative, milestone, one))
        message_id = outbox.enqueue_post(session, workspace_id, person.id, payload, now=now)
        retrospectives.update_retrospective(session, workspace_id, one.id, message_id=message_id)
