"""The words of the weekly digest: escaped markup lines made of its facts, each short enough for the channel."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import partial

from domain.check_ins import Answer, Standing
from domain.digests import DigestFacts, InitiativeFacts, MetricMove
from domain.healths import Health
from domain.initiatives import Initiative, SuccessMetric, due_words, metric_plan
from domain.kickoffs import ConfirmationState
from domain.periods import Week
from domain.schedules import local_day
from domain.words import MAX_NAME, dated, short_day, show_number
from views.changes import _GLIMPSE, change_of_initiative, change_of_strategy
from views.decisions.words import needed_lines, settled_lines
from views.kpis.words import kpi_line
from views.pace import PaceWords, metric_target, pace_words
from views.slack.blocks import and_more, one_line, plain_line

Strong = Callable[[str], str]
"""Makes escaped text stand out: bold in blocks, as it is in fallback text."""

_SILENT = ":white_circle:"
_NEEDS_OWNER = "needs an owner"
_MOST_NAMES = 8
_STANDINGS = {
    Standing.NO_ANSWER: "no answer",
    Standing.OUTDATED: "outdated",
    Standing.AWAY: "away",
    Standing.DAY_OFF: "off this week",
    Standing.MISSED: "not asked, Drumbeat was down",
    Standing.PAUSED: "paused",
    Standing.NOT_ASKED: "not asked yet",
    Standing.PROPOSED: "proposed",
}


def bold(text: str) -> str:
    return f"*{text}*"


def as_is(text: str) -> str:
    return text


def title(facts: DigestFacts) -> str:
    """Not escaped: a header is plain text."""
    return f"{plain_line(facts.strategy.name, MAX_NAME)} · Week of {_monday(facts)}"


def _monday(facts: DigestFacts) -> str:
    return short_day(facts.period.day(0))


def why(facts: DigestFacts) -> str:
    return one_line(facts.strategy.why, 300)


def nothing_active(facts: DigestFacts) -> str:
    line = f"{one_line(facts.strategy.name, MAX_NAME)}, week of {_monday(facts)}: no active initiative."
    for word, initiatives in (("Closed", facts.closed), ("Paused", facts.paused)):
        if initiatives:
            line += f" {word}: {names(initiatives)}."
    return f"{line} Add one with `/initiative add`."


def names(initiatives: Iterable[Initiative]) -> str:
    return ", ".join(
        and_more([one_line(initiative.name, MAX_NAME) for initiative in initiatives], _MOST_NAMES)
    )


def parts(facts: DigestFacts, strong: Strong) -> list[tuple[str, list[str]]]:
    """The lists below the initiatives, without the empty ones."""
    found = [
        ("Changed", changed(facts, strong)),
        (
            "Decisions needed",
            needed_lines(facts.decisions, facts.name_of, facts.strategy.zone, facts.at, strong),
        ),
        ("Decided", settled_lines(facts.decisions, facts.name_of)),
        ("Blockers", blockers(facts, strong)),
        ("KPIs", [kpi_line(kpi, facts.told_on, strong) for kpi in facts.kpis]),
        ("Late milestones", late_milestones(facts, strong)),
        ("Not confirmed yet", unconfirmed(facts, strong)),
        ("Wins", wins(facts, strong)),
        ("Not answered", not_answered(facts)),
        ("Paused", [names(facts.paused)] if facts.paused else []),
    ]
    return [(heading, lines) for heading, lines in found if lines]


def day_of(facts: DigestFacts) -> date:
    """The strategy's day when this was true."""
    return local_day(facts.at, facts.strategy.zone)


# One line for each initiative


def counts(facts: DigestFacts, strong: Strong) -> str:
    healths = Counter(line.health for line in facts.lines)
    ownerless = sum(line.is_ownerless for line in facts.lines)
    standings = Counter(line.standing for line in facts.lines if not line.is_ownerless)
    entries = [(health.emoji, health.label, healths[health]) for health in Health]
    entries.append((":warning:", _NEEDS_OWNER, ownerless))
    entries += [(_SILENT, word, standings[standing]) for standing, word in _STANDINGS.items()]
    return " · ".join(f"{emoji} {strong(str(count))} {word}" for emoji, word, count in entries if count)


def initiative_line(line: InitiativeFacts, facts: DigestFacts, strong: Strong) -> str:
    initiative = line.initiative
    told = [
        heading(line, facts, strong),
        _person(facts, initiative.owner_id),
        *(_metric_glimpse(metric, initiative, facts.told_on) for metric in initiative.metrics[:1]),
        due(line, facts),
    ]
    return " · ".join(told)


