"""The data_visualization block as inline SVG: its title, the drawing, a legend, and the numbers in words.

Reference: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from collections.abc import Iterable, Mapping
from math import cos, pi, sin
from typing import Any

from sandbox.page.markup import Html, join, tag
from sandbox.page.plots import plot
from sandbox.page.scales import colour, number

_KINDS = {"bar": "Bar chart", "line": "Line chart", "area": "Area chart", "pie": "Pie chart"}
_RADIUS = 100.0


def chart(block: Mapping[str, Any]) -> Html:
    value = block["chart"]
    drawing, legend = _pie(value) if value["type"] == "pie" else _series(value)
    box = "-110 -110 220 220" if value["type"] == "pie" else "0 0 640 280"
    spoken = f"{_KINDS[value['type']]}: {block['title']}. {_in_words(value)}"
    svg = tag("svg", drawing, role="img", aria_label=spoken, viewBox=box)
    return tag(
        "figure",
        tag("figcaption", block["title"], dir="auto"),
        tag("div", svg, legend, class_="drawing"),
        class_=f"chart {value['type']}",
    )


def _series(value: Mapping[str, Any]) -> tuple[Html, Html]:
    return plot(value), _legend((one["name"], "") for one in value["series"])


def _pie(value: Mapping[str, Any]) -> tuple[Html, Html]:
    segments = value["segments"]
    total = sum(one["value"] for one in segments)
    slices, start = [], 0.0
    for at, one in enumerate(segments):
        share = one["value"] / total
        slices.append(_slice(start, share, colour(at), f"{one['label']}: {number(one['value'])}"))
        start += share
    return join(slices), _legend((one["label"], f"{100 * one['value'] / total:.0f} %") for one in segments)


def _slice(start: float, share: float, fill: str, words: str) -> Html:
    """A slice from `start`, both in turns; a whole turn is a circle, which an arc cannot draw."""
    if share > 0.9999:
        return tag("circle", tag("title", words), r=_RADIUS, fill=fill)
    (x1, y1), (x2, y2) = _on_circle(start), _on_circle(start + share)
    path = f"M0 0L{x1:.2f} {y1:.2f}A{_RADIUS} {_RADIUS} 0 {int(share > 0.5)} 1 {x2:.2f} {y2:.2f}Z"
    return tag("path", tag("title", words), d=path, fill=fill, class_="slice")


def _on_circle(turns: float) -> tuple[float, float]:
    return _RADIUS * sin(2 * pi * turns), -_RADIUS * cos(2 * pi * turns)


def _legend(entries: Iterable[tuple[str, str]]) -> Html:
    def draw(at: int, name: str, share: str) -> Html:
        swatch = tag("i", style=f"background:{colour(at)}")
        return tag("li", swatch, tag("bdi", name), tag("b", share) if share else None)

    return tag("ul", join(draw(at, *entry) for at, entry in enumerate(entries)), class_="legend")


def _in_words(value: Mapping[str, Any]) -> str:
    if value["type"] == "pie":
        return _points(value["segments"])
    return " ".join(f"{one['name']}: {_points(one['data'])}" for one in value["series"])


def _points(points: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(f"{point['label']} {number(point['value'])}" for point in points) + "."
