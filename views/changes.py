"""How a strategy changed: who changed what, when, and what made them."""

from collections.abc import Iterable
from datetime import date

from domain.changes import Change, ChangeKind
from domain.initiatives import Initiative, due_words
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import MAX_NAME, dated
from views.slack import blocks as b
from views.slack.blocks import one_line
from views.slack.fields import FormReader

SHOWN_IN_STATUS = 3
REASON = "reason"
MAX_REASON = 300
MISSING = "Say in a sentence what made you change this: the team reads it in the next digest."
_GLIMPSE = 160
"""Characters of people's longer words that the channel sees; the thread has them whole."""
_LIFECYCLE = {
    ChangeKind.ADDED,
    ChangeKind.PAUSED,
    ChangeKind.RESUMED,
    ChangeKind.COMPLETED,
    ChangeKind.STOPPED,
}


def history_lines(strategy: Strategy, changes: Iterable[Change], today: date) -> list[str]:
    """As in "• 24 Nov, @maya: Why: before → after, because “...”"."""
    return [
        f"• {dated(local_day(change.at, strategy.zone), today)}, {b.mention(change.person_id)}: {change_of_strategy(change)}"
        for change in changes
    ]


def reason_block(what: str, given: str = "") -> b.Block:
    """For the end of a form; `what` names what must not change without it, as in "the why or a goal"."""
    return b.input_block(
        "What made you change this?",
        b.text_input(given, max_length=MAX_REASON, placeholder="Half of our readers left in October."),
        block_id=REASON,
        hint=f"Needed when you change {what}, in a sentence: the team reads it in the next digest.",
        optional=True,
    )


def read_reason(reader: FormReader) -> str:
    """What was given, "" for nothing: whether it is needed depends on what changed."""
    return " ".join(reader.words(REASON, MAX_REASON).split())


def change_of_strategy(change: Change) -> str:
    """As in "Schedule: before → after, because “Wednesdays were too late”"."""
    kind = change.kind[:1].upper() + change.kind[1:]
    if change.kind in (ChangeKind.GOAL, ChangeKind.METRIC) and not (change.before and change.after):
        kind = f"{kind} dropped" if change.before else f"New {change.kind}"
    because = f", because “{one_line(change.why, MAX_REASON)}”" if change.why else ""
    return f"{kind}: {_from_to(change)}{because}"


def change_of_initiative(change: Change, initiative: Initiative, today: date) -> str:
    if change.kind is ChangeKind.DUE:
        return f"due {due_words(initiative, today)}"
    if change.kind is ChangeKind.NAME:
        return f"was called {one_line(change.before, MAX_NAME)}"
    if change.kind in _LIFECYCLE:
        return change.kind.value
    return f"{change.kind.value} {_from_to(change)}"


def _from_to(change: Change) -> str:
    return " → ".join(one_line(text, _GLIMPSE) for text in (change.before, change.after) if text.strip())
