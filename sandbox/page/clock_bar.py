"""The clock over everything: what time it is here and elsewhere, and how to turn it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sandbox.page.dates import clock, day_divider, here_and_now
from sandbox.page.markup import Html, join, tag
from sandbox.page.reader import Reader

_MONDAY = 0


@dataclass(frozen=True, slots=True)
class Turning:
    """What the clock stands before: the next thing to happen, and what it is; whether time runs by itself."""

    due: datetime | None
    is_playing: bool
    zones: Sequence[tuple[str, tzinfo]]
    what: str = ""


def clock_bar(turning: Turning, reader: Reader, root: str) -> Html:
    shown = tag("b", here_and_now(reader))
    now = tag("span", shown, tag("small", zone_words(reader.zone)), class_="now", role="status")
    monday = next_monday(reader.here)
    buttons = [
        _button(*_next(turning.due, reader)),
        _button("+1 hour", by="3600"),
        _button("Monday 09:00", to=monday.isoformat()),
        _button("+1 week", by=str(7 * 86_400)),
        _button("⏸ Pause", play="0") if turning.is_playing else _button("▶ Play", play="1"),
    ]
    return tag(
        "form",
        now,
        tag("div", join(buttons), class_="turns"),
        tag("span", turning.what, class_="what") if turning.what else None,
        _elsewhere(turning.zones, reader),
        tag("a", "Inspector", href="/inspect"),
        class_="clock-bar",
        method="post",
        action=f"{root}/clock",
        aria_label="Clock",
    )


def next_monday(here: datetime) -> datetime:
    """The next Monday at 09:00 on the reader's own clock."""
    days = (_MONDAY - here.weekday()) % 7
    day = (here + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
    return day if day > here else day + timedelta(days=7)


def zone_words(zone: tzinfo) -> str:
    return str(zone).rpartition("/")[2].replace("_", " ")


def _next(due: datetime | None, reader: Reader) -> tuple[str, str, str]:
    if due is None:
        return "Nothing is due", "", ""
    local = due.astimezone(reader.zone)
    return f"Next: {day_divider(local.date(), reader)}, {clock(local, reader)}", "", due.isoformat()


def _button(words: str, by: str = "", to: str = "", play: str = "") -> Html:
    name, value = ("by", by) if by else ("to", to) if to else ("play", play)
    return tag("button", words, type="submit", class_="button", name=name, value=value, disabled=not value)


def _elsewhere(zones: Sequence[tuple[str, tzinfo]], reader: Reader) -> Html:
    rows = []
    for name, zone in zones:
        local = reader.now.astimezone(zone)
        words = f"{local:%a} {clock(local, reader)}"
        rows.append(tag("li", tag("b", name), tag("span", words), tag("small", zone_words(zone))))
    return tag("details", tag("summary", "Everybody's clocks"), tag("ul", join(rows)), class_="menu clocks")
