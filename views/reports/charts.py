"""A KPI's weeks as a chart in SVG: inline, without scripts and styles, drawn by leather."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

from leather import Chart, theme
from markupsafe import Markup

from domain.reviews import KpiWeek
from domain.words import short_day, show_number

WIDTH, HEIGHT = 440, 220
"""Units of the drawing: as wide as a phone, so that its letters stay legible there."""
_FONT = "system-ui, sans-serif"
_INK, _VALUE, _PLAN, _GRID = "#4a4a4a", "#0b5394", "#6b6b6b", "#d9d9d9"
_MOST_LABELS = 5
_LONG = re.compile(r"\d+\.\d{3,}")
_DRAWN = ("d", "cx", "cy", "x", "y", "x1", "x2", "y1", "y2", "transform")

theme.background_color, theme.margin = "#ffffff", 0.055
theme.tick_color, theme.zero_color, theme.label_color = _GRID, _GRID, _INK
theme.legend_font_char_height = theme.legend_gap = 0  # the page says which line is which
theme.tick_font_family, theme.tick_font_size, theme.tick_font_char_width = _FONT, 13, 7


@dataclass(frozen=True, slots=True)
class _Days:
    """A scale from the first day to the last: leather's own one goes on to a round date."""

    first: date
    last: date

    def contains(self, day: date) -> bool:
        return self.first <= day <= self.last

    def project(self, day: date, low: float, high: float) -> float:
        return float(low) + (float(high) - float(low)) * ((day - self.first) / (self.last - self.first))


def kpi_chart(weeks: Sequence[KpiWeek], unit: str, finding: str) -> Markup:
    """Value and plan over at least two weeks; `finding` is what is read aloud in its place."""
    days = [week.week.day(0) for week in weeks]
    plan = list(zip(days, (week.line for week in weeks), strict=True))
    value = list(zip(days, (week.value for week in weeks), strict=True))
    read = [point for point, week in zip(value, weeks, strict=True) if not week.is_missing]
    chart = Chart()
    chart.add_line(plan, stroke_color=_PLAN, width=1.5, stroke_dasharray="6 4")
    chart.add_line(value, stroke_color=_VALUE, width=2)
    if read:
        chart.add_dots(read, fill_color=_VALUE, radius=4)
    chart.set_x_scale(_Days(days[0], days[-1]))
    chart.add_x_axis(ticks=_labelled(days), tick_formatter=lambda day, *_: short_day(day))
    chart.add_y_scale(*_range([number for _, number in (*plan, *value)]))
    sign = unit if len(unit) == 1 else ""
    chart.add_y_axis(tick_formatter=lambda tick, *_: show_number(tick, sign))
    return Markup(ET.tostring(_inline(chart.to_svg_group(WIDTH, HEIGHT), finding), "unicode"))  # noqa: S704 - ElementTree escapes  # nosec B704


def _labelled(days: Sequence[date]) -> list[date]:
    """As many as have room, the last one among them."""
    step = -(-len(days) // _MOST_LABELS)
    return list(days[::-1][::step][::-1])


def _range(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    low, high = min(values), max(values)
    if low == high:
        room = abs(low) / 10 or Decimal(1)
        return low - room, high + room
    return low, high


def _inline(drawn: ET.Element, finding: str) -> ET.Element:
    """The drawing as an image for whoever cannot see it; the page says beside it which line is which."""
    legend = drawn[1][0]
    legend.clear()
    for element in drawn.iter():
        for key in set(_DRAWN) & element.attrib.keys():
            element.set(key, _LONG.sub(lambda found: f"{float(found[0]):.1f}", element.attrib[key]))
    svg = ET.Element("svg", {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "aria-label": finding})
    svg.append(drawn)
    return svg
