"""Two leads at the same moment never get a sixth active initiative, on either database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.initiatives import Initiative, Status
from domain.people import Person
from domain.strategies import Goal, Strategy
from services.initiatives.lifecycle import change_status
from storage import initiatives, people, strategies
from storage.database import Database

TEAM = "T1"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MAYA = Person(TEAM, "U1", "Maya", "Europe/London")


def four_active_and_six_paused(session: Session) -> tuple[Strategy, list[Initiative]]:
    people.save_people(session, [MAYA])
    blank = Strategy(0, TEAM, "C1", "Lights", "Why", (Goal(0, "5 by May"),), "", "", ("U1",), "UTC")
    strategy = strategies.add_strategy(session, blank, NOW)
    assert strategy is not None
    due = date(2027, 3, 31)
    waiting = []
    for number in range(10):
        wanted = Initiative(0, TEAM, strategy.id, f"{number}", None, "U1", date(2026, 11, 23), due, due)
        initiative = initiatives.add_initiative(session, wanted, NOW)
        if number >= 4:
            initiatives.set_status(session, TEAM, initiative.id, Status.PAUSED, NOW)
            waiting.append(initiatives.get_initiative(session, TEAM, initiative.id))
    return strategy, waiting


def test_resuming_at_the_same_moment_makes_five_and_refuses_the_rest(database: Database) -> None:
    strategy, waiting = database.run(four_active_and_six_paused)

    def resume(initiative: Initiative) -> bool:
        try:
            database.run(change_status, strategy, initiative, Status.ACTIVE, MAYA, NOW)
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(6) as leads:
        outcomes = list(leads.map(resume, waiting))

    assert sum(outcomes) == 1
    assert len(database.run(initiatives.list_owned, TEAM, "U1")) == 5
