"""Finding things by the name a person typed."""

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_CLOSE = 0.6  # difflib's own default: what people take for a typing mistake
_QUOTES = "\"'“”‘’«»`"


@dataclass(frozen=True, slots=True)
class Match:
    """Positions in the names that were searched.

    `found`: the one that is meant. Otherwise `candidates`: the several it may be, or else `closest`: what was perhaps
    meant, never to be acted on unasked.
    """

    found: int | None = None
    candidates: tuple[int, ...] = ()
    closest: int | None = None


def fold(text: str) -> str:
    """The form in which names are compared: case and runs of whitespace do not count, accents do."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def match_name(typed: str, names: Sequence[str]) -> Match:
    """Find `typed` among `names`: the whole name first, then an unambiguous prefix."""
    wanted = fold(typed.strip().strip(_QUOTES))
    if not wanted:
        return Match()
    folded = [fold(name) for name in names]
    for hits in (
        tuple(i for i, name in enumerate(folded) if name == wanted),
        tuple(i for i, name in enumerate(folded) if name.startswith(wanted)),
    ):
        if len(hits) == 1:
            return Match(found=hits[0])
        if hits:
            return Match(candidates=hits)
    return Match(closest=_closest(wanted, folded))


def closest_word(typed: str, words: Sequence[str]) -> str | None:
    """The word that was probably meant: one that begins so, else the one spelled most alike."""
    wanted = fold(typed)
    if not wanted:
        return None
    folded = [fold(word) for word in words]
    begins = [i for i, word in enumerate(folded) if word.startswith(wanted)]
    if begins:
        return words[begins[0]]
    near = difflib.get_close_matches(wanted, folded, n=1, cutoff=_CLOSE)
    return words[folded.index(near[0])] if near else None


def _closest(wanted: str, folded: Sequence[str]) -> int | None:
    """A name with a word that begins as typed, else the one spelled most alike, as a whole or at its beginning."""
    for position, name in enumerate(folded):
        if f" {wanted}" in f" {name}":
            return position
    scored = [
        (max(_alike(wanted, name), _alike(wanted, name[: len(wanted)])), -i) for i, name in enumerate(folded)
    ]
    best, position = max(scored, default=(0.0, 0))
    return -position if best >= _CLOSE else None


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()
