"""The next quarter: a strategy is closed and stays to be read, another of its channel goes on with what was chosen."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.drafts import Draft, DraftLine, numbered
from domain.errors import DomainError
from domain.initiatives import Initiative
from domain.kpis import Kpi
from domain.people import Person
from domain.quarters import initiative_again, kpi_again, quarter_end
from domain.reading.drafts.plans import read_plan
from domain.schedules import local_day
from domain.strategies import Goal, Strategy, current_week
from services.access import may_lead
from services.bets.looking import look_again
from services.closed_weeks import Ending, close_weeks
from services.drafts.editing import add_to_draft, find_draft, keep_draft
from services.planning import plan_decisions
from services.reading_first import read_first
from services.strategies import find_following, set_up_strategy
from storage import (
    acts,
    bets,
    canvases,
    check_ins,
    checklists,
    decisions,
    drafts,
    initiatives,
    kickoffs,
    kpis,
    people,
    rituals,
    strategies,
    tokens,
)
from storage.drafts import KeptDraft
from views.drafts.forms import paste_modal
from views.quarters import NextForm, next_modal


def _copy_lines(
    session: Session,
    workspace_id: str,
    listing: Sequence[Initiative],
    watched: Sequence[Kpi],
    new_goals: Iterable[Goal],
    due: date,
) -> Draft:
    """What goes on of a strategy, as lines, with the words that its goals have by now."""
    goals = {goal.former_id: goal.text for goal in new_goals if goal.former_id}
    ids = [one.id for one in listing]
    charters = kickoffs.list_charters(session, workspace_id, ids)
    asked = kickoffs.list_confirmations(session, workspace_id, ids)
    named = {one.owner_id for one in listing} | {one.owner_id for one in watched}
    named |= {one.sponsor_id for one in charters.values()}
    named |= {one.person_id for those in asked.values() for one in those}
    names = {one.id: one.name for one in people.list_people(session, workspace_id, named).values()}
    kept_as = {kpi.id: kpi.name for kpi in watched}
    lines: list[DraftLine] = [
        initiative_again(
            one, charters.get(one.id), asked[one.id], names, goals.get(one.goal_id or 0, ""), due, kept_as
        )
        for one in listing
    ]
    lines += [kpi_again(one, names, goals.get(one.goal_id or 0, ""), due) for one in watched]
    return Draft(numbered(lines))


def list_sources(session: Session, strategy: Strategy, person: Person) -> list[Strategy]:
    """Whose plan may be copied: those the channel had before, the last one first, then others that the person leads."""
    closed = strategies.list_closed(session, strategy.workspace_id, strategy.channel_id)
    everything = strategies.list_strategies(session, strategy.workspace_id)
    return [*closed, *(one for one in everything if one.id != strategy.id and may_lead(one, person))]


def open_paste_form(
    session: Session, strategy: Strategy, person: Person, revision: int = 0, *, is_new: bool = False
) -> dict[str, Any]:
    """With what may be copied; `revision` is that of the draft it adds to."""
    sources = list_sources(session, strategy, person)
    return paste_modal(strategy, revision, sources=sources, is_new=is_new)


def copy_plan(
    session: Session, strategy: Strategy, source: Strategy, typed: str, person: Person, now: datetime
) -> KeptDraft:
    """What goes on of another strategy comes into the draft, after what is typed; what stands there already does not."""
    today = local_day(now, person.zone)
    goes_on = gather_next(session, source)
    copied = _copy_lines(session, source.workspace_id, *goes_on, strategy.goals, quarter_end(today))
    kept = find_draft(session, strategy, now)
    known = {line.words for line in kept.draft.lines} if kept else set()
    fresh = Draft(tuple(line for line in copied.lines if line.words not in known))
    read = read_first(session, read_plan, typed, today) if typed else Draft()
    return add_to_draft(session, strategy, read.plus(fresh), (), person, now)


def gather_next(session: Session, strategy: Strategy) -> tuple[list[Initiative], list[Kpi]]:
    """What may go on: the initiatives that are not closed, and the KPIs that are watched."""
    workspace_id = strategy.workspace_id
    return (
        initiatives.list_initiatives(session, workspace_id, strategy.id),
        kpis.list_kpis(session, workspace_id, strategy.id),
    )


def open_next(session: Session, strategy: Strategy, person: Person, now: datetime) -> dict[str, Any]:
    """The form, filled in with what there is."""
    listing, watched = gather_next(session, strategy)
    return next_modal(strategy, listing, watched, quarter_end(local_day(now, person.zone)))


def begin_next_quarter(
    session: Session, strategy: Strategy, form: NextForm, by: Person, now: datetime
) -> Strategy:
    """Close it, and set up and return the one that follows, with what goes on as its draft. Raises DomainError."""
    listing, watched = gather_next(session, strategy)
    goes_on = (
        [one for one in listing if one.id in form.initiatives],
        [one for one in watched if one.id in form.kpis],
    )
    going_on = _copy_lines(session, strategy.workspace_id, *goes_on, form.goals, form.end)
    _close(session, strategy, by, now)
    fresh = replace(strategy, id=0, paused_at=None, schedule_changes=())
    wanted = replace(fresh, name=form.name, why=form.why, goals=form.goals)
    leads = list(people.list_people(session, strategy.workspace_id, strategy.leads).values())
    set_up_strategy(session, wanted, leads, by, now, is_next_quarter=True)
    following = find_following(session, strategy)
    canvases.hand_on(session, strategy.workspace_id, strategy.id, following.id)
    # Whoever waits for a decision goes on waiting for it, with its day and its default.
    decisions.hand_on_open(session, strategy.workspace_id, strategy.id, following.id)
    plan_decisions(session, following, now)
    left = find_draft(session, strategy, now)
    drafts.drop_draft(session, strategy.workspace_id, strategy.id)
    keep_draft(session, following, None, going_on.plus(left.draft if left else Draft()), by, now)
    return following


def _close(session: Session, strategy: Strategy, by: Person, now: datetime) -> None:
    """Nothing is asked or told any more, and its weeks are closed with what they left. Raises DomainError."""
    workspace_id = strategy.workspace_id
    if not strategies.close_strategy(session, workspace_id, strategy.id, now):
        raise DomainError(f"{strategy.name} has been closed already.")
    acts.add_act(session, workspace_id, strategy.id, Act(ActKind.CLOSED, by.id, now))
    checklists.mark_stale(session, workspace_id, strategy.id)
    endings = list(_endings(session, strategy, now))
    check_ins.hold_unclosed(session, workspace_id, strategy.id, [one.person.id for one in endings])
    close_weeks(session, strategy, endings, now)
    # What waits for its day is looked at as it stands.
    look_again(session, strategy, bets.list_waiting(session, workspace_id, strategy.id), now)
    rituals.drop_due(session, workspace_id, strategy.id)
    for token in tokens.list_tokens(session, workspace_id, strategy.id):
        tokens.revoke_token(session, workspace_id, strategy.id, token.id, now)


def _endings(session: Session, strategy: Strategy, now: datetime) -> Iterable[Ending]:
    listing, watched = gather_next(session, strategy)
    ids = {one.owner_id for one in listing} | {one.owner_id for one in watched}
    owners = people.list_people(session, strategy.workspace_id, ids)
    for owner in owners.values():
        yield Ending(
            owner,
            current_week(strategy, owner.zone, now).next(),
            [one for one in listing if one.owner_id == owner.id],
            [one for one in watched if one.owner_id == owner.id],
        )
