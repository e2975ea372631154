"""Reading what is in the way: "waiting for legal", "blocked by the venue", "needs a designer", what follows "blocker:"."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from domain.reading.text import is_open, sentences

_BLOCKED = re.compile(
    r"""\b(?:(?:blocked|held\ up|slowed|delayed)\s+(?:by|on)|waiting\s+(?:for|on)|stuck\s+(?:on|at|with|in)
    |(?P<label>(?:the\s+)?(?:main\s+|only\s+|biggest\s+)?(?:blockers?|blocking)\s*(?::|is\b|-\s))|(?P<need>needs?))(?:\s?:)?(?=\s)""",
    re.VERBOSE | re.IGNORECASE,
)
_WHO_NEEDS = re.compile(
    r"(?:\A|[,:;()–—.!-]|\b(?:we|i|it|still|also|just|really|and|but|they|team|now|because|as|risk|track))\s*\Z",
    re.IGNORECASE,
)
_NOT_A_NEED = re.compile(r"(?:to|is|are|be|more\s+time\s+to\s+think|be(?:en|ing)|not)\b", re.IGNORECASE)
_NOTHING = re.compile(r"(?:no|none|nothing|nobody|noone|nil|n/a|na|zero|not|-|—)\b|[-—]\s*\Z", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|without|longer|stopped|was|were|had|been|used|might|may|could|would|should|will"
    r"|until|done|finished|instead|hardly|avoid|if)\b|n't\b|\b(?:is|are|was|were|do|does)nt\b",
    re.IGNORECASE,
)
_CLAUSE_EDGE = re.compile(r"[,:;()–—…]|\s-\s|\b(?:but|and|so|because)\b", re.IGNORECASE)
_LINK = re.compile(
    r"\s*(?:[,:;(–—]|\s-\s|\b(?:but|and|so|yet|while|though|still|we're|it's|we|it|is|are)\b)\s*",
    re.IGNORECASE,
)

_EDGES = " \t\n.,;:!–—*_~-"
_REACH = 240  # characters looked at around a phrase
_MOST = 20  # blockers in one answer
_MOST_PHRASES = 60  # looked at in search of them


def find_blocker(said: str, written: str, taken: Sequence[int]) -> str | None:
    """The blockers in `said` (see `own_words`), each as `written`, at the same positions; None without any.

    One ends with its sentence, or before what was read as something else: `taken` holds those positions, in order.
    """
    if not _BLOCKED.search(said):
        return None
    found: list[str] = []
    looked_at = 0
    for start, end in sentences(said):
        sentence = said[start:end]
        if "?" in sentence:
            continue
        done = start
        for match in _BLOCKED.finditer(said, start, end):
            looked_at += 1
            if looked_at > _MOST_PHRASES or len(found) >= _MOST:
                break
            if match.start() < done or not _is_stated(sentence, match, start):
                continue
            done = _end(said, match.end(), end, taken)
            words = written[match.end() : done].strip(_EDGES)
            if words:
                found.append(words if match["label"] else written[match.start() : done].strip(_EDGES))
    return "; ".join(dict.fromkeys(found)) or None


def _is_stated(sentence: str, match: re.Match[str], start: int) -> bool:
    before = sentence[max(0, match.start() - start - _REACH) : match.start() - start]
    clause = before[max((edge.end() for edge in _CLAUSE_EDGE.finditer(before)), default=0) :]
    after = sentence[match.end() - start : match.end() - start + _REACH].lstrip()
    if match["need"] and (_NOT_A_NEED.match(after) or not _WHO_NEEDS.search(before)):
        return False
    return not (_NOTHING.match(after) or _DENIED.search(clause) or is_open(before))


def _end(said: str, start: int, end: int, taken: Sequence[int]) -> int:
    """Where a blocker that starts at `start` ends: before the clause of the next thing that was read."""
    first = bisect_left(taken, start)
    following = [position for position in taken[first : first + 1] if position < end]
    again = _BLOCKED.search(said, start, end)
    if again and not again["need"]:
        following.append(again.start())
    if not following:
        return end
    cut = min(following)
    # The first of the links that stand together before it: ", and we're".
    for link in reversed(list(_LINK.finditer(said, start, cut))):
        cut = link.start()
        if said[cut : cut + 3].strip()[:1] in ",;:(–—":
            break
    return cut
