"""A person's words made ready for reading. Every function but `composed` keeps positions: character n stays character n."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

MOST_MARKS = 30
"""On one letter (UAX #15, stream-safe text)."""
Span = tuple[int, int]
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")

_EVEN = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width letters, digits and signs
    | dict.fromkeys("’‘‛ʼʹ´′", "'")
    | dict.fromkeys("‐‑", "-")
    | {"؟": "?"}
    | dict.fromkeys("\u00a0\u2007\u2009\u202f\u200b\u200c\u200d\u200e\u200f\ufe0f\u2060\ufeff\t\r\u3000", " ")
    | {chr(code): " " for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
)
# What is shown rather than said: code, quotations, links, struck words, and the marks that begin a list line.
_NOT_SAID = re.compile(
    r"""```.*?```|`[^`\n]{1,2000}`|^[ ]*>>>.*\Z|^[ ]*>[^\n]*
    |"[^"\n]*"|“[^“”\n]*”|„[^„“”\n]*[“”]|«[^«»\n]*»|(?<!\w)'[^'\n]{1,200}'(?!\w)
    |https?://\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}|(?<!\w)~(?=\S)[^~\n]{1,500}(?<=\S)~(?!\w)
    |^[ ]*(?:[-*•–—]|\d{1,2}[.)])[ ]+""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
ABBREVIATIONS = ("approx", "appr", "est", "c", "ca", "max", "min", "prev", "incl", "excl", "exp", "ex")
"""Words that a dot after them shortens where a number follows."""
_SHORTENED = "|".join(rf"(?<=\b{word}\.)" for word in ABBREVIATIONS)
# A line that ends in "not" goes on in the next one. Marks are looked at from the first of a row only: from any other
# they would end alike.
_SENTENCE_END = re.compile(
    r"(?<![.!?…;])(?<!tsd)(?<!mio)(?<!\bvs)(?<!\bca)[.!?…;]++"
    rf"(?!(?:{_SHORTENED})\s+\W?\d)[\"')\]*_~]*+(?=\s|\Z)|(?<!not)(?<!n't)\n+",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"""\?|\b(?:if|unless|whether|provid(?:ed|ing)|assum(?:e|es|ed|ing)|suppos(?:e|ed|ing)|depend(?:s|ing|ent)?
    |as\ long\ as|otherwise|once|when|whenever|pending|in\ case|wonder(?:ing)?|imagine|pretend|wish)\b
    |^\W*(?:are|is|am|were|was)\s+(?:we|it|this|that|they|you|i)\b|\bdo\s+(?:you|we)\s+think\b""",
    re.VERBOSE | re.IGNORECASE,
)


def listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


def composed(text: str) -> str:
    """Each letter and its accents as one character, however they were typed.

    Not where a letter has more of them than any language puts on one: putting many in order takes their number squared.
    """
    marks = 0
    for character in "" if text.isascii() else text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MOST_MARKS:
            return text
    return unicodedata.normalize("NFC", text)


def even(text: str) -> str:
    """One kind of apostrophe, hyphen, width and space; direction marks and joiners become spaces."""
    return text.translate(_EVEN)


def own_words(text: str) -> str:
    """Evened text with spaces where somebody else's words stand: quotations, code, links, struck text."""
    text = even(text)
    return blank(text, (match.span() for match in _NOT_SAID.finditer(text)))


def blank(text: str, spans: Iterable[Span]) -> str:
    """`text` with spaces at `spans` (in order, not overlapping); line ends stay."""
    parts: list[str] = []
    done = 0
    for start, end in spans:
        hidden = text[start:end]
        parts += (text[done:start], re.sub(r"[^\n]", " ", hidden) if "\n" in hidden else " " * len(hidden))
        done = end
    return "".join((*parts, text[done:]))


def sentences(text: str) -> Iterator[Span]:
    """Spans of sentences and lines, each with what ends it; a semicolon ends one too."""
    start = 0
    for end in (match.end() for match in _SENTENCE_END.finditer(text)):
        if text[start:end].strip():
            yield start, end
        start = end
    if text[start:].strip():
        yield start, len(text)


def is_open(sentence: str) -> bool:
    """A question or a condition: it states nothing."""
    return _OPEN.search(sentence) is not None
