"""Which part of an answer is about which initiative, by the names in it and nothing else."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.reading.healths import SAID
from domain.reading.names import find_name
from domain.reading.text import Span, blank, even, listed, sentences

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_LONGEST_NAME = 20  # words
_MOST_NAMES = 300  # words that may begin one; among more of them nobody can tell what is said of which
# Too common to name anything by themselves; healths and colours never do.
PLAIN_WORDS = listed(
    """
    the a an and or of to in on at for by with from our my your their its new all phase project programme program plan
    campaign initiative launch work team page desk day days week month year spring summer autumn winter list form
    results result update status health track risk off green amber yellow red next progress done blocker blocked waiting
    needs note
    """
)
# A label that begins a line without being a name: "Status: at risk".
_FIELDS = listed(
    """
    status health rag overall update progress next blocker blockers note notes done news summary ask asks need needs
    today now currently this week weekly also and hi hello all team result results so colour color still all
    in short me us my our answer ok okay the
    """
)
_LEADS = listed(
    """
    the a my our for and but also as re on about hi hello hey all team so ok okay well regarding now then while i think
    say with both whereas plus update status
    """
)
_AND = r"\s*(?:,\s*and\b|,|&|\+|/|\band\b)\s*(?:(?:the|my|our)\s+)?"
_JOINED = re.compile(_AND, re.IGNORECASE)
_LISTED_AFTER = re.compile(rf"(?P<word>[^\W_]+){_AND}\Z", re.IGNORECASE)
_LISTED_BEFORE = re.compile(rf"{_AND}(?P<word>[^\W_]+)", re.IGNORECASE)
_CLAUSE = re.compile(r",(?!\d)|[:;()](?=\s)|\s[-–—]\s|\s(?=(?:but|and|while|whereas)\s)", re.IGNORECASE)
_CLAUSE_START = re.compile(r"[,;:()\n.!?–—]\s|\s-\s|\s(?:but|and|while|whereas)\s", re.IGNORECASE)
_LABEL = re.compile(r"\W*(?P<label>[^\W\d_][^:;,.!?\n]{1,60}?)\s*(?::|\s[-–—])\s*(?=(?P<rest>\S.{0,20}))")
_HEALTH_FOLLOWS = re.compile(
    r"(?:'s)?[\s*_~]*(?:(?:is|are|was|looks?|stays?|remains?|both|all|still|now|also|back|again|currently|definitely|firmly)\s+)*"
    r"(?:(?:is|are)n't\s+|not\s+)?\Z",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:'s)?[\s*_~]*(?:\Z|[,:;.!?()–—→]|-\s|\d|(?:is|are|isn't|aren't|was|has|hasn't|have|looks?|remains?|still|also|now|not|at"
    r"|needs?|went|back|will|should)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text. `about`: positions of initiatives, empty for none; nothing is read from one not `clear`.

    The words of one that is `apart` speak of another strategy, too, so that they are recorded for none.
    """

    start: int
    end: int
    about: tuple[int, ...]
    clear: bool = True
    apart: bool = False


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name at a span; several in `about` when it fits several."""

    start: int
    end: int
    about: tuple[int, ...]


class NameFinder:
    """Finds initiatives by the names an owner gives them in passing."""

    def __init__(self, names: Sequence[str], metrics: Sequence[str] = ()) -> None:
        """`metrics`: names of metrics, whose words alone never name an initiative."""
        self._names = names
        self._phrases: dict[tuple[str, ...], set[int]] = {}
        self._whole = [tuple(_folded(name)) for name in names]
        self._measured = {word for name in metrics for word in _folded(name)}
        for position, words in enumerate(self._whole):
            for first in range(len(words)):
                for last in range(first + 1, len(words) + 1):
                    if self._is_telling(words[first:last], whole=last - first == len(words)):
                        self._phrases.setdefault(words[first:last], set()).add(position)
        self._first_words = {phrase[0] for phrase in self._phrases}
        self._longest = min(max((len(phrase) for phrase in self._phrases), default=0), _LONGEST_NAME)

    def _is_telling(self, phrase: tuple[str, ...], *, whole: bool) -> bool:
        if whole:
            return not all(word in PLAIN_WORDS for word in phrase) or len(phrase) > 1
        return any(len(word) > 2 and word not in PLAIN_WORDS and not word.isdigit() for word in phrase)

    def find(self, text: str) -> list[NameMention]:
        """Names in a person's own words, in order, not overlapping; none where there are too many to tell."""
        words = [(match.start(), match.end(), _fold(match[0])) for match in _WORD.finditer(text)]
        if sum(word in self._first_words for _, _, word in words) > _MOST_NAMES:
            return []
        found: list[NameMention] = []
        i = 0
        while i < len(words):
            sizes = range(self._longest, 0, -1) if words[i][2] in self._first_words else ()
            size = next((n for n in sizes if self._matches(text, words[i : i + n], n)), 0)
            if size:
                phrase = tuple(word for _, _, word in words[i : i + size])
                found.append(NameMention(words[i][0], words[i + size - 1][1], self._meant(phrase)))
            i += size or 1
        return found

    def _matches(self, text: str, words: list[tuple[int, int, str]], size: int) -> bool:
        phrase = tuple(word for _, _, word in words)
        if len(phrase) < size or phrase not in self._phrases:
            return False
        if "\n" in text[words[0][0] : words[-1][1]]:
            return False
        whole = phrase in self._whole
        telling = [word for word in phrase if word not in PLAIN_WORDS and word not in self._measured]
        if size > 1 and (whole or len(telling) > 1):
            return True
        first = whole or any(name[:size] == phrase for name in self._whole)
        start, end = words[0][0], words[-1][1]
        return self._is_listed(text, start, end) or _stands_as_name(text, start, end, is_first=first)

    def find_label(self, text: str, start: int, end: int) -> NameMention | None:
        """`Results page: at risk`: what stands before the colon of a health, be it no initiative of these."""
        label = _LABEL.match(text, start, end)
        if not label or not SAID.match(label["rest"].lstrip("*_~ ")):
            return None
        about = self._by_label(label["label"])
        return None if about is None else NameMention(label.start("label"), label.end("label"), about)

    def _is_listed(self, text: str, start: int, end: int) -> bool:
        """In a list with the first word of another name: "Newsletter and Referral"."""
        if len(self._names) == 1:
            return False
        before = _LISTED_AFTER.search(text[max(0, start - 40) : start])
        after = _LISTED_BEFORE.match(text[end : end + 40])
        return any(found and (_fold(found["word"]),) in self._phrases for found in (before, after))

    def _meant(self, phrase: tuple[str, ...]) -> tuple[int, ...]:
        whole = tuple(position for position, name in enumerate(self._whole) if name == phrase)
        return whole or tuple(sorted(self._phrases[phrase]))

    def _by_label(self, label: str) -> tuple[int, ...] | None:
        """What `label` before a colon names; empty when it is a name of nothing known, None when it is no name."""
        match = find_name(label.strip("*_~ "), self._names)
        if match.found is not None:
            return (match.found,)
        if match.candidates:
            return match.candidates
        words = tuple(_folded(label))
        parts = tuple(i for i, name in enumerate(self._whole) if len(words) > 1 and _contains(name, words))
        if parts:
            return parts
        # A sentence can have a colon too; a name is short.
        unknown = (
            0 < len(words) <= 5 and not all(word in _FIELDS for word in words) and not SAID.search(label)
        )
        return () if unknown else None


