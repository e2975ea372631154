"""How a strategy changed: who changed what, when, and what made them."""

from collections.abc import Iterable, Sequence

from domain.digests import Change
from domain.initiatives import short_day
from domain.schedule import local_day
from domain.strategies import Strategy
from views import blocks as b
from views.digest_words import of_strategy

SHOWN_IN_STATUS = 3
SHOWN_IN_HISTORY = 30


def history_lines(strategy: Strategy, changes: Iterable[Change]) -> list[str]:
    """As in "• 24 Nov, @maya: Why: before → after, because “...”"."""
    return [
        f"• {short_day(local_day(change.at, strategy.zone))}, {b.mention(change.person_id)}: {of_strategy(change)}"
        for change in changes
    ]


def history_message(strategy: Strategy, changes: Sequence[Change]) -> b.Payload:
    """Newest first."""
    title = f"How {strategy.name} changed"
    lines = history_lines(strategy, changes) or ["Nothing has changed since it was set up."]
    text = b.fallback([b.escape(title), *lines])
    return b.message(text, [b.header(title), *b.sections(lines)])
