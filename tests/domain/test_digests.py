"""What a digest says, from what stands recorded."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.absences import Absence
from domain.changes import ChangeKind
from domain.check_ins import CheckIn, CheckInState, Standing
from domain.digests.facts import InitiativeFacts
from domain.digests.gathering import digest_facts
from domain.healths import Health
from domain.initiatives import Initiative, Status
from domain.kpis import FormerPlan, Kpi
from domain.milestones import Milestone
from domain.periods import Week
from domain.schedules import local_instant
from tests.support.harbor_lights import (
    BEN,
    DESK,
    INITIATIVES,
    MAYA,
    NEWSLETTER,
    PAGE,
    PEOPLE,
    PRIYA,
    REFERRAL,
    REFERRED,
    SUBSCRIBERS,
    TOM,
    WATER,
    answer,
    change,
    check_in,
    digest_time,
    first_weeks,
    fourth_week,
    material,
    readings,
    second_week,
    weeks,
)
from tests.support.reviews import kpi, reading

ON, AT_RISK, OFF = Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK
NOW, BEFORE, LONG_BEFORE = weeks(4), weeks(3), weeks(2)


def line_of(*current: CheckIn, **rest: object) -> InitiativeFacts:
    """The newsletter's line, the only initiative there is unless `rest` says otherwise."""
    facts = digest_facts(material(NOW, *current, **{"initiatives": (NEWSLETTER,), **rest}))
    return facts.lines[0]


def asked(week: Week = NOW, health: Health | None = None, **said: Any) -> CheckIn:
    return check_in(week, answer(NEWSLETTER, health, **said))


def test_an_answer_is_shown_with_its_health() -> None:
    line = line_of(asked(health=AT_RISK))
    assert (line.standing, line.health, line.is_expected) == (Standing.ANSWERED, AT_RISK, True)


def test_the_first_silence_is_no_answer_with_the_last_health_and_its_week() -> None:
    line = line_of(asked(), earlier=(asked(BEFORE, ON),))
    assert line.standing is Standing.NO_ANSWER
    assert line.health is None
    assert line.last is not None
    assert (line.last.health, line.last.week, line.was_silent) == (ON, BEFORE, False)


def test_the_second_silence_running_is_outdated() -> None:
    line = line_of(asked(), earlier=(asked(BEFORE), asked(LONG_BEFORE, ON)))
    assert (line.standing, line.health, line.was_silent) == (Standing.OUTDATED, None, True)


def test_an_answer_after_silence_ends_it() -> None:
    line = line_of(asked(), earlier=(asked(LONG_BEFORE), asked(BEFORE, ON)))
    assert line.standing is Standing.NO_ANSWER


@pytest.mark.parametrize("state", [CheckInState.SKIPPED, CheckInState.MISSED])
def test_a_week_without_a_prompt_neither_counts_as_silence_nor_ends_it(state: CheckInState) -> None:
    unasked = replace(asked(BEFORE), state=state)
    assert line_of(asked(), earlier=(unasked, asked(LONG_BEFORE, ON))).standing is Standing.NO_ANSWER
    assert line_of(asked(), earlier=(unasked, asked(LONG_BEFORE))).standing is Standing.OUTDATED


@pytest.mark.parametrize(
    ("state", "standing"),
    [(CheckInState.SKIPPED, Standing.DAY_OFF), (CheckInState.MISSED, Standing.MISSED)],
)
def test_who_was_not_asked_this_week_is_not_expected(state: CheckInState, standing: Standing) -> None:
    line = line_of(replace(asked(), state=state), earlier=(asked(BEFORE, ON),))
    assert (line.standing, line.is_expected) == (standing, False)


def test_what_was_silent_before_stays_outdated_on_a_week_off() -> None:
    line = line_of(
        replace(asked(), state=CheckInState.SKIPPED), earlier=(asked(BEFORE), asked(LONG_BEFORE, ON))
    )
    assert (line.standing, line.is_expected) == (Standing.OUTDATED, False)


def test_someone_away_is_away_until_their_last_day_and_not_expected() -> None:
    away = {MAYA: (Absence(date(2026, 12, 16), date(2027, 1, 5)),)}
    line = line_of(asked(), absences=away)
    assert (line.standing, line.until, line.is_expected) == (Standing.AWAY, date(2027, 1, 5), False)