def _metric_glimpse(metric: SuccessMetric, initiative: Initiative, on: date) -> str:
    """As in "subscribers 4,310 / 6,000", or "subscribers 4,310, should be 4,600 (target 6,000)" where it lags.

    A dash where nothing was reported yet.
    """
    name, target = one_line(metric.name, MAX_NAME), metric_target(metric, partial(amount, metric))
    stands = _metric_stands(metric, initiative, on)
    if metric.value is None:
        return f"{name} – / {target}"
    if not stands.value:
        return f"{name} {stands.verdict}"
    now = amount(metric, metric.value)
    if stands.should:
        return f"{name} {now}, should be {stands.should} (target {target})"
    return f"{name} {now} / {target}{' ✓' if metric.is_reached else ''}"


def _metric_stands(metric: SuccessMetric, initiative: Initiative, on: date) -> PaceWords:
    """A late answer's reading counts, though it came after the day."""
    on = max([on, *(read.on for read in metric.readings[-1:])])
    return pace_words(metric_plan(metric, initiative), metric.readings, on, partial(amount, metric))


def heading(line: InitiativeFacts, facts: DigestFacts, strong: Strong) -> str:
    emoji = line.health.emoji if line.health else _SILENT
    return f"{emoji} {strong(one_line(line.initiative.name, MAX_NAME))}: {state(line, day_of(facts))}"


def state(line: InitiativeFacts, today: date) -> str:
    """The health, or in words why there is none; a health once silent is never shown again as if it held."""
    if line.health:
        said = f"{line.health.label} (late)" if line.is_late else line.health.label
        return f"{said}, {_NEEDS_OWNER}" if line.is_ownerless else said
    word = _NEEDS_OWNER if line.is_ownerless else _STANDINGS[line.standing]
    if line.until and not line.is_ownerless:
        word = f"{'away until' if line.standing is Standing.AWAY else 'starts'} {dated(line.until, today)}"
    notes = [_last(line), "said later: away" if line.is_away_later else ""]
    noted = ", ".join(filter(None, notes))
    return f"{word} ({noted})" if noted else word


def _last(line: InitiativeFacts) -> str:
    if line.last is None:
        return "never answered" if line.was_silent else ""
    if line.was_silent:
        return f"last answer {week_label(line.last.week)}"
    return f"last: {line.last.health.label}, {week_label(line.last.week)}"


def week_label(week: Week) -> str:
    return f"W{week.number:02}"


def metric_in_full(metric: SuccessMetric, line: InitiativeFacts, on: date) -> str:
    """As in "answer time 30 h → 26 h (target 20 h; from 41 h) · on pace (plan 27 h)"."""
    name, target, start = (
        one_line(metric.name, MAX_NAME),
        metric_target(metric, partial(amount, metric)),
        amount(metric, metric.baseline),
    )
    if metric.value is None:
        return f"{name} not measured yet (target {target}; from {start})"
    move = next((move for move in line.moves if move.metric.id == metric.id), None)
    before = f"{amount(metric, move.before)} → " if move else ""
    told = f"{name} {before}{amount(metric, metric.value)} (target {target}; from {start})"
    stands = _metric_stands(metric, line.initiative, on)
    should = f", should be {stands.should}" if stands.should else ""
    return f"{told} · {stands.verdict}{should}"


def _metric_move(move: MetricMove) -> str:
    before, after = (amount(move.metric, value) for value in (move.before, move.after))
    target = metric_target(move.metric, partial(amount, move.metric))
    return f"{one_line(move.metric.name, MAX_NAME)} {before} → {after} (target {target})"


def amount(metric: SuccessMetric, value: Decimal) -> str:
    """With its unit, unless the name already says it, as in "referred givers 12"."""
    is_named = metric.unit.casefold() in metric.name.casefold().split()
    return one_line(show_number(value, "" if is_named else metric.unit), MAX_NAME)


def due(line: InitiativeFacts, facts: DigestFacts) -> str:
    words = f"due {due_words(line.initiative, day_of(facts))}"
    return f"{words} (overdue)" if line.is_overdue else words


# What changed


def changed(facts: DigestFacts, strong: Strong) -> list[str]:
    lines = [
        _named(line.initiative, "; ".join(moves), strong)
        for line in facts.lines
        if (moves := changes_of(line, facts))
    ]
    return lines + other_changes(facts, strong)


