"""An initiative can be answered from its first day on, as its owner's calendar has it, on either database."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from domain.check_ins import CheckInState
from domain.initiatives import Initiative, has_started
from domain.people import Person
from domain.periods import Week
from domain.schedules import local_instant
from domain.strategies import Goal, Strategy
from services.check_ins.answering import build_answering
from storage import check_ins, initiatives, people, strategies
from storage.database import Database

TEAM, OWNER = "T1", "U1"
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DUE = date(2027, 3, 31)
# Sunday evening and Tuesday morning in UTC.
ZONES = [("Pacific/Auckland", time(9)), ("America/Los_Angeles", time(17))]


def begun(start: date, strategy_id: int = 0) -> Initiative:
    return Initiative(0, TEAM, strategy_id, f"from {start:%a}", None, OWNER, start, DUE, DUE)


def asked_on_monday(session: Session, zone: str, at: time) -> list[str]:
    """What of three initiatives, from Sunday, Monday and Tuesday, is theirs to answer in a prompt without any."""
    owner = Person(TEAM, OWNER, "Aroha", zone)
    people.save_people(session, [owner])
    blank = Strategy(0, TEAM, "C1", "Lights", "Why", (Goal(0, "5 by May"),), "", "", (OWNER,), "UTC")
    strategy = strategies.add_strategy(session, blank, NOW)
    assert strategy is not None
    for start in (MONDAY + timedelta(days=ahead) for ahead in (-1, 0, 1)):
        initiatives.add_initiative(session, begun(start, strategy.id), NOW)
    check_in = check_ins.add_check_in(
        session,
        workspace_id=TEAM,
        strategy_id=strategy.id,
        person_id=OWNER,
        period=Week.of(MONDAY),
        state=CheckInState.ASKED,
        due_at=local_instant(MONDAY, at, zone),
        initiative_ids=[],
    )
    return [one.name for one in build_answering(session, strategy, check_in, owner).initiatives]


@pytest.mark.parametrize(("zone", "at"), ZONES)
def test_what_begins_by_the_owners_monday_is_answered_on_it(database: Database, zone: str, at: time) -> None:
    assert database.run(asked_on_monday, zone, at) == ["from Sun", "from Mon"]


@pytest.mark.parametrize("zone", [zone for zone, _ in ZONES])
def test_the_first_day_begins_at_the_owners_midnight(zone: str) -> None:
    midnight = local_instant(MONDAY, time(0), zone)
    assert has_started(begun(MONDAY), midnight, zone)
    assert not has_started(begun(MONDAY), midnight - timedelta(minutes=1), zone)
