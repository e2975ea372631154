"""Bets: which day is offered, what is known when, and what came true."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.absences import Absence, WorkPattern
from domain.bets import (
    LEAST_JUDGED,
    Bet,
    BetFate,
    Known,
    Look,
    NumberKnown,
    Verdict,
    compared,
    know_initiative,
    know_kpi,
    last_weeks,
    look_instant,
    offered_look,
    tally,
    why_no_look,
)
from domain.check_ins import Standing
from domain.closed_weeks import InitiativeThen
from domain.forecasts import forecast
from domain.healths import Health
from domain.initiatives import Status, with_readings
from domain.kpis import Cadence, Direction, Kind, Kpi, KpiReading
from domain.pace import Pace, Point
from domain.periods import Week
from tests.support.harbor_lights import NEWSLETTER, SUBSCRIBERS

START = date(2026, 11, 23)
DECIDED = date(2026, 12, 21)
LOOK_ON = date(2027, 1, 18)
AT = datetime(2026, 12, 21, 10, tzinfo=UTC)


def kpi(*values: int, direction: Direction = Direction.INCREASE_TO, target: int = 420) -> Kpi:
    """Read every Monday from a week after its baseline on."""
    readings = tuple(
        KpiReading(number, 1, START + timedelta(weeks=number), Decimal(value), "command", "", None, AT)
        for number, value in enumerate(values, start=1)
    )
    return Kpi(
        1,
        "T1",
        1,
        None,
        "Monthly givers",
        Kind.COUNT,
        "",
        direction,
        Decimal(310),
        START,
        Decimal(target),
        date(2027, 3, 31),
        "U1",
        Cadence.WEEKLY,
        "",
        readings=readings,
    )


def known(value: int, on: date, at: date = DECIDED, *, is_up: bool = True) -> Known:
    return Known(
        at, "Monthly givers", NumberKnown("Monthly givers", "", is_up, Pace.ON_PACE, Decimal(value), on)
    )


def bet(expected: int | None = 360, found: Known | None = None, *said: Verdict, is_up: bool = True) -> Bet:
    looks = tuple(
        Look(1, f"U{number}", None, verdict, "", AT, number + 1) for number, verdict in enumerate(said)
    )
    value = None if expected is None else Decimal(expected)
    then = known(340, DECIDED, is_up=is_up)
    return Bet(
        1, "T1", 1, 7, 1, None, "", value, LOOK_ON, "U0", AT, then, found=found, looked_at=AT, looks=looks
    )


def test_four_weeks_ahead_are_offered_on_a_day_on_which_the_decider_works() -> None:
    pattern = WorkPattern(country="GB")
    assert offered_look(date(2026, 12, 21), pattern, ()) == date(2027, 1, 18)
    assert offered_look(date(2026, 12, 19), pattern, ()) == date(2027, 1, 18)  # a Saturday
    away = Absence(date(2027, 1, 10), date(2027, 1, 20))
    assert offered_look(date(2026, 12, 21), pattern, (away,)) == date(2027, 1, 21)
    forever = Absence(date(2027, 1, 10), None)
    assert offered_look(date(2026, 12, 21), pattern, (forever,)) == date(2027, 1, 18)


def test_a_day_to_look_again_comes_after_today_and_within_a_year() -> None:
    today = date(2026, 12, 21)
    assert why_no_look(date(2026, 12, 22), today) is None
    assert why_no_look(date(2027, 12, 21), today) is None
    assert why_no_look(today, today) == "Choose a day after today: something has to have happened by then."
    late = "22 Dec 2027 is more than a year away. Choose an earlier day."
    assert why_no_look(date(2027, 12, 22), today) == late


def test_it_is_looked_at_from_nine_in_the_morning_of_the_strategy() -> None:
    assert look_instant(date(2027, 7, 1), "Europe/London") == datetime(2027, 7, 1, 8, tzinfo=UTC)


def test_of_a_kpi_its_last_value_and_its_forecast_for_the_day_are_known() -> None:
    one = kpi(318, 322, 333, 340, 999)
    found = know_kpi(one, DECIDED, LOOK_ON)
    assert found.number is not None
    ahead = forecast(one.plan, one.readings[:4], DECIDED, also=LOOK_ON)
    assert ahead is not None
    assert (found.number.value, found.number.on) == (Decimal(340), DECIDED)
    assert found.number.forecast == ahead.by(LOOK_ON)
    assert found.number.forecast.on == LOOK_ON
    assert found.fate is BetFate.GOES_ON


def test_before_there_is_enough_to_say_there_is_a_value_and_no_forecast() -> None:
    number = know_kpi(kpi(), date(2026, 11, 25), LOOK_ON).number
    assert number is not None
    assert (number.value, number.on, number.forecast) == (Decimal(310), START, None)
    limit = know_kpi(
        kpi(318, 322, 333, 340, direction=Direction.STAY_ABOVE, target=300), DECIDED, LOOK_ON
    ).number
    assert limit is not None
    assert limit.forecast is None


def test_on_the_day_itself_nothing_is_forecast() -> None:
    number = know_kpi(kpi(318, 322, 333, 340, 345), LOOK_ON, LOOK_ON).number
    assert number is not None
    assert number.forecast is None


def test_of_an_initiative_the_last_weeks_and_its_first_metric_are_known() -> None:
    weeks = [Week(2026, 48).plus(number) for number in range(6)]
    answered = {
        week: InitiativeThen(1, Standing.ANSWERED, health)
        for week, health in zip(weeks, [Health.ON_TRACK] * 3 + [Health.AT_RISK] * 3, strict=True)
    }
    by_week = answered | {
        weeks[1]: InitiativeThen(1, Standing.NO_ANSWER),
        weeks[2]: InitiativeThen(1, Standing.AWAY),
    }
    read = with_readings(NEWSLETTER, {SUBSCRIBERS.id: [Point(date(2026, 12, 14), Decimal(4400))]})
    then = last_weeks(know_initiative(read, by_week, DECIDED, LOOK_ON))
    assert then.weeks == (
        (weeks[0], Health.ON_TRACK),
        (weeks[1], None),
        (weeks[3], Health.AT_RISK),
        (weeks[4], Health.AT_RISK),
    )
    assert then.number is not None
    assert (then.number.name, then.number.value) == (SUBSCRIBERS.name, Decimal(4400))
    stopped = replace(read, status=Status.STOPPED)
    later = compared(then, know_initiative(stopped, by_week, weeks[5].day(3), LOOK_ON))
    assert later.weeks == ((weeks[5], Health.AT_RISK),)
    assert later.fate is BetFate.STOPPED


def test_the_week_that_is_still_to_be_answered_is_no_silence() -> None:
    week = Week.of(DECIDED)
    assert (
        know_initiative(NEWSLETTER, {week: InitiativeThen(1, Standing.NO_ANSWER)}, DECIDED, LOOK_ON).weeks
        == ()
    )


def test_a_number_in_another_unit_is_not_compared() -> None:
    then, found = known(340, DECIDED), known(41, LOOK_ON, LOOK_ON)
    assert found.number is not None
    hours = replace(found, number=replace(found.number, unit="h"))
    money = replace(then, number=replace(then.number, unit="£")) if then.number else then
    assert compared(money, hours).number is None
    assert compared(replace(then, number=None), found).number is None
    assert compared(then, found).number == found.number


@pytest.mark.parametrize(
    ("value", "is_up", "came_true"),
    [(360, True, True), (359, True, False), (360, False, True), (361, False, False)],
)
def test_an_expected_number_came_true_once_it_is_met(value: int, is_up: bool, came_true: bool) -> None:
    found = known(value, date(2027, 1, 11), LOOK_ON, is_up=is_up)
    assert bet(360, found, Verdict.STOP, is_up=is_up).came_true is came_true


def test_whether_it_came_true_is_not_known_where_nobody_has_read_it_since() -> None:
    assert bet(300, known(340, DECIDED, LOOK_ON), Verdict.KEEP).came_true is None
    assert bet(300, Known(LOOK_ON, "Monthly givers")).came_true is None
    assert bet(300).came_true is None


def test_without_a_number_the_first_word_decides_whether_it_came_true() -> None:
    found = known(340, DECIDED, LOOK_ON)
    assert bet(None, found).came_true is None
    assert bet(None, found, Verdict.KEEP, Verdict.STOP).came_true is True
    assert bet(None, found, Verdict.CHANGE, Verdict.KEEP).came_true is False


def test_how_many_came_true_is_told_from_three_on() -> None:
    found = known(400, LOOK_ON, LOOK_ON)
    true, false, unknown = bet(360, found), bet(500, found), bet(None, found)
    assert LEAST_JUDGED == 3
    assert tally([true, false, unknown, unknown]) is None
    assert tally([true, false, true, unknown]) == (2, 3)
    assert tally([true, false, replace(true, withdrawn_at=AT)]) is None
