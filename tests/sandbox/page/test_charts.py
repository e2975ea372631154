"""Native charts as SVG."""

import itertools
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.page.charts import chart
from sandbox.page.scales import Scale, number, ticks
from tests.sandbox.page import gallery


def svg(block: dict[str, Any]) -> ET.Element:
    figure = ET.fromstring(chart(block))
    found = figure.find(".//svg")
    assert found is not None
    return found


def rectangles(block: dict[str, Any]) -> list[dict[str, float]]:
    keys = ("x", "y", "width", "height")
    return [{key: float(rect.attrib[key]) for key in keys} for rect in svg(block).iter("rect")]


def test_bars_of_several_series_stand_side_by_side_as_high_as_their_values() -> None:
    block = gallery.chart(
        "bar", "Two", gallery.series("a", 1, 2, 3, 4, 0), gallery.series("b", 2, 2, 2, 2, 2)
    )
    bars = rectangles(block)
    first, second = bars[:5], bars[5:]
    assert len(bars) == 10
    assert first[1]["height"] == pytest.approx(2 * first[0]["height"])
    assert first[1]["height"] == second[1]["height"]
    assert first[4]["height"] == 0
    assert all(a["x"] + a["width"] < b["x"] for a, b in zip(first, second, strict=True))


def test_a_negative_bar_hangs_from_the_zero_line() -> None:
    up, down, *_ = rectangles(gallery.chart("bar", "x", gallery.series("a", 3, -3, 0, 0, 0)))
    assert up["y"] + up["height"] == pytest.approx(down["y"])
    assert up["height"] == down["height"]


def test_points_take_their_place_by_label_not_by_order() -> None:
    straight = gallery.chart("line", "x", gallery.series("a", 1, 2, 3, 4, 5))
    shuffled = gallery.chart("line", "x", gallery.series("a", 1, 2, 3, 4, 5))
    shuffled["chart"]["series"][0]["data"].reverse()
    assert (
        chart(straight).split("<polyline")[1].split(">")[0]
        == chart(shuffled).split("<polyline")[1].split(">")[0]
    )


def test_areas_lie_over_one_another_the_first_at_the_back() -> None:
    shapes = [one.attrib["fill"] for one in svg(gallery.AREA).iter("polygon")]
    assert len(shapes) == 2
    assert shapes[0] != shapes[1]


def test_a_pie_has_a_slice_for_each_segment_and_shares_in_its_legend() -> None:
    drawn = chart(gallery.PIE)
    assert drawn.count('class="slice"') == 3
    assert "<b>45 %</b>" in drawn


def test_a_single_segment_is_a_whole_circle() -> None:
    whole = {
        "type": "data_visualization",
        "title": "x",
        "chart": {"type": "pie", "segments": [{"label": "a", "value": 7}]},
    }
    assert svg(whole).find("circle") is not None


def test_the_numbers_are_there_for_those_who_cannot_see_the_drawing() -> None:
    spoken = svg(gallery.HEALTH_CHART).attrib["aria-label"]
    assert spoken.startswith("Bar chart: Health over the last weeks.")
    assert "On track: W46 2, W47 3, W48 3, W49 2, W50 3." in spoken


def test_axes_have_their_titles_categories_and_round_numbers() -> None:
    said = [text.text for text in svg(gallery.LINE).iter("text")]
    assert {"Week", "Subscribers", "W46", "W50", "4,200", "4,600"} <= set(said)
    assert "0" not in said


def test_category_names_that_would_touch_are_thinned_out() -> None:
    names = [f"Week {at} of the year" for at in range(20)]
    points = [{"label": name, "value": 1} for name in names]
    value = {"type": "line", "series": [{"name": "a", "data": points}], "axis_config": {"categories": names}}
    said = [text.text for text in svg({"title": "x", "chart": value}).iter("text")]
    assert names[0] in said
    assert names[1] not in said


def test_titles_and_names_are_escaped() -> None:
    block = gallery.chart("bar", "<b>&", gallery.series('"<i>', 1, 1, 1, 1, 1))
    assert "<b>" not in chart(block)
    assert "<i>" not in chart(block)
    ET.fromstring(chart(block))


@given(
    st.lists(st.integers(-10_000, 10_000), min_size=5, max_size=5), st.sampled_from(["bar", "line", "area"])
)
def test_everything_drawn_stays_inside_the_picture(values: list[int], kind: str) -> None:
    drawn = svg(gallery.chart(kind, "x", gallery.series("a", *values)))
    for rect in drawn.iter("rect"):
        assert 14 <= float(rect.attrib["y"]) <= 244.1
        assert float(rect.attrib["y"]) + float(rect.attrib["height"]) <= 244.1
    for circle in drawn.iter("circle"):
        assert 13.9 <= float(circle.attrib["cy"]) <= 244.1


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.booleans())
def test_ticks_enclose_what_is_shown_at_equal_steps(low: float, span: float, whole: bool) -> None:
    marks = ticks(low, low + span, whole=whole)
    steps = {after - before for before, after in itertools.pairwise(marks)}
    slack = max(abs(low), span, 1.0) * 1e-6
    assert marks[0] <= low + slack
    assert marks[-1] >= low + span - slack
    assert 2 <= len(marks) <= 8
    assert max(steps) == pytest.approx(min(steps), rel=0.01)


def test_a_scale_puts_its_ends_where_it_is_told() -> None:
    scale = Scale(0, 10, 244, 14)
    assert (scale.at(0), scale.at(5), scale.at(10)) == (244, 129, 14)


@pytest.mark.parametrize(
    ("value", "words"), [(4200, "4,200"), (2.1, "2.1"), (0.8, "0.8"), (-3, "-3"), (0, "0"), (1000, "1,000")]
)
def test_numbers_read_as_people_write_them(value: float, words: str) -> None:
    assert number(value) == words
