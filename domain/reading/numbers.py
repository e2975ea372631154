"""Numbers as people type them and as people like to read them."""

import re
from contextlib import suppress
from decimal import Decimal

from domain.reading.metric_names import CURRENCY
from domain.readings import UNKNOWN, Before, is_plausible
from domain.words import echo, show_number

LARGEST = Decimal(10) ** 15
MOST_DECIMALS = 6

_TIMES = {
    "k": 10**3,
    "tsd": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "mio": 10**6,
    "million": 10**6,
    "bn": 10**9,
    "mrd": 10**9,
    "billion": 10**9,
}
_CURRENCY = rf"(?:[A-Z]{{0,3}}[{CURRENCY}]|(?-i:[A-Z]{{3}}\b))"
_UNIT = r"(?:%|‰|pct|percent|per cent|pp|pts?|points?|h|hrs?|hours?|mins?|minutes?|secs?|seconds?|s|d|days?|weeks?|months?)"
# Nothing here gives back what it took: spaces stand in several places in a row, and digits end with the last one.
_WRITTEN = re.compile(
    rf"""\s*+(?P<sign>[+\-−–]?)\s*+(?:{_CURRENCY})?\s*+(?P<sign2>[-−–]?)\s*+
    (?P<digits>(?>[\d.,'’\s_]*\d))[.,]?
    (?P<times>(?:mn?)(?![a-z])|\s*+(?:k|tsd|mio|mrd|bn)(?![a-z])\.?|\s*+(?:thousand|million|billion)\b)?
    \s*+(?:{_CURRENCY}|{_UNIT})?\s*+""",
    re.VERBOSE | re.IGNORECASE,
)
_GROUPED_BY_COMMA = re.compile(r"[1-9]\d{0,2}(,\d{3})+|[1-9]\d?(,\d{2})+,\d{3}")
_GROUPED_BY_POINT = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")
THREE_AFTER_POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_SPACED = re.compile(r"[1-9]\d{0,2}(?P<gap>[\s'’_])\d{3}((?P=gap)\d{3})*(?=[.,]|$)")


def read_number(text: str, unit: str = "", before: Before = UNKNOWN) -> Decimal:
    """Read one number; currency signs and common units around it, and `unit`, are ignored.

    `1,234.5`, `1.234,5`, `1 234,5` and `1,20,000` are read by what their separators can mean. Where both readings are
    possible, a comma before exactly three digits separates thousands (`1,234` is 1234) and a single point is a decimal
    point (`1.234` is 1.234), so that whatever `show_number` writes reads back the same; forms show the reading. Only
    where that is far from what was `before`, and thousands are not, the point separates them.
    An attached k, m, mn, bn (or a word: thousand, million, billion) multiplies.
    Raises ValueError with a sentence for the person.
    """
    match = _WRITTEN.fullmatch(_without_unit(text, unit))
    digits = _plain_digits(match["digits"]) if match else None
    if match is None or digits is None or (match["sign"] and match["sign2"]):
        raise ValueError(_refusal(text))
    times = (match["times"] or "").strip(" .").lower()
    value = Decimal(digits) * _TIMES.get(times, 1)
    if before.last is not None and not is_plausible(value, before):
        likely = [one for one in possible_values(match["digits"], times) if is_plausible(one, before)]
        value = likely[0] if likely else value
    if abs(value) >= LARGEST:
        raise ValueError(f"“{echo(text)}” is too large: I keep numbers below {show_number(LARGEST)}.")
    if value != round(value, MOST_DECIMALS):
        raise ValueError(f"“{echo(text)}” is too fine: I keep {MOST_DECIMALS} decimals.")
    negative = (match["sign"] or match["sign2"]) not in ("", "+")
    return -value if negative and value else value


def is_kept(value: Decimal) -> bool:
    """Whether it is a number, and neither too large nor too fine to be kept."""
    return value.is_finite() and abs(value) < LARGEST and value == round(value, MOST_DECIMALS)


def why_change(typed: str, before: Before) -> str | None:
    """The sentence for "+50", which says how much it changed and not where it stands; None for anything else."""
    if not re.match(r"\s*\+\s*\D{0,3}\d", typed):
        return None
    level = ""
    with suppress(ValueError):
        if before.last is not None:
            level = f", such as {show_number(before.last + read_number(typed))}"
    return f"“{echo(typed)}” says how much it changed. Write where it stands now{level}."


def possible_values(digits: str, times: str = "") -> tuple[Decimal, ...]:
    """What digits with their separators can mean, the likelier first: `4.650` is 4.65 or, as Germans write, 4650."""
    readings = [_plain_digits(digits)]
    if THREE_AFTER_POINT.fullmatch(digits):
        readings.append(digits.replace(".", ""))
    factor = _TIMES.get(times.lower(), 1)
    found = (Decimal(one) * factor for one in readings if one is not None)
    return tuple(filter(is_kept, found))


def _without_unit(text: str, unit: str) -> str:
    text, unit = text.strip(), unit.strip()
    if not unit:
        return text
    if text.casefold().endswith(unit.casefold()):
        return text[: -len(unit)]
    if text.casefold().startswith(unit.casefold()):
        return text[len(unit) :]
    return text


def _plain_digits(written: str) -> str | None:
    """The digits with a decimal point at most, or None when the separators make no sense."""
    spaced = _SPACED.match(written)
    if spaced:
        whole = re.sub(r"[\s'’_]", "", spaced[0])
        rest = written[spaced.end() :]
        return whole + rest.replace(",", ".") if re.fullmatch(r"([.,]\d+)?", rest) else None
    if not re.fullmatch(r"[\d.,]+", written):
        return None
    if "," in written and "." in written:
        return _both_separators(written)
    if _GROUPED_BY_COMMA.fullmatch(written):
        return written.replace(",", "")
    if written.count(".") > 1:
        return written.replace(".", "") if _GROUPED_BY_POINT.fullmatch(written) else None
    return written.replace(",", ".") if written.count(",") <= 1 else None


def _both_separators(written: str) -> str | None:
    decimal = max(",.", key=written.rindex)
    whole, _, fraction = written.rpartition(decimal)
    grouped = _GROUPED_BY_POINT if decimal == "," else _GROUPED_BY_COMMA
    if not grouped.fullmatch(whole):
        return None
    return f"{whole.replace('.', '').replace(',', '')}.{fraction}"


def _refusal(text: str) -> str:
    if not text.strip():
        return "There is no number here. Write it like 4650 or 4,650.5."
    return f"I could not read “{echo(text)}” as a number. Write it like 4650 or 4,650.5."
