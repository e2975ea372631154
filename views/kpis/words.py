"""KPIs in words: escaped markup of one line each, for lists, prompts and the digest."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from domain.kpis import Direction, Kpi, KpiStanding, KpiTrend, pace, standing
from domain.words import short_day, show_number
from views.slack.blocks import one_line

Strong = Callable[[str], str]

NAME = 75
_UNTIL = {Direction.STAY_ABOVE: "until", Direction.STAY_BELOW: "until"}


def amount(kpi: Kpi, value: Decimal) -> str:
    return one_line(show_number(value, kpi.unit), NAME)


def target_words(kpi: Kpi) -> str:
    """As in "increase to 420 by 31 Mar" or "stay above 62 % until 31 Mar"."""
    until = _UNTIL.get(kpi.direction, "by")
    return f"{kpi.direction.value} {amount(kpi, kpi.target)} {until} {short_day(kpi.target_on)}"


def standing_words(kpi: Kpi, on: date) -> str:
    """As in "behind (line at 345)"; what has to stay needs no line beside its target."""
    stands = standing(kpi, on)
    if stands is KpiStanding.NO_DATA:
        return "no reading yet"
    if stands is KpiStanding.REACHED or kpi.latest is None:
        return "reached ✓"
    if kpi.direction.is_limit:
        return "holds" if stands is KpiStanding.ON_PACE else "outside its limit"
    return f"{stands.value} (line at {amount(kpi, line(kpi, kpi.latest.on))})"


def line(kpi: Kpi, on: date) -> Decimal:
    """The straight line on a day, to three digits: it is a guide, not a measurement."""
    at = pace(kpi, on)
    return at if kpi.direction.is_limit else Decimal(f"{at:.3g}")


def latest_words(kpi: Kpi) -> str:
    """As in "316 (30 Nov)"; before the first reading the baseline, called so."""
    if kpi.latest is None:
        return f"baseline {amount(kpi, kpi.baseline)} ({short_day(kpi.baseline_on)})"
    return f"{amount(kpi, kpi.latest.value)} ({short_day(kpi.latest.on)})"


def trend_line(trend: KpiTrend, on: date, strong: Strong) -> str:
    """As in "*Monthly givers* 316 (30 Nov) ▲ 4 · increase to 420 by 31 Mar · behind (line at 330)"."""
    kpi = trend.kpi
    told = f"{strong(one_line(kpi.name, NAME))} {latest_words(kpi)}{_move(trend)}"
    return " · ".join([told, target_words(kpi), standing_words(kpi, on)])


def _move(trend: KpiTrend) -> str:
    """Against the reading before, or the baseline where there is none."""
    if not trend.change:
        return "" if trend.change is None else " ="
    return f" {'▲' if trend.change > 0 else '▼'} {amount(trend.kpi, abs(trend.change))}"
