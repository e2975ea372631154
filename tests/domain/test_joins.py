"""Which success metrics and KPIs may be one number, and what a check-in shows of one."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.check_ins import Answer
from domain.drafts import Draft, DraftInitiative, DraftKpi, DraftLine, DraftMetric
from domain.initiatives import Initiative, Join, Status, SuccessMetric
from domain.joins import (
    alike_in,
    alike_pairs,
    as_it_stands,
    differing_days,
    is_alike,
    standing_readings,
    suggested_kpi,
    why_other_unit,
    why_other_way,
    with_kpis,
)
from domain.kpis import Direction, KpiReading
from domain.pace import Point
from tests.domain.kpis_to_read import GIVERS

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
METRIC = SuccessMetric(1, "givers", "", Decimal(310), Decimal(360))
REFERRALS = Initiative(7, "T1", 1, "Referrals", None, "UBEN", MONDAY, TUESDAY, TUESDAY, metrics=(METRIC,))


def reading(on: date, value: int, **rest: int) -> KpiReading:
    return KpiReading(1, GIVERS.id, on, Decimal(value), "command", "", "UINES", AT, **rest)


def joined(*points: Point) -> Initiative:
    value = points[-1].value if points else None
    metric = replace(METRIC, join=Join(GIVERS.id), readings=points, value=value)
    return replace(REFERRALS, metrics=(metric,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("givers", "Monthly givers"),
        ("Newsletter subscribers", "subscribers"),
        ("cost per new giver", "Cost per giver"),
        ("Number of sign-ups", "sign-ups"),
        ("SUBSCRIBER", "subscribers"),
    ],
)
def test_names_of_which_one_holds_all_words_of_the_other_are_alike(one: str, other: str) -> None:
    assert is_alike(one, other)
    assert is_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("givers", "volunteers"),
        ("open rate", "click rate"),
        ("", "givers"),
        ("of the", "the"),
        ("new givers", "monthly givers"),
    ],
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert not is_alike(one, other)


@pytest.mark.parametrize(
    ("unit", "kept", "is_other"),
    [
        ("", "", False),
        ("people", "", False),
        ("givers", "people", False),
        ("£", "GBP", False),
        ("hours", "h", False),
        ("£", "", True),
        ("%", "", True),
        ("", "%", True),
        ("min", "h", True),
        ("£", "€", True),
    ],
)
def test_one_number_has_one_unit(unit: str, kept: str, is_other: bool) -> None:
    assert (why_other_unit(unit, replace(GIVERS, unit=kept)) is not None) is is_other


@pytest.mark.parametrize("direction", Direction)
def test_one_number_goes_one_way(direction: Direction) -> None:
    kpi = replace(GIVERS, direction=direction)
    assert (why_other_way(is_up=True, kpi=kpi) is None) is direction.is_up
    assert (why_other_way(is_up=False, kpi=kpi) is None) is not direction.is_up


def test_pairs_are_offered_that_could_be_one_and_are_not() -> None:
    [pair] = alike_pairs([REFERRALS], [GIVERS], {})
    assert (pair.metric, pair.kpi) == (METRIC, GIVERS)
    assert alike_pairs([joined()], [GIVERS], {}) == ()
    assert alike_pairs([replace(REFERRALS, status=Status.STOPPED)], [GIVERS], {}) == ()
    assert alike_pairs([REFERRALS], [GIVERS], {METRIC.id: {GIVERS.id}}) == ()
    assert alike_pairs([REFERRALS], [replace(GIVERS, unit="%")], {}) == ()
    second = replace(METRIC, id=2, name="monthly givers")
    both = replace(joined(), metrics=(*joined().metrics, second))
    assert alike_pairs([both], [GIVERS], {}) == (), "another metric of it is the KPI already"


def test_days_that_differ_are_those_both_were_read_on() -> None:
    metric = replace(METRIC, readings=(Point(MONDAY, Decimal(312)), Point(TUESDAY, Decimal(314))))
    kpi = replace(GIVERS, readings=(reading(MONDAY, 312), reading(TUESDAY, 315)))
    assert differing_days(metric, kpi) == ((Point(TUESDAY, Decimal(315)), Point(TUESDAY, Decimal(314))),)


def test_a_check_in_shows_of_a_kpi_what_stands_since_its_day_however_it_came() -> None:
    said = Answer(REFERRALS.id, readings=((METRIC.id, Decimal(312)),))
    assert standing_readings(said, REFERRALS, MONDAY) == said.readings
    corrected = joined(Point(MONDAY, Decimal(313)))
    assert standing_readings(said, corrected, MONDAY) == ((METRIC.id, Decimal(313)),)
    assert standing_readings(Answer(REFERRALS.id), corrected, MONDAY) == ((METRIC.id, Decimal(313)),)
    assert standing_readings(said, corrected, TUESDAY) == (), "that was last week's"
    assert standing_readings(said, joined(), MONDAY) == (), "it was taken back"


def test_an_answer_stands_without_what_was_corrected_elsewhere() -> None:
    said = Answer(REFERRALS.id, readings=((METRIC.id, Decimal(312)),))
    for points, kept in (
        ((Point(MONDAY, Decimal(312)),), said.readings),
        ((Point(MONDAY, Decimal(313)),), ()),
    ):
        initiative = joined(*points)
        stands = as_it_stands(said, standing_readings(said, initiative, MONDAY), initiative)
        assert stands.readings == kept


def test_a_metric_reads_what_its_kpi_does_and_others_keep_their_own() -> None:
    other = replace(METRIC, id=2, name="calls", readings=(Point(MONDAY, Decimal(5)),), value=Decimal(5))
    both = replace(joined(), metrics=(*joined().metrics, other))
    [read] = with_kpis([both], [replace(GIVERS, readings=(reading(MONDAY, 312),))])
    assert [metric.value for metric in read.metrics] == [Decimal(312), Decimal(5)]


def test_what_a_metric_brought_along_counts_as_given_by_its_own_day() -> None:
    since = datetime(2026, 11, 24, 8, tzinfo=UTC)
    brought = replace(GIVERS, readings=(reading(MONDAY, 312, metric_id=1),))
    assert brought.given_since(since, TUESDAY) is None
    assert brought.given_since(since, MONDAY) == brought.latest
    assert replace(GIVERS, readings=(reading(MONDAY, 312),)).given_since(since, TUESDAY) is not None
    assert GIVERS.given_since(since, MONDAY) is None


def drafted(*metrics: DraftMetric, kpis: tuple[DraftKpi, ...] = ()) -> Draft:
    lines = [DraftLine(1, "", DraftInitiative("Referrals", metrics=metrics))]
    return Draft((*lines, *(DraftLine(n, "", kpi) for n, kpi in enumerate(kpis, start=2))))


def of_plan(name: str, baseline: int, target: int, unit: str = "", kpi: str | None = None) -> DraftMetric:
    return DraftMetric(name, unit, Decimal(baseline), Decimal(target), kpi)


@pytest.mark.parametrize(
    ("metric", "kpi", "is_offered"),
    [
        (of_plan("givers", 310, 360), DraftKpi("Monthly givers", direction=Direction.INCREASE_TO), True),
        (of_plan("givers", 310, 360), DraftKpi("Monthly givers"), True),
        (of_plan("givers", 360, 310), DraftKpi("Monthly givers", direction=Direction.INCREASE_TO), False),
        (of_plan("givers", 310, 360, "%"), DraftKpi("Monthly givers"), False),
        (of_plan("volunteers", 1, 2), DraftKpi("Monthly givers"), False),
        (DraftMetric("givers", "", Decimal(310), None), DraftKpi("Monthly givers"), False),
        (of_plan("people who give", 1, 2, kpi="Monthly givers"), DraftKpi("Monthly givers"), True),
    ],
)
def test_a_metric_of_a_plan_may_be_a_kpi_of_like_name_unit_and_way_or_the_one_chosen(
    metric: DraftMetric, kpi: DraftKpi, is_offered: bool
) -> None:
    assert alike_in(drafted(metric, kpis=(kpi,)), ()) == ({(1, 1): (kpi.name,)} if is_offered else {})


def test_a_kpi_is_filled_in_where_it_alone_is_like_a_metric_and_nobody_said_otherwise() -> None:
    givers, refused = of_plan("givers", 310, 360), of_plan("givers", 310, 360, kpi="")
    only = alike_in(drafted(givers), (GIVERS,))
    assert suggested_kpi(givers, (1, 1), only) == GIVERS.name
    assert suggested_kpi(refused, (1, 1), only) == ""
    both = alike_in(drafted(givers, of_plan("monthly givers", 310, 370)), (GIVERS,))
    assert suggested_kpi(givers, (1, 1), both) == ""
    two = alike_in(drafted(givers, kpis=(DraftKpi("Givers in all"),)), (GIVERS,))
    assert suggested_kpi(givers, (1, 1), two) == ""
