"""What one person is asked of several initiatives in one message, and one by one; and who has not answered yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.initiatives import Initiative, Status
from domain.kickoffs import Confirmation, ConfirmationState, Role
from domain.people import Person
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import MAX_NAME, listed, short_day
from views.initiatives.messages import facts
from views.kickoffs.messages import (
    OWNERS,
    Kickoff,
    answer_buttons,
    charter_lines,
    has_learnings,
    is_settled,
    learning_blocks,
    meaning_lines,
    nudge_words,
    opening,
    report_lines,
    state_words,
)
from views.slack import blocks as b
from views.slack.references import read_id

YES_TO_ALL = "kickoff.all"
ONE_BY_ONE = "kickoff.one_by_one"
ONE_YES = "kickoff.one.yes"
ONE_DECLINE = "kickoff.one.decline"
ONE_ASK = "kickoff.one.ask"
ONE_TAKE_OVER = "kickoff.one.take_over"
ONE_LEAVE = "kickoff.one.leave"
WINDOW = "kickoff.window"

_GLIMPSE = 120
_VERBS = (
    (OWNERS, "own", "Accept"),
    ((Role.SPONSOR,), "back", "Confirm"),
    ((Role.PARTNER,), "help", "Commit to"),
)
"""As what somebody is asked: the word for it, and for a yes to all of that kind."""

Asked = tuple[Kickoff, Confirmation]


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody who has not said yes to all they are asked; `nudged_at` is when they were asked once more."""

    person: Person
    asked: tuple[tuple[Confirmation, Initiative], ...]
    nudged_at: datetime | None
    is_nudged_now: bool


def together_message(shown: Sequence[Asked], reported: Sequence[str] = ()) -> b.Payload:
    """All that one person is asked in a strategy: a line each, one click for all; what is answered is a line in all.

    `reported` are the names of the KPIs that they report.
    """
    still = [one for one in shown if _is_open(one)]
    told = _answered_lines([one for one in shown if not _is_open(one)])
    if not still:
        return _answered_message(shown, told)
    kickoff = still[0][0]
    head = f"{nudge_words([asked for _, asked in still])}{_question(still)}"
    is_mixed = len({asked.role for _, asked in still}) > 1
    lines = [_line(one, asked, is_mixed=is_mixed) for one, asked in still] + report_lines(reported)
    yes = b.button(
        _yes_to_all(still), YES_TO_ALL, ":".join(str(asked.id) for _, asked in still), style="primary"
    )
    buttons = b.actions([yes, _one_by_one(still[0][1])], block_id=f"kickoff.all.{still[0][1].id}")
    blocks = [
        b.section(f"*{head}*"),
        *b.sections(lines),
        buttons,
        *([b.context("\n".join(told))] if told else []),
        b.context("\n".join(meaning_lines(kickoff.strategy))),
    ]
    return b.message(b.fallback([head, *lines, *told]), blocks)


def _is_open(one: Asked) -> bool:
    kickoff, asked = one
    return asked.state is ConfirmationState.ASKED and not kickoff.initiative.status.is_closed


def _question(still: Sequence[Asked]) -> str:
    """As in "Maya asks you to back 5 initiatives in Harbor Lights", or "to own 2 initiatives and back 3"."""
    kickoff = still[0][0]
    askers = list(dict.fromkeys(one.name_of(one.asker_id) for one, _ in still))
    asks = "asks" if len(askers) == 1 else "ask"
    counted = [(verb, sum(asked.role in roles for _, asked in still)) for roles, verb, _ in _VERBS]
    kinds = [(verb, count) for verb, count in counted if count]
    parts = [
        f"{verb} {count}{_initiatives(count) if number == 0 else ''}"
        for number, (verb, count) in enumerate(kinds)
    ]
    place = b.one_line(kickoff.strategy.name, MAX_NAME)
    return f"{listed(askers)} {asks} you to {listed(parts)} in {place}"


def _initiatives(count: int) -> str:
    return " initiative" if count == 1 else " initiatives"


def _yes_to_all(still: Sequence[Asked]) -> str:
    words = {word for roles, _, word in _VERBS for _, asked in still if asked.role in roles}
    word = words.pop() if len(words) == 1 else "Yes to"
    if len(still) == 2 and word != "Yes to":
        return f"{word} both"
    return f"{word} all {len(still)}" if len(still) > 1 else f"{word} the last one"


def _one_by_one(asked: Confirmation) -> b.Element:
    return b.button("One by one…", ONE_BY_ONE, str(asked.id))


def _line(kickoff: Kickoff, asked: Confirmation, *, is_mixed: bool) -> str:
    """As in "*Newsletter relaunch*: Maya owns it · £1,200 · decides subject, layout · 23 Nov to 31 Mar"."""
    initiative, charter = kickoff.initiative, kickoff.charter
    owner = kickoff.name_of(initiative.owner_id)
    facts_ = {
        Role.OWNER: "you own it",
        Role.NEW_OWNER: f"you take it over from {owner}",
        Role.SPONSOR: f"you back it, {owner} owns it" if is_mixed else f"{owner} owns it",
        Role.PARTNER: f"you commit “{b.one_line(asked.what, _GLIMPSE)}”, {owner} owns it",
    }
    lines = [f"*{b.one_line(initiative.name, MAX_NAME)}*: {facts_[asked.role]}"]
    if asked.changed:
        lines.append(f"changed since kickoff: “{b.one_line(asked.changed, _GLIMPSE)}”")
    if charter is not None and charter.budget:
        lines.append(b.one_line(charter.budget, _GLIMPSE))
    if charter is not None and charter.may_decide:
        who = "you decide" if asked.role in OWNERS else "decides"
        lines.append(f"{who} {b.one_line(charter.may_decide, _GLIMPSE)}")
    lines.append(f"{short_day(initiative.start)} to {short_day(initiative.due)}")
    if has_learnings(kickoff, asked):
        count = len(kickoff.learnings)
        lines.append(f"{count} earlier {'learning' if count == 1 else 'learnings'} to look at, one by one")
    if asked.words:
        lines.append(f"you asked “{b.one_line(asked.words, _GLIMPSE)}”")
    return "• " + " · ".join(lines)


