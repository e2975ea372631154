"""Confidence: whose target is asked about, what becomes of it, and the score reckoned anew from the cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from domain.confidence import (
    CHANCES,
    LEAST_TARGETS,
    Confidence,
    TargetOutcome,
    brier_score,
    find_asked,
    forecast_percent,
    settle,
)
from domain.forecasts import forecast
from domain.initiatives import Initiative, SuccessMetric, metric_plan
from domain.pace import Point
from views.confidence import confidence_lines

START, DUE = date(2026, 9, 7), date(2026, 12, 31)
AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
METRICS = (
    SuccessMetric(1, "Subscribers", "", Decimal(4200), Decimal(6000)),
    SuccessMetric(2, "Cost", "£", Decimal(52), Decimal(38)),
)
NEWSLETTER = Initiative(7, "T", 1, "Newsletter", None, "U1", START, DUE, DUE, metrics=METRICS)


def said(
    percent: int | None = 70,
    *,
    metric_id: int = 1,
    line: int | None = None,
    outcome: TargetOutcome | None = None,
    person_id: str = "U1",
    month: int = 0,
) -> Confidence:
    plan = metric_plan(METRICS[0], NEWSLETTER)
    at = AT + timedelta(days=30 * month)
    return Confidence(month, 7, metric_id, plan, percent, None, line, person_id, at, outcome)


def read(*values: tuple[date, int]) -> list[Point]:
    return [Point(on, Decimal(value)) for on, value in values]


def with_value(value: int, number: int = 0) -> Initiative:
    metrics = list(METRICS)
    metrics[number] = replace(metrics[number], value=Decimal(value))
    return replace(NEWSLETTER, metrics=tuple(metrics))


@pytest.mark.parametrize(
    ("initiative", "today", "asked"),
    [
        (NEWSLETTER, DUE - timedelta(days=1), "Subscribers"),
        (NEWSLETTER, DUE, None),
        (with_value(5900), START, "Subscribers"),
        (with_value(6000), START, "Cost"),
        (replace(with_value(6000), metrics=with_value(6000).metrics[:1]), START, None),
        (replace(NEWSLETTER, metrics=()), START, None),
    ],
)
def test_the_first_target_that_is_neither_met_nor_past_its_day_is_asked_about(
    initiative: Initiative, today: date, asked: str | None
) -> None:
    found = find_asked(initiative, None, today)
    assert (found.name if found else None) == asked


def test_what_was_spoken_of_stays_asked_about_though_it_is_met_meanwhile() -> None:
    found = find_asked(with_value(6000), said(), START)
    assert found is not None
    assert found.name == "Subscribers"


LAST = date(2026, 12, 28)


@pytest.mark.parametrize(
    ("readings", "outcome"),
    [
        (read((LAST, 6000)), TargetOutcome.MET),
        (read((LAST, 5999)), TargetOutcome.MISSED),
        (read((LAST, 6100), (DUE, 5999)), TargetOutcome.MISSED),
        (read((LAST, 5999), (DUE + timedelta(days=1), 6000)), TargetOutcome.MISSED),
        (read((DUE - timedelta(days=8), 6000)), TargetOutcome.UNKNOWN),
        ([], TargetOutcome.UNKNOWN),
    ],
)
def test_a_target_is_met_or_not_by_the_last_reading_up_to_its_day_and_unknown_where_nobody_read_it(
    readings: Sequence[Point], outcome: TargetOutcome
) -> None:
    assert settle(said(), readings, DUE, is_completed=False) is None
    assert settle(said(), readings, DUE + timedelta(days=1), is_completed=False) is outcome


def test_what_was_completed_once_its_target_was_met_is_met_though_nobody_reads_it_any_more() -> None:
    early, after = date(2026, 11, 2), DUE + timedelta(days=1)
    assert settle(said(), read((early, 6000)), after, is_completed=True) is TargetOutcome.MET
    assert settle(said(), read((early, 5999)), after, is_completed=True) is TargetOutcome.UNKNOWN


def test_a_target_that_moved_is_judged_by_the_target_and_the_day_of_then() -> None:
    harder = replace(NEWSLETTER, due=DUE + timedelta(days=60))
    later = replace(said(), plan=metric_plan(replace(METRICS[0], target=Decimal(8000)), harder))
    readings = read((LAST, 6500))
    assert settle(said(), readings, DUE + timedelta(days=1), is_completed=False) is TargetOutcome.MET
    assert settle(later, readings, DUE + timedelta(days=1), is_completed=False) is None
    assert (
        settle(later, readings, harder.due + timedelta(days=1), is_completed=False) is TargetOutcome.UNKNOWN
    )


def test_the_forecasts_chance_is_that_of_the_line_and_none_where_the_line_is_silent() -> None:
    plan = metric_plan(METRICS[0], NEWSLETTER)
    readings = [
        Point(START + timedelta(weeks=week), Decimal(value))
        for week, value in enumerate((4280, 4420, 4500, 4640, 4700), start=1)
    ]
    on = readings[-1].on
    line = forecast(plan, readings, on)
    assert line is not None
    assert forecast_percent(plan, readings, on) == round(100 * line.chance)
    assert forecast_percent(plan, readings[:3], on) is None


def history(seed: int, targets: int, *, silent: float = 0.3) -> list[Confidence]:
    """One to three months of each target by one of three owners, as chance has it."""
    by_chance = Random(seed)
    found = []
    for metric_id in range(targets):
        outcome = by_chance.choice((TargetOutcome.MET, TargetOutcome.MISSED))
        person_id = f"U{by_chance.randrange(3) if metric_id > 1 else metric_id}"
        for month in range(by_chance.randint(1, 3)):
            line = None if by_chance.random() < silent else by_chance.randint(0, 100)
            percent = by_chance.choice(CHANCES)
            found.append(
                said(
                    percent,
                    metric_id=metric_id,
                    line=line,
                    outcome=outcome,
                    person_id=person_id,
                    month=month,
                )
            )
    by_chance.shuffle(found)
    return found


def reckoned(cases: Sequence[Confidence], which: str) -> float:
    """Brier's mean of (p − o)², each target with the mean of its months."""
    months: dict[int, list[float]] = {}
    for one in cases:
        p, o = getattr(one, which) / 100, float(one.outcome is TargetOutcome.MET)
        months.setdefault(one.metric_id, []).append((p - o) ** 2)
    means = [sum(of) / len(of) for of in months.values()]
    return sum(means) / len(means)


