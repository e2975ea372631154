"""Initiatives as anybody in the channel may see them: all of a strategy, or one in full."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.schedules import local_day
from domain.strategies import Strategy, current_week
from services.access import choose_initiative, without_shadowed
from services.kickoffs.messages import load_kickoff
from services.people import list_ownerless
from storage import answers, initiatives, kpis, milestones, people
from views.initiatives import messages
from views.joins import joined_lines
from views.kickoffs.messages import charter_lines, confirmation_lines
from views.milestones import milestone_lines
from views.slack.blocks import Payload


def show_initiatives(session: Session, strategy: Strategy, now: datetime) -> Payload:
    """All that are not closed, each with its last health."""
    listed = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    today = local_day(now, strategy.zone)
    ownerless = list_ownerless(session, strategy.workspace_id, listed)
    last = answers.list_last_healths(session, strategy, now)
    return messages.list_message(strategy.name, listed, last, today, ownerless)


def show_initiative(session: Session, strategy: Strategy, typed: str, now: datetime) -> Payload:
    """The one named, which may be closed, with its charter and milestones. Raises DomainError or Choose."""
    workspace_id = strategy.workspace_id
    listing = initiatives.list_initiatives(session, workspace_id, strategy.id, include_closed=bool(typed))
    ask = "Which one do you want to see:"
    initiative = choose_initiative(typed, without_shadowed(listing), strategy, ask=ask)
    last = answers.list_last_healths(session, strategy, now).get(initiative.id)
    kickoff = load_kickoff(session, strategy, initiative.id, now)
    steps = milestones.list_milestones(session, workspace_id, [initiative.id])[initiative.id]
    named = people.list_people(session, workspace_id, {one.person_id for one in steps})
    more = charter_lines(kickoff) + confirmation_lines(kickoff)
    today = local_day(now, strategy.zone)
    more += milestone_lines(steps, named, today)
    watched = kpis.list_kpis(session, workspace_id, strategy.id)
    more += joined_lines(initiative, watched)
    week = current_week(strategy, strategy.zone, now)
    [initiative] = initiatives.read_metrics(session, workspace_id, [initiative], strategy.zone, until=week)
    return messages.show_message(strategy, initiative, last, today, more)
