"""Text as others may be shown it: kept words stay as typed, and what deceives the eye is left out where they are read.

Scripts written from right to left, joined letters (Persian, the languages of India) and composed emoji stay right.
Rules: UAX #9 (directions), UTS #36 and #39 (what to distrust), UTS #51 (emoji).
"""

import re
import unicodedata

FSI, PDI = "\u2068", "\u2069"
"""Between these, text has the direction of its own first letter and turns nothing outside round (UAX #9)."""
_HIDDEN = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls, the escapes of terminals among them
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # no width, or ignored where a font does not know them
    "\u202a-\u202e\u2066\u2067"  # directions forced on what follows
)
_MARKS = "\u061c\u200e\u200f"  # a direction without a letter
_JOINERS = "\u200c\u200d"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"  # which shape of the character before
_TAGS = "\U000e0000-\U000e007f"
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SURROGATES = "\ud800-\udfff"  # half characters, which nothing can show or keep
_SUSPECT = re.compile(
    f"[{_HIDDEN}{_MARKS}{_JOINERS}{_SELECTORS}{_TAGS}{_SURROGATES}{FSI}{PDI}\r\x0b\x0c\x85\u2028\u2029]"
)
_PLAIN_BUT_BLANKS = "!-~\xa1-\xac\xae-\u034e\u0350-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u2bff\u3001-\u3163\u3165-\ud7ff"
"""Most of what is written, none of it suspect or from right to left: told ten times as fast as by what it lacks."""
_PLAIN = re.compile(f"[\t\n \xa0{_PLAIN_BUT_BLANKS}]*")
_PLAIN_LINE = re.compile(f"[ {_PLAIN_BUT_BLANKS}]*")
_DROPPED = re.compile(f"[{_HIDDEN}]")
_HALF = re.compile(f"[{_SURROGATES}]")
_FLAG = re.compile(f"(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{3,6}}\U000e007f)|[{_TAGS}]")
_SHAPING = re.compile(f"[{_JOINERS}{_SELECTORS}]+")
_DIRECTION = re.compile(f"[{_MARKS}]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""The ranges Unicode keeps for scripts written from right to left (UAX #9, DerivedBidiClass.txt)."""
_ISOLATES = re.compile(f"[{FSI}{PDI}\n]")
_SEEN = re.compile(rf"[^\s{_MARKS}{FSI}{PDI}{_TAGS}]")
_JOINING = frozenset({"Lo", "Mn", "Mc", "Me", "So", "Sk", "Cn"})
"""Categories that joiners follow: letters without case, their marks, emoji, and emoji newer than this Python."""
_BLANK = re.compile(rf"[\s{_HIDDEN}{_MARKS}{_JOINERS}{_SELECTORS}{_TAGS}{FSI}{PDI}\u2800]+")
_UNSEEN = re.compile(f"[{_MARKS}{_JOINERS}{_SELECTORS}{FSI}{PDI}]")


def legible(text: str) -> str:
    """`text` without what hides in it or turns its surroundings round; a line break is a newline.

    Said twice it is the same, and so are parts put together. An isolate that is not closed on its line is left out.
    """
    if _PLAIN.fullmatch(text) or not _SUSPECT.search(text):
        return text
    text = _DROPPED.sub("", _BREAKS.sub("\n", _HALF.sub("�", text)))
    text = _FLAG.sub(lambda found: found[1] or "", text)
    if not has_right_to_left(text):
        text = _DIRECTION.sub("", text)
    return _balanced(_SHAPING.sub(_shaping, text))


def unbroken(text: str, most: int) -> str:
    """As `legible` on one line, each run of blanks one space, as far as `most` words."""
    if _PLAIN_LINE.fullmatch(text) and "  " not in text:
        return text.strip(" ")
    return " ".join(legible(text).split(maxsplit=most))


def has_right_to_left(text: str) -> bool:
    return not _PLAIN.fullmatch(text) and _RIGHT_TO_LEFT.search(text) is not None


def isolated(line: str) -> str:
    """Words from right to left between isolates, so that what stands beside them on the line keeps its order."""
    return f"{FSI}{line}{PDI}" if not line.isascii() and has_right_to_left(line) else line


def is_blank(text: str) -> bool:
    """Whether there is nothing in it to be seen."""
    return not _BLANK.sub("", text)


def without_unseen(text: str) -> str:
    """As `legible`, also without what only shapes its neighbours: two texts that look the same become the same."""
    return _UNSEEN.sub("", legible(text))


def _shaping(found: re.Match[str]) -> str:
    """Of joiners and selectors in a row, one selector and one joiner after what can have them."""
    before = found.string[max(found.start() - 1, 0) : found.start()]
    if not _SEEN.match(before):
        return ""
    selector = next((one for one in found[0] if one not in _JOINERS), "")
    joiner = next((one for one in found[0] if one in _JOINERS), "")
    is_joining = bool(selector) or unicodedata.category(before) in _JOINING
    return selector + (joiner if is_joining else "")


def _balanced(text: str) -> str:
    """Without isolates that nothing closes on their line, and what closes none."""
    if FSI not in text and PDI not in text:
        return text
    stray: set[int] = set()
    opened: list[int] = []
    for found in _ISOLATES.finditer(text):
        if found[0] == FSI:
            opened.append(found.start())
        elif found[0] == PDI and opened:
            opened.pop()
        elif found[0] == PDI:
            stray.add(found.start())
        else:
            stray.update(opened)
            opened.clear()
    stray.update(opened)
    return "".join(character for at, character in enumerate(text) if at not in stray)
