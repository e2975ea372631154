"""Slack's native charts, and the same numbers as a table where Slack does not take the chart block yet."""

from collections.abc import Iterable, Sequence
from typing import Any

from views.slack.blocks import Block, plain

CHART = "data_visualization"
MAX_TITLE = 50
"""Characters of a chart's title."""


def bar_chart(
    title: str,
    categories: Sequence[str],
    series: Sequence[tuple[str, Sequence[int]]],
    *,
    x_label: str,
    y_label: str,
) -> Block:
    """A native chart: 1 to 12 series, 1 to 20 categories with one value each; two charts a message at most."""
    return _chart("bar", title, categories, series, x_label, y_label)


def line_chart(
    title: str,
    categories: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    *,
    x_label: str,
    y_label: str,
) -> Block:
    """As `bar_chart`, of lines."""
    return _chart("line", title, categories, series, x_label, y_label)


def _chart(
    kind: str,
    title: str,
    categories: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    x_label: str,
    y_label: str,
) -> Block:
    return {
        "type": CHART,
        "title": plain(title, MAX_TITLE)["text"],
        "chart": {
            "type": kind,
            "series": [
                {
                    "name": name,
                    "data": [{"label": c, "value": v} for c, v in zip(categories, values, strict=True)],
                }
                for name, values in series
            ],
            "axis_config": {
                "categories": list(categories),
                "x_label": x_label,
                "y_label": plain(y_label, 50)["text"],
            },
        },
    }


def has_charts(blocks: Iterable[Block]) -> bool:
    return any(block["type"] == CHART for block in blocks)


def without_charts(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks, the charts together as one table in the first one's place.

    A message has at most one table, with rows of equal length (docs.slack.dev, table block).
    """
    if not has_charts(blocks):
        return list(blocks)
    rows = [row for block in blocks if block["type"] == CHART for row in _rows(block)]
    width = max(len(row) for row in rows)
    cells = [[_cell(text) for text in (*row, *[""] * (width - len(row)))] for row in rows]
    first = next(index for index, block in enumerate(blocks) if block["type"] == CHART)
    kept = [block for block in blocks if block["type"] != CHART]
    return [*kept[:first], {"type": "table", "rows": cells}, *kept[first:]]


def _rows(block: Block) -> list[list[str]]:
    """A heading row and a row a series."""
    chart = block["chart"]
    categories = chart["axis_config"]["categories"]
    return [[block["title"], *categories], *(_series(series, categories) for series in chart["series"])]


def _series(series: dict[str, Any], categories: Sequence[str]) -> list[str]:
    values = {point["label"]: _number(point["value"]) for point in series["data"]}
    return [series["name"], *(values.get(category, "") for category in categories)]


def _number(value: float) -> str:
    return f"{value:.10g}"


def _cell(text: str) -> dict[str, str]:
    return {"type": "raw_text", "text": text or "–"}
