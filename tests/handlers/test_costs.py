"""What a digest, a review, a Home, a click on *On track* and numbers of a form cost in statements."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.check_ins import Answer, CheckIn, CheckInState
from domain.decisions import DecisionState
from domain.healths import Health
from domain.kickoffs import Confirmation, ConfirmationState, Role
from domain.kpis import KpiReading
from domain.milestones import Milestone
from domain.people import Actor
from domain.periods import Month, Week
from domain.retrospectives import Learning, LearningKind
from domain.reviews import Carried, MessageCheck
from domain.schedules import digest_instant
from domain.strategies import Strategy, review_at
from handlers.check_ins import record_click
from handlers.requests import Click
from services.digests import gather_digest
from services.homes import publish_home
from services.notes.readings import change_kpis
from services.people import refresh_people
from services.readings import report_numbers
from services.reviews.gathering import gather_review
from storage import (
    answers,
    check_ins,
    decisions,
    homes,
    initiatives,
    kickoffs,
    kpis,
    milestones,
    people,
    prompts,
    retrospectives,
    reviews,
    strategies,
)
from storage.database import Database
from storage.delivery import outbox
from storage.homes import Home
from storage.models import MessageRow, OutboxRow
from tests.support.harbor_lights import BEN, FIRST_WEEK, INITIATIVES, MAYA, PEOPLE, STRATEGY
from tests.support.reviews import decision, kpi
from tests.support.statements import counted
from views.homes import BOARDS_A_PAGE
from views.readings import KpiLine

MOST_OF_A_CLICK = 18
ABOUT_THE_CORE_MESSAGE = 2
"""More with the last prompt before a review: which channels an initiative has, and what was said of them."""
BEGAN = datetime(2026, 11, 21, tzinfo=UTC)


def fill(session: Session, owned: int, watched: int, weeks: int) -> Strategy:
    """A strategy with so many initiatives, KPIs and weeks, each week answered, read, asked and learned from."""
    people.save_people(session, list(PEOPLE.values()))
    strategy = strategies.add_strategy(session, replace(STRATEGY, core_message="Swim by ten"), BEGAN)
    assert strategy is not None
    begun = [
        initiatives.add_initiative(session, replace(one, strategy_id=strategy.id), BEGAN)
        for one in INITIATIVES[:owned]
    ]
    kept = [
        kpis.add_kpi(session, replace(kpi(0, f"KPI {at}"), strategy_id=strategy.id), BEGAN)
        for at in range(watched)
    ]
    for one in begun:
        asked = Confirmation(0, one.id, Role.SPONSOR, MAYA, "", ConfirmationState.ASKED, "", BEGAN)
        kickoffs.add_confirmation(session, strategy.workspace_id, asked)
    for week in (FIRST_WEEK.plus(number) for number in range(weeks)):
        _fill_week(session, strategy, week, [one.id for one in begun], [one.id for one in kept])
    return strategy


def _fill_week(session: Session, strategy: Strategy, week: Week, begun: list[int], kept: list[int]) -> None:
    at = datetime.combine(week.day(0), datetime.min.time(), UTC).replace(hour=9)
    for person, initiative_id in zip(PEOPLE, begun, strict=False):
        check_in = check_ins.add_check_in(
            session,
            workspace_id=strategy.workspace_id,
            strategy_id=strategy.id,
            person_id=person,
            period=week,
            state=CheckInState.ASKED,
            due_at=at,
            initiative_ids=[initiative_id],
        )
        answers.save_answer(session, check_in, Answer(initiative_id, Health.ON_TRACK, by=MAYA, at=at))
        said = MessageCheck(check_in.id, initiative_id, "email", Carried.YES, "", person, at)
        reviews.save_checks(session, strategy.workspace_id, [said])
        step = Milestone(0, initiative_id, f"Step {week}", person, date(2026, 12, 1))
        milestones.add_milestone(session, strategy.workspace_id, step, at)
    values = [KpiReading(0, id_, week.day(0), Decimal(320), "csv", "", None, at) for id_ in kept]
    kpis.add_readings(session, strategy.workspace_id, values)
    asked = decision(0, DecisionState.OPEN, at, week.day(4), strategy_id=strategy.id, initiative_id=begun[0])
    decisions.add_decision(session, asked)
    found = Learning(0, strategy.id, None, begun[0], LearningKind.KEEP, f"Learned in {week}", MAYA, at)
    retrospectives.add_learning(session, strategy.workspace_id, found)


def review_cost(session: Session, strategy: Strategy, weeks: int) -> int:
    last = FIRST_WEEK.plus(weeks)
    month = Month.of(last.day(0)).next()
    with counted(session) as sent:
        material = gather_review(session, strategy, month, review_at(strategy, month))
    assert len(material.rhythm.check_ins) >= weeks
    assert all(kpi.readings for kpi in material.rhythm.kpis)
    assert material.milestones
    assert material.rhythm.decisions
    assert material.learnings
    return len(sent)


def digest_cost(session: Session, strategy: Strategy, weeks: int) -> int:
    week = FIRST_WEEK.plus(weeks - 1)
    now = digest_instant(strategy.schedule, week, strategy.zone) + timedelta(minutes=1)
    with counted(session) as sent:
        material = gather_digest(session, strategy, week, now, None)
    assert material.current
    assert material.confirmations
    assert material.milestones
    assert material.decisions
    return len(sent)


def home_cost(session: Session, strategy: Strategy, weeks: int, person_id: str = MAYA) -> int:
    """Of the lead, who owns an initiative, decides and is to confirm them all; or of somebody who owns one."""
    now = datetime.combine(FIRST_WEEK.plus(weeks - 1).day(1), datetime.min.time(), UTC)
    homes.open_home(session, Home(strategy.workspace_id, person_id, ()), now, is_behind=True)
    with counted(session) as sent:
        assert publish_home(session, Home(strategy.workspace_id, person_id, ()), now)
    [drawn] = session.scalars(select(OutboxRow.payload))
    said = str(drawn)
    assert "check_in." in said
    assert ("Rhythm health" in said) is (person_id == MAYA)
    return len(sent)


def members_home_cost(session: Session, strategy: Strategy, weeks: int) -> int:
    return home_cost(session, strategy, weeks, BEN)


@pytest.mark.parametrize("cost", [review_cost, digest_cost, home_cost, members_home_cost])
def test_the_cost_does_not_grow_with_initiatives_kpis_weeks_or_decisions(
    database: Database, cost: Callable[[Session, Strategy, int], int]
) -> None:
    def measure(session: Session) -> tuple[int, int]:
        small = cost(session, fill(session, 2, 1, 1), 1)
        session.rollback()
        return small, cost(session, fill(session, 5, 6, 26), 26)

    small, large = database.run(measure)

    assert large <= small


def test_a_home_costs_what_its_page_shows_however_many_strategies_there_are(database: Database) -> None:
    def measure(session: Session) -> tuple[int, int]:
        on_one_page = home_cost(session, fill_many(session, BOARDS_A_PAGE), 1)
        session.rollback()
        return on_one_page, home_cost(session, fill_many(session, 3 * BOARDS_A_PAGE), 1)

    on_one_page, on_three = database.run(measure)

    assert on_three <= on_one_page


def fill_many(session: Session, led: int) -> Strategy:
    """The first of so many strategies of one lead."""
    first = fill(session, 2, 1, 1)
    for number in range(1, led):
        another = replace(STRATEGY, name=f"Another {number}", channel_id=f"C{number}OTHER")
        assert strategies.add_strategy(session, another, BEGAN) is not None
    return first


def click_cost(session: Session, owned: int, weeks: int) -> int:
    """Ben's prompt of the week after those is in his DM, and he answers for one of his initiatives."""
    strategy = fill(session, 5, 6, weeks)
    week = FIRST_WEEK.plus(weeks)
    at = datetime.combine(week.day(0), datetime.min.time(), UTC).replace(hour=17)
    his = [
        initiatives.add_initiative(session, replace(one, strategy_id=strategy.id, owner_id=BEN), BEGAN)
        for one in INITIATIVES[:owned]
    ]
    check_in = ask(session, strategy, week, at, [one.id for one in his])
    actor = Actor(strategy.workspace_id, BEN, strategy.workspace_id)
    click = Click(actor, "check_in.on_track", f"{check_in.id}:{his[0].id}", "trigger", "D1")
    with counted(session) as sent:
        assert record_click(session, click, Health.ON_TRACK, at + timedelta(hours=1)) is None
    stands = check_ins.find_check_in(session, strategy.workspace_id, check_in.id)
    assert stands is not None
    assert stands.answers[0].health is Health.ON_TRACK
    return len(sent)


