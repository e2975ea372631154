"""`/initiative milestone`: steps of an initiative, each with a person and a date."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError, FieldErrors, NotFound
from domain.initiatives import Initiative
from domain.milestones import MAX_OPEN_MILESTONES
from domain.people import Person, why_not_a_participant
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import listed
from handlers.requests import (
    Click,
    Command,
    Deps,
    Reply,
    Routes,
    Subcommand,
    Submission,
    View,
    opens,
    submits,
)
from services.access import (
    choose_initiative,
    load_actor,
    load_strategy,
    may_lead,
    remember_in,
    require_place,
    tell_actor,
)
from services.references import see_initiative, see_milestone
from services.retrospectives import finish_milestone
from storage import initiatives, milestones, people
from storage.delivery import outbox
from views import milestones as views
from views.slack.blocks import notice
from views.slack.references import read_id


async def mark_done(deps: Deps, click: Click) -> Reply | None:
    """From the form, which is redrawn, or from the DM that named somebody."""
    told, view = await deps.transact(_mark, click, deps.now())
    if click.form is None or view is None:
        return Reply(message=notice(told))
    await deps.slack.update_view(click.form, view, recorded=told)
    return None


def open_milestones(session: Session, command: Command, now: datetime) -> View:
    person = load_actor(session, command.actor)
    strategy = load_strategy(session, person, command.channel_id)
    listing = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    ask = "Which one’s milestones do you want to see:"
    initiative = choose_initiative(command.text, listing, strategy, ask=ask)
    board = _board(session, strategy, initiative, person, now)
    if not board.may_change and not any(map(board.may_mark, board.milestones)):
        raise DomainError(_refusal(session, strategy, initiative))
    remember_in(session, person, command.channel_id, now)
    ref = views.MilestoneRef(channel_id=command.channel_id, initiative_id=initiative.id)
    return views.milestones_modal(board, ref)


def _board(
    session: Session, strategy: Strategy, initiative: Initiative, person: Person, now: datetime
) -> views.Board:
    found = milestones.list_milestones(session, strategy.workspace_id, [initiative.id])[initiative.id]
    return views.Board(
        initiative=initiative,
        milestones=found,
        people=people.list_people(session, strategy.workspace_id, {one.person_id for one in found}),
        today=local_day(now, person.zone),
        viewer_id=person.id,
        may_change=person.id == initiative.owner_id or may_lead(strategy, person),
    )


def _refusal(session: Session, strategy: Strategy, initiative: Initiative) -> str:
    known = people.list_people(session, strategy.workspace_id, [initiative.owner_id, *strategy.leads])
    names = [one.name for one in known.values() if not one.is_deactivated] or ["a workspace admin"]
    return (
        f"Only its owner or a lead changes the milestones of {initiative.name}: {listed(names, 'or')}. "
        f"`/initiative show {initiative.name}` shows them."
    )


def _require_open(initiative: Initiative) -> None:
    if initiative.status.is_closed:
        raise DomainError(f"{initiative.name} has been closed meanwhile, so its milestones stay as they are.")


def submit_milestone(session: Session, submission: Submission, now: datetime) -> None:
    ref = views.MilestoneRef.read(submission.form.metadata)
    workspace_id = submission.actor.workspace_id
    person, strategy, initiative = see_initiative(session, submission, ref.initiative_id)
    board = _board(session, strategy, initiative, person, now)
    if not board.may_change:
        raise DomainError(_refusal(session, strategy, initiative))
    _require_open(initiative)
    wanted = views.read_milestone(submission.form.state, board.initiative, board.milestones, board.today)
    named = people.get_person(session, workspace_id, wanted.person_id)
    if sentence := why_not_a_participant(named):
        raise FieldErrors({views.PERSON: sentence})
    if len(views.open_milestones(board.milestones)) >= MAX_OPEN_MILESTONES:
        raise FieldErrors({views.NAME: f"{MAX_OPEN_MILESTONES} are open already. Mark one as done first."})
    milestone = milestones.add_milestone(session, workspace_id, wanted, now)
    if named.id != person.id:
        told = views.named_message(board.initiative, milestone, person)
        outbox.enqueue_post(session, workspace_id, named.id, told, now=now)
    line = f"{milestone.name} is now a milestone of {board.initiative.name}."
    tell_actor(session, submission.actor, strategy, ref.channel_id, notice(line), now)


def _mark(session: Session, click: Click, now: datetime) -> tuple[str, View | None]:
    person, strategy, initiative, milestone = see_milestone(session, click, read_id(click.value))
    board = _board(session, strategy, initiative, person, now)
    if not board.may_mark(milestone):
        named = people.get_person(session, strategy.workspace_id, milestone.person_id)
        raise DomainError(f"Only {named.name}, its owner or a lead can mark {milestone.name} as done.")
    _require_open(initiative)
    is_new = finish_milestone(session, board.initiative, milestone, person.id, now)
    told = f"{milestone.name} is done. Thank you!" if is_new else f"{milestone.name} was done already."
    if click.form is None:
        return told, None
    ref = views.MilestoneRef.read(click.form.metadata)
    if ref.initiative_id != initiative.id:
        raise NotFound
    require_place(strategy, ref.channel_id)
    board = _board(session, strategy, board.initiative, person, now)
    return told, views.milestones_modal(board, ref, told)


ROUTES = Routes(
    commands={
        "/initiative": (
            Subcommand("milestone", "NAME", "its milestones: see, add, mark as done", opens(open_milestones)),
        )
    },
    clicks={views.DONE: mark_done},
    submissions={views.FORM: submits(submit_milestone)},
)
