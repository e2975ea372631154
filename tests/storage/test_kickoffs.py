"""Charters, confirmations, milestones, retrospectives and learnings, on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.changes import Change, ChangeKind
from domain.kickoffs import Charter, Confirmation, ConfirmationState, Role
from domain.milestones import Milestone
from domain.retrospectives import Learning, LearningKind, Retrospective
from storage import changes, kickoffs, milestones, retrospectives
from storage.database import Database

TEAM = "T1"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def asked(role: Role, person: str) -> Confirmation:
    return Confirmation(0, 7, role, person, "two days a month", ConfirmationState.ASKED, "", NOW)


def test_a_charter_is_kept_and_changed(database: Database) -> None:
    charter = Charter(7, "U1", "prices up to £100", "£2,000", "Tom, two days", ("email", "press"))
    database.run(kickoffs.save_charter, TEAM, charter)
    changed = replace(charter, budget="£3,000", channels=())
    database.run(kickoffs.save_charter, TEAM, changed)

    assert database.run(kickoffs.list_charters, TEAM, [7, 8]) == {7: changed}


def test_withdrawn_confirmations_stand_no_more(database: Database) -> None:
    first = database.run(kickoffs.add_confirmation, TEAM, asked(Role.OWNER, "U1"))
    second = database.run(kickoffs.add_confirmation, TEAM, asked(Role.PARTNER, "U2"))
    database.run(kickoffs.withdraw, TEAM, first.id)

    assert database.run(kickoffs.list_confirmations, TEAM, [7, 8]) == {7: (second,), 8: ()}
    assert database.run(kickoffs.get_confirmation, TEAM, first.id).state is ConfirmationState.WITHDRAWN


def test_who_gave_it_to_its_owner_last_is_who_asks(database: Database) -> None:
    assert database.run(kickoffs.find_asker, TEAM, 7) is None
    for kind, person in ((ChangeKind.ADDED, "U1"), (ChangeKind.OWNER, "U2"), (ChangeKind.DUE, "U3")):
        database.run(changes.record_change, TEAM, 1, Change(kind, 7, "", "x", person, NOW))

    assert database.run(kickoffs.find_asker, TEAM, 7) == "U2"


def test_a_milestone_is_done_once(database: Database) -> None:
    wanted = Milestone(0, 7, "First issue", "U1", date(2026, 12, 15), ends_phase=True)
    added = database.run(milestones.add_milestone, TEAM, wanted, NOW)

    assert database.run(milestones.set_done, TEAM, added.id, "U2", NOW)
    assert not database.run(milestones.set_done, TEAM, added.id, "U3", NOW)
    (found,) = database.run(milestones.list_milestones, TEAM, [7])[7]
    assert found == replace(added, done_at=NOW, done_by="U2")


def test_learnings_are_found_by_their_goal(database: Database) -> None:
    keep = Learning(0, 1, 5, 7, LearningKind.KEEP, "Short subjects", "U1", NOW)
    database.run(retrospectives.add_learning, TEAM, keep)
    database.run(retrospectives.add_learning, TEAM, replace(keep, goal_id=6, text="Ask early"))

    (found,) = database.run(retrospectives.list_learnings, TEAM, 1, goal_ids=[5])
    assert (found.text, found.kind) == ("Short subjects", LearningKind.KEEP)
    assert len(database.run(retrospectives.list_learnings, TEAM, 1)) == 2
    for is_accepted in (True, False):
        database.run(
            retrospectives.answer_learning,
            TEAM,
            found.id,
            9,
            is_accepted=is_accepted,
            person_id="U2",
            now=NOW,
        )
    assert database.run(retrospectives.list_learning_answers, TEAM, 9) == {found.id: False}


def test_a_retrospective_is_kept_with_its_words(database: Database) -> None:
    added = database.run(retrospectives.add_retrospective, TEAM, Retrospective(0, 7, None, "U1", NOW))
    answered = replace(added, keep="Short subjects", answered_at=NOW)
    database.run(retrospectives.save_answer, TEAM, answered)

    (found,) = database.run(retrospectives.list_retrospectives, TEAM, 7)
    assert found == answered
