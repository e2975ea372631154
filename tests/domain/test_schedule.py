"""Prompts, reminders and digests in their zones."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.periods import Week
from domain.schedules import (
    DEFAULT_SCHEDULE,
    Schedule,
    WeeklyTime,
    check_schedule,
    describe,
    digest_instant,
    dropped_reminders,
    first_week_of_change,
    is_within_hours,
    last_moment,
    local_instant,
    period_at,
    prompt_instant,
    reminder_instants,
    reminders_kept,
    within_hours,
)
from domain.strategies import Strategy, current_week, digest_after, digest_at, next_prompt_week
from tests.domain.zones import INSTANTS, SCHEDULES, ZONES, strategy_of

W48 = Week(2026, 48)


def at(weekday: int, hour: int, minute: int = 0) -> WeeklyTime:
    return WeeklyTime(weekday, time(hour, minute))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def next_prompt_after(strategy: Strategy, instant: datetime) -> tuple[Week, datetime]:
    """The next prompt in the strategy's own zone, and its period."""
    week = next_prompt_week(strategy, strategy.zone, instant)
    return week, prompt_instant(strategy.schedule_for(week), week, strategy.zone)


# --- the default week


def test_by_default_everyone_is_prompted_at_their_own_monday_nine_o_clock() -> None:
    assert prompt_instant(DEFAULT_SCHEDULE, W48, "Pacific/Auckland") == utc("2026-11-22T20:00")
    assert prompt_instant(DEFAULT_SCHEDULE, W48, "Asia/Kolkata") == utc("2026-11-23T03:30")
    assert prompt_instant(DEFAULT_SCHEDULE, W48, "Europe/London") == utc("2026-11-23T09:00")
    assert prompt_instant(DEFAULT_SCHEDULE, W48, "America/Los_Angeles") == utc("2026-11-23T17:00")


def test_by_default_one_reminder_comes_on_tuesday_and_the_digest_on_wednesday() -> None:
    assert reminder_instants(DEFAULT_SCHEDULE, W48, "Europe/London") == (utc("2026-11-24T09:00"),)
    assert digest_instant(DEFAULT_SCHEDULE, W48, "Europe/London") == utc("2026-11-25T11:00")


@pytest.mark.parametrize(
    ("zone", "week", "instant"),
    [
        ("Asia/Kathmandu", W48, "2026-11-23T03:15"),
        ("Pacific/Chatham", W48, "2026-11-22T19:15"),
        ("Pacific/Chatham", Week(2026, 26), "2026-06-21T20:15"),
        ("Pacific/Kiritimati", W48, "2026-11-22T19:00"),
        ("Pacific/Pago_Pago", W48, "2026-11-23T20:00"),
        ("Europe/London", Week(2026, 43), "2026-10-19T08:00"),
        ("Europe/London", Week(2026, 44), "2026-10-26T09:00"),
    ],
)
def test_odd_offsets_and_summer_time_keep_nine_o_clock(zone: str, week: Week, instant: str) -> None:
    assert prompt_instant(DEFAULT_SCHEDULE, week, zone) == utc(instant)


# --- nights when the clocks change


