"""Where a number ends if it goes on as it did, in words: of a KPI and of a success metric alike; escaped markup."""

import math
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from domain.forecasts import Band, Forecast
from domain.initiatives import Initiative, SuccessMetric, metric_forecast, metric_plan
from domain.pace import WEEKLY, Plan
from domain.words import dated
from views.pace import Amount, guide
from views.slack.blocks import Block
from views.slack.charts import line_chart

MOST_DAYS = 12
"""Of a chart's weeks ahead; of more every second one is drawn, or every third …"""


def metric_outlook(metric: SuccessMetric, initiative: Initiative, on: date, amount: Amount) -> list[str]:
    """A line where that can be said; of a metric that is a KPI, too, it says whose plan it is: the KPI has another."""
    found = metric_forecast(metric, initiative, on)
    if found is None:
        return []
    whose = "" if metric.kpi_id is None else "for the initiative, "
    return [outlook(metric_plan(metric, initiative), found, on, amount, whose)]


def outlook(plan: Plan, found: Forecast, on: date, amount: Amount, whose: str = "") -> str:
    """As in "If it goes on as it did: 412 by 31 Mar (380 to 444, 8 in 10); needs 14 a week, the best four weeks gave 12."

    What it needs stands only where it ends short of its target.
    """
    value, low, high = rounded(plan, found, found.end)
    often = "at least 8 in 10" if found.is_at_least else "8 in 10"
    within = f" ({range_words(plan, found, amount)}, {often})" if low != high else ""
    opening = f"{whose}if it goes on as it did: "
    needs = "" if plan.is_met(value) else f"; {_needs(plan, found, amount)}"
    return f"{opening[:1].upper()}{opening[1:]}{amount(value)} by {dated(found.end.on, on)}{within}{needs}."


def heads_for(plan: Plan, found: Forecast, amount: Amount) -> str:
    """As in "heads for 380 to 400, not 420" where the whole range falls short of the target, else ""."""
    _, low, high = rounded(plan, found, found.end)
    if not found.falls_short or plan.is_met(high if plan.is_up else low):
        return ""
    return f"heads for {range_words(plan, found, amount)}, not {amount(plan.target.value)}"


def range_words(plan: Plan, found: Forecast, amount: Amount) -> str:
    """As in "380 to 400"."""
    _, low, high = rounded(plan, found, found.end)
    return amount(low) if low == high else f"{amount(low)} to {amount(high)}"


def rounded(plan: Plan, found: Forecast, band: Band) -> tuple[Decimal, Decimal, Decimal]:
    """Value, low and high, as finely as the number itself is read."""
    return rounded_band(band, [plan.baseline.value, plan.target.value, found.last.value])


def rounded_band(band: Band, read: Iterable[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """Value, low and high, no finer than a plan's values are shown, nor than what was `read`."""
    ends = (band.value, band.low, band.high)
    digits = min(max(map(_places, read)), *(_places(guide(one)) for one in ends))
    return round(band.value, digits), round(band.low, digits), round(band.high, digits)


def _places(value: Decimal) -> int:
    """Digits after the point."""
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _needs(plan: Plan, found: Forecast, amount: Amount) -> str:
    verb = "needs" if plan.is_up else "must fall by"
    if found.end.on - found.last.on < WEEKLY:
        return f"{verb} {_step(abs(plan.target.value - found.last.value), amount)} more"
    if found.best is None:
        return f"{verb} {_step(_brief(found.needed), amount)} a week"
    needed, best = _brief(found.needed), _brief(found.best)
    if needed == best:
        needed, best = guide(found.needed), guide(found.best)
    needs = f"{verb} {_step(needed, amount)} a week"
    if best <= 0:
        return f"{needs}, no four weeks brought it nearer"
    return f"{needs}, the best four weeks {'gave' if plan.is_up else 'brought'} {_step(best, amount)}"


def _brief(value: Decimal) -> Decimal:
    """To two digits but never less than whole."""
    return round(value, max(1 - value.adjusted(), 0))


def _step(value: Decimal, amount: Amount) -> str:
    """A difference: of percentages in points."""
    said = amount(value)
    if not said.endswith("%"):
        return said
    return f"{said[:-1]} point{'' if value == 1 else 's'}"


def forecast_chart(title: str, plan: Plan, found: Forecast, on: date, unit: str) -> Block | None:
    """The weeks ahead, from the last reading on: where it goes, within its range, beside the plan.

    None where fewer than two weeks are ahead.
    """
    if len(found.weeks) < 2:
        return None
    every = math.ceil(len(found.weeks) / MOST_DAYS)
    ahead = found.weeks[::-1][::every][::-1]
    last = Band(found.last.on, found.last.value, found.last.value, found.last.value)
    bands = [last, *ahead]
    goes, low, high = zip(*(map(float, rounded(plan, found, band)) for band in bands), strict=True)
    due = [float(guide(plan.due(band.on))) for band in bands]
    labels = [dated(band.on, on) for band in bands]
    series = [("Plan", due), ("As it goes", goes), ("Low", low), ("High", high)]
    return line_chart(title, labels, series, x_label="Day", y_label=unit)
