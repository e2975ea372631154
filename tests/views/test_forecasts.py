"""The forecast's line in every direction, unit and size, and where the digest's message has it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from domain.decisions import DecisionState
from domain.digests.facts import DigestFacts, DigestMaterial
from domain.digests.gathering import digest_facts
from domain.initiatives import Initiative, Join, SuccessMetric
from domain.kpis import Direction, Kpi
from domain.pace import Point
from domain.reviews import review_facts
from tests.domain.kpis_to_read import BEGIN, COST, GIVERS, RETENTION, reading
from tests.support.block_kit import assert_valid_message
from tests.support.harbor_lights import NEWSLETTER, STRATEGY, digest_time, fourth_week, weeks
from tests.support.reviews import decision, typical
from tests.support.reviews import kpi as kpi_of_review
from tests.views.test_digests import words_in
from views.canvases.documents import CanvasPage, canvas_text
from views.digests import words
from views.digests.details import digest_details
from views.digests.messages import digest_message
from views.forecasts import MOST_DAYS, forecast_chart, metric_outlook, rounded
from views.initiatives.messages import show_message
from views.kpis.messages import list_message
from views.kpis.words import falls_short, kpi_outlook
from views.reviews.messages import review_details
from views.slack.charts import CHART, without_charts

ON = BEGIN + timedelta(weeks=5)
SHORT = ("312", "315", "317", "321", "322")
"""Ends at 354 to 359 or so, where 420 is the target."""


def read(kpi: Kpi, values: Iterable[str]) -> Kpi:
    """Once a week from the first after the baseline on."""
    days = (BEGIN + timedelta(weeks=week) for week in range(1, 100))
    return replace(
        kpi, readings=tuple(reading(kpi, on, value) for on, value in zip(days, values, strict=False))
    )


def line(kpi: Kpi, *values: str, on: date = ON) -> str:
    known = read(kpi, values)
    return "".join(kpi_outlook(known, known.forecast(on), on))


def short(kpi: Kpi, *values: str) -> str:
    known = read(kpi, values)
    return falls_short(known, known.forecast(ON))


def test_what_falls_short_says_what_it_needs_beside_the_best_four_weeks() -> None:
    assert line(GIVERS, *SHORT) == (
        "If it goes on as it did: 354 by 31 Mar (342 to 366, at least 8 in 10); "
        "needs 7.4 a week, the best four weeks gave 2.8."
    )


def test_what_arrives_says_where_and_within_what() -> None:
    assert line(GIVERS, "316", "322", "330", "334", "341") == (
        "If it goes on as it did: 423 by 31 Mar (408 to 439, at least 8 in 10)."
    )
    assert line(GIVERS, "312", "315", "320", "323", "330") == (
        "If it goes on as it did: 383 by 31 Mar (362 to 405, at least 8 in 10); "
        "needs 6.8 a week, the best four weeks gave 4.5."
    )


def test_changes_that_go_on_are_said_without_at_least() -> None:
    told = line(GIVERS, "313", "316", "319", "330", "341")
    assert "(377 to 470, 8 in 10)" in told


def test_what_goes_down_must_fall_and_has_its_currency() -> None:
    assert line(COST, "51.50", "51.20", "51", "50.60", "50.40") == (
        "If it goes on as it did: £46.1 by 31 Mar (£44.8 to £47.5, at least 8 in 10); "
        "must fall by £0.93 a week, the best four weeks brought £0.35."
    )


def test_a_percentage_moves_by_points() -> None:
    share = replace(RETENTION, direction=Direction.INCREASE_TO, baseline=Decimal(20), target=Decimal(40))
    assert line(share, "20.5", "21.5", "21.8", "22.3", "23").endswith(
        "needs 1.3 points a week, the best four weeks gave 0.62 points."
    )
    assert "needs 1 point more" in line(
        replace(share, target=Decimal(26), target_on=ON + timedelta(days=3)), "21", "22", "23", "24", "25"
    )


def test_a_range_of_one_value_is_none() -> None:
    assert line(GIVERS, "311", "312", "313", "314", "315") == (
        "If it goes on as it did: 328 by 31 Mar; needs 7.9 a week, the best four weeks gave 1."
    )


def test_best_weeks_are_left_out_where_unknown_and_named_where_none_brought_it_nearer() -> None:
    within = read(GIVERS, ())
    days = (3, 7, 10, 14)
    quick = replace(
        within, readings=tuple(reading(GIVERS, BEGIN + timedelta(days=day), str(310 + day)) for day in days)
    )
    on = BEGIN + timedelta(days=14)
    [told] = kpi_outlook(quick, quick.forecast(on), on)
    assert told.startswith("If it goes on as it did: 438")
    behind = replace(quick, target=Decimal(500))
    [told] = kpi_outlook(behind, behind.forecast(on), on)
    assert told.endswith("; needs 11 a week.")
    back = line(GIVERS, "309", "308", "309", "307", "308")
    assert back.endswith("; needs 8.4 a week, no four weeks brought it nearer.")


def test_in_its_last_week_it_says_what_is_left() -> None:
    near = replace(GIVERS, target_on=ON + timedelta(days=3))
    assert line(near, "330", "350", "370", "390", "400").endswith("; needs 20 more.")


def test_a_day_beyond_the_nearest_has_its_year() -> None:
    assert "by 31 Mar 2028 (" in line(
        replace(GIVERS, target_on=date(2028, 3, 31)), "311", "312", "313", "314", "316"
    )


@pytest.mark.parametrize(
    ("kpi", "values"),
    [
        (GIVERS, SHORT[:3]),
        (RETENTION, ("64", "63", "64", "63")),
        (GIVERS, ("312", "320", "330", "420")),
        (GIVERS, ("310", "311", "390", "310")),
    ],
    ids=["three readings", "a limit", "reached", "anything is possible"],
)
def test_where_nothing_can_be_said_nothing_is(kpi: Kpi, values: Iterable[str]) -> None:
    assert line(kpi, *values) == ""


@pytest.mark.parametrize(
    "values", [SHORT, ("316", "322", "330", "334", "341"), ("310.4", "311.2", "312.6", "313.1")]
)
@pytest.mark.parametrize("target", ["420", "355.5", "1000000"])
def test_a_value_is_never_shown_outside_its_range(values: Iterable[str], target: str) -> None:
    known = read(replace(GIVERS, target=Decimal(target)), values)
    if found := known.forecast(ON):
        value, low, high = rounded(known.plan, found, found.end)
        assert low <= value <= high


def test_a_range_that_reads_as_if_it_met_the_target_does_not_fall_short() -> None:
    assert short(GIVERS, *SHORT) == "heads for 342 to 366, not 420"
    assert short(replace(GIVERS, target=Decimal(366)), *SHORT) == ""


# Success metrics


def newsletter(*values: str, kpi_id: int | None = None) -> tuple[SuccessMetric, Initiative]:
    metric = NEWSLETTER.metrics[0]
    days = (NEWSLETTER.start + timedelta(weeks=week) for week in range(1, 100))
    points = tuple(Point(on, Decimal(value)) for on, value in zip(days, values, strict=False))
    metric = replace(
        metric, value=points[-1].value, readings=points, join=Join(kpi_id) if kpi_id is not None else None
    )
    return metric, replace(NEWSLETTER, metrics=(metric,))


def test_a_metric_has_the_line_and_one_that_is_a_kpi_says_whose_plan_it_is() -> None:
    values = ("4210", "4260", "4300", "4330")
    metric, initiative = newsletter(*values)
    shown = partial(words.amount, metric)
    on = NEWSLETTER.start + timedelta(weeks=4)
    [own] = metric_outlook(metric, initiative, on, shown)
    assert own.startswith("If it goes on as it did: ")
    joined, with_kpi = newsletter(*values, kpi_id=1)
    [told] = metric_outlook(joined, with_kpi, on, shown)
    assert told == f"For the initiative, i{own[1:]}"
    message = show_message(STRATEGY, with_kpi, None, on)
    assert_valid_message(message)
    assert f"\n   {told}" in message["text"]


# Digest


def digest_of(*kpis: Kpi, at: DigestMaterial | None = None) -> DigestFacts:
    """Of the fourth week, with KPIs whose baseline is of the week before the first."""
    return digest_facts(replace(at or fourth_week(), kpis=kpis))


def early(number: int, name: str, *values: str) -> Kpi:
    """Read on the Mondays of the first four weeks."""
    baseline_on = weeks(0).day(0)
    plain = kpi_of_review(number, name, baseline_on=baseline_on)
    days = (weeks(week).day(0) for week in range(1, 100))
    read_so = (reading(plain, on, value) for on, value in zip(days, values, strict=False))
    return replace(plain, readings=tuple(read_so))


LAGGING = early(1, "Monthly givers", "312", "313", "315", "316")
STEADY = early(2, "Subscribers", "315", "321", "326", "331")
"""On pace by what is forgiven early, and short in the end."""
ARRIVING = early(3, "Sign-ups", "316", "322", "328", "341")


def test_the_digest_names_what_will_fall_short_with_as_few_words_as_it_takes() -> None:
    message = digest_message(digest_of(LAGGING, STEADY, ARRIVING))["text"]
    assert "• Monthly givers 316, should be 333, heads for 331 to 347, not 420" in message
    assert "• Subscribers 331, on pace, heads for 404 to 418, not 420" in message
    assert "Sign-ups" not in message
    assert "8 in 10" not in message


def test_its_thread_has_the_line_of_each() -> None:
    thread = "".join(str(page["blocks"]) for page in digest_details(digest_of(LAGGING, ARRIVING)))
    assert thread.count("If it goes on as it did: ") == 2


def test_the_canvas_has_the_line_below_each_number() -> None:
    page = canvas_text(CanvasPage(digest_of(LAGGING)), digest_time(weeks(4))).body
    assert (
        "· behind\n    - If it goes on as it did: 339 by 31 Mar (331 to 347, at least 8 in 10); needs 6.8 a week, "
        "the best four weeks gave 1.5." in page
    )


def test_a_digest_drawn_again_late_says_what_could_be_said_when_it_was_told() -> None:
    told_at = digest_time(weeks(4))
    told = digest_of(LAGGING)
    later = replace(LAGGING, readings=(*LAGGING.readings, reading(LAGGING, weeks(5).day(0), "410")))
    again = digest_of(later, at=replace(fourth_week(), at=told_at + timedelta(days=9), told_at=told_at))
    assert again.forecasts == told.forecasts
    assert told.forecasts


def test_a_digest_in_which_much_falls_short_is_one_screen_of_a_phone() -> None:
    six = [
        LAGGING,
        STEADY,
        *(replace(ARRIVING, id=number, name=f"Number {number} of six") for number in range(3, 7)),
    ]
    ask = decision(
        1, DecisionState.OPEN, digest_time(weeks(3)), weeks(4).day(4), default="We keep the old form"
    )
    message = digest_message(digest_of(*six, at=replace(fourth_week(), decisions=(ask,))))
    assert_valid_message(message)
    assert words_in(message) <= 160


# Charts


def test_the_chart_of_a_forecast_has_a_point_of_every_series_for_each_day() -> None:
    known = read(GIVERS, SHORT)
    found = known.forecast(ON)
    assert found
    chart = forecast_chart("Monthly givers: 342 to 366 by 31 Mar", known.plan, found, ON, "Value")
    assert chart
    drawn = chart["chart"]
    days = drawn["axis_config"]["categories"]
    assert (days[0], days[-1], len(days)) == ("28 Dec", "31 Mar", 8)
    assert {
        one["name"]: [point["label"] for point in one["data"]] for one in drawn["series"]
    } == dict.fromkeys(("Plan", "As it goes", "Low", "High"), days)
    first, last = ([one["data"][at]["value"] for one in drawn["series"]] for at in (0, -1))
    assert first == [340, 322, 322, 322]
    assert last == [420, 354, 342, 366]


def test_a_chart_of_a_year_is_thinned_and_ends_with_the_target() -> None:
    year = read(replace(GIVERS, target_on=BEGIN + timedelta(weeks=104)), ("311", "312", "313", "314", "316"))
    found = year.forecast(ON)
    assert found
    chart = forecast_chart("x", year.plan, found, ON, "Value")
    assert chart
    days = chart["chart"]["axis_config"]["categories"]
    assert len(days) <= MOST_DAYS + 1
    assert len({*days}) == len(days)
    assert days[-1] == "20 Nov 2028"


def test_a_review_draws_it_after_the_kpis_own_two_charts_a_message() -> None:
    made = typical()
    givers = made.rhythm.kpis[0]
    watched = tuple(replace(givers, id=number, name=f"Number {number}") for number in (1, 2, 3))
    pages = review_details(review_facts(replace(made, rhythm=replace(made.rhythm, kpis=watched))))
    charts = [[one["title"] for one in page["blocks"] if one["type"] == CHART] for page in pages]
    assert charts == [
        [f"Number {number}: 364, on pace", f"Number {number}: 401 to 438 by 31 Mar"] for number in (1, 2, 3)
    ]
    for page in pages:
        assert_valid_message(page)
        assert_valid_message({**page, "blocks": without_charts(page["blocks"])})


@pytest.mark.parametrize("unit", ["", "%", "<&" * 10])
def test_lists_and_reviews_with_forecasts_are_ones_slack_accepts(unit: str) -> None:
    six = [replace(read(GIVERS, SHORT), id=number, name="W" * 75, unit=unit) for number in range(6)]
    assert_valid_message(list_message(STRATEGY, six, ON))
    facts = digest_of(*(replace(LAGGING, id=number, name="W" * 75, unit=unit) for number in range(6)))
    for payload in (digest_message(facts), *digest_details(facts)):
        assert_valid_message(payload)
