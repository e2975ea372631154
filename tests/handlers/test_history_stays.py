"""Nothing done later changes what a closed week was: random weeks, random acts, every figure before and after."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from domain.healths import Health
from domain.initiatives import Status
from domain.schedules import MonthlyTime, Schedule, WeeklyTime
from storage.database import Database
from tests.support.databases import SqliteFiles
from tests.support.harbor_lights import AROHA, BEN, DESK, MAYA, NEWSLETTER, PAGE, PRIYA, REFERRAL, TOM, WATER
from tests.support.walks import Figures, Walk, one_transaction, thirteen_weeks

EXAMPLES = int(os.environ.get("DRUMBEAT_HISTORIES", "200"))
OWNED = (NEWSLETTER, REFERRAL, WATER, DESK)
OWNERS = st.sampled_from((MAYA, BEN, AROHA, PRIYA))
HEALTHS = st.sampled_from(list(Health))
SCHEDULES = st.builds(
    lambda prompt, digest: Schedule(
        WeeklyTime(prompt, time(9)), (), WeeklyTime(digest, time(16)), MonthlyTime(1, WeeklyTime(3, time(10)))
    ),
    st.integers(0, 4),
    st.integers(0, 4),
)


def require_same(known: Figures, now: Figures) -> None:
    for week, figures in known.items():
        for name, was in figures.items():
            if name not in now[week] and (name == "chart" or name.startswith("KPI")):
                continue  # it is longer ago than the chart goes back, or the KPI is shown no more
            assert now[week][name] == was, f"{name} of {week}"


class History(RuleBasedStateMachine):
    """A strategy of four owners in four zones."""

    database: ClassVar[Database]
    begun: ClassVar[Walk]
    """Its first two weeks, which are in the database."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        session = self.stack.enter_context(one_transaction(self.database))
        self.walk = replace(self.begun, session=session, outcomes=[])
        self.known: Figures = self.walk.figures()

    def teardown(self) -> None:
        with self.stack:
            self.look_back()

    def look_back(self) -> None:
        """Closed weeks are as they were when they were looked at last."""
        now = self.walk.figures()
        require_same(self.known, now)
        self.known = now

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.walk.go_on(hours=hours)

    @rule(weeks=st.integers(1, 2))
    def weeks_pass(self, weeks: int) -> None:
        self.walk.go_on(weeks=weeks)
        self.look_back()

    @rule(who=OWNERS, health=HEALTHS, number=st.integers(0, 3))
    def somebody_answers(self, who: str, health: Health, number: int) -> None:
        self.walk.answer(who, health, number)

    @rule(who=OWNERS, health=HEALTHS)
    def somebody_answers_early(self, who: str, health: Health) -> None:
        self.walk.answer_early(who, health)

    @rule(number=st.integers(0, 3), to=st.sampled_from((Status.PAUSED, Status.ACTIVE, Status.STOPPED)))
    def an_initiative_changes_status(self, number: int, to: Status) -> None:
        initiative = self.walk.initiatives[number]
        allowed = {
            Status.ACTIVE: (Status.PAUSED, Status.STOPPED),
            Status.PAUSED: (Status.ACTIVE, Status.STOPPED),
        }
        if to in allowed.get(initiative.status, ()):
            self.walk.change_status(initiative, to)

    @rule(number=st.integers(0, 3), who=OWNERS)
    def an_initiative_changes_hands(self, number: int, who: str) -> None:
        initiative = self.walk.initiatives[number]
        if initiative.owner_id != who and not initiative.status.is_closed:
            self.walk.hand_over(initiative, who)

    @rule(number=st.integers(0, 3), days=st.integers(-9, 9))
    def an_initiative_is_edited(self, number: int, days: int) -> None:
        if not self.walk.initiatives[number].status.is_closed:
            self.walk.edit(self.walk.initiatives[number], days)

    @rule(schedule=SCHEDULES)
    def the_schedule_moves(self, schedule: Schedule) -> None:
        self.walk.move_schedule(schedule)

    @rule(who=OWNERS, back=st.integers(-3, 21), length=st.integers(0, 20))
    def somebody_says_they_were_away(self, who: str, back: int, length: int) -> None:
        first = self.walk.now.date() - timedelta(days=back)
        self.walk.go_away(who, first, first + timedelta(days=length))

    @rule(who=OWNERS)
    def somebody_comes_back(self, who: str) -> None:
        self.walk.come_back(who)

    @rule()
    def the_strategy_is_paused_or_resumed(self) -> None:
        (self.walk.pause if self.walk.strategy.paused_at is None else self.walk.resume)()

    @rule(back=st.integers(0, 20), value=st.integers(300, 500))
    def readings_are_imported(self, back: int, value: int) -> None:
        for which in self.walk.kpis[:1]:
            on = max(self.walk.now.date() - timedelta(days=back), which.baseline_on)
            self.walk.read(which, on, value)

    @rule(is_retired=st.booleans())
    def a_kpi_is_lowered_or_retired(self, is_retired: bool) -> None:
        for which in self.walk.kpis[:1]:
            (self.walk.retire if is_retired else self.walk.lower)(which)

    @rule(number=st.integers(0, 3), keeps_own=st.booleans())
    def a_metric_becomes_a_kpi_or_ceases_to_be_one(self, number: int, keeps_own: bool) -> None:
        for which in self.walk.kpis[:1]:
            self.walk.join_or_part(self.walk.initiatives[number], which, keeps_own=keeps_own)


