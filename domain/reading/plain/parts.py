"""A sentence as labels and clauses, each with what is plainly said in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain.healths import Health
from domain.reading.plain.clauses import Clause, clauses_of
from domain.reading.plain.said import BETWEEN_NAMES, GREETINGS
from domain.reading.plain.statements import Parsed, parse
from domain.reading.plain.tokens import FACE, FIGURE, METRIC, NAME, Token, Vocabulary, tokens_of
from domain.reading.text import Span, listed

_FIELDS = GREETINGS | listed(
    """
    status health rag overall update now today this week currently actual current numbers number metrics metric kpis kpi
    figures stats summary progress results result news no nothing new short quick answer my our the me in weekly checkin still
    """
)
_ASIDES = listed(
    """
    next plan plans todo todos ask asks need needs blocker blockers risks question questions goal goals target targets note
    notes for the and main only step steps in way to
    """
)


_TIMES = listed("last previous old month quarter year week forecast expected")
_WAITING = listed("waiting blocked stuck")
ARE = listed("is are still also now currently")
"""Between a name and what it waits for."""
_BEFORE_WAITING = BETWEEN_NAMES | ARE


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a colon: names, a field of the answer, an aside ("next:"), or something `foreign`."""

    names: tuple[Token, ...] = ()
    is_aside: bool = False
    is_foreign: bool = False
    ends: bool = False
    """It holds for its own clause only: "budget spent: 60 %"."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A clause without its label."""

    clause: Clause
    parsed: Parsed
    label: Label | None = None

    @property
    def rest(self) -> Clause | None:
        """What follows the statements, or all of it where there are none."""
        tokens = self.clause.tokens
        if not self.parsed.said:
            return self.clause if tokens else None
        if self.parsed.rest >= len(tokens):
            return None
        return Clause(tokens[self.parsed.rest :], tokens[self.parsed.rest - 1].word)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Without parts where it is too long to state anything plainly."""

    parts: tuple[Labelled, ...]
    tokens: tuple[Token, ...]
    is_open: bool

    @property
    def is_heading(self) -> bool:
        """Alone on a line, as "Targets" or "Last week"."""
        return bool(self.tokens) and all(token.is_word(_ASIDES | _TIMES) for token in self.tokens)

    @property
    def faces(self) -> list[str]:
        return [token.word for token in self.tokens if token.kind == FACE]


def sentence_of(said: str, span: Span, vocabulary: Vocabulary) -> Sentence:
    tokens = tokens_of(said, *span, vocabulary) or []
    parts = tuple(part for clause in clauses_of(tokens) for part in _parts(clause))
    return Sentence(parts, tuple(tokens), is_open=said.find("?", *span) >= 0)


def _parts(clause: Clause) -> Iterator[Labelled]:
    """One, or two where a statement ends a clause of other words: "waiting for legal and on track"."""
    part = _part(clause)
    tokens = part.clause.tokens
    at = next((i for i in range(len(tokens) - 2, 0, -1) if tokens[i].word == "and"), 0)
    begins = next(
        (token for token in tokens if token.kind != NAME and not token.is_word(_BEFORE_WAITING)), None
    )
    if (
        at
        and begins is not None
        and begins.is_word(_WAITING)
        and _is_whole(parsed := parse(tokens[at + 1 :]), len(tokens) - at - 1)
    ):
        yield Labelled(Clause(tokens[:at], clause.opener), Parsed(), part.label)
        yield Labelled(Clause(tokens[at + 1 :], "and"), parsed)
    else:
        yield part


def _is_whole(parsed: Parsed, length: int) -> bool:
    return bool(parsed.said) and parsed.rest == length


def _part(clause: Clause) -> Labelled:
    label, tokens = None, clause.tokens
    while (at := next((i for i, token in enumerate(tokens) if token.word == ":"), 0)) and (
        found := _label(tokens[:at])
    ):
        outer = label or Label()
        label = Label(
            (*outer.names, *found.names),
            outer.is_aside or found.is_aside,
            outer.is_foreign or found.is_foreign,
        )
        tokens = tokens[at + 1 :]
    if label is not None and tokens and all(token.kind == FIGURE or token.word in "/%" for token in tokens):
        label = replace(label, ends=True)
    return Labelled(Clause(tokens, clause.opener), parse(tokens), label)


def _label(tokens: Sequence[Token]) -> Label | None:
    """None where the colon links a number or a reason to what it is said of."""
    if any(token.kind in (METRIC, FIGURE) or isinstance(token.means, Health) for token in tokens):
        return None
    if all(token.kind in (NAME, FACE) or token.is_word(_FIELDS) for token in tokens):
        return Label(tuple(token for token in tokens if token.kind == NAME))
    is_aside = all(token.kind == NAME or token.is_word(_ASIDES) for token in tokens)
    return Label(is_aside=is_aside, is_foreign=not is_aside)
