"""Finding things by the name a person typed."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.reading.legible import without_unseen
from domain.reading.text import MOST_MARKS

_CLOSE = 0.6  # difflib's own default: what people take for a typing mistake
_VERY_CLOSE = 0.85  # a letter or an ending apart: "Newsletter relaunches", not "Newsletter launch party"
_WORD = re.compile(r"\w+")
_QUOTES = "\"'“”‘’«»`"
_TWINS = str.maketrans(
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0423\u051a"
    "\u051c\u0430\u0435\u0455\u0456\u0458\u043e\u0440\u0441\u0445\u0443\u04bb\u0501\u051b\u051d"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03f3",
    "ABESIJKMHOPCTXYQWaesijopcxyhdqwABEZHIKMNOPTYXovj",
)
"""Letters that fonts draw as Latin ones: Cyrillic capitals, Cyrillic small letters, Greek (UTS #39, confusables.txt)."""
_SIGNS = str.maketrans(
    dict.fromkeys("‘’‚‛ʼʹˈ′´`", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−﹘﹣", "-")
)
"""Apostrophes, quotation marks and dashes that keyboards and programs put for the plain ones."""
_LONGEST_SLIP = 200
"""Characters; what is longer than any name is no slip in typing one."""


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
    """The form in which names are compared: accents count; case, runs of whitespace, what cannot be seen, other
    forms of the same letter (NFKC) and of apostrophes and dashes do not.
    """
    folded = unicodedata.normalize("NFKC", _with_few_marks(without_unseen(text)).translate(_SIGNS)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).translate(_SIGNS).split())


def _with_few_marks(text: str) -> str:
    """Without the marks on a letter beyond those of any language: putting many in order takes their number squared."""
    if text.isascii():
        return text
    kept = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are the same to the eye, of other alphabets' letters too: Cyrillic "а" is Latin "a"."""
    return fold(one) == fold(other) or fold(one.translate(_TWINS)) == fold(other.translate(_TWINS))


def match_name(typed: str, names: Sequence[str]) -> Match:
    """Find `typed` among `names`, else the one that was perhaps meant."""
    match = find_name(typed, names)
    if match.found is None and not match.candidates:
        return Match(closest=_closest(_wanted(typed), [fold(name) for name in names]))
    return match


def find_name(typed: str, names: Sequence[str]) -> Match:
    """Find `typed` among `names`: the whole name first, then an unambiguous prefix. Guesses nothing."""
    wanted = _wanted(typed)
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
    return Match()


def names_at_start(words: Sequence[str], names: Sequence[str]) -> Iterator[int]:
    """How many of the words are what `find_name` knows, from the first on, be it of several names; the most first."""
    # What has more words than any name names nothing; quotation marks may stand apart at both ends.
    most = 2 + max((len(fold(name).split()) for name in names), default=0)
    for count in range(min(len(words), most), 0, -1):
        match = find_name(" ".join(words[:count]).rstrip(":,"), names)
        if match.found is not None or match.candidates:
            yield count


def _wanted(typed: str) -> str:
    return fold(typed.strip().strip(_QUOTES))


def closest_word(typed: str, words: Sequence[str]) -> str | None:
    """The word that was probably meant: one that begins so, else the one spelled most alike."""
    wanted = fold(typed)
    if not wanted or len(wanted) > _LONGEST_SLIP:
        return None
    folded = [fold(word) for word in words]
    begins = [i for i, word in enumerate(folded) if word.startswith(wanted)]
    if begins:
        return words[begins[0]]
    near = difflib.get_close_matches(wanted, folded, n=1, cutoff=_CLOSE)
    return words[folded.index(near[0])] if near else None


def _closest(wanted: str, folded: Sequence[str]) -> int | None:
    """A name with a word that begins as typed, else the one spelled most alike, as a whole or at its beginning."""
    if not wanted or len(wanted) > _LONGEST_SLIP:
        return None
    for position, name in enumerate(folded):
        if f" {wanted}" in f" {name}":
            return position
    scored = [
        (max(_alike(wanted, name[:_LONGEST_SLIP]), _alike(wanted, name[: len(wanted)])), -i)
        for i, name in enumerate(folded)
    ]
    best, position = max(scored, default=(0.0, 0))
    return -position if best >= _CLOSE else None


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def find_alike(name: str, known: Sequence[str]) -> str | None:
    """What there is that may be the same, written otherwise; None where one has the very same name."""
    if any(is_same_name(name, one) for one in known):
        return None
    return next((one for one in known if sounds_like(name, one)), None)


def sounds_like(one: str, other: str) -> bool:
    """Whether two names may be the same thing, written otherwise; never to be acted on unasked."""
    words, others = (_WORD.findall(fold(name)) for name in (one, other))
    if not words or not others or max(len(one), len(other)) > _LONGEST_SLIP:
        return False
    if "".join(words) == "".join(others):
        return True
    return _alike(" ".join(sorted(words)), " ".join(sorted(others))) >= _VERY_CLOSE
