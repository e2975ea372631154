"""Putting right what a clock that was ahead has left behind.

`bot.clock` keeps such a clock out; this is for what an older version, a restored machine or a tick by hand has done.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from domain.absences import snooze_until
from domain.acts import Act, ActKind
from domain.check_ins import CheckIn, CheckInState
from domain.people import Person
from domain.periods import Week
from domain.plans import SKEW, reckoned
from domain.reviews import Review
from domain.rituals import REMINDERS, Due, Ritual
from domain.strategies import Strategy, digest_after, next_prompt_week, pattern_of, review_ends
from services.check_ins.answering import build_answering
from services.check_ins.prompts import redraw_check_in
from services.decisions.settling import reopen_early, settled_period
from services.planning import bets_due, decisions_due, plan_decisions, plan_reminders, prompt_due
from services.reviews.closing import closing_due, plan_closing, reopen_review, review_closes_at
from services.telling import tell_unless_left
from storage import absences, acts, ahead, check_ins, people, reviews, rituals, strategies
from storage.ahead import Claim
from storage.database import lock
from storage.delivery import outbox, seen
from views.repairs import repaired_message, withdrawn_prompt_message

log = structlog.get_logger()
_SCHEDULED = (Ritual.PROMPT, Ritual.DIGEST, Ritual.REVIEW)
_NEVER_ASKED = ("missed", "skipped")
_RECENT = timedelta(days=60)
_TWO_WEEKS = timedelta(days=14)


def find_strategies_ahead(session: Session, workspace_id: str, now: datetime) -> list[int]:
    """Strategies in which something happened later than now, or is due later than the schedule explains.

    None where it is this clock that is behind: Slack has stamped messages of ours later than now.
    """
    found = ahead.list_strategies_ahead(session, workspace_id, now + SKEW)
    for due in ahead.list_far(session, workspace_id, now):
        if due.strategy_id not in found and is_unexplained(session, due, now):
            found.add(due.strategy_id)
    if found:
        stamp = ahead.find_last_stamp(session, workspace_id)
        if stamp is not None and stamp > now + SKEW:
            log.error("clock_behind", seconds=round((stamp - now).total_seconds()))
            return []
    return sorted(found)


def is_unexplained(session: Session, due: Due, now: datetime) -> bool:
    strategy = strategies.get_strategy(session, due.workspace_id, due.strategy_id)
    return _as_planned(session, strategy, due, now) != due


def repair_strategy(session: Session, strategy_id: int, now: datetime, *, workspace_id: str) -> None:
    lock(session, workspace_id, strategy_id)
    strategy = strategies.get_strategy(session, workspace_id, strategy_id)
    claims = ahead.list_claims(session, workspace_id, strategy_id, now + SKEW)
    owners = _take_back_prompts(session, strategy, claims, now)
    for claim in claims:
        if claim.ritual in (Ritual.DIGEST, Ritual.REVIEW):
            ahead.forget_claim(session, workspace_id, strategy_id, claim)
    reopened = reopen_early(session, strategy, now + SKEW, now)
    for decision in reopened:
        settled = Claim(Ritual.DECISIONS, settled_period(decision), "", "")
        ahead.forget_claim(session, workspace_id, strategy_id, settled)
    _redate_reviews(session, strategy, now)
    ahead.redate(session, workspace_id, strategy_id, now + SKEW, now)
    plan_closing(session, strategy, now)
    moved = _plan_again(session, strategy, now)
    for owner in owners:
        _show_again(session, strategy, owner, now)
    ahead.revive_expired(session, workspace_id, now)
    if not (claims or reopened or moved):
        return  # another process was faster
    acts.add_act(session, workspace_id, strategy_id, Act(ActKind.REPAIRED, None, now))
    log.error(
        "clock_was_ahead",
        strategy=strategy_id,
        happened=len(claims),
        moved=len(moved),
        reopened=len(reopened),
    )
    # A week may come back for other reasons: an owner moves west before anything was asked in it.
    if claims or reopened or any(by > _TWO_WEEKS for by in moved):
        _tell_leads(session, strategy, len(reopened), now)


def _take_back_prompts(
    session: Session, strategy: Strategy, claims: Iterable[Claim], now: datetime
) -> list[Person]:
    """Those whose prompt was passed over, or came too early."""
    prompts = [claim for claim in claims if claim.ritual is Ritual.PROMPT]
    owners = people.list_people(session, strategy.workspace_id, [claim.person_id for claim in prompts])
    for claim in prompts:
        owner, week = owners[claim.person_id], Week.parse(claim.period)
        check_in = check_ins.find_check_in_of_period(
            session, strategy.workspace_id, strategy.id, owner.id, week
        )
        is_next = week <= next_prompt_week(strategy, owner.zone, now)
        if claim.outcome not in _NEVER_ASKED and is_next:
            # They have been asked for this week, if early, and are not asked twice.
            if check_in is not None and check_in.due_at > now:
                check_ins.set_due_at(session, check_in, now)
            continue
        ahead.forget_claim(session, strategy.workspace_id, strategy.id, claim)
        if check_in is not None:
            _take_back(session, strategy, check_in, now)
    return list(owners.values())


def _take_back(session: Session, strategy: Strategy, check_in: CheckIn, now: datetime) -> None:
    """What somebody answered all the same stays, as an early answer."""
    if any(answer.revision for answer in check_in.answers):
        check_ins.set_state(session, check_in, CheckInState.EARLY)
        return
    if check_in.message_id is not None:
        gone = withdrawn_prompt_message(strategy)
        outbox.enqueue_update(session, strategy.workspace_id, check_in.message_id, gone, now=now)
    check_ins.forget(session, check_in)


def _plan_again(session: Session, strategy: Strategy, now: datetime) -> list[timedelta]:
    """By how much each ritual moved that was due later than the schedule explains."""
    moved = []
    for due in rituals.list_due_of(session, strategy.workspace_id, strategy.id):
        planned = _as_planned(session, strategy, due, now)
        if planned is None:
            rituals.drop_all(session, [due])
        elif planned != due:
            rituals.set_due(session, planned)
            moved.append(due.due_at - planned.due_at)
    plan_decisions(session, strategy, now)
    return moved


def _as_planned(session: Session, strategy: Strategy, due: Due, now: datetime) -> Due | None:
    """As it should be next due; None for what should not be due at all."""
    if due.ritual in _SCHEDULED:
        zone = strategy.zone
        if due.ritual is Ritual.PROMPT:
            zone = people.get_person(session, due.workspace_id, due.person_id).zone
        return reckoned(strategy, zone, due, ahead.list_happened(session, due, now - _RECENT), now)
    if due.ritual is Ritual.REVIEW_OUTCOME:
        waiting = reviews.list_open_reviews(session, strategy)
        return closing_due(session, strategy, [_redated(strategy, one, now) for one in waiting], now)
    if due.ritual is Ritual.READINGS:
        return due if review_ends(strategy, now) > due.due_at else None
    if due.ritual in REMINDERS:
        return _reminder_as_planned(session, strategy, due, now)
    return (bets_due if due.ritual is Ritual.BETS else decisions_due)(session, strategy, now)


def _redate_reviews(session: Session, strategy: Strategy, now: datetime) -> None:
    """One posted by a clock that was ahead ends when it would have if it had been posted now; one closed by it is open."""
    for review in reviews.list_open_reviews(session, strategy):
        reviews.save_review(session, _redated(strategy, review, now))
    for review in reviews.list_closed_after(session, strategy, now + SKEW):
        redated = _redated(strategy, review, now)
        if redated.ends_at > now:
            reopen_review(session, strategy, redated, now)


def _redated(strategy: Strategy, review: Review, now: datetime) -> Review:
    if review.posted_at <= now + SKEW:
        return review
    return replace(review, ends_at=review_closes_at(strategy, review.period, now))


def _reminder_as_planned(session: Session, strategy: Strategy, due: Due, now: datetime) -> Due | None:
    """One that is too far ahead is planned again with its check-in."""
    owner = people.get_person(session, due.workspace_id, due.person_id)
    planned = absences.list_absences(session, due.workspace_id, [owner.id])[owner.id]
    week = next_prompt_week(strategy, owner.zone, now)
    latest = max(
        prompt_due(strategy, owner.id, owner.zone, week).due_at,
        snooze_until(now, owner.zone, pattern_of(strategy, owner), planned),
    )
    return due if due.due_at <= latest and Week.parse(due.period) <= week else None


def _show_again(session: Session, strategy: Strategy, owner: Person, now: datetime) -> None:
    """The present prompt, which the next one had closed, and its reminders, which were dropped as too late."""
    current = check_ins.find_current(session, strategy.workspace_id, strategy.id, owner.id, now)
    if current is None or current.state is not CheckInState.ASKED:
        return
    redraw_check_in(session, build_answering(session, strategy, current, owner), now)
    planned = rituals.list_due_of(session, strategy.workspace_id, strategy.id)
    is_planned = any(due.ritual in REMINDERS and due.person_id == owner.id for due in planned)
    if current.missing and not is_planned:
        plan_reminders(session, strategy, owner, current, max(now, current.due_at))


def _tell_leads(session: Session, strategy: Strategy, reopened: int, now: datetime) -> None:
    """Once a day."""
    if not seen.is_new(session, strategy.workspace_id, f"ahead:{strategy.id}:{now:%Y-%m-%d}", now):
        return
    told = repaired_message(strategy, digest_after(strategy, now)[1], reopened)
    for lead in strategy.leads:
        tell_unless_left(session, strategy.workspace_id, lead, told, now, strategy=strategy)
