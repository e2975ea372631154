"""A strategy whose owners are all prompted at one minute, week after week; each has an initiative and reports a KPI."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from domain.check_ins import Answer
from domain.healths import Health
from domain.initiatives import Initiative, SuccessMetric
from domain.people import Person
from domain.periods import Week
from domain.rituals import Ritual
from domain.strategies import Goal, Strategy
from services.planning import plan_owner
from storage import answers, check_ins, initiatives, kpis, people, strategies
from storage.models import DueRow, MessageRow, OutboxRow
from tests.support.reviews import kpi

TEAM = "T1"
FIRST = Week(2026, 48)
BEGAN = datetime(2026, 11, 20, tzinfo=UTC)


def minute(week: Week) -> datetime:
    """Monday 09:00 in UTC, where they all are."""
    return datetime.combine(week.day(0), datetime.min.time(), UTC).replace(hour=9)


def fill(session: Session, owners: Iterable[str], channel: str = "C1") -> Strategy:
    ids = list(owners)
    people.save_people(session, [Person(TEAM, id_, f"Owner {id_}", "UTC") for id_ in ids])
    goal = Goal(0, "6,000 subscribers by 31 March")
    blank = Strategy(0, TEAM, channel, f"Plan {channel}", "Why", (goal,), "", "", (ids[0],), "UTC")
    strategy = strategies.add_strategy(session, blank, BEGAN)
    assert strategy is not None
    for id_ in ids:
        due = date(2027, 3, 31)
        metric = SuccessMetric(0, "subscribers", "", Decimal(4200), Decimal(6000))
        initiatives.add_initiative(
            session,
            Initiative(
                *(0, TEAM, strategy.id, f"Plan of {id_}", strategy.goals[0].id, id_),
                *(BEGAN.date(), due, due),
                metrics=(metric,),
            ),
            BEGAN,
        )
        kpis.add_kpi(session, replace(kpi(0, f"KPI {id_}"), strategy_id=strategy.id, owner_id=id_), BEGAN)
        plan_owner(session, strategy, id_, BEGAN)
    return strategy


def live(session: Session, strategy: Strategy, week: Week) -> None:
    """What waits is sent, everybody answers for the week, and nobody is to be reminded."""
    session.execute(delete(OutboxRow))
    session.execute(update(MessageRow).values(channel_id=MessageRow.target, ts=MessageRow.target))
    session.execute(delete(DueRow).where(DueRow.ritual != Ritual.PROMPT.value))
    for check_in in check_ins.list_since(session, TEAM, strategy.id, week):
        for answer in check_in.answers:
            said = Answer(answer.initiative_id, Health.ON_TRACK, by=check_in.person_id, at=minute(week))
            answers.save_answer(session, check_in, said)
