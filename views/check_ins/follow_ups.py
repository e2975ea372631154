"""What a prompt follows up on: asks and their fate, last week's blocker, and what was to be next."""

from collections.abc import Mapping, Sequence

from domain.check_ins import NextOutcome
from domain.decisions import Decision
from domain.periods import Week
from domain.promises import Promise
from domain.words import short_day
from views.decisions.words import GLIMPSE, open_line, prompt_lines
from views.slack import blocks as b

RESOLVED = "check_in.resolved"
STILL = "check_in.still"
SETTLES = {f"check_in.next_{outcome.value}": outcome for outcome in NextOutcome}
_QUOTED = 280


def open_asks_blocks(decisions: Sequence[Decision], names: Mapping[str, str]) -> list[b.Block]:
    """In the form, beside the fields of a new ask."""
    lines = [open_line(one, names) for one in decisions if one.is_open]
    return [b.context("\n".join(["Asked already:", *b.and_more(lines, 5)]))] if lines else []


def follow_up_blocks(
    decisions: Sequence[Decision],
    names: Mapping[str, str],
    blocker: str,
    value: str,
    *,
    about: str,
    is_repeated: bool,
) -> list[b.Block]:
    """What became of one initiative's asks and who decides the open ones, then by name what was in the way.

    `value` is what the blocker's buttons carry, `about` the initiative's name; `is_repeated`: *Same as last week* left what is in the way standing.
    """
    lines = follow_up_lines(decisions, names, "" if is_repeated else blocker)
    buttons = blocker_buttons(value, about)
    if is_repeated:
        lines.append("What was in the way stays on record, as nothing else was said.")
        buttons = buttons[:1]
    elif not blocker:
        return [b.context("\n".join(lines))] if lines else []
    return [b.section("\n".join(lines)), b.actions(buttons, block_id=f"blocker.{value}")]


def follow_up_lines(decisions: Sequence[Decision], names: Mapping[str, str], blocker: str) -> list[str]:
    still = [f"Was in the way: “{b.one_line(blocker, GLIMPSE)}” — still?"] if blocker else []
    return [*prompt_lines(decisions, names), *still]


def blocker_buttons(value: str, about: str) -> list[b.Element]:
    return [
        b.button("Resolved", RESOLVED, value, about=about),
        b.button("Still there", STILL, value, about=about),
    ]


def promise_blocks(promise: Promise | None, period: Week, value: str, *, about: str) -> list[b.Block]:
    """One click says what became of it, or none does: nobody has to."""
    if promise is None:
        return []
    buttons = [
        b.button(outcome.value.capitalize(), action, value, about=about)
        for action, outcome in SETTLES.items()
    ]
    asked = f"{promise_line(promise, period)} — what became of it?"
    return [b.section(asked), b.actions(buttons, block_id=f"next.{value}")]


def promise_line(promise: Promise, period: Week) -> str:
    """As in "You said next: _choose the venue_", with its week where that was not the last one."""
    return f"You said next{promise_week(promise, period)}: _{b.one_line(promise.text, _QUOTED)}_"


def promise_week(promise: Promise, period: Week) -> str:
    is_last = promise.until.next() == period
    return "" if is_last else f" in the week of {short_day(promise.until.day(0))}"
