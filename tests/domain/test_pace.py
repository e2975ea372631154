"""Pace: what is said of a number on its way from baseline to target, the same for a KPI and for a success metric."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.initiatives import metric_plan
from domain.kpis import Direction
from domain.pace import MONTHLY, Pace, Plan, Point, judge
from tests.domain.kpis_to_read import GIVERS, reading
from tests.support.harbor_lights import NEWSLETTER, SUBSCRIBERS

FIRST, LAST = date(2026, 11, 23), date(2027, 3, 3)
"""A hundred days, from 200 to 300: a day's part of the plan is 1."""


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


PLAN = Plan(Point(FIRST, Decimal(200)), Point(LAST, Decimal(300)), is_up=True)
DOWN = Plan(Point(FIRST, Decimal(300)), Point(LAST, Decimal(200)), is_up=False)
LIMIT = Plan(Point(FIRST, Decimal(64)), Point(LAST, Decimal(62)), is_up=True, is_limit=True)


def read(*values: tuple[int, float]) -> list[Point]:
    """So many days in, so much."""
    return [Point(day(number), Decimal(str(value))) for number, value in values]


def on(number: int, *values: tuple[int, float], plan: Plan = PLAN) -> Pace:
    return judge(plan, read(*values), day(number))


@pytest.mark.parametrize(
    ("passed", "stands"), [(-9, 200), (0, 200), (1, 201), (50, 250), (99, 299), (100, 300), (130, 300)]
)
def test_a_straight_plan_rises_day_by_day_and_is_level_before_and_after(passed: int, stands: int) -> None:
    assert PLAN.due(day(passed)) == stands


@pytest.mark.parametrize(
    ("passed", "stands"), [(0, 200), (20, 205), (40, 210), (50, 225), (80, 270), (90, 285)]
)
def test_a_phased_plan_goes_through_its_values(passed: int, stands: int) -> None:
    phased = replace(PLAN, steps=tuple(read((40, 210), (80, 270))))
    assert phased.due(day(passed)) == stands


def test_a_plan_of_no_length_is_at_the_target_from_its_day_on() -> None:
    short = Plan(Point(FIRST, Decimal(1)), Point(FIRST, Decimal(9)), is_up=True)
    assert short.due(FIRST) == 9
    assert short.due(day(1)) == 9


def test_before_the_third_reading_and_a_quarter_of_the_plan_it_is_too_early_to_say() -> None:
    assert on(8, (8, 200)) is Pace.TOO_EARLY
    assert on(15, (8, 200), (15, 200)) is Pace.TOO_EARLY
    assert on(22, (8, 200), (15, 200), (22, 200)) is Pace.BEHIND
    assert on(25, (25, 200)) is Pace.BEHIND


def test_a_quarter_of_what_is_due_is_not_on_pace_early_on() -> None:
    assert on(14, (7, 202), (10, 203), (14, 204)) is Pace.BEHIND


def test_a_little_short_twice_running_is_behind_and_once_is_not() -> None:
    assert on(50, (43, 243), (50, 244)) is Pace.ON_PACE
    assert on(57, (43, 243), (50, 244), (57, 251)) is Pace.BEHIND
    assert on(57, (43, 243), (50, 244), (57, 253)) is Pace.ON_PACE


def test_far_short_once_is_behind() -> None:
    assert on(50, (43, 243), (50, 229)) is Pace.BEHIND
    assert on(50, (43, 243), (50, 230)) is Pace.ON_PACE


def test_short_by_a_twentieth_of_the_whole_plan_is_never_behind() -> None:
    assert on(28, (7, 202), (14, 209), (21, 216), (28, 223)) is Pace.ON_PACE


def test_what_was_behind_is_on_pace_again_only_when_it_has_caught_up() -> None:
    behind = ((43, 230), (50, 230))
    assert on(57, *behind, (57, 253)) is Pace.BEHIND
    assert on(57, *behind, (57, 255)) is Pace.ON_PACE
    assert on(64, *behind, (57, 255), (64, 259)) is Pace.ON_PACE


def test_what_falls_counts_the_other_way_round() -> None:
    assert on(50, (43, 257), (50, 250), plan=DOWN) is Pace.ON_PACE
    assert on(50, (43, 270), (50, 270), plan=DOWN) is Pace.BEHIND
    assert on(50, (50, 199), plan=DOWN) is Pace.REACHED


