"""Which checklists are to be drawn anew, on either database."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from domain.check_ins import Answer, CheckIn, CheckInState
from domain.healths import Health
from domain.periods import Week
from storage import answers, check_ins, checklists
from storage.checklists import Checklist
from storage.database import Database

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MAYA = Checklist("T1", 7, "UMAYA", 100)
RUTH = replace(MAYA, person_id="URUTH", message_id=101)
OTHER = replace(MAYA, strategy_id=8, message_id=102)
ELSEWHERE = replace(MAYA, workspace_id="T2", message_id=103)


def keep(session: Session, *kept: Checklist) -> None:
    for one in kept:
        checklists.add_checklist(session, one)


def ask(session: Session, health: Health | None) -> CheckIn:
    """The check-in of strategy 7, answered or not."""
    check_in = check_ins.add_check_in(
        session,
        workspace_id="T1",
        strategy_id=7,
        person_id="UBEN",
        period=Week(2026, 48),
        state=CheckInState.ASKED,
        due_at=NOW,
        initiative_ids=[70],
    )
    if health is not None:
        answers.save_answer(session, check_in, Answer(70, health, by="UBEN", at=NOW))
    return check_in


def test_those_of_the_strategy_that_changed_are_stale_until_they_are_claimed(database: Database) -> None:
    database.run(keep, MAYA, RUTH, OTHER)
    elsewhere = database.within("T2")
    elsewhere.run(keep, ELSEWHERE)
    assert database.run(checklists.list_stale, "T1") == []
    database.run(checklists.mark_stale, "T1", 7)
    assert sorted(one.message_id for one in database.run(checklists.list_stale, "T1")) == [100, 101]
    assert elsewhere.run(checklists.list_stale, "T2") == []
    database.run(checklists.claim_checklist, MAYA)
    assert database.run(checklists.list_stale, "T1") == [RUTH]


def test_what_is_asked_and_not_answered_makes_none_stale(database: Database) -> None:
    database.run(keep, MAYA, OTHER)
    database.run(ask, None)
    assert database.run(checklists.list_stale, "T1") == []
    assert not database.run(checklists.is_anything_answered, "T1", 7)


def test_the_first_answer_of_a_strategy_makes_its_own_stale_until_they_say_so(database: Database) -> None:
    database.run(keep, MAYA, OTHER)
    database.run(ask, Health.AT_RISK)
    assert database.run(checklists.list_stale, "T1") == [MAYA]
    assert database.run(checklists.is_anything_answered, "T1", 7)
    assert not database.run(checklists.is_anything_answered, "T1", 8)
    database.run(checklists.set_answered, MAYA)
    assert database.run(checklists.list_stale, "T1") == []


def test_another_of_the_same_lead_takes_the_place_of_the_one_before(database: Database) -> None:
    newer = replace(MAYA, message_id=200)
    database.run(keep, MAYA, newer)
    assert database.run(checklists.find_checklist, "T1", 7, "UMAYA") == newer
    database.run(checklists.drop_checklist, newer)
    assert database.run(checklists.find_checklist, "T1", 7, "UMAYA") is None
