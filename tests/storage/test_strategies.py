"""Strategies, initiatives and their changes, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from domain.absences import WorkPattern
from domain.changes import Change, ChangeKind
from domain.check_ins import Answer, CheckInState
from domain.healths import Health
from domain.initiatives import Initiative, Status, SuccessMetric, with_due
from domain.periods import Week
from domain.schedules import DEFAULT_SCHEDULE, Schedule, WeeklyTime
from domain.strategies import Goal, Strategy
from storage import answers, changes, check_ins, homes, initiatives, strategies
from storage.channels import HOLD_AN_ID, move_channel
from storage.database import Database
from storage.delivery import outbox, seen
from storage.models import Base, OutboxRow

TEAM = "T1"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NEW = Strategy(
    id=0,
    workspace_id=TEAM,
    channel_id="C1",
    name="Harbor Lights",
    why="One child in three cannot swim.",
    goals=(Goal(0, "4,200 to 6,000 by March"), Goal(0, "310 to 420 by March")),
    audience="Parents",
    difference="Every lesson on the record",
    leads=("U1", "U2"),
    zone="Europe/London",
    work_pattern=WorkPattern(frozenset({0, 1, 2, 3}), "GB"),
)
LATER = Schedule(WeeklyTime(1, time(10)), (), WeeklyTime(4, time(15)))


NUMBERS = {("confidences", "target"), ("kpis", "target"), ("success_metrics", "target")}


def add_strategy(database: Database, strategy: Strategy = NEW) -> Strategy:
    added = database.run(strategies.add_strategy, strategy, NOW)
    assert added is not None
    return added


def add_initiative(database: Database, strategy: Strategy, name: str = "Newsletter") -> Initiative:
    metrics = (
        SuccessMetric(0, "subscribers", "", Decimal(4200), Decimal(6000)),
        SuccessMetric(0, "open-to-click", "%", Decimal("2.1"), Decimal("3.5")),
    )
    due = date(2027, 3, 31)
    wanted = Initiative(
        id=0,
        workspace_id=TEAM,
        strategy_id=strategy.id,
        name=name,
        goal_id=strategy.goals[0].id,
        owner_id="U2",
        start=date(2026, 11, 23),
        due=due,
        first_due=due,
        metrics=metrics,
    )
    return database.run(initiatives.add_initiative, wanted, NOW)


def test_a_strategy_comes_back_as_it_was_added(database: Database) -> None:
    added = add_strategy(database)

    assert database.run(strategies.find_strategy_by_channel, TEAM, "C1") == added
    assert database.run(strategies.get_strategy, TEAM, added.id) == added
    assert database.run(strategies.list_strategies, TEAM) == [added]
    assert replace(added, id=0, goals=NEW.goals, schedule_changes=()) == NEW
    assert added.schedule_changes == ((Week(2026, 48), DEFAULT_SCHEDULE),)


def test_a_channel_has_one_strategy(database: Database) -> None:
    add_strategy(database)

    assert database.run(strategies.add_strategy, replace(NEW, name="Another"), NOW) is None
    assert [one.name for one in database.run(strategies.list_strategies, TEAM)] == ["Harbor Lights"]


def test_what_is_not_there_is_not_found(database: Database) -> None:
    strategy = add_strategy(database)

    assert database.run(strategies.find_strategy_by_channel, TEAM, "C2") is None
    assert database.run(strategies.find_strategy_by_channel, "T2", "C1") is None
    with pytest.raises(LookupError):
        database.run(strategies.get_strategy, "T2", strategy.id)
    with pytest.raises(LookupError):
        database.run(initiatives.get_initiative, TEAM, 1)


def test_saving_keeps_goals_by_their_id_and_frees_initiatives_of_removed_ones(database: Database) -> None:
    before = add_strategy(database)
    initiative = add_initiative(database, before)
    goals = (replace(before.goals[1], text="310 to 450 by March"), Goal(0, "95 to 140 by April"))
    after = database.run(strategies.save_strategy, replace(before, goals=goals, leads=("U3",), name="Lights"))

    assert database.run(strategies.get_strategy, TEAM, before.id) == after
    assert (after.goals[0].id, after.leads, after.name) == (before.goals[1].id, ("U3",), "Lights")
    assert database.run(initiatives.get_initiative, TEAM, initiative.id).goal_id is None


def test_people_find_strategies_they_lead_or_own_something_open_in(database: Database) -> None:
    led = add_strategy(database)
    other = add_strategy(database, replace(NEW, channel_id="C2", leads=("U9",)))
    owned = add_initiative(database, other)

    assert database.run(strategies.list_strategies_of, TEAM, "U2") == [led, other]
    database.run(initiatives.set_status, TEAM, owned.id, Status.STOPPED, NOW)
    assert database.run(strategies.list_strategies_of, TEAM, "U2") == [led]
    assert database.run(strategies.list_strategies_of, TEAM, "U7") == []


def test_a_new_schedule_holds_from_its_period_and_replaces_later_ones(database: Database) -> None:
    strategy = add_strategy(database)
    for week, schedule in ((51, DEFAULT_SCHEDULE), (49, LATER)):
        database.run(strategies.save_schedule, TEAM, strategy.id, Week(2026, week), schedule)
    found = database.run(strategies.get_strategy, TEAM, strategy.id)

    assert found.schedule_changes == ((Week(2026, 48), DEFAULT_SCHEDULE), (Week(2026, 49), LATER))
    assert found.schedule == LATER
    assert found.schedule_for(Week(2026, 48)) == DEFAULT_SCHEDULE
    assert found.schedule_for(Week(2027, 2)) == LATER


def test_pausing_keeps_since_when(database: Database) -> None:
    strategy = add_strategy(database)
    database.run(strategies.pause_strategy, TEAM, strategy.id, NOW)
    assert database.run(strategies.get_strategy, TEAM, strategy.id).paused_at == NOW

    database.run(strategies.resume_strategy, TEAM, strategy.id)
    assert database.run(strategies.get_strategy, TEAM, strategy.id) == strategy


def test_initiatives_come_back_with_their_metrics_in_order(database: Database) -> None:
    strategy = add_strategy(database)
    first, second = add_initiative(database, strategy), add_initiative(database, strategy, "News desk")

    assert database.run(initiatives.list_initiatives, TEAM, strategy.id) == [first, second]
    assert database.run(initiatives.get_initiative, TEAM, second.id) == second
    assert [metric.name for metric in first.metrics] == ["subscribers", "open-to-click"]


def test_closed_initiatives_are_listed_only_when_asked_for(database: Database) -> None:
    strategy = add_strategy(database)
    initiative = add_initiative(database, strategy)
    database.run(initiatives.set_status, TEAM, initiative.id, Status.COMPLETED, NOW)

    assert database.run(initiatives.list_initiatives, TEAM, strategy.id) == []
    (closed,) = database.run(initiatives.list_initiatives, TEAM, strategy.id, include_closed=True)
    assert closed == replace(initiative, status=Status.COMPLETED)


def test_owned_ones_are_the_active_ones_unless_told_otherwise(database: Database) -> None:
    strategy = add_strategy(database)
    active, paused = add_initiative(database, strategy), add_initiative(database, strategy, "News desk")
    database.run(initiatives.set_status, TEAM, paused.id, Status.PAUSED, NOW)

    assert database.run(initiatives.list_owned, TEAM, "U2") == [active]
    assert database.run(initiatives.list_owned, TEAM, "U2", strategy.id + 1) == []
    both = database.run(
        initiatives.list_owned, TEAM, "U2", strategy.id, statuses=(Status.ACTIVE, Status.PAUSED)
    )
    assert [one.name for one in both] == ["Newsletter", "News desk"]


def test_saving_counts_moved_dates_and_keeps_values_of_metrics_that_stay(database: Database) -> None:
    strategy = add_strategy(database)
    before = add_initiative(database, strategy)
    check_in = database.run(
        check_ins.add_check_in,
        workspace_id=TEAM,
        strategy_id=strategy.id,
        person_id="U2",
        period=Week.of(NOW.date()),
        state=CheckInState.ASKED,
        due_at=NOW,
        initiative_ids=[before.id],
    )
    said = Answer(
        before.id, Health.ON_TRACK, readings=((before.metrics[1].id, Decimal("2.60")),), by="U2", at=NOW
    )
    database.run(answers.save_answer, check_in, said)
    moved = replace(
        with_due(before, date(2027, 4, 10)),
        name="Newsletter reborn",
        metrics=(
            replace(before.metrics[1], target=Decimal(4)),
            SuccessMetric(0, "replies", "", Decimal(0), Decimal(9)),
        ),
    )
    after = database.run(initiatives.save_initiative, moved)
    found = database.run(initiatives.get_initiative, TEAM, before.id)

    assert (found.name, found.due_moves, found.first_due) == ("Newsletter reborn", 1, before.due)
    assert [(m.id, m.name, m.target, m.value) for m in found.metrics] == [
        (before.metrics[1].id, "open-to-click", Decimal(4), Decimal("2.6")),
        (after.metrics[1].id, "replies", Decimal(9), None),
    ]


def test_changes_since_an_instant_are_listed_oldest_first(database: Database) -> None:
    for hours, name in ((0, "One"), (2, "Three"), (1, "Two")):
        at = NOW + timedelta(hours=hours)
        added = Change(ChangeKind.ADDED, 7, "", name, "U1", at, "Why " + name)
        database.run(changes.record_change, TEAM, 1, added)

    found = database.run(changes.list_changes, TEAM, 1, NOW + timedelta(hours=1))
    assert found == [
        Change(ChangeKind.ADDED, 7, "", "Two", "U1", NOW + timedelta(hours=1), "Why Two"),
        Change(ChangeKind.ADDED, 7, "", "Three", "U1", NOW + timedelta(hours=2), "Why Three"),
    ]
    assert database.run(changes.list_changes, TEAM, 2, NOW) == []


def test_a_list_of_initiatives_costs_three_statements(database: Database) -> None:
    strategy = add_strategy(database)
    for name in ("One", "Two", "Three"):
        add_initiative(database, strategy, name)
    statements: list[str] = []

    def look(session: Session) -> int:
        def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(session.connection(), "before_cursor_execute", count)
        found = strategies.find_strategy_by_channel(session, TEAM, "C1")
        assert found is not None
        return len(initiatives.list_initiatives(session, TEAM, found.id))

    assert database.run(look) == 3
    assert len(statements) == 3


def test_a_channel_has_one_open_strategy_and_keeps_those_before(database: Database) -> None:
    first = database.run(strategies.add_strategy, NEW, NOW)
    assert first is not None
    assert database.run(strategies.add_strategy, NEW, NOW) is None
    assert database.run(strategies.close_strategy, TEAM, first.id, NOW)
    assert not database.run(strategies.close_strategy, TEAM, first.id, NOW)

    goals = (Goal(0, "Readers from 6,000 to 9,000 by June", first.goals[0].id),)
    second = database.run(strategies.add_strategy, replace(NEW, goals=goals), NOW)
    assert second is not None
    found = database.run(strategies.find_strategy_by_channel, TEAM, NEW.channel_id)
    assert found == second
    assert [one.id for one in database.run(strategies.list_strategies, TEAM)] == [second.id]
    assert [one.id for one in database.run(strategies.list_strategies_of, TEAM, NEW.leads[0])] == [second.id]
    (closed,) = database.run(strategies.list_closed, TEAM, NEW.channel_id)
    assert (closed.id, closed.closed_at) == (first.id, NOW)
    assert database.run(strategies.list_goals_before, TEAM, second.goals[0].id) == [first.goals[0].id]

    edited = database.run(strategies.save_strategy, replace(second, name="Another"))
    assert database.run(strategies.list_goals_before, TEAM, edited.goals[0].id) == [first.goals[0].id]


def test_every_row_that_holds_a_channels_id_follows_it_to_another(database: Database) -> None:
    named = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in ("channel_id", "target")
    }
    assert named - NUMBERS == {(column.table.name, column.name) for column in HOLD_AN_ID}
    home = homes.Home(TEAM, "U1", ("C8", NEW.channel_id))
    mark = f"in:{NEW.channel_id}:U1"

    def arrange(session: Session) -> None:
        outbox.enqueue_post(session, TEAM, NEW.channel_id, {"text": "Hi"}, now=NOW)
        homes.open_home(session, home, NOW, is_behind=True)
        seen.is_new(session, TEAM, mark, NOW)

    add_strategy(database)
    database.run(arrange)
    elsewhere = database.within("T9")
    elsewhere.run(outbox.enqueue_post, "T9", NEW.channel_id, {"text": "Hi"}, now=NOW)
    database.run(move_channel, TEAM, NEW.channel_id, "C0NEW")

    found = database.run(strategies.find_strategy_by_channel, TEAM, "C0NEW")
    assert found is not None
    assert found.name == NEW.name
    moved = database.run(homes.find_home, TEAM, "U1")
    assert moved is not None
    assert moved.channels == ("C8", "C0NEW")
    assert database.run(seen.was_met, TEAM, "in:C0NEW:U1")

    def targets(session: Session, workspace_id: str) -> list[str]:
        of_it = OutboxRow.workspace_id == workspace_id
        return list(session.scalars(select(OutboxRow.target).where(of_it)))

    assert database.run(targets, TEAM) == ["C0NEW"]
    assert elsewhere.run(targets, "T9") == [NEW.channel_id]
