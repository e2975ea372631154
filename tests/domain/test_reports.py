"""A month as it stood at its end: what changed later is put back, and what was kept is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.changes import Change, ChangeKind
from domain.check_ins import CheckInState, Standing
from domain.closed_weeks import ClosedWeek, InitiativeThen, NumberThen
from domain.decisions import DecisionState
from domain.healths import Health
from domain.initiatives import Status
from domain.kpis import FormerPlan
from domain.milestones import Milestone
from domain.pace import Pace
from domain.periods import Month, Week
from domain.reading.dates import read_past_month
from domain.reports import ReportFacts, ReportMaterial, had_weeks, report_at, report_facts
from domain.strategies import Goal
from tests.support.harbor_lights import AROHA, BEN, MAYA, NEWSLETTER, PEOPLE, REFERRAL, STRATEGY
from tests.support.reviews import decision, kpi, material, reading

NOVEMBER = Month(2026, 11)
SINCE, AT = report_at(STRATEGY, NOVEMBER, datetime(2027, 3, 1, tzinfo=UTC))
LATER = AT + timedelta(days=20)
W47, W48, W49 = (Week(2026, number) for number in (47, 48, 49))


def number(
    value: str | None, *, target: str = "420", pace: Pace = Pace.ON_PACE, read_on: date | None = None
) -> NumberThen:
    read = None if value is None else Decimal(value)
    return NumberThen(
        1, "Monthly givers", "", Decimal(310), Decimal(target), Decimal(318), pace, read, read_on
    )


def then(health: Health | None, standing: Standing = Standing.ANSWERED, **rest: object) -> InitiativeThen:
    return replace(InitiativeThen(NEWSLETTER.id, standing, health, is_on_time=True), **rest)  # type: ignore[arg-type]


def week(
    period: Week, *initiatives: InitiativeThen, kpis: Sequence[NumberThen] = (), by: str = BEN
) -> ClosedWeek:
    closed_at = datetime.combine(period.next().day(0), datetime.min.time(), UTC).replace(hour=9)
    return ClosedWeek(by, period, closed_at, CheckInState.ASKED, initiatives, tuple(kpis))


def november(*changes: Change, **rest: object) -> ReportFacts:
    """Asked for in March, of Newsletter and what is given."""
    known = {"closed": (week(W48, then(Health.ON_TRACK)),), "initiatives": (NEWSLETTER,), "at": AT, **rest}
    review = replace(material(NOVEMBER, (), **known), since=SINCE)
    return report_facts(ReportMaterial(review, datetime(2027, 3, 1, tzinfo=UTC), changes))


def change(
    kind: ChangeKind, before: str, after: str, at: datetime = LATER, *, of: int | None = None
) -> Change:
    return Change(kind, of, before, after, MAYA, at)


def test_a_month_begins_and_ends_where_the_strategy_is() -> None:
    auckland = replace(STRATEGY, zone="Pacific/Auckland")
    since, at = report_at(auckland, NOVEMBER, datetime(2027, 1, 1, tzinfo=UTC))
    assert since < datetime(2026, 10, 31, 11, tzinfo=UTC) <= since + timedelta(microseconds=1)
    assert at < datetime(2026, 11, 30, 11, tzinfo=UTC) <= at + timedelta(microseconds=1)
    now = datetime(2026, 11, 12, tzinfo=UTC)
    assert report_at(auckland, NOVEMBER, now)[1] == now


@pytest.mark.parametrize(("period", "had"), [(W47, True), (W48, True), (W49, False), (Week(2026, 44), True)])
def test_a_month_has_the_weeks_that_end_in_it(period: Week, had: bool) -> None:
    assert had_weeks([week(period)], NOVEMBER) is had


def test_why_and_goals_are_those_of_then() -> None:
    strategy = replace(STRATEGY, why="New why", goals=(Goal(1, "Changed again"), Goal(2, "Added")))
    facts = november(
        change(ChangeKind.WHY, "Before november", "Of November", SINCE + timedelta(days=3)),
        change(ChangeKind.WHY, "Of November", "Between"),
        change(ChangeKind.GOAL, "Of November", "Changed", LATER),
        change(ChangeKind.GOAL, "Changed", "Changed again", LATER + timedelta(days=1)),
        change(ChangeKind.GOAL, "", "Added", LATER),
        change(ChangeKind.GOAL, "Dropped", "", LATER),
        change(ChangeKind.WHY, "Between", "New why", LATER + timedelta(days=1)),
        strategy=strategy,
    )
    assert facts.review.strategy.why == "Of November"
    assert [goal.text for goal in facts.review.strategy.goals] == ["Of November", "Dropped"]
    assert [one.after for one in facts.changes] == ["Of November"]


def test_an_initiative_has_the_name_owner_date_and_status_of_then() -> None:
    now = replace(
        NEWSLETTER, name="News", owner_id=AROHA, due=date(2027, 9, 1), due_moves=2, status=Status.STOPPED
    )
    moved = date(2027, 5, 1)
    facts = november(
        change(
            ChangeKind.DUE,
            NEWSLETTER.due.isoformat(),
            moved.isoformat(),
            SINCE + timedelta(days=9),
            of=now.id,
        ),
        change(ChangeKind.DUE, moved.isoformat(), "2027-09-01", of=now.id),
        change(ChangeKind.NAME, NEWSLETTER.name, "News", of=now.id),
        change(ChangeKind.STOPPED, "", "", of=now.id),
        initiatives=(now,),
    )
    [line] = facts.review.lines
    assert (line.initiative.name, line.initiative.owner_id) == (NEWSLETTER.name, BEN)
    assert (line.initiative.due, line.initiative.due_moves) == (moved, 1)
    assert line.latest is Health.ON_TRACK
    assert facts.others == ()


def test_one_that_was_closed_in_the_month_is_told_and_one_closed_before_is_not() -> None:
    stopped = replace(NEWSLETTER, status=Status.STOPPED)
    told = november(
        change(ChangeKind.STOPPED, "", "", AT - timedelta(days=1), of=stopped.id), initiatives=(stopped,)
    )
    assert [one.status for one in told.others] == [Status.STOPPED]
    assert told.review.lines == ()
    before = november(
        change(ChangeKind.STOPPED, "", "", SINCE - timedelta(days=1), of=stopped.id), initiatives=(stopped,)
    )
    assert before.others == ()


@pytest.mark.parametrize(
    ("standing", "status"), [(Standing.PROPOSED, Status.PROPOSED), (Standing.PAUSED, Status.PAUSED)]
)
def test_what_had_not_begun_or_was_paused_is_told_as_that(standing: Standing, status: Status) -> None:
    facts = november(closed=(week(W48, then(None, standing)),))
    assert [one.status for one in facts.others] == [status]


def test_one_of_which_nothing_was_kept_by_then_is_not_there() -> None:
    facts = november(initiatives=(NEWSLETTER, REFERRAL))
    assert [line.initiative.id for line in facts.review.lines] == [NEWSLETTER.id]


def test_a_kpi_is_told_as_its_last_week_was_closed_whatever_was_read_or_aimed_at_since() -> None:
    old = kpi(1)
    former = FormerPlan(
        LATER, old.direction, old.baseline, old.baseline_on, old.target, old.target_on, old.cadence
    )
    now = replace(
        old,
        target=Decimal(330),
        former_plans=(former,),
        readings=(reading(old, date(2026, 11, 25), "999"), reading(old, date(2027, 2, 1), "329")),
    )
    kept = number("314", pace=Pace.BEHIND, read_on=date(2026, 11, 25))
    facts = november(kpis=(now,), closed=(week(W48, then(Health.ON_TRACK), kpis=[kept]),))
    [told] = facts.kpis
    assert told.number == kept
    assert told.target_on == old.target_on
    assert [(point.value, point.line) for point in told.weeks] == [(Decimal(314), Decimal(318))]
    assert facts.review.kpis[0].pace is Pace.BEHIND


def test_a_kpi_of_which_no_week_was_kept_has_what_was_read_by_then() -> None:
    old = kpi(1)
    late = replace(reading(old, date(2026, 11, 26), "350"), at=LATER)
    facts = november(kpis=(replace(old, readings=(reading(old, date(2026, 11, 25), "316"), late)),))
    assert facts.kpis[0].number.value == Decimal(316)


def test_metrics_are_those_the_last_week_kept() -> None:
    kept = number("4400", target="6000", read_on=date(2026, 11, 24))
    facts = november(closed=(week(W48, then(Health.AT_RISK, numbers=(kept,))),))
    [told] = facts.initiatives[0].numbers
    assert told.number == kept
    assert told.first_target == Decimal(6000)


def test_an_ask_decided_later_was_open_and_one_asked_later_was_not_there() -> None:
    asked, due = SINCE + timedelta(days=20), date(2026, 11, 27)
    decided = decision(
        1, DecisionState.DECIDED, asked, due, decided_at=LATER, decided_by=MAYA, outcome="Yes", reason="R"
    )
    later = decision(2, DecisionState.OPEN, LATER, date(2027, 3, 1))
    in_time = decision(3, DecisionState.DECIDED, asked, due, decided_at=asked, decided_by=MAYA, outcome="No")
    facts = november(change(ChangeKind.ASK_DAY, "27 Nov", "4 Dec"), decisions=(decided, later, in_time))
    assert [one.id for one in facts.review.taken] == [3]
    assert [(one.id, one.outcome, one.reason) for one in facts.review.waiting] == [(1, "", "")]
    assert [one.id for one in facts.review.overdue] == [1]
    assert facts.has_moved_asks


def test_a_milestone_done_later_was_late() -> None:
    steps = [
        Milestone(1, NEWSLETTER.id, "First issue", BEN, date(2026, 11, 24), done_at=LATER, created_at=SINCE),
        Milestone(2, NEWSLETTER.id, "Second", BEN, date(2026, 11, 24), created_at=LATER),
        Milestone(3, NEWSLETTER.id, "Third", BEN, date(2026, 11, 24), created_at=SINCE, done_at=AT),
    ]
    facts = november(milestones={NEWSLETTER.id: steps})
    assert [step.id for _, step in facts.review.late] == [1]


def test_who_left_since_is_the_owner_of_then() -> None:
    people = {**PEOPLE, BEN: replace(PEOPLE[BEN], is_deactivated=True)}
    [line] = november(people=people).review.lines
    assert not line.is_ownerless


def test_weeks_that_end_after_the_month_are_not_in_it() -> None:
    facts = november(closed=(week(W48, then(Health.ON_TRACK)), week(W49, then(Health.OFF_TRACK))))
    assert facts.review.weeks[-1] == W48
    assert facts.review.lines[0].latest is Health.ON_TRACK


def test_a_month_that_goes_on_is_told_as_it_stands() -> None:
    made = material(Month(2026, 11), (), initiatives=(NEWSLETTER,), at=datetime(2026, 11, 26, tzinfo=UTC))
    strategy = replace(STRATEGY, why="Today's")
    review = replace(made, rhythm=replace(made.rhythm, strategy=strategy))
    facts = report_facts(ReportMaterial(review, made.rhythm.at, (change(ChangeKind.WHY, "Old", "Today's"),)))
    assert not facts.is_over
    assert facts.review.strategy.why == "Today's"


TODAY = date(2027, 2, 10)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("November", "2026-11"),
        ("nov", "2026-11"),
        ("Nov.", "2026-11"),
        ("February", "2027-02"),
        ("march", "2026-03"),
        ("March 2027", "2027-03"),
        ("Nov 2025", "2025-11"),
        ("Nov '25", "2025-11"),
        ("2026-11", "2026-11"),
        ("11/2026", "2026-11"),
        ("last month", "2027-01"),
        ("This  month", "2027-02"),
        ("Dezember", "2026-12"),
        ("März 2026", "2026-03"),
    ],
)
def test_a_month_is_read_as_people_type_one_that_has_begun(typed: str, month: str) -> None:
    assert str(read_past_month(typed, TODAY)) == month


@pytest.mark.parametrize(
    "typed", ["", "soon", "Q4", "2026", "13/2026", "2026-00", "24 Dec", "Monday", "x" * 90, "0000-01"]
)
def test_what_is_no_month_is_asked_for_again(typed: str) -> None:
    with pytest.raises(ValueError, match=r"as a month\. Write it like November, or 2026-11\."):
        read_past_month(typed, TODAY)
