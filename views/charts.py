"""Slack's native charts, and the same numbers as text for workspaces that do not have them yet."""

from collections.abc import Sequence
from typing import Any

from views.blocks import Block, Payload, escape, section, shorten


def bar_chart(
    title: str,
    categories: Sequence[str],
    series: Sequence[tuple[str, Sequence[int]]],
    *,
    x_label: str,
    y_label: str,
) -> Block:
    """A native chart: 1 to 12 series, 1 to 20 categories with one value each; two charts a message at most."""
    return {
        "type": "data_visualization",
        "title": shorten(title, 50),
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": name,
                    "data": [{"label": c, "value": v} for c, v in zip(categories, values, strict=True)],
                }
                for name, values in series
            ],
            "axis_config": {"categories": list(categories), "x_label": x_label, "y_label": y_label},
        },
    }


def charts_as_text(payload: Payload) -> Payload:
    """The message with each native chart replaced by a table of its numbers in fixed width."""
    blocks = [
        section(_table(block)) if block["type"] == "data_visualization" else block
        for block in payload["blocks"]
    ]
    return {**payload, "blocks": blocks}


def _table(block: Block) -> str:
    """Categories down, series across: narrow enough for a phone."""
    chart: dict[str, Any] = block["chart"]
    series = chart["series"]
    rows = [["", *(one["name"] for one in series)]]
    for at, category in enumerate(chart["axis_config"]["categories"]):
        rows.append([category, *(str(one["data"][at]["value"]) for one in series)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return f"*{escape(block['title'])}*\n```{escape(chr(10).join(lines))}```"
