"""The report of a month: which month is meant, what it is made from, and the file it becomes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.periods import Month, Week
from domain.reading.dates import read_past_month
from domain.reports import ReportMaterial, had_weeks, month_span, report_at, report_facts
from domain.schedules import local_day
from domain.strategies import Strategy
from services.reviews.gathering import gather_review
from storage import changes, closed_weeks, initiatives, people, strategies
from views.exports.files import slug
from views.reports.words import month_name

_LOOKED_BACK = timedelta(days=366)
"""Before a month, for what was paused in it and is so still."""


def choose_month(session: Session, strategy: Strategy, typed: str, now: datetime) -> tuple[Strategy, Month]:
    """The month somebody means and the strategy the channel had at its end; without words the last one that is over.

    While nothing is kept of that, it is this month so far. Raises DomainError with what can be asked for.
    """
    today = local_day(now, strategy.zone)
    this = Month.of(today)
    if not typed:
        last = this.previous()
        had = strategy_in(session, strategy, last)
        return (had, last) if _is_kept(session, had, last) else (strategy, this)
    try:
        month = read_past_month(typed, today)
    except ValueError as problem:
        raise DomainError(str(problem)) from None
    if month > this:
        raise DomainError(f"{month_name(month)} has not begun yet. `/rhythm report` gives the last month.")
    had = strategy_in(session, strategy, month)
    if month < this and not _is_kept(session, had, month):
        raise DomainError(
            f"No week of {had.name} ended in {month_name(month)}, so there is nothing to report. "
            f"`/rhythm report {this.day(1):%B}` gives this month so far."
        )
    return had, month


def strategy_in(session: Session, strategy: Strategy, month: Month) -> Strategy:
    """The one its channel had when a month ended."""
    ends = month_span(strategy, month)[1]
    before = strategies.list_closed(session, strategy.workspace_id, strategy.channel_id)
    had = [one for one in before if one.closed_at is not None and one.closed_at >= ends]
    return had[-1] if had else strategy


def _is_kept(session: Session, strategy: Strategy, month: Month) -> bool:
    since = Week.of(month.day(1)).previous()
    kept = closed_weeks.list_closed_weeks(session, strategy.workspace_id, strategy.id, since)
    return had_weeks(kept, month)


def gather_report(session: Session, strategy: Strategy, month: Month, now: datetime) -> ReportMaterial:
    """What is known of a month now, as of its end where it is over."""
    since, at = report_at(strategy, month, now)
    review = gather_review(session, strategy, month, at, since)
    known = review.rhythm
    read = initiatives.read_metrics(session, strategy.workspace_id, known.initiatives, strategy.zone)
    changed = changes.list_changes(session, strategy.workspace_id, strategy.id, since - _LOOKED_BACK)
    leads = people.list_people(session, strategy.workspace_id, strategy.leads)
    review = replace(
        review, rhythm=replace(known, initiatives=tuple(read)), people={**review.people, **leads}
    )
    return ReportMaterial(review, now, tuple(changed))


def make_report(session: Session, workspace_id: str, what: Mapping[str, Any]) -> tuple[str, bytes]:
    """The file that `services.exports.send_report` promised; raises LookupError when its strategy is gone."""
    from views.reports.page import report_page  # noqa: PLC0415 - few processes ever make one

    strategy = strategies.get_strategy(session, workspace_id, what["strategy_id"])
    month, at = Month.parse(what["month"]), datetime.fromisoformat(what["at"])
    page = report_page(report_facts(gather_report(session, strategy, month, at)))
    return f"{slug(strategy.name)}-{month}.html", page.encode()
