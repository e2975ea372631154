"""Forecasts: where a number ends if it goes on as it did, and when nothing is said."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.forecasts import Forecast, correlation, distribution, forecast, quantile
from domain.pace import Plan, Point

START = date(2026, 11, 23)
PLAN = Plan(Point(START, Decimal(0)), Point(START + timedelta(weeks=13), Decimal(130)), is_up=True)
"""Ten a week."""
DOWN = Plan(Point(START, Decimal(530)), Point(START + timedelta(weeks=13), Decimal(400)), is_up=False)
FOUR = ((1, 12), (2, 18), (3, 33), (4, 40))


def read(*values: tuple[float, float]) -> list[Point]:
    """So many weeks in, so much."""
    return [Point(START + timedelta(weeks=week), Decimal(str(value))) for week, value in values]


def after(*values: tuple[float, float], plan: Plan = PLAN, is_percent: bool = False) -> Forecast | None:
    """Said on the day after the last reading."""
    readings = read(*values)
    return forecast(plan, readings, readings[-1].on + timedelta(days=1), is_percent=is_percent)


def said(*values: tuple[float, float], plan: Plan = PLAN, is_percent: bool = False) -> Forecast:
    found = after(*values, plan=plan, is_percent=is_percent)
    assert found is not None
    return found


def test_it_goes_on_as_it_did_within_a_range_reckoned_by_hand() -> None:
    found = said(*FOUR)
    # Changes of 12, 6, 15 and 7 against ten a week: s² = (4 + 16 + 25 + 9) / 3 = 18; t(0.90, 3) = 1.638;
    # 9 weeks ahead and 4 behind, of which four thirteenths are due: √(9 + 4 · (9/4)²) = 5.408.
    assert found.end.on == PLAN.target.on
    assert round(found.end.value, 1) == 130
    assert float(found.end.high - found.end.value) == pytest.approx(1.638 * 18**0.5 * 5.408, rel=1e-3)
    assert found.end.value - found.end.low == pytest.approx(found.end.high - found.end.value)
    assert found.chance == pytest.approx(0.5)
    assert not found.falls_short


def test_what_it_needs_a_week_stands_beside_the_best_four_weeks() -> None:
    found = said((1, 4), (2, 8), (3, 11), (5, 25), (6, 28))
    assert round(found.needed, 4) == round(Decimal(102) / 7, 4)
    # From week 1 to week 5: 21 in four weeks.
    assert found.best == Decimal("5.25")
    assert said(*FOUR).best == 10
    assert said((1, 4), (2, 8), (3, 11), (3.5, 12)).best is None


def test_a_number_on_its_way_down_is_told_in_its_own_direction() -> None:
    up, down = said(*FOUR), said(*((week, 530 - value) for week, value in FOUR), plan=DOWN)
    assert round(down.end.value, 6) == round(530 - up.end.value, 6)
    assert down.end.low < down.end.value < down.end.high
    assert round(down.needed, 6) == round(up.needed, 6)
    assert down.best == up.best
    assert down.chance == pytest.approx(up.chance)


def test_it_falls_short_where_even_the_better_end_of_the_range_does() -> None:
    steady = said((1, 5), (2, 10.5), (3, 15), (4, 20))
    assert steady.falls_short
    assert steady.end.high < PLAN.target.value
    assert steady.chance < 0.1


def test_its_weeks_widen_and_end_on_the_targets_day() -> None:
    found = said(*FOUR)
    assert [one.on for one in found.weeks] == [START + timedelta(weeks=week) for week in range(5, 14)]
    widths = [one.high - one.low for one in found.weeks]
    assert widths == sorted(widths)
    assert found.weeks[-1] == found.end


def test_a_phased_plan_is_forecast_along_its_steps() -> None:
    slow = replace(PLAN, steps=tuple(read((4, 10), (9, 60))))
    kept = said((1, 2.5), (2, 5), (3, 7.5), (4, 10), plan=slow)
    assert [round(float(one.value), 1) for one in kept.weeks] == [20, 30, 40, 50, 60, 77.5, 95, 112.5, 130]
    assert kept.end.low == kept.end.high


def test_it_is_clipped_to_what_is_possible() -> None:
    costs = replace(DOWN, baseline=Point(START, Decimal(130)), target=Point(DOWN.target.on, Decimal(10)))
    falling = said((1, 118), (2, 104), (3, 96), (4, 84), plan=costs)
    assert falling.end.low == falling.end.value == 0
    loss = replace(costs, target=Point(DOWN.target.on, Decimal(-10)))
    assert said((1, 118), (2, 104), (3, 96), (4, 84), plan=loss).end.low < 0
    share = replace(PLAN, baseline=Point(START, Decimal(80)), target=Point(PLAN.target.on, Decimal(95)))
    rising = ((1, 81), (2, 84), (3, 85), (4, 87))
    assert said(*rising, plan=share).end.high > 100
    assert said(*rising, plan=share, is_percent=True).end.high == 100


@pytest.mark.parametrize(
    ("values", "plan", "why"),
    [
        (FOUR[:3], PLAN, "three readings"),
        (((0, 0), *FOUR[:3]), PLAN, "one of the four is the baseline's own"),
        (FOUR, replace(PLAN, is_limit=True), "a limit"),
        ((*FOUR, (5, 130)), PLAN, "reached"),
        (((1, 60), (2, 5), (3, 90), (4, 10)), PLAN, "wider than the whole plan"),
        (FOUR, replace(PLAN, steps=tuple(read((4, 0)))), "nothing was due"),
        ((*FOUR, (13, 120)), PLAN, "its day has passed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_is_said_where_too_little_is_known(
    values: tuple[tuple[float, float], ...], plan: Plan, why: str
) -> None:
    assert after(*values, plan=plan) is None, why


def test_nothing_is_said_of_what_nobody_has_read_lately() -> None:
    readings = read(*FOUR)
    assert forecast(PLAN, readings, readings[-1].on + timedelta(days=14)) is not None
    assert forecast(PLAN, readings, readings[-1].on + timedelta(days=15)) is None


def test_changes_that_take_each_other_back_alternate() -> None:
    assert correlation([2, -4, 5, -3]) < -0.25
    assert not correlation([1, 2, 1, 2, -3, -3]) < -0.25
    assert not correlation([0, 0, 0]) < -0.25


@pytest.mark.parametrize(("freedom", "upper"), [(1, 3.078), (2, 1.886), (3, 1.638), (10, 1.372), (30, 1.310)])
def test_students_quantiles_are_those_of_the_printed_tables(freedom: int, upper: float) -> None:
    assert quantile(0.90, freedom) == pytest.approx(upper, abs=5e-4)
    assert distribution(-upper, freedom) == pytest.approx(0.10, abs=1e-4)


def test_a_day_between_two_weeks_is_reckoned_as_the_weeks_are() -> None:
    readings, day = read(*FOUR), START + timedelta(days=60)
    plain, found = (forecast(PLAN, readings, START + timedelta(days=29), also=also) for also in (None, day))
    assert plain is not None
    assert found is not None
    assert replace(found, days=plain.days) == plain
    before, band, after = (found.by(day + timedelta(days=days)) for days in (-1, 0, 7))
    assert band.on == day
    assert before.on < day < after.on
    # Changes as above; 32 days ahead, 28 behind, of which 28 of 91 days were due when 60 of 91 will be.
    assert float(band.high - band.value) == pytest.approx(
        1.638 * 18**0.5 * (32 / 7 + 4 * (32 / 28) ** 2) ** 0.5, rel=1e-3
    )
    assert found.by(PLAN.target.on + timedelta(days=30)) == found.end