def find_names(text: str, finder: NameFinder) -> list[NameMention]:
    """Every name in a person's own words (see `own_words`), labels of lines included."""
    mentions = finder.find(text)
    starts = [mention.start for mention in mentions]
    for start, end in sentences(text):
        if bisect_left(starts, start) == bisect_left(starts, end):
            label = finder.find_label(text, start, end)
            mentions += [label] if label else []
    return sorted(mentions, key=_start)


def place(text: str, mentions: Sequence[NameMention]) -> list[Piece]:
    """Cut a person's own words (see `own_words`) into pieces; text before the first name is about nothing."""
    pieces: list[Piece] = []
    about: tuple[int, ...] = ()
    clear = True
    for first_said, end in sentences(text):
        start = pieces[-1].end if pieces else 0
        groups = _groups(text, _inside(mentions, first_said, end))
        if not groups:
            pieces.append(Piece(start, end, about, clear))
            continue
        spans = [(start, end)] if len(groups) == 1 else list(_clauses(text, start, end, groups))
        for first, last in spans:
            inside = _inside(groups, first, last)
            if inside:
                about = tuple(dict.fromkeys(i for group in inside for i in group.about))
                clear = len(inside) == 1
            pieces.append(Piece(first, last, about, clear))
    rest = pieces[-1].end if pieces else 0
    return [*pieces, Piece(rest, len(text), about, clear)]


