"""KPIs in words: escaped markup of one line each, for lists, prompts and the digest."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from domain.forecasts import Forecast
from domain.kpis import Direction, Kpi
from domain.pace import Pace
from domain.words import MAX_NAME, dated, full_day, listed, show_number
from views.forecasts import heads_for, outlook
from views.pace import PaceWords, pace_words
from views.slack.blocks import Strong, one_line

_OFF_PACE = (Pace.BEHIND, Pace.MISSED, Pace.NOT_READ, Pace.OUTDATED)
_TOO_EARLY = (Pace.TOO_EARLY, Pace.NO_READING)

_UNTIL = {Direction.STAY_ABOVE: "until", Direction.STAY_BELOW: "until"}


def amount(kpi: Kpi, value: Decimal) -> str:
    return one_line(show_number(value, kpi.unit), MAX_NAME)


def target_words(kpi: Kpi, today: date | None = None) -> str:
    """Without `today` always with the year, else as in "increase to 420 by 31 Mar", "stay above 62 % until 31 Mar" or "increase to 380, was 420, by 31 Mar"."""
    until = _UNTIL.get(kpi.direction, "by")
    day = full_day(kpi.target_on) if today is None else dated(kpi.target_on, today)
    was = "" if kpi.first_target == kpi.target else f", was {amount(kpi, kpi.first_target)},"
    return f"{kpi.direction.value} {amount(kpi, kpi.target)}{was} {until} {day}"


def month_words(kpi: Kpi) -> str:
    """As in "Dec 320 and Jan 345", not escaped; "" for a straight plan."""
    names = {f"{point.on:%b}" for point in kpi.months}
    style = "%b" if len(names) == len(kpi.months) else "%b %Y"
    return listed([f"{point.on:{style}} {show_number(point.value, kpi.unit)}" for point in kpi.months])


def standing_words(kpi: Kpi, on: date) -> PaceWords:
    return pace_words(kpi.plan, kpi.readings, on, partial(amount, kpi))


def kpi_words(kpi: Kpi, on: date, *, moved: bool = False) -> str:
    """As in "316 (30 Nov) · increase to 420 by 31 Mar · on pace (plan 312)"; `moved` says also by how much.

    What is outdated or missed says so in place of a value.
    """
    stands = standing_words(kpi, on)
    if not stands.value:
        return f"{stands.verdict} · {target_words(kpi, on)}"
    move = _move(kpi) if moved else ""
    return f"{stands.value}{move} · {target_words(kpi, on)} · {stands.verdict}"


def kpi_line(kpi: Kpi, on: date, strong: Strong, found: Forecast | None = None) -> str:
    """As in "*Monthly givers* 314, should be 350 (30 Nov) ▼ 2 · increase to 420 by 31 Mar · behind", and where it ends."""
    said = f"{strong(one_line(kpi.name, MAX_NAME))} {kpi_words(kpi, on, moved=True)}"
    return "\n   ".join([said, *kpi_outlook(kpi, found, on)])


def off_pace(kpis: Iterable[Kpi], on: date) -> list[Kpi]:
    """Those that somebody should look at."""
    return [kpi for kpi in kpis if kpi.pace(on) in _OFF_PACE]


def pace_counts(paces: Sequence[Pace], noun: str = "") -> str:
    """As in "4 of 6 keep pace, too early to say for 1"; `noun` is as in " KPIs"."""
    early, of = sum(pace in _TOO_EARLY for pace in paces), len(paces)
    if early == of:
        return f"too early to say for {f'all {of}' if of > 1 else 1}{noun}"
    kept = sum(pace.is_kept for pace in paces)
    said = f"{kept} of {of}{noun} {'keeps' if kept == 1 else 'keep'} pace"
    return f"{said}, too early to say for {early}" if early else said


def kpi_outlook(kpi: Kpi, found: Forecast | None, on: date) -> list[str]:
    """A line that says where it ends if it goes on as it did, where that can be said."""
    return [outlook(kpi.plan, found, on, partial(amount, kpi))] if found else []


def falls_short(kpi: Kpi, found: Forecast | None) -> str:
    """As in "heads for 380 to 400, not 420" where the whole range of its forecast does."""
    return heads_for(kpi.plan, found, partial(amount, kpi)) if found else ""


def lag_line(kpi: Kpi, on: date, strong: Strong) -> str:
    """As in "*Monthly givers* 314, should be 325", or "*Monthly givers* outdated (last 311, 23 Nov)"."""
    return f"{strong(one_line(kpi.name, MAX_NAME))} {stands_briefly(kpi, on)}"


def stands_briefly(kpi: Kpi, on: date) -> str:
    """As in "314, should be 325", "59%, limit 62%" or "£46, on pace"."""
    stands = standing_words(kpi, on)
    if not stands.value or kpi.latest is None:
        return stands.verdict
    now = amount(kpi, kpi.latest.value)
    if stands.pace is Pace.BEHIND and kpi.direction.is_limit:
        return f"{now}, limit {amount(kpi, kpi.target)}"
    return f"{now}, should be {stands.should}" if stands.should else f"{now}, {stands.pace}"


def _move(kpi: Kpi) -> str:
    """Against the reading before, or the baseline where there is none."""
    if not kpi.change:
        return "" if kpi.change is None else " unchanged"
    return f" {'▲' if kpi.change > 0 else '▼'} {amount(kpi, abs(kpi.change))}"