def test_a_target_is_reached_as_soon_as_it_is() -> None:
    assert on(3, (3, 300)) is Pace.REACHED
    assert on(10, (3, 300), (10, 290)) is Pace.TOO_EARLY


@pytest.mark.parametrize("number", [101, 110, 400])
def test_after_its_day_the_last_reading_up_to_it_decides(number: int) -> None:
    assert on(number, (93, 293), (100, 300)) is Pace.REACHED
    assert on(number, (93, 300), (100, 299)) is Pace.MISSED
    assert on(number, (93, 299), (101, 305)) is Pace.MISSED


def test_on_its_day_it_may_still_be_reached() -> None:
    assert on(100, (86, 286), (93, 293), (100, 299)) is Pace.ON_PACE


def test_not_read_within_a_period_of_its_day_is_said_so() -> None:
    assert on(101, (92, 300)) is Pace.NOT_READ
    assert on(101) is Pace.NOT_READ
    assert on(101, (92, 300), plan=replace(PLAN, period=MONTHLY)) is Pace.REACHED


def test_two_periods_without_a_reading_make_it_outdated() -> None:
    assert on(64, (43, 243), (50, 300)) is Pace.REACHED
    assert on(65, (43, 243), (50, 300)) is Pace.OUTDATED
    monthly = replace(PLAN, period=MONTHLY)
    assert on(91, (43, 243), (50, 250), plan=monthly) is Pace.ON_PACE
    assert on(92, (43, 243), (50, 250), plan=monthly) is Pace.OUTDATED


def test_what_was_never_read_is_outdated_two_periods_after_it_was_to_be() -> None:
    assert on(14) is Pace.NO_READING
    assert on(15) is Pace.OUTDATED
    assert on(15, plan=replace(PLAN, expected_from=day(10))) is Pace.NO_READING


def test_readings_of_other_days_do_not_count() -> None:
    assert on(5, (-1, 300)) is Pace.NO_READING
    assert on(50, (43, 243), (50, 250), (51, 200)) is Pace.ON_PACE


def test_a_limit_is_kept_by_its_latest_value_alone() -> None:
    assert on(7, (0, 60), (7, 62), plan=LIMIT) is Pace.ON_PACE
    assert on(7, (0, 70), (7, 61.9), plan=LIMIT) is Pace.BEHIND
    assert on(40, (7, 70), plan=LIMIT) is Pace.OUTDATED


@pytest.mark.parametrize(
    ("plan", "value", "is_short"),
    [
        (PLAN, 245, False),
        (PLAN, 244, True),
        (DOWN, 256, True),
        (DOWN, 255, False),
        (replace(PLAN, baseline=Point(FIRST, Decimal(0))), 135, False),
        (replace(PLAN, baseline=Point(FIRST, Decimal(0))), 134, True),
        (LIMIT, 10, False),
    ],
)
def test_below_nine_tenths_of_what_is_due_is_well_short(plan: Plan, value: int, is_short: bool) -> None:
    assert plan.is_well_short(Point(day(50), Decimal(value))) is is_short


@given(st.lists(st.integers(0, 300), min_size=1, max_size=20), st.sampled_from(["up", "down"]))
def test_a_kpi_and_a_metric_with_the_same_numbers_stand_alike_on_every_day(
    values: list[int], way: str
) -> None:
    low, high = Decimal(50), Decimal(250)
    baseline, target = (low, high) if way == "up" else (high, low)
    direction = Direction.INCREASE_TO if way == "up" else Direction.DECREASE_TO
    kpi = replace(
        GIVERS, direction=direction, baseline=baseline, target=target, baseline_on=FIRST, target_on=LAST
    )
    kpi = replace(kpi, readings=tuple(reading(kpi, day(5 * at), str(v)) for at, v in enumerate(values)))
    points = tuple(Point(day(5 * at), Decimal(v)) for at, v in enumerate(values))
    metric = replace(SUBSCRIBERS, baseline=baseline, target=target, readings=points)
    initiative = replace(NEWSLETTER, start=FIRST, due=LAST)
    for number in range(0, 120, 3):
        assert kpi.pace(day(number)) is judge(metric_plan(metric, initiative), metric.readings, day(number))
