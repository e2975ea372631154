"""A KPI's numbers as people type them: in its own unit, or refused."""

import re
from decimal import Decimal

from domain.kpis import Kind
from domain.reading.metric_names import CURRENCY, UNIT_OF
from domain.reading.numbers import read_number
from domain.readings import UNKNOWN, Before
from domain.words import echo

_SIGNS = {
    "$": "USD",
    "£": "GBP",
    "€": "EUR",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
    "₪": "ILS",
}
_CODES = {code.casefold(): sign for sign, code in _SIGNS.items()}
MONEY_CODES = "USD|EUR|GBP|CHF|SEK|NOK|DKK|CAD|AUD|NZD|JPY|INR|PLN|CZK|HUF|ZAR|BRL|MXN|SGD|HKD"
"""Letters that are surely money where people write a plan; others, such as MQL, are counted."""
DURATIONS = {"s", "min", "h", "day", "week", "month"}
_MULTIPLIER = re.compile(
    r"\s*(?:(?:k|tsd|mn?|mio|mrd|bn)(?![a-z])\.?|(?:thousand|million|billion)\b)", re.IGNORECASE
)
# The point of ".5" is the number's, that of "Rs.500" is not.
_PARTS = re.compile(r"(?P<before>\D*?)(?P<number>(?:(?<![\w.,])[.,])?\d(?:.*\d)?)(?P<after>\D*)", re.DOTALL)
_SIGN_AFTER = re.compile(r"[+\-−–]\s*$")
"""As accounts write what is negative, and people what is at least so much; "50,–" ends a price."""
_NO_UNIT = "+-−–., \t"


def read_amount(text: str, kind: Kind, unit: str, before: Before = UNKNOWN) -> Decimal:
    """Read a number that may carry its unit. Raises ValueError with a sentence, also for another unit than its own.

    Of a duration, an attached m is minutes; elsewhere it is millions.
    """
    bare = _without(text.strip(), unit.strip())
    parts = _PARTS.fullmatch(bare)
    if parts is None:
        return read_number(text, unit, before)
    after = parts["after"]
    if _SIGN_AFTER.match(after):
        raise ValueError(f"“{echo(text)}” has its sign after the number. Write it before, or leave it out.")
    multiplier = None if kind is Kind.DURATION else _MULTIPLIER.match(after)
    times = multiplier[0] if multiplier else ""
    written = [
        word for word in (parts["before"].strip(_NO_UNIT), after[len(times) :].strip(_NO_UNIT)) if word
    ]
    own = canonical_unit(unit)
    for word in written:
        named = "min" if kind is Kind.DURATION and word == "m" else canonical_unit(word)
        if named != own:
            kept = f"in {unit.strip()}" if unit.strip() else "as a plain number"
            raise ValueError(f"This is kept {kept}, and you wrote {word[:20]}. Give the number {kept}.")
    sign = "-" if re.search(r"[-−–]", parts["before"]) else ""
    return read_number(f"{sign}{parts['number']}{times}", "", before)


def why_wrong_unit(kind: Kind, unit: str) -> str | None:
    """The sentence for a unit that does not fit its kind, or None when it does."""
    own = canonical_unit(unit)
    is_currency = own in _SIGNS or re.fullmatch(r"[A-Z]{3}", unit.strip()) is not None
    match kind:
        case Kind.PERCENT if own not in ("", "%"):
            return "A percentage is kept in %. Leave this empty, or choose another kind."
        case Kind.CURRENCY if not is_currency:
            return "Say which currency: a sign such as £, or three letters such as CHF."
        case Kind.DURATION if own not in DURATIONS:
            return "Say in what it is measured: min, h, days, weeks or months."
        case Kind.COUNT | Kind.RATIO if own == "%" or own in _SIGNS or own in DURATIONS:
            fitting = "%" if own == "%" else "currency" if own in _SIGNS else "duration"
            return f"This unit belongs to the kind “{fitting}”. Choose that kind, or another unit."
    return None


def kind_of(unit: str) -> Kind | None:
    """What sort of number a unit is of; None for one that only says what is counted, or for none."""
    own = canonical_unit(unit)
    if own == "%":
        return Kind.PERCENT
    if is_money(unit):
        return Kind.CURRENCY
    return Kind.DURATION if own in DURATIONS else None


def is_money(unit: str) -> bool:
    own = canonical_unit(unit)
    return own[-1:] in (*CURRENCY,) or re.fullmatch(MONEY_CODES, own, re.IGNORECASE) is not None


def canonical_unit(unit: str) -> str:
    """One spelling for each unit: `hours` is h, GBP is £, percent is %."""
    folded = " ".join(unit.casefold().split())
    if folded in ("per cent", "percent"):
        return "%"
    return _CODES.get(folded) or UNIT_OF.get(folded) or folded


def is_another_unit(one: str, other: str) -> bool:
    """Whether numbers in one of them are none in the other: minutes are not hours; a word for what is counted may differ."""
    was, now = canonical_unit(one), canonical_unit(other)
    return was != now and (is_known_unit(was) or is_known_unit(now))


def _without(text: str, unit: str) -> str:
    """Without the KPI's own unit, whatever it is spelled with, unless that is part of a longer word."""
    if not unit:
        return text
    own = re.escape(unit)
    return re.sub(rf"(?<=[\d\s.,]){own}\s*$|^\s*{own}(?=[\s\d])", "", text, count=1, flags=re.IGNORECASE)


def is_known_unit(canonical: str) -> bool:
    """Whether this spelling from `canonical_unit` is a currency, a percentage or a time."""
    return canonical == "%" or canonical in _SIGNS or canonical in DURATIONS


def kept_unit(kind: Kind, unit: str) -> str:
    """The unit as it is kept and shown: GBP becomes £, a percentage always has its sign."""
    if kind is Kind.PERCENT:
        return "%"
    own = canonical_unit(unit)
    return own if own in _SIGNS else " ".join(unit.split())
