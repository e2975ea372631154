"""The words of the weekly digest: escaped markup lines made of its facts, each short enough for the channel."""

from collections.abc import Callable, Iterable
from datetime import date

from domain.check_ins import Answer
from domain.digests import Change, DigestFacts, InitiativeFacts, MetricMove, Standing
from domain.health import Health
from domain.initiatives import Initiative, SuccessMetric, short_day, slip
from domain.numbers import show_number
from views.blocks import escape, one_line

Strong = Callable[[str], str]
"""Makes escaped text stand out: bold in blocks, as it is in fallback text."""

NAME = 75
_GLIMPSE = 160
"""Characters of people's longer words that the channel sees; the thread has them whole."""
_SILENT = ":white_circle:"


def bold(text: str) -> str:
    return f"*{text}*"


def as_is(text: str) -> str:
    return text


def title(facts: DigestFacts) -> str:
    return f"{' '.join(facts.strategy.name.split())[:NAME]} · {week(facts)}"


def week(facts: DigestFacts) -> str:
    return f"Week of {short_day(facts.period.day(0))}"


def why(facts: DigestFacts) -> str:
    return one_line(facts.strategy.why, 300)


def nothing_active(facts: DigestFacts) -> str:
    line = f"{one_line(facts.strategy.name, NAME)}, {week(facts).lower()}: no active initiative."
    for word, initiatives in (("Closed", facts.closed), ("Paused", facts.paused)):
        if initiatives:
            line += f" {word}: {names(initiatives)}."
    return f"{line} Add one with `/initiative add`."


def names(initiatives: Iterable[Initiative]) -> str:
    return ", ".join(one_line(initiative.name, NAME) for initiative in initiatives)


def parts(facts: DigestFacts, strong: Strong) -> list[tuple[str, list[str]]]:
    """The lists below the initiatives, without the empty ones."""
    parts = [
        ("Changed", changed(facts, strong)),
        ("Blockers", blockers(facts, strong)),
        ("Wins", wins(facts, strong)),
        ("Not answered", not_answered(facts)),
        ("Paused", [names(facts.paused)] if facts.paused else []),
    ]
    return [(title, lines) for title, lines in parts if lines]


# One line for each initiative


def counts(facts: DigestFacts, strong: Strong) -> str:
    entries = [
        (health.emoji, health.label, [line.health for line in facts.lines].count(health)) for health in Health
    ]
    for standing in Standing:
        if standing is not Standing.ANSWERED:
            count = sum(line.standing is standing for line in facts.lines)
            entries.append((_SILENT, _STANDING_WORDS[standing], count))
    return "   ".join(f"{emoji} {strong(str(count))} {word}" for emoji, word, count in entries if count)


_STANDING_WORDS = {
    Standing.NO_ANSWER: "no answer",
    Standing.OUTDATED: "outdated",
    Standing.AWAY: "away",
    Standing.DAY_OFF: "off this week",
    Standing.MISSED: "not asked (Drumbeat was down)",
    Standing.NOT_ASKED: "not asked yet",
}


def standing_word(line: InitiativeFacts) -> str:
    return line.health.label if line.health else _STANDING_WORDS[line.standing]


def initiative_line(line: InitiativeFacts, facts: DigestFacts, strong: Strong) -> str:
    emoji = line.health.emoji if line.health else _SILENT
    initiative = line.initiative
    parts = [
        f"{emoji} {strong(one_line(initiative.name, NAME))} {state(line, facts)}",
        one_line(facts.name_of(initiative.owner_id), NAME),
        *(metric(first) for first in initiative.metrics[:1]),
        due(line),
    ]
    return " · ".join(parts)


def state(line: InitiativeFacts, facts: DigestFacts) -> str:
    """The health, or in words why there is none; a health once silent is never shown again as if it held."""
    if line.health:
        return f"{line.health.label} (late)" if line.is_late else line.health.label
    word = _STANDING_WORDS[line.standing]
    if line.standing is Standing.AWAY and line.until:
        word = f"away until {short_day(line.until)}"
    if line.standing is Standing.NOT_ASKED and line.initiative.start > facts.at.date():
        word = f"starts {short_day(line.initiative.start)}"
    last = _last(line)
    return f"{word} ({last})" if last else word


def _last(line: InitiativeFacts) -> str:
    if line.last is None:
        return "no answer yet" if line.was_silent else ""
    week = f"W{line.last.week.number:02}"
    return f"last answer {week}" if line.was_silent else f"last: {line.last.health.label}, {week}"