def ask(session: Session, strategy: Strategy, week: Week, at: datetime, initiative_ids: list[int]) -> CheckIn:
    """Ben has his prompt of a week."""
    check_in = check_ins.add_check_in(
        session,
        workspace_id=strategy.workspace_id,
        strategy_id=strategy.id,
        person_id=BEN,
        period=week,
        state=CheckInState.ASKED,
        due_at=at,
        initiative_ids=initiative_ids,
    )
    message_id = outbox.enqueue_post(session, strategy.workspace_id, BEN, {"text": "asked"}, now=at)
    prompts.save_prompts(session, [(check_in, message_id)])
    session.execute(update(MessageRow).where(MessageRow.id == message_id).values(channel_id="D1", ts="1.2"))
    session.execute(delete(OutboxRow))
    return check_in


def click_costs(database: Database, weeks: int) -> list[int]:
    """With one initiative, which completes the check-in, and with five."""

    def measure(session: Session) -> list[int]:
        costs = []
        for owned in (1, 5):
            costs.append(click_cost(session, owned, weeks))
            session.rollback()
        return costs

    return database.run(measure)


def test_a_click_on_on_track_costs_eighteen_statements_at_most_however_much_there_is(
    database: Database,
) -> None:
    small, large = click_costs(database, 2), click_costs(database, 26)

    assert max(small) <= MOST_OF_A_CLICK
    assert large == small