def test_whoever_was_away_when_they_would_have_been_asked_is_told_as_that_though_back_by_the_digest() -> None:
    skipped = replace(asked(), state=CheckInState.SKIPPED)
    away = {MAYA: (Absence(date(2026, 12, 1), date(2026, 12, 15)),)}
    line = line_of(skipped, absences=away)
    assert (line.standing, line.until) == (Standing.AWAY, date(2026, 12, 15))
    assert line_of(skipped).standing is Standing.DAY_OFF


def test_someone_away_without_an_end_has_no_last_day() -> None:
    line = line_of(asked(), absences={MAYA: (Absence(date(2026, 12, 1), None),)})
    assert (line.standing, line.until) == (Standing.AWAY, None)


def test_an_answer_from_someone_away_counts() -> None:
    line = line_of(asked(health=ON), absences={MAYA: (Absence(date(2026, 12, 1), None),)})
    assert (line.standing, line.is_expected) == (Standing.ANSWERED, True)


def test_away_is_reckoned_by_the_owners_own_calendar() -> None:
    # The digest, Wednesday 11:00 in London, reaches Aroha in Auckland on Thursday.
    water = INITIATIVES[2]
    for last, standing in ((16, Standing.NO_ANSWER), (17, Standing.AWAY)):
        away = {water.owner_id: (Absence(date(2026, 12, 14), date(2026, 12, last)),)}
        facts = digest_facts(
            material(
                NOW,
                check_in(NOW, answer(water)),
                initiatives=(water,),
                absences=away,
                at=digest_time(NOW) + timedelta(hours=1),
            )
        )
        assert facts.lines[0].standing is standing


def test_an_initiative_added_after_the_prompt_is_not_asked_yet() -> None:
    other = check_in(NOW, answer(REFERRAL, ON), owner=MAYA)
    line = line_of(other)
    assert (line.standing, line.is_expected) == (Standing.NOT_ASKED, False)


def test_an_initiative_that_starts_later_says_when() -> None:
    line = line_of(initiatives=(replace(NEWSLETTER, start=date(2027, 1, 11)),))
    assert (line.standing, line.until) == (Standing.NOT_ASKED, date(2027, 1, 11))


@pytest.mark.parametrize("initiative", [WATER, REFERRAL], ids=["Auckland", "Los Angeles"])
def test_it_starts_with_its_owners_day(initiative: Initiative) -> None:
    midnight = local_instant(NOW.day(3), time(0), PEOPLE[initiative.owner_id].zone)
    later = (replace(initiative, start=NOW.day(3)),)

    assert line_of(initiatives=later, at=midnight - timedelta(minutes=1)).until == NOW.day(3)
    assert line_of(initiatives=later, at=midnight).until is None


def test_a_new_owner_who_was_not_asked_is_not_missing() -> None:
    moved = replace(NEWSLETTER, owner_id=BEN)
    line = line_of(asked(), check_in(NOW, answer(REFERRAL, ON)), initiatives=(moved,))
    assert (line.standing, line.is_expected) == (Standing.NOT_ASKED, False)


def test_the_answer_of_the_owner_before_still_speaks_for_the_initiative() -> None:
    line = line_of(asked(health=AT_RISK), initiatives=(replace(NEWSLETTER, owner_id=BEN),))
    assert (line.health, line.answered_for) == (AT_RISK, MAYA)


def test_participation_counts_initiatives_not_people() -> None:
    both = check_in(NOW, answer(NEWSLETTER, ON), answer(REFERRAL), owner=MAYA)
    facts = digest_facts(material(NOW, both, initiatives=(NEWSLETTER, replace(REFERRAL, owner_id=MAYA))))
    assert (facts.answered, facts.expected) == (1, 2)


def test_skipped_and_missed_ones_are_left_out_of_participation() -> None:
    current = (
        asked(health=ON),
        check_in(NOW, answer(REFERRAL), state=CheckInState.SKIPPED),
        check_in(NOW, answer(DESK), state=CheckInState.MISSED),
        check_in(NOW, answer(PAGE)),
    )
    facts = digest_facts(material(NOW, *current))
    assert (facts.answered, facts.expected) == (1, 2)


def test_health_that_changed_is_told_from_the_last_answer_however_old() -> None:
    line = line_of(asked(health=AT_RISK), earlier=(asked(BEFORE), asked(LONG_BEFORE, ON)))
    assert line.has_new_health
    assert line.last is not None
    assert (line.last.health, line.last.week) == (ON, LONG_BEFORE)


