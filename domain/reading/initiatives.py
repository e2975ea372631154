"""Reading `/initiative add Newsletter relaunch @ben by 31 March`: a head start for the form, which shows it all."""

from datetime import date

from domain.drafts import DraftInitiative
from domain.reading.drafts.items import initiative_of
from domain.reading.drafts.pieces import read_pieces
from domain.reading.markup import plain_but_mentions


def read_line(text: str, today: date) -> tuple[DraftInitiative, tuple[str, ...]]:
    """What was understood of the words after `add`, as Slack sends them, and the words that were not.

    A line of a pasted plan is read the same way.
    """
    return initiative_of(read_pieces(plain_but_mentions(text), today))
