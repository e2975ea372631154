"""When deciders are reminded and when defaults take effect, in every zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.absences import Absence, WorkPattern, is_away, is_day_off, last_free_day, may_remind
from domain.decisions import (
    AskKind,
    Decision,
    DecisionState,
    default_instant,
    first_fair_day,
    is_overdue,
    next_instant,
    offered_day,
    read_options,
    reminder_instant,
    why_not_due,
)
from domain.schedules import is_within_hours
from tests.domain.zones import INSTANTS, ZONES

EVERY_DAY = WorkPattern(frozenset(range(7)))
WEEKDAYS = WorkPattern()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DAYS = st.dates(date(2024, 1, 2), date(2034, 12, 30))
LONDON = "Europe/London"
THURSDAY = date(2026, 12, 3)
EFFECT = default_instant(THURSDAY, LONDON)


def reminder(
    asked_at: datetime = LONG_AGO,
    zone: str = LONDON,
    pattern: WorkPattern = WEEKDAYS,
    absences: tuple[Absence, ...] = (),
    due: date = THURSDAY,
) -> datetime | None:
    return reminder_instant(default_instant(due, LONDON), asked_at, zone, pattern, absences)


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@given(due=DAYS, zone=ZONES)
def test_a_default_takes_effect_at_18_on_its_day_by_the_strategys_clock(due: date, zone: str) -> None:
    local = default_instant(due, zone).astimezone(ZoneInfo(zone))
    assert (local.date(), local.time()) == (due, time(18))


@given(due=DAYS, zone=ZONES, home=ZONES)
def test_the_reminder_comes_at_9_by_the_deciders_clock_on_the_day_before(
    due: date, zone: str, home: str
) -> None:
    takes_effect = default_instant(due, zone)
    found = reminder_instant(takes_effect, LONG_AGO, home, EVERY_DAY, ())
    assert found is not None
    local = found.astimezone(ZoneInfo(home))
    assert local.time() == time(9)
    assert local.date() == takes_effect.astimezone(ZoneInfo(home)).date() - timedelta(days=1)
    # A whole night to decide, and no more than a day and a half; clocks may change by an hour in between.
    assert timedelta(hours=14) <= takes_effect - found <= timedelta(hours=40)


@given(due=DAYS, zone=ZONES, home=ZONES, asked=INSTANTS)
def test_no_reminder_comes_before_the_ask_or_after_the_default(
    due: date, zone: str, home: str, asked: datetime
) -> None:
    takes_effect = default_instant(due, zone)
    assume(asked < takes_effect)
    found = reminder_instant(takes_effect, asked, home, WEEKDAYS, ())
    assert found is None or asked < found < takes_effect


@given(due=DAYS, zone=ZONES, home=ZONES, now=INSTANTS)
def test_a_late_reminder_waits_for_8_to_18_and_never_passes_the_default(
    due: date, zone: str, home: str, now: datetime
) -> None:
    takes_effect = default_instant(due, zone)
    assume(now < takes_effect)
    late = min(now, takes_effect) - timedelta(days=1)
    found = next_instant(takes_effect, late, now, home, WEEKDAYS, ())
    assert now <= found <= takes_effect
    assert found == takes_effect or (is_within_hours(found, home) and may_remind(found, home, WEEKDAYS, ()))


def test_a_decider_who_is_off_the_day_before_is_reminded_on_their_last_working_day() -> None:
    assert reminder(due=date(2026, 11, 30)) == at(11, 27)


def test_a_decider_who_is_away_is_reminded_before_they_leave() -> None:
    away = (Absence(date(2026, 11, 30), date(2026, 12, 2)),)
    assert reminder(absences=away) == at(11, 27)


def test_a_decider_back_only_on_the_day_is_reminded_that_morning() -> None:
    away = (Absence(date(2026, 11, 1), date(2026, 12, 2)),)
    assert reminder(asked_at=at(11, 20), absences=away) == at(12, 3)


def test_a_decider_who_is_away_throughout_is_not_reminded() -> None:
    away = (Absence(date(2026, 11, 1), None),)
    assert reminder(asked_at=at(11, 20), absences=away) is None


def test_an_ask_made_after_the_time_of_its_reminder_has_none() -> None:
    assert reminder(asked_at=at(12, 2, 10)) is None
    assert reminder(asked_at=at(12, 2, 8)) == at(12, 2)


def test_nothing_is_left_but_the_default_once_a_decider_was_reminded() -> None:
    assert next_instant(EFFECT, None, at(12, 1), LONDON, WEEKDAYS, ()) == EFFECT


def test_an_ask_is_overdue_from_the_instant_its_default_would_take_effect() -> None:
    decision = Decision(1, "T1", 1, None, None, AskKind.HELP, "?", "", (), "no", "U1", "U2", THURSDAY)
    assert not is_overdue(decision, LONDON, EFFECT - timedelta(seconds=1))
    assert is_overdue(decision, LONDON, EFFECT)


def test_only_an_open_ask_is_overdue() -> None:
    settled = Decision(
        1,
        "T1",
        1,
        None,
        None,
        AskKind.HELP,
        "?",
        "",
        (),
        "no",
        "U1",
        "U2",
        THURSDAY,
        state=DecisionState.DEFAULTED,
    )
    assert not is_overdue(settled, LONDON, EFFECT)


def test_a_day_that_is_over_is_refused_with_a_sentence() -> None:
    assert (
        why_not_due(date(2026, 12, 2), LONDON, at(12, 3)) == "That day is over. Choose today or a later day."
    )
    assert why_not_due(THURSDAY, LONDON, at(12, 3, 17)) is None
    assert "Asks are decided by 18:00, and that is over for today" in (
        why_not_due(THURSDAY, LONDON, at(12, 3, 18)) or ""
    )


def test_options_are_lines_without_blank_ones_and_repeats() -> None:
    assert read_options("Red\n\n Blue \nRed") == ("Red", "Blue")
    assert read_options(" \n") == ()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("a\nb\nc\nd\ne\nf", "That is 6 options, and 5 is the most"),
        ("only this", "One option is no choice"),
        ("x" * 76 + "\ny", "An option has room for 75 characters"),
    ],
)
def test_options_that_cannot_be_buttons_are_refused_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_options(typed)


@pytest.mark.parametrize("twin", ["wait for legal", "Wait for\u200b legal", "W\u0430it for legal"])
def test_options_that_read_the_same_are_refused(twin: str) -> None:
    with pytest.raises(ValueError, match="Two options read the same"):
        read_options(f"Wait for legal\n{twin}\nGo on")


def test_a_line_of_nothing_that_is_seen_is_no_option() -> None:
    assert read_options("Wait\n\u200b\u202e\nGo on") == ("Wait", "Go on")


@pytest.mark.parametrize("last", [date(9999, 12, 31), None])
def test_an_absence_for_thousands_of_years_is_stepped_over_at_once(last: date | None) -> None:
    away = Absence(date(2026, 11, 30), last)
    assert reminder(absences=(away,), due=date(9999, 12, 30)) == at(11, 27)


def test_an_absence_since_the_beginning_of_time_leaves_no_reminder() -> None:
    assert reminder(absences=(Absence(date.min, date.max),)) is None


@given(
    due=DAYS,
    days=st.lists(st.tuples(DAYS, st.integers(0, 40)), max_size=4),
    asked=INSTANTS,
    working=st.frozensets(st.integers(0, 6), min_size=1),
)
def test_stepping_over_absences_finds_what_going_day_by_day_finds(
    due: date, days: list[tuple[date, int]], asked: datetime, working: frozenset[int]
) -> None:
    first = due - timedelta(days=60)
    away = tuple(Absence(day, day + timedelta(days=length)) for day, length in days)
    near = (*away, Absence(due - timedelta(days=9), due - timedelta(days=3)))
    pattern = WorkPattern(working)
    one_by_one = (due - timedelta(days=back) for back in range(61))
    expected = next(
        (day for day in one_by_one if not is_day_off(day, pattern) and not is_away(day, near)), None
    )
    assert last_free_day(due, first, pattern, near) == expected


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Europe/London"])
@pytest.mark.parametrize("home", ["Pacific/Kiritimati", "America/Los_Angeles", "Europe/London"])
def test_an_ask_decided_by_the_calendars_last_day_is_no_trouble(zone: str, home: str) -> None:
    takes_effect = default_instant(date.max, zone)
    found = reminder_instant(takes_effect, LONG_AGO, home, WEEKDAYS, ())
    assert found is not None
    assert next_instant(takes_effect, found, LONG_AGO, home, WEEKDAYS, ()) == found


def test_an_ask_is_decided_within_two_years() -> None:
    now = at(11, 26)
    assert why_not_due(date(2028, 11, 26), LONDON, now) is None
    assert why_not_due(date(9999, 12, 31), LONDON, now) == (
        "31 Dec 9999 is more than two years away. Choose an earlier day."
    )


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        (at(11, 23), date(2026, 11, 27)),  # a Monday
        (at(11, 27, 8), date(2026, 11, 27)),  # a Friday that leaves its morning
        (at(11, 27, 14), date(2026, 11, 27)),
        (at(11, 27, 15), date(2026, 11, 30)),  # three hours are too few
        (at(11, 28), date(2026, 12, 4)),
    ],
)
def test_an_ask_is_offered_by_friday_or_the_first_day_after_it_that_leaves_time(
    now: datetime, offered: date
) -> None:
    assert offered_day(now, LONDON, LONDON, WEEKDAYS, ()) == offered


def test_a_deciders_own_zone_days_and_absences_decide_which_day_leaves_time() -> None:
    friday = at(11, 27, 8)
    assert offered_day(friday, LONDON, "Pacific/Auckland", WEEKDAYS, ()) == date(2026, 11, 30)
    assert offered_day(friday, LONDON, LONDON, WorkPattern(frozenset({2})), ()) == date(2026, 12, 2)
    away = Absence(date(2026, 11, 23), date(2026, 12, 8))
    assert offered_day(friday, LONDON, LONDON, WEEKDAYS, (away,)) == date(2026, 12, 9)
    assert (
        offered_day(friday, LONDON, LONDON, WEEKDAYS, (Absence(date(2026, 11, 23), None),)) == friday.date()
    )


@given(now=INSTANTS, zone=ZONES, home=ZONES)
def test_the_first_fair_day_leaves_four_working_hours_and_the_day_before_does_not(
    now: datetime, zone: str, home: str
) -> None:
    now = now.replace(second=0, microsecond=0)
    found = first_fair_day(now, zone, home, WEEKDAYS)
    assert found is not None
    assert _minutes_left(now, default_instant(found, zone), home) >= 240
    assert _minutes_left(now, default_instant(found - timedelta(days=1), zone), home) < 240


def _minutes_left(now: datetime, end: datetime, home: str) -> int:
    minutes = (
        now + timedelta(minutes=ahead) for ahead in range(max(0, int((end - now).total_seconds()) // 60))
    )
    return sum(may_remind(minute, home, WEEKDAYS, ()) for minute in minutes)