@pytest.mark.parametrize(
    ("before", "after", "recovered"), [(OFF, ON, True), (OFF, AT_RISK, False), (ON, ON, False)]
)
def test_only_a_return_to_on_track_is_a_recovery(before: Health, after: Health, recovered: bool) -> None:
    assert line_of(asked(health=after), earlier=(asked(BEFORE, before),)).has_recovered is recovered


def test_the_first_answer_of_all_changes_nothing() -> None:
    line = line_of(asked(health=ON))
    assert not line.has_new_health
    assert not line.has_recovered


def test_a_metric_moves_from_its_last_reading() -> None:
    earlier = (
        asked(BEFORE, ON),
        asked(LONG_BEFORE, ON, readings=readings((SUBSCRIBERS, "4310"))),
        asked(weeks(1), ON, readings=readings((SUBSCRIBERS, "4230"))),
    )
    line = line_of(asked(health=ON, readings=readings((SUBSCRIBERS, "4390"))), earlier=earlier)
    (move,) = line.moves
    assert (move.before, move.after) == (Decimal(4310), Decimal(4390))


def test_a_metrics_first_reading_moves_from_the_baseline() -> None:
    (move,) = line_of(asked(health=ON, readings=readings((SUBSCRIBERS, "4230")))).moves
    assert (move.before, move.after) == (SUBSCRIBERS.baseline, Decimal(4230))


def test_the_same_reading_again_is_no_move() -> None:
    earlier = (asked(BEFORE, ON, readings=readings((SUBSCRIBERS, "4230"))),)
    assert line_of(asked(health=ON, readings=readings((SUBSCRIBERS, "4230"))), earlier=earlier).moves == ()


def test_a_reading_of_a_metric_that_was_removed_is_left_out() -> None:
    assert line_of(asked(health=ON, readings=readings((REFERRED, "3")))).moves == ()


@pytest.mark.parametrize(
    ("before", "after", "reached"), [("5900", "6000", True), ("6000", "6100", False), ("4300", "5999", False)]
)
def test_a_target_is_reached_once(before: str, after: str, reached: bool) -> None:
    earlier = (asked(BEFORE, ON, readings=readings((SUBSCRIBERS, before))),)
    (move,) = line_of(asked(health=ON, readings=readings((SUBSCRIBERS, after))), earlier=earlier).moves
    assert move.just_reached is reached


def test_a_target_below_the_baseline_is_reached_from_above() -> None:
    facts = digest_facts(fourth_week())
    line = facts.line_for(DESK.id)
    assert line is not None
    assert [move.just_reached for move in line.moves] == [True]


def due_moved(before: str, after: str) -> InitiativeFacts:
    moved = replace(NEWSLETTER, due=date.fromisoformat(after), due_moves=1)
    return line_of(
        asked(health=ON), initiatives=(moved,), changes=(change(ChangeKind.DUE, NEWSLETTER, before, after),)
    )


def test_a_green_whose_date_moved_back_since_the_last_digest_needs_attention() -> None:
    assert due_moved("2027-03-31", "2027-04-14").needs_attention
    assert not due_moved("2027-04-14", "2027-03-31").needs_attention


@pytest.mark.parametrize(("health", "needs"), [(ON, False), (AT_RISK, True), (OFF, True), (None, True)])
def test_what_is_not_well_or_not_answered_needs_attention(health: Health | None, needs: bool) -> None:
    assert line_of(asked(health=health)).needs_attention is needs


def test_nobody_need_look_at_what_was_not_asked() -> None:
    assert not line_of(replace(asked(), state=CheckInState.SKIPPED)).needs_attention
    assert not line_of(initiatives=(replace(NEWSLETTER, status=Status.PROPOSED),)).needs_attention


def test_a_milestone_that_is_late_needs_attention_and_one_done_since_the_last_digest_is_told_once() -> None:
    late = Milestone(1, NEWSLETTER.id, "First issue", MAYA, NOW.day(0))
    assert line_of(asked(health=ON), milestones=(late,)).late_milestones == (late,)
    assert line_of(asked(health=ON), milestones=(late,)).needs_attention
    at, before = digest_time(NOW), digest_time(BEFORE)
    for done_at, told in ((before, False), (at, True), (at + timedelta(hours=1), False)):
        done = replace(late, done_at=done_at)
        line = line_of(asked(health=ON), milestones=(done,), since=before)
        assert (line.done_milestones == (done,)) is told
        assert not line.needs_attention