@pytest.mark.parametrize("seed", range(20))
def test_the_scores_are_those_reckoned_from_the_cases(seed: int) -> None:
    cases = history(seed, 10 + seed)
    score = brier_score(cases)
    assert score is not None
    assert score.targets == 10 + seed
    assert score.met == len({one.metric_id for one in cases if one.outcome is TargetOutcome.MET})
    assert float(score.owners) == pytest.approx(reckoned(cases, "percent"))
    both = [one for one in cases if one.line is not None]
    assert score.compared == len({one.metric_id for one in both})
    if score.compared < LEAST_TARGETS:
        assert (score.beside, score.line) == (None, None)
    else:
        assert score.beside is not None
        assert score.line is not None
        assert float(score.beside) == pytest.approx(reckoned(both, "percent"))
        assert float(score.line) == pytest.approx(reckoned(both, "line"))


def test_half_half_gets_a_quarter_and_certainty_that_is_right_nothing() -> None:
    cases = [
        said(
            50,
            line=100 * (number % 2),
            metric_id=number,
            person_id=f"U{number % 2}",
            outcome=(TargetOutcome.MISSED, TargetOutcome.MET)[number % 2],
        )
        for number in range(10)
    ]
    score = brier_score(cases)
    assert score is not None
    assert (score.owners, score.line) == (Fraction(1, 4), Fraction(0))
    assert confidence_lines(score) == [
        "Of 10 targets whose day has passed, 5 were met. The chances their owners gave them scored 0.25, the forecast’s 0.00."
    ]


def test_nothing_is_said_of_nine_targets_however_many_months_or_of_one_persons_alone() -> None:
    cases = history(4, 10)
    assert brier_score(cases) is not None
    assert brier_score([one for one in cases if one.metric_id != 5]) is None
    assert brier_score([replace(one, person_id="U1") for one in cases]) is None
    assert brier_score([]) is None


def test_what_is_open_unknown_or_taken_back_counts_for_nothing() -> None:
    cases = history(4, 12)
    others = [
        said(90, metric_id=100, outcome=TargetOutcome.UNKNOWN),
        said(90, metric_id=101),
        said(None, metric_id=102, outcome=TargetOutcome.MET),
    ]
    assert brier_score([*cases, *others]) == brier_score(cases)


def test_a_target_that_was_moved_counts_as_another_one() -> None:
    cases = history(4, 10)
    moved = replace(cases[0], plan=metric_plan(METRICS[1], NEWSLETTER))
    known, more = brier_score(cases), brier_score([*cases, moved])
    assert known is not None
    assert more is not None
    assert more.targets == known.targets + 1


def test_with_too_few_of_which_the_forecast_spoke_the_owners_score_stands_alone_and_says_so() -> None:
    score = brier_score(history(4, 12, silent=1))
    assert score is not None
    [line] = confidence_lines(score)
    assert line.endswith("; the forecast gave 0 of 12 a chance and is compared from 10 on.")


def test_where_the_forecast_was_silent_of_some_both_are_compared_on_the_others() -> None:
    cases = history(4, 30)
    score = brier_score(cases)
    assert score is not None
    assert score.compared >= 10
    both = [one for one in cases if one.line is not None]
    assert confidence_lines(score)[1] == (
        f"Where the forecast gave one at the same time ({score.compared} of 30 targets): the owners’ "
        f"{reckoned(both, 'percent'):.2f}, the forecast’s {reckoned(both, 'line'):.2f}."
    )
