"""The words of the weekly digest that its message and its thread share: escaped markup made of its facts."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial

from domain.check_ins import Standing
from domain.digests.facts import DigestFacts, InitiativeFacts
from domain.initiatives import Initiative, SuccessMetric, metric_forecast, metric_plan
from domain.kickoffs import Confirmation, ConfirmationState
from domain.milestones import Milestone
from domain.pace import Pace
from domain.periods import Week
from domain.schedules import local_day
from domain.words import MAX_NAME, dated, short_day, show_number
from views.changes import change_of_initiative, change_of_strategy
from views.forecasts import heads_for, metric_outlook
from views.pace import PaceWords, metric_pace_words, metric_target
from views.people import NEEDS_OWNER, called, owner_called
from views.slack.blocks import Strong, and_more, bold, one_line, plain_line

_SILENT = ":white_circle:"
_MOST_NAMES = 8
_STANDINGS = {
    Standing.NO_ANSWER: "no answer",
    Standing.OUTDATED: "outdated",
    Standing.AWAY: "away",
    Standing.DAY_OFF: "off this week",
    Standing.MISSED: "not asked, Drumbeat was down",
    Standing.UNDELIVERED: "could not be asked",
    Standing.PAUSED: "paused",
    Standing.NOT_ASKED: "not asked yet",
    Standing.PROPOSED: "proposed",
}


def title(facts: DigestFacts) -> str:
    """Not escaped: a header is plain text."""
    return f"{plain_line(facts.strategy.name, MAX_NAME)} · Week of {short_day(facts.period.day(0))}"


def names(initiatives: Iterable[Initiative]) -> str:
    return ", ".join(
        and_more([one_line(initiative.name, MAX_NAME) for initiative in initiatives], _MOST_NAMES)
    )


def day_of(facts: DigestFacts) -> date:
    """The strategy's day when this was true."""
    return local_day(facts.at, facts.strategy.zone)


def week_label(week: Week, today: date) -> str:
    """By its Monday: "7 Dec"."""
    return dated(week.day(0), today)


def first_name(facts: DigestFacts, person_id: str) -> str:
    return one_line(called(facts.people, person_id), MAX_NAME)


def owner(facts: DigestFacts, person_id: str) -> str:
    return owner_called(facts.people, person_id)


# Where an initiative stands


def heading(line: InitiativeFacts, facts: DigestFacts, strong: Strong) -> str:
    return f"{emoji(line)} {strong(one_line(line.initiative.name, MAX_NAME))}: {state(line, day_of(facts))}"


def emoji(line: InitiativeFacts) -> str:
    return line.health.emoji if line.health else _SILENT


def state(line: InitiativeFacts, today: date) -> str:
    """The health, or in words why there is none; a health once silent is never shown again as if it held."""
    if line.health:
        said = f"{line.health.label} (late)" if line.is_late else line.health.label
        return f"{said}, {NEEDS_OWNER}" if line.is_ownerless else said
    word = NEEDS_OWNER if line.is_ownerless else unanswered(line, today)
    notes = [_last(line, today), "said later: away" if line.is_away_later else ""]
    noted = ", ".join(filter(None, notes))
    return f"{word} ({noted})" if noted else word


def unanswered(line: InitiativeFacts, today: date) -> str:
    """Why there is no health, as in "away until 5 Jan"."""
    if line.until:
        if line.standing is not Standing.AWAY:
            return f"starts {dated(line.until, today)}"
        return f"{'was ' if line.until < today else ''}away until {dated(line.until, today)}"
    return _STANDINGS[line.standing]


def _last(line: InitiativeFacts, today: date) -> str:
    if line.last is None:
        return "never answered" if line.was_silent else ""
    if line.was_silent:
        return f"last answer {week_label(line.last.week, today)}"
    return f"last: {line.last.health.label}, {week_label(line.last.week, today)}"


# Its numbers


def metric_stands(metric: SuccessMetric, initiative: Initiative, on: date) -> PaceWords:
    return metric_pace_words(metric, initiative, _judged_on(metric, on), partial(amount, metric))


