"""The forms in which the level of a metric is said: name, "is", number; or number, name; or the end of a move."""

from collections.abc import Sequence
from dataclasses import replace

from domain.reading.plain.figures import Figure
from domain.reading.plain.said import GREETINGS, NumberSaid, Subject, after, names_of, phrases
from domain.reading.plain.tokens import FIGURE, METRIC, NAME, Token
from domain.reading.text import listed

_BEFORE_NAME = GREETINGS | listed("the our my total current number of a an")
_BEFORE_NUMBER = GREETINGS | listed(
    "we we're we've i i'm i've it's is are have has at now currently still only just already total a there there's with an"
)
_LINKS = listed(
    """
    is are at now of currently stand stands standing sit sits reached hit has have count total overall today still only
    just already finally steady stable flat unchanged : = - – — (
    """
)
_MOVES = listed(
    """
    up down grew grown rose risen fell fallen dropped climbed increased decreased improved went gone came moved jumped
    slipped crept cut halved doubled sank shrank declined edged
    """
)
_AFTER_NUMBER = phrases(
    """
    at the moment
    as of today
    as of now
    right now
    in total
    now
    currently
    overall
    already
    total
    """
)
_AFTER_NAMED_NUMBER = (*_AFTER_NUMBER, ("today",), (")",))
_OUR = listed("our planned")
POINTS = listed("points point pp pts percent")


def number_at(tokens: Sequence[Token], i: int) -> tuple[NumberSaid, int] | None:
    """The level said from a position on, and the position after it."""
    return _name_first(tokens, i) or _number_first(tokens, i)


def _name_first(tokens: Sequence[Token], i: int) -> tuple[NumberSaid, int] | None:
    """`subscribers: 4,650`, `waiting list grew to 71`, `answer time from 41 h to 30 h`."""
    begin = i
    while i < len(tokens) and (tokens[i].is_word(_BEFORE_NAME) or tokens[i].kind == NAME):
        i += 1
    if i >= len(tokens) or tokens[i].kind != METRIC:
        return None
    names, metric = names_of(tokens[begin:i]), tokens[i]
    i += 1
    while i < len(tokens) and tokens[i].is_word(_LINKS):
        i += 1
    at = _level_at(tokens, i)
    if at is None:
        return None
    figure, i = _with_total(tokens, at)
    i += i < len(tokens) and _is_counted(tokens[i], metric)
    span = (tokens[begin].start, tokens[i - 1].end)
    i = after(tokens, i, _AFTER_NAMED_NUMBER)
    return NumberSaid(tokens[at].start, Subject(names), metric.means, figure, span), i


def _with_total(tokens: Sequence[Token], at: int) -> tuple[Figure, int]:
    """The figure at a position with what it is said to be of, "4,310 of 6,000", and the position after both."""
    figure: Figure = tokens[at].means
    i = at + 1
    i += i < len(tokens) and tokens[i].word == "out"
    if i >= len(tokens) or tokens[i].word != "of":
        return figure, at + 1
    i += 1
    i += i < len(tokens) and tokens[i].is_word(_OUR)
    if i >= len(tokens) or tokens[i].kind != FIGURE:
        return figure, at + 1
    total: Figure = tokens[i].means
    is_one_unit = total.unit in ("", figure.unit) or not figure.unit
    return replace(figure, unit=figure.unit or total.unit, total=total.values if is_one_unit else ()), i + 1


def _is_counted(token: Token, metric: Token) -> bool:
    """The unit of the same metric: "waiting list 71 families"."""
    if token.kind != METRIC:
        return False
    return not any(one.whole for one in token.means) and {one.metric for one in token.means} == {
        one.metric for one in metric.means
    }


def _level_at(tokens: Sequence[Token], i: int) -> int | None:
    """Where the number stands that something is at, after its name: alone, or at the end of a move."""
    has_moved = False
    if i < len(tokens) and tokens[i].is_word(_MOVES):
        has_moved = True
        i += 1
        i += i < len(tokens) and tokens[i].word == "by"
        if i < len(tokens) and tokens[i].kind == FIGURE:
            i += 1
            i += i < len(tokens) and tokens[i].is_word(POINTS)
    if has_moved and tokens[i - 1].word == "up" and i < len(tokens) and tokens[i].word == "to":
        return None  # "up to 205" may be a bound
    if i < len(tokens) and tokens[i].word == "from":
        if i + 1 >= len(tokens) or tokens[i + 1].kind != FIGURE:
            return None
        has_moved = True
        i += 2
    if has_moved:
        i = i + 1 if i < len(tokens) and tokens[i].word in ("to", "→") else len(tokens)
    elif i + 2 < len(tokens) and tokens[i].kind == FIGURE and tokens[i + 1].word == "→":
        i += 2
    return i if i < len(tokens) and tokens[i].kind == FIGURE else None


def _number_first(tokens: Sequence[Token], i: int) -> tuple[NumberSaid, int] | None:
    """`we're at 4,650 subscribers now`, `from 4,200 to 4,650 subscribers`, `4,200 → 4,650 subscribers`."""
    begin = i
    while i < len(tokens) and (tokens[i].is_word(_BEFORE_NUMBER) or tokens[i].kind == NAME):
        i += 1
    if i < len(tokens) and tokens[i].word == "of" and i > begin and tokens[i - 1].word == "total":
        i += 1
    names = names_of(tokens[begin:i])
    i += i + 1 < len(tokens) and tokens[i].is_word(_MOVES) and tokens[i + 1].word == "from"
    if (
        i + 3 < len(tokens)
        and tokens[i].word == "from"
        and tokens[i + 1].kind == FIGURE
        and tokens[i + 2].word in ("to", "→")
    ):
        i += 3
    elif i + 2 < len(tokens) and tokens[i].kind == FIGURE and tokens[i + 1].word == "→":
        i += 2
    if i >= len(tokens) or tokens[i].kind != FIGURE:
        return None
    at = i
    figure, i = _with_total(tokens, at)
    if i < len(tokens) and tokens[i].kind == NAME:
        names, i = (*names, tokens[i]), i + 1  # "4,650 newsletter subscribers"
    if i >= len(tokens) or tokens[i].kind != METRIC:
        return None
    span = (tokens[begin].start, tokens[i].end)
    said = NumberSaid(tokens[at].start, Subject(names), tokens[i].means, figure, span)
    return said, after(tokens, i + 1, _AFTER_NUMBER)
