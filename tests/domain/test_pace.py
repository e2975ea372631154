"""The straight line from baseline to target, the same for a KPI and for a success metric."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.initiatives import SuccessMetric, is_behind_pace, pace_now
from domain.kpis import pace
from domain.pace import straight_line
from tests.domain.kpis_to_read import GIVERS

FIRST, LAST = date(2026, 11, 23), date(2027, 3, 3)
"""A hundred days."""


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@pytest.mark.parametrize(
    ("passed", "stands"), [(-9, 200), (0, 200), (1, 201), (50, 250), (99, 299), (100, 300), (130, 300)]
)
def test_the_line_rises_day_by_day_and_is_level_before_and_after(passed: int, stands: int) -> None:
    assert straight_line(Decimal(200), Decimal(300), FIRST, LAST, day(passed)) == stands


def test_a_line_of_no_length_is_at_the_baseline_on_its_day_and_then_at_the_target() -> None:
    assert straight_line(Decimal(1), Decimal(9), FIRST, FIRST, FIRST) == 1
    assert straight_line(Decimal(1), Decimal(9), FIRST, FIRST, day(1)) == 9


@pytest.mark.parametrize(("baseline", "target"), [(200, 300), (41, 20)], ids=["up", "down"])
def test_a_kpi_and_a_metric_with_the_same_numbers_stand_alike_on_every_day(
    baseline: int, target: int
) -> None:
    metric = SuccessMetric(1, "givers", "", Decimal(baseline), Decimal(target))
    kpi = replace(GIVERS, baseline=metric.baseline, target=metric.target, baseline_on=FIRST, target_on=LAST)
    for on in map(day, range(-3, 104)):
        assert pace(kpi, on) == pace_now(metric, FIRST, LAST, on)


@pytest.mark.parametrize(("value", "is_behind"), [(240, False), (239, True)])
def test_a_metric_may_lag_by_a_tenth_of_the_way(value: int, is_behind: bool) -> None:
    metric = SuccessMetric(1, "givers", "", Decimal(200), Decimal(300), Decimal(value))
    assert is_behind_pace(metric, FIRST, LAST, day(50)) == is_behind