def metric_falls_short(metric: SuccessMetric, initiative: Initiative, on: date) -> str:
    """As in "heads for 18 to 26, not 60" where the whole range of its forecast does."""
    found = metric_forecast(metric, initiative, _judged_on(metric, on))
    return heads_for(metric_plan(metric, initiative), found, partial(amount, metric)) if found else ""


def _judged_on(metric: SuccessMetric, on: date) -> date:
    """A late answer's reading counts, though it came after the day."""
    return max([on, *(read.on for read in metric.readings[-1:])])


def metric_in_full(metric: SuccessMetric, line: InitiativeFacts, on: date) -> str:
    """As in "answer time 30 h → 26 h (target 20 h; from 41 h) · on pace (plan 27 h)"."""
    name, target, start = (
        one_line(metric.name, MAX_NAME),
        metric_target(metric, partial(amount, metric)),
        amount(metric, metric.baseline),
    )
    stands = metric_stands(metric, line.initiative, on)
    if metric.value is None:
        standing = stands.verdict if stands.pace is Pace.NOT_READ else "not measured yet"
        return f"{name} {standing} (target {target}; from {start})"
    move = next((move for move in line.moves if move.metric.id == metric.id), None)
    before = f"{amount(metric, move.before)} → " if move else ""
    told = f"{name} {before}{amount(metric, metric.value)} (target {target}; from {start})"
    should = f", should be {stands.should}" if stands.should else ""
    return f"{told} · {stands.verdict}{should}"


def metric_ends(metric: SuccessMetric, initiative: Initiative, on: date) -> list[str]:
    """A line that says where it ends if it goes on as it did, where that can be said."""
    return metric_outlook(metric, initiative, _judged_on(metric, on), partial(amount, metric))


def amount(metric: SuccessMetric, value: Decimal) -> str:
    """With its unit, unless the name already says it, as in "referred givers 12"."""
    is_named = metric.unit.casefold() in metric.name.casefold().split()
    return one_line(show_number(value, "" if is_named else metric.unit), MAX_NAME)


# What is late


def late_milestone(step: Milestone, facts: DigestFacts) -> str:
    name = one_line(step.name, MAX_NAME)
    return f"{name} was due {dated(step.due, day_of(facts))} ({owner(facts, step.person_id)})"


def unconfirmed(one: Confirmation, facts: DigestFacts) -> str:
    """Who was asked to own, sponsor or help and has not said yes."""
    who = f"{owner(facts, one.person_id)} ({one.role})"
    if one.state is ConfirmationState.DECLINED:
        return f"{who} declined"
    return (
        f"{who} has not said yes, asked {dated(local_day(one.asked_at, facts.strategy.zone), day_of(facts))}"
    )


# What changed, in full


def changes_of(line: InitiativeFacts, facts: DigestFacts) -> list[str]:
    """What changed for one initiative: its health, then what people changed."""
    return [
        *_health_move(line, day_of(facts)),
        *(change_of_initiative(change, line.initiative, day_of(facts)) for change in line.changes),
    ]


def other_changes(facts: DigestFacts) -> list[str]:
    """Those of the strategy, and of initiatives that came or went."""
    lines = [f"Added: {names(facts.added)}"] if facts.added else []
    for initiative in (*facts.paused, *facts.closed):
        own = [
            change_of_initiative(change, initiative, day_of(facts))
            for change in facts.changes
            if change.initiative_id == initiative.id
        ]
        if own:
            lines.append(f"{bold(one_line(initiative.name, MAX_NAME))}: {'; '.join(own)}")
    return lines + [change_of_strategy(change) for change in facts.changes if change.initiative_id is None]


def _health_move(line: InitiativeFacts, today: date) -> list[str]:
    if not line.has_new_health or line.last is None or line.health is None:
        return []
    since = f" ({week_label(line.last.week, today)})" if line.was_silent else ""
    return [f"{line.last.health.label}{since} → {line.health.label}"]
