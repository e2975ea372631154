"""Which part of an answer is about which initiative, by the subjects found in it and nothing else."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.reading.plain.topics import Mention
from domain.reading.text import Span, sentences

_JOINED = re.compile(r"\s*(?:,\s*and\b|,|&|\+|/|\band\b)\s*(?:(?:the|my|our)\s+)?", re.IGNORECASE)
_CLAUSE = re.compile(r",(?!\d)|[:;()](?=\s)|\s[-–—]\s|\s(?=(?:but|and|while|whereas)\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text. `about`: positions of initiatives, empty for none.

    The words of one that is `apart` speak of another strategy, too, so that they are recorded for none.
    """

    start: int
    end: int
    about: tuple[int, ...]
    apart: bool = False


def place(text: str, mentions: Sequence[Mention]) -> list[Piece]:
    """Cut a person's own words (see `own_words`) into pieces; text before the first name is about nothing."""
    pieces: list[Piece] = []
    about: tuple[int, ...] = ()
    for first_said, end in sentences(text):
        start = pieces[-1].end if pieces else 0
        groups = _groups(text, _inside(mentions, first_said, end))
        if not groups:
            pieces.append(Piece(start, end, about))
            continue
        spans = [(start, end)] if len(groups) == 1 else list(_clauses(text, start, end, groups))
        for first, last in spans:
            inside = _inside(groups, first, last)
            if inside:
                about = tuple(dict.fromkeys(i for group in inside for i in group.about))
            pieces.append(Piece(first, last, about))
    rest = pieces[-1].end if pieces else 0
    return [*pieces, Piece(rest, len(text), about)]


def _start(mention: Mention) -> int:
    return mention.start


def _inside(mentions: Sequence[Mention], start: int, end: int) -> Sequence[Mention]:
    """Those, of many in order, that begin in a span."""
    return mentions[bisect_left(mentions, start, key=_start) : bisect_left(mentions, end, key=_start)]


def _groups(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Names listed together ("Newsletter and Referral") are one group."""
    groups: list[Mention] = []
    for mention in mentions:
        is_listed = (
            groups
            and mention.start >= groups[-1].end
            and _JOINED.fullmatch(text[groups[-1].end : mention.start])
        )
        if is_listed and groups[-1].about and mention.about:
            last = groups.pop()
            named = tuple(dict.fromkeys((*last.about, *mention.about)))
            groups.append(Mention(last.start, mention.end, named))
        else:
            groups.append(mention)
    return groups


def _clauses(text: str, start: int, end: int, groups: list[Mention]) -> Iterator[Span]:
    begin = start
    for edge in _CLAUSE.finditer(text, start, end):
        before = bisect_right(groups, edge.start(), key=_start)
        is_in_name = before > 0 and edge.start() < groups[before - 1].end
        if is_in_name or text[edge.start()] in ":(-–—":
            continue
        yield begin, edge.end()
        begin = edge.end()
    yield begin, end