def test_the_worst_comes_first() -> None:
    healths = dict(zip(INITIATIVES, (ON, AT_RISK, None, OFF, ON), strict=True))
    current = [check_in(NOW, answer(one, health)) for one, health in healths.items()]
    facts = digest_facts(material(NOW, *current))
    assert [line.initiative for line in facts.attention] == [DESK, REFERRAL, WATER]
    assert [line.initiative for line in facts.on_track] == [NEWSLETTER, PAGE]


def test_a_kpi_reaches_its_target_in_one_digest_only_and_never_because_it_was_made_easier() -> None:
    givers = kpi(1)
    met = reading(givers, NOW.day(1), "420")
    read = replace(givers, readings=(reading(givers, BEFORE.day(1), "400"), met))
    easier = replace(read, target=Decimal(390), former_plans=(_plan(givers),))

    def reached(one: Kpi, since: Week) -> bool:
        facts = digest_facts(material(NOW, asked(health=ON), kpis=(one,), since=digest_time(since)))
        return facts.reached == (one,)

    assert reached(read, BEFORE)
    assert not reached(read, NOW)
    assert reached(easier, BEFORE)
    assert not reached(replace(easier, readings=read.readings[:1]), LONG_BEFORE)


def _plan(of: Kpi) -> FormerPlan:
    return FormerPlan(
        digest_time(BEFORE), of.direction, of.baseline, of.baseline_on, of.target, of.target_on, of.cadence
    )


def test_silence_of_two_weeks_is_told_once() -> None:
    def told(*earlier: CheckIn) -> tuple[str, ...]:
        return digest_facts(material(NOW, asked(), earlier=earlier)).silent_twice

    assert told(asked(BEFORE, ON)) == ()
    assert told(asked(BEFORE), asked(LONG_BEFORE, ON)) == (MAYA,)
    assert told(asked(BEFORE), asked(LONG_BEFORE), asked(weeks(1), ON)) == ()


def test_who_answers_for_one_of_two_initiatives_is_not_silent() -> None:
    half = check_in(NOW, answer(NEWSLETTER, ON), answer(REFERRAL), owner=MAYA)
    facts = digest_facts(material(NOW, half, earlier=(asked(BEFORE), asked(LONG_BEFORE, ON))))
    assert facts.silent_twice == ()


def test_a_week_away_does_not_make_silence_longer() -> None:
    away = {MAYA: (Absence(date(2026, 12, 7), date(2026, 12, 11)),)}
    earlier = (asked(BEFORE), asked(LONG_BEFORE), asked(weeks(1), ON))
    facts = digest_facts(material(NOW, asked(), earlier=earlier, absences=away))
    assert facts.silent_twice == (MAYA,)


def test_silence_of_someone_away_now_is_not_told() -> None:
    away = {MAYA: (Absence(date(2026, 12, 14), None),)}
    facts = digest_facts(
        material(NOW, asked(), earlier=(asked(BEFORE), asked(LONG_BEFORE, ON)), absences=away)
    )
    assert facts.silent_twice == ()


def test_a_check_in_that_asked_about_nothing_is_no_silence() -> None:
    nothing = [check_in(week, owner=MAYA) for week in (NOW, BEFORE)]
    facts = digest_facts(material(NOW, nothing[0], earlier=(nothing[1],), initiatives=(NEWSLETTER,)))
    assert facts.silent_twice == ()


def test_in_the_plan_tom_is_silent_twice_in_the_second_week() -> None:
    facts = digest_facts(second_week())
    assert facts.silent_twice == (TOM,)
    assert [line.standing for line in facts.lines].count(Standing.ANSWERED) == 4


def test_the_chart_counts_each_week_by_health_and_ends_with_this_one() -> None:
    facts = digest_facts(fourth_week())
    assert [str(week.week) for week in facts.weeks] == ["2026-W48", "2026-W49", "2026-W50", "2026-W51"]
    assert [(w.by_health[ON], w.by_health[AT_RISK], w.by_health[OFF], w.no_answer) for w in facts.weeks] == [
        (4, 0, 0, 1),
        (4, 0, 0, 1),
        (3, 2, 0, 0),
        (3, 0, 1, 0),
    ]


