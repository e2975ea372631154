"""A closed week stays as it was, and what is told of it is so: paused is paused, later is later, early is early."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from domain.check_ins import CheckInState, LastHealth, Standing
from domain.closed_weeks import ClosedWeek, InitiativeThen
from domain.errors import DomainError
from domain.healths import Health
from domain.initiatives import Initiative, Status
from domain.rhythm_health import Part, Share, score
from domain.rhythms import rhythm_of
from domain.schedules import Schedule, WeeklyTime
from services.check_ins.answering import open_early
from services.check_ins.prompts import build_prompt
from services.digests import gather_digest, preview_digest
from services.rhythms import gather_rhythm
from storage import answers, check_ins, closed_weeks, digests, people
from storage.database import Database
from storage.models import OutboxRow
from storage.statements import table
from tests.support.harbor_lights import AROHA, BEN, FIRST_WEEK, MAYA, NEWSLETTER, REFERRAL, TEAM, weeks
from tests.support.walks import Walk, one_transaction
from views.check_ins.forms import update_modal

OWNED = (NEWSLETTER, REFERRAL)
_outbox = table(OutboxRow)


@pytest.fixture
def walk(database: Database) -> Iterator[Walk]:
    with one_transaction(database) as session:
        yield Walk.begin(session, OWNED)


def at(week: int, day: int, hour: int) -> datetime:
    """So many days into a week of the plan, 1 for Monday, by UTC."""
    monday = weeks(week).day(0)
    return datetime(monday.year, monday.month, monday.day, hour, tzinfo=UTC) + timedelta(days=day - 1)


def kept(walk: Walk, person_id: str, week: int) -> ClosedWeek:
    [found] = (
        one
        for one in closed_weeks.list_closed_weeks(walk.session, TEAM, walk.strategy_id, FIRST_WEEK)
        if (one.person_id, one.period) == (person_id, weeks(week))
    )
    return found


def then(walk: Walk, about: Initiative, week: int) -> InitiativeThen:
    found = kept(walk, about.owner_id, week).then(walk.named(about.name).id)
    assert found is not None
    return found


def health(walk: Walk) -> int | None:
    """What rhythm health is without the KPIs, which grow old by themselves."""
    shares = rhythm_of(gather_rhythm(walk.session, walk.strategy, walk.now)).health.shares
    return score({**shares, Part.READ: Share(0, 0)}).total


def said(walk: Walk, target: str) -> list[str]:
    """The texts on their way to somebody or a channel, oldest first."""
    statement = select(_outbox.c.payload).where(_outbox.c.target == target).order_by(_outbox.c.id)
    return [payload.get("text", "") for payload in walk.session.scalars(statement)]


def told_in_channel(walk: Walk) -> str:
    return said(walk, walk.strategy.channel_id)[-1]


def test_a_week_is_closed_when_the_next_prompt_instant_passes_in_each_persons_zone(walk: Walk) -> None:
    walk.go_to(at(1, 1, 20))
    walk.answer(MAYA, Health.ON_TRACK)
    walk.go_to(at(2, 1, 10))
    assert then(walk, NEWSLETTER, 1).health is Health.ON_TRACK
    with pytest.raises(ValueError, match="not enough values"):
        kept(walk, BEN, 1)
    walk.go_to(at(2, 1, 18))
    assert then(walk, REFERRAL, 1).standing is Standing.NO_ANSWER
    assert then(walk, NEWSLETTER, 1).numbers[0].target == 6000
    assert {kpi.name for kpi in kept(walk, BEN, 1).kpis} == {"Monthly givers"}


def test_a_week_closes_by_the_schedule_though_its_prompt_moves_to_a_later_day(walk: Walk) -> None:
    walk.go_to(at(1, 1, 20))
    week = walk.check_in_of(MAYA)
    assert week is not None
    walk.go_away(MAYA, at(2, 1, 0).date(), at(2, 1, 0).date())
    walk.go_to(at(2, 1, 12))
    assert then(walk, NEWSLETTER, 1).standing is Standing.NO_ANSWER
    assert walk.check_in_of(MAYA) is None
    assert walk.answer_early(MAYA, Health.AT_RISK)
    walk.go_to(at(2, 2, 12))
    present = walk.check_in_of(MAYA)
    assert present is not None
    assert present.period == weeks(2)
    assert present.is_answered
    assert then(walk, NEWSLETTER, 1).health is None


def test_a_moved_schedule_loses_no_digest(walk: Walk) -> None:
    walk.go_to(at(1, 3, 13))
    walk.move_schedule(Schedule(WeeklyTime(4, time(9)), (), WeeklyTime(1, time(11))))
    walk.go_to(at(2, 6, 12))
    walk.move_schedule(Schedule(WeeklyTime(0, time(9)), (), WeeklyTime(0, time(17))))
    walk.go_to(at(3, 1, 20))
    posted = {
        week: digests.find_digest_of_period(walk.session, TEAM, walk.strategy_id, weeks(week))
        for week in (1, 2, 3)
    }
    assert {week: one.posted_at for week, one in posted.items() if one} == {
        1: at(1, 3, 11),
        2: at(3, 1, 8),
        3: at(3, 1, 17),
    }
    assert ("digest", "missed") not in walk.outcomes


def test_a_schedule_moved_when_the_last_digest_is_late_already_posts_it_at_once(walk: Walk) -> None:
    walk.go_to(at(1, 3, 13))
    walk.move_schedule(Schedule(WeeklyTime(4, time(9)), (), WeeklyTime(1, time(11))))
    late = at(3, 1, 8) + timedelta(minutes=30)
    walk.go_to(late)
    walk.move_schedule(Schedule(WeeklyTime(0, time(9)), (), WeeklyTime(0, time(17))))
    walk.go_to(at(3, 1, 20))
    last = digests.find_digest_of_period(walk.session, TEAM, walk.strategy_id, weeks(2))
    assert last is not None
    assert last.posted_at == late
    assert ("digest", "missed") not in walk.outcomes


def test_who_answers_in_a_closed_week_is_told_that_it_stays(walk: Walk) -> None:
    walk.go_to(at(1, 1, 20))
    week = walk.check_in_of(MAYA)
    walk.pause()
    walk.go_to(at(2, 2, 12))
    walk.resume()
    assert week is not None
    with pytest.raises(DomainError, match="is closed and stays as it was"):
        walk.answer_in(week, Health.ON_TRACK)


def test_pausing_closing_or_giving_away_a_silent_initiative_lifts_no_rhythm_health(walk: Walk) -> None:
    walk.go_to(at(1, 1, 20))
    walk.answer(MAYA, Health.ON_TRACK)
    walk.go_to(at(1, 4, 12))
    before = health(walk)
    assert before is not None
    assert before < 100
    silent = walk.named(REFERRAL.name)
    walk.change_status(silent, Status.PAUSED)
    assert health(walk) == before
    walk.change_status(walk.named(REFERRAL.name), Status.ACTIVE)
    walk.hand_over(walk.named(REFERRAL.name), MAYA)
    assert health(walk) == before
    walk.change_status(walk.named(REFERRAL.name), Status.STOPPED)
    walk.go_to(at(2, 1, 18))
    assert health(walk) == before
    found = kept(walk, BEN, 1).then(silent.id)
    assert found is not None
    assert found.standing is Standing.NO_ANSWER


def test_a_pause_after_the_prompt_closes_that_week_without_blame(walk: Walk) -> None:
    walk.go_to(at(1, 2, 7))
    walk.change_status(walk.named(REFERRAL.name), Status.PAUSED)
    walk.answer(MAYA, Health.ON_TRACK)
    walk.go_to(at(2, 1, 18))
    assert then(walk, REFERRAL, 1).standing is Standing.PAUSED
    assert health(walk) == 100


def test_a_strategy_paused_after_the_prompt_leaves_nobody_silent(walk: Walk) -> None:
    walk.go_to(at(1, 2, 7))
    walk.pause()
    walk.go_to(at(4, 1, 18))
    for week in (1, 2, 3):
        assert then(walk, NEWSLETTER, week).standing is Standing.PAUSED
        assert then(walk, REFERRAL, week).standing is Standing.PAUSED
    assert kept(walk, MAYA, 1).state is CheckInState.PAUSED
    assert kept(walk, MAYA, 2).state is None
    walk.resume()
    walk.go_to(at(5, 4, 12))
    texts = said(walk, walk.strategy.channel_id)
    assert not any("relaunch: outdated" in text or "No answer in W4" in text for text in texts)
    assert not any("two weeks" in text for text in said(walk, MAYA))


def test_paused_weeks_are_said_to_be_paused_in_the_review(walk: Walk) -> None:
    walk.go_to(at(1, 1, 20))
    walk.answer(MAYA, Health.ON_TRACK)
    walk.go_to(at(1, 4, 12))
    walk.change_status(walk.named(NEWSLETTER.name), Status.PAUSED)
    walk.go_to(at(4, 1, 7))
    walk.change_status(walk.named(NEWSLETTER.name), Status.ACTIVE)
    walk.go_to(at(7, 4, 12))
    told = next(text for text in said(walk, walk.strategy.channel_id) if "paused from" in text)
    line = next(line for line in told.splitlines() if "paused from" in line)
    assert "on track from 23 Nov, :white_circle::white_circle: paused from 30 Nov" in line
    assert "no answer from 14 Dec" in line
    assert "no answer from 30 Nov" not in line


@pytest.mark.parametrize("day", [1, 2, 3, 5])
def test_resuming_says_when_the_next_prompt_and_digest_come_and_they_come(walk: Walk, day: int) -> None:
    walk.go_to(at(1, 4, 12))
    walk.pause()
    walk.go_to(at(3, day, 8))
    sentence = walk.resume()
    assert sentence == (
        f"Harbor Lights goes on. The first of its owners is asked {_said(walk, 'prompt')}; the next digest comes "
        f"{_said(walk, 'digest')}."
    )


def _said(walk: Walk, ritual: str) -> str:
    """When the next of these comes about, as people say it in London."""
    outcome = {"prompt": "prompted", "digest": "posted"}[ritual]
    walk.go_to(walk.now + timedelta(seconds=1))
    while (ritual, outcome) not in walk.outcomes[walk.marked :]:
        walk.go_on(minutes=15)
    return f"on {walk.now:%a} {walk.now.day} {walk.now:%b} at {walk.now:%H:%M}"


def test_a_pause_that_is_over_before_the_digest_leaves_the_week_asked(walk: Walk) -> None:
    walk.go_to(at(1, 1, 20))
    walk.pause()
    walk.go_to(at(1, 2, 12))
    assert "Wed 25 Nov" in walk.resume()
    walk.go_to(at(1, 3, 12))
    assert ("digest", "posted") in walk.outcomes
    walk.go_to(at(2, 1, 18))
    assert then(walk, REFERRAL, 1).standing is Standing.NO_ANSWER


def test_an_absence_entered_afterwards_is_told_as_said_later(walk: Walk) -> None:
    walk.go_to(at(1, 4, 12))
    before = health(walk)
    told = walk.go_away(BEN, at(1, 1, 0).date(), at(2, 5, 0).date())
    assert told == (weeks(1),)
    assert (
        told_in_channel(walk)
        == "Ben Carter said later: away 23 Nov to 4 Dec. The digest of 23 Nov stays as it was told."
    )
    digest = next(
        text for text in said(walk, walk.strategy.channel_id) if "Giver referral programme: no" in text
    )
    assert "no answer (said later: away)" in digest
    assert health(walk) == before
    walk.go_to(at(2, 1, 18))
    assert then(walk, REFERRAL, 1).standing is Standing.NO_ANSWER


def test_coming_back_after_the_digest_makes_no_silence_of_an_absence(walk: Walk) -> None:
    walk.go_to(at(1, 1, 20))
    walk.go_away(BEN, at(1, 2, 0).date(), None)
    walk.go_to(at(1, 4, 12))
    walk.come_back(BEN)
    walk.go_to(at(2, 1, 18))
    assert then(walk, REFERRAL, 1).standing is Standing.AWAY


def test_a_new_owner_rewrites_no_chart_and_outdated_stays_outdated(walk: Walk) -> None:
    walk.go_to(at(2, 3, 12))
    charts = [gather_digest(walk.session, walk.strategy, weeks(3), walk.now, None)]
    walk.hand_over(walk.named(REFERRAL.name), AROHA)
    walk.go_to(at(3, 3, 12))
    walk.go_to(at(3, 4, 12))
    assert kept(walk, BEN, 1).then(walk.named(REFERRAL.name).id) is not None
    text = [text for text in said(walk, walk.strategy.channel_id) if "Giver referral programme: " in text][-1]
    assert "Giver referral programme: outdated (never answered)" in text
    assert charts


def test_an_early_answer_shows_nowhere_before_its_week(walk: Walk) -> None:
    walk.go_to(at(1, 1, 20))
    metric = walk.named(NEWSLETTER.name).metrics[0].id
    walk.answer(MAYA, Health.ON_TRACK, progress="Letters went out", next="Write to the partners")
    walk.go_to(at(1, 4, 12))
    before = preview_digest(walk.session, walk.strategy, walk.now)
    walk.answer_early(MAYA, Health.OFF_TRACK, progress="Early words", readings=((metric, 4999),))
    assert preview_digest(walk.session, walk.strategy, walk.now) == before
    known = answers.list_last_healths(walk.session, walk.strategy, walk.now)
    assert known[walk.named(NEWSLETTER.name).id].health is Health.ON_TRACK
    walk.go_to(at(2, 1, 12))
    assert then(walk, NEWSLETTER, 1).health is Health.ON_TRACK
    assert then(walk, NEWSLETTER, 1).numbers[0].value is None


def test_the_last_health_of_each_initiative_is_that_of_its_newest_week(walk: Walk) -> None:
    walk.go_to(at(1, 1, 20))
    walk.answer(MAYA, Health.ON_TRACK, next="Write to the partners")
    walk.answer(BEN, Health.OFF_TRACK)
    walk.go_to(at(2, 1, 20))
    walk.answer(MAYA, Health.AT_RISK, next="Call the partners")

    known = answers.list_last_healths(walk.session, walk.strategy, walk.now)

    assert known == {
        walk.named(NEWSLETTER.name).id: LastHealth(Health.AT_RISK, FIRST_WEEK.next(), "Call the partners"),
        walk.named(REFERRAL.name).id: LastHealth(Health.OFF_TRACK, FIRST_WEEK),
    }


def test_the_form_of_an_early_answer_starts_from_what_is_next(walk: Walk) -> None:
    walk.go_to(at(1, 1, 20))
    walk.answer(MAYA, Health.ON_TRACK, progress="Letters went out", next="Write to the partners")
    walk.go_to(at(1, 4, 12))
    maya = people.get_person(walk.session, TEAM, MAYA)
    early = open_early(walk.session, walk.strategy, maya, maya, walk.now)
    form = update_modal(build_prompt(walk.session, early, walk.now), early.line(early.initiatives[0].id))
    fields = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    assert "initial_value" not in fields["progress"]
    assert fields["next"]["initial_value"] == "Write to the partners"
    assert "initial_option" not in fields["health"]


def test_an_answer_given_while_its_week_closes_is_in_it_or_is_refused(database: Database) -> None:
    """Maya's answer is on its way when her next prompt is due; then another comes after it."""

    def begin(session: Session) -> Walk:
        begun = Walk.begin(session, OWNED)
        begun.go_to(at(2, 1, 8))
        return begun

    walk = database.run(begin)

    def close(session: Session) -> None:
        replace(walk, session=session).go_to(at(2, 1, 12))

    def answer_while_it_closes(session: Session) -> Future[None]:
        replace(walk, session=session).answer(MAYA, Health.ON_TRACK)
        closing = database.submit(close)
        if session.get_bind().dialect.name == "postgresql":
            waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while not closing.done() and not session.scalar(waits):
                pass
        return closing

    database.run(answer_while_it_closes).result()
    with one_transaction(database) as session:
        after = replace(walk, session=session, now=at(2, 1, 12))
        assert then(after, NEWSLETTER, 1).health is Health.ON_TRACK
        week = check_ins.find_check_in_of_period(session, TEAM, walk.strategy_id, MAYA, weeks(1))
        assert week is not None
        with pytest.raises(DomainError, match="is closed"):
            after.answer_in(week, Health.OFF_TRACK)


def test_weeks_that_a_clock_ahead_has_closed_are_open_again(walk: Walk) -> None:
    walk.go_to(at(4, 1, 20))
    closed_weeks.reopen_weeks(walk.session, TEAM, walk.strategy_id, at(2, 2, 0))
    assert [
        one.period
        for one in closed_weeks.list_closed_weeks(walk.session, TEAM, walk.strategy_id, FIRST_WEEK)
        if one.person_id == MAYA and one.initiatives
    ] == [weeks(1)]
    still_open = check_ins.list_unclosed(walk.session, TEAM, walk.strategy_id, [MAYA])
    assert [one.period for one in still_open] == [weeks(2), weeks(3), weeks(4)]
