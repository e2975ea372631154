"""The digest's message in the channel: exceptions first, each fact once, on one screen of a phone; escaped markup."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from domain.changes import WHOLE, Change, ChangeKind
from domain.decisions import Decision, DecisionState, is_overdue
from domain.digests.facts import DigestFacts, InitiativeFacts
from domain.healths import Health
from domain.initiatives import SuccessMetric, due_standing
from domain.kpis import Kpi
from domain.words import MAX_NAME, dated, listed
from views.decisions.words import due_day
from views.digests import words
from views.kpis.words import amount, falls_short, lag_line, off_pace, pace_counts
from views.pace import metric_target
from views.slack.blocks import Strong, as_is, one_line
from views.slack.glimpses import first_of, glimpse, headed, in_one_line, sentences

_MOST_SHOWN = 5
"""Of asks, KPIs, wins and names of one kind; the thread has them all."""
_NEAR = 7
"""Days ahead that are called by their weekday."""


def summary(facts: DigestFacts) -> str:
    """The first line, and what a phone shows of the message."""
    waiting, needing = facts.waiting, len(facts.attention)
    parts = [_waits(facts)] if waiting else []
    if needing:
        parts.append(f"{needing} of {len(facts.lines)} {'needs' if needing == 1 else 'need'} attention")
    else:
        parts.append(_on_track_count(facts))
    parts.append(_answered(facts))
    if not waiting and not needing and facts.kpis:
        noun = " KPIs" if len(facts.kpis) > 1 else " KPI"
        parts.append(pace_counts([kpi.pace(facts.told_on) for kpi in facts.kpis], noun))
    return ", ".join(filter(None, parts))


def is_all_well(facts: DigestFacts) -> bool:
    """Nothing to say but that."""
    is_calm = len(facts.on_track) == len(facts.lines) and not facts.waiting and not _lagging(facts)
    return is_calm and not (
        wins(facts, as_is)
        or changes(facts)
        or any(line.is_late or _moved(line, facts) for line in facts.lines)
    )


def parts(facts: DigestFacts, strong: Strong) -> Iterator[list[str]]:
    """The lines below the first one, part by part."""
    if is_all_well(facts):
        return
    found = [
        ("Needs a decision", decisions(facts, strong)),
        ("Needs attention", attention(facts, strong)),
        ("", in_one_line(f"{Health.ON_TRACK.emoji} {strong('On track:')}", on_track(facts))),
        ("", in_one_line(strong("No answer expected:"), unasked(facts))),
        ("", kpis(facts, strong)),
        ("Wins", wins(facts, strong)),
        ("", in_one_line(strong("Changed:"), changes(facts))),
    ]
    yield from headed(found, strong)


# The first line


def _waits(facts: DigestFacts) -> str:
    count = len(facts.waiting)
    first = [_who_and_when(one, facts) for one in facts.waiting[:2]]
    if count == 1:
        return f"1 decision waits ({first[0]})"
    return f"{count} decisions wait ({'; '.join(first) if count == 2 else f'first {first[0]}'})"


def _who_and_when(decision: Decision, facts: DigestFacts) -> str:
    who, today = words.owner(facts, decision.decider_id), words.day_of(facts)
    if is_overdue(decision, facts.strategy.zone, facts.at):
        return f"{who}, overdue"
    is_near = 0 <= (decision.due - today).days < _NEAR
    return f"{who}, {f'{decision.due:%a}' if is_near else dated(decision.due, today)}"


def _on_track_count(facts: DigestFacts) -> str:
    count, of = len(facts.on_track), len(facts.lines)
    if count == of:
        return f"all {of} on track" if of > 1 else "on track"
    return f"{count} of {of} on track" if count else ""


def _answered(facts: DigestFacts) -> str:
    if not facts.expected:
        return "nobody was asked this week"
    if facts.answered == facts.expected:
        return "all answered" if facts.expected > 1 else "answered"
    return f"{facts.answered} of {facts.expected} answered"


# What needs somebody


def decisions(facts: DigestFacts, strong: Strong) -> list[str]:
    return first_of(facts.waiting, _MOST_SHOWN, lambda one: _decision(one, facts, strong))


def _decision(decision: Decision, facts: DigestFacts, strong: Strong) -> str:
    who, day = words.owner(facts, decision.decider_id), due_day(decision)
    is_late = is_overdue(decision, facts.strategy.zone, facts.at)
    by = f"overdue since {day}" if is_late else f"by {decision.due:%a} {day}"
    return (
        f"{strong(who)}, {by}: {glimpse(decision.question)}\nIf nobody decides: {glimpse(decision.default)}"
    )


def attention(facts: DigestFacts, strong: Strong) -> list[str]:
    lines, silent = [], _silent_by_owner(facts)
    for line in facts.attention:
        together = silent.pop(line.initiative.owner_id, []) if line.is_silent else [line]
        said = [_exception(one, facts, strong, is_signed=one is line) for one in together]
        if said:
            lines.append(f"{words.emoji(line)} {' '.join(said)}")
    return lines


def _silent_by_owner(facts: DigestFacts) -> dict[str, list[InitiativeFacts]]:
    """Nobody is named twice for silence."""
    found: dict[str, list[InitiativeFacts]] = {}
    for line in facts.attention:
        if line.is_silent:
            found.setdefault(line.initiative.owner_id, []).append(line)
    return found


def _exception(line: InitiativeFacts, facts: DigestFacts, strong: Strong, *, is_signed: bool) -> str:
    """As in "*Lesson results page* (Tom): no answer (last: on track, 7 Dec)."."""
    name = strong(one_line(line.initiative.name, MAX_NAME))
    who = f" ({words.owner(facts, line.initiative.owner_id)})" if is_signed else ""
    was = f", was {line.last.health.label}" if line.has_new_health and line.last else ""
    stands = f"{name}{who}: {words.state(line, words.day_of(facts))}{was}"
    return sentences([stands, *_reason(line), *_besides(line, facts)])


def _reason(line: InitiativeFacts) -> list[str]:
    """What is in the way, else what is needed."""
    if line.answer is None or line.health is Health.ON_TRACK:
        return []
    if line.answer.blocker.strip():
        return [glimpse(line.answer.blocker)]
    return [f"Needs: {glimpse(line.answer.need)}"] if line.answer.need.strip() else []


def _besides(line: InitiativeFacts, facts: DigestFacts) -> list[str]:
    """Its first number, how its date moved, and what is late or waited for."""
    said = [_number(line.initiative.metrics[0], line, facts)] if line.initiative.metrics else []
    if moved := _moved(line, facts):
        said.append(f"{moved[:1].upper()}{moved[1:]}")
    said += [words.unconfirmed(one, facts) for one in line.unconfirmed]
    if late := line.late_milestones:
        more = f" and {len(late) - 1} more" if len(late) > 1 else ""
        said.append(f"{words.late_milestone(late[0], facts)}{more}")
    return [one for one in said if one]


def _number(metric: SuccessMetric, line: InitiativeFacts, facts: DigestFacts) -> str:
    """As in "referred givers 3, target 60", for an answer of this week; not where a win or a KPI's line says it."""
    is_won = any(move.metric.id == metric.id and move.just_reached for move in line.moves)
    is_told = metric.kpi_id is not None and metric.kpi_id in {kpi.id for kpi in _lagging(facts)}
    if line.answer is None or metric.value is None or is_won or is_told:
        return ""
    write = partial(words.amount, metric)
    stands = words.metric_stands(metric, line.initiative, facts.told_on)
    name = one_line(metric.name, MAX_NAME)
    if not stands.value:
        return f"{name} {stands.verdict}"
    should = f"should be {stands.should}" if stands.should else ""
    ahead = words.metric_falls_short(metric, line.initiative, facts.told_on)
    if should or ahead:
        return ", ".join(filter(None, [f"{name} {write(metric.value)}", should, ahead]))
    return f"{name} {write(metric.value)}, target {metric_target(metric, write)}"


