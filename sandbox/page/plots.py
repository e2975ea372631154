"""Bars, lines and areas over named categories. Bars of several series stand side by side; areas lie over one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sandbox.page.markup import Html, join, tag
from sandbox.page.scales import Scale, colour, enclosing, number, ticks

_RIGHT, _TOP, _BOTTOM = 628.0, 14.0, 244.0
_Y_TITLE = 22.0
_LABELS_BELOW, _TITLE_BELOW = 16.0, 34.0
_WIDTH_OF_LETTER = 6.4
_WIDEST_BAR = 34.0


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    labels: Sequence[str]
    values: Sequence[float]
    colour: str


@dataclass(frozen=True, slots=True)
class Plane:
    """Where things go: values up `y`, categories in `count` bands from `left` to the right edge."""

    y: Scale
    left: float
    count: int

    @property
    def band(self) -> float:
        return (_RIGHT - self.left) / self.count

    def centre(self, at: int) -> float:
        return self.left + self.band * (at + 0.5)

    @property
    def ground(self) -> float:
        """The height that bars and areas stand on: zero, or the nearest end of the scale."""
        return self.y.at(min(max(0.0, self.y.low), self.y.high))


def plot(value: Mapping[str, Any]) -> Html:
    axis = value["axis_config"]
    series = [_series(one, axis["categories"], at) for at, one in enumerate(value["series"])]
    points = [point for one in series for point in one.values]
    low, high = enclosing(points, from_zero=value["type"] != "line")
    marks = ticks(low, high, whole=all(float(point).is_integer() for point in points))
    left = (
        max(len(number(mark)) for mark in marks) * _WIDTH_OF_LETTER
        + (_Y_TITLE if axis.get("y_label") else 0)
        + 12
    )
    plane = Plane(Scale(marks[0], marks[-1], _BOTTOM, _TOP), left, len(axis["categories"]))
    draw = {"bar": _bars, "line": _lines, "area": _areas}[value["type"]]
    return join(
        [
            _grid(plane, marks),
            draw(series, plane),
            _categories(axis["categories"], plane),
            _titles(axis, plane),
        ]
    )


def _series(value: Mapping[str, Any], categories: Sequence[str], at: int) -> Series:
    """Points take their place by label, not by the order they came in."""
    points = {point["label"]: point["value"] for point in value["data"]}
    return Series(value["name"], categories, [points[category] for category in categories], colour(at))


def _grid(plane: Plane, marks: Sequence[float]) -> Html:
    return join(_grid_line(plane, mark) for mark in marks)


def _grid_line(plane: Plane, mark: float) -> Html:
    y = round(plane.y.at(mark), 2)
    line = tag("line", x1=plane.left, x2=_RIGHT, y1=y, y2=y, class_="zero" if mark == 0 else "grid")
    return join([line, tag("text", number(mark), x=plane.left - 8, y=y + 4, class_="tick end")])


def _categories(names: Sequence[str], plane: Plane) -> Html:
    """Names under the axis; where they would touch, only every second, third, ... one."""
    widest = max(map(len, names)) * _WIDTH_OF_LETTER + 8
    step = ceil(widest / plane.band)
    y = _BOTTOM + _LABELS_BELOW
    return join(
        tag("text", names[at], x=plane.centre(at), y=y, class_="tick") for at in range(0, len(names), step)
    )


def _titles(axis: Mapping[str, Any], plane: Plane) -> Html:
    middle = (_TOP + _BOTTOM) / 2
    below = (
        tag("text", axis["x_label"], x=(plane.left + _RIGHT) / 2, y=_BOTTOM + _TITLE_BELOW, class_="title")
        if axis.get("x_label")
        else None
    )
    beside = (
        tag(
            "text", axis["y_label"], x=0, y=0, transform=f"translate(12 {middle}) rotate(-90)", class_="title"
        )
        if axis.get("y_label")
        else None
    )
    return join([below, beside])


def _bars(series: Sequence[Series], plane: Plane) -> Html:
    width = min(_WIDEST_BAR, plane.band * 0.76 / len(series))
    return join(
        _bar(one, at, plane, plane.centre(at) + width * (place - len(series) / 2), width)
        for place, one in enumerate(series)
        for at in range(len(one.values))
    )


def _bar(series: Series, at: int, plane: Plane, x: float, width: float) -> Html:
    top = plane.y.at(series.values[at])
    return tag(
        "rect",
        tag("title", _said(series, at)),
        x=round(x + 0.75, 2),
        y=round(min(top, plane.ground), 2),
        width=round(width - 1.5, 2),
        height=round(abs(plane.ground - top), 2),
        rx=1.5,
        fill=series.colour,
    )


def _lines(series: Sequence[Series], plane: Plane) -> Html:
    return join(_line(one, plane) for one in series)


def _line(series: Series, plane: Plane) -> Html:
    stroke = tag("polyline", points=_points(series, plane), stroke=series.colour, class_="line")
    dots = (
        tag(
            "circle",
            tag("title", _said(series, at)),
            cx=round(plane.centre(at), 2),
            cy=round(plane.y.at(value), 2),
            r=3.5,
            fill=series.colour,
            class_="dot",
        )
        for at, value in enumerate(series.values)
    )
    return join([stroke, *dots])


def _areas(series: Sequence[Series], plane: Plane) -> Html:
    return join(join([_area(one, plane), _line(one, plane)]) for one in series)


def _area(series: Series, plane: Plane) -> Html:
    first, last = plane.centre(0), plane.centre(len(series.values) - 1)
    outline = f"{first:.2f},{plane.ground:.2f} {_points(series, plane)} {last:.2f},{plane.ground:.2f}"
    return tag("polygon", points=outline, fill=series.colour, class_="area")


def _points(series: Series, plane: Plane) -> str:
    return " ".join(
        f"{plane.centre(at):.2f},{plane.y.at(value):.2f}" for at, value in enumerate(series.values)
    )


def _said(series: Series, at: int) -> str:
    return f"{series.name}, {series.labels[at]}: {number(series.values[at])}"
