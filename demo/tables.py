"""The tables at the end: who answered when, messages a week, ways, KPIs, decisions, reviews and impact."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rich import box
from rich.table import Table

from demo import expected, plan
from demo.checks import Counts
from demo.outcome import NOT_ASKED, WEEKS, Outcome, Recorded
from demo.plan import Someone
from demo.telling import as_drawn, when
from domain.check_ins import Answer
from domain.decisions import Decision
from domain.periods import Week

_DAY_LETTERS = "MTWTFSS"


def _monday(week: Week) -> str:
    """As narrow as it can be."""
    return f"{week.day(0).day}\n{week.day(0):%b}"


def answers_table(outcome: Outcome, names: Mapping[str, str]) -> Table:
    """Initiatives by weeks; `names` are first names by Slack's user ids."""
    table = _table("Who answered when: the day, by the owner's clock; * late, ~ edited, + by a lead")
    table.add_column("Initiative", no_wrap=True)
    for week in WEEKS:
        table.add_column(_monday(week), no_wrap=True)
    for work in plan.INITIATIVES:
        owner = plan.PEOPLE[work.owner]
        cells = [_cell(outcome.answers.get((work.name, week), NOT_ASKED), owner, names) for week in WEEKS]
        table.add_row(f"{work.name}\n[dim]{owner.first}, {owner.city}[/]", *cells)
    return table


def _cell(recorded: Recorded, owner: Someone, names: Mapping[str, str]) -> str:
    if not recorded.revisions:
        return {expected.CLOSED: "-", expected.AWAY: "away"}.get(recorded.health, as_drawn(":white_circle:"))
    first, last = recorded.revisions[0], recorded.revisions[-1]
    assert last.health is not None
    marks = "*" if _is_late(first, recorded) else ""
    marks += "+" if first.by and names[first.by] != owner.first else ""
    marks += "~" if last.health is not first.health else ""
    assert first.at is not None
    return as_drawn(last.health.emoji) + _DAY_LETTERS[first.at.astimezone(owner.zone).weekday()] + marks


def _is_late(answer: Answer, recorded: Recorded) -> bool:
    return bool(recorded.digest_at and answer.at and answer.at >= recorded.digest_at)


def messages_table(counts: Counts) -> Table:
    """As in "1+2": one prompt or reminder and two others."""
    table = _table("Messages a week: prompts, reminders, digests + everything else")
    table.add_column("")
    for week in WEEKS:
        table.add_column(_monday(week), justify="right")
    for who in (*plan.PEOPLE, f"#{plan.CHANNEL}"):
        cells = []
        for week in WEEKS:
            rituals, others = (counts.get((who, str(week), is_ritual), 0) for is_ritual in (True, False))
            cells.append(f"{rituals}+{others}" if others else str(rituals))
        table.add_row(who, *cells)
    return table


def ways_table(ways: Sequence[tuple[str, str, datetime]]) -> Table:
    """Each way once, where the story used it first."""
    table = _table("Every way of answering")
    table.add_column("Way")
    table.add_column("First used by")
    for way in expected.WAYS:
        _, first, moment = next(used for used in ways if used[0] == way)
        table.add_row(way, f"{first}, {when(moment, plan.PEOPLE[first])}")
    return table


def kpis_table(outcome: Outcome) -> Table:
    table = _table("KPIs by week", padding=0)
    table.add_column("KPI", no_wrap=True)
    for week in WEEKS:
        table.add_column(_monday(week), justify="right", no_wrap=True)
    for kpi in plan.KPIS:
        readings = outcome.readings.get(kpi.name, {})
        cells = [readings.get(week, "").replace(",", "") for week in WEEKS]
        table.add_row(f"{kpi.name}\n[dim]{kpi.meant}[/]", *cells)
    return table


def decisions_table(outcome: Outcome, names: Mapping[str, str]) -> Table:
    table = _table("What became of every ask")
    for title in ("Asked by", "Question", "Decider", "By", "Became"):
        table.add_column(title)
    for one in outcome.decisions:
        asked, decider = names[one.requested_by], names[one.decider_id]
        due = f"{one.due.day} {one.due:%b}"
        table.add_row(asked, one.question, decider, due, f"{one.outcome} ({_became(one)})")
    return table


def _became(decision: Decision) -> str:
    if decision.decided_at is None or decision.created_at is None:
        return "open"
    days = (decision.decided_at - decision.created_at).days
    return f"{decision.state.value} {f'after {days} d' if days else 'the same day'}"


def reviews_table(outcome: Outcome, posted: Mapping[str, str]) -> Table:
    """`posted` are the reviews as they stand in the channel with their threads, by month."""
    table = _table("Reviews")
    for title in ("Month", "Rhythm health", "Decided", "Outcome told"):
        table.add_column(title)
    for month, (review, choices) in outcome.reviews.items():
        health = re.search(r"Rhythm health: (\d+ of 100)", posted.get(month, ""))
        other = [f"{choice} {name}" for name, choice in choices.items() if choice != "continue"]
        going_on = f"continue {sum(choice == 'continue' for choice in choices.values())}"
        told = f"{review.closed_at.day} {review.closed_at:%b}" if review.closed_at else "-"
        decided = "; ".join([going_on, *other])
        table.add_row(f"{review.period.day(1):%B}", health[1] if health else "-", decided, told)
    return table


def impact_table(shown: Sequence[str]) -> Table:
    """Measures by the weeks at which the last four were compared with the first four."""
    table = _table("Impact: weeks 1 to 4 → the last four")
    table.add_column("Measure")
    found = {week: dict(_impact_lines(week, shown)) for week in expected.IMPACT_WEEKS}
    for week in found:
        table.add_column(f"Week {week}")
    for measure in dict.fromkeys(name for lines in found.values() for name in lines):
        table.add_row(measure, *(lines.get(measure, "-") for lines in found.values()))
    return table


def _impact_lines(week: int, shown: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What the last of the texts that tell the impact at a week says of each measure, all in one line."""
    told = [line for text in shown for line in text.splitlines() if f"Impact at week {week}:" in line]
    for measure in told[-1].split("; ")[1:] if told else ():
        name, _, value = measure.partition(": ")
        yield name, value


def _table(title: str, *, padding: int = 1) -> Table:
    """`padding` are the spaces after a cell, besides the one between columns."""
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, padding, 0, 0),
    )
