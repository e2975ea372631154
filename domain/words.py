"""Small turns of phrase of the sentences people read."""

import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

MAX_NAME = 75
"""Characters of the name of anything, and as much as is shown of one: what Slack's buttons hold."""
_ECHO = 40
"""Characters of what was typed that a refusal repeats."""
_NEAREST = timedelta(days=183)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def listed(words: Sequence[str], conjunction: str = "and") -> str:
    """`A`, `A and B`, `A, B and C`; with "or" likewise."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def counted(number: int, thing: str) -> str:
    """`1 line`, `1,200 lines`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def echo(text: str) -> str:
    """What somebody typed, on one line, as far as it need be repeated to them."""
    text = " ".join(text.split())
    return text if len(text) <= _ECHO else f"{text[:_ECHO]}…"


def short_day(day: date) -> str:
    """A date as people say it: "31 Mar"."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def dated(day: date, today: date) -> str:
    """With its year where it is not the nearest day of that name: people take "31 Mar" for the next or the last one."""
    return short_day(day) if abs(day - today) <= _NEAREST else full_day(day)


def full_day(day: date) -> str:
    """With its year: "31 Mar 2027"."""
    return f"{short_day(day)} {day.year}"


def show_number(value: Decimal, unit: str = "") -> str:
    """`4,650`, `3.5%`, `£38`, `41 h`: no trailing zeros, a currency sign before the number, other units after it."""
    digits = f"{abs(value):,f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    sign = "-" if value < 0 else ""
    unit = unit.strip()
    if unit and unicodedata.category(unit[-1]) == "Sc":
        return f"{sign}{unit}{digits}"
    between = "" if unit == "%" else " "
    return f"{sign}{digits}{between}{unit}".rstrip()
