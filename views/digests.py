"""The weekly digest as messages: a short one for the channel, people's whole words for its thread.

Nobody is mentioned: the digest names people and pings none.
"""

import re
from collections.abc import Iterable, Iterator

from domain.check_ins import Answer
from domain.digests import DigestFacts, InitiativeFacts, WeekCounts
from domain.health import Health
from domain.initiatives import Initiative, SuccessMetric
from domain.numbers import show_number
from domain.people import Person
from views import digest_words as words
from views.blocks import (
    MAX_SECTION,
    Block,
    Payload,
    and_more,
    context,
    divider,
    escape,
    fallback,
    header,
    message,
    one_line,
    section,
    sections,
    slack_time,
)
from views.charts import bar_chart

_MOST_LINES = 12
_MOST_BLOCKS = 48
_MOST_TEXT = 10_000
"""Characters in one message's blocks: undocumented; `msg_blocks_too_long` was seen from 11,341 on (bolt-js 2867)."""


def digest_message(facts: DigestFacts) -> Payload:
    """The channel message."""
    if not facts.lines:
        line = words.nothing_active(facts)
        return message(line, [section(line)])
    bold = words.bold
    blocks = [header(words.title(facts)), context(words.why(facts))]
    blocks += [section(words.counts(facts, bold)), *_chart(facts)]
    blocks += sections(words.initiative_line(line, facts, bold) for line in facts.lines)
    for title, lines in words.parts(facts, bold):
        blocks += sections([bold(title), *(f"• {line}" for line in and_more(lines, _MOST_LINES))])
    blocks.append(context(words.participation(facts), "Details in the thread"))
    return message(_fallback(facts), blocks)


def digest_preview(facts: DigestFacts) -> Payload:
    """The same, for the eyes of the person who asked for it."""
    posted = digest_message(facts)
    note = "Preview — only you see this"
    return message(f"{note}\n{posted['text']}", [context(words.bold(note)), *posted["blocks"]])


def digest_details(facts: DigestFacts) -> list[Payload]:
    """Messages for the digest's thread, with everything people wrote, whole; none when there is nothing to tell."""
    told = [line for line in facts.lines if line.answer]
    pages = _pages(_detail_blocks(told, facts))
    title = f"Details · {words.title(facts)}"
    payloads = []
    for number, blocks in enumerate(pages, start=1):
        heading = escape(f"{title} ({number} of {len(pages)})" if len(pages) > 1 else title)
        text = fallback([heading, *(words.initiative_line(line, facts, words.as_is) for line in told)])
        payloads.append(message(text, [context(words.bold(heading)), *blocks]))
    return payloads


def late_line(
    facts: DigestFacts, check_in_person: Person, initiative: Initiative, answer: Answer, *, is_edit: bool
) -> Payload:
    """One line for the digest's thread; `facts` are those of the digest as it stood before."""
    owner = one_line(check_in_person.name, words.NAME)
    speaker = owner
    if answer.by and answer.by != check_in_person.id:
        speaker = f"{one_line(facts.name_of(answer.by), words.NAME)}, for {owner},"
    before = facts.line_for(initiative.id)
    was = words.standing_word(before) if before else ""
    now = answer.health.label if answer.health else "not answered"
    verb = "edited the answer" if is_edit else "answered"
    told = " (as before)" if was == now else f" (was {was})" if was else ""
    line = f"{speaker} {verb} after the digest: {one_line(initiative.name, words.NAME)} is {now}{told}."
    return message(line, [section(line)])


def _fallback(facts: DigestFacts) -> str:
    plainly = words.as_is
    lines = [escape(words.title(facts)), words.why(facts), words.counts(facts, plainly), ""]
    lines += [words.initiative_line(line, facts, plainly) for line in facts.lines]
    for title, entries in words.parts(facts, plainly):
        lines += ["", title, *(f"• {entry}" for entry in entries)]
    return fallback([*lines, "", words.participation(facts), _weeks_in_words(facts)])


