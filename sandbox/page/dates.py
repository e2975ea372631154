"""Dates and times as the reader's own client words them.

Tokens: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
"""

import re
from datetime import date, datetime

from sandbox.page.reader import Reader

_TOKEN = re.compile(r"\{(\w+)\}")
_RELATIVE = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}


def clock(when: datetime, reader: Reader, *, seconds: bool = False) -> str:
    """`9:05 AM` where people read clocks that way, else `09:05`."""
    if reader.locale != "en-US":
        return when.strftime("%H:%M:%S" if seconds else "%H:%M")
    return when.strftime("%I:%M:%S %p" if seconds else "%I:%M %p").lstrip("0")


def here_and_now(reader: Reader) -> str:
    """As in "Mon 23 Nov 2026, 09:05"."""
    here = reader.here
    return f"{here:%a} {here.day} {here:%b %Y}, {clock(here, reader)}"


def day_divider(day: date, reader: Reader) -> str:
    """`Today`, `Yesterday`, or `Monday, 23 November`; the year only when it is another one."""
    near = _near(day, reader)
    return near or _long(day, reader, year=day.year != reader.here.year)


def fill_tokens(template: str, epoch: float, reader: Reader) -> str:
    """Replace `{date_short_pretty}` and its kin; a word after the first one of a sentence is not capitalised."""
    when = reader.local(epoch)

    def replace(match: re.Match[str]) -> str:
        words = _token(match[1], when, reader)
        near = words in _RELATIVE.values()
        return words.lower() if near and match.start() > 0 else words

    return _TOKEN.sub(replace, template)


def ago(when: datetime, reader: Reader) -> str:
    seconds = (reader.now - when).total_seconds()
    size = abs(seconds)
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count = int(size // length)
        if count:
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "now"


def short_date(day: date, reader: Reader) -> str:
    """`Nov 23, 2026`, or `23 Nov 2026` outside the United States."""
    if reader.locale == "en-US":
        return f"{day:%b} {day.day}, {day.year}"
    return f"{day.day} {day:%b} {day.year}"


def _token(name: str, when: datetime, reader: Reader) -> str:
    day = when.date()
    if name.endswith("_pretty") and name != "day_divider_pretty":
        return _near(day, reader) or _token(name.removesuffix("_pretty"), when, reader)
    words = {
        "date_num": f"{day:%Y-%m-%d}",
        "date_slash": f"{day:%m/%d/%Y}" if reader.locale == "en-US" else f"{day:%d/%m/%Y}",
        "date_short": short_date(day, reader),
        "date": _plain(day, reader, year=True),
        "date_long_full": _plain(day, reader, year=True),
        "date_long": _long(day, reader, year=True),
        "day_divider_pretty": day_divider(day, reader),
        "time": clock(when, reader),
        "time_secs": clock(when, reader, seconds=True),
        "ago": ago(when, reader),
    }
    return words.get(name, f"{{{name}}}")


def _near(day: date, reader: Reader) -> str | None:
    return _RELATIVE.get((day - reader.here.date()).days)


def _plain(day: date, reader: Reader, *, year: bool) -> str:
    if reader.locale == "en-US":
        return f"{day:%B} {_ordinal(day.day)}{f', {day.year}' if year else ''}"
    return f"{day.day} {day:%B}{f' {day.year}' if year else ''}"


def _long(day: date, reader: Reader, *, year: bool) -> str:
    return f"{day:%A}, {_plain(day, reader, year=year)}"


def _ordinal(number: int) -> str:
    if number in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
