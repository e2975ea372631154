"""What a statement says, and the words that may stand around one."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.healths import Health
from domain.reading.metric_names import MetricName
from domain.reading.plain.figures import Figure
from domain.reading.plain.tokens import MARK, NAME, WORD, Token
from domain.reading.text import Span, listed

GREETINGS = listed(
    """
    hi hello hey hiya dear good morning afternoon evening monday team everyone everybody folks ok okay well yes yep yup
    yeah and also ~ #
    """
)
BETWEEN_NAMES = listed("and & + the my our")
Phrases = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Of whom a clause speaks: names of initiatives, all of them (of `count`, where it says so), or the others."""

    names: tuple[Token, ...] = ()
    is_after: bool = False
    """The names follow the health: "red: desk"."""
    is_everything: bool = False
    is_rest: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class HealthSaid:
    """`health` is None for "same as last week"."""

    start: int
    subject: Subject
    health: Health | None
    is_colour: bool = False
    is_sign: bool = False
    """A coloured circle, after which anything may be said."""


@dataclass(frozen=True, slots=True)
class NumberSaid:
    """The level of a metric, one of `metrics`; `start` is where the number stands, `span` all that says it."""

    start: int
    subject: Subject
    metrics: tuple[MetricName, ...]
    figure: Figure
    span: Span


def phrases(written: str) -> Phrases:
    """Each line of a list of phrases, as words."""
    return tuple(tuple(line.split()) for line in written.strip().splitlines())


def phrase_at(tokens: Sequence[Token], i: int, known: Phrases) -> int:
    """How many words the first of the phrases has that stands at a position; 0 where none does."""
    return next((len(phrase) for phrase in known if _is_at(tokens, i, phrase)), 0)


def after(tokens: Sequence[Token], i: int, known: Phrases) -> int:
    """The position after all phrases in a row that stand at one."""
    while length := phrase_at(tokens, i, known):
        i += length
    return i


def names_of(tokens: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if token.kind == NAME)


def _is_at(tokens: Sequence[Token], i: int, phrase: Sequence[str]) -> bool:
    there = tokens[i : i + len(phrase)]
    return len(there) == len(phrase) and all(
        token.kind in (WORD, MARK) and token.word == word for token, word in zip(there, phrase, strict=True)
    )
