"""Numbers in a plan's line: from where to where, a limit, an amount of money. Raises nothing; what is not plain is None."""

import re
from dataclasses import dataclass
from decimal import Decimal

from domain.kpis import Direction
from domain.reading.amounts import DURATIONS, MONEY_CODES, canonical_unit, is_money
from domain.reading.metric_names import CURRENCY, UNIT_OF
from domain.reading.numbers import THREE_AFTER_POINT, possible_values, read_number
from domain.readings import FURTHEST

_CURRENCY = rf"(?:[{CURRENCY}]|(?:{MONEY_CODES})(?![^\W\d_])|Euro(?![^\W\d_]))"
_TIMES = r"(?:k|K|m|M|mn|Mio|mio|Tsd|tsd|bn|Mrd|thousand|million)(?![^\W\d_])\.?"
_TIME_WORDS = {
    "std": "h",
    "stunde": "h",
    "stunden": "h",
    "minuten": "min",
    "tag": "day",
    "tage": "day",
    "tagen": "day",
    "woche": "week",
    "wochen": "week",
    "monat": "month",
    "monate": "month",
    "monaten": "month",
}
_UNITS_OF_TIME = _TIME_WORDS | {word: unit for word, unit in UNIT_OF.items() if unit != "%"}
_TIME_UNIT = rf"(?:{'|'.join(sorted(_UNITS_OF_TIME, key=len, reverse=True))})(?![^\W\d_])"
_DIGITS = r"\d++(?:[.,'’]\d++)*+(?:[ \u00a0\u202f]\d\d\d(?!\d))*+"
NUMBER = rf"(?:(?:{_CURRENCY})\s?)?[-−]?{_DIGITS}(?:\s?{_TIMES})?(?:\s?(?:{_CURRENCY}|%|{_TIME_UNIT}))?"
_RATE = r"(?:\s?(?:/|a|an|per|pro|each|every)\s?(?:day|week|month|quarter|year|tag|woche|monat|quartal|jahr)(?!\w))"
_ARROW = r"\s*(?:→|->|=>|-->|➔|➜|⇒|⟶|»)\s*"
_TO = rf"(?:{_ARROW}|\s+(?:to|auf|bis)\s+)"
_RAISE = r"increase|grow|raise|boost|lift|expand|up|steiger[ne]|erh[öo]hen?"
_LOWER = r"decrease|reduce|cut|lower|down|senken?|reduzieren?|verringern?"
_AIM = rf"{_RAISE}|{_LOWER}|improve|double|bring|get|move|drive|take"
_UP = re.compile(rf"(?:{_RAISE})(?!\w)", re.IGNORECASE)
_DOWN = re.compile(rf"(?:{_LOWER})(?!\w)", re.IGNORECASE)
_MOVES = re.compile(rf"{_ARROW}|\s(?:to|auf|bis)\s", re.IGNORECASE)
_FROM_TO = re.compile(
    rf"""(?P<name>[^\d{CURRENCY}].{{0,120}}?)??[\s:(]*?(?:(?:currently|now|(?P<from>from|von))\s+)?(?P<a>{NUMBER})(?P<rate>{_RATE})?
    (?:(?P<arrow>{_ARROW})|\s+(?:to|auf|bis)\s+)(?P<b>{NUMBER})(?P<rate2>{_RATE})?\s*\)?(?P<after>.{{0,60}})""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_TO_FROM = re.compile(
    rf"(?P<name>[^\d{CURRENCY}].{{0,120}}?)??[\s:]*?(?:to|auf)\s+(?P<b>{NUMBER})\s+(?:from|von)\s+(?P<a>{NUMBER})",
    re.IGNORECASE | re.DOTALL,
)
_LIMIT = re.compile(
    rf"""(?P<name>[^\d{CURRENCY}][^\d→]{{0,120}}?)??[\s:,]*?(?:(?:now\s+|currently\s+)?(?P<a>{NUMBER})[\s,]+)?(?:(?:(?:must|should|to)\s+)?(?:stays?|keep|remains?|holds?)\s+)?
    (?:(?P<above>above|over|at\s+least|min(?:imum)?\.?|mindestens|[üu]ber|no\s+less\s+than|≥|>=|>)|(?P<below>below|under|at\s+most|max(?:imum)?\.?|h[öo]chstens|unter|no\s+more\s+than|≤|<=|<))
    \s*(?P<b>{NUMBER})(?P<rate>{_RATE})?""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_MONEY = re.compile(
    rf"(?:budget(?:\s+of)?\s*:?\s*)?(?P<money>(?:{_CURRENCY})\s?{_DIGITS}(?:\s?{_TIMES})?"
    rf"|{_DIGITS}(?:\s?{_TIMES})?\s?{_CURRENCY})(?:\s+budget)?",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"(?P<currency>{_CURRENCY})?\s?(?P<sign>[-−])?(?P<digits>{_DIGITS})\s?(?P<times>{_TIMES})?\s?(?P<unit>{_CURRENCY}|%|{_TIME_UNIT})?",
    re.IGNORECASE,
)
_RATE_WORD = re.compile(
    r"(?<!\w)(?:rates?|ratio|roas|roi|ctr|cvr|score|average|avg|mean|nps|index|rating|quote|rate|conversion|faktor|factor|schnitt|gpa|stars?|speed|times?|load|duration|seconds|zeit|dauer)(?!\w)",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    r"^(?:by|in|until|till|before|within|over|after|from|to|and|or|if|this|next|for|at|on|bis|ab|von|und|oder|more|less|each|per|a|an)\b|[\d,;:?!@]",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?:19|20)\d\d")
_COMMA_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")
_MOST_WORDS_OF_UNIT = 3
_MOST_UNIT = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """What a part of a line says of a number.

    `aim` is its name with the verb before it ("Grow subscribers"), `rate` what both numbers are per ("a month").
    """

    name: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    direction: Direction | None = None
    aim: str = ""
    rate: str = ""


def read_figures(text: str, *, is_first: bool = False, is_kpi: bool = False) -> Figures | None:
    """A number with its name: from where to where, and nothing beside. `is_first`: the words may be a name instead."""
    found = (_FROM_TO.fullmatch(text) or _TO_FROM.fullmatch(text)) if _MOVES.search(text) else None
    if found is None:
        return None
    groups = found.groupdict()
    after = (groups.get("after") or "").strip(" )(")
    after = after.removesuffix(".") if after.count(".") == 1 else after
    aim = (groups["name"] or "").strip(" :,–—-(")
    is_said = bool(groups.get("arrow") or groups.get("from") or "after" not in groups)
    if not is_said and (after or is_first or not (aim or is_kpi)):  # "Run 2 to 3 webinars"
        return None
    if after and _NO_NOUN.search(after):
        return None
    pair = read_pair(groups["a"], groups["b"], aim or after)
    if pair is None:
        return None
    unit, baseline, target = pair
    named = re.sub(rf"^(?:{_AIM})\s+(?:the\s+|our\s+)?", "", f"{aim} ", flags=re.IGNORECASE).strip()
    named = re.sub(rf"\s+(?:{_AIM})$", "", named, flags=re.IGNORECASE)
    if (_UP.match(aim) and target < baseline) or (_DOWN.match(aim) and target > baseline):
        return None
    rate = _rate(groups)
    if rate is None:
        return None
    if after and named:
        if unit or len(after.split()) > _MOST_WORDS_OF_UNIT or len(after) > _MOST_UNIT:
            return None
        unit = after
    name, aim = (named, aim) if named else (after, f"{aim} {after}".strip())
    return Figures(name, unit, baseline, target, aim=aim, rate=rate)


def _rate(groups: dict[str, str | None]) -> str | None:
    """Per what both numbers are ("a month"), nothing where none says so; None where they differ."""
    one, other = ((groups.get(key) or "").strip() for key in ("rate", "rate2"))
    rates = {" ".join(re.sub(r"^/\s?", "per ", rate).split()) for rate in (one, other) if rate}
    if len(rates) > 1:
        return None
    return rates.pop() if rates else ""


def read_limit(text: str) -> Figures | None:
    """As in "stay above 62 %", with a name before it or none, and where it stands between them."""
    found = _LIMIT.fullmatch(text)
    one = read_one(found["b"]) if found else None
    if found is None or one is None:
        return None
    now = read_one(found["a"]) if found["a"] else None
    if found["a"] and (now is None or now[0] != one[0]):
        return None
    direction = Direction.STAY_ABOVE if found["above"] else Direction.STAY_BELOW
    name = (found["name"] or "").strip(" :,–—-(")
    rate = _rate(found.groupdict()) or ""
    return Figures(name, one[0], now[1] if now else None, one[1], direction, name, rate)


def read_pair(first: str, last: str, name: str) -> tuple[str, Decimal, Decimal] | None:
    """Unit, baseline and target, where both are plain beside each other: "4.200" is 4200 beside 6,000."""
    one, other = _ONE.fullmatch(first.strip()), _ONE.fullmatch(last.strip())
    if one is None or other is None or (_is_year(one) and _is_year(other)):
        return None
    units = {unit for unit in (_unit(one), _unit(other)) if unit}
    if len(units) > 1:
        return None
    unit = units.pop() if units else ""
    values = _both(one, other, unit, name)
    if values is None or values[0] == values[1]:
        return None
    return unit, *values


def read_one(text: str) -> tuple[str, Decimal] | None:
    """Unit and value of a number that can mean one thing only."""
    found = _ONE.fullmatch(text.strip())
    if found is None:
        return None
    unit = _unit(found)
    values = _values(found, unit)
    return (unit, values[0]) if len(values) == 1 else None


def is_number(text: str) -> bool:
    """Whether that is all it is, whatever it means."""
    return _ONE.fullmatch(text.strip()) is not None


def read_money(text: str) -> str | None:
    """The words of an amount of money, where that is all there is and it is one amount."""
    found = _MONEY.fullmatch(text.strip())
    return found["money"].strip() if found and read_one(found["money"]) is not None else None


def _unit(found: re.Match[str]) -> str:
    written = (found["currency"] or found["unit"] or "").strip()
    if found["currency"] and found["unit"]:
        return f"{found['currency']}{found['unit']}"
    folded = written.casefold()
    known = {"euro": "€"} | _TIME_WORDS
    own = known.get(folded) or (canonical_unit(written) if written else "")
    return own.upper() if re.fullmatch(MONEY_CODES, own, re.IGNORECASE) else own


def _is_year(found: re.Match[str]) -> bool:
    return YEAR.fullmatch(found[0].strip()) is not None


def _values(found: re.Match[str], unit: str) -> tuple[Decimal, ...]:
    """What it can mean: more than one where a single separator stands before exactly three digits."""
    digits, times = found["digits"], (found["times"] or "").strip(" .").lower()
    sign = -1 if found["sign"] else 1
    try:
        plain = read_number(f"{digits}{times}")
    except ValueError:
        return ()
    values: tuple[Decimal, ...] = (plain,)
    if THREE_AFTER_POINT.fullmatch(digits) and not times:
        thousands = possible_values(digits)[-1]
        values = (thousands,) if is_money(unit) else (thousands, plain)
    elif _COMMA_THOUSANDS.fullmatch(digits) and (unit == "%" or times):
        values = (plain, plain / 1000)
    return tuple(sign * value for value in values)


def _both(one: re.Match[str], other: re.Match[str], unit: str, name: str) -> tuple[Decimal, Decimal] | None:
    firsts, lasts = _values(one, unit), _values(other, unit)
    if not firsts or not lasts:
        return None
    if not one["times"] and other["times"] and firsts[0] and abs(firsts[0]) * 100 < abs(lasts[0]):
        return None  # "4→6k"
    if len(firsts) == len(lasts) == 1:
        return firsts[0], lasts[0]
    if len(firsts) == len(lasts):
        is_rate = unit == "%" or unit in DURATIONS or _RATE_WORD.search(name)
        return None if is_rate else (firsts[0], lasts[0])
    near = [(a, b) for a in firsts for b in lasts if _is_near(a, b)]
    return near[0] if len(near) == 1 else None


def _is_near(one: Decimal, other: Decimal) -> bool:
    return one != 0 and abs(other) <= abs(one) * FURTHEST and abs(one) <= abs(other) * FURTHEST