def hide_names(text: str, mentions: Sequence[NameMention]) -> str:
    """`text` with names blanked, so that "Green Harbor" is no health."""
    return blank(text, ((mention.start, mention.end) for mention in mentions if mention.about))


def _start(mention: NameMention) -> int:
    return mention.start


def _inside(mentions: Sequence[NameMention], start: int, end: int) -> Sequence[NameMention]:
    """Those, of many in order, that begin in a span."""
    return mentions[bisect_left(mentions, start, key=_start) : bisect_left(mentions, end, key=_start)]


def _groups(text: str, mentions: Sequence[NameMention]) -> list[NameMention]:
    """Names listed together ("Newsletter and Referral") are one group; a name that fits several is about none."""
    groups: list[NameMention] = []
    for mention in mentions:
        about = mention.about if len(mention.about) == 1 else ()
        if groups and _JOINED.fullmatch(text[groups[-1].end : mention.start]) and groups[-1].about and about:
            last = groups.pop()
            named = tuple(dict.fromkeys((*last.about, *about)))
            groups.append(NameMention(last.start, mention.end, named))
        else:
            groups.append(NameMention(mention.start, mention.end, about))
    return groups


def _clauses(text: str, start: int, end: int, groups: list[NameMention]) -> Iterator[Span]:
    begin = start
    for edge in _CLAUSE.finditer(text, start, end):
        before = bisect_right(groups, edge.start(), key=_start)
        is_in_name = before > 0 and edge.start() < groups[before - 1].end
        if is_in_name or text[edge.start()] in ":(-–—":
            continue
        yield begin, edge.end()
        begin = edge.end()
    yield begin, end


def _stands_as_name(text: str, start: int, end: int, *, is_first: bool) -> bool:
    """A single word names an initiative where a health is said of it, or (its first word) where a clause begins."""
    after = text[end : end + 80]
    said = SAID.search(after[:40])
    if after.lstrip("*_~ ")[:1] == ":" or (said and _HEALTH_FOLLOWS.match(after[: said.start()])):
        return True
    before = text[max(0, start - 120) : start]
    lead = before[max((edge.end() for edge in _CLAUSE_START.finditer(before)), default=0) :]
    words = _folded(lead)
    told = list(SAID.finditer(before))
    if told and re.fullmatch(
        r"\s*(?:(?:for|on|with|:|-)\s*(?:the|my|our)?\s*|:\s*)", before[told[-1].end() :], re.IGNORECASE
    ):
        return True
    return is_first and all(word in _LEADS for word in words) and _NAMED.match(after) is not None


def _contains(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(name[i : i + len(words)] == words for i in range(len(name)))


def _fold(word: str) -> str:
    return word.casefold().removesuffix("'s").rstrip("'")


def _folded(text: str) -> list[str]:
    return [_fold(match[0]) for match in _WORD.finditer(even(text))]
