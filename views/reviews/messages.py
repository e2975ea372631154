"""The monthly review as messages: a short one for the channel; charts and all numbers for its thread.

Nobody is mentioned: the review names people and pings none.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.reading.legible import is_blank
from domain.reviews import KpiFacts, ReviewFacts
from domain.words import MAX_NAME
from views.pace import guide
from views.reviews import words
from views.slack.blocks import (
    Block,
    Payload,
    Strong,
    and_more,
    as_is,
    bold,
    context,
    divider,
    escape,
    fallback,
    header,
    message,
    one_line,
    preview,
    section,
    sections,
    shorten_mrkdwn,
    slack_time,
)
from views.slack.charts import line_chart
from views.slack.pages import pages

_LONGEST_LINE = 500
_MOST_LINES = 8
_MOST_DETAILS = 60


def review_message(facts: ReviewFacts, ends_at: datetime, *, is_decided: bool = False) -> Payload:
    """The channel message; the leads decide until `ends_at`, and have decided something or not."""
    blocks = [header(words.title(facts)), context(one_line(facts.strategy.why, 300))]
    for heading, lines in _parts(facts, bold):
        cut = [shorten_mrkdwn(line, _LONGEST_LINE) for line in and_more(lines, _MOST_LINES)]
        blocks += sections([bold(heading), *cut])
    return message(
        _fallback(facts),
        [*blocks, context(f"{_until(ends_at, facts.at, is_decided=is_decided)} · Details in the thread")],
    )


def review_preview(facts: ReviewFacts, ends_at: datetime, *, is_decided: bool) -> Payload:
    """The same, for the eyes of the person who asked for it."""
    return preview(review_message(facts, ends_at, is_decided=is_decided))


def review_details(facts: ReviewFacts) -> list[Payload]:
    """Messages for the review's thread: two charts in one at most, and every number in words."""
    found = pages(_detail_blocks(facts))
    payloads = []
    for number, blocks in enumerate(found, start=1):
        heading = f"Details · {words.title(facts)}"
        heading = escape(f"{heading} ({number} of {len(found)})" if len(found) > 1 else heading)
        said = (block["text"]["text"].replace("*", "") for block in blocks if block["type"] == "section")
        lines = [line for text in said for line in text.splitlines()]
        payloads.append(message(fallback([heading, *lines]), [context(bold(heading)), *blocks]))
    return payloads


def _until(ends_at: datetime, at: datetime, *, is_decided: bool) -> str:
    if ends_at <= at:
        said = "The leads have decided" if is_decided else "It closed with nothing decided"
        return f"{said}; the outcome is the last of its thread"
    return f"The leads decide until {slack_time(ends_at)}: continue, change or stop"


def _parts(facts: ReviewFacts, strong: Strong) -> list[tuple[str, list[str]]]:
    """What the channel reads, without the empty lists."""
    late = words.bullets(words.milestones(facts))
    channels = [words.channel_line(channel, facts) for channel in facts.channels]
    found = [
        (
            "KPIs",
            [words.kpi_line(kpi, facts.today, strong) for kpi in facts.kpis]
            or ["No KPI yet: `/kpi add` adds one."],
        ),
        (
            "Initiatives",
            [words.initiative_line(line, strong) for line in facts.lines] or ["No active initiative."],
        ),
        ("Milestones late", late),
        ("Core message by channel", words.bullets(channels)),
        ("How it went", words.bullets(_outcomes(facts))),
    ]
    return [(heading, lines) for heading, lines in found if lines]


def _outcomes(facts: ReviewFacts) -> Iterator[str]:
    yield words.decision_counts(facts)
    if facts.skills:
        yield f"Skills asked for: {len(facts.skills)}"
    if facts.learnings:
        yield f"Learnings: {len(facts.learnings)}"
    yield words.health_score(facts.rhythm.health)
    if impact := words.impact_lines(facts.rhythm.impact):
        yield "; ".join(impact)


def _fallback(facts: ReviewFacts) -> str:
    lines = [escape(words.title(facts)), one_line(facts.strategy.why, 300)]
    for heading, entries in _parts(facts, as_is):
        lines += ["", heading, *entries]
    lines += ["", *(f"{one_line(kpi.kpi.name, MAX_NAME)}: {words.kpi_weeks(kpi)}" for kpi in facts.kpis)]
    lines += [
        f"{one_line(line.initiative.name, MAX_NAME)}: {words.health_words(line, facts)}"
        for line in facts.lines
    ]
    return fallback(lines)


# The thread


def _detail_blocks(facts: ReviewFacts) -> Iterator[Block]:
    for kpi in facts.kpis:
        if kpi.weeks:
            yield _kpi_chart(kpi)
        yield section(f"{words.kpi_line(kpi, facts.today, bold)}\n{words.kpi_weeks(kpi)}")
    if facts.lines:
        yield divider()
        yield section(bold("Health by week"))
        for line in facts.lines:
            strip = words.health_weeks(line, facts)
            yield section(f"{bold(one_line(line.initiative.name, MAX_NAME))}\n{strip}")
    yield from _listed("Milestones late", words.milestones(facts))
    for heading, lines in words.decisions(facts):
        yield from _listed(heading, lines)
    yield from _listed("Skills asked for", [words.skill(decision, facts) for decision in facts.skills])
    yield from _listed("Learnings", words.learnings(facts))
    channels = [words.channel_line(channel, facts) for channel in facts.channels]
    yield from _listed("Core message by channel", channels)
    yield from _listed(
        words.health_score(facts.rhythm.health), words.health_parts(facts.rhythm.health), words.FORMULA
    )
    if impact := words.impact_lines(facts.rhythm.impact):
        yield from _listed(impact[0], impact[1:])


def _kpi_chart(kpi: KpiFacts) -> Block:
    """The value against what the plan has due."""
    labels = [point.week.label for point in kpi.weeks]
    series = [
        ("Value", [float(point.value) for point in kpi.weeks]),
        ("Plan", [float(guide(point.line)) for point in kpi.weeks]),
    ]
    unit = "Value" if is_blank(kpi.kpi.unit) else kpi.kpi.unit
    return line_chart(kpi.kpi.name, labels, series, x_label="Week", y_label=unit)


def _listed(title: str, lines: Iterable[str], note: str = "") -> Iterator[Block]:
    """A heading with its lines as they fit, `note` below; nothing where there is neither."""
    cut = and_more([shorten_mrkdwn(line, 1000) for line in lines], _MOST_DETAILS)
    if not cut and not note and not title.startswith("Impact"):
        return
    yield divider()
    yield from sections([bold(title), *words.bullets(cut), *([note] if note else [])])
