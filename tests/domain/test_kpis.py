"""What a KPI's line is, how it stands against it, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from domain.errors import DomainError
from domain.initiatives import Status
from domain.kpis import (
    Cadence,
    Direction,
    Kind,
    Kpi,
    require_room,
    unserved_goals,
    vanity_hint,
    why_no_reading,
    why_wrong_side,
)
from domain.pace import Pace
from domain.reading.amounts import kind_of, read_amount, why_wrong_unit
from domain.strategies import Goal
from tests.domain.kpis_to_read import ANSWER_TIME, BEGIN, COST, END, GIVERS, RETENTION, measured
from tests.support.harbor_lights import NEWSLETTER

HALF = BEGIN + (END - BEGIN) / 2


@pytest.mark.parametrize(
    ("kpi", "value", "expected"),
    [
        (GIVERS, "365", Pace.ON_PACE),
        (GIVERS, "344", Pace.ON_PACE),
        (GIVERS, "342", Pace.BEHIND),
        (GIVERS, "420", Pace.REACHED),
        (COST, "47", Pace.ON_PACE),
        (COST, "48", Pace.BEHIND),
        (COST, "37.5", Pace.REACHED),
        (RETENTION, "62", Pace.ON_PACE),
        (RETENTION, "61.9", Pace.BEHIND),
        (ANSWER_TIME, "24", Pace.ON_PACE),
        (ANSWER_TIME, "25", Pace.BEHIND),
    ],
)
def test_a_reading_halfway_is_judged_by_what_is_due_on_its_own_day(
    kpi: Kpi, value: str, expected: Pace
) -> None:
    assert measured(kpi, HALF, value).pace(HALF + timedelta(10)) is expected


def test_a_monthly_kpi_is_not_outdated_for_want_of_a_weekly_reading() -> None:
    monthly = replace(measured(GIVERS, HALF, "365"), cadence=Cadence.MONTHLY)
    assert monthly.pace(HALF + timedelta(41)) is Pace.ON_PACE
    assert monthly.pace(HALF + timedelta(42)) is Pace.OUTDATED
    assert measured(GIVERS, HALF, "365").pace(HALF + timedelta(15)) is Pace.OUTDATED


def test_one_that_is_new_is_not_yet_outdated_however_old_its_baseline() -> None:
    created = datetime.combine(HALF, time(9), UTC)
    assert replace(GIVERS, created_at=created).pace(HALF + timedelta(14)) is Pace.NO_READING
    assert replace(GIVERS, created_at=created).pace(HALF + timedelta(15)) is Pace.OUTDATED


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "is_right"),
    [
        (Direction.INCREASE_TO, 310, 420, True),
        (Direction.INCREASE_TO, 310, 310, False),
        (Direction.INCREASE_TO, 310, 300, False),
        (Direction.DECREASE_TO, 52, 38, True),
        (Direction.DECREASE_TO, 52, 60, False),
        (Direction.STAY_ABOVE, 64, 62, True),
        (Direction.STAY_ABOVE, 60, 62, False),
        (Direction.STAY_BELOW, 22, 24, True),
        (Direction.STAY_BELOW, 41, 24, False),
    ],
)
def test_a_target_on_the_wrong_side_of_the_baseline_is_refused(
    direction: Direction, baseline: int, target: int, is_right: bool
) -> None:
    assert (why_wrong_side(direction, Decimal(baseline), Decimal(target)) is None) is is_right


def test_a_reading_is_neither_of_the_future_nor_from_before_the_baseline() -> None:
    assert why_no_reading(GIVERS, BEGIN, BEGIN) is None
    assert "in the future" in str(why_no_reading(GIVERS, BEGIN + timedelta(1), BEGIN))
    assert "before the baseline" in str(why_no_reading(GIVERS, BEGIN - timedelta(1), BEGIN))


def test_a_seventh_kpi_is_refused() -> None:
    require_room(5)
    with pytest.raises(DomainError, match="/kpi retire"):
        require_room(6)


def test_a_goal_is_served_by_a_kpi_as_well_as_by_an_initiative() -> None:
    goals = (Goal(1, "one"), Goal(2, "two"))
    assert unserved_goals(goals, (), (GIVERS,)) == (goals[1],)
    assert unserved_goals(goals, (NEWSLETTER,), ()) == (goals[1],)


def test_closed_initiatives_serve_no_goal() -> None:
    goals = (Goal(1, "one"),)
    assert unserved_goals(goals, [replace(NEWSLETTER, status=Status.PAUSED)], ()) == ()
    assert unserved_goals(goals, [replace(NEWSLETTER, status=Status.STOPPED)], ()) == goals


@pytest.mark.parametrize(
    "name",
    ["Impressions", "Facebook likes", "followers", "Page views", "Email opens", "open rate", "Post shares"],
)
def test_names_that_read_like_vanity_metrics_get_an_outcome_to_consider(name: str) -> None:
    assert vanity_hint(name)


@pytest.mark.parametrize(
    "name",
    [
        "Monthly givers",
        "Visits that give",
        "Cost per download",
        "Likelihood to return",
        "Reopened cases",
        "Market share",
        "Market shares of the three brands",
        "Share of voice",
        "Wallet share",
        "Reaction time",
        "Open-water sign-ups",
        "Open positions",
        "Friend referrals",
        "Download speed",
        "Hit rate of proposals",
    ],
)
def test_outcomes_get_no_caution(name: str) -> None:
    assert vanity_hint(name) is None


@pytest.mark.parametrize(
    ("text", "kind", "unit", "value"),
    [
        ("1,234.5", Kind.COUNT, "", "1234.5"),
        ("1.234,5", Kind.COUNT, "", "1234.5"),
        ("12%", Kind.PERCENT, "%", "12"),
        ("12 percent", Kind.PERCENT, "%", "12"),
        ("12", Kind.PERCENT, "%", "12"),
        ("$4k", Kind.CURRENCY, "$", "4000"),
        ("4k USD", Kind.CURRENCY, "$", "4000"),
        ("-£3", Kind.CURRENCY, "£", "-3"),
        ("£1.2m", Kind.CURRENCY, "GBP", "1200000"),
        ("3h", Kind.DURATION, "h", "3"),
        ("3 hours", Kind.DURATION, "h", "3"),
        ("90m", Kind.DURATION, "min", "90"),
        ("12 givers", Kind.COUNT, "givers", "12"),
        ("7 kg CO2", Kind.COUNT, "kg CO2", "7"),
        (".5", Kind.RATIO, "", "0.5"),
        ("$.50", Kind.CURRENCY, "$", "0.5"),
        ("-.5%", Kind.PERCENT, "%", "-0.5"),
        ("Rs.500", Kind.CURRENCY, "Rs", "500"),
    ],
)
def test_numbers_are_read_as_people_type_them(text: str, kind: Kind, unit: str, value: str) -> None:
    assert read_amount(text, kind, unit) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("$40", Kind.CURRENCY, "£"),
        ("40 EUR", Kind.CURRENCY, "£"),
        ("12%", Kind.COUNT, ""),
        ("3h", Kind.COUNT, ""),
        ("90 min", Kind.DURATION, "h"),
        ("90m", Kind.DURATION, "h"),
        ("£5", Kind.PERCENT, "%"),
    ],
)
def test_units_that_differ_are_refused(text: str, kind: Kind, unit: str) -> None:
    with pytest.raises(ValueError, match="This is kept"):
        read_amount(text, kind, unit)


@pytest.mark.parametrize("text", ["", "soon", "1,2,3", "12 13"])
def test_what_is_no_number_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        read_amount(text, Kind.COUNT, "")


@pytest.mark.parametrize(
    ("kind", "unit", "is_right"),
    [
        (Kind.COUNT, "", True),
        (Kind.COUNT, "givers", True),
        (Kind.COUNT, "%", False),
        (Kind.PERCENT, "", True),
        (Kind.PERCENT, "£", False),
        (Kind.CURRENCY, "CHF", True),
        (Kind.CURRENCY, "₪", True),
        (Kind.CURRENCY, "", False),
        (Kind.DURATION, "hours", True),
        (Kind.DURATION, "givers", False),
        (Kind.RATIO, "£", False),
    ],
)
def test_the_unit_has_to_fit_the_kind(kind: Kind, unit: str, is_right: bool) -> None:
    assert (why_wrong_unit(kind, unit) is None) is is_right


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("percent", Kind.PERCENT),
        ("€", Kind.CURRENCY),
        ("SEK", Kind.CURRENCY),
        ("KRW", Kind.CURRENCY),
        ("hours", Kind.DURATION),
        ("MQL", None),
        ("givers", None),
        ("", None),
    ],
)
def test_a_unit_says_of_what_kind_a_number_is(unit: str, kind: Kind | None) -> None:
    assert kind_of(unit) is kind
