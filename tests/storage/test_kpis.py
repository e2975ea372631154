"""KPIs and their readings, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.kpis import Cadence, Direction, Kind, Kpi, KpiReading
from domain.pace import Point
from storage import kpis
from storage.database import Database

TEAM = "T1"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
GIVERS = Kpi(
    id=0,
    workspace_id=TEAM,
    strategy_id=7,
    goal_id=1,
    name="Monthly givers",
    kind=Kind.COUNT,
    unit="",
    direction=Direction.INCREASE_TO,
    baseline=Decimal(310),
    baseline_on=date(2026, 11, 23),
    target=Decimal(420),
    target_on=date(2027, 3, 31),
    owner_id="UBEN",
    cadence=Cadence.WEEKLY,
    if_short="Call last year's givers",
)


def reading(kpi: Kpi, on: date, value: str, **rest: object) -> KpiReading:
    plain = KpiReading(0, kpi.id, on, Decimal(value), "command", "", "UBEN", NOW)
    return replace(plain, **rest)  # type: ignore[arg-type]


def test_a_kpi_reads_back_as_it_was_added(database: Database) -> None:
    added = database.run(kpis.add_kpi, GIVERS, NOW)
    assert database.run(kpis.list_kpis, TEAM, 7) == [added]
    assert database.run(kpis.list_kpis, "T2", 7) == []


def test_a_retired_kpi_is_listed_only_when_asked_for(database: Database) -> None:
    added = database.run(kpis.add_kpi, GIVERS, NOW)
    database.run(kpis.save_kpi, replace(added, retired_at=NOW))
    assert database.run(kpis.list_kpis, TEAM, 7) == []
    assert len(database.run(kpis.list_kpis, TEAM, 7, include_retired=True)) == 1


def test_of_several_readings_of_a_day_the_last_one_stands_and_all_are_kept(database: Database) -> None:
    kpi = database.run(kpis.add_kpi, GIVERS, NOW)
    monday, tuesday = date(2026, 11, 30), date(2026, 12, 1)
    given = [reading(kpi, tuesday, "316"), reading(kpi, monday, "312"), reading(kpi, tuesday, "315.5")]
    added = database.run(kpis.add_readings, TEAM, given)
    assert len({one.id for one in added}) == 3
    (found,) = database.run(kpis.list_kpis, TEAM, 7)
    assert found.readings == (added[1], added[2])
    assert found.latest == added[2]


def test_what_was_recorded_after_an_instant_is_left_out_and_hides_nothing(database: Database) -> None:
    kpi = database.run(kpis.add_kpi, GIVERS, NOW)
    monday, tuesday = date(2026, 11, 30), date(2026, 12, 1)
    later = NOW + timedelta(hours=1)
    given = [reading(kpi, monday, "1"), reading(kpi, tuesday, "2"), reading(kpi, tuesday, "3", at=later)]
    database.run(kpis.add_readings, TEAM, given)
    (found,) = database.run(kpis.list_kpis, TEAM, 7, until=NOW)
    assert [one.value for one in found.readings] == [Decimal(1), Decimal(2)]


def test_a_source_is_asked_for_its_own_last_reading_of_a_day(database: Database) -> None:
    kpi = database.run(kpis.add_kpi, GIVERS, NOW)
    day = date(2026, 12, 1)
    database.run(
        kpis.add_readings, TEAM, [reading(kpi, day, "5", source="crm"), reading(kpi, day, "6", source="csv")]
    )
    found = database.run(kpis.find_last_reading, TEAM, kpi.id, day, "crm")
    assert found is not None
    assert found.value == 5
    assert database.run(kpis.find_last_reading, TEAM, kpi.id, date(2026, 12, 2), "crm") is None


def test_a_plan_by_month_and_those_before_it_read_back(database: Database) -> None:
    added = database.run(
        kpis.add_kpi, replace(GIVERS, months=(Point(date(2026, 12, 31), Decimal("320.5")),)), NOW
    )
    assert database.run(kpis.list_kpis, TEAM, 7) == [added]
    later = NOW + timedelta(days=3)
    after = added.changed_to(replace(added, target=Decimal(400), months=()), later)
    database.run(kpis.save_kpi, after)
    (kept,) = database.run(kpis.list_kpis, TEAM, 7)
    assert kept == after
    assert kept.as_of(later - timedelta(seconds=1)).plan == added.plan
    assert kept.as_of(later).plan == after.plan


def test_saving_the_same_plan_again_keeps_no_former_one(database: Database) -> None:
    added = database.run(kpis.add_kpi, GIVERS, NOW)
    assert added.changed_to(replace(added, name="Givers"), NOW).former_plans == ()


def test_a_day_taken_back_stands_no_more_but_did_until_then(database: Database) -> None:
    kpi = database.run(kpis.add_kpi, GIVERS, NOW)
    monday, tuesday = date(2026, 11, 30), date(2026, 12, 1)
    given = [reading(kpi, monday, "311"), reading(kpi, tuesday, "3120"), reading(kpi, tuesday, "312")]
    database.run(kpis.add_readings, TEAM, given)
    database.run(kpis.withdraw_readings, TEAM, kpi.id, tuesday, "UMAYA", NOW + timedelta(hours=1))

    def values(until: datetime) -> list[Decimal]:
        [found] = database.run(kpis.list_kpis, TEAM, 7, until=until)
        return [one.value for one in found.readings]

    assert values(kpis.EVER) == [Decimal(311)]
    assert values(NOW) == [Decimal(311), Decimal(312)]
    assert database.run(kpis.find_first_day, TEAM, kpi.id) == monday
