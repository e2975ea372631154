"""Success metrics that are KPIs, on both databases: one number with one history."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.check_ins import Answer, CheckIn, CheckInState
from domain.healths import Health
from domain.initiatives import Initiative, SuccessMetric
from domain.kpis import Cadence, Direction, Kind, Kpi, KpiReading
from domain.pace import Point
from domain.periods import Week
from storage import answers, check_ins, initiatives, joins, kpis
from storage.database import Database

TEAM, STRATEGY, BEN, INES = "T1", 7, "UBEN", "UINES"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
ON = MONDAY.date()
KPI = Kpi(
    id=0,
    workspace_id=TEAM,
    strategy_id=STRATEGY,
    goal_id=1,
    name="Newsletter subscribers",
    kind=Kind.COUNT,
    unit="",
    direction=Direction.INCREASE_TO,
    baseline=Decimal(4000),
    baseline_on=date(2026, 11, 2),
    target=Decimal(8000),
    target_on=date(2027, 3, 31),
    owner_id=INES,
    cadence=Cadence.WEEKLY,
    if_short="Ask the partners",
)


@dataclass
class Number:
    """Ben's metric and Ines's KPI, and Ben's check-in of the week."""

    database: Database
    initiative: Initiative
    kpi: Kpi
    check_in: CheckIn

    @property
    def metric(self) -> SuccessMetric:
        listed = self.database.run(initiatives.list_initiatives, TEAM, STRATEGY)
        [read] = self.database.run(initiatives.read_metrics, TEAM, listed, "UTC")
        [answerable] = self.database.run(initiatives.list_answerable, TEAM, STRATEGY, {BEN: "UTC"})
        assert read.metrics == answerable.metrics, "both ways of reading them agree"
        [metric] = read.metrics
        [plain] = self.initiative_now.metrics
        assert plain.value == metric.value, "the value kept is the last one read"
        return metric

    @property
    def initiative_now(self) -> Initiative:
        return self.database.run(initiatives.get_initiative, TEAM, self.initiative.id)

    @property
    def kpi_points(self) -> list[Point]:
        [kpi] = self.database.run(kpis.list_kpis, TEAM, STRATEGY)
        return [Point(one.on, one.value) for one in kpi.readings]

    def join(self) -> None:
        self.database.run(joins.set_kpi, TEAM, self.metric.id, self.kpi.id)

    def leave(self) -> None:
        metric = self.metric
        assert metric.join is not None
        self.database.run(joins.leave_kpi, TEAM, metric.id, metric.join, "UMAYA", MONDAY)

    def reads(self, value: int, on: date = ON) -> None:
        given = KpiReading(0, self.kpi.id, on, Decimal(value), "command", "", INES, MONDAY)
        self.database.run(kpis.add_readings, TEAM, [given])

    def says(self, *values: int, on: date = ON) -> None:
        metric = self.metric
        kpi_of = {} if metric.kpi_id is None else {metric.id: metric.kpi_id}
        readings = tuple((metric.id, Decimal(value)) for value in values)
        check_in = self.database.run(check_ins.find_check_in, TEAM, self.check_in.id)
        assert check_in is not None
        at = datetime.combine(on, MONDAY.time(), UTC)
        answer = Answer(self.initiative.id, Health.ON_TRACK, readings=readings, by=BEN, at=at)
        self.database.run(answers.save_answer, check_in, answer, on=on, kpi_of=kpi_of)


@pytest.fixture
def number(database: Database) -> Number:
    metric = SuccessMetric(0, "subscribers", "", Decimal(4200), Decimal(6000))
    due = date(2027, 3, 31)
    blank = Initiative(0, TEAM, STRATEGY, "Newsletter", None, BEN, ON, due, due, metrics=(metric,))
    initiative = database.run(initiatives.add_initiative, blank, MONDAY)
    kpi = database.run(kpis.add_kpi, KPI, MONDAY)
    check_in = database.run(
        check_ins.add_check_in,
        workspace_id=TEAM,
        strategy_id=STRATEGY,
        person_id=BEN,
        period=Week(2026, 48),
        state=CheckInState.ASKED,
        due_at=MONDAY,
        initiative_ids=[initiative.id],
    )
    return Number(database, initiative, kpi, check_in)


def points(*values: tuple[date, int]) -> Iterable[Point]:
    return tuple(Point(on, Decimal(value)) for on, value in values)


def test_a_reading_of_the_kpi_is_the_metrics_and_the_other_way_round(number: Number) -> None:
    number.join()
    number.reads(4290)
    assert number.metric.readings == points((ON, 4290))
    number.says(4310)
    assert number.metric.readings == tuple(number.kpi_points) == points((ON, 4310))


