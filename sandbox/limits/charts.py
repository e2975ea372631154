"""The native chart block, data_visualization (since June 2026)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.limits.problems import Problems

JSON = dict[str, Any]
_TITLE, _AXIS_LABEL, _NAME = 50, 50, 20
_MOST_SERIES, _MOST_SEGMENTS, _MOST_POINTS = 12, 12, 20


def check_chart(found: Problems, block: JSON, at: str) -> None:
    found.string(block, "title", at, _TITLE, required=True)
    chart = block.get("chart")
    where = f"{at}/chart"
    if not isinstance(chart, dict):
        found.missing("chart", at)
    elif chart.get("type") == "pie":
        _pie(found, chart, where)
    elif chart.get("type") in ("line", "bar", "area"):
        _series(found, chart, where)
    else:
        found.say(f"unsupported type: {chart.get('type')}", f"{where}/type")


def _pie(found: Problems, chart: JSON, at: str) -> None:
    for number, segment in enumerate(found.objects(chart, "segments", at, _MOST_SEGMENTS)):
        where = f"{at}/segments/{number}"
        found.string(segment, "label", where, _NAME, required=True)
        if not _is_number(segment.get("value")) or segment["value"] <= 0:
            found.say("must be more than 0", f"{where}/value")


def _series(found: Problems, chart: JSON, at: str) -> None:
    axis = chart.get("axis_config")
    if not isinstance(axis, dict):
        found.missing("axis_config", at)
        return
    for name in ("x_label", "y_label"):
        found.string(axis, name, f"{at}/axis_config", _AXIS_LABEL)
    categories = found.items(axis, "categories", f"{at}/axis_config", _MOST_POINTS)
    for number, category in enumerate(categories):
        found.length(str(category), f"{at}/axis_config/categories/{number}", _NAME)
    series = found.objects(chart, "series", at, _MOST_SERIES)
    if len({str(one.get("name")) for one in series}) < len(series):
        found.say("series names must be unique", f"{at}/series")
    for number, one in enumerate(series):
        where = f"{at}/series/{number}"
        found.string(one, "name", where, _NAME, required=True)
        _points(found, one, where, categories)


def _points(found: Problems, series: JSON, at: str, categories: list[Any]) -> None:
    points = found.objects(series, "data", at, _MOST_POINTS)
    if [point.get("label") for point in points] != categories:
        found.say("must have exactly one point for each category", f"{at}/data")
    for number, point in enumerate(points):
        if not _is_number(point.get("value")):
            found.say("must be a number", f"{at}/data/{number}/value")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
