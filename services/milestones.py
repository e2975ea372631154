"""Milestones: who may see, add and finish them, and what follows."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.errors import DomainError, FieldErrors
from domain.initiatives import Initiative
from domain.milestones import MAX_OPEN_MILESTONES, Milestone
from domain.people import Person, why_not_a_participant
from domain.reading.milestones import MilestoneLine, read_milestone_line
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import full_day
from services.access import choose_initiative, may_lead, who_can
from services.retrospectives import finish_milestone
from services.telling import tell_person
from storage import acts, initiatives, milestones, people
from views import milestones as views


def list_milestones_of(session: Session, initiative: Initiative) -> tuple[Milestone, ...]:
    return milestones.list_milestones(session, initiative.workspace_id, [initiative.id])[initiative.id]


def choose_with_milestone(
    session: Session, strategy: Strategy, text: str, today: date
) -> tuple[Initiative, MilestoneLine]:
    """The initiative that a command names, and the milestone that follows. Raises DomainError or Choose."""
    listing = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    line = read_milestone_line(text, [one.name for one in listing], today)
    ask = "Which one’s milestones do you want to see:"
    return choose_initiative(line.initiative, listing, strategy, ask=ask, rest=line.rest), line


def load_milestones(
    session: Session, strategy: Strategy, initiative: Initiative, person: Person, now: datetime
) -> views.MilestonesShown:
    """An initiative's milestones, as that person sees them."""
    found = list_milestones_of(session, initiative)
    return views.MilestonesShown(
        initiative=initiative,
        milestones=found,
        people=people.list_people(session, strategy.workspace_id, {one.person_id for one in found}),
        today=local_day(now, person.zone),
        viewer_id=person.id,
        may_change=person.id == initiative.owner_id or may_lead(strategy, person),
    )


def load_to_change(
    session: Session, strategy: Strategy, initiative: Initiative, person: Person, now: datetime
) -> views.MilestonesShown:
    """Raises DomainError for who may not add to it, and once the initiative is closed."""
    shown = load_milestones(session, strategy, initiative, person, now)
    if not shown.may_change:
        raise refuse_change(session, strategy, initiative)
    _require_open(initiative)
    return shown


def refuse_change(session: Session, strategy: Strategy, initiative: Initiative) -> DomainError:
    """Names who can."""
    able = who_can(session, strategy.workspace_id, [initiative.owner_id, *strategy.leads])
    return DomainError(
        f"Only its owner or a lead changes the milestones of {initiative.name}: {able}. "
        f"`/initiative show {initiative.name}` shows them."
    )


def _require_open(initiative: Initiative) -> None:
    if initiative.status.is_closed:
        raise DomainError(f"{initiative.name} has been closed, so its milestones stay as they are.")


def add_milestone(
    session: Session, shown: views.MilestonesShown, wanted: Milestone, by: Person, now: datetime
) -> Milestone:
    """Whom it names is told. Raises FieldErrors for somebody who cannot take part, and for one too many."""
    named = people.get_person(session, by.workspace_id, wanted.person_id)
    if sentence := why_not_a_participant(named):
        raise FieldErrors({views.PERSON: sentence})
    if len(views.open_milestones(shown.milestones)) >= MAX_OPEN_MILESTONES:
        raise FieldErrors({views.NAME: f"{MAX_OPEN_MILESTONES} are open already. Mark one as done first."})
    milestone = milestones.add_milestone(session, by.workspace_id, wanted, now)
    act = Act(
        ActKind.MILESTONE_ADDED,
        by.id,
        now,
        f"{shown.initiative.name}: {milestone.name}",
        after=full_day(milestone.due),
        about_id=named.id,
        thing_id=milestone.id,
    )
    acts.add_act(session, by.workspace_id, shown.initiative.strategy_id, act)
    if named.id != by.id:
        told = views.named_message(shown.initiative, milestone, by, shown.today)
        tell_person(session, by.workspace_id, named.id, told, now)
    return milestone


def mark_milestone(
    session: Session,
    strategy: Strategy,
    initiative: Initiative,
    milestone: Milestone,
    by: Person,
    now: datetime,
) -> bool:
    """As done; whether it was open until now. Raises DomainError naming who can, and once the initiative is closed."""
    if not load_milestones(session, strategy, initiative, by, now).may_mark(milestone):
        named = people.get_person(session, strategy.workspace_id, milestone.person_id)
        raise DomainError(f"Only {named.name}, its owner or a lead can mark {milestone.name} as done.")
    _require_open(initiative)
    return finish_milestone(session, initiative, milestone, by.id, now)
