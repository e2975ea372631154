"""Which goals are measurable, and what is missing in those that are not."""

import pytest

from domain.goals import why_vague


@pytest.mark.parametrize(
    "goal",
    [
        "Newsletter subscribers from 4,200 to 6,000 by 31 March",
        "Increase organic traffic by 25 % within six months",
        "Cut CAC from £38 to £30 by EOY",
        "50% more leads in 90 days",
        "420 monthly givers by 31 March 2027",
        "20 % more bookings by Q2",
        "NPS 45 by the end of the year",
        "1,000 volunteers by Easter",
        "Answer within 24 h by May",
        "200 B2B leads by Q3 2027",
        "Double the newsletter list by March",
        "5 events a month by 2027",
        "Reach 6.000 subscribers by 31.03.2027",
        "30 new partners over the next 6 months",
        "Churn below 3% this quarter",
        "£50k in donations before Christmas",
    ],
)
def test_a_goal_with_a_number_and_a_time_is_measurable(goal: str) -> None:
    assert why_vague(goal) is None


@pytest.mark.parametrize(
    ("goal", "missing"),
    [
        ("Post 3 times a week", "a date"),
        ("Send 2 newsletters per month", "a date"),
        ("50 % more leads", "a date"),
        ("B2B leads by Q3 2027", "a number"),
        ("Web 2.0 by May", "a number"),
        ("Launch phase 2 by May", "a number"),
        ("More givers by 31 March", "a number"),
        ("More leads in 90 days", "a number"),
        ("A better website by 2027", "a number"),
        ("Grow in the spring", "a number"),
        ("Be better known", "a number and a date"),
        ("Post weekly", "a number and a date"),
        ("B2B first", "a number and a date"),
    ],
)
def test_a_vague_goal_is_sent_back_with_what_is_missing(goal: str, missing: str) -> None:
    sentence = why_vague(goal)
    assert sentence is not None
    assert sentence.startswith(f"Add {missing}, so that everyone can see when it is reached.")
