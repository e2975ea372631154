"""The weekly digest as messages: one screen for the channel, and what its thread and its leads are told.

Nobody is mentioned: the digest names people and pings none.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.absences import Absence
from domain.check_ins import Answer
from domain.digests.facts import DigestFacts
from domain.healths import Health
from domain.initiatives import Initiative
from domain.people import Person
from domain.periods import Week
from domain.words import MAX_NAME, listed
from views.absences import days
from views.digests import exceptions, words
from views.slack.blocks import (
    Element,
    Payload,
    as_is,
    bold,
    button,
    context,
    escape,
    fallback,
    header,
    message,
    one_line,
    preview,
    section,
    sections,
    text_message,
)
from views.slack.glimpses import MOST_OF_NAME, glimpse

SHOW_EXAMPLE = "digest.example"


def digest_message(facts: DigestFacts) -> Payload:
    """The channel message."""
    if not facts.lines:
        return text_message(_nothing_active(facts))
    summary = exceptions.summary(facts)
    blocks = [header(words.title(facts)), section(bold(f"{summary[:1].upper()}{summary[1:]}."))]
    for lines in exceptions.parts(facts, bold):
        blocks += sections(lines)
    blocks.append(context(f"_{glimpse(facts.strategy.why)}_"))
    return message(_text(facts), blocks)


def _text(facts: DigestFacts) -> str:
    """What the blocks say, its first line on a phone's screen."""
    first = f"{one_line(facts.strategy.name, MOST_OF_NAME)}: {exceptions.summary(facts)}."
    lines = [line for part in exceptions.parts(facts, as_is) for line in part]
    return fallback([first, escape(words.title(facts)), *lines, glimpse(facts.strategy.why)])


def _nothing_active(facts: DigestFacts) -> str:
    week = words.week_label(facts.period, words.day_of(facts))
    line = f"{one_line(facts.strategy.name, MAX_NAME)}, week of {week}: no active initiative."
    for word, initiatives in (("Closed", facts.closed), ("Paused", facts.paused)):
        if initiatives:
            line += f" {word}: {words.names(initiatives)}."
    return f"{line} Add one with `/initiative add`."


def digest_preview(facts: DigestFacts) -> Payload:
    """The same, for the eyes of the person who asked for it."""
    return preview(digest_message(facts))


def digest_example(facts: DigestFacts) -> Payload:
    """The digest of a made-up team, for the eyes of the person who asked for it."""
    note = "An example: this team and its numbers are made up, and only you see this"
    return preview(digest_message(facts), note)


def example_button() -> Element:
    return button("Show me a digest", SHOW_EXAMPLE, "show")


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
        f"{one_line(person.name, MAX_NAME)} said later: away {days(absence, today)}. The digest of {words.week_label(week, today)} stays as it was told."
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


def silent_message(facts: DigestFacts, silent: Sequence[str]) -> Payload:
    """For one lead, who alone learns of it: these people have answered nothing for two weeks, though they may have written."""
    owned: Mapping[str, list[str]] = {person_id: _silent_about(facts, person_id) for person_id in silent}
    lines = [f"{one_line(facts.name_of(who), MAX_NAME)}: {listed(about)}" for who, about in owned.items()]
    name = one_line(facts.strategy.name, MAX_NAME)
    first = f"Two weeks without an answer in {name}. Is all well? Only its leads are told."
    after = "Ask them in person, or answer for them with `/checkin @name`."
    return message("\n".join([first, *lines, after]), [section(first), *sections([*lines, after])])


def _silent_about(facts: DigestFacts, person_id: str) -> list[str]:
    lines = (line for line in facts.lines if line.initiative.owner_id == person_id and line.is_silent)
    return [one_line(line.initiative.name, MAX_NAME) for line in lines]
