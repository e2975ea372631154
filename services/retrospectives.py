"""Retrospectives: who is asked to look back, and what they found."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.errors import DomainError
from domain.initiatives import Initiative
from domain.milestones import Milestone
from domain.people import Person
from domain.retrospectives import Learning, LearningKind, Retrospective, split_learnings
from services.references import Request, see_retrospective
from services.telling import tell_person
from storage import acts, homes, initiatives, kickoffs, milestones, people, retrospectives
from storage.delivery import outbox
from views.retrospectives import LookingBack, retrospective_message


def finish_milestone(
    session: Session, initiative: Initiative, milestone: Milestone, by: str, now: datetime
) -> bool:
    """Whether it was open until now; at the end of a phase people are asked to look back."""
    if not milestones.set_done(session, initiative.workspace_id, milestone.id, by, now):
        return False
    act = Act(ActKind.MILESTONE_DONE, by, now, f"{initiative.name}: {milestone.name}", thing_id=milestone.id)
    acts.add_act(session, initiative.workspace_id, initiative.strategy_id, act)
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
        message_id = tell_person(session, workspace_id, person.id, payload, now)
        retrospectives.set_message(session, workspace_id, one.id, message_id)
    homes.mark_stale(session, workspace_id, initiative.strategy_id, list(wanted))


def list_to_look_back(session: Session, person: Person) -> list[LookingBack]:
    """What the person is asked about and has not answered."""
    waiting = retrospectives.list_asked(session, person.workspace_id, person.id)
    about = initiatives.list_by_id(session, person.workspace_id, [one.initiative_id for one in waiting])
    phases = {one.milestone_id for one in waiting if one.milestone_id is not None}
    steps = {phase: milestones.get_milestone(session, person.workspace_id, phase) for phase in phases}
    return [LookingBack(about[one.initiative_id], steps.get(one.milestone_id or 0), one) for one in waiting]


def load_retrospective(session: Session, request: Request, retrospective_id: int) -> LookingBack:
    """What is asked of whoever acts; raises DomainError when it is somebody else's, or answered."""
    person, initiative, asked = see_retrospective(session, request, retrospective_id)
    if asked.person_id != person.id:
        named = people.get_person(session, person.workspace_id, asked.person_id)
        raise DomainError(f"Only {named.name} can answer this: they are asked to look back.")
    if asked.answered_at is not None:
        raise DomainError("You have looked back on this already. Thank you!")
    phase = asked.milestone_id
    milestone = None if phase is None else milestones.get_milestone(session, person.workspace_id, phase)
    return LookingBack(initiative, milestone, asked)


def record_retrospective(
    session: Session, looking: LookingBack, words: Mapping[str, str], now: datetime
) -> None:
    """What is to be kept and changed becomes learnings for the goal the initiative served."""
    initiative, asked = looking.initiative, looking.retrospective
    workspace_id = initiative.workspace_id
    answered = replace(
        asked,
        expected=words["expected"],
        happened=words["happened"],
        keep=words["keep"],
        change=words["change"],
        answered_at=now,
    )
    retrospectives.save_answer(session, workspace_id, answered)
    act = Act(ActKind.RETROSPECTIVE_WRITTEN, asked.person_id, now, initiative.name, thing_id=initiative.id)
    acts.add_act(session, workspace_id, initiative.strategy_id, act)
    homes.mark_stale(session, workspace_id, initiative.strategy_id, [asked.person_id])
    where = (initiative.strategy_id, initiative.goal_id, initiative.id)
    for kind in LearningKind:
        for text in split_learnings(words[kind.value]):
            learning = Learning(0, *where, kind, text, asked.person_id, now)
            retrospectives.add_learning(session, workspace_id, learning)
    if answered.message_id is not None:
        payload = retrospective_message(LookingBack(initiative, looking.milestone, answered))
        outbox.enqueue_last_update(session, workspace_id, answered.message_id, payload, now=now)