def _answered_lines(answered: Sequence[Asked]) -> list[str]:
    yes = [_bold(one) for one, asked in answered if asked.state is ConfirmationState.YES]
    no = [_bold(one) for one, asked in answered if asked.state is ConfirmationState.DECLINED]
    closed = [_bold(one) for one, asked in answered if asked.state is ConfirmationState.ASKED]
    return [
        *([f"You said yes to {listed(yes)}."] if yes else []),
        *([f"You declined {listed(no)}."] if no else []),
        *([f"Closed since: {listed(closed)}."] if closed else []),
    ]


def _bold(kickoff: Kickoff) -> str:
    return f"*{b.one_line(kickoff.initiative.name, MAX_NAME)}*"


def _answered_message(shown: Sequence[Asked], told: Sequence[str]) -> b.Payload:
    """One line; with the window where learnings are left to answer, or a declined one may be taken up after all."""
    waiting = [one for one, _ in shown if one.initiative.status is Status.PROPOSED]
    line = " ".join(told)
    if names := listed(list(dict.fromkeys(one.awaited for one in waiting if one.awaited))):
        line += f" Still to say yes: {names}."
    elif shown and all(one.initiative.status is Status.ACTIVE for one, _ in shown):
        line += " They are active."
    if firsts := [one.first for one, asked in shown if asked.role in OWNERS and one.first is not None]:
        line += f" Your first check-in: {b.slack_time(min(firsts))}."
    left = [
        asked for one, asked in shown if not is_settled(one, asked) and not one.initiative.status.is_closed
    ]
    section = b.section(line, accessory=_one_by_one(left[0]) if left else None)
    return b.message(line, [section])


def moved_message() -> b.Payload:
    """In place of what stands in a newer one."""
    return b.text_message("What was asked here stands in my newer message below.")


def window(shown: Sequence[Asked]) -> dict[str, Any]:
    """Each in full, with its own buttons."""
    blocks: list[b.Block] = []
    for kickoff, asked in shown:
        lines = [opening(kickoff, asked)]
        lines += facts(kickoff.strategy, kickoff.initiative, owner=asked.role not in OWNERS)
        lines += [*charter_lines(kickoff), state_words(kickoff, asked)]
        blocks += b.sections(lines)
        if buttons := answer_buttons(kickoff, asked, ONE_YES, ONE_DECLINE, ONE_ASK):
            blocks.append(b.actions(buttons, block_id=f"kickoff.one.{asked.id}"))
        if has_learnings(kickoff, asked):
            blocks += learning_blocks(kickoff, asked, ONE_TAKE_OVER, ONE_LEAVE)
        blocks.append(b.divider())
    return b.modal("One by one", blocks[:-1], callback_id=WINDOW, close="Done")


def rest(shown: Sequence[Asked], but_id: int) -> dict[str, Any] | None:
    """The window once more after something in it was answered, where anything else waits."""
    return window(shown) if any(_is_open(one) for one in shown if one[1].id != but_id) else None


def read_ids(value: str) -> list[int]:
    """Raises NotFound."""
    return [read_id(part) for part in value.split(":")]


def nudged_message(strategy: Strategy, awaited: Sequence[Awaited]) -> b.Payload:
    """For a lead: who has still to say yes, and when they were asked once more."""
    name = b.one_line(strategy.name, MAX_NAME)
    if not awaited:
        return b.text_message(f"*{name}*: everybody who was asked has said yes.")
    people = "1 person has" if len(awaited) == 1 else f"{len(awaited)} people have"
    head = f"*{name}*: {people} still to say yes"
    lines = [_awaited_line(one, strategy.zone) for one in awaited]
    return b.message(b.fallback([head, *lines]), b.sections([head, *b.and_more(lines, 30)]))


def _awaited_line(one: Awaited, zone: str) -> str:
    about = [
        f"{asked.role} of *{b.one_line(initiative.name, MAX_NAME)}*"
        + (", declined" if asked.state is ConfirmationState.DECLINED else "")
        for asked, initiative in one.asked
    ]
    first = min(asked.asked_at for asked, _ in one.asked)
    told = [f"asked {short_day(local_day(first, zone))}"]
    if one.person.is_deactivated:
        told = ["has left Slack: choose somebody else with `/initiative edit`"]
    elif all(asked.state is ConfirmationState.DECLINED for asked, _ in one.asked):
        told = ["choose somebody else with `/initiative edit`"]
    elif one.is_nudged_now:
        told.append("reminded just now")
    elif one.nudged_at is not None:
        told.append(f"reminded {b.slack_time(one.nudged_at)}")
    else:
        told.append("too recently to be reminded")
    return f"• {b.one_line(one.person.name, MAX_NAME)}: {listed(about)} ({', '.join(told)})"
