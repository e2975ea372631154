"""The review's message in the channel: exceptions first, each fact once; escaped markup."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from domain.healths import Health
from domain.initiatives import due_standing
from domain.kpis import Kpi
from domain.reviews import Carried, ChannelFacts, InitiativeHealth, ReviewFacts
from domain.schedules import local_day
from domain.words import MAX_NAME, counted, dated, short_day
from views.kpis.words import lag_line, off_pace, pace_counts
from views.people import called, owner_called
from views.reviews import words
from views.slack.blocks import Strong, one_line
from views.slack.glimpses import first_of, glimpse, headed, in_one_line, sentences

T = TypeVar("T")

_MOST_SHOWN = 6


def summary(facts: ReviewFacts, ends_at: datetime, *, is_decided: bool) -> str:
    """The first line, and what a phone shows of the message."""
    return ", ".join([*standing(facts), _until(facts, ends_at, is_decided=is_decided)])


def standing(facts: ReviewFacts, noun: str = "") -> list[str]:
    """How initiatives, KPIs and decisions stand: "2 of 5 need attention"; `noun` is as in " initiatives"."""
    needing, of = len(_attention(facts)), len(facts.lines)
    parts = []
    if needing:
        parts.append(f"{needing} of {of}{noun} {'needs' if needing == 1 else 'need'} attention")
    elif of:
        count = len(_on_track(facts))
        parts.append(f"all {of}{noun} on track" if count == of > 1 else f"{count} of {of}{noun} on track")
    if facts.kpis:
        paces = [one.pace for one in facts.kpis]
        parts.append(pace_counts(paces, " KPIs" if len(paces) > 1 else " KPI"))
    if late := len(facts.overdue):
        parts.append(f"{counted(late, 'decision')} overdue")
    return parts


def _until(facts: ReviewFacts, ends_at: datetime, *, is_decided: bool) -> str:
    if ends_at <= facts.at:
        return "the leads have decided" if is_decided else "it closed with nothing decided"
    day = local_day(ends_at, facts.strategy.zone)
    return f"the leads decide by {day:%a} {short_day(day)}"


def parts(facts: ReviewFacts, strong: Strong) -> Iterator[list[str]]:
    """The lines below the first one, part by part."""
    found = [
        ("Decisions overdue", _bullets(facts.overdue, lambda one: words.overdue(one, facts))),
        ("Needs attention", _first_of(_attention(facts), lambda one: _exception(one, facts, strong))),
        ("", in_one_line(f"{Health.ON_TRACK.emoji} {strong('On track:')}", _names(_on_track(facts), facts))),
        ("", in_one_line(strong("No answer expected:"), _unasked(facts))),
        ("KPIs that lag", _bullets(_off_pace(facts), lambda one: lag_line(one, facts.today, strong))),
        ("Where the core message broke", _bullets(_broken(facts), lambda one: _broke(one, facts))),
        ("", in_one_line(strong("Since the last review:"), words.decision_counts(facts))),
        ("", ["; ".join(impact)] if (impact := _impact(facts)) else []),
    ]
    yield from headed(found, strong)


def _bullets(found: Sequence[T], line: Callable[[T], str]) -> list[str]:
    return _first_of(found, lambda one: f"• {line(one)}")


def _first_of(found: Sequence[T], line: Callable[[T], str]) -> list[str]:
    return first_of(found, _MOST_SHOWN, line)


def _off_pace(facts: ReviewFacts) -> list[Kpi]:
    return off_pace([one.kpi for one in facts.kpis], facts.today)


# Initiatives


def _attention(facts: ReviewFacts) -> list[InitiativeHealth]:
    return [line for line in facts.lines if needs_attention(line, facts)]


def needs_attention(line: InitiativeHealth, facts: ReviewFacts) -> bool:
    """Silent, not well, late, or without an owner."""
    is_silent = line.latest is None and (line.standing is None or line.standing.is_silence)
    is_late = any(initiative.id == line.initiative.id for initiative, _ in facts.late)
    is_not_well = line.latest in (Health.AT_RISK, Health.OFF_TRACK)
    return is_silent or is_not_well or is_late or line.is_ownerless or line.initiative.is_overdue(facts.today)


def _on_track(facts: ReviewFacts) -> list[InitiativeHealth]:
    found = (line for line in facts.lines if line.latest is Health.ON_TRACK)
    return [line for line in found if not needs_attention(line, facts)]


def _exception(line: InitiativeHealth, facts: ReviewFacts, strong: Strong) -> str:
    """As in ":large_yellow_circle: *Referrals* (Ben): at risk from 7 Dec. The pledge form is late."."""
    name, who = strong(one_line(line.initiative.name, MAX_NAME)), _owner(line, facts)
    said = [f"{name} ({who}): {words.stands(line, facts)}"]
    if (blocker := facts.blockers.get(line.initiative.id)) and line.latest is not Health.ON_TRACK:
        said.append(glimpse(blocker))
    if moved := _moved(line, facts):
        said.append(f"Due {moved}")
    steps = [step for initiative, step in facts.late if initiative.id == line.initiative.id]
    if steps:
        more = f" and {len(steps) - 1} more" if len(steps) > 1 else ""
        by = one_line(called(facts.people, steps[0].person_id), MAX_NAME)
        said.append(
            f"{one_line(steps[0].name, MAX_NAME)} was due {dated(steps[0].due, facts.today)} ({by}){more}"
        )
    return f"{line.latest.emoji if line.latest else words.NO_ANSWER} {sentences(said)}"


def _names(lines: Sequence[InitiativeHealth], facts: ReviewFacts) -> list[str]:
    return [f"{one_line(line.initiative.name, MAX_NAME)} ({_notes(line, facts)})" for line in lines]


def _notes(line: InitiativeHealth, facts: ReviewFacts) -> str:
    """A date that moved never passes for the one that was promised."""
    moved = _moved(line, facts)
    return f"{_owner(line, facts)}, due {moved}" if moved else _owner(line, facts)


def _owner(line: InitiativeHealth, facts: ReviewFacts) -> str:
    return owner_called(facts.people, line.initiative.owner_id)


def _moved(line: InitiativeHealth, facts: ReviewFacts) -> str:
    """When it is due, where that moved or is gone."""
    one = line.initiative
    return due_standing(one, facts.today) if one.due_moves or one.is_overdue(facts.today) else ""


def _unasked(facts: ReviewFacts) -> list[str]:
    lines = (one for one in facts.lines if one.latest is None and not needs_attention(one, facts))
    return [
        f"{one_line(line.initiative.name, MAX_NAME)} ({_owner(line, facts)}, {words.stands(line, facts)})"
        for line in lines
    ]


# The rest


def _broken(facts: ReviewFacts) -> list[ChannelFacts]:
    return [one for one in facts.channels if one.broke]


def _broke(channel: ChannelFacts, facts: ReviewFacts) -> str:
    """As in "Email, in Newsletter relaunch: numbers and no lesson"."""
    said = [
        f"in {one_line(facts.names.get(check.initiative_id, ''), MAX_NAME)}: {glimpse(check.where_broke)}"
        for check in channel.broke
        if check.where_broke
    ]
    counts = [f"{channel.counts[one]} {one.value}" for one in Carried if one in channel.counts]
    return f"{words.channel_name(channel.channel)}, {'; '.join(said) or ', '.join(counts)}"


def _impact(facts: ReviewFacts) -> list[str]:
    """At the weeks at which it is reckoned."""
    impact = facts.rhythm.impact
    if impact is None or impact.at_week is None:
        return []
    return words.impact_lines(replace(impact, compared=tuple(one for one in impact.compared if one.is_known)))