def metric(metric: SuccessMetric) -> str:
    target = show_number(metric.target, metric.unit)
    name = one_line(metric.name, NAME)
    if metric.value is None:
        return f"{name}: no reading yet, target {escape(target)}"
    reached = " reached" if metric.is_reached else ""
    return f"{name} {escape(show_number(metric.value, metric.unit))}, target {escape(target)}{reached}"


def due(line: InitiativeFacts) -> str:
    due = f"due {slip(line.initiative) or short_day(line.initiative.due)}"
    return f"{due} (overdue)" if line.is_overdue else due


# What changed


def changed(facts: DigestFacts, strong: Strong) -> list[str]:
    lines = []
    for line in facts.lines:
        moves = [
            *_health_move(line),
            *map(metric_move, line.moves),
            *_changes_of(line.changes, line.initiative),
        ]
        if moves:
            lines.append(f"{strong(one_line(line.initiative.name, NAME))}: {'; '.join(moves)}")
    if facts.added:
        lines.append(f"Added: {names(facts.added)}")
    for initiative in (*facts.paused, *facts.closed):
        own = [change for change in facts.changes if change.initiative_id == initiative.id]
        if own:
            moves = _changes_of(own, initiative)
            lines.append(f"{strong(one_line(initiative.name, NAME))}: {'; '.join(moves)}")
    lines += [f"{c.kind.capitalize()}: {_from_to(c)}" for c in facts.changes if c.initiative_id is None]
    return lines


def _health_move(line: InitiativeFacts) -> list[str]:
    if not line.has_new_health or line.last is None or line.health is None:
        return []
    return [f"{line.last.health.label} → {line.health.label}"]


def metric_move(move: MetricMove) -> str:
    before, after, target = (
        escape(show_number(value, move.metric.unit))
        for value in (move.before, move.after, move.metric.target)
    )
    return f"{one_line(move.metric.name, NAME)} {before} → {after}, target {target}"


def _changes_of(changes: Iterable[Change], initiative: Initiative) -> list[str]:
    return [_change(change, initiative) for change in changes]


def _change(change: Change, initiative: Initiative) -> str:
    if change.kind == "due":
        return f"due {slip(initiative) or short_day(date.fromisoformat(change.after))}"
    if change.kind in ("paused", "resumed", "completed", "stopped", "added"):
        return change.kind
    if change.kind == "name":
        return f"was called {one_line(change.before, NAME)}"
    return f"{change.kind} {_from_to(change)}"


def _from_to(change: Change) -> str:
    words = [one_line(text, _GLIMPSE) for text in (change.before, change.after) if text.strip()]
    return " → ".join(words)


# Blockers, wins, silence


def blockers(facts: DigestFacts, strong: Strong) -> list[str]:
    return [
        f"{strong(one_line(line.initiative.name, NAME))}: {_blocker(line.answer)}"
        for line in facts.lines
        if line.answer and (line.answer.blocker.strip() or line.answer.need.strip())
    ]


def _blocker(answer: Answer) -> str:
    words = [one_line(answer.blocker, _GLIMPSE)] if answer.blocker.strip() else []
    if answer.need.strip():
        words.append(f"needs: {one_line(answer.need, _GLIMPSE)}")
    return " — ".join(words)


def wins(facts: DigestFacts, strong: Strong) -> list[str]:
    lines = []
    for line in facts.lines:
        name = strong(one_line(line.initiative.name, NAME))
        if line.has_recovered:
            lines.append(f"{name} is back on track")
        lines += [
            f"{name}: {one_line(move.metric.name, NAME)} reached its target,"
            f" {escape(show_number(move.after, move.metric.unit))}"
            for move in line.moves
            if move.just_reached
        ]
        if line.finished:
            lines.append(f"{name}: done — {one_line(line.finished, _GLIMPSE)}")
    return lines


def not_answered(facts: DigestFacts) -> list[str]:
    silent = [line for line in facts.lines if line.is_expected and line.standing is not Standing.ANSWERED]
    owners = dict.fromkeys(line.initiative.owner_id for line in silent)
    lines = [", ".join(one_line(facts.name_of(owner), NAME) for owner in owners)] if owners else []
    if facts.silent_twice:
        names = ", ".join(one_line(facts.name_of(person), NAME) for person in facts.silent_twice)
        lines.append(f"For the leads: two weeks without an answer from {names}")
    return lines


def participation(facts: DigestFacts) -> str:
    if not facts.expected:
        return "Nobody was asked this week"
    return f"{facts.answered} of {facts.expected} initiatives answered"
