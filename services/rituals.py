"""What happens by the clock, each occurrence once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.absences import made_up_at
from domain.initiatives import Status
from domain.periods import Month, Week
from domain.rituals import PUT_OFF, REMINDERS, Due, Ritual
from domain.schedules import prompt_instant
from domain.strategies import Strategy, digest_after, review_ends
from services.bets.looking import perform_bets
from services.decisions.defaults import perform_decisions
from services.digests import post_digest
from services.drafts.editing import forget_drafts
from services.outdated import ask_for_readings
from services.planning import review_due
from services.prompts.asking import prompt_owners
from services.prompts.reminders import remind_owners
from services.reviews.closing import perform_closing
from services.reviews.posting import post_review
from storage import check_ins, checklists, homes, initiatives, people, rituals, strategies
from storage.database import is_away
from storage.delivery import occasions, restores, seen

REMEMBERED = timedelta(days=30)
"""How long events and forms are known again; Slack repeats an event within minutes."""
_BATCH = 100


def list_due_together(session: Session, workspace_id: str, now: datetime) -> list[list[Due]]:
    """What is due, the longest due first: what is due of one ritual of a strategy with nothing else of it between."""
    together: list[list[Due]] = []
    last: dict[int, list[Due]] = {}
    for due in rituals.list_due(session, workspace_id, now, _BATCH):
        group = last.get(due.strategy_id)
        if group is None or group[0].ritual is not due.ritual:
            group = last[due.strategy_id] = []
            together.append(group)
        group.append(due)
    return together


def perform_rituals(
    session: Session, dues: Sequence[Due], now: datetime, *, wait: bool
) -> list[tuple[Due, str]]:
    """What is due of one ritual of a strategy; always moves it on or drops it, so that nothing is due twice.

    Returns what became of it, without what somebody else has performed or moved meanwhile. What is just being performed
    is waited for, or left to whoever is at it.
    """
    with occasions.occasion(session, dues, restores.find_said(session, dues)):
        return _perform_together(session, dues, now, wait=wait)


def _perform_together(
    session: Session, dues: Sequence[Due], now: datetime, *, wait: bool
) -> list[tuple[Due, str]]:
    workspace_id, strategy_id, ritual = dues[0].workspace_id, dues[0].strategy_id, dues[0].ritual
    if ritual is Ritual.DECISIONS:
        outcomes = {due: perform_decisions(session, due, now) for due in dues}
    elif ritual is Ritual.BETS:
        outcomes = {due: perform_bets(session, due, now) for due in dues}
    elif ritual is Ritual.REVIEW_OUTCOME:
        outcomes = {due: perform_closing(session, due, now) for due in dues}
    else:
        dues = rituals.hold_due(session, dues, wait=wait)
        if not dues:
            return []
        strategy = strategies.get_strategy(session, workspace_id, strategy_id)
        if ritual is Ritual.PROMPT:
            outcomes = prompt_owners(session, strategy, dues, now)
        elif ritual in REMINDERS:
            outcomes = remind_owners(session, strategy, dues, now)
        else:
            outcomes = {due: _perform(session, strategy, due, now) for due in dues}
    homes.mark_stale(session, workspace_id, strategy_id, [due.person_id for due in dues])
    checklists.mark_stale(session, workspace_id, strategy_id)
    return list(outcomes.items())


def raise_if_away(fault: Exception) -> None:
    """Again, where it was the database: then nothing is wrong with what was tried, and the next tick tries it."""
    if is_away(fault):
        raise fault


def put_off(session: Session, due: Due, now: datetime) -> str:
    """Try it again later; returns what became of it."""
    rituals.set_due(session, replace(due, due_at=now + PUT_OFF))
    return "failed"


def _perform(session: Session, strategy: Strategy, due: Due, now: datetime) -> str:
    if due.ritual is Ritual.DIGEST:
        return _digest(session, strategy, due, now)
    if due.ritual is Ritual.REVIEW:
        return _review(session, strategy, due, now)
    owner = people.get_person(session, due.workspace_id, due.person_id)
    return ask_for_readings(session, strategy, owner, due, now)


def _digest(session: Session, strategy: Strategy, due: Due, now: datetime) -> str:
    week = Week.parse(due.period)
    following, at = digest_after(strategy, now)
    overtaken = prompt_instant(strategy.schedule_for(week.next()), week.next(), strategy.zone)
    rituals.set_due(session, replace(due, period=str(following), due_at=at))
    # Strategies set up before there were reviews have none planned yet.
    rituals.add_due(session, review_due(strategy, now))
    if strategy.paused_at is not None:
        return "paused"
    later = made_up_at(due.due_at, now, strategy.zone, strategy.work_pattern)
    if max(now, later) >= overtaken:
        return "missed"
    if not _anything_to_tell(session, strategy, now):
        return "nothing asked yet"
    if later > now:
        rituals.set_due(session, replace(due, due_at=later))
        return "moved"
    if not rituals.claim_occurrence(session, due, now, "posted"):
        return "posted already"
    post_digest(session, strategy, week, now, is_final=True)
    seen.forget_old(session, due.workspace_id, now - REMEMBERED)
    forget_drafts(session, due.workspace_id, now)
    return "posted"


def _review(session: Session, strategy: Strategy, due: Due, now: datetime) -> str:
    """A month's review; made up for 3 working days after a time down."""
    rituals.set_due(session, review_due(strategy, now))
    if strategy.paused_at is not None:
        return "paused"
    if now >= review_ends(strategy, due.due_at):
        return "missed"
    if not check_ins.is_anything_due(session, strategy.workspace_id, strategy.id, now):
        return "nothing asked yet"
    later = made_up_at(due.due_at, now, strategy.zone, strategy.work_pattern)
    if later > now:
        rituals.set_due(session, replace(due, due_at=later))
        return "moved"
    if not rituals.claim_occurrence(session, due, now, "posted"):
        return "posted already"
    post_review(session, strategy, Month.parse(due.period), now)
    return "posted"


def _anything_to_tell(session: Session, strategy: Strategy, now: datetime) -> bool:
    """Not before the first prompt of active initiatives: there is nothing in it that anybody could have said."""
    if check_ins.list_uncovered(session, strategy.workspace_id, strategy.id, now):
        return True
    listed = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    return not any(initiative.status is Status.ACTIVE for initiative in listed)