def test_the_chart_holds_twelve_weeks_across_the_new_year_without_a_gap() -> None:
    now = weeks(20)
    earlier = tuple(asked(weeks(n), ON) for n in range(1, 20) if n != 15)
    facts = digest_facts(material(now, asked(now, ON), earlier=earlier, initiatives=(NEWSLETTER,)))
    assert [week.week for week in facts.weeks] == [weeks(n) for n in range(9, 21)]
    assert [sum(week.by_health.values()) for week in facts.weeks] == [1] * 6 + [0] + [1] * 5


def test_the_chart_leaves_out_those_who_were_away_or_not_asked() -> None:
    away = {PRIYA: (Absence(date(2026, 12, 7), date(2026, 12, 11)),)}
    earlier = (
        asked(BEFORE, ON),
        check_in(BEFORE, answer(DESK)),
        check_in(BEFORE, answer(REFERRAL), state=CheckInState.SKIPPED),
    )
    facts = digest_facts(material(NOW, asked(health=ON), earlier=earlier, absences=away))
    assert facts.weeks[0].no_answer == 0


def test_check_ins_of_this_period_and_later_are_not_the_past() -> None:
    line = line_of(asked(health=ON), earlier=(asked(NOW, AT_RISK), asked(NOW.next(), OFF)))
    assert line.last is None


def test_several_changes_of_an_owner_are_told_as_one_and_there_and_back_as_none() -> None:
    first, second = (
        change(ChangeKind.OWNER, NEWSLETTER, "Ana", "Ben", hour=9),
        change(ChangeKind.OWNER, NEWSLETTER, "Ben", "Cleo", hour=10),
    )
    (told,) = line_of(changes=(second, first)).changes
    assert (told.before, told.after) == ("Ana", "Cleo")
    back = change(ChangeKind.OWNER, NEWSLETTER, "Cleo", "Ana", hour=11)
    assert line_of(changes=(first, second, back)).changes == ()


def test_a_due_date_moved_there_and_back_still_shows() -> None:
    moves = (
        change(ChangeKind.DUE, NEWSLETTER, "2027-03-31", "2027-04-14"),
        change(ChangeKind.DUE, NEWSLETTER, "2027-04-14", "2027-03-31", hour=10),
    )
    assert [told.kind for told in line_of(changes=moves).changes] == [ChangeKind.DUE]


def test_several_changes_of_the_strategy_are_all_kept() -> None:
    changes = (
        change(ChangeKind.STRATEGY, None, "", "New why", hour=9),
        change(ChangeKind.STRATEGY, None, "", "New audience", hour=10),
    )
    facts = digest_facts(material(NOW, asked(health=ON), changes=changes))
    assert [told.after for told in facts.changes] == ["New why", "New audience"]


def test_added_paused_and_closed_initiatives_are_kept_apart() -> None:
    paused, closed = replace(REFERRAL, status=Status.PAUSED), replace(DESK, status=Status.COMPLETED)
    facts = digest_facts(
        material(
            NOW,
            asked(health=ON),
            initiatives=(NEWSLETTER, paused, closed),
            changes=(
                change(ChangeKind.ADDED, NEWSLETTER),
                change(ChangeKind.PAUSED, paused),
                change(ChangeKind.COMPLETED, closed),
            ),
        )
    )
    assert [line.initiative for line in facts.lines] == [NEWSLETTER]
    assert (facts.added, facts.paused, facts.closed) == ((NEWSLETTER,), (paused,), (closed,))
    assert [told.kind for told in facts.changes] == [ChangeKind.PAUSED, ChangeKind.COMPLETED]


def test_an_initiative_past_its_due_day_is_overdue() -> None:
    today = digest_time(NOW).date()
    assert line_of(initiatives=(replace(NEWSLETTER, due=today - timedelta(days=1)),)).is_overdue
    assert not line_of(initiatives=(replace(NEWSLETTER, due=today),)).is_overdue


def test_an_answer_after_the_digest_is_marked_late() -> None:
    current = asked(health=ON)
    assert line_of(current, late=frozenset({(current.id, NEWSLETTER.id)})).is_late
    assert not line_of(current, late=frozenset({(current.id, REFERRAL.id)})).is_late


def test_somebody_nobody_remembers_has_a_name_all_the_same() -> None:
    facts = digest_facts(material(NOW, asked(health=ON), people={}, earlier=first_weeks(3)))
    assert facts.name_of(MAYA) == "someone who left"
