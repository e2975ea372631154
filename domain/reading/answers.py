"""Reading a check-in answer written as plain text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.healths import Health
from domain.reading.blockers import find_blocker
from domain.reading.places import Piece, place
from domain.reading.plain.measures import Measurable
from domain.reading.plain.reader import Findings, read_plainly
from domain.reading.plain.tokens import SAID
from domain.reading.strategies import Elsewhere, Named, is_greeting, keep_apart, settle_mentions
from domain.reading.text import Span, blank, composed, own_words
from domain.readings import Before

_KPI = -1
"""The position of what belongs to no initiative."""
MAX_READ = 4_000
"""Characters of one message."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A success metric; `last` is its last known value, `values` are the last ones, oldest first."""

    id: int
    name: str
    unit: str
    last: Decimal | None
    target: Decimal | None = None
    values: tuple[Decimal, ...] = ()

    @property
    def before(self) -> Before:
        return Before(self.last, self.target, self.values)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the owner's initiatives, which the answer may be about."""

    id: int
    name: str
    metrics: tuple[Metric, ...] = ()
    strategy_id: int = 0
    last_health: Health | None = None


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
    unlikely: tuple[tuple[int, Decimal], ...] = ()
    """Values to be asked about: far from the last ones, or beside words that may be a part of what is said of them."""
    is_repeat: bool = False
    """The health is that of last week, said so."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """`unplaced`: words that name none of several initiatives, as written; `apart`: those about several strategies, or
    about one that is not asked now, which nobody but their writer reads.
    """

    understood: tuple[Understood, ...]
    unplaced: str | None
    apart: str = ""
    kpis: tuple[tuple[int, Decimal], ...] = ()
    unlikely_kpis: tuple[tuple[int, Decimal], ...] = ()
    left: tuple[str, ...] = ()
    """Numbers that were seen and are recorded nowhere."""


def read_answer(
    text: str,
    initiatives: Sequence[Candidate],
    elsewhere: Sequence[Elsewhere] = (),
    *,
    default: int | None = None,
    kpis: Sequence[Metric] = (),
) -> Understanding:
    """What a plain-text answer (see `plain`) says about each of the owner's initiatives.

    Nothing is guessed: what is unclear, denied, asked or wished for stays unread. With one initiative all of the text
    is about it; with several, or names of other strategies `elsewhere`, only what names it and, for the `default`
    (an id), words before the first name. Words in other languages are simply not read.
    """
    if not text.strip() or not (initiatives or kpis):
        return Understanding((), text.strip() or None)
    text = composed(text)
    said = own_words(text)
    named = _named(initiatives, elsewhere)
    fallback = next(((i,) for i, one in enumerate(initiatives) if one.id == default), ())
    if len(named.names) == 1:
        fallback = (0,)
    metrics = [(i, metric) for i, one in enumerate(initiatives) for metric in one.metrics]
    measures = [Measurable(composed(metric.name), metric.unit, metric.before, i) for i, metric in metrics]
    measures += [Measurable(composed(kpi.name), kpi.unit, kpi.before, None) for kpi in kpis]
    read = read_plainly(said, named.names, named.answerable, measures, fallback)
    if read is None:
        return Understanding((), text.strip())
    pieces = [Piece(0, len(text), (0,) if initiatives else ())]
    if len(named.names) > 1:
        pieces = _pieces(text, said, read, named, fallback)
    pieces = [rest for piece in pieces for rest in _without_kpis(text, piece, read.of_kpis)]
    told = _Told(text, said, read, metrics + [(_KPI, kpi) for kpi in kpis])
    understood = [
        _understand(candidate, i, told, [piece for piece in pieces if i in piece.about])
        for i, candidate in enumerate(initiatives)
    ]
    unplaced = _words(text, [piece for piece in pieces if not piece.about and not piece.apart])
    apart = _words(text, [piece for piece in pieces if piece.apart])
    return Understanding(
        tuple(one for one in understood if one),
        unplaced or None,
        apart,
        told.values(read.numbers, _KPI),
        told.values(read.unlikely, _KPI),
        tuple(read.left),
    )


def _named(initiatives: Sequence[Candidate], elsewhere: Sequence[Elsewhere]) -> Named:
    return Named(
        [*(composed(one.name) for one in initiatives), *(composed(one.name) for one in elsewhere)],
        [*(one.strategy_id for one in initiatives), *(one.strategy_id for one in elsewhere)],
        len(initiatives),
    )


def read_message(
    text: str,
    initiatives: Sequence[Candidate],
    elsewhere: Sequence[Elsewhere] = (),
    default: int | None = None,
    kpis: Sequence[Metric] = (),
) -> Understanding:
    """As `read_answer`; but of words longer than any answer nothing is read, so that whoever wrote them is asked."""
    if len(text) > MAX_READ:
        return Understanding((), text.strip())
    return read_answer(text, initiatives, elsewhere, default=default, kpis=kpis)


def _pieces(text: str, said: str, read: Findings, named: Named, fallback: tuple[int, ...]) -> list[Piece]:
    """`fallback`: what words before the first name are about."""
    mentions = settle_mentions(sorted(read.mentions, key=lambda mention: mention.start), named)
    pieces = place(said, mentions)
    first = mentions[0].start if mentions else len(text)
    if not named.is_of_several or is_greeting(said[:first]):
        pieces = _with_greeting(pieces, text, said, read)
    pieces = [replace(p, about=p.about or fallback) if p.end <= first else p for p in pieces]
    return keep_apart(text, pieces, mentions, named) if named.is_of_several else pieces


def _without_kpis(text: str, piece: Piece, of_kpis: Sequence[Span]) -> list[Piece]:
    """What a piece says besides the levels of KPIs, which belong to no initiative; whole where it has an initiative."""
    rest = [
        (max(start, piece.start), min(end, piece.end))
        for start, end in _outside(of_kpis, len(text))
        if text[max(start, piece.start) : min(end, piece.end)].strip()
    ]
    if not of_kpis or not rest:
        return [] if of_kpis else [piece]
    return [piece] if piece.about else [replace(piece, start=start, end=end) for start, end in rest]


def _with_greeting(pieces: list[Piece], text: str, said: str, read: Findings) -> list[Piece]:
    """Words before the first name that say nothing ("Hi all,") belong to what follows."""
    first = next((i for i, piece in enumerate(pieces) if piece.about), 0)
    if first == 0:
        return pieces
    end = pieces[first].start
    says = (
        any(start < end for start in read.taken) or SAID.search(said, 0, end) or re.search(r"\d", said[:end])
    )
    if says or find_blocker(said[:end], text, []) or len(said[:end].split()) > 6:
        return pieces
    return [replace(pieces[first], start=pieces[0].start), *pieces[first + 1 :]]


@dataclass(frozen=True, slots=True)
class _Told:
    """The whole text, as written and in own words, and what was read of it; `metrics` by position of their owner."""

    text: str
    said: str
    read: Findings
    metrics: Sequence[tuple[int, Metric]]

    def values(self, found: Mapping[int, Sequence[Decimal]], owner: int) -> tuple[tuple[int, Decimal], ...]:
        agreed = _agreed(found)
        return tuple(
            (metric.id, agreed[at])
            for at, (position, metric) in enumerate(self.metrics)
            if position == owner and at in agreed
        )


def _understand(candidate: Candidate, position: int, told: _Told, pieces: list[Piece]) -> Understood | None:
    read = told.read
    health = _health(read.healths.get(position, []), position in read.repeats, candidate.last_health)
    likely, unlikely = told.values(read.numbers, position), told.values(read.unlikely, position)
    if not (pieces or health or likely or unlikely):
        return None
    whole = [piece for piece in pieces if not piece.apart]
    blockers = [
        find_blocker(blank(told.said[:end], [(0, start)]), told.text, read.taken)
        for start, end in _together(told.text, whole)
    ]
    return Understood(
        candidate.id,
        health,
        likely,
        "; ".join(dict.fromkeys(one for one in blockers if one)) or None,
        _words(told.text, whole),
        unlikely,
        is_repeat=health is not None and position in read.repeats,
    )


def _health(told: Sequence[Health | None], is_repeat: bool, last: Health | None) -> Health | None:
    """The one health that all say; None where one is unclear, or two differ."""
    stated = {*told, last} if is_repeat else set(told)
    return stated.pop() if len(stated) == 1 else None


def _agreed(values: Mapping[int, Sequence[Decimal]]) -> dict[int, Decimal]:
    """One value for each; two different ones cancel each other."""
    return {at: found[0] for at, found in values.items() if len(set(found)) == 1}


def _outside(spans: Sequence[Span], length: int) -> list[Span]:
    edges = [0, *(edge for span in spans for edge in span), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _together(text: str, pieces: Sequence[Piece]) -> list[Span]:
    """Where the pieces stand, neighbours as one."""
    parts: list[Span] = []
    for piece in pieces:
        if parts and not text[parts[-1][1] : piece.start].strip():
            parts[-1] = parts[-1][0], piece.end
        else:
            parts.append((piece.start, piece.end))
    return parts


def _words(text: str, pieces: Sequence[Piece]) -> str:
    """The pieces as written; neighbours stay together, others come on lines of their own."""
    return "\n".join(text[start:end].strip() for start, end in _together(text, pieces)).strip()
