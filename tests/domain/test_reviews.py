"""When a review comes, and the facts it is made of."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.absences import WorkPattern
from domain.decisions import DecisionState
from domain.healths import Health
from domain.kpis import Kpi
from domain.pace import Pace
from domain.periods import Month, Week
from domain.reviews import kpi_facts, review_facts
from domain.schedules import MonthlyTime, Schedule, WeeklyTime, review_instant
from domain.strategies import is_last_before_review, review_after, review_at, review_ends
from storage.schedules import read_schedule, write_schedule
from tests.support.harbor_lights import NEWSLETTER, REFERRAL, STRATEGY, answer, check_in, digest_time, weeks
from tests.support.reviews import DECEMBER, decision, kpi, material, reading, typical

THURSDAY = datetime(2026, 12, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("nth", "weekday", "day"),
    [(1, 3, 3), (1, 1, 1), (1, 0, 7), (2, 3, 10), (4, 3, 24), (4, 0, 28)],
)
def test_a_review_falls_on_the_nth_weekday_of_its_month(nth: int, weekday: int, day: int) -> None:
    schedule = Schedule(review=MonthlyTime(nth, WeeklyTime(weekday, time(10))))
    assert review_instant(schedule, DECEMBER, "Europe/London") == datetime(2026, 12, day, 10, tzinfo=UTC)


def test_a_fifth_week_is_not_in_every_month() -> None:
    with pytest.raises(ValueError, match="not in every month"):
        MonthlyTime(5, WeeklyTime(3, time(10)))


@pytest.mark.parametrize(
    ("text", "following"), [("2026-12", "2027-01"), ("2027-01", "2027-02"), ("2028-02", "2028-03")]
)
def test_months_follow_each_other(text: str, following: str) -> None:
    month = Month.parse(text)
    assert str(month.next()) == following
    assert month.next().previous() == month


@pytest.mark.parametrize("text", ["2026-13", "2026-W12", "2026-1", "december"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"month"):
        Month.parse(text)


def test_the_next_review_comes_strictly_after_an_instant() -> None:
    assert review_after(STRATEGY, THURSDAY - timedelta(seconds=1)) == (DECEMBER, THURSDAY)
    assert review_after(STRATEGY, THURSDAY) == (Month(2027, 1), datetime(2027, 1, 7, 10, tzinfo=UTC))


def test_a_changed_schedule_neither_repeats_nor_drops_a_review() -> None:
    early = Schedule(review=MonthlyTime(1, WeeklyTime(1, time(10))))
    changed = replace(
        STRATEGY, schedule=early, schedule_changes=((Week(2026, 40), Schedule()), (Week(2026, 50), early))
    )
    assert review_at(changed, DECEMBER) == THURSDAY
    assert review_at(changed, Month(2027, 1)) == datetime(2027, 1, 5, 10, tzinfo=UTC)


def test_a_review_on_a_public_holiday_waits_for_the_next_working_day() -> None:
    in_england = replace(STRATEGY, work_pattern=WorkPattern(country="GB", subdivision="ENG"))

    assert review_at(in_england, Month(2026, 1)) == datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert review_at(STRATEGY, Month(2026, 1)) == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert review_after(in_england, datetime(2026, 1, 1, 12, tzinfo=UTC))[0] == Month(2026, 1)
    assert review_after(in_england, datetime(2026, 1, 2, 10, tzinfo=UTC))[0] == Month(2026, 2)


def test_the_outcome_comes_after_three_working_days() -> None:
    assert review_ends(STRATEGY, THURSDAY) == datetime(2026, 12, 8, 10, tzinfo=UTC)


def test_holidays_and_days_off_are_no_working_days() -> None:
    english = replace(STRATEGY, work_pattern=WorkPattern(frozenset({0, 1, 2, 3}), "GB", "ENG"))
    before_christmas = datetime(2026, 12, 23, 10, tzinfo=UTC)
    assert review_ends(english, before_christmas) == datetime(2026, 12, 30, 10, tzinfo=UTC)


def test_the_outcome_keeps_the_wall_time_when_clocks_change() -> None:
    assert review_ends(STRATEGY, datetime(2026, 10, 23, 9, tzinfo=UTC)) == datetime(
        2026, 10, 28, 10, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("prompted", "is_last"),
    [(date(2026, 11, 23), False), (date(2026, 11, 30), True), (date(2026, 12, 7), False)],
)
def test_the_last_prompt_before_a_review_is_the_one_with_no_other_between(
    prompted: date, is_last: bool
) -> None:
    at = datetime.combine(prompted, time(9), UTC)
    assert is_last_before_review(STRATEGY, "Europe/London", at) is is_last


def test_schedules_kept_before_there_were_reviews_read_as_the_default() -> None:
    kept = write_schedule(Schedule())
    del kept["review"]
    assert read_schedule(kept).review == MonthlyTime(1, WeeklyTime(3, time(10)))


def test_a_schedule_with_its_review_reads_back() -> None:
    schedule = Schedule(review=MonthlyTime(4, WeeklyTime(0, time(16, 30))))
    assert read_schedule(write_schedule(schedule)) == schedule


def test_a_missing_week_between_is_drawn_at_the_reading_before_and_the_chart_ends_at_the_last() -> None:
    one = kpi(1)
    read = (reading(one, weeks(2).day(2), "330"), reading(one, weeks(4).day(0), "340"))
    facts = kpi_facts(replace(one, readings=read), [weeks(number) for number in range(7)], weeks(6).day(3))

    assert [(point.week, int(point.value), point.is_missing) for point in facts.weeks] == [
        (weeks(1), 310, False),
        (weeks(2), 330, False),
        (weeks(3), 330, True),
        (weeks(4), 340, False),
    ]


def test_a_reading_is_drawn_against_what_is_due_on_its_own_day() -> None:
    one = kpi(1, target_on=weeks(12).day(0))
    read = tuple(reading(one, weeks(number).day(0), "310") for number in (1, 6, 12))
    facts = kpi_facts(replace(one, readings=read), [weeks(6), weeks(7), weeks(12)], weeks(12).day(0))
    assert [round(point.line) for point in facts.weeks] == [360, 379, 420]


def test_without_a_reading_there_is_no_chart() -> None:
    assert kpi_facts(kpi(1), [weeks(1), weeks(2)], weeks(2).day(3)).weeks == ()


@pytest.mark.parametrize(
    ("made", "pace"),
    [
        (kpi(1), Pace.NO_READING),
        (kpi(1, readings=(reading(kpi(1), weeks(2).day(0), "500"),)), Pace.REACHED),
        (kpi(1, readings=(reading(kpi(1), weeks(2).day(5), "500"),)), Pace.NO_READING),
    ],
)
def test_a_kpi_stands_by_its_readings_up_to_the_day(made: Kpi, pace: Pace) -> None:
    assert kpi_facts(made, [weeks(2)], weeks(2).day(3)).pace is pace


def test_the_health_of_each_active_initiative_is_told_week_by_week() -> None:
    found = (
        check_in(weeks(1), answer(NEWSLETTER, Health.ON_TRACK)),
        check_in(weeks(2), answer(NEWSLETTER)),
        check_in(weeks(2), answer(REFERRAL, Health.AT_RISK)),
    )
    lines = review_facts(material(DECEMBER, found, initiatives=(NEWSLETTER, REFERRAL))).lines

    assert [line.weeks[-2:] for line in lines] == [(Health.ON_TRACK, None), (None, Health.AT_RISK)]
    assert len(lines[0].weeks) == 12


def test_a_week_that_may_still_be_answered_is_told_only_where_it_is() -> None:
    """As when a review ends on a Tuesday, and owners have until the evening."""
    found = (
        check_in(weeks(1), answer(NEWSLETTER, Health.ON_TRACK)),
        check_in(weeks(2), answer(NEWSLETTER)),
        check_in(weeks(1), answer(REFERRAL, Health.ON_TRACK)),
        check_in(weeks(2), answer(REFERRAL, Health.AT_RISK)),
    )
    over = digest_time(weeks(2))

    def latest(at: datetime) -> list[Health | None]:
        facts = review_facts(material(DECEMBER, found, initiatives=(NEWSLETTER, REFERRAL), at=at))
        return [line.latest for line in facts.lines]

    assert latest(over - timedelta(minutes=1)) == [Health.ON_TRACK, Health.AT_RISK]
    assert latest(over) == [None, Health.AT_RISK]


def test_decisions_are_told_since_the_last_review_by_what_became_of_them() -> None:
    facts = review_facts(typical())

    assert [one.id for one in facts.taken] == [1]
    assert [one.id for one in facts.defaulted] == [2]
    assert [one.id for one in facts.overdue] == [3]
    assert [one.id for one in facts.skills] == [4]


def test_what_was_settled_before_the_last_review_is_not_told_again() -> None:
    made = typical()
    old = decision(9, DecisionState.DECIDED, made.rhythm.at, date(2026, 12, 1), decided_at=THURSDAY)
    rhythm = replace(made.rhythm, decisions=(old,))
    assert review_facts(replace(made, rhythm=rhythm)).taken == ()


def test_only_milestones_that_are_late_and_open_are_told() -> None:
    made = typical()
    [step] = made.milestones[REFERRAL.id]
    done, later = replace(step, done_at=made.rhythm.at), replace(step, due=date(2027, 3, 1))
    facts = review_facts(replace(made, milestones={REFERRAL.id: (step, done, later)}))
    assert [milestone for _, milestone in facts.late] == [step]
