"""The digest's thread: the chart, every number, and everything people wrote, whole."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from domain.digests.facts import DigestFacts, InitiativeFacts
from domain.healths import Health
from domain.initiatives import SuccessMetric
from domain.words import MAX_NAME
from views.decisions.words import due_day, settled_lines
from views.digests import words
from views.kpis.words import kpi_line
from views.people import who_left
from views.slack.blocks import (
    Block,
    Element,
    Payload,
    as_is,
    bold,
    button,
    context,
    divider,
    escape,
    fallback,
    message,
    one_line,
    section,
    sections,
    slack_time,
)
from views.slack.charts import MAX_TITLE, bar_chart
from views.slack.pages import pages, whole

SEEN = "digest.seen"
_NO_ANSWER = "no answer"
_DRAWN = ("off track", _NO_ANSWER, "on track", "at risk")
"""Slack colours series by their place and lets nobody choose: rust, blue, green, pink were reported for it. In this
order green is on track, and each is named by its word.
"""


def digest_details(facts: DigestFacts) -> list[Payload]:
    """None without an active initiative."""
    found = pages(_blocks(facts)) if facts.lines else []
    title = f"{words.title(facts)}: every number and every word"
    told = [finding(facts), *(words.heading(one, facts, as_is) for one in facts.lines)] if found else []
    payloads = []
    for number, blocks in enumerate(found, start=1):
        heading = escape(f"{title} ({number} of {len(found)})" if len(found) > 1 else title)
        payloads.append(message(fallback(filter(None, [heading, *told])), [context(bold(heading)), *blocks]))
    return payloads


def _blocks(facts: DigestFacts) -> Iterator[Block]:
    yield from _chart(facts)
    for line in facts.lines:
        yield divider()
        yield section(
            f"{words.heading(line, facts, bold)}\n{_signature(line, facts)}", accessory=_seen_button(line)
        )
        for title, text in _said(line):
            yield from whole(title, text)
        metrics = [_metric(metric, line, facts.told_on) for metric in line.initiative.metrics]
        yield from _listed("Success metrics", metrics)
        late = [words.late_milestone(one, facts) for one in line.late_milestones]
        yield from _listed("Late", [*late, *(words.unconfirmed(one, facts) for one in line.unconfirmed)])
        yield from _listed("Changed", words.changes_of(line, facts))
    yield divider()
    kpis = [kpi_line(kpi, facts.told_on, bold, facts.forecasts.get(kpi.id)) for kpi in facts.kpis]
    yield from _listed("KPIs", kpis)
    yield from _asked(facts)
    yield from _listed("Decided", settled_lines(facts.decisions, facts.name_of))
    yield from _listed("Also changed", words.other_changes(facts))
    yield from _listed("Paused", [words.names(facts.paused)] if facts.paused else [])
    yield from whole("Why we do this", facts.strategy.why)


def _metric(metric: SuccessMetric, line: InitiativeFacts, on: date) -> str:
    ends = words.metric_ends(metric, line.initiative, on)
    return "\n   ".join([words.metric_in_full(metric, line, on), *ends])


def _asked(facts: DigestFacts) -> Iterator[Block]:
    for decision in facts.waiting:
        left = who_left(facts.people.get(decision.decider_id))
        who = f"{one_line(facts.name_of(decision.decider_id), MAX_NAME)}{left}"
        yield from whole(f"Asked of {who}, by {due_day(decision)}", decision.question)
        yield from whole("If nobody decides", decision.default)


def _seen_button(line: InitiativeFacts) -> Element | None:
    """For leads, where an owner said that it is not on track."""
    if line.check_in_id is None or line.health is Health.ON_TRACK:
        return None
    return button("Seen", SEEN, f"{line.check_in_id}:{line.initiative.id}", about=line.initiative.name)


def _said(line: InitiativeFacts) -> list[tuple[str, str]]:
    """(title, what the person wrote), without what was left empty."""
    answer = line.answer
    if answer is None:
        return []
    outcome = f"Last week's “next”: {answer.last_next}" if answer.last_next else ""
    fields = [
        ("Progress", answer.progress),
        (outcome, line.last.next if line.last and outcome else ""),
        ("Next", answer.next),
        ("In the way", answer.blocker),
        ("Needed", answer.need),
    ]
    return [(title, text) for title, text in fields if text.strip()]


def _listed(title: str, lines: Iterable[str]) -> list[Block]:
    bullets = [f"• {line}" for line in lines]
    return sections([bold(title), *bullets]) if bullets else []


def _signature(line: InitiativeFacts, facts: DigestFacts) -> str:
    owner = one_line(facts.name_of(line.answered_for or line.initiative.owner_id), MAX_NAME)
    answer = line.answer
    if answer is None:
        return owner
    by = one_line(facts.name_of(answer.by), MAX_NAME) if answer.by else owner
    marks = [f"by {by}" if answer.by in (None, line.answered_for) else f"by {by} for {owner}"]
    if answer.at:
        marks.append(slack_time(answer.at))
    if answer.revision > 1:
        marks.append("edited" if answer.revision == 2 else f"edited {answer.revision - 1} times")
    if line.is_late:
        marks.append("after the digest")
    return " · ".join(marks)


# The chart


def _series(facts: DigestFacts) -> dict[str, list[int]]:
    counts = {health.label: [week.by_health[health] for week in facts.weeks] for health in Health}
    return {**counts, _NO_ANSWER: [week.no_answer for week in facts.weeks]}


def _chart(facts: DigestFacts) -> list[Block]:
    """All four series, always in the same order."""
    series = _series(facts)
    if not any(any(values) for values in series.values()):
        return []
    drawn = [(name.capitalize(), series[name]) for name in _DRAWN]
    labels = [words.week_label(week.week, facts.told_on) for week in facts.weeks]
    return [bar_chart(finding(facts), labels, drawn, x_label="Week of", y_label="Initiatives")]


def finding(facts: DigestFacts) -> str:
    """As in "3 on track, 2 at risk; last week 4 and 1"; "" where there is nothing to count."""
    series = {name: values for name, values in _series(facts).items() if any(values[-2:])}
    now = ", ".join(f"{values[-1]} {name}" for name, values in series.items())
    if len(facts.weeks) < 2 or not series:
        return now
    long = f"{now}; last week {_and([str(values[-2]) for values in series.values()])}"
    return long if len(long) <= MAX_TITLE else _finding_in_short(facts)


def _finding_in_short(facts: DigestFacts) -> str:
    now, before = ([values[at] for values in _series(facts).values()] for at in (-1, -2))
    return f"{now[0]} of {sum(now)} on track; last week {before[0]} of {sum(before)}"


def _and(counts: Sequence[str]) -> str:
    *first, last = counts
    return f"{', '.join(first)} and {last}" if first else last
