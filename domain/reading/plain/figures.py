"""Numbers in running text: what they are worth, and whether they can be a level at all."""

import re
from dataclasses import dataclass
from decimal import Decimal

from domain.reading.metric_names import CURRENCY, UNIT_OF
from domain.reading.month_names import ENGLISH
from domain.reading.numbers import possible_values
from domain.reading.text import listed

MONEY = frozenset(["eur", "usd", "gbp", "chf", "sek", "nok", "dkk", "pln", "czk", "kr", "zł"])
"""Written as letters."""
_CODES = "|".join(sorted(MONEY, key=len, reverse=True))
_TIMES = r"(?:k|tsd|mio|mrd|mn|bn|thousand|million|billion)\b\.?|M(?![^\W_])"
_WORDS_OF_TIME = "|".join(sorted((word for word in UNIT_OF if word != "%"), key=len, reverse=True))
PATTERN = rf"""
    (?P<before>[{CURRENCY}]\s?|\b(?:{_CODES})\.?\s)?
    (?P<digits>\d{{1,3}}(?:[ ']\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,']\d+)*)
    (?P<times>\s?(?:{_TIMES}))?
    (?P<unit>\s?(?:%|[{CURRENCY}]|(?:{_WORDS_OF_TIME}|{_CODES})(?![^\W_])))?
    (?:\s?/\s?(?P<total>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)(?P<total_times>\s?(?:{_TIMES}))?(?![\d/.:,-]*\d|\s?/))?
"""
"""As a part of a verbose pattern that ignores case; text is evened before."""
_DAY_AND_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])")
_DAY = re.compile(r"\d{1,2}")
_TO_ANOTHER_DAY = re.compile(
    r"^\.?\s(?:to|until|till|through|and|bis)\s\d{1,2}(?!\d)(?:st|nd|rd|th)?", re.IGNORECASE
)
"""As after the first day of "8 to 12 March"."""
_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
_MONTHS = frozenset((*ENGLISH, *(name[:3] for name in ENGLISH))) | listed(
    "sept januar februar märz mai juni juli oktober dezember"
)
_GOES_ON = re.compile(r"[^\W_]|[+×^#]|\s?/\s?\d|/|[-–—]\s?\d|[-–][^\W\d_]|:\d|\s?[+×]\s?\d", re.IGNORECASE)
_STANDS_ALONE = frozenset(' \n(=→>"*_,;|[')
_ARROWS = ("->", "=>")


@dataclass(frozen=True, slots=True)
class Figure:
    """`values`: what the digits can mean, none where they are a date, a time, a change, a bound or a version.

    `unit` is as `unit_kind` says it, or a currency's letters; `is_change` where a sign stands before it; `total` what
    a number may be of, as in 4,310/6,000: it is a level only where that is the target.
    """

    values: tuple[Decimal, ...]
    unit: str = ""
    is_change: bool = False
    total: tuple[Decimal, ...] | None = None


def read_figure(text: str, match: re.Match[str]) -> Figure:
    """The figure that `PATTERN` found in evened text."""
    before = (match["before"] or "").strip(" .").lower()
    after = (match["unit"] or "").strip().lower()
    unit = UNIT_OF.get(before or after, before or after)
    start = match.start("before") if match["before"] else match.start("digits")
    left = text[max(0, start - 2) : start]
    if left[-1:] in ("+", "-", "−", "–", "±") and left not in _ARROWS:
        return Figure((), unit, is_change=True)
    both = bool(before) and bool(after) and UNIT_OF.get(after, after) != unit
    if both or not _stands_alone(left) or _is_date(text, match):
        return Figure((), unit)
    total = None
    if match["total"]:
        total = possible_values(match["total"], (match["total_times"] or "").strip(" ."))
    return Figure(possible_values(match["digits"], (match["times"] or "").strip(" .")), unit, total=total)


def _stands_alone(left: str) -> bool:
    if not left:
        return True
    if left[-1] == ">":
        return left in _ARROWS
    if left[-1] == ":":
        return not left[0].isdigit()
    return left[-1] in _STANDS_ALONE


def _is_date(text: str, match: re.Match[str]) -> bool:
    digits = match["digits"]
    after = text[match.end() : match.end() + 14]
    if _GOES_ON.match(after):
        return True
    is_bare = not (match["before"] or match["unit"] or match["times"])
    if is_bare and _YEAR.fullmatch(digits):
        return True
    if (
        is_bare
        and _DAY_AND_MONTH.fullmatch(digits)
        and re.match(rf"\.(?:\d|:|\s*[^\W_]|\s*[{CURRENCY}])", after)
    ):
        return True
    if is_bare and _DAY.fullmatch(digits):
        after = _TO_ANOTHER_DAY.sub("", text[match.end() : match.end() + 30])
    following = re.match(r"\.?\s*(?:of\s+)?([^\W\d_]+)", after)
    if following and following[1].lower() in _MONTHS:
        return True
    words = re.findall(r"[^\W\d_]+", text[max(0, match.start() - 12) : match.start()])
    return bool(words) and words[-1].lower() in _MONTHS and _DAY.fullmatch(digits) is not None
