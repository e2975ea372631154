"""Signals: which reading is unlike those before it, and from where to where it would have been ordinary."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from domain.pace import Plan, Point
from domain.signals import LEAST_READINGS, WINDOW, Unlike, find_signals, latest_signal

BASELINE_ON = date(2026, 9, 7)
WEEK = timedelta(weeks=1)
LEVEL = [310, 322, 305, 318, 331, 309, 316, 327, 304, 315, 326]
"""Readings off by chance, around a level: eleven of them."""
WALK = [100, 112, 121, 118, 129, 143, 149, 146, 158, 171, 176]
"""A number that goes its way by steps of about ten."""


def limit(baseline: int = 315, at: int = 300) -> Plan:
    return Plan(
        Point(BASELINE_ON, Decimal(baseline)), Point(date.max, Decimal(at)), is_up=True, is_limit=True
    )


def straight(baseline: int, target: int, weeks: int) -> Plan:
    end = Point(BASELINE_ON + weeks * WEEK, Decimal(target))
    return Plan(Point(BASELINE_ON, Decimal(baseline)), end, is_up=target > baseline)


def weekly(values: Sequence[int | str]) -> list[Point]:
    return [
        Point(BASELINE_ON + number * WEEK, Decimal(value)) for number, value in enumerate(values, start=1)
    ]


def signals(
    plan: Plan, values: Sequence[int | str], *, is_percent: bool = False
) -> list[tuple[int, Decimal]]:
    """Which reading, and its value."""
    found = find_signals(plan, weekly(values), date.max, is_percent=is_percent)
    return [((one.on - BASELINE_ON) // WEEK, one.value) for one in found]


def test_nothing_is_said_before_the_twelfth_reading() -> None:
    assert LEAST_READINGS == 12
    assert signals(limit(), [*LEVEL[:10], 900]) == []
    assert signals(limit(), [*LEVEL, 900]) == [(12, Decimal(900))]


def test_a_reading_like_those_before_it_costs_no_words() -> None:
    assert signals(limit(), [*LEVEL, 331]) == []
    assert signals(straight(90, 300, 26), [*WALK, 190]) == []


@pytest.mark.parametrize("value", [240, 390])
def test_a_signal_says_from_where_to_where_it_would_have_been_ordinary(value: int) -> None:
    [found] = find_signals(limit(), weekly([*LEVEL, value]), date.max)
    assert (found.value, found.on) == (Decimal(value), BASELINE_ON + 12 * WEEK)
    assert 270 < found.low < min(LEVEL)
    assert max(LEVEL) < found.high < 370
    assert not signals(limit(), [*LEVEL, str(found.low)])
    assert not signals(limit(), [*LEVEL, str(found.high)])


def test_the_range_is_that_of_the_mean_moving_range() -> None:
    """By hand: mean and 2.66 mean moving ranges of twelve values, the baseline one of them."""
    points = [315, *LEVEL[::-1]]
    ranges = [abs(other - one) for one, other in pairwise(points)]
    mean, moving = sum(points) / 12, sum(ranges) / 11
    [found] = find_signals(limit(), weekly([*points[1:], 900]), date.max)
    assert float(found.low) - (mean - 2.66 * moving) == pytest.approx(0.5, abs=0.5)
    assert (mean + 2.66 * moving) - float(found.high) == pytest.approx(0.5, abs=0.5)


def test_a_number_that_wanders_is_judged_by_its_steps() -> None:
    plan = straight(90, 300, 26)
    assert signals(plan, [*WALK, 120]) == [(12, Decimal(120))]
    assert signals(plan, [*WALK, 250]) == [(12, Decimal(250))]
    [found] = find_signals(plan, weekly([*WALK, 250]), date.max)
    assert found.low < WALK[-1] < found.high


def test_after_a_longer_while_a_larger_step_is_ordinary() -> None:
    plan, readings = limit(90), weekly(WALK)
    soon = Point(readings[-1].on + WEEK, Decimal(225))
    later = Point(readings[-1].on + 4 * WEEK, Decimal(225))
    assert find_signals(plan, [*readings, soon], date.max)
    assert not find_signals(plan, [*readings, later], date.max)


def test_growth_along_the_plan_is_ordinary_at_whatever_share_of_it() -> None:
    made = [100 + 7 * week + (3 if week % 2 else -3) for week in range(1, 20)]
    assert signals(straight(100, 300, 20), made) == []


def test_a_week_that_goes_along_with_a_phased_plan_is_ordinary() -> None:
    steps = (Point(BASELINE_ON + 12 * WEEK, Decimal(130)),)
    plan = Plan(
        Point(BASELINE_ON, Decimal(100)),
        Point(BASELINE_ON + 16 * WEEK, Decimal(400)),
        is_up=True,
        steps=steps,
    )
    flat = [100 + week * 5 // 2 + (2 if week % 2 else -2) for week in range(1, 13)]
    assert signals(plan, [*flat, 198]) == []
    assert signals(straight(100, 140, 16), [*flat, 198]) == [(13, Decimal(198))]


def test_what_stays_where_a_signal_led_is_ordinary_and_so_is_what_comes_back() -> None:
    for values in (LEVEL, WALK):
        plan = limit(values[0])
        low = values[-1] - 90
        assert signals(plan, [*values, low]) == [(12, Decimal(low))]
        assert signals(plan, [*values, low, low + 4, low - 3, low + 2]) == [(12, Decimal(low))]
        assert signals(plan, [*values, low, values[-1]]) == [(12, Decimal(low))]


def test_a_signal_does_not_widen_the_range_of_what_follows() -> None:
    back = [*LEVEL, 900, *LEVEL]
    assert signals(limit(), [*back, 240]) == [(12, Decimal(900)), (24, Decimal(240))]


def test_a_number_that_never_moved_has_no_signal_in_its_finest_step() -> None:
    assert signals(limit(300), [300] * 11 + [310]) == []
    assert signals(limit(300), [300] * 11 + [301, 300, 301]) == []
    assert signals(limit(300), [300] * 11 + [302]) == [(12, Decimal(302))]
    assert signals(limit(0), [0] * 11 + [1, 0, 3]) == [(14, Decimal(3))]
    assert signals(limit(4), ["4.5"] * 11 + ["4.6", "4.9"]) == [(13, Decimal("4.9"))]


def test_the_range_is_clipped_to_what_is_possible() -> None:
    shares = ["97", "99", "96", "98", "97", "99", "96", "98", "97", "99", "96"]
    plan = limit(97, at=95)
    [found] = find_signals(plan, weekly([*shares, "60"]), date.max, is_percent=True)
    assert found.high == 100
    [found] = find_signals(limit(2), weekly([2, 0, 3, 1, 4, 0, 2, 3, 1, 4, 0, 30]), date.max)
    assert found.low == 0


def test_what_is_read_before_the_baseline_or_after_the_targets_day_does_not_count() -> None:
    plan = straight(315, 316, 12)
    late = Point(BASELINE_ON + 13 * WEEK, Decimal(900))
    early = Point(BASELINE_ON - WEEK, Decimal(900))
    assert find_signals(plan, [early, *weekly(LEVEL), late], date.max) == []


def test_only_so_many_readings_before_it_are_looked_at() -> None:
    """What was long ago is no measure: a number that has been calm for half a year is judged as calm."""
    wild = [315 + (60 if week % 2 else -60) for week in range(WINDOW)]
    calm = [315 + (3 if week % 2 else -3) for week in range(2 * WINDOW)]
    assert signals(limit(), [*wild, *calm, 350])[-1] == (3 * WINDOW + 1, Decimal(350))


def test_the_latest_one_is_asked_about_while_it_is_fresh() -> None:
    readings = weekly([*LEVEL, 900, 310])
    on = readings[-2].on
    assert latest_signal(limit(), readings, on + 2 * WEEK) == Unlike(
        on, Decimal(900), *_ends(find_signals(limit(), readings, date.max))
    )
    assert latest_signal(limit(), readings, on + 2 * WEEK + timedelta(days=1)) is None
    assert latest_signal(limit(), weekly(LEVEL), on) is None


def _ends(found: list[Unlike]) -> tuple[Decimal, Decimal]:
    return found[-1].low, found[-1].high
