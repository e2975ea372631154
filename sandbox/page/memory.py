"""Messages as each reader saw them last. Of a long conversation most are as they were: they are neither drawn again, nor
sent again to a page that has them.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from sandbox.page.markup import Html, tag
from sandbox.page.messages import id_of, message

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sandbox.page.messages import Desk, Draw, Message, ThreadLink
    from sandbox.page.reader import Reader

_MOST_REMEMBERED = 16
"""Conversations, each for one reader."""
_Drawn = dict[tuple[str, bool], tuple[Html, int]]


class Memory:
    """`count` says how many changes there have been."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count
        self._drawn: OrderedDict[Hashable, _Drawn] = OrderedDict()

    def drawing(self, reader: Reader, thread_link: ThreadLink | None, desk: Desk, since: int) -> Draw:
        """Draws a conversation's messages for a page that shows it as it was after `since` changes; 0 is one that
        shows nothing yet. What a message is drawn with is told apart by all there is of it.
        """
        names = (frozenset(told.items()) for told in (reader.people, reader.channels, reader.groups))
        day = reader.here.date()
        seen_by = (reader.id, str(reader.zone), reader.locale, day, *names, desk, thread_link is None)
        known, fresh = self._drawn.pop(seen_by, {}), self._drawn.setdefault(seen_by, {})
        if len(self._drawn) > _MOST_REMEMBERED:
            self._drawn.popitem(last=False)
        now = self._count()
        shown = since if since <= now else 0  # of a workspace that was served before this one

        def draw(one: Message, compact: bool) -> Html:
            key = repr(one), compact
            html, at = known.get(key) or (message(one, reader, thread_link, desk, compact=compact), now)
            if "{ago}" not in key[0]:
                fresh[key] = html, at
                if at < shown:
                    return tag("article", id=id_of(one), data_same=True)
            return html

        return draw