@pytest.mark.parametrize(
    ("zone", "night", "wall", "instant"),
    [
        ("Europe/London", date(2026, 3, 29), time(1, 30), "2026-03-29T01:30"),  # 02:30 on the clock
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:30"),
        ("America/New_York", date(2026, 3, 8), time(2, 0), "2026-03-08T07:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "2026-10-03T15:40"),  # skips half an hour
        ("America/Nuuk", date(2026, 3, 28), time(23, 30), "2026-03-29T01:30"),  # skips over midnight
    ],
)
def test_a_time_the_clocks_skip_moves_forward(zone: str, night: date, wall: time, instant: str) -> None:
    assert local_instant(night, wall, zone) == utc(instant)


@pytest.mark.parametrize(
    ("zone", "night", "wall", "instant"),
    [
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        ("America/New_York", date(2026, 11, 1), time(1, 0), "2026-11-01T05:00"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-04T14:45"),
    ],
)
def test_of_a_time_the_clocks_repeat_the_first_counts(
    zone: str, night: date, wall: time, instant: str
) -> None:
    assert local_instant(night, wall, zone) == utc(instant)


def test_a_prompt_in_the_repeated_hour_fires_once() -> None:
    berlin = strategy_of(Schedule(prompt=at(6, 2, 30)), "Europe/Berlin")
    assert next_prompt_after(berlin, utc("2026-10-24T12:00")) == (Week(2026, 43), utc("2026-10-25T00:30"))
    assert next_prompt_after(berlin, utc("2026-10-25T00:30")) == (Week(2026, 44), utc("2026-11-01T01:30"))


def test_a_prompt_in_the_skipped_hour_fires_once_an_hour_later_on_the_clock() -> None:
    berlin = strategy_of(Schedule(prompt=at(6, 2, 30)), "Europe/Berlin")
    week, first = next_prompt_after(berlin, utc("2026-03-28T12:00"))
    assert (week, first) == (Week(2026, 13), utc("2026-03-29T01:30"))
    assert first.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3, 30)
    assert next_prompt_after(berlin, first)[0] == Week(2026, 14)


# --- the order of a week


def test_a_digest_earlier_in_the_week_than_the_prompt_comes_in_the_next_week() -> None:
    schedule = Schedule(prompt=at(4, 15), reminders=(at(0, 9),), digest=at(1, 11))
    assert reminder_instants(schedule, W48, "UTC") == (utc("2026-11-30T09:00"),)
    assert digest_instant(schedule, W48, "UTC") == utc("2026-12-01T11:00")
    following = digest_after(strategy_of(schedule, "UTC"), utc("2026-11-24T11:00"))
    assert following == (W48, utc("2026-12-01T11:00"))


def test_a_digest_later_on_the_day_of_the_prompt_comes_that_day() -> None:
    schedule = Schedule(reminders=(), digest=at(0, 17))
    assert digest_instant(schedule, W48, "UTC") == utc("2026-11-23T17:00")


def test_reminders_come_in_order_whatever_order_they_were_set_in() -> None:
    schedule = Schedule(reminders=(at(1, 15), at(1, 9)))
    assert reminder_instants(schedule, W48, "UTC") == (utc("2026-11-24T09:00"), utc("2026-11-24T15:00"))


def test_a_reminder_the_spring_night_puts_on_the_prompt_itself_is_left_out() -> None:
    schedule = Schedule(prompt=at(6, 2, 30), reminders=(at(6, 3, 30), at(6, 4, 0)), digest=at(2, 11))
    assert reminder_instants(schedule, Week(2026, 13), "Europe/Berlin") == (utc("2026-03-29T02:00"),)
    assert len(reminder_instants(schedule, Week(2026, 14), "Europe/Berlin")) == 2


@given(SCHEDULES, ZONES, INSTANTS)
def test_reminders_and_the_digest_fall_between_one_prompt_and_the_next(
    schedule: Schedule, zone: str, now: datetime
) -> None:
    week = period_at(schedule, zone, now)
    prompt, following = (prompt_instant(schedule, each, zone) for each in (week, week.next()))
    slack = timedelta(hours=3)  # a prompt in a skipped hour moves, a neighbour outside it does not
    for instant in reminder_instants(schedule, week, zone):
        assert prompt < instant <= following + slack
    if schedule.digest != schedule.prompt:
        assert prompt - slack < digest_instant(schedule, week, zone) < following + slack


# --- finding the next one


@given(SCHEDULES, ZONES, INSTANTS)
def test_the_next_prompt_is_the_first_one_ahead(schedule: Schedule, zone: str, now: datetime) -> None:
    strategy = strategy_of(schedule, zone)
    week = next_prompt_week(strategy, zone, now)
    instant = prompt_instant(schedule, week, zone)
    assert prompt_instant(schedule, week.previous(), zone) <= now < instant
    assert week.previous() == current_week(strategy, zone, now) == period_at(schedule, zone, now)
    assert week == current_week(strategy, zone, instant) == period_at(schedule, zone, instant)


@given(SCHEDULES, ZONES, INSTANTS)
def test_the_next_digest_is_the_first_one_ahead(schedule: Schedule, zone: str, now: datetime) -> None:
    week, instant = digest_after(strategy_of(schedule, zone), now)
    assert digest_instant(schedule, week.previous(), zone) <= now < instant
    assert instant == digest_instant(schedule, week, zone)


@given(SCHEDULES, ZONES, INSTANTS)
def test_walking_from_prompt_to_prompt_visits_every_week_once(
    schedule: Schedule, zone: str, now: datetime
) -> None:
    strategy = strategy_of(schedule, zone)
    week, instant = next_prompt_after(strategy, now)
    for ahead in range(1, 60):
        following, instant = next_prompt_after(strategy, instant)
        assert following == week.plus(ahead)


def test_an_answer_belongs_to_the_period_until_the_minute_of_the_next_prompt() -> None:
    prompt = prompt_instant(DEFAULT_SCHEDULE, W48, "Asia/Kolkata")
    strategy = strategy_of(DEFAULT_SCHEDULE, "Europe/London")
    assert current_week(strategy, "Asia/Kolkata", prompt) == W48
    before = current_week(strategy, "Asia/Kolkata", prompt - timedelta(microseconds=1))
    assert before == W48.previous()


# --- reminders too close to the digest


def test_a_reminder_less_than_two_hours_before_the_digest_is_dropped() -> None:
    close = Schedule(reminders=(at(1, 9), at(2, 9, 1)), digest=at(2, 11))
    assert dropped_reminders(close) == (at(2, 9, 1),)
    assert reminders_kept(close, "UTC", "UTC", W48) == (utc("2026-11-24T09:00"),)


def test_a_reminder_exactly_two_hours_before_the_digest_stays() -> None:
    schedule = Schedule(reminders=(at(2, 9),), digest=at(2, 11))
    assert dropped_reminders(schedule) == ()
    assert reminders_kept(schedule, "UTC", "UTC", W48) == (utc("2026-11-25T09:00"),)


@pytest.mark.parametrize("reminder", [at(2, 12), at(3, 9), at(6, 17), at(0, 8), at(0, 9)])
def test_a_reminder_after_the_digest_or_not_after_the_prompt_is_dropped(reminder: WeeklyTime) -> None:
    schedule = Schedule(reminders=(reminder,))
    assert dropped_reminders(schedule) == (reminder,)
    assert reminders_kept(schedule, "UTC", "UTC", W48) == ()


def test_an_owner_far_west_of_the_strategy_loses_the_reminder_that_comes_after_its_digest() -> None:
    schedule = Schedule(reminders=(at(2, 9),), digest=at(2, 12))
    assert reminders_kept(schedule, "Europe/London", "Europe/London", W48) == (utc("2026-11-25T09:00"),)
    assert reminders_kept(schedule, "America/Los_Angeles", "Europe/London", W48) == ()


def test_the_default_reminder_reaches_owners_from_auckland_to_los_angeles_before_any_digest() -> None:
    cities = ("Pacific/Auckland", "Asia/Kolkata", "Europe/London", "America/Los_Angeles")
    for owner in cities:
        for strategy in cities:
            assert len(reminders_kept(DEFAULT_SCHEDULE, owner, strategy, W48)) == 1


def test_a_prompt_that_moved_onto_the_reminder_takes_its_place() -> None:
    moved = utc("2026-11-24T09:00")
    assert reminders_kept(DEFAULT_SCHEDULE, "UTC", "UTC", W48, prompted=moved) == ()
    assert len(reminders_kept(DEFAULT_SCHEDULE, "UTC", "UTC", W48, prompted=utc("2026-11-23T09:00"))) == 1


@given(SCHEDULES, ZONES, INSTANTS)
def test_in_one_zone_what_the_form_calls_dropped_is_what_is_not_sent(
    schedule: Schedule, zone: str, now: datetime
) -> None:
    # Only clock changes in the very week may differ from the wall times the form judges by.
    week = Week.of(now.date())
    days = [week.day(0) + timedelta(days=days) for days in range(-1, 16)]
    offsets = {datetime.combine(day, time(), ZoneInfo(zone)).utcoffset() for day in days}
    if len(offsets) == 1:
        kept = reminders_kept(schedule, zone, zone, week)
        assert len(kept) == len(schedule.reminders) - len(dropped_reminders(schedule))


# --- changing the schedule


def test_a_change_to_a_later_day_starts_next_week_when_this_week_was_prompted() -> None:
    later = Schedule(prompt=at(4, 9), digest=at(0, 9))
    assert first_week_of_change(DEFAULT_SCHEDULE, later, ["UTC"], utc("2026-11-25T12:00")) == W48.next()


def test_a_change_to_a_day_already_gone_leaves_this_week_its_old_prompt() -> None:
    friday = Schedule(prompt=at(4, 9), digest=at(0, 9))
    assert first_week_of_change(friday, DEFAULT_SCHEDULE, ["UTC"], utc("2026-11-25T12:00")) == W48.next()


def test_a_change_before_either_prompt_counts_this_week() -> None:
    friday = Schedule(prompt=at(4, 9), digest=at(0, 9))
    assert first_week_of_change(DEFAULT_SCHEDULE, friday, ["UTC"], utc("2026-11-22T12:00")) == W48


@given(SCHEDULES, SCHEDULES, st.lists(ZONES, min_size=1, max_size=4), INSTANTS)
def test_a_change_repeats_and_drops_no_prompt_for_anyone(
    old: Schedule, new: Schedule, zones: list[str], now: datetime
) -> None:
    first = first_week_of_change(old, new, zones, now)
    for zone in zones:
        assert prompt_instant(old, first, zone) > now
        assert prompt_instant(new, first, zone) > now
        before = prompt_instant(old, first.previous(), zone)
        assert before < prompt_instant(new, first, zone)


@given(SCHEDULES, SCHEDULES, ZONES, INSTANTS)
def test_a_moved_schedule_loses_and_repeats_no_digest(
    old: Schedule, new: Schedule, zone: str, now: datetime
) -> None:
    assume(old.digest != old.prompt and new.digest != new.prompt)
    first = first_week_of_change(old, new, [zone], now)
    strategy = replace(strategy_of(new, zone), schedule_changes=((Week(2000, 1), old), (first, new)))
    for week in (first.plus(ahead) for ahead in range(-2, 3)):
        prompt, following = (
            prompt_instant(strategy.schedule_for(each), each, zone) for each in (week, week.next())
        )
        assert prompt <= digest_at(strategy, week) <= following
        assert digest_at(strategy, week) < digest_at(strategy, week.next())


def test_the_last_digest_before_a_moved_schedule_comes_before_the_first_new_prompt() -> None:
    old, new = Schedule(prompt=at(4, 9), digest=at(1, 11)), Schedule(prompt=at(0, 9), digest=at(0, 17))
    strategy = replace(strategy_of(new, "UTC"), schedule_changes=((Week(2026, 1), old), (W48.next(), new)))
    assert digest_at(strategy, W48.previous()) == utc("2026-11-24T11:00")
    assert digest_at(strategy, W48) == utc("2026-11-30T08:00")
    assert digest_at(strategy, W48.next()) == utc("2026-11-30T17:00")
    assert digest_after(strategy, utc("2026-11-28T11:00")) == (W48, utc("2026-11-30T08:00"))
    assert reminders_kept(old, "UTC", "UTC", W48, digest=digest_at(strategy, W48)) == ()


# --- hours


@pytest.mark.parametrize(
    ("instant", "moved"),
    [
        ("2026-11-23T08:00", "2026-11-23T08:00"),
        ("2026-11-23T17:59", "2026-11-23T17:59"),
        ("2026-11-23T18:00", "2026-11-24T08:00"),
        ("2026-11-23T23:59", "2026-11-24T08:00"),
        ("2026-11-23T00:00", "2026-11-23T08:00"),
        ("2026-11-23T07:59", "2026-11-23T08:00"),
    ],
)
def test_what_falls_outside_the_working_hours_waits_for_eight_o_clock(instant: str, moved: str) -> None:
    assert within_hours(utc(instant), "Europe/London") == utc(moved)


@given(ZONES, INSTANTS)
def test_within_hours_is_never_early_and_always_within_them(zone: str, instant: datetime) -> None:
    moved = within_hours(instant, zone)
    assert is_within_hours(moved, zone)
    assert instant <= moved <= instant + timedelta(hours=17)


# --- what people read


def test_the_default_schedule_has_no_problems() -> None:
    assert check_schedule(DEFAULT_SCHEDULE) == []


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(digest=at(0, 9)), "digest must come at another time"),
        (Schedule(reminders=(at(1, 9), at(1, 10), at(1, 11))), "At most 2 reminders"),
        (Schedule(reminders=(at(1, 9), at(1, 9))), "Two reminders are at the same time"),
        (Schedule(reminders=(at(0, 9),)), "must come later than the check-ins"),
        (Schedule(reminders=(at(1, 7, 59),)), "Tuesday 07:59 falls outside 08:00-18:00"),
        (Schedule(reminders=(at(1, 18),)), "Tuesday 18:00 falls outside 08:00-18:00"),
    ],
)
def test_each_problem_of_a_schedule_is_one_sentence(schedule: Schedule, words: str) -> None:
    (problem,) = check_schedule(schedule)
    assert words in problem


