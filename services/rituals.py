"""What happens by the clock, each occurrence once: one due ritual at a time, in a transaction of its own."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.initiatives import Status
from domain.periods import Month, Week
from domain.rituals import PUT_OFF, Due, Ritual
from domain.schedules import prompt_instant
from domain.strategies import Strategy, digest_after, review_ends
from services.decisions.defaults import perform_decisions
from services.digests import post_digest
from services.outdated import ask_for_readings
from services.planning import claim_due, drop_due, review_due
from services.prompts import prompt_owner, remind_owner
from services.reviews import close_review, post_review
from storage import check_ins, homes, initiatives, people, rituals, strategies
from storage.delivery import seen

BATCH = 100
REMEMBERED = timedelta(days=30)
"""How long events and forms are known again; Slack repeats an event within minutes."""


def list_due(session: Session, workspace_id: str, now: datetime) -> list[Due]:
    """The next batch of what is due at `now`, the longest due first."""
    return rituals.list_due(session, workspace_id, now, BATCH)


def perform_ritual(session: Session, due: Due, now: datetime) -> str:
    """One due ritual, and word of it on every Home that shows its strategy; returns what became of it."""
    outcome = _perform(session, due, now)
    homes.mark_stale(session, due.workspace_id, due.strategy_id, [due.person_id])
    return outcome


def _perform(session: Session, due: Due, now: datetime) -> str:
    """One due ritual; always moves it on or drops it, so that nothing is due twice. Returns what became of it."""
    if due.ritual is Ritual.DECISIONS:
        return perform_decisions(session, due, now)
    if not rituals.is_still_due(session, due):
        return "performed already"
    strategy = strategies.get_strategy(session, due.workspace_id, due.strategy_id)
    if due.ritual is Ritual.DIGEST:
        return _digest(session, strategy, due, now)
    if due.ritual is Ritual.REVIEW:
        return _review(session, strategy, due, now)
    if due.ritual is Ritual.REVIEW_OUTCOME:
        drop_due(session, due)
        return close_review(session, strategy, Month.parse(due.period), now)
    owner = people.get_person(session, due.workspace_id, due.person_id)
    if due.ritual is Ritual.READINGS:
        return ask_for_readings(session, strategy, owner, due, now)
    if due.ritual is Ritual.PROMPT:
        return prompt_owner(session, strategy, owner, due, now)
    return remind_owner(session, strategy, owner, due, now)


def put_off(session: Session, due: Due, now: datetime) -> str:
    """One that failed is tried again in a while."""
    rituals.set_due(session, replace(due, due_at=now + PUT_OFF))
    return "failed"


def _digest(session: Session, strategy: Strategy, due: Due, now: datetime) -> str:
    week = Week.parse(due.period)
    following, at = digest_after(strategy, now)
    overtaken = prompt_instant(strategy.schedule_for(week.next()), week.next(), strategy.zone)
    rituals.set_due(session, replace(due, period=str(following), due_at=at))
    # Strategies set up before there were reviews have none planned yet.
    rituals.add_due(session, review_due(strategy, now))
    if strategy.paused_at is not None:
        return "paused"
    if now >= overtaken:
        return "missed"
    if not _anything_to_tell(session, strategy, now):
        return "nothing asked yet"
    if not claim_due(session, due, now, "posted"):
        return "posted already"
    post_digest(session, strategy, week, now, is_final=True)
    seen.forget_old(session, due.workspace_id, now - REMEMBERED)
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
    if not claim_due(session, due, now, "posted"):
        return "posted already"
    post_review(session, strategy, Month.parse(due.period), now)
    return "posted"


def _anything_to_tell(session: Session, strategy: Strategy, now: datetime) -> bool:
    """Not before the first prompt of active initiatives: there is nothing in it that anybody could have said."""
    if check_ins.list_uncovered(session, strategy.workspace_id, strategy.id, now):
        return True
    listed = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    return not any(initiative.status is Status.ACTIVE for initiative in listed)
