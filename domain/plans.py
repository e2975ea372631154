"""What a ritual can be next due at, as the schedule explains it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from domain.periods import Month, Week
from domain.rituals import PUT_OFF, Due, Ritual
from domain.schedule import digest_instant, prompt_instant
from domain.strategies import Strategy, digest_after, next_prompt_week, review_after, review_at

P = TypeVar("P", Week, Month)
SKEW = timedelta(minutes=10)
"""What is dated further ahead than this was dated by a clock that was wrong: processes agree to two minutes."""
A_WEEK = timedelta(days=7)
FOUR_WEEKS = timedelta(days=28)


def reckoned(strategy: Strategy, zone: str, due: Due, happened: Collection[str], now: datetime) -> Due:
    """A prompt, digest or review as it is next due: unchanged, unless it lies further ahead than that.

    `zone` is the owner's for a prompt, else the strategy's; `happened` are the periods whose occurrence has happened.
    """
    if due.ritual is Ritual.REVIEW:
        month = min(Month.parse(due.period), _first_left(review_after(strategy, now)[0], happened))
        return _explained(due, str(month), review_at(strategy, month), now)
    if due.ritual is Ritual.DIGEST:
        week = min(Week.parse(due.period), _first_left(digest_after(strategy, now)[0], happened))
        return _explained(due, str(week), _digest_at(strategy, week), now)
    week = min(Week.parse(due.period), _first_left(next_prompt_week(strategy, zone, now), happened))
    at = prompt_instant(strategy.schedule_for(week), week, zone)
    # One that falls on a day off moves, to its digest at most.
    return _explained(due, str(week), at, now, latest=max(at, _digest_at(strategy, week)))


def _first_left(period: P, happened: Collection[str]) -> P:
    while str(period) in happened:
        period = period.next()
    return period


def _digest_at(strategy: Strategy, week: Week) -> datetime:
    return digest_instant(strategy.schedule_for(week), week, strategy.zone)


def _explained(due: Due, period: str, at: datetime, now: datetime, latest: datetime | None = None) -> Due:
    is_explained = due.period == period and due.due_at <= max(latest or at, now + PUT_OFF)
    return due if is_explained else replace(due, period=period, due_at=at)
