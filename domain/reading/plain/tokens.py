"""The words, numbers and signs of a person's own words, with healths, metrics and names found among them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from domain.healths import Health
from domain.reading.metric_names import MetricName, stem
from domain.reading.plain import figures
from domain.reading.plain.names import MOST_WORDS, NameWords, fold

HEALTH, FIGURE, METRIC, NAME, WORD, MARK, FACE = "health", "figure", "metric", "name", "word", "mark", "face"
_MOST_SIGNS = 250
"""Words, signs and spaces of one sentence; one with more states nothing plainly."""

_FORMATS = ("*", "_")
SAID = re.compile(
    r"(?<![^\W_])(?:o(?:n|ff)[ -]{0,3}track|at[ -]{0,3}risk)(?![^\W_])|[🟢🟩🟡🟨🟠🟧🔴🟥]", re.IGNORECASE
)
"""A health, however it is meant."""
_TOKEN = re.compile(
    rf"""\s+
    |(?P<health>(?<![^\W_])(?:(?P<on_track>on[ -]{{0,3}}track)|(?P<at_risk>at[ -]{{0,3}}risk)|(?P<off_track>off[ -]{{0,3}}track))(?![^\W_])
        |(?P<green>🟢|🟩|:(?:large_)?green_(?:circle|square):)
        |(?P<yellow>🟡|🟨|🟠|🟧|:(?:large_)?(?:yellow|orange)_(?:circle|square):)
        |(?P<red>🔴|🟥|:(?:large_)?red_(?:circle|square):))
    |(?P<face>:[a-z][\w+-]{{1,40}}:(?:(?::skin-tone-\d:)?)|:[+-]1:|[:;=]'?-?[()DPp/|](?![^\W_])
        |[☀-➿⬀-⯿🀀-🫿❤][🏻-🏿]?)
    |(?P<figure>{figures.PATTERN})
    |(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)|(?P<joint>(?<=[^\W\d_])[-/](?=[^\W\d_]))|(?P<arrow>→|⇒|->|=>)|(?P<mark>\S)""",
    re.VERBOSE | re.IGNORECASE,
)
_MEANS = {
    "on_track": Health.ON_TRACK,
    "at_risk": Health.AT_RISK,
    "off_track": Health.OFF_TRACK,
    "green": Health.ON_TRACK,
    "yellow": Health.AT_RISK,
    "red": Health.OFF_TRACK,
    "amber": Health.AT_RISK,
}


@dataclass(frozen=True, slots=True)
class Token:
    """`word` is in small letters; `means` a Health, a Figure, a metric's MetricNames or the positions of initiatives."""

    kind: str
    start: int
    end: int
    word: str = ""
    means: Any = None
    is_loose: bool = False
    """Of a name: only like it."""

    def is_word(self, words: frozenset[str]) -> bool:
        return self.kind in (WORD, MARK) and self.word in words


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the owner's metrics and initiatives are called."""

    metrics: Mapping[tuple[str, ...], tuple[MetricName, ...]] = field(default_factory=dict)
    """By the stems of their words; several where several things are measured under one name."""
    longest: Mapping[str, int] = field(default_factory=dict)
    """Words of the longest one that begins with a stem."""
    names: NameWords = field(default_factory=lambda: NameWords(()))
    spoken: re.Pattern[str] | None = None
    """Names that say a health ("On track for spring"), each a group of the number of its position."""


def tokens_of(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[Token] | None:
    """Of a sentence in evened text; None for one that is too long to state anything plainly."""
    found: list[Token] = []
    spoken = list(vocabulary.spoken.finditer(text, start, end)) if vocabulary.spoken else []
    for count, match in enumerate(_TOKEN.finditer(text, start, end)):
        if count >= _MOST_SIGNS:
            return None
        kind = match.lastgroup
        if kind is None or kind == "joint" or match[0] in _FORMATS:
            continue
        if spoken and match.start() >= spoken[0].start():
            if match.end() >= spoken[0].end():
                found.append(_spoken(spoken.pop(0)))
            continue
        found += _tokens(text, match, vocabulary)
    return _with_names(found, vocabulary)


def _spoken(match: re.Match[str]) -> Token:
    assert match.lastgroup is not None
    return Token(NAME, match.start(), match.end(), match[0].lower(), frozenset({int(match.lastgroup[1:])}))


def _tokens(text: str, match: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    """One, but that "3 days held" is no time where "days held" are counted."""
    token = _token(text, match)
    unit = (match["unit"] or "").strip().lower()
    if not unit or stem(unit) not in vocabulary.longest:
        return [token]
    at = match.start("unit")
    count = replace(token, end=at, means=replace(token.means, unit=""))
    return [count, Token(WORD, match.end() - len(unit), match.end(), unit)]


def _token(text: str, match: re.Match[str]) -> Token:
    start, end = match.span()
    if match["health"]:
        kind = next(kind for kind in _MEANS if kind != "amber" and match[kind])
        return Token(HEALTH, start, end, match[0].lower(), _MEANS[kind])
    if match["face"]:
        return Token(FACE, start, end, match[0].lower())
    if match["figure"]:
        return Token(FIGURE, start, end, match[0], figures.read_figure(text, match))
    if match["word"]:
        word = match[0].lower()
        return Token(WORD, start, end, word, _MEANS.get(word))
    return Token(MARK, start, end, "→" if match["arrow"] else match[0])


def _with_names(tokens: list[Token], vocabulary: Vocabulary) -> list[Token]:
    """Metrics and initiatives in place of their words; of two names that begin together the longer one."""
    named: list[Token] = []
    i = 0
    while i < len(tokens):
        measured, words = _metric_at(tokens, i, vocabulary)
        about, length = _initiative_at(tokens, i, vocabulary)
        kind, means, length = (
            (METRIC, measured, words) if words >= length and words else (NAME, about, length)
        )
        if length:
            last = tokens[i + length - 1]
            loose = kind == NAME and length == 1 and not vocabulary.names.is_exact(last.word)
            named.append(Token(kind, tokens[i].start, last.end, last.word, means, loose))
        else:
            named.append(tokens[i])
        i += length or 1
    return named


def _initiative_at(tokens: Sequence[Token], i: int, vocabulary: Vocabulary) -> tuple[frozenset[int], int]:
    """Which ones, and by how many words; a colour alone names none."""
    if tokens[i].kind != WORD or not vocabulary.names.has(fold(tokens[i].word)):
        return frozenset(), 0
    row = takewhile(lambda token: token.kind == WORD, tokens[i : i + MOST_WORDS])
    about, length = vocabulary.names.longest_at([fold(token.word) for token in row])
    return (frozenset(), 0) if length == 1 and tokens[i].means else (about, length)


def _metric_at(tokens: Sequence[Token], i: int, vocabulary: Vocabulary) -> tuple[tuple[MetricName, ...], int]:
    """What is measured under the longest name that begins here, and how many words that is."""
    if tokens[i].kind != WORD:
        return (), 0
    longest = vocabulary.longest.get(stem(tokens[i].word), 0)
    row = [stem(token.word) for token in takewhile(lambda token: token.kind == WORD, tokens[i : i + longest])]
    for length in range(len(row), 0, -1):
        if found := vocabulary.metrics.get(tuple(row[:length])):
            return found, length
    return (), 0
