"""What a prompt follows up on: asks and their fate, last week's blocker, and which lead has seen it."""

from collections.abc import Mapping, Sequence

from domain.decisions import Decision
from domain.health import Health
from views import blocks as b
from views.decision_words import NAME, open_line, prompt_lines

RESOLVED = "check_in.resolved"
STILL = "check_in.still"
_MOST_SEEN = 5


def asks_blocks(decisions: Sequence[Decision], names: Mapping[str, str]) -> list[b.Block]:
    """The asks of one initiative: what became of those settled, and who decides the open ones."""
    lines = prompt_lines(decisions, names)
    return [b.context("\n".join(lines))] if lines else []


def open_asks_blocks(decisions: Sequence[Decision], names: Mapping[str, str]) -> list[b.Block]:
    """In the form, beside the fields of a new ask."""
    lines = [open_line(one, names) for one in decisions if one.is_open]
    return [b.context("\n".join(["Asked already:", *b.and_more(lines, 5)]))] if lines else []


def blocker_blocks(blocker: str, value: str) -> list[b.Block]:
    """Asks by name about what was in the way; `value` is the button's, none when there was nothing."""
    if not blocker:
        return []
    text = f"Last week in the way: “{b.one_line(blocker, 300)}” — still?"
    buttons = [b.button("Resolved", RESOLVED, value), b.button("Still there", STILL, value)]
    return [b.section(text), b.actions(buttons, block_id=f"blocker.{value}")]


def seen_words(health: Health, seen_by: Sequence[str], names: Mapping[str, str]) -> str:
    """As in "Seen by Maya", for an answer that is not on track."""
    if health is Health.ON_TRACK or not seen_by:
        return ""
    return f":eyes: Seen by {', '.join(b.and_more([b.one_line(names.get(one, 'a lead'), NAME) for one in seen_by], _MOST_SEEN))}"
