"""What a prompt shows after an answer is what stands recorded, whoever else answered at the same moment."""

from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from domain.check_ins import Answer, CheckIn, CheckInState, Via
from domain.healths import Health
from domain.people import Actor
from domain.periods import Week
from handlers.check_ins import record_click
from handlers.requests import Click
from services.check_ins.answering import build_answering, load_answering
from services.check_ins.answers import record_answers
from services.check_ins.prompts import build_prompt
from storage import check_ins, initiatives, people, prompts, strategies
from storage.database import Database
from storage.delivery import outbox
from storage.models import MessageRow, OutboxRow
from tests.support.harbor_lights import BEN, INITIATIVES, PEOPLE, STRATEGY, TEAM
from views.check_ins.messages import prompt_message

BEGAN = datetime(2026, 11, 21, tzinfo=UTC)
WEEK = Week(2026, 50)
MONDAY = datetime(2026, 12, 7, 17, tzinfo=UTC)
NOW = MONDAY + timedelta(hours=1)


@pytest.fixture
def prompted(database: Database) -> CheckIn:
    """Ben was asked for two initiatives, and the prompt is in his DM."""

    def ask(session: Session) -> CheckIn:
        people.save_people(session, list(PEOPLE.values()))
        strategy = strategies.add_strategy(session, STRATEGY, BEGAN)
        assert strategy is not None
        his = [
            initiatives.add_initiative(session, replace(one, strategy_id=strategy.id, owner_id=BEN), BEGAN)
            for one in INITIATIVES[:2]
        ]
        check_in = check_ins.add_check_in(
            session,
            workspace_id=TEAM,
            strategy_id=strategy.id,
            person_id=BEN,
            period=WEEK,
            state=CheckInState.ASKED,
            due_at=MONDAY,
            initiative_ids=[one.id for one in his],
        )
        message_id = outbox.enqueue_post(session, TEAM, BEN, {"text": "asked"}, now=MONDAY)
        prompts.save_prompts(session, [(check_in, message_id)])
        session.execute(update(MessageRow).values(channel_id="D1", ts="1.2"))
        session.execute(delete(OutboxRow))
        return replace(check_in, message_id=message_id)

    return database.run(ask)


def click(check_in: CheckIn, initiative_id: int) -> Click:
    value = f"{check_in.id}:{initiative_id}"
    return Click(Actor(TEAM, BEN, TEAM), "check_in.on_track", value, "trigger", "D1")


def assert_shows_what_stands(session: Session, check_in: CheckIn) -> None:
    """The last edit of the prompt is the prompt as somebody who loads everything anew would draw it."""
    rows = session.execute(select(OutboxRow.message_id, OutboxRow.payload).order_by(OutboxRow.id)).all()
    assert {row.message_id for row in rows} == {check_in.message_id}
    anew = check_ins.find_check_in(session, TEAM, check_in.id)
    assert anew is not None
    ben = people.get_person(session, TEAM, BEN)
    strategy = strategies.get_strategy(session, TEAM, check_in.strategy_id)
    prompt = build_prompt(session, build_answering(session, strategy, anew, ben), NOW)
    assert rows[-1].payload == prompt_message(prompt)


def test_a_reading_stands_on_the_prompt_as_its_metrics_new_value(
    database: Database, prompted: CheckIn
) -> None:
    def answer(session: Session) -> None:
        first = prompted.answers[0].initiative_id
        ctx = load_answering(session, click(prompted, first), prompted.id, NOW)
        [metric] = ctx.initiative(first).metrics[:1]
        said = Answer(first, Health.AT_RISK, readings=((metric.id, Decimal("4310.5")),), via=Via.FORM)
        stands = record_answers(session, ctx, [said], NOW)
        [value] = {one.value for one in stands.initiative(first).metrics if one.id == metric.id}
        assert value == Decimal("4310.5")
        owner = (stands.strategy, stands.check_in, stands.actor)
        assert build_answering(session, *owner) == stands
        assert_shows_what_stands(session, prompted)

    database.run(answer)


def test_two_clicks_at_once_both_stand_on_the_prompt(database: Database, prompted: CheckIn) -> None:
    first, second = (click(prompted, answer.initiative_id) for answer in prompted.answers)

    def click_while_another_does(session: Session) -> Future[object]:
        record_click(session, first, Health.ON_TRACK, NOW)
        other: Future[object] = database.submit(record_click, second, Health.ON_TRACK, NOW)
        if session.get_bind().dialect.name == "postgresql":
            waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while not other.done() and not session.scalar(waits):
                pass
        return other

    database.run(click_while_another_does).result()

    stands = database.run(check_ins.find_check_in, TEAM, prompted.id)
    assert stands is not None
    assert stands.is_answered
    database.run(assert_shows_what_stands, prompted)
