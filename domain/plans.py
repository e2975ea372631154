"""What a ritual can be next due at, as the schedule explains it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from domain.periods import Month, Week
from domain.rituals import PUT_OFF, Due, Ritual
from domain.schedules import prompt_instant
from domain.strategies import (
    Strategy,
    digest_after,
    digest_at,
    next_prompt_week,
    review_after,
    review_at,
    review_ends,
)

P = TypeVar("P", Week, Month)
SKEW = timedelta(minutes=10)
"""What is dated further ahead than this was dated by a clock that was wrong: processes agree to two minutes."""
A_WEEK = timedelta(days=7)
FOUR_WEEKS = timedelta(days=28)


def reckoned(strategy: Strategy, zone: str, due: Due, happened: Collection[str], now: datetime) -> Due:
    """A prompt, digest or review as it is next due: unchanged, unless it lies further ahead than that.

    `zone` is the owner's for a prompt, else the strategy's; `happened` are the periods whose occurrence has happened.
    The last one before now, where it was passed over and still makes sense, is due now.
    """
    if due.ritual is Ritual.REVIEW:
        month = review_after(strategy, now)[0]
        may_be_made_up = now < review_ends(strategy, review_at(strategy, month.previous()))
        month = _period(Month.parse(due.period), month, happened, may_be_made_up=may_be_made_up)
        return _explained(due, str(month), review_at(strategy, month), now)
    if due.ritual is Ritual.DIGEST:
        week = digest_after(strategy, now)[0]
        may_be_made_up = now < _prompt_at(strategy, week, strategy.zone)
        week = _period(Week.parse(due.period), week, happened, may_be_made_up=may_be_made_up)
        return _explained(due, str(week), digest_at(strategy, week), now)
    week = next_prompt_week(strategy, zone, now)
    may_be_made_up = now < digest_at(strategy, week.previous())
    week = _period(Week.parse(due.period), week, happened, may_be_made_up=may_be_made_up)
    at = _prompt_at(strategy, week, zone)
    # One that falls on a day off moves, to its digest at most.
    return _explained(due, str(week), at, now, latest=max(at, digest_at(strategy, week)))


def _period(planned: P, coming: P, happened: Collection[str], *, may_be_made_up: bool) -> P:
    """What is planned, unless that lies further ahead than the first to come that has not happened."""
    first = coming
    while str(first) in happened:
        first = first.next()
    if planned <= first:
        return planned
    last = coming.previous()
    return last if may_be_made_up and str(last) not in happened else first


def _prompt_at(strategy: Strategy, week: Week, zone: str) -> datetime:
    return prompt_instant(strategy.schedule_for(week), week, zone)


def _explained(due: Due, period: str, at: datetime, now: datetime, latest: datetime | None = None) -> Due:
    is_explained = due.period == period and due.due_at <= max(latest or at, now + PUT_OFF)
    return due if is_explained else replace(due, period=period, due_at=at)
