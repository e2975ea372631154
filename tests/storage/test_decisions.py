"""Asks as they are kept, on each database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from domain.check_ins import SeenMark
from domain.decisions import SETTLED, AskKind, Decision, DecisionState
from storage import decisions, seen_marks
from storage.database import Database

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ASK = Decision(
    0,
    "T1",
    1,
    7,
    None,
    AskKind.RESOURCE,
    "Two days of Sam?",
    "The form waits",
    ("Yes", "Half"),
    "none",
    "U1",
    "U2",
    date(2026, 12, 3),
    created_at=NOW,
)


def decided(decision: Decision, outcome: str = "Half", at: datetime = NOW) -> Decision:
    return replace(
        decision, state=DecisionState.DECIDED, outcome=outcome, decided_by="U2", decided_at=at, reason="why"
    )


def test_an_ask_is_kept_as_it_was_asked(database: Database) -> None:
    kept = database.run(decisions.add_decision, ASK)
    assert kept == replace(ASK, id=kept.id)
    assert database.run(decisions.find_decision, "T1", kept.id) == kept
    assert database.run(decisions.find_decision, "T2", kept.id) is None


def test_an_ask_is_settled_once(database: Database) -> None:
    kept = database.run(decisions.add_decision, ASK)
    assert database.run(decisions.settle, decided(kept))
    assert not database.run(decisions.settle, decided(kept, "Yes"))
    assert database.run(decisions.find_decision, "T1", kept.id) == decided(kept)


def test_asks_are_listed_by_strategy_state_and_decider_the_first_due_first(database: Database) -> None:
    later = database.run(decisions.add_decision, replace(ASK, due=date(2026, 12, 9)))
    sooner = database.run(decisions.add_decision, ASK)
    over = database.run(decisions.add_decision, ASK)
    database.run(decisions.add_decision, replace(ASK, strategy_id=2, decider_id="U3"))
    database.run(decisions.settle, decided(over))
    everything = database.run(decisions.list_decisions, "T1", 1)
    assert [one.id for one in everything] == [sooner.id, over.id, later.id]
    settled = database.run(decisions.list_decisions, "T1", 1, states=SETTLED)
    assert [one.id for one in settled] == [over.id]
    waiting = database.run(decisions.list_for_decider, "T1", "U2")
    assert [one.id for one in waiting] == [sooner.id, later.id]


def test_a_person_is_told_of_what_they_decide_and_of_what_they_asked_for(database: Database) -> None:
    to_decide = database.run(decisions.add_decision, ASK)
    asked_for = database.run(
        decisions.add_decision, replace(ASK, requested_by="U2", decider_id="U3", strategy_id=2)
    )
    database.run(decisions.add_decision, replace(ASK, decider_id="U4"))
    over = database.run(decisions.add_decision, ASK)
    database.run(decisions.settle, decided(over))
    found = database.run(decisions.list_open_of_person, "T1", "U2")
    assert [one.id for one in found] == [to_decide.id, asked_for.id]


def test_recent_asks_are_the_open_ones_and_those_settled_since(database: Database) -> None:
    open_one = database.run(decisions.add_decision, ASK)
    old = database.run(decisions.add_decision, ASK)
    new = database.run(decisions.add_decision, ASK)
    database.run(decisions.settle, decided(old, at=NOW - timedelta(days=9)))
    database.run(decisions.settle, decided(new))
    since = NOW - timedelta(days=7)
    expected = {open_one.id, new.id}
    assert {one.id for one in database.run(decisions.list_recent, "T1", 1, since)} == expected
    assert {one.id for one in database.run(decisions.list_of_initiatives, "T1", [7, 8], since)} == expected
    assert database.run(decisions.list_of_initiatives, "T1", [], since) == []


def test_a_lead_sees_a_line_once(database: Database) -> None:
    assert database.run(seen_marks.add_mark, "T1", 3, 7, "U1", NOW)
    assert not database.run(seen_marks.add_mark, "T1", 3, 7, "U1", NOW)
    database.run(seen_marks.add_mark, "T1", 3, 7, "U2", NOW + timedelta(minutes=1))
    both = (SeenMark("U1"), SeenMark("U2"))
    assert database.run(seen_marks.list_marks, "T1", [3, 4]) == {3: {7: both}, 4: {}}


def test_of_a_leads_words_the_latest_stands_and_those_before_are_kept(database: Database) -> None:
    for person_id in ("U1", "U2"):
        database.run(seen_marks.add_mark, "T1", 3, 7, person_id, NOW)
    for minute, word in enumerate(("Ask Legal", "I ask Legal", "")):
        at = NOW + timedelta(minutes=minute)
        database.run(seen_marks.add_word, "T1", 3, 7, "U1", word, at)
        assert database.run(seen_marks.list_marks, "T1", [3])[3][7][0] == SeenMark("U1", word)
    assert database.run(seen_marks.list_marks, "T1", [3])[3][7][1] == SeenMark("U2")
    said = text("SELECT word FROM seen_words ORDER BY revision")
    assert database.run(lambda session: session.scalars(said).all()) == ["Ask Legal", "I ask Legal", ""]
