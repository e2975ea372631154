"""The weekly digest as messages: a short one for the channel, people's whole words for its thread.

Nobody is mentioned: the digest names people and pings none.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from domain.absences import Absence
from domain.check_ins import Answer
from domain.digests import DigestFacts, InitiativeFacts
from domain.healths import Health
from domain.initiatives import Initiative
from domain.people import Person
from domain.periods import Week
from domain.words import MAX_NAME
from views.absences import days
from views.digests import words
from views.slack.blocks import (
    Block,
    Element,
    Payload,
    button,
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
    text_message,
)
from views.slack.charts import bar_chart
from views.slack.pages import pages, whole

SEEN = "digest.seen"
_LONGEST_LINE = 500
_LONGEST_PART = 1300


def digest_message(facts: DigestFacts) -> Payload:
    """The channel message."""
    if not facts.lines:
        line = words.nothing_active(facts)
        return text_message(line)
    bold = words.bold
    blocks = [header(words.title(facts)), context(words.why(facts))]
    blocks += [section(words.counts(facts, bold))]
    blocks += sections(
        shorten_mrkdwn(words.initiative_line(line, facts, bold), _LONGEST_LINE) for line in facts.lines
    )
    for title, lines in words.parts(facts, bold):
        blocks += sections([bold(title), *_within(lines)])
    # Slack folds long messages ("See more"): what a team acts on stands above the chart.
    blocks += [*_chart(facts), context(f"{words.participation(facts)} · Details in the thread")]
    return message(_fallback(facts), blocks)


def digest_preview(facts: DigestFacts) -> Payload:
    """The same, for the eyes of the person who asked for it."""
    return preview(digest_message(facts))


def digest_details(facts: DigestFacts) -> list[Payload]:
    """Messages for the digest's thread, with everything people wrote, whole; none without an active initiative."""
    found = pages(_detail_blocks(facts)) if facts.lines else []
    title = f"Details · {words.title(facts)}"
    payloads = []
    for number, blocks in enumerate(found, start=1):
        heading = escape(f"{title} ({number} of {len(found)})" if len(found) > 1 else title)
        text = fallback([heading, *(words.heading(line, facts, words.as_is) for line in facts.lines)])
        payloads.append(message(text, [context(words.bold(heading)), *blocks]))
    return payloads


def late_line(
    facts: DigestFacts,
    check_in_person: Person,
    initiative: Initiative,
    answer: Answer,
    *,
    is_edit: bool,
    before: Health | None = None,
) -> Payload:
    """One line for the digest's thread; `before` is the health that an edit replaced."""
    owner = one_line(check_in_person.name, MAX_NAME)
    speaker = owner
    if answer.by and answer.by != check_in_person.id:
        speaker = f"{one_line(facts.name_of(answer.by), MAX_NAME)}, for {owner},"
    verb = "edited the answer" if is_edit else "answered"
    name = one_line(initiative.name, MAX_NAME)
    now = answer.health.label if answer.health else "not answered"
    was = _what_stood(facts, initiative, answer, is_edit=is_edit, before=before)
    line = f"{speaker} {verb} after the digest: {name} is {now}{f' ({was})' if was else ''}."
    return text_message(line)


def said_later_line(person: Person, week: Week, absence: Absence, today: date) -> Payload:
    """One line for the thread of a digest that told of somebody's silence before they said they were away."""
    return text_message(
        f"{one_line(person.name, MAX_NAME)} said later: away {days(absence, today)}. {week.label} stays as it was told."
    )


def _what_stood(
    facts: DigestFacts, initiative: Initiative, answer: Answer, *, is_edit: bool, before: Health | None
) -> str:
    if before is not None:
        return "as before" if before is answer.health else f"was {before.label}"
    if is_edit:
        return ""
    line = facts.line_for(initiative.id)
    return "was outdated" if line and line.was_silent else "was no answer"


def _within(lines: Sequence[str]) -> list[str]:
    """As many of a part's lines as the channel message has room for."""
    kept: list[str] = []
    room = _LONGEST_PART
    for line in lines:
        short = shorten_mrkdwn(f"• {line}", _LONGEST_LINE)
        room -= len(short)
        if room < 0:
            return [*kept, f"• and {len(lines) - len(kept)} more, in the thread"]
        kept.append(short)
    return kept


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
    return series


def _chart(facts: DigestFacts) -> list[Block]:
    """All four series, always in this order: Slack colours them by their place, and so green falls on green.

    Rust, blue, green, pink are the colours that have been reported for it; Slack lets nobody choose.
    """
    by_name = dict(_series(facts))
    if not any(any(values) for values in by_name.values()):
        return []
    series = [(name, by_name[name]) for name in ("Off track", "No answer", "On track", "At risk")]
    labels = [words.week_label(week.week) for week in facts.weeks]
    return [bar_chart("Initiatives by health", labels, series, x_label="Week", y_label="Initiatives")]


def _weeks_in_words(facts: DigestFacts) -> str:
    """The chart's numbers for those who cannot see it."""
    series = _series(facts)
    weeks = []
    for at, week in enumerate(facts.weeks):
        counted = [f"{values[at]} {name.lower()}" for name, values in series if values[at]]
        weeks.append(f"{words.week_label(week.week)} {', '.join(counted) or 'nothing'}")
    return f"By week: {'; '.join(weeks)}" if any(any(values) for _, values in series) else ""


# The thread


def _detail_blocks(facts: DigestFacts) -> Iterator[Block]:
    for line in facts.lines:
        yield divider()
        heading = f"{words.heading(line, facts, words.bold)}\n{_signature(line, facts)}"
        yield section(heading, accessory=_seen_button(line))
        for title, text in _said(line):
            yield from whole(title, text)
        on = facts.told_on
        metrics = [words.metric_in_full(metric, line, on) for metric in line.initiative.metrics]
        yield from _listed("Success metrics", metrics)
        yield from _listed("Changed", words.changes_of(line, facts, metrics=False))
    if others := words.other_changes(facts, words.bold):
        yield divider()
        yield from _listed("Also changed", others)


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
        ("Blocker", answer.blocker),
        ("Needs", answer.need),
    ]
    return [(title, text) for title, text in fields if text.strip()]


def _listed(title: str, lines: Iterable[str]) -> list[Block]:
    bullets = [f"• {line}" for line in lines]
    return sections([words.bold(title), *bullets]) if bullets else []


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
        marks.append(f"revision {answer.revision}")
    if line.is_late:
        marks.append("after the digest")
    return " · ".join(marks)
