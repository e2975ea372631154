"""How far ahead a day may lie."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.days import MOST_YEARS_OF_TARGET, why_too_far

DAYS = st.dates(date(2020, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("day", "years", "refusal"),
    [
        (date(2028, 11, 26), 2, None),
        (date(2028, 11, 27), 2, "27 Nov 2028 is more than two years away. Choose an earlier day."),
        (date(9999, 12, 31), 2, "31 Dec 9999 is more than two years away. Choose an earlier day."),
        (date(2031, 11, 26), MOST_YEARS_OF_TARGET, None),
        (date(2031, 11, 27), MOST_YEARS_OF_TARGET, "27 Nov 2031 is more than five years away."),
    ],
)
def test_a_day_may_lie_two_years_ahead_and_a_target_five(day: date, years: int, refusal: str | None) -> None:
    said = why_too_far(day, date(2026, 11, 26), years)
    assert said == refusal or (said or "").startswith(refusal or "-")


@given(today=DAYS, ahead=st.integers(0, 2000))
def test_the_limit_is_a_day_of_the_calendar_whatever_day_it_is(today: date, ahead: int) -> None:
    refused = why_too_far(today + timedelta(days=ahead), today) is not None
    assert refused or ahead <= 731
    assert not refused or ahead > 729


def test_a_leap_day_has_a_limit_too() -> None:
    assert why_too_far(date(2030, 2, 28), date(2028, 2, 29)) is None
    assert why_too_far(date(2030, 3, 1), date(2028, 2, 29)) is not None
