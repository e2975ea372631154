"""Reading a health out of words. Missing one is cheap (buttons ask); a guessed one is not."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.healths import Health
from domain.reading.text import Span, is_open, listed, sentences

_EDGE, _EDGE_AFTER = r"(?<![^\W_])", r"(?![^\W_])"
SAID = re.compile(
    rf"""{_EDGE}(?:(?P<on_track>on[ -]{{0,3}}track)|(?P<at_risk>at[ -]{{0,3}}risk)|(?P<off_track>off[ -]{{0,3}}track)){_EDGE_AFTER}
    |(?P<green>🟢|🟩|:(?:large_)?green_(?:circle|square):)
    |(?P<yellow>🟡|🟨|🟠|🟧|:(?:large_)?(?:yellow|orange)_(?:circle|square):)
    |(?P<red>🔴|🟥|:(?:large_)?red_(?:circle|square):)
    |{_EDGE}(?P<colour>green|amber|yellow|red){_EDGE_AFTER}""",
    re.VERBOSE | re.IGNORECASE,
)
_MEANS = {
    "green": Health.ON_TRACK,
    "yellow": Health.AT_RISK,
    "amber": Health.AT_RISK,
    "red": Health.OFF_TRACK,
    "on_track": Health.ON_TRACK,
    "at_risk": Health.AT_RISK,
    "off_track": Health.OFF_TRACK,
}
# Words before a health, in the same clause, that keep it from being a plain statement of today.
_NEGATION = r"""\bnot\b|n't\b|\b(?:is|are|was|were|do|does|did|wo|would|should|could|has|have|ai)nt\b|\bcant?\b|\bcannot\b
    |\b(?:no|never|none|nobody|nothing|neither|nor|without|hardly|barely|scarcely|unlikely|nowhere|far|anything\ but
    |instead|rather|doubt(?:s|ful)?|less|stop(?:ped)?|avoid)\b"""
_HEDGE = r"""\b(?:should|would|could|might|may|will|shall|must|maybe|perhaps|probabl[ey]|possibl[ey]|potentially|presumably
    |hop(?:e|es|ed|ing|efully)|expect(?:s|ed|ing)?|want(?:s|ed)?|need(?:s|ed)?|plan(?:s|ned|ning)?|aim(?:s|ing)?|try|tries
    |tried|trying|going\ to|gonna|likely|let's|lets|almost|nearly|mostly|partly|somewhat|half|quite|sort\ of|kind\ of|kinda
    |sorta|close|more|tend(?:s|ing)?|help(?:s|ing)?|to\ (?:be|get|stay|keep|bring|put|come|remain|go)|get|gets|getting
    |in\ order|so\ that|more\ or|looking\ to|able)\b|'ll\b|'d\s+be\b"""
_PAST = r"""\b(?:was|were|had|used\ to|been\ planned|last\ (?:week|month|time|year)|previously|formerly|originally|earlier
    |yesterday|ago|said|stopped\ being)\b"""
_UNSURE_BEFORE = re.compile(f"{_NEGATION}|{_HEDGE}|{_PAST}", re.VERBOSE | re.IGNORECASE)
# What reaches past a comma: "not, sadly, on track", "I don't think, honestly, that ...", "hopefully by then, ...".
_REACHES = re.compile(
    r"""(?:\bnot|n't|\bnever|\b(?:maybe|perhaps|probably|possibly|almost|nearly))\s*[,:;(–—-]
    |(?:\bnot|n't)\s+(?:\w+\s+)?(?:think|believe|sure|say|certain|convinced|know)\b|\bhop(?:e|es|ing|efully)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_DAY = r"""(?:the\s|end\b|next\b|then\b|tomorrow|tonight|e[o0][wmdq]\b|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug
    |sep|oct|nov|dec|week|q\d|\d{1,2}(?:st|nd|rd|th|[./]|\s*[a-z]{3})|\d{4}-)"""
_UNSURE_AFTER = re.compile(
    rf"""[*_~)]*\s*(?:-?ish\b|\((?:not|almost|nearly|mostly|probably|maybe|hopefully|\?))
    |[*_~)]*\s+(?:(?:again|soon)\s+)?(?:(?:by|from|after|starting)\s+{_DAY}|soon\b|tomorrow\b|next\s|later\b|until\b|till\b
    |is\b|was\b|were\b|are\b|would\b|will\b|should\b|could\b|may\b|might\b|seems?\b|record\b|last\s(?:week|month|time)\b|before\b
    |to\s+(?:miss|fail|slip|lose|fall|overrun|overspend|underdeliver|be\s+(?:late|off|over|under)|end\s+up|run\s+(?:out|over|late)))
    |[^.!?;\n]{{0,200}}?(?:\bor\s+not\b|\b(?:except|apart|aside)\b|\bnot\s+(?:really|quite|yet|exactly)\b|\bany\s?more\b|\bno\s+(?:longer|more)\b
    |\b(?:but|except|though|although|however)\s+(?:\w+\s+)?(?:(?:is|are|am|do|does)\s*)?(?:not\b|n't\b|isn't\b|aren't\b))""",
    re.VERBOSE | re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"[\s.!…,–—-]*(?:not(?:\s+(?:really|quite|yet|exactly|anymore))?\s*(?:[.!,\n]|\Z)|nope\b|no\W*\Z)",
    re.IGNORECASE,
)
_CLAUSE_EDGE = re.compile(
    r"[,:;()–—…]|\s-\s|(?<!anything\s)\b(?:but|so|because|while|whereas)\b", re.IGNORECASE
)
_MOST = 40  # beyond so many mentions nothing is a plain statement any more
_REACH = 240  # characters looked at around a word: keeps very long sentences cheap
_AFTER_ADJECTIVE = re.compile(
    r"\s+(?!(?:because|as|since|due|until|this|again|on|in|at|with|for|by|and|but|now|still|today|we|i|it|the|status|overall"
    r"|waiting|blocked|stuck|so|to|if)\b)[a-z]",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\d[\d.,]*[a-z]?\s+[a-z-]+\s+(?:(?:is|are)\s+)?\Z", re.IGNORECASE)

# A bare colour is a status only among such words: "status: green", "we're green", "still amber this week".
_AROUND_COLOUR = listed(
    """
    a again all am and at back being been colour color currently everything flag for from going
    green amber yellow red hello hey hi i i'd i'm is it it's its code health looking looks me moment
    mine my now of ok okay on our overall are rag remains say so solid status stay stays still
    that's the there things this to today track update us very we we're week weekly well were work
    yes s re fully firmly hence morning afternoon team not isn't aren't no never should would will
    be could might may hope hopefully maybe probably almost nearly mostly if
    """
)
_UNSURE_WORDS = re.compile(
    r"\b(?:not|isn't|aren't|no|never|should|would|will|could|might|may|hope|hopefully|maybe|probably|almost|nearly"
    r"|mostly|if|were|from)\b",
    re.IGNORECASE,
)
_OTHER_COLOURS = re.compile(
    r"\b(?:blue|white|black|purple|pink|orange|brown|grey|gray|gold|silver)\b", re.IGNORECASE
)
_BEFORE_COLOUR = re.compile(r"[,;.!?\n(…]")
_AFTER_COLOUR = re.compile(
    r"[,;.!?\n():–—…]|\s-|\b(?:because|since|due|but|and|waiting|blocked|stuck|with|as)\b", re.IGNORECASE
)
_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Mention:
    """A health said at `start`; `health` is None where it is denied, asked, hoped, past or otherwise unclear."""

    start: int
    health: Health | None


def read_health(mentions: Sequence[Mention]) -> Health | None:
    """The one health that all mentions state; None when one is unclear or two differ."""
    stated = {mention.health for mention in mentions}
    return stated.pop() if len(stated) == 1 else None


def find_healths(text: str) -> list[Mention]:
    """Every mention of a health in a person's own words (see `own_words`), names of initiatives blanked."""
    spans = list(sentences(text))
    starts = [start for start, _ in spans]
    open_ones: dict[int, bool] = {}
    mentions: list[Mention] = []
    for count, match in enumerate(SAID.finditer(text)):
        if count >= _MOST:
            mentions.append(Mention(match.start(), None))
            continue
        number = bisect_right(starts, match.start()) - 1
        span = spans[number]
        if match["colour"] and not _is_status(text, match.span(), span):
            continue
        if number not in open_ones:
            open_ones[number] = is_open(text[slice(*span)])
        clear = not open_ones[number] and _is_plain(text, match, span)
        mentions.append(Mention(match.start(), _meaning(match) if clear else None))
    return mentions


def _meaning(match: re.Match[str]) -> Health:
    kind = match.lastgroup or ""
    return _MEANS[match["colour"].lower() if kind == "colour" else kind]


def _is_plain(text: str, match: re.Match[str], sentence: Span) -> bool:
    before = text[max(sentence[0], match.start() - _REACH) : match.start()]
    clause = before[_last_end(_CLAUSE_EDGE, before) :]
    after = text[match.end() : min(sentence[1], match.end() + _REACH)]
    if _UNSURE_BEFORE.search(clause) or _REACHES.search(before) or _UNSURE_AFTER.match(after):
        return False
    if _TAKEN_BACK.match(text[match.end() : match.end() + _REACH]):  # "on track... not really"
        return False
    said = match[0].lower()
    if "-" in said and _AFTER_ADJECTIVE.match(after):  # "at-risk families"
        return False
    if "risk" in said and _COUNTED.search(before):  # "3 donors at risk"
        return False
    return not (match["colour"] and _UNSURE_WORDS.search(after[: _until(_AFTER_COLOUR, after)]))


def _is_status(text: str, span: Span, sentence: Span) -> bool:
    before = text[max(sentence[0], span[0] - _REACH) : span[0]]
    before = before[_last_end(_BEFORE_COLOUR, before) :]
    after = text[span[1] : min(sentence[1], span[1] + _REACH)]
    if _OTHER_COLOURS.search(text[max(sentence[0], span[0] - _REACH) : min(sentence[1], span[1] + _REACH)]):
        return False
    near = after[: _until(_AFTER_COLOUR, after)]
    return not re.search(r"\d", before + near) and all(
        word in _AROUND_COLOUR for word in _words(before + " " + near)
    )


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    return max((found.end() for found in pattern.finditer(text)), default=0)


def _until(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else len(text)


def _words(text: str) -> Iterator[str]:
    return (match[0].lower() for match in _WORDS.finditer(text))
