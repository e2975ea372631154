"""Days off, absences, and the prompts and reminders that give way to them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.absences import (
    Absence,
    WorkPattern,
    away_until,
    is_away,
    is_day_off,
    list_countries,
    list_parts,
    made_up_at,
    may_remind,
    next_working_moment,
    prompt_for,
    snooze_until,
    working_days_after,
)
from domain.periods import Week
from domain.schedules import (
    DEFAULT_SCHEDULE,
    Schedule,
    WeeklyTime,
    digest_instant,
    is_within_hours,
    prompt_instant,
)
from tests.domain.zones import INSTANTS, SCHEDULES, ZONES

W48 = Week(2026, 48)
MONDAY, TUESDAY, WEDNESDAY = (W48.day(weekday) for weekday in range(3))
OFFICE = WorkPattern()
LONDON = "Europe/London"

DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))
PATTERNS = st.builds(
    WorkPattern,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.sampled_from([None, "GB", "US", "NZ", "IN", "AE"]),
)


@st.composite
def absences(draw: st.DrawFn) -> Absence:
    first = draw(DAYS)
    length = draw(st.one_of(st.none(), st.integers(0, 20)))
    return Absence(first, None if length is None else first + timedelta(days=length))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def prompted(pattern: WorkPattern = OFFICE, *away: Absence, week: Week = W48) -> datetime | None:
    return prompt_for(DEFAULT_SCHEDULE, week, LONDON, LONDON, pattern, away)


# --- days off


def test_by_default_saturday_and_sunday_are_off() -> None:
    assert [is_day_off(W48.day(weekday), OFFICE) for weekday in range(7)] == [False] * 5 + [True] * 2


def test_working_days_may_be_any() -> None:
    sunday_to_thursday = WorkPattern(frozenset({6, 0, 1, 2, 3}))
    assert not is_day_off(W48.day(6), sunday_to_thursday)
    assert is_day_off(W48.day(4), sunday_to_thursday)


@pytest.mark.parametrize(
    ("day", "country", "subdivision", "off"),
    [
        (date(2026, 12, 25), "GB", None, True),
        (date(2026, 12, 25), None, None, False),
        (date(2026, 12, 28), "GB", "ENG", True),  # Boxing Day falls on a Saturday
        (date(2026, 11, 26), "US", None, True),  # Thanksgiving
        (date(2026, 11, 26), "GB", None, False),
        (date(2026, 11, 30), "GB", "SCT", True),  # St Andrew's Day
        (date(2026, 11, 30), "GB", "ENG", False),
        (date(2027, 12, 31), "US", None, True),  # New Year's Day 2028 falls on a Saturday
        (date(2026, 1, 26), "IN", None, True),
        (date(2026, 2, 6), "NZ", None, True),
        (date(2026, 4, 6), "GB", "ENG", True),  # Easter Monday
        (date(2026, 4, 6), "GB", "SCT", False),
        (date(2026, 8, 31), "GB", "ENG", True),  # the August bank holiday
        (date(2025, 8, 15), "DE", "BY", False),  # Assumption is a day off in Catholic towns alone
        (date(2026, 1, 6), "DE", "BY", True),  # Epiphany
        (date(2026, 1, 6), "DE", "BE", False),
    ],
)
def test_public_holidays_are_those_of_the_country(
    day: date, country: str | None, subdivision: str | None, *, off: bool
) -> None:
    assert is_day_off(day, WorkPattern(country=country, subdivision=subdivision)) is off


def test_a_country_nobody_knows_has_no_public_holidays() -> None:
    assert not is_day_off(date(2026, 12, 25), WorkPattern(country="XX"))


def test_an_unknown_part_of_a_country_has_the_countrys_holidays() -> None:
    assert is_day_off(date(2026, 12, 25), WorkPattern(country="GB", subdivision="ZZ"))


def test_countries_are_listed_by_name_with_their_codes() -> None:
    countries = list_countries()
    assert len(countries) > 200
    assert {("GB", "United Kingdom"), ("NZ", "New Zealand"), ("BA", "Bosnia and Herzegovina")} <= set(
        countries
    )
    assert [name for _, name in countries] == sorted(name for _, name in countries)
    assert all(len(code) == 2 and code.isupper() for code, _ in countries)


# --- absences


def test_an_absence_has_both_its_days() -> None:
    absence = [Absence(MONDAY, TUESDAY)]
    assert [is_away(day, absence) for day in (MONDAY - timedelta(1), MONDAY, TUESDAY, WEDNESDAY)] == [
        False,
        True,
        True,
        False,
    ]


def test_an_absence_without_an_end_lasts() -> None:
    absence = [Absence(MONDAY, None)]
    assert is_away(date(2030, 1, 1), absence)
    assert not is_away(MONDAY - timedelta(1), absence)
    assert away_until(MONDAY, absence) is None


def test_an_absence_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="last day away comes before"):
        Absence(TUESDAY, MONDAY)


def test_absences_that_touch_or_overlap_are_one() -> None:
    runs = [Absence(WEDNESDAY, W48.day(4)), Absence(MONDAY, TUESDAY), Absence(TUESDAY, TUESDAY)]
    assert away_until(MONDAY, runs) == W48.day(4)
    assert away_until(MONDAY, [Absence(MONDAY, WEDNESDAY), Absence(TUESDAY, TUESDAY)]) == WEDNESDAY
    assert away_until(MONDAY, [Absence(MONDAY, MONDAY), Absence(WEDNESDAY, WEDNESDAY)]) == MONDAY


def test_an_absence_that_runs_on_without_an_end_has_none() -> None:
    assert away_until(MONDAY, [Absence(MONDAY, TUESDAY), Absence(WEDNESDAY, None)]) is None


def test_nobody_is_away_until_a_day_they_are_here() -> None:
    assert away_until(MONDAY, [Absence(TUESDAY, WEDNESDAY)]) is None
    assert away_until(MONDAY, []) is None


def test_an_absence_may_last_as_long_as_the_calendar() -> None:
    forever = [Absence(date.min, date.max)]
    assert away_until(MONDAY, forever) == date.max
    assert snooze_until(utc("2026-11-23T09:00"), LONDON, OFFICE, forever) == utc("2026-11-23T12:00")


@given(DAYS, st.lists(absences(), max_size=6))
def test_away_until_is_the_last_day_of_an_unbroken_run(day: date, away: list[Absence]) -> None:
    until = away_until(day, away)
    if until is None:
        far = date(2027, 1, 1)
        endless = all(is_away(day + timedelta(days=ahead), away) for ahead in range((far - day).days))
        assert endless or not is_away(day, away)
    else:
        assert all(is_away(day + timedelta(days=ahead), away) for ahead in range((until - day).days + 1))
        assert not is_away(until + timedelta(days=1), away)


@pytest.mark.parametrize(
    ("country", "some"),
    [
        ("GB", {("ENG", "England"), ("NIR", "Northern Ireland")}),
        ("DE", {("BY", "Bayern"), ("BW", "Baden-Württemberg"), ("Augsburg", "Augsburg")}),
        ("US", {("CA", "California"), ("UT", "Utah")}),
        ("CA", {("BC", "British Columbia")}),
        ("FR", {("971", "Guadeloupe")}),
        ("AT", {("9", "Wien")}),
    ],
)
def test_a_country_with_parts_names_them_as_people_there_do(country: str, some: set[tuple[str, str]]) -> None:
    assert some <= set(list_parts(country))


@pytest.mark.parametrize("country", ["IE", "XX", "", "HolidayBase"])
def test_a_country_without_parts_and_what_is_no_country_offer_none(country: str) -> None:
    assert list_parts(country) == []


# --- the prompt of a person


def test_on_a_working_day_the_prompt_comes_when_the_schedule_says() -> None:
    assert prompted() == utc("2026-11-23T09:00")


def test_a_prompt_on_a_public_holiday_moves_to_the_next_working_day() -> None:
    assert prompted(WorkPattern(country="GB"), week=Week(2026, 22)) == utc(
        "2026-05-26T08:00"
    )  # Spring holiday
    assert prompted(WorkPattern(country="CA"), week=Week(2026, 22)) == utc("2026-05-25T08:00")


def test_a_prompt_on_a_part_timers_day_off_moves_to_the_next_working_day() -> None:
    assert prompted(WorkPattern(frozenset({2, 3, 4}))) == utc("2026-11-25T09:00")


def test_a_prompt_with_no_working_day_before_the_digest_is_skipped() -> None:
    assert prompted(WorkPattern(frozenset({3, 4}))) is None


def test_someone_away_until_the_digest_is_not_prompted() -> None:
    assert prompted(OFFICE, Absence(MONDAY, WEDNESDAY)) is None
    assert prompted(OFFICE, Absence(MONDAY, None)) is None


def test_someone_back_before_the_digest_is_prompted_on_return() -> None:
    assert prompted(OFFICE, Absence(date(2026, 11, 16), MONDAY)) == utc("2026-11-24T09:00")


def test_someone_back_on_a_day_off_is_prompted_on_the_next_working_day() -> None:
    assert prompted(WorkPattern(frozenset({0, 2, 4})), Absence(MONDAY, MONDAY)) == utc("2026-11-25T09:00")


def test_leaving_after_the_prompt_changes_nothing() -> None:
    assert prompted(OFFICE, Absence(TUESDAY, None)) == utc("2026-11-23T09:00")


def test_a_prompt_never_moves_to_the_minute_of_the_digest() -> None:
    schedule = Schedule(digest=WeeklyTime(1, time(9)))
    assert prompt_for(schedule, W48, LONDON, LONDON, OFFICE, [Absence(MONDAY, MONDAY)]) is None


def test_days_off_are_those_of_the_owners_own_calendar() -> None:
    # Monday in Auckland begins while it is Sunday in London.
    prompt = prompt_for(DEFAULT_SCHEDULE, W48, "Pacific/Auckland", LONDON, OFFICE, [])
    assert prompt == utc("2026-11-22T20:00")


def test_an_owner_whose_morning_comes_after_the_digest_is_still_prompted() -> None:
    schedule = Schedule(reminders=(), digest=WeeklyTime(0, time(11)))
    prompt = prompt_for(schedule, W48, "America/Los_Angeles", LONDON, OFFICE, [])
    assert prompt == utc("2026-11-23T17:00")


@given(SCHEDULES, ZONES, ZONES, PATTERNS, st.lists(absences(), max_size=3), DAYS)
def test_a_moved_prompt_is_the_earliest_on_a_free_day_before_the_digest(
    schedule: Schedule, owner: str, strategy: str, pattern: WorkPattern, away: list[Absence], day: date
) -> None:
    week = Week.of(day)
    prompt = prompt_for(schedule, week, owner, strategy, pattern, away)
    nominal, digest = prompt_instant(schedule, week, owner), digest_instant(schedule, week, strategy)
    first_day = week.day(schedule.prompt.weekday)
    free = [
        ahead
        for ahead in range(9)
        if not is_day_off(first_day + timedelta(days=ahead), pattern)
        and not is_away(first_day + timedelta(days=ahead), away)
    ]
    if free and free[0] == 0:
        assert prompt == nominal
    elif prompt is not None:
        assert prompt < digest
        assert (prompt - nominal + timedelta(hours=2)).days == free[0]
    elif free:
        assert nominal + timedelta(days=free[0], hours=2) >= digest


# --- reminders and snoozing


@pytest.mark.parametrize(
    ("instant", "allowed"),
    [
        ("2026-11-24T08:00", True),
        ("2026-11-24T17:59", True),
        ("2026-11-24T07:59", False),
        ("2026-11-24T18:00", False),
        ("2026-11-28T10:00", False),
    ],
)
def test_reminders_come_in_working_hours_on_working_days(instant: str, *, allowed: bool) -> None:
    assert may_remind(utc(instant), LONDON, OFFICE, []) is allowed


def test_an_owner_away_gets_no_reminder() -> None:
    assert not may_remind(utc("2026-11-24T09:00"), LONDON, OFFICE, [Absence(TUESDAY, None)])


def test_a_reminder_looks_at_the_owners_own_day() -> None:
    monday_morning_in_auckland = utc("2026-11-22T20:00")
    assert may_remind(monday_morning_in_auckland, "Pacific/Auckland", OFFICE, [])
    assert not may_remind(monday_morning_in_auckland, LONDON, OFFICE, [])


@pytest.mark.parametrize(
    ("now", "later"),
    [
        ("2026-11-23T09:00", "2026-11-23T12:00"),
        ("2026-11-23T14:59", "2026-11-23T17:59"),
        ("2026-11-23T15:00", "2026-11-24T08:00"),
        ("2026-11-23T22:00", "2026-11-24T08:00"),
        ("2026-11-23T04:00", "2026-11-23T08:00"),
        ("2026-11-27T16:00", "2026-11-30T08:00"),
        ("2026-11-28T10:00", "2026-11-30T08:00"),
    ],
)
def test_three_hours_later_stays_in_working_hours_on_a_working_day(now: str, later: str) -> None:
    assert snooze_until(utc(now), LONDON, OFFICE, []) == utc(later)


def test_snoozing_waits_until_an_absence_is_over() -> None:
    away = [Absence(TUESDAY, W48.day(4))]
    assert snooze_until(utc("2026-11-23T16:00"), LONDON, OFFICE, away) == utc("2026-11-30T08:00")


def test_who_snoozes_while_away_without_an_end_is_here() -> None:
    away = [Absence(MONDAY, None)]
    assert snooze_until(utc("2026-11-23T09:00"), LONDON, OFFICE, away) == utc("2026-11-23T12:00")


def test_snoozing_without_any_working_day_still_ends() -> None:
    never = WorkPattern(frozenset())
    assert snooze_until(utc("2026-11-23T16:00"), LONDON, never, []) == utc("2026-11-24T08:00")


@given(INSTANTS, ZONES, PATTERNS, st.lists(absences(), max_size=3))
def test_a_snooze_never_comes_early_or_at_a_bad_time(
    now: datetime, zone: str, pattern: WorkPattern, away: list[Absence]
) -> None:
    later = snooze_until(now, zone, pattern, away)
    day = later.astimezone(ZoneInfo(zone)).date()
    assert later >= now + timedelta(hours=3)
    assert is_within_hours(later, zone)
    assert not is_day_off(day, pattern)
    assert not is_away(day, [absence for absence in away if absence.last is not None])


def test_who_works_on_no_day_at_all_keeps_nobody_waiting() -> None:
    assert working_days_after(date(2026, 11, 26), 3, WorkPattern(frozenset())) == date(2026, 11, 29)
    assert working_days_after(date(2026, 11, 26), 3, OFFICE) == date(2026, 12, 1)


FRIDAY_EVENING = datetime(2026, 11, 27, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_at", "now", "expected"),
    [
        (FRIDAY_EVENING, FRIDAY_EVENING - timedelta(hours=1), FRIDAY_EVENING),
        (FRIDAY_EVENING, FRIDAY_EVENING + timedelta(hours=3), FRIDAY_EVENING),
        (FRIDAY_EVENING, FRIDAY_EVENING + timedelta(days=1), datetime(2026, 11, 30, 8, tzinfo=UTC)),
        (FRIDAY_EVENING, FRIDAY_EVENING + timedelta(days=3), FRIDAY_EVENING),
        (
            FRIDAY_EVENING + timedelta(days=1),
            FRIDAY_EVENING + timedelta(days=1, hours=2),
            FRIDAY_EVENING + timedelta(days=1),
        ),
    ],
    ids=["ahead", "the same day", "a day off", "a working day later", "due on a day off"],
)
def test_what_is_late_is_made_up_at_once_but_not_on_a_day_off(
    due_at: datetime, now: datetime, expected: datetime
) -> None:
    assert made_up_at(due_at, now, "UTC", WorkPattern()) == expected


@pytest.mark.parametrize(
    ("now", "at"),
    [
        ("2026-11-23T08:00", "2026-11-23T08:00"),
        ("2026-11-23T17:59", "2026-11-23T17:59"),
        ("2026-11-23T07:59", "2026-11-23T09:00"),
        ("2026-11-23T18:00", "2026-11-24T09:00"),
        ("2026-11-27T19:00", "2026-11-30T09:00"),
        ("2026-11-28T10:00", "2026-11-30T09:00"),
    ],
)
def test_what_nobody_asked_for_comes_in_working_time_or_at_nine_of_the_next_working_day(
    now: str, at: str
) -> None:
    assert next_working_moment(utc(now), LONDON, OFFICE, []) == utc(at)


def test_what_nobody_asked_for_does_not_come_on_a_public_holiday() -> None:
    christmas = WorkPattern(country="GB", subdivision="ENG")
    assert next_working_moment(utc("2026-12-24T18:00"), LONDON, christmas, []) == utc("2026-12-29T09:00")


@given(INSTANTS, ZONES, PATTERNS, st.lists(absences(), max_size=3))
def test_what_nobody_asked_for_never_comes_early_or_at_a_bad_time(
    now: datetime, zone: str, pattern: WorkPattern, away: list[Absence]
) -> None:
    at = next_working_moment(now, zone, pattern, away)
    assume(at is not None)
    assert at is not None
    assert at >= now
    assert may_remind(at, zone, pattern, away)
    if at > now:
        assert not may_remind(now, zone, pattern, away)
        assert at.astimezone(ZoneInfo(zone)).time() >= time(9)
