"""The monthly review as messages: a short one for the channel; charts and all numbers for its thread.

Nobody is mentioned: the review names people and pings none.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from html import unescape
from itertools import chain

from domain.forecasts import Forecast
from domain.kpis import Kpi
from domain.reading.legible import is_blank
from domain.reviews import KpiFacts, ReviewFacts
from domain.words import MAX_NAME, dated
from views.confidence import SCALE, confidence_lines
from views.forecasts import forecast_chart, range_words
from views.kpis.words import amount, kpi_outlook, stands_briefly
from views.pace import guide
from views.reviews import exceptions, words
from views.reviews.reckoning import FORMULA, health_block, health_parts, health_score
from views.signals import SignalLine, told_signal
from views.signs import leads_lines
from views.slack.blocks import (
    Block,
    Payload,
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
)
from views.slack.charts import MAX_TITLE, line_chart
from views.slack.glimpses import MOST_OF_NAME, glimpse
from views.slack.lines import on_one_line
from views.slack.pages import pages, whole

_LONGEST_LINE = 500
_LEAST_NAME = 15
_MOST_DETAILS = 60


def review_message(facts: ReviewFacts, ends_at: datetime, *, is_decided: bool = False) -> Payload:
    """The channel message; the leads decide until `ends_at`, and have decided something or not."""
    first = exceptions.summary(facts, ends_at, is_decided=is_decided)
    blocks = [header(words.title(facts)), section(bold(f"{first[:1].upper()}{first[1:]}."))]
    for lines in exceptions.parts(facts, bold):
        blocks += sections(shorten_mrkdwn(line, _LONGEST_LINE) for line in lines)
    blocks.append(health_block(facts.rhythm.health))
    blocks.append(context(f"_{glimpse(facts.strategy.why)}_"))
    return message(_text(facts, first), blocks)


def _text(facts: ReviewFacts, first: str) -> str:
    """What the blocks say, its first line on a phone's screen."""
    name, month = one_line(facts.strategy.name, MOST_OF_NAME), f"{facts.period.day(1):%B}"
    lines = [line for part in exceptions.parts(facts, as_is) for line in part]
    head = [f"{name}, review of {month}: {first}.", escape(words.title(facts))]
    return fallback([*head, *lines, health_score(facts.rhythm.health), glimpse(facts.strategy.why)])


def review_preview(facts: ReviewFacts, ends_at: datetime, *, is_decided: bool) -> Payload:
    """The same, for the eyes of the person who asked for it."""
    return preview(review_message(facts, ends_at, is_decided=is_decided))


def review_details(facts: ReviewFacts) -> list[Payload]:
    """Messages for the review's thread: two charts in one at most, and every number in words."""
    found = pages(_detail_blocks(facts))
    payloads = []
    for number, blocks in enumerate(found, start=1):
        heading = f"{words.title(facts)}: every number"
        heading = escape(f"{heading} ({number} of {len(found)})" if len(found) > 1 else heading)
        said = (block["text"]["text"].replace("*", "") for block in blocks if block["type"] == "section")
        lines = (line for text in said for line in text.splitlines())
        payloads.append(message(fallback(chain([heading], lines)), [context(bold(heading)), *blocks]))
    return payloads


# The thread


def _detail_blocks(facts: ReviewFacts) -> Iterator[Block]:
    for kpi in facts.kpis:
        if kpi.weeks:
            yield _kpi_chart(kpi, facts.today)
        found = kpi.kpi.forecast(facts.today)
        yield from _forecast_chart(kpi.kpi, found, facts.today)
        outlook = kpi_outlook(kpi.kpi, found, facts.today)
        yield section("\n".join([words.kpi_line(kpi, facts.today, bold), *outlook, words.kpi_weeks(kpi)]))
        for signal in kpi.signals:
            yield told_signal(SignalLine(kpi.kpi, signal), facts.today, facts.name_of)
    if facts.lines:
        yield divider()
        yield section(bold("Health by week"))
        for line in facts.lines:
            runs = words.health_runs(line, facts)
            yield section(f"{bold(one_line(line.initiative.name, MAX_NAME))}: {runs}")
    named = [(line.initiative.id, line.initiative.name) for line in facts.lines]
    yield from _listed("Signs of slipping", leads_lines(facts.slipping, named))
    yield from _listed("Milestones late", words.milestones(facts))
    for heading, lines in words.decisions(facts):
        yield from _listed(heading, lines)
    yield from _listed("Bets", words.bets(facts), words.bets_note(facts))
    yield from _listed("Skills asked for", [words.skill(decision, facts) for decision in facts.skills])
    yield from _listed("Learnings", words.learnings(facts))
    channels = [words.channel_line(channel, facts) for channel in facts.channels]
    yield from _listed("Core message by channel", channels)
    yield from _listed(health_score(facts.rhythm.health), health_parts(facts.rhythm.health), FORMULA)
    if facts.confidence is not None:
        yield from _listed("Confidence, scored", confidence_lines(facts.confidence), SCALE)
    if impact := words.impact_lines(facts.rhythm.impact):
        yield from _listed(impact[0], impact[1:])
    yield from whole("Why we do this", facts.strategy.why)


def _kpi_chart(kpi: KpiFacts, today: date) -> Block:
    """The value against what the plan has due."""
    labels = [words.week_label(point.week) for point in kpi.weeks]
    series = [
        ("Value", [float(point.value) for point in kpi.weeks]),
        ("Plan", [float(guide(point.line)) for point in kpi.weeks]),
    ]
    return line_chart(_finding(kpi, today), labels, series, x_label="Week of", y_label=_unit(kpi.kpi))


def _forecast_chart(kpi: Kpi, found: Forecast | None, today: date) -> Iterator[Block]:
    """As in "Monthly givers: 380 to 444 by 31 Mar"."""
    if found:
        where = f"{range_words(kpi.plan, found, partial(amount, kpi))} by {dated(found.end.on, today)}"
        chart = forecast_chart(_titled(kpi, where), kpi.plan, found, today, _unit(kpi))
        yield from [chart] if chart else []


def _unit(kpi: Kpi) -> str:
    return "Value" if is_blank(kpi.unit) else kpi.unit


def _finding(kpi: KpiFacts, today: date) -> str:
    """As in "Monthly givers: 314, should be 325": of what is too long the name is cut, never the finding."""
    stands, _, _ = stands_briefly(kpi.kpi, today).partition(" (")
    return _titled(kpi.kpi, stands)


def _titled(kpi: Kpi, finding: str) -> str:
    found = on_one_line(unescape(finding), MAX_TITLE - _LEAST_NAME)
    return f"{on_one_line(kpi.name, MAX_TITLE - len(found) - len(': '))}: {found}"


def _listed(title: str, lines: Iterable[str], note: str = "") -> Iterator[Block]:
    """A heading with its lines as they fit, `note` below; nothing where there is neither."""
    cut = and_more([shorten_mrkdwn(line, 1000) for line in lines], _MOST_DETAILS)
    if not cut and not note and not title.startswith("Impact"):
        return
    yield divider()
    yield from sections([bold(title), *words.bullets(cut), *([note] if note else [])])