def test_a_number_corrected_in_a_check_in_takes_the_place_of_what_it_said_before(number: Number) -> None:
    number.join()
    tuesday = ON + timedelta(days=1)
    number.says(4310)
    number.says(4320, on=tuesday)
    assert number.metric.readings == tuple(number.kpi_points) == points((tuesday, 4320))


def test_a_number_emptied_in_a_check_in_stands_nowhere_for_its_day(number: Number) -> None:
    number.join()
    number.reads(4250, ON - timedelta(days=7))
    number.reads(4290)
    number.says(4310)
    number.says()
    assert number.metric.readings == tuple(number.kpi_points) == points((ON - timedelta(days=7), 4250))


def test_a_reading_taken_back_at_the_kpi_is_taken_back_of_the_metric(number: Number) -> None:
    number.join()
    number.says(4310)
    number.database.run(kpis.withdraw_readings, TEAM, number.kpi.id, ON, INES, MONDAY)
    assert number.metric.readings == ()
    assert number.metric.value is None


def test_a_metric_that_left_keeps_what_it_knew_and_goes_its_own_way(number: Number) -> None:
    number.join()
    number.reads(4290)
    number.leave()
    tuesday, wednesday = ON + timedelta(days=1), ON + timedelta(days=2)
    number.reads(5000, tuesday)
    number.says(4310, on=wednesday)
    assert number.metric.readings == points((ON, 4290), (wednesday, 4310))
    assert number.kpi_points == list(points((ON, 4290), (tuesday, 5000)))


def test_what_a_metric_brought_along_goes_with_it(number: Number) -> None:
    number.says(4310)
    brought = KpiReading(0, number.kpi.id, ON, Decimal(4310), "check-in", "", BEN, MONDAY)
    brought = replace(brought, check_in_id=number.check_in.id, metric_id=number.metric.id)
    number.database.run(kpis.add_readings, TEAM, [brought])
    number.join()
    assert number.kpi_points == list(points((ON, 4310)))
    number.leave()
    assert number.metric.readings == points((ON, 4310))
    assert number.kpi_points == []


def test_what_it_brought_and_was_taken_back_meanwhile_comes_back_to_nobody(number: Number) -> None:
    number.says(4310)
    brought = KpiReading(0, number.kpi.id, ON, Decimal(4310), "check-in", "", BEN, MONDAY)
    brought = replace(brought, check_in_id=number.check_in.id, metric_id=number.metric.id)
    number.database.run(kpis.add_readings, TEAM, [brought])
    number.join()
    number.says()
    number.leave()
    assert number.metric.readings == ()
    assert number.kpi_points == []


def test_a_kpi_of_another_strategy_gives_a_metric_nothing(number: Number) -> None:
    foreign = number.database.run(kpis.add_kpi, replace(KPI, strategy_id=8), MONDAY)
    number.database.run(joins.set_kpi, TEAM, number.initiative_now.metrics[0].id, foreign.id)
    given = KpiReading(0, foreign.id, ON, Decimal(9999), "command", "", INES, MONDAY)
    number.database.run(kpis.add_readings, TEAM, [given])
    [read] = number.database.run(initiatives.read_metrics, TEAM, [number.initiative_now], "UTC")
    assert read.metrics[0].readings == ()


def test_who_is_asked_for_a_kpi_are_the_owners_of_initiatives_that_have_it_now(number: Number) -> None:
    number.join()
    assert number.database.run(joins.list_owners, TEAM, [number.kpi.id]) == {BEN}
    number.leave()
    assert number.database.run(joins.list_owners, TEAM, [number.kpi.id]) == set()


def test_what_a_lead_said_is_not_the_same_is_remembered(number: Number) -> None:
    metric_id = number.metric.id
    assert number.database.run(joins.list_refused, TEAM, [metric_id]) == {metric_id: frozenset()}
    for kpi_id in (number.kpi.id, 5, 5):
        number.database.run(joins.refuse_kpi, TEAM, metric_id, kpi_id)
    assert number.database.run(joins.list_refused, TEAM, [metric_id])[metric_id] == {5, number.kpi.id}


def test_of_numbers_given_at_once_the_last_one_stands_for_the_metric_too(number: Number) -> None:
    number.join()
    with ThreadPoolExecutor(4) as callers:
        list(callers.map(number.reads, range(4300, 4308)))
    assert [number.metric.readings[-1]] == number.kpi_points
