"""`/initiative milestone`: steps of an initiative, each with a person and a date."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.schedules import local_day
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
from services.access import load_as_member, remember_in, require_place, tell_actor
from services.milestones import (
    add_milestone,
    choose_with_milestone,
    load_milestones,
    load_to_change,
    mark_milestone,
    refuse_change,
)
from services.references import see_initiative, see_milestone
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
    """With what follows the name filled in for a new one."""
    person, strategy = load_as_member(session, command.actor, command.channel_id)
    initiative, line = choose_with_milestone(session, strategy, command.text, local_day(now, person.zone))
    shown = load_milestones(session, strategy, initiative, person, now)
    may_mark = any(map(shown.may_mark, shown.milestones))
    if not shown.may_change and (line.name or not may_mark):
        raise refuse_change(session, strategy, initiative)
    remember_in(session, person, command.channel_id, now)
    ref = views.MilestoneRef(channel_id=command.channel_id, initiative_id=initiative.id)
    return views.milestones_modal(shown, ref, typed=line)


def submit_milestone(session: Session, submission: Submission, now: datetime) -> None:
    ref = views.MilestoneRef.read(submission.form.metadata)
    person, strategy, initiative = see_initiative(session, submission, ref.initiative_id)
    shown = load_to_change(session, strategy, initiative, person, now)
    wanted = views.read_milestone(submission.form.state, initiative, shown.milestones, shown.today)
    milestone = add_milestone(session, shown, wanted, person, now)
    line = f"{milestone.name} is now a milestone of {initiative.name}."
    tell_actor(session, submission.actor, strategy, ref.channel_id, notice(line), now)


def _mark(session: Session, click: Click, now: datetime) -> tuple[str, View | None]:
    person, strategy, initiative, milestone = see_milestone(session, click, read_id(click.value))
    is_new = mark_milestone(session, strategy, initiative, milestone, person, now)
    told = f"{milestone.name} is done. Thank you!" if is_new else f"{milestone.name} was done already."
    if click.form is None:
        return told, None
    ref = views.MilestoneRef.read(click.form.metadata)
    if ref.initiative_id != initiative.id:
        raise NotFound
    require_place(strategy, ref.channel_id)
    shown = load_milestones(session, strategy, initiative, person, now)
    return told, views.milestones_modal(shown, ref, told)


ROUTES = Routes(
    commands={
        "/initiative": (
            Subcommand(
                "milestone",
                "NAME [what DATE @person]",
                "its milestones: see, add, mark as done",
                opens(open_milestones),
            ),
        )
    },
    clicks={views.DONE: mark_done},
    submissions={views.FORM: submits(submit_milestone)},
)
