"""How a prompt says what is known: last week, numbers, what happened since, and until when an answer counts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from domain.check_ins import Answer
from domain.decisions import Decision, DecisionState
from domain.initiatives import Initiative, SuccessMetric
from domain.milestones import Milestone
from domain.pace import Pace
from domain.periods import Week
from domain.schedules import DAY_NAMES, last_moment, local_day
from domain.words import MAX_NAME, short_day, show_number
from views.joins import updated
from views.pace import PaceWords, metric_pace_words, metric_target
from views.slack import blocks as b

_MOST_DRAFTED = 10
_GLIMPSE = 200


def answer_by(digest_at: datetime, zone: str, asked_at: datetime, today: date) -> str:
    """As in "Tuesday evening", in the reader's own time; exactly, where so round a moment is over or too near."""
    moment, part = last_moment(digest_at, zone)
    day = moment.date()
    if day < today or moment <= asked_at.astimezone(moment.tzinfo):
        return b.slack_time(digest_at)
    return f"this {part}" if day == today and part != "noon" else f"{DAY_NAMES[day.weekday()]} {part}"


def last_words(last: Answer | None, last_period: Week | None, period: Week) -> str:
    """As in "last week 🟢 on track"; "new" for what was never asked about before."""
    if last is None or last_period is None:
        return "new"
    when = "last week" if last_period.next() == period else f"week of {short_day(last_period.day(0))}"
    said = f"{last.health.emoji} {last.health.label}" if last.health else "no answer"
    return f"{when} {said}"


def metric_words(metric: SuccessMetric, initiative: Initiative, today: date) -> str:
    """As in "subscribers 4,310 of 6,000"; "answer time 33 h, target 20 h" where less is better."""
    name, stands = b.one_line(metric.name, MAX_NAME), metric_standing(metric, initiative, today)
    if stands.pace is Pace.MISSED:
        return f"{name} {stands.verdict}"
    target = metric_target(metric, partial(number, metric))
    if not stands.value:
        return f"{name} {stands.verdict}, target {target}"
    if metric.value is None:
        is_old = stands.pace in (Pace.OUTDATED, Pace.NOT_READ)
        return f"{name} {stands.verdict if is_old else f'baseline {number(metric, metric.baseline)}'}, target {target}"
    told = number(metric, metric.value)
    if stands.should:
        return f"{name} {told}, should be {stands.should}, target {target}"
    if metric.target < metric.baseline or "%" in metric.unit:
        return f"{name} {told}, target {target}"
    return f"{name} {told.removesuffix(f' {metric.unit}')} of {target}"


def metric_standing(metric: SuccessMetric, initiative: Initiative, today: date) -> PaceWords:
    return metric_pace_words(metric, initiative, today, partial(number, metric))


def number(metric: SuccessMetric, value: Decimal | None) -> str:
    return b.one_line(show_number(value, metric.unit), MAX_NAME) if value is not None else "—"


def reading_words(metric: SuccessMetric, value: Decimal) -> str:
    """As in "subscribers 4,650", and where it is a KPI's, too, that this one has it now."""
    return f"{b.one_line(metric.name, MAX_NAME)} {number(metric, value)}{updated(metric)}"


def done_since(milestones: Iterable[Milestone], since: datetime | None, until: datetime) -> list[str]:
    """Names of those that were finished between two instants."""
    if since is None:
        return []
    done = [one for one in milestones if one.done_at is not None and since < one.done_at <= until]
    return [b.plain_line(one.name, MAX_NAME) for one in done]


def drafted_progress(
    initiative: Initiative,
    last: Answer | None,
    milestones: Iterable[Milestone],
    asks: Sequence[Decision],
    until: datetime,
    zone: str,
) -> str:
    """What the database knows of the time since the owner last answered, as they may say it: no markup. `zone` is theirs,
    and so are the days of readings.

    Milestones done, numbers that came by other ways, what became of asks. Nothing in the first week.
    """
    if last is None or last.at is None:
        return ""
    lines = [f"{name}: done" for name in done_since(milestones, last.at, until)]
    told, answered_on = dict(last.readings), local_day(last.at, zone)
    lines += [
        f"{b.plain_line(metric.name, MAX_NAME)}: {show_number(metric.readings[-1].value, metric.unit)}"
        for metric in initiative.metrics
        if metric.readings and metric.readings[-1].on > answered_on
        if metric.readings[-1].value != told.get(metric.id)
    ]
    lines += [
        f"{b.plain_line(ask.question, _GLIMPSE)} {b.plain_line(ask.outcome, _GLIMPSE)}"
        for ask in asks
        if ask.state in (DecisionState.DECIDED, DecisionState.DEFAULTED)
        if ask.decided_at is not None and last.at < ask.decided_at <= until
    ]
    return "\n".join(lines[:_MOST_DRAFTED])