def other_changes(facts: DigestFacts, strong: Strong) -> list[str]:
    """Those of the strategy, and of initiatives that came or went."""
    lines = [f"Added: {names(facts.added)}"] if facts.added else []
    for initiative in (*facts.paused, *facts.closed):
        own = [
            change_of_initiative(change, initiative, day_of(facts))
            for change in facts.changes
            if change.initiative_id == initiative.id
        ]
        if own:
            lines.append(_named(initiative, "; ".join(own), strong))
    return lines + [change_of_strategy(change) for change in facts.changes if change.initiative_id is None]


def changes_of(line: InitiativeFacts, facts: DigestFacts, *, metrics: bool = True) -> list[str]:
    """What changed for one initiative: its health, its metrics, then what people changed."""
    moves = [_metric_move(move) for move in line.moves] if metrics else []
    return [
        *_health_move(line),
        *moves,
        *(change_of_initiative(change, line.initiative, day_of(facts)) for change in line.changes),
    ]


def _named(initiative: Initiative, words: str, strong: Strong) -> str:
    return f"{strong(one_line(initiative.name, MAX_NAME))}: {words}"


def _health_move(line: InitiativeFacts) -> list[str]:
    if not line.has_new_health or line.last is None or line.health is None:
        return []
    since = f" ({week_label(line.last.week)})" if line.was_silent else ""
    return [f"{line.last.health.label}{since} → {line.health.label}"]


# Blockers, wins, silence


def blockers(facts: DigestFacts, strong: Strong) -> list[str]:
    return [
        _named(line.initiative, _blocker(line.answer), strong)
        for line in facts.lines
        if line.answer and (line.answer.blocker.strip() or line.answer.need.strip())
    ]


def _blocker(answer: Answer) -> str:
    blocker, need = (one_line(text, _GLIMPSE) for text in (answer.blocker, answer.need))
    return " — ".join([*([blocker] if blocker else []), *([f"needs: {need}"] if need else [])])


def late_milestones(facts: DigestFacts, strong: Strong) -> list[str]:
    """Without those of initiatives that the digest does not show."""
    lines = []
    for one in facts.late_milestones:
        line = facts.line_for(one.initiative_id)
        words = f"{one_line(one.name, MAX_NAME)}, due {dated(one.due, day_of(facts))} · {_person(facts, one.person_id)}"
        lines += [_named(line.initiative, words, strong)] if line else []
    return lines


def unconfirmed(facts: DigestFacts, strong: Strong) -> list[str]:
    """Who was asked to own, sponsor or help and has not said yes."""
    lines = []
    for one in facts.unconfirmed:
        line = facts.line_for(one.initiative_id)
        who = f"{_person(facts, one.person_id)} ({one.role})"
        since = f"asked {short_day(local_day(one.asked_at, facts.strategy.zone))}"
        words = f"{who} declined" if one.state is ConfirmationState.DECLINED else f"{who}, {since}"
        lines += [_named(line.initiative, words, strong)] if line else []
    return lines


def _person(facts: DigestFacts, person_id: str) -> str:
    person = facts.people.get(person_id)
    left = ", who left Slack" if person and person.is_deactivated else ""
    return f"{one_line(facts.name_of(person_id), MAX_NAME)}{left}"


def wins(facts: DigestFacts, strong: Strong) -> list[str]:
    return [
        _named(line.initiative, "; ".join(won), strong) for line in facts.lines if (won := _wins_of(line))
    ]


def _wins_of(line: InitiativeFacts) -> list[str]:
    found = ["back on track"] if line.has_recovered else []
    for move in line.moves:
        if move.just_reached:
            name = one_line(move.metric.name, MAX_NAME)
            found.append(f"{name} reached its target, {amount(move.metric, move.after)}")
    if line.finished:
        found.append(f"done: {one_line(line.finished, _GLIMPSE)}")
    return found


def not_answered(facts: DigestFacts) -> list[str]:
    silent = [line for line in facts.lines if line.is_expected and line.standing is not Standing.ANSWERED]
    owners = dict.fromkeys(line.initiative.owner_id for line in silent if not line.is_ownerless)
    lines = [_people(owners, facts)] if owners else []
    if facts.silent_twice:
        lines.append(f"For the leads: two weeks without a word from {_people(facts.silent_twice, facts)}")
    return lines


def _people(people: Iterable[str], facts: DigestFacts) -> str:
    return ", ".join(one_line(facts.name_of(person), MAX_NAME) for person in people)


def participation(facts: DigestFacts) -> str:
    if not facts.expected:
        return "Participation: nobody was asked this week"
    return f"Participation: {facts.answered} of {facts.expected} initiatives answered"