@pytest.mark.parametrize(
    ("schedule", "reminders"),
    [
        (DEFAULT_SCHEDULE, "one reminder Tuesday 09:00"),
        (Schedule(reminders=()), "no reminder"),
        (Schedule(reminders=(at(1, 15), at(1, 9))), "two reminders Tuesday 09:00 and Tuesday 15:00"),
        (Schedule(reminders=(at(2, 10),)), "no reminder"),
    ],
)
def test_a_schedule_is_described_in_one_line_without_what_it_drops(
    schedule: Schedule, reminders: str
) -> None:
    assert describe(schedule, "Europe/London") == (
        f"Check-ins Monday 09:00 in each owner's own time, {reminders}, digest Wednesday 11:00, "
        "review first Thursday of the month 10:00 (Europe/London)"
    )


def test_without_a_zone_the_description_names_none() -> None:
    assert describe(DEFAULT_SCHEDULE).endswith(
        "digest Wednesday 11:00, review first Thursday of the month 10:00"
    )


@pytest.mark.parametrize(
    ("weekday", "wall"), [(7, time(9)), (-1, time(9)), (0, time(9, 0, 1)), (0, time(9, tzinfo=UTC))]
)
def test_a_weekly_time_has_a_weekday_and_plain_minutes(weekday: int, wall: time) -> None:
    with pytest.raises(ValueError):
        WeeklyTime(weekday, wall)


