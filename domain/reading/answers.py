"""Reading a check-in answer written as plain text."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.healths import Health
from domain.reading.blockers import find_blocker
from domain.reading.healths import Mention, find_healths, read_health
from domain.reading.metrics import MetricReader, MetricReading, agreed
from domain.reading.places import NameFinder, NameMention, Piece, find_names, hide_names, place
from domain.reading.strategies import Elsewhere, Named, is_greeting, keep_apart, settle_mentions
from domain.reading.text import Span, blank, own_words

MAX_READ = 4_000
"""Characters of one message."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A success metric; `last` is its last known value."""

    id: int
    name: str
    unit: str
    last: Decimal | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the owner's initiatives, which the answer may be about."""

    id: int
    name: str
    metrics: tuple[Metric, ...] = ()
    strategy_id: int = 0


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read about one initiative; `readings` are (metric id, value), `words` the part of the text about it
    that speaks of no other strategy.
    """

    candidate_id: int
    health: Health | None
    readings: tuple[tuple[int, Decimal], ...]
    blocker: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """`unplaced`: words that name none of several initiatives, as written; `apart`: those about several strategies, or
    about one that is not asked now, which nobody but their writer reads.
    """

    understood: tuple[Understood, ...]
    unplaced: str | None
    apart: str = ""


def read_answer(
    text: str,
    initiatives: Sequence[Candidate],
    elsewhere: Sequence[Elsewhere] = (),
    *,
    default: int | None = None,
) -> Understanding:
    """What a plain-text answer (see `plain`) says about each of the owner's initiatives.

    Nothing is guessed: what is unclear, denied, asked or wished for stays unread. With one initiative all of the text
    is about it; with several, or names of other strategies `elsewhere`, only what names it and, for the `default`
    (an id), words before the first name. Words in other languages are simply not read.
    """
    if not text.strip() or not initiatives:
        return Understanding((), text.strip() or None)
    said = own_words(text)
    named = Named(
        [*(one.name for one in initiatives), *(one.name for one in elsewhere)],
        [*(one.strategy_id for one in initiatives), *(one.strategy_id for one in elsewhere)],
        len(initiatives),
    )
    finder = NameFinder(
        named.names, [metric.name for candidate in initiatives for metric in candidate.metrics]
    )
    mentions = find_names(said, finder)
    told = _Told(text, said, find_healths(hide_names(said, mentions)))
    fallback = next(((i,) for i, one in enumerate(initiatives) if one.id == default), ())
    pieces = [Piece(0, len(text), (0,))]
    if len(named.names) > 1:
        pieces = _pieces(told, settle_mentions(mentions, named), named, fallback)
    understood = (
        _understand(candidate, [piece for piece in pieces if i in piece.about], told)
        for i, candidate in enumerate(initiatives)
    )
    unplaced = _words(text, [piece for piece in pieces if not piece.about and not piece.apart])
    apart = _words(text, [piece for piece in pieces if piece.apart])
    return Understanding(tuple(one for one in understood if one), unplaced or None, apart)


def read_message(
    text: str,
    initiatives: Sequence[Candidate],
    elsewhere: Sequence[Elsewhere] = (),
    default: int | None = None,
) -> Understanding:
    """As `read_answer`; but of words longer than any answer nothing is read, so that whoever wrote them is asked."""
    if len(text) > MAX_READ:
        return Understanding((), text.strip())
    return read_answer(text, initiatives, elsewhere, default=default)


@dataclass(frozen=True, slots=True)
class _Told:
    """The whole text: as written, in own words, and the healths in it. Positions agree."""

    text: str
    said: str
    healths: list[Mention]


def _pieces(
    told: _Told, mentions: Sequence[NameMention], named: Named, fallback: tuple[int, ...]
) -> list[Piece]:
    """`fallback`: what words before the first name are about."""
    pieces = place(told.said, mentions)
    first = mentions[0].start if mentions else len(told.text)
    if not named.is_of_several or is_greeting(told.said[:first]):
        pieces = _with_greeting(pieces, told)
    pieces = [replace(p, about=p.about or fallback) if p.end <= first else p for p in pieces]
    return keep_apart(told.text, pieces, mentions, named) if named.is_of_several else pieces


def _with_greeting(pieces: list[Piece], told: _Told) -> list[Piece]:
    """Words before the first name that say nothing ("Hi all,") belong to what follows."""
    first = next((i for i, piece in enumerate(pieces) if piece.about), 0)
    if first == 0:
        return pieces
    end = pieces[first].start
    says = any(mention.start < end for mention in told.healths) or re.search(r"\d", told.said[:end])
    if says or find_blocker(told.said[:end], told.text, []) or len(told.said[:end].split()) > 6:
        return pieces
    start = pieces[0].start
    return [Piece(start, pieces[first].end, pieces[first].about, pieces[first].clear), *pieces[first + 1 :]]


def _understand(candidate: Candidate, pieces: list[Piece], told: _Told) -> Understood | None:
    if not pieces:
        return None
    clear = [(piece.start, piece.end) for piece in pieces if piece.clear]
    healths = [mention for mention in told.healths if _is_inside(mention.start, clear)]
    readings = _readings(
        candidate, [piece for piece in pieces if piece.clear and len(piece.about) == 1], told
    )
    whole = [(piece.start, piece.end) for piece in pieces if piece.clear and not piece.apart]
    said_here = blank(told.said, _outside(whole, len(told.text)))
    taken = [mention.start for mention in healths] + [reading.start for reading in readings]
    values = agreed(readings)
    return Understood(
        candidate.id,
        read_health(healths),
        tuple((candidate.metrics[metric].id, values[metric]) for metric in sorted(values)),
        find_blocker(said_here, told.text, sorted(taken)),
        _words(told.text, [piece for piece in pieces if not piece.apart]),
    )


def _readings(candidate: Candidate, pieces: list[Piece], told: _Told) -> list[MetricReading]:
    reader = MetricReader([(metric.name, metric.unit) for metric in candidate.metrics], candidate.name)
    here = blank(told.said, _outside([(piece.start, piece.end) for piece in pieces], len(told.text)))
    return reader.read(here)


def _outside(spans: Sequence[Span], length: int) -> list[Span]:
    edges = [0, *(edge for span in spans for edge in span), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _is_inside(position: int, spans: Sequence[Span]) -> bool:
    """Whether one of the spans, which are in order and do not overlap, holds a position."""
    before = bisect_right(spans, position, key=lambda span: span[0])
    return before > 0 and position < spans[before - 1][1]


def _words(text: str, pieces: Sequence[Piece]) -> str:
    """The pieces as written; neighbours stay together, others come on lines of their own."""
    parts: list[Span] = []
    for piece in pieces:
        if parts and not text[parts[-1][1] : piece.start].strip():
            parts[-1] = parts[-1][0], piece.end
        else:
            parts.append((piece.start, piece.end))
    return "\n".join(text[start:end].strip() for start, end in parts).strip()
