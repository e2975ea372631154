"""ISO weeks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Week

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 23), "2026-W48"),
        (date(2026, 11, 29), "2026-W48"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_day_belongs_to_its_iso_week_even_across_the_new_year(day: date, text: str) -> None:
    assert str(Week.of(day)) == text


@given(DAYS)
def test_a_week_survives_being_written_and_read(day: date) -> None:
    assert Week.parse(str(Week.of(day))) == Week.of(day)


@given(DAYS)
def test_a_week_finds_its_days_again(day: date) -> None:
    assert Week.of(day).day(day.weekday()) == day


@given(DAYS, st.integers(-200, 200))
def test_weeks_count_forward_and_back(day: date, weeks: int) -> None:
    week = Week.of(day)
    later = week.plus(weeks)
    assert later == Week.of(day + timedelta(weeks=weeks))
    assert week.weeks_until(later) == weeks
    assert week.next().previous() == week
    assert (later > week) == (weeks > 0)


@pytest.mark.parametrize(
    "text", ["", "2026-48", "2026-W54", "2025-W53", "2026-W00", "2026-W7", "2026-W480", "x"]
)
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Week.parse(text)


def test_a_week_the_year_does_not_have_cannot_be_made() -> None:
    with pytest.raises(ValueError):
        Week(2025, 53)
