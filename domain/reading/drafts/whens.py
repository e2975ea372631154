"""Where a plan's line says when: "by 31 March", "from 23 Nov to 31 March", "Jan–Mar", "15 Jan" at its end.

A day is taken only where nothing near it says otherwise: "was 3 April", "by March or April" are left unread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.reading.dates import WEEKDAY
from domain.reading.month_names import MONTH_WORDS
from domain.reading.spans import first_day_of, read_span

_MONTH = rf"(?:{'|'.join(MONTH_WORDS)})(?![^\W\d_])\.?"
_YEAR = r"(?:,?\s?(?:of\s)?20\d\d(?!\d)|,?\s?'\d\d(?!\d))"
_WEEKDAY = rf"(?:{WEEKDAY}(?![^\W\d_]))"
_PERIOD = rf"(?:Q[1-4](?!\w)|[1-4]\.\s?Quartal|{_MONTH}){_YEAR}?"
_DAY = rf"""(?:
    20\d\d-\d\d?-\d\d?(?!\d)
  | (?:{_WEEKDAY},?\s+)?(?:\d\d?(?:st|nd|rd|th|\.)?\s?(?:of\s)?{_MONTH}(?:{_YEAR}|\s\d\d(?=\s*(?:$|[,;)|·])))?
      | {_MONTH}\s\d\d?(?:st|nd|rd|th)?(?![\d\w%]|[.,:/]\d)(?:,?\s20\d\d(?!\d))?)
  | \d\d?[./]\d\d?(?:[./](?:20)?\d\d(?![\d.])|\.)(?![\d%])
  | \d\d?/\d\d?(?![\d/%])
)"""
_RELATIVE = rf"""(?:
    (?:the\s)?(?:ende?|start|beginning|middle|mid|anfang|mitte)\s?-?\s?(?:of\s)?(?:the\s)?
      (?:{_PERIOD}|(?:(?:this|next)\s)?(?:week|month|quarter|year)(?!\w)|20\d\d(?!\d))
  | (?:(?:this|next)\s(?:week|month|quarter|year)|eo[wmqy]|today|tomorrow|(?:this\s|next\s)?{_WEEKDAY})(?!\w)
)"""
_ONE = rf"(?:{_DAY}|{_RELATIVE}|{_PERIOD})"
_TO = r"\s*(?:[–—-]|(?<=\s)(?:to|until|till|through|bis|au)(?=\s))\s*"
_SPAN = rf"(?:\d\d?(?:st|nd|rd|th|\.)?\s?[–—-]\s?)?{_ONE}(?:\s?[–—-]\s?\d\d?(?![\d\w.,/%]|\s?(?:of\s)?{_MONTH}))?(?:{_TO}{_ONE})?"
_LEAD = r"""(?P<lead>
    (?P<begins>from|starting(?:\son|\sin)?|starts?(?:\son|\sin|\sdate)?|since|ab|vom?|du|beginn(?:t|ing|s)?)\s*[:=]?
  | (?P<due>(?:is\s)?due(?:\sdate|\sby|\son)?|(?:latest\s|sp[äa]testens\s)?(?:by|bis(?:\szum)?|until|till)(?:\slatest)?|before|deadline|ends?(?:\son|\sdate)?
      |ending|target\sdate|frist|f[äa]llig(?:\sam|\sbis)?|termin|no\slater\sthan|enddatum)\s*[:=]?
  | (?P<dates>timeline|timing|when|dates|zeitraum|laufzeit|period|duration)\s*[:=]
  | (?P<weak>on|am)
)\s+(?:the\s)?"""
_WHEN = re.compile(rf"(?<![\w@/.,'-])(?=\w)(?:{_LEAD})?(?P<span>{_SPAN})", re.IGNORECASE | re.VERBOSE)
_FROM_BY = re.compile(
    rf"\s*,?\s*(?:by|bis(?:\szum)?|until|till)\s+(?P<last>{_ONE})", re.IGNORECASE | re.VERBOSE
)
_LATER = re.compile(r"(?<!\w)in\s(?:\d{1,3}|[a-z]{1,6})\s(?:day|week|month|year)s?(?!\w)", re.IGNORECASE)
_NO_DAY = re.compile(
    r"""(?<![\w@])(?:by|due|until|till|bis|deadline:?|due:|frist:)\s+(?:the\s)?(?:(?:early|late|around|about|ca\.?|mid|next|this|end\sof)[\s-]+)?
    (?:easter|ostern|christmas|xmas|weihnachten|summer|sommer|autumn|herbst|fall|winter|spring|fr[üu]hling|kw\s?\d\d?|w(?:eek)?\s?\d\d?
    |h[12](?:\s20\d\d)?|tbd|tbc|asap|eod|ongoing|laufend|\?+|\d\d?[./]\d\d?)(?!\w)
    |^\s*(?:kw|week|woche|w)\s?\d\d?(?=\s*[:–—-])
    |(?<!\w)(?:in|im)\s+(?:{MONTHS})(?![^\W\d_])(?=\s*(?:$|[,;(|·•]))""".replace(
        "{MONTHS}", "|".join(MONTH_WORDS)
    ),
    re.IGNORECASE | re.VERBOSE,
)
_DOUBT_BEFORE = re.compile(
    r"""(?:^|(?<=[\s(]))(?:was|were|now|not|nicht|no\searlier(?:\sthan)?|after|nach|around|about|approx(?:imately)?\.?|ca\.?|circa|roughly|~
    |early|late|or|oder|either|maybe|perhaps|probably|hopefully|possibly|vielleicht|moved|postponed|originally|previously
    |formerly|earliest|fr[üu]hestens|voraussichtlich|tentative(?:ly)?|unless|if|once|between|except|than|vs\.?|instead\sof|shortly|just
    |(?:\w+\s)?(?:days?|weeks?|months?))(?:\s(?:to|on|from|by))?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_DOUBT_AFTER = re.compile(
    r"\s*(?:[/&+?~]|[–—-]\s*(?:\d|Q[1-4])|(?:or|oder|and|und|if|unless|wenn|falls|but|aber|at the earliest|latest)(?!\w)|\(?\?)",
    re.IGNORECASE,
)
_PART_OF_NAME = re.compile(
    r"(?:^|\s)(?:of|for|from|in|to|the|and|or|on|at|with|vs|than|since|by|f[üu]r|im|des|der|von|zum?|und|phase|part|step|round|level|top|no|version|teil|web)\.?\s*$",
    re.IGNORECASE,
)
_ENDS_HERE = re.compile(r"\s*(?:$|[,;()|·•\t:]|[–—-]\s|\?|or\s|oder\s|/)", re.IGNORECASE)
_ENDS_OR_GOES_ON = re.compile(
    rf"{_ENDS_HERE.pattern}|\s*(?:by|bis|until|till|due|and|und|if|unless)\s", re.IGNORECASE
)
_STOP = re.compile(r"[,;(|·•\t]|\s[–—-]\s")
_ROUND_THE_CLOCK = "24/7"
_MOST_LOOKED_BACK = 30
"""Characters before a day that may put it in doubt."""


@dataclass(frozen=True, slots=True)
class When:
    """Words of a line, by position. Days are none where it is not understood, or only to begin or end with."""

    begin: int
    end: int
    start: date | None = None
    due: date | None = None

    @property
    def is_read(self) -> bool:
        return self.start is not None or self.due is not None


def find_whens(text: str, today: date) -> Iterator[When]:
    """Where `text` says when, in order, and what of it looks like a day and is none beyond doubt."""
    done = 0
    marks = sorted((*_WHEN.finditer(text), *_LATER.finditer(text), *_NO_DAY.finditer(text)), key=_begins)
    for mark in marks:
        if mark.start() < done:
            continue
        if found := _when(text, mark, today, done):
            done = found.end
            yield found


def _begins(mark: re.Match[str]) -> tuple[int, int]:
    return mark.start(), -mark.end()


def _when(text: str, mark: re.Match[str], today: date, done: int) -> When | None:
    if mark.re is _NO_DAY:
        return When(mark.start(), _stop(text, mark.end()))
    before = text[max(done, mark.start() - _MOST_LOOKED_BACK) : mark.start()]
    if doubt := _DOUBT_BEFORE.search(before):
        return When(mark.start() - len(before) + doubt.start(), _stop(text, mark.end()))
    if mark.re is _LATER:
        return _read(text, mark, "", mark[0], today)
    lead = next((name for name in ("begins", "due", "dates", "weak") if mark[name]), "")
    if lead in ("", "weak") and not _stands_alone(text, mark, before, lead):
        return None
    if lead == "begins" and not _ENDS_OR_GOES_ON.match(text, mark.end()):
        return None
    return _read(text, mark, lead, mark["span"], today)


def _stands_alone(text: str, mark: re.Match[str], before: str, lead: str) -> bool:
    """Without a word that says so, only what ends its part of the line is a day; a month or quarter only by itself."""
    span = mark["span"]
    if span == _ROUND_THE_CLOCK or not _ENDS_HERE.match(text, mark.end()):
        return False
    is_alone = (
        not before.strip()
        or _STOP.match(before.rstrip()[-1:] or " ") is not None
        or before.endswith((" – ", " - ", " — "))
    )
    if is_alone and not lead:
        return True
    is_day = re.fullmatch(_DAY, span, re.IGNORECASE | re.VERBOSE) is not None
    is_range = re.search(_TO, span, re.VERBOSE) is not None and re.search(r"[^\W\d_]|\.", span) is not None
    is_near = re.fullmatch(rf"(?:this|next)\s{_WEEKDAY}|tomorrow", span, re.IGNORECASE) is not None
    return (is_day or is_near or (is_range and not lead)) and _PART_OF_NAME.search(before) is None


def _read(text: str, mark: re.Match[str], lead: str, words: str, today: date) -> When | None:
    begin, end = mark.span()
    start = due = None
    try:
        is_range = _is_range(words)
        days = first_day_of(words, today) if lead == "begins" and not is_range else read_span(words, today)
        if lead == "begins" and (more := _FROM_BY.match(text, end)):
            last = read_span(more["last"], max(days.first, today)).last
            start, due, end = days.first, last, more.end()
        elif lead == "begins":
            start, due = days.first, days.last if is_range else None
        elif lead == "dates" or is_range or (not lead and _is_period(words)):
            start, due = days.first, days.last
        else:
            due = days.last
    except ValueError:
        if not lead and not re.search(_MONTH, words, re.IGNORECASE):
            return None
        return When(begin, _stop(text, end))
    if _DOUBT_AFTER.match(text, end) or (start and due and due < start):
        return When(begin, _stop(text, end))
    return When(begin, end, start, due)


def _is_range(words: str) -> bool:
    return re.search(
        _TO, re.sub(r"20\d\d-\d\d?-\d\d?", "", words), re.VERBOSE
    ) is not None and not re.fullmatch(_RELATIVE, words, re.IGNORECASE | re.VERBOSE)


def _is_period(words: str) -> bool:
    return re.fullmatch(_PERIOD, words.strip(), re.IGNORECASE | re.VERBOSE) is not None


def _stop(text: str, at: int) -> int:
    """Where the part of the line ends in which a position is."""
    found = _STOP.search(text, at)
    return found.start() if found else len(text)
