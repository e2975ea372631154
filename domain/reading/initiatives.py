"""Reading `/initiative add Newsletter relaunch @ben by 31 March`: a head start for the form, which shows it all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from domain.reading.dates import read_days
from domain.reading.markup import plain_text
from domain.reading.mentions import MENTION
from domain.reading.metric_names import CURRENCY
from domain.reading.numbers import read_number

_OWNER = re.compile(rf"{MENTION}|(?<!\S)@(?P<handle>[^\W_][\w.'-]*)")
_DATE_WORD = re.compile(
    r"(?<!\S)(?:(?P<start>from|starting|starts|start|since)|(?P<due>by|due|until|till|to|before|ends|ending))"
    r"(?:\s+(?:by|on|from|the))?\s+(?=\S)|(?<!\S)(?=(?P<later>in)\s+\w+\s+(?:day|week|month|year)s?(?!\w))",
    re.IGNORECASE,
)
_WORD = re.compile(r"\S+")
_MOST_TRIES = 30
"""Words such as "to" after which a date is looked for."""
_MOST_DATE_WORDS = 4  # "31st of March 2027"
_LIKE_A_DAY = re.compile(
    r"(?:\d|q[1-4]\b|eo[wmqy]\b|end\b|mid|next\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)",
    re.IGNORECASE,
)
_EXTRA = re.compile(r",\s+(?=[^,]*\d)")
_METRIC = re.compile(
    r"(?P<name>[^\d,:]{2,60}?):?\s+(?:from\s+)?(?P<baseline>\S*\d\S*)\s*(?:→|->|=>|\bto\b)\s*(?P<target>\S*\d.*)",
    re.IGNORECASE,
)
_SIGN = re.compile(rf"[{CURRENCY}%]")


@dataclass(frozen=True, slots=True)
class MetricLine:
    """`subscribers 4,200→6,000`."""

    name: str
    unit: str
    baseline: Decimal
    target: Decimal


@dataclass(frozen=True, slots=True)
class InitiativeLine:
    """What was understood; a mention gives `owner_id` (and a handle where Slack sent one), "@ben" only a handle.

    `unread` is what was not, in the words of the line.
    """

    name: str
    owner_id: str | None = None
    owner_handle: str | None = None
    start: date | None = None
    due: date | None = None
    metrics: tuple[MetricLine, ...] = ()
    budget: str = ""
    unread: tuple[str, ...] = ()


def read_line(text: str, today: date) -> InitiativeLine:
    """Read the words after `add`, as Slack sends them. What is no owner, no day and no number is the name, as written."""
    owner_id, handle, text = _take_owner(text)
    text = plain_text(text)
    start, text = _take_day(text, "start", today)
    due, rest = _take_day(text, "due", today)
    if due and start and due < start:  # "from 1 Feb by 31 Jan" ends a year later
        due, rest = _take_day(text, "due", start)
    rest, unread = _take_unread(rest)
    name, *extras = _EXTRA.split(rest)
    metrics, budget = [], ""
    for extra in (_tidy(one) for one in extras):
        if metric := _read_metric(extra):
            metrics.append(metric)
        elif not budget and re.fullmatch(rf"[{CURRENCY}]\s?[\d.,]+\s?(?:k|m)?|[\d.,]+\s?[{CURRENCY}]", extra):
            budget = extra
        else:
            unread.append(extra)
    return InitiativeLine(_tidy(name), owner_id, handle, start, due, tuple(metrics), budget, tuple(unread))


def _take_owner(text: str) -> tuple[str | None, str | None, str]:
    match = _OWNER.search(text)
    if not match:
        return None, None, text
    handle = match["name"] or (match["handle"] or "").rstrip(".'-") or None
    left, right = text[: match.start()].rstrip(), text[match.end() :]
    if left.lower().endswith((" owner", " owner:", " owned by")):
        left = re.sub(r"\s(?:owner:?|owned by)$", "", left, flags=re.IGNORECASE)
    return match["id"], handle, f"{left} {right}"


def _take_day(text: str, kind: str, today: date) -> tuple[date | None, str]:
    """The last such date and the text without it; of a month it starts with the first day and is due by the last."""
    told = [match for match in _DATE_WORD.finditer(text) if match[kind] or (kind == "due" and match["later"])]
    for match in reversed(told[-_MOST_TRIES:]):
        for end in reversed(list(islice(_word_ends(text, match.end()), _MOST_DATE_WORDS))):
            try:
                days = read_days(text[match.end() : end].rstrip(",.;"), today)
            except ValueError:
                continue
            comma = "," if text[:end].endswith(",") else ""
            day = days.first if kind == "start" else days.last
            return day, f"{text[: match.start()].rstrip()}{comma} {text[end:].lstrip()}"
    return None, text


def _take_unread(text: str) -> tuple[str, list[str]]:
    """What looks like a day and is none is taken out of the name: "by 30 February"."""
    for match in list(_DATE_WORD.finditer(text))[-_MOST_TRIES:]:
        if match["later"] or not _LIKE_A_DAY.match(text, match.end()):
            continue
        end = text.find(",", match.start())
        end = len(text) if end < 0 else end
        return text[: match.start()] + text[end:], [_tidy(text[match.start() : end])]
    return text, []


def _read_metric(text: str) -> MetricLine | None:
    found = _METRIC.fullmatch(text)
    if found is None:
        return None
    signs = _SIGN.findall(text)
    try:
        return MetricLine(
            _tidy(found["name"]),
            signs[0] if signs else "",
            read_number(found["baseline"]),
            read_number(found["target"]),
        )
    except ValueError:
        return None


def _word_ends(text: str, start: int) -> Iterator[int]:
    return (word.end() for word in _WORD.finditer(text, start))


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(' ,;:-–—"“”')