@pytest.mark.parametrize(
    ("digest", "zone", "moment"),
    [
        ("2026-11-25T11:00", "Europe/London", ("Tuesday 20:00", "evening")),
        ("2026-11-25T11:00", "America/Los_Angeles", ("Tuesday 20:00", "evening")),
        ("2026-11-25T11:00", "Asia/Kolkata", ("Wednesday 12:00", "noon")),
        ("2026-11-25T11:00", "Pacific/Auckland", ("Wednesday 20:00", "evening")),
        ("2026-11-25T10:59", "Pacific/Auckland", ("Wednesday 20:00", "evening")),
        ("2026-11-25T19:00", "UTC", ("Wednesday 17:00", "afternoon")),
        ("2026-11-25T12:00", "UTC", ("Tuesday 20:00", "evening")),
        ("2026-11-25T12:01", "UTC", ("Wednesday 12:00", "noon")),
    ],
)
def test_the_last_round_moment_before_a_digest_is_by_the_readers_own_clock(
    digest: str, zone: str, moment: tuple[str, str]
) -> None:
    found, part = last_moment(utc(digest), zone)
    assert (f"{found:%A %H:%M}", part) == moment


@given(instant=INSTANTS, zone=ZONES)
def test_the_last_round_moment_is_before_the_instant(instant: datetime, zone: str) -> None:
    assert last_moment(instant, zone)[0] < instant