@pytest.fixture(scope="module")
def database(sqlite_files_of_module: SqliteFiles) -> Iterator[Database]:
    database = Database.open(sqlite_files_of_module.new(), migrate=False)
    yield database
    database.close()


def test_nothing_done_later_changes_a_closed_week(database: Database) -> None:
    """`make histories` runs more of them."""
    with database.session() as session:
        History.begun = Walk.begin(session, OWNED)
        History.begun.go_to(datetime(2026, 12, 1, 20, tzinfo=UTC))
        session.commit()
    History.database = database
    walk_all: Callable[..., None] = run_state_machine_as_test
    walk_all(
        History,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_nothing_done_later_changes_the_thirteen_weeks_of_the_example_plan(sqlite_url: str) -> None:
    database = Database.open(sqlite_url, migrate=False)
    with one_transaction(database) as session:
        walk = Walk.begin(session)
        thirteen_weeks(walk)
        known = walk.figures()
        assert len(known) == 13
        for act in _acts(walk):
            act()
            require_same(known, walk.figures())
    database.close()


def _acts(walk: Walk) -> Iterator[Callable[[], object]]:
    today = walk.now.date()
    page, desk, water = (walk.named(one.name) for one in (PAGE, DESK, WATER))
    givers = walk.kpis[0]
    yield partial(walk.change_status, page, Status.PAUSED)
    yield partial(walk.change_status, desk, Status.STOPPED)
    yield partial(walk.hand_over, water, BEN)
    yield partial(walk.edit, water, -5)
    yield partial(walk.move_schedule, Schedule(WeeklyTime(1, time(9)), (), WeeklyTime(4, time(11))))
    for who in (MAYA, BEN, AROHA, PRIYA, TOM):
        yield partial(walk.go_away, who, today - timedelta(weeks=13), today)
        yield partial(walk.come_back, who)
    for keeps_own in (True, False, True):
        yield partial(walk.join_or_part, walk.named(NEWSLETTER.name), givers, keeps_own=keeps_own)
    yield partial(walk.lower, givers)
    yield partial(walk.read, givers, today - timedelta(weeks=9), 419)
    yield partial(walk.retire, givers)
    yield walk.pause
    yield walk.resume
    yield partial(walk.go_on, weeks=4)