def _moved(line: InitiativeFacts, facts: DigestFacts) -> str:
    """A new date never passes for the one that was promised."""
    if not (line.is_overdue or line.initiative.due_moves):
        return ""
    return f"due {due_standing(line.initiative, words.day_of(facts))}"


# What does not


def on_track(facts: DigestFacts) -> list[str]:
    """By name; what is back on track is told as a win."""
    return [
        f"{one_line(line.initiative.name, MAX_NAME)} ({', '.join(_notes(line, facts))})"
        for line in facts.on_track
        if not line.has_recovered
    ]


def _notes(line: InitiativeFacts, facts: DigestFacts) -> list[str]:
    who = words.owner(facts, line.initiative.owner_id)
    return [who, *(["late"] if line.is_late else []), *filter(None, [_moved(line, facts)])]


def unasked(facts: DigestFacts) -> list[str]:
    return [
        f"{one_line(line.initiative.name, MAX_NAME)} ({words.owner(facts, line.initiative.owner_id)}, "
        f"{words.unanswered(line, words.day_of(facts))})"
        for line in facts.unasked
    ]


# KPIs


def _lagging(facts: DigestFacts) -> list[Kpi]:
    """Those that do not keep pace, or will not be where they should be if they go on as they did."""
    off = off_pace(facts.kpis, facts.told_on)
    return [kpi for kpi in facts.kpis if kpi in off or _ahead(kpi, facts)]


def _ahead(kpi: Kpi, facts: DigestFacts) -> str:
    return falls_short(kpi, facts.forecasts.get(kpi.id))


def kpis(facts: DigestFacts, strong: Strong) -> list[str]:
    """How many keep pace, where the first line does not say so, and those that do not."""
    lagging = _lagging(facts)
    is_told = not facts.waiting and not facts.attention
    if not facts.kpis or (is_told and not lagging):
        return []
    counts = pace_counts([kpi.pace(facts.told_on) for kpi in facts.kpis])
    head = strong("KPIs") if is_told else f"{strong('KPIs:')} {counts}."
    shown = first_of(lagging, _MOST_SHOWN, lambda one: _lag(one, facts, strong))
    return [head, *(f"• {line}" for line in shown)]


