"""Impact: the first four weeks against the last four, honest where data are missing."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from domain.check_ins import CheckIn
from domain.decisions import Decision, DecisionState
from domain.healths import Health
from domain.impact import Compared, Impact, Measure, impact
from domain.kpis import Cadence, Kpi
from domain.pace import Pace
from domain.rhythm_health import Share
from domain.track_record import TrackRecord
from tests.support.harbor_lights import MAYA, NEWSLETTER, PEOPLE, REFERRAL, STRATEGY, answer, check_in, weeks
from tests.support.reviews import decision, kpi, reading

ON, OFF = Health.ON_TRACK, Health.OFF_TRACK


def compared(
    *found: CheckIn,
    kpis: tuple[Kpi, ...] = (),
    decisions: tuple[Decision, ...] = (),
) -> Impact | None:
    return impact(TrackRecord(STRATEGY, PEOPLE, {}, found, (), kpis), decisions)


def of(found: Impact | None, measure: Measure) -> tuple[object, object]:
    assert found is not None
    [line] = [line for line in found.compared if line.measure is measure]
    return line.before, line.after


def run(number: int, *healths: Health | None) -> list[CheckIn]:
    """So many weeks of one initiative; the healths repeat."""
    return [check_in(weeks(at + 1), answer(NEWSLETTER, healths[at % len(healths)])) for at in range(number)]


def test_before_the_first_prompt_there_is_nothing_to_compare() -> None:
    assert compared() is None


def test_before_week_eight_only_the_week_is_said() -> None:
    assert compared(*run(7, ON)) == Impact(7)


def test_at_week_eight_weeks_1_to_4_are_compared_with_5_to_8() -> None:
    found = compared(*run(4, ON, None), *run(8, ON)[4:])

    assert found is not None
    assert found.at_week == 8
    assert of(found, Measure.ANSWERED) == (50, 100)


def test_at_week_twelve_weeks_1_to_4_are_compared_with_9_to_12() -> None:
    found = compared(*run(8, ON), *run(13, OFF)[8:])

    assert found is not None
    assert found.at_week == 12
    assert of(found, Measure.HEALTH) == (100, 0)


def test_half_a_year_later_it_is_not_shown_any_more() -> None:
    assert compared(*run(26, ON)) is not None
    assert compared(*run(27, ON)) is None


def test_where_data_are_missing_it_says_so() -> None:
    found = compared(*run(8, None))

    assert found is not None
    assert of(found, Measure.HEALTH) == (None, None)
    assert of(found, Measure.KPI_PACE) == (None, None)
    assert of(found, Measure.DECISION_TIME) == (None, None)
    assert not Compared(Measure.HEALTH, None, Decimal(1)).is_known


def test_three_answers_are_not_enough() -> None:
    assert of(compared(*run(8, ON, ON, ON, None)), Measure.HEALTH) == (None, None)


def test_kpis_are_judged_at_the_end_of_each_span_by_what_was_read_by_then() -> None:
    givers = kpi(1, owner_id=MAYA)

    def read(*values: tuple[int, str]) -> tuple[Kpi, ...]:
        return (replace(givers, readings=tuple(reading(givers, weeks(w).day(0), v) for w, v in values)),)

    early = read((1, "310"), (2, "316"), (4, "330"))
    assert of(compared(*run(8, ON), kpis=early), Measure.KPI_PACE) == (100, None)
    both = read((1, "310"), (2, "316"), (4, "330"), (7, "331"), (8, "332"))
    assert of(compared(*run(8, ON), kpis=both), Measure.KPI_PACE) == (100, 0)


def test_a_kpi_of_which_it_is_too_early_to_say_anything_counts_in_neither_span() -> None:
    one = replace(kpi(1, owner_id=MAYA), readings=(reading(kpi(1, owner_id=MAYA), weeks(2).day(0), "311"),))
    assert of(compared(*run(8, ON), kpis=(replace(one, cadence=Cadence.MONTHLY),)), Measure.KPI_PACE) == (
        None,
        None,
    )


def test_the_time_to_a_decision_is_the_median_of_days_defaults_included() -> None:
    def settled(number: int, week: int, days: int, state: DecisionState) -> Decision:
        at = datetime.fromisoformat(f"{weeks(week).day(2)}T10:00:00+00:00")
        asked = at - timedelta(days=days)
        return decision(number, state, asked, at.date(), decided_at=at, initiative_id=REFERRAL.id)

    found = compared(
        *run(8, ON),
        decisions=(
            settled(1, 2, 9, DecisionState.DEFAULTED),
            settled(2, 3, 6, DecisionState.DECIDED),
            settled(3, 6, 2, DecisionState.DECIDED),
            settled(4, 6, 1, DecisionState.DECIDED),
            settled(5, 7, 7, DecisionState.DECIDED),
        ),
    )
    assert of(found, Measure.DECISION_TIME) == (Decimal("7.5"), Decimal(2))


def test_neither_lowering_nor_retiring_a_kpi_improves_a_span_that_is_over() -> None:
    givers = kpi(1, owner_id=MAYA)
    values = ((1, "310"), (2, "311"), (4, "312"), (6, "313"), (8, "314"))
    read = replace(givers, readings=tuple(reading(givers, weeks(w).day(0), v) for w, v in values))
    behind = (0, 0)
    assert of(compared(*run(8, ON), kpis=(read,)), Measure.KPI_PACE) == behind
    later = datetime.combine(weeks(8).day(6), time(23), UTC) + timedelta(days=3)
    lowered = read.changed_to(replace(read, target=Decimal(314)), later)
    assert lowered.pace(weeks(8).day(6)) is Pace.REACHED
    assert of(compared(*run(8, ON), kpis=(lowered,)), Measure.KPI_PACE) == behind
    retired = replace(read, retired_at=later)
    assert of(compared(*run(8, ON), kpis=(retired,)), Measure.KPI_PACE) == behind


def test_a_kpi_added_later_with_old_readings_is_not_of_a_span_before() -> None:
    givers = kpi(1, owner_id=MAYA, created_at=datetime.combine(weeks(6).day(0), time(9), UTC))
    values = ((1, "310"), (2, "316"), (4, "330"), (7, "352"), (8, "360"))
    read = replace(givers, readings=tuple(reading(givers, weeks(w).day(0), v) for w, v in values))
    assert of(compared(*run(8, ON), kpis=(read,)), Measure.KPI_PACE) == (None, 100)


def test_five_of_eight_is_the_same_percentage_here_as_in_rhythm_health() -> None:
    assert Share(5, 8).percent == 63
    five_of_eight = [
        check_in(weeks(w), answer(NEWSLETTER, ON), answer(REFERRAL, ON if w == 1 else None))
        for w in range(1, 5)
    ]
    found = compared(*five_of_eight, *run(8, ON)[4:])
    assert of(found, Measure.ANSWERED) == (Share(5, 8).percent, 100)
