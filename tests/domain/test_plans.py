"""How far ahead a ritual can be due, over schedules, zones and instants drawn at random."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Month, Week
from domain.plans import A_WEEK, FOUR_WEEKS, reckoned
from domain.rituals import PUT_OFF, Due, Ritual
from domain.schedules import digest_instant, prompt_instant
from domain.strategies import Strategy, digest_after, next_prompt_week, review_after
from tests.domain.zones import INSTANTS, SCHEDULES, ZONES, strategy_of

CHANGES = st.lists(st.tuples(st.integers(-8, 8), SCHEDULES), max_size=2)
AHEAD = st.integers(0, 3 * 366 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
RITUALS = st.sampled_from([Ritual.PROMPT, Ritual.DIGEST, Ritual.REVIEW])
A_DAY = timedelta(days=1)
MOST = {Ritual.PROMPT: A_WEEK * 2, Ritual.DIGEST: A_WEEK * 3, Ritual.REVIEW: timedelta(days=63)}
"""With a change of the schedule and of zones between two of them."""


@st.composite
def strategies(draw: st.DrawFn, around: datetime) -> Strategy:
    """Its schedule changed now and then in the weeks around an instant."""
    first = draw(SCHEDULES)
    base = strategy_of(first, draw(ZONES))
    week = Week.of(around.date())
    changes = sorted(
        ((week.plus(weeks), schedule) for weeks, schedule in draw(CHANGES)), key=lambda change: change[0]
    )
    held = ((week.plus(-60), first), *changes)
    return replace(base, schedule=held[-1][1], schedule_changes=held)


CASES = INSTANTS.flatmap(lambda now: st.tuples(st.just(now), strategies(now), ZONES))


def planned(strategy: Strategy, zone: str, ritual: Ritual, now: datetime) -> Due:
    """As production plans it."""
    person = "U1" if ritual is Ritual.PROMPT else ""
    if ritual is Ritual.REVIEW:
        month, at = review_after(strategy, now)
        return Due("T1", 1, ritual, person, str(month), at)
    if ritual is Ritual.DIGEST:
        week, at = digest_after(strategy, now)
        return Due("T1", 1, ritual, person, str(week), at)
    week = next_prompt_week(strategy, zone, now)
    return Due("T1", 1, ritual, person, str(week), prompt_instant(strategy.schedule_for(week), week, zone))


@given(case=CASES, ritual=RITUALS, later=AHEAD)
def test_what_the_schedule_plans_it_explains_then_and_ever_after(
    case: tuple[datetime, Strategy, str], ritual: Ritual, later: timedelta
) -> None:
    now, strategy, zone = case
    due = planned(strategy, zone, ritual, now)
    assert reckoned(strategy, zone, due, (), now) == due
    assert reckoned(strategy, zone, due, (), now + later) == due


@given(case=CASES, ritual=RITUALS, ahead=AHEAD)
def test_what_a_clock_that_was_ahead_planned_is_planned_as_it_was_before(
    case: tuple[datetime, Strategy, str], ritual: Ritual, ahead: timedelta
) -> None:
    now, strategy, zone = case
    wrong, right = planned(strategy, zone, ritual, now + ahead), planned(strategy, zone, ritual, now)
    assert reckoned(strategy, zone, wrong, {before(right)}, now) == right


@given(case=CASES, ritual=RITUALS, ahead=AHEAD)
def test_what_a_clock_that_was_ahead_passed_over_meanwhile_is_made_up_while_it_makes_sense(
    case: tuple[datetime, Strategy, str], ritual: Ritual, ahead: timedelta
) -> None:
    now, strategy, zone = case
    right = planned(strategy, zone, ritual, now)
    found = reckoned(strategy, zone, planned(strategy, zone, ritual, now + ahead), (), now)
    if found != right:
        assert found.period == before(right)
        assert found.due_at <= now
        if ritual is Ritual.PROMPT:
            week = Week.parse(found.period)
            assert now < digest_instant(strategy.schedule_for(week), week, strategy.zone)


def before(due: Due) -> str:
    parsed = Month if due.ritual is Ritual.REVIEW else Week
    return str(parsed.parse(due.period).previous())


@given(case=CASES, ritual=RITUALS, ahead=AHEAD)
def test_nothing_stays_due_further_ahead_than_one_change_of_schedule_can_explain(
    case: tuple[datetime, Strategy, str], ritual: Ritual, ahead: timedelta
) -> None:
    now, strategy, zone = case
    wrong = replace(planned(strategy, zone, ritual, now + ahead), due_at=now + ahead)
    right = reckoned(strategy, zone, wrong, (), now)
    assert right.due_at <= now + MOST[ritual] + 3 * A_DAY
    assert reckoned(strategy, zone, right, (), now) == right


@given(case=CASES, ritual=RITUALS, ahead=AHEAD)
def test_what_has_happened_does_not_come_again(
    case: tuple[datetime, Strategy, str], ritual: Ritual, ahead: timedelta
) -> None:
    now, strategy, zone = case
    first = planned(strategy, zone, ritual, now)
    happened = {first.period, before(first)}
    right = reckoned(strategy, zone, planned(strategy, zone, ritual, now + ahead), happened, now)
    if right.period in happened:
        assert right == planned(strategy, zone, ritual, now)  # it was due for that all along
        assert ahead < MOST[ritual] + 3 * A_DAY
    else:
        assert right.due_at > now


@given(case=CASES, ritual=RITUALS)
def test_one_that_failed_may_wait_and_one_put_off_by_a_clock_that_was_ahead_may_not(
    case: tuple[datetime, Strategy, str], ritual: Ritual
) -> None:
    now, strategy, zone = case
    due = planned(strategy, zone, ritual, now)
    failed_at = due.due_at + timedelta(hours=20)
    put_off = replace(due, due_at=failed_at + PUT_OFF)
    assert reckoned(strategy, zone, put_off, (), failed_at) == put_off
    far = replace(due, due_at=now + timedelta(days=400))
    assert reckoned(strategy, zone, far, (), now) == due


@given(case=CASES, ritual=RITUALS, ahead=AHEAD)
def test_passing_one_over_leaves_the_next_where_each_tick_looks(
    case: tuple[datetime, Strategy, str], ritual: Ritual, ahead: timedelta
) -> None:
    """It looks from a week (for reviews four weeks) ahead on; a change of clocks may bring the next a little nearer."""
    now, changed, zone = case
    strategy = replace(changed, schedule_changes=())
    first, after = planned(strategy, zone, ritual, now), planned(strategy, zone, ritual, now + ahead)
    if after != first:
        least = FOUR_WEEKS if ritual is Ritual.REVIEW else A_WEEK
        assert after.due_at - first.due_at >= least - timedelta(hours=2)