# The chart


def _series(facts: DigestFacts) -> list[tuple[str, list[int]]]:
    series = [
        (health.label.capitalize(), [week.by_health[health] for week in facts.weeks]) for health in Health
    ]
    series.append(("No answer", [week.no_answer for week in facts.weeks]))
    return [(name, values) for name, values in series if any(values)]


def _label(week: WeekCounts) -> str:
    return f"W{week.week.number:02}"


def _chart(facts: DigestFacts) -> list[Block]:
    series = _series(facts)
    if not series:
        return []
    labels = [_label(week) for week in facts.weeks]
    return [bar_chart("Initiatives by health", labels, series, x_label="Week", y_label="Initiatives")]


def _weeks_in_words(facts: DigestFacts) -> str:
    """The chart's numbers for those who cannot see it."""
    series = _series(facts)
    weeks = []
    for at, week in enumerate(facts.weeks):
        counted = [f"{values[at]} {name.lower()}" for name, values in series if values[at]]
        weeks.append(f"{_label(week)} {', '.join(counted) or 'nothing'}")
    return f"By week: {'; '.join(weeks)}" if series else ""


# The thread


def _detail_blocks(told: Iterable[InitiativeFacts], facts: DigestFacts) -> Iterator[Block]:
    for line in told:
        if line.answer is None:
            continue
        yield divider()
        yield from sections([words.initiative_line(line, facts, words.bold)])
        for title, text in _said(line.answer, line):
            yield from _whole(title, text)
        if line.initiative.metrics:
            yield from sections(
                [words.bold("Success metrics"), *(_metric_in_full(m) for m in line.initiative.metrics)]
            )
        yield context(_signature(line, line.answer, facts))


def _said(answer: Answer, line: InitiativeFacts) -> list[tuple[str, str]]:
    outcome = f"Last week's “next”: {answer.last_next}" if answer.last_next else ""
    fields = [
        ("Progress", answer.progress),
        (outcome, line.last.next if line.last and outcome else ""),
        ("Next", answer.next),
        ("Blocker", answer.blocker),
        ("Needs", answer.need),
    ]
    return [(title, text) for title, text in fields if text.strip()]


def _metric_in_full(metric: SuccessMetric) -> str:
    baseline = show_number(metric.baseline, metric.unit)
    return f"• {words.metric(metric)}, from {escape(baseline)}"


def _signature(line: InitiativeFacts, answer: Answer, facts: DigestFacts) -> str:
    owner = one_line(facts.name_of(line.answered_for or line.initiative.owner_id), words.NAME)
    by = one_line(facts.name_of(answer.by), words.NAME) if answer.by else owner
    marks = [f"by {by}" if by == owner else f"by {by} for {owner}"]
    if answer.at:
        marks.append(slack_time(answer.at))
    if answer.revision > 1:
        marks.append(f"revision {answer.revision}")
    if line.is_late:
        marks.append("after the digest")
    return " · ".join(marks)


def _whole(title: str, text: str) -> Iterator[Block]:
    """All of what a person wrote, over as many sections as it takes."""
    chunk = f"*{title}*\n"
    for piece in re.findall(r"\s{1,500}|\S{1,500}", text.strip()):
        escaped = escape(piece)
        if len(chunk) + len(escaped) > MAX_SECTION:
            yield section(chunk)
            chunk = ""
        chunk = (chunk + escaped) if chunk else escaped.lstrip()
    yield section(chunk)


def _pages(blocks: Iterable[Block]) -> list[list[Block]]:
    """The blocks in as few messages as Slack's limits allow."""
    pages: list[list[Block]] = []
    room = 0
    for block in blocks:
        length = len(str(block))
        if not pages or len(pages[-1]) == _MOST_BLOCKS or length > room:
            pages.append([])
            room = _MOST_TEXT
        pages[-1].append(block)
        room -= length
    return pages
