"""What people type after `/initiative milestone`: an initiative, and perhaps a new milestone with its day and person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.reading.drafts.items import milestone_of
from domain.reading.drafts.pieces import read_pieces
from domain.reading.markup import plain_but_mentions, plain_text
from domain.reading.names import names_at_start


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """`initiative` is its name as typed; of the milestone what was understood, and in `unread` what was not.

    `rest` is all that follows the name, as Slack sends it; `names_another` that it is somebody's of whom nobody knows who.
    """

    initiative: str
    name: str = ""
    person_id: str | None = None
    due: date | None = None
    unread: tuple[str, ...] = ()
    rest: str = field(default="", compare=False)
    names_another: bool = False


def read_milestone_line(text: str, names: Sequence[str], today: date) -> MilestoneLine:
    """`Newsletter First issue 15 Jan @ines`, as Slack sends it; the longest beginning that is one of `names` is the
    initiative.
    """
    words = text.split()
    for at in names_at_start([plain_text(word) for word in words], names):
        return _read(plain_text(" ".join(words[:at])).rstrip(":,"), " ".join(words[at:]), today)
    return MilestoneLine(plain_text(text).strip())


def _read(initiative: str, rest: str, today: date) -> MilestoneLine:
    item, unread = milestone_of(read_pieces(plain_but_mentions(rest), today))
    person_id = item.person.person_id if item.person else None
    is_unknown = item.person is not None and person_id is None
    if item.person and is_unknown:
        unread = (item.person.words, *unread)
    return MilestoneLine(initiative, item.name, person_id, item.due, unread, rest, is_unknown)
