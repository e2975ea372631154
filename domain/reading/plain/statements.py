"""The few forms in which a health or a number is plainly said, each as a whole clause or as parts joined by "and", "with".

A statement is what its clause says and nothing else: whatever is left over makes it none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.healths import Health
from domain.reading.plain.health_forms import health_at
from domain.reading.plain.number_forms import POINTS, number_at
from domain.reading.plain.said import HealthSaid, NumberSaid
from domain.reading.plain.tokens import FIGURE, METRIC, Token
from domain.reading.text import listed

_COPULAS = listed("is are was were")
_LEADS_ON = listed("and & +")
_JOINS = listed("and & + with at :")
_COMPARES = listed(
    "vs versus compared against up down instead rather from was were before previously prev target goal plan"
)
_COMPARED = _COMPARES | listed(
    "last week month time year to with of than the our is a at on in for it yesterday planned aim : = . n and ( -"
)
_SIGNS = listed("+ - – − ± → ↑ ↓")
_LAST = listed("last n of yesterday")


@dataclass(frozen=True, slots=True)
class Parsed:
    """`rest`: from which token on the clause says something else."""

    said: tuple[HealthSaid | NumberSaid, ...] = ()
    rest: int = 0


def parse(tokens: Sequence[Token]) -> Parsed:
    """The statements at the beginning of a clause, if it consists of them."""
    said: list[HealthSaid | NumberSaid] = []
    i = 0
    while i < len(tokens):
        found = _statement_at(tokens, i)
        if found is not None and said and _is_of_the_number(said[-1], found[0], tokens, i):
            return Parsed()
        if found is None and said and tokens[i].is_word(_JOINS):
            found = _statement_at(tokens, i + 1)
        if found is not None:
            said.append(found[0])
            i = found[1]
        elif said and _compares(tokens[i:]):
            i = len(tokens)
        elif said and (begin := _goes_on_at(said[-1], tokens, i)) < len(tokens):
            return Parsed(tuple(said), begin)
        else:
            return Parsed()
    return Parsed(tuple(said), len(tokens))


def _is_of_the_number(
    last: HealthSaid | NumberSaid, said: HealthSaid | NumberSaid, tokens: Sequence[Token], i: int
) -> bool:
    """A health that is told of what was counted: "click rate 2.9 % is green", "12 subscribers at risk"."""
    if not isinstance(last, NumberSaid) or not isinstance(said, HealthSaid):
        return False
    return tokens[i].is_word(_COPULAS) or (said.health is Health.AT_RISK and tokens[i - 1].kind == METRIC)


def _goes_on_at(last: HealthSaid | NumberSaid, tokens: Sequence[Token], i: int) -> int:
    """Where other words begin that may follow a statement; the end where none may."""
    if isinstance(last, NumberSaid):
        return i + 1 if tokens[i].word == "and" else len(tokens)
    if tokens[i].word == ":" or (tokens[i].is_word(_LEADS_ON) and not last.is_colour):
        return i + 1
    return i if last.is_sign else len(tokens)


def compares(tokens: Sequence[Token]) -> bool:
    """Whether a clause only compares with another number: "was 4,200", "target 6,000", "+450"."""
    return (
        any(token.kind == FIGURE for token in tokens)
        and all(
            token.kind in (FIGURE, METRIC) or token.is_word(_COMPARED | POINTS) or token.is_word(_SIGNS)
            for token in tokens
        )
        and (tokens[0].is_word(_COMPARES | _LAST) or _is_change(tokens))
    )


def _is_change(tokens: Sequence[Token]) -> bool:
    figures = [token.means for token in tokens if token.kind == FIGURE]
    return len(figures) == 1 and figures[0].is_change


def _compares(tokens: Sequence[Token]) -> bool:
    return tokens[0].is_word(_COMPARES) and compares(tokens)


def _statement_at(tokens: Sequence[Token], i: int) -> tuple[HealthSaid | NumberSaid, int] | None:
    return health_at(tokens, i) or number_at(tokens, i)
