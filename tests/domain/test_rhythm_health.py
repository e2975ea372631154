"""Rhythm health: the published formula, part by part."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from domain.absences import Absence
from domain.check_ins import CheckIn
from domain.decisions import Decision, DecisionState
from domain.healths import Health
from domain.kpis import Cadence
from domain.rhythm_health import WEIGHTS, Part, Score, Share, digested, rhythm_health, score
from domain.schedules import WeeklyTime
from domain.track_record import TrackRecord
from tests.support.harbor_lights import (
    BEN,
    NEWSLETTER,
    PEOPLE,
    REFERRAL,
    STRATEGY,
    answer,
    check_in,
    digest_time,
    weeks,
)
from tests.support.reviews import decision, kpi, reading

ON = Health.ON_TRACK
NOW = digest_time(weeks(4)) + timedelta(hours=1)
TODAY = NOW.date()
NONE = Share(0, 0)


def measured(
    *found: CheckIn,
    absences: dict[str, tuple[Absence, ...]] | None = None,
    at: datetime = NOW,
    **rest: object,
) -> Score:
    record = TrackRecord(STRATEGY, PEOPLE, absences or {}, digested(STRATEGY, found, at))
    given = {"kpis": (), "decisions": (), **rest}
    return rhythm_health(record, at=at, **given)  # type: ignore[arg-type]


def test_the_weights_sum_to_a_hundred() -> None:
    assert sum(WEIGHTS.values()) == 100


def test_all_parts_whole_are_a_hundred() -> None:
    assert score(dict.fromkeys(Part, Share(3, 3))).total == 100


def test_the_score_is_the_weighted_mean() -> None:
    shares = dict.fromkeys(Part, Share(1, 1)) | {Part.ANSWERED: Share(1, 2), Part.READ: Share(0, 4)}
    assert score(shares).total == 100 - 15 - 15


def test_a_part_without_data_is_left_out_and_the_rest_weighs_more() -> None:
    shares = dict.fromkeys(Part, NONE) | {Part.ANSWERED: Share(1, 2), Part.ON_TIME: Share(1, 1)}
    found = score(shares)

    assert found.total == 70
    assert found.left_out == (Part.DECIDED, Part.READ, Part.HEARD)


def test_without_any_data_there_is_no_score() -> None:
    assert score(dict.fromkeys(Part, NONE)).total is None


def test_halves_are_rounded_up() -> None:
    assert score(dict.fromkeys(Part, NONE) | {Part.ANSWERED: Share(1, 8)}).total == 13
    assert Share(1, 200).percent == 1


def test_what_was_asked_in_the_last_four_weeks_counts_as_answered_or_not() -> None:
    found = measured(
        check_in(weeks(0), answer(NEWSLETTER)),
        check_in(weeks(1), answer(NEWSLETTER, ON)),
        check_in(weeks(4), answer(NEWSLETTER)),
        check_in(weeks(4), answer(REFERRAL, ON)),
    )
    assert found.shares[Part.ANSWERED] == Share(2, 3)


def test_a_week_whose_digest_is_ahead_is_no_silence_yet() -> None:
    before = digest_time(weeks(4)) - timedelta(minutes=1)
    found = measured(
        check_in(weeks(3), answer(NEWSLETTER, ON)), check_in(weeks(4), answer(NEWSLETTER)), at=before
    )
    assert found.shares[Part.ANSWERED] == Share(1, 1)


def test_somebody_away_is_not_counted_as_missing() -> None:
    gone = (Absence(digest_time(weeks(4)).date(), None),)
    found = measured(check_in(weeks(4), answer(REFERRAL)), absences={BEN: gone})
    assert found.shares[Part.ANSWERED] == NONE


def test_moving_the_digest_leaves_a_past_weeks_silence_where_it_was() -> None:
    on_friday = replace(STRATEGY.schedule, digest=WeeklyTime(4, time(11)))
    moved = replace(
        STRATEGY,
        schedule=on_friday,
        schedule_changes=((weeks(1), STRATEGY.schedule), (weeks(5), on_friday)),
    )
    gone_after_the_digest = (Absence(digest_time(weeks(4)).date() + timedelta(days=1), None),)
    earlier = (check_in(weeks(4), answer(REFERRAL)),)

    for strategy in (STRATEGY, moved):
        record = TrackRecord(strategy, PEOPLE, {BEN: gone_after_the_digest}, earlier)
        assert record.was_silent(REFERRAL.id)
        found = rhythm_health(record, (), (), NOW)
        assert found.shares[Part.ANSWERED] == Share(0, 1)
        assert found.shares[Part.HEARD] == Share(0, 1)


def test_on_time_is_before_the_digest_and_an_edit_after_it_changes_nothing() -> None:
    early, late = digest_time(weeks(4)) - timedelta(hours=1), digest_time(weeks(4)) + timedelta(minutes=1)
    found = measured(
        check_in(weeks(4), answer(NEWSLETTER, ON, at=late, first_at=early, revision=2)),
        check_in(weeks(4), answer(REFERRAL, ON, at=late, first_at=late)),
    )
    assert found.shares[Part.ON_TIME] == Share(1, 2)


ASKED = NOW - timedelta(days=9)
SETTLED = NOW - timedelta(days=2)


@pytest.mark.parametrize(
    ("asks", "share"),
    [
        (decision(1, DecisionState.DECIDED, ASKED, TODAY, decided_at=SETTLED), Share(1, 1)),
        (decision(1, DecisionState.DEFAULTED, ASKED, SETTLED.date(), decided_at=SETTLED), Share(0, 1)),
        (decision(1, DecisionState.OPEN, ASKED, TODAY - timedelta(days=1)), Share(0, 1)),
        (decision(1, DecisionState.OPEN, ASKED, TODAY), NONE),
        (decision(1, DecisionState.WITHDRAWN, ASKED, TODAY, decided_at=SETTLED), NONE),
        (
            decision(1, DecisionState.DECIDED, ASKED, TODAY, decided_at=datetime(2026, 11, 20, tzinfo=UTC)),
            NONE,
        ),
    ],
)
def test_decisions_count_when_they_are_settled_or_overdue(asks: Decision, share: Share) -> None:
    found = measured(check_in(weeks(4), answer(NEWSLETTER, ON)), decisions=(asks,))
    assert found.shares[Part.DECIDED] == share


def test_readings_are_up_to_date_within_their_cadence() -> None:
    weekly, monthly = kpi(1), kpi(2, cadence=Cadence.MONTHLY)
    eight_days = TODAY - timedelta(days=8)
    kept = [replace(one, readings=(reading(one, eight_days, "320"),)) for one in (weekly, monthly)]
    assert measured(kpis=kept).shares[Part.READ] == Share(1, 2)


def test_a_new_kpi_without_a_reading_does_not_count_yet() -> None:
    assert measured(kpis=[kpi(1, created_at=NOW - timedelta(days=2))]).shares[Part.READ] == NONE
    assert measured(kpis=[kpi(1, created_at=NOW - timedelta(days=9))]).shares[Part.READ] == Share(0, 1)


def test_retiring_an_unread_kpi_lifts_nothing_for_four_weeks() -> None:
    old = NOW - timedelta(days=60)
    unread = kpi(1, created_at=old)
    read = kpi(2, created_at=old, readings=(reading(kpi(2), TODAY, "311"),))
    before = measured(kpis=[unread, read]).shares[Part.READ]
    for days in (0, 7, 20):
        retired = replace(unread, retired_at=NOW - timedelta(days=days))
        assert measured(kpis=[retired, read]).shares[Part.READ] == before == Share(1, 2)
    gone = replace(unread, retired_at=NOW - timedelta(days=40))
    assert measured(kpis=[gone, read]).shares[Part.READ] == Share(1, 1)


def test_initiatives_whose_latest_week_was_silence_are_not_heard() -> None:
    found = measured(
        check_in(weeks(3), answer(NEWSLETTER, ON)),
        check_in(weeks(4), answer(NEWSLETTER)),
        check_in(weeks(4), answer(REFERRAL, ON)),
    )
    assert found.shares[Part.HEARD] == Share(1, 2)