def test_a_click_in_the_last_week_before_a_review_costs_two_statements_more(database: Database) -> None:
    assert max(click_costs(database, 1)) <= MOST_OF_A_CLICK + ABOUT_THE_CORE_MESSAGE


def numbers_cost(session: Session, watched: int, *, in_words: bool) -> int:
    """Ben gives the numbers of so many KPIs in one form, or in one message."""
    strategy = fill(session, 1, 0, 1)
    at = datetime.combine(FIRST_WEEK.plus(1).day(0), datetime.min.time(), UTC).replace(hour=17)
    ask(session, strategy, FIRST_WEEK.plus(1), at, [])
    his = [
        kpis.add_kpi(session, replace(kpi(0, f"His {n}"), strategy_id=strategy.id, owner_id=BEN), BEGAN)
        for n in range(watched)
    ]
    numbers = dict.fromkeys((one.id for one in his), Decimal(330))
    later = at + timedelta(hours=1)
    with counted(session) as sent:
        if in_words:
            change_kpis(session, PEOPLE[BEN], his, {}, numbers, later.date(), later)
        else:
            report_numbers(session, strategy, [KpiLine(one) for one in his], numbers, PEOPLE[BEN], later)
    [drawn] = session.scalars(select(OutboxRow.payload))
    assert str(drawn).count("330 recorded") == watched
    return len(sent)


@pytest.mark.parametrize("in_words", [False, True])
def test_a_number_more_given_at_once_costs_the_wait_for_whoever_gives_it_too(
    database: Database, *, in_words: bool
) -> None:
    def measure(session: Session) -> tuple[int, int]:
        two = numbers_cost(session, 2, in_words=in_words)
        session.rollback()
        return two, numbers_cost(session, 6, in_words=in_words)

    two, six = database.run(measure)

    assert six - two == (0 if database.is_sqlite else 4)


def test_looking_everybody_up_costs_as_much_for_five_hundred_as_for_two(database: Database) -> None:
    def measure(session: Session) -> list[int]:
        costs = []
        for number in (2, 500):
            seen = [replace(PEOPLE[MAYA], id=f"U{number}N{n}") for n in range(number)]
            people.save_people(session, seen)
            described = [replace(one, name="Renamed") for one in seen]
            with counted(session) as sent:
                assert refresh_people(session, described, BEGAN) == number
            costs.append(len(sent))
            assert refresh_people(session, described, BEGAN) == 0
        return costs

    two, many = database.run(measure)

    assert two == many