def _lag(kpi: Kpi, facts: DigestFacts, strong: Strong) -> str:
    """As in "*Monthly givers* 314, should be 325, heads for 380 to 400, not 420"."""
    return ", ".join(filter(None, [lag_line(kpi, facts.told_on, strong), _ahead(kpi, facts)]))


# Wins and changes


def wins(facts: DigestFacts, strong: Strong) -> list[str]:
    """With thanks, once for each who had a part in it."""
    found = list(_wins(facts, strong))
    if not found:
        return []
    lines = first_of(found, _MOST_SHOWN, lambda one: f"• {one[0]}")
    thanked = listed([words.first_name(facts, one) for one in dict.fromkeys(who for _, who in found)])
    return [*lines, f"Thank you, {thanked}."]


def _wins(facts: DigestFacts, strong: Strong) -> Iterator[tuple[str, str]]:
    """(what was won, whose it is)"""
    for line in facts.lines:
        owner = line.initiative.owner_id
        name = strong(one_line(line.initiative.name, MAX_NAME))
        if line.has_recovered and not line.needs_attention:
            yield f"{name} is back on track", owner
        for move in (move for move in line.moves if move.just_reached):
            metric, value = one_line(move.metric.name, MAX_NAME), words.amount(move.metric, move.after)
            yield f"{name}: {metric} reached its target, {value}", owner
        for step in line.done_milestones:
            yield f"{name}: {one_line(step.name, MAX_NAME)} is done", step.person_id
    for initiative in facts.completed:
        yield f"{strong(one_line(initiative.name, MAX_NAME))} is completed", initiative.owner_id
    told = {move.metric.kpi_id for line in facts.lines for move in line.moves if move.just_reached}
    for kpi in (one for one in facts.reached if one.id not in told):
        yield (
            f"{strong(one_line(kpi.name, MAX_NAME))} reached its target, {amount(kpi, kpi.target)}",
            kpi.owner_id,
        )


_NAMED = {
    ChangeKind.OWNER: ("changed hands", "initiatives changed hands"),
    ChangeKind.NAME: ("has a new name", "initiatives have new names"),
    ChangeKind.PAUSED: ("paused", "initiatives paused"),
    ChangeKind.RESUMED: ("resumed", "initiatives resumed"),
    ChangeKind.STOPPED: ("stopped", "initiatives stopped"),
}
_COUNTED = {
    ChangeKind.KPI_ADDED: ("KPI added", "KPIs added"),
    ChangeKind.KPI_TARGET: ("KPI target changed", "KPI targets changed"),
    ChangeKind.KPI_RETIRED: ("KPI retired", "KPIs retired"),
    ChangeKind.METRIC: ("success metric changed", "success metrics changed"),
    ChangeKind.GOAL: ("goal changed", "goals changed"),
    ChangeKind.ASK_DAY: ("ask moved to another day", "asks moved to another day"),
    ChangeKind.STRATEGY: ("part of the strategy changed", "parts of the strategy changed"),
}
_ONCE = {ChangeKind.WHY: "the why changed", ChangeKind.SCHEDULE: "the schedule changed"}
_SETTLED = {
    DecisionState.DECIDED: ("decision taken", "decisions taken"),
    DecisionState.DEFAULTED: ("default took effect", "defaults took effect"),
    DecisionState.WITHDRAWN: ("ask withdrawn", "asks withdrawn"),
}


def changes(facts: DigestFacts) -> list[str]:
    """Grouped, as in "6 KPIs added"; before and after, and why, stand in the thread."""
    made: dict[ChangeKind, list[Change]] = {}
    for change in (*facts.changes, *(one for line in facts.lines for one in line.changes)):
        made.setdefault(change.kind, []).append(change)
    turns = [one.after for one in made.get(ChangeKind.STRATEGY, ()) if one.after in WHOLE]
    made[ChangeKind.STRATEGY] = [one for one in made.get(ChangeKind.STRATEGY, ()) if one.after not in WHOLE]
    settled = Counter(one.state for one in facts.decisions if not one.is_open)
    said = [_grouped([one.name for one in facts.added], "added", "initiatives added")] if facts.added else []
    named = {one.id: one.name for one in (*facts.paused, *facts.closed, *(x.initiative for x in facts.lines))}
    said += [
        _grouped([named.get(one.initiative_id or 0, "") for one in made[kind]], *forms)
        for kind, forms in _NAMED.items()
        if kind in made
    ]
    said += [f"the rhythm was {listed(list(dict.fromkeys(turns)))}"] if turns else []
    said += [_counted(len(made[kind]), *forms) for kind, forms in _COUNTED.items() if made.get(kind)]
    said += [what for kind, what in _ONCE.items() if kind in made]
    return said + [_counted(settled[state], *forms) for state, forms in _SETTLED.items() if settled[state]]


def _grouped(called: Sequence[str], one: str, many: str) -> str:
    return f"{len(called)} {many}" if len(called) > 1 else f"{one_line(called[0], MAX_NAME)} {one}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
