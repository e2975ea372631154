"""Words that are old go, whoever said them; figures, the plan, and what is not that old stay."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Table, insert, select, update
from sqlalchemy.orm import Session

from domain.forgetting import SOMEONE, Forgotten
from domain.people import Person
from storage.database import Database
from storage.forgetting.aging import STEPS, Batch, erase_old
from storage.forgetting.erasing import erase_person
from storage.forgetting.rules import RULES, WHOLE, Words
from storage.models import Base
from storage.types import UtcDateTime
from tests.handlers.test_history_stays import require_same
from tests.storage.test_forgetting import NAMING, SAID, row_of
from tests.support.databases import SqliteFiles
from tests.support.harbor_lights import BEN, PEOPLE, TEAM
from tests.support.walks import Figures, Walk, one_transaction, thirteen_weeks

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
BEFORE = NOW - timedelta(days=100)
OLD, NEW = BEFORE - timedelta(seconds=1), BEFORE
WORDS = {
    (name, column): rule
    for name, rules in RULES.items()
    for column, rule in rules.items()
    if isinstance(rule, Words)
}
ROWS = 7


def erase(session: Session, limit: int = 3) -> int:
    batch: Batch | None = Batch()
    count = 0
    while batch is not None:
        batch, erased = erase_old(session, "T1", BEFORE, batch, limit)
        count += erased
    return count


def fill(session: Session, at: datetime, workspace_id: str = "T1") -> None:
    for rows in Base.metadata.sorted_tables:
        if rows.name in STEPS and rows.name != "outbox":
            for number in range(ROWS):
                row = row_of(rows, "U0BEN00001") | {"workspace_id": workspace_id}
                session.execute(insert(rows).values(dated(rows, row, at, number)))


def dated(rows: Table, row: dict[str, Any], at: datetime, number: int) -> dict[str, Any]:
    """Rows of their own: whatever is a number, or a code, in the key is counted on."""
    for column in rows.columns:
        if isinstance(column.type, UtcDateTime):
            row[column.name] = at
        elif column.primary_key and isinstance(row[column.name], int):
            row[column.name] = number + (100 if at is NEW else 0)
    return row


def kept(database: Database, name: str) -> list[dict[str, Any]]:
    rows = Base.metadata.tables[name]
    found = select(rows).where(rows.c.workspace_id == "T1").order_by(*rows.primary_key)
    return database.run(lambda session: [row._asdict() for row in session.execute(found)])


def test_old_words_go_everywhere_and_newer_ones_stay_in_batches_of_any_size(database: Database) -> None:
    database.run(fill, OLD)
    database.run(fill, NEW)
    elsewhere = database.within("T2")
    elsewhere.run(fill, OLD, "T2")
    before = {name: kept(database, name) for name in STEPS}

    assert database.run(erase) == ROWS * (len(STEPS) - 1)

    for name in STEPS:
        fresh = [row for row in before[name] if NEW in row.values()]
        left = kept(database, name)
        assert [row for row in left if row in fresh] == fresh, name
        old = [row for row in left if row not in fresh]
        if name in WHOLE:
            assert old == [], name
        else:
            assert len(old) == len(fresh)
            assert not [row for row in old if SAID in str(row)], name
            assert all(NAMING in str(row) for row in old if any(NAMING in str(one) for one in fresh)), name
    assert database.run(erase) == 0
    notes = Base.metadata.tables["notes"]
    theirs = select(notes.c.text).where(notes.c.workspace_id == "T2")
    assert elsewhere.run(lambda session: set(session.scalars(theirs))) == {SAID}


def test_an_open_ask_keeps_its_words_however_old_and_a_moved_one_is_quoted_no_longer(
    database: Database,
) -> None:
    def run(session: Session) -> None:
        fill(session, OLD)
        asks, changes = Base.metadata.tables["decisions"], Base.metadata.tables["changes"]
        session.execute(update(asks).values(decided_at=None))
        session.execute(update(changes).values(kind="day of an ask", after="27 Nov (“Print “5,000” of it?”)"))
        erase(session)

    database.run(run)

    assert {row["question"] for row in kept(database, "decisions")} == {SAID}
    assert {row["after"] for row in kept(database, "changes")} == {"27 Nov (“…”)"}


def test_what_was_set_aside_goes_with_its_words_and_what_waits_does_not(database: Database) -> None:
    outbox = Base.metadata.tables["outbox"]
    states = {1: "expired", 2: "failed", 3: "held", 4: "in_doubt", 5: "pending"}

    def run(session: Session) -> list[int]:
        for id_, state in states.items():
            row = {"workspace_id": "T1", "id": id_, "method": "chat.postMessage", "target": "C1"}
            session.execute(insert(outbox).values({**row, "payload": {}, "state": state, "created_at": OLD}))
        erase(session)
        return list(session.scalars(select(outbox.c.id).order_by(outbox.c.id)))

    assert database.run(run) == [3, 4, 5]


def test_every_column_of_words_says_since_when_they_are_kept() -> None:
    for (name, _), rule in WORDS.items():
        column: Column[Any] = Base.metadata.tables[name].columns[rule.at]
        assert isinstance(column.type, UtcDateTime)
    assert all(
        isinstance(Base.metadata.tables[n].columns[c].type, JSON) for (n, c), r in WORDS.items() if r.figures
    )


@pytest.fixture
def walked(sqlite_files: SqliteFiles) -> Database:
    return Database.open(sqlite_files.new(), migrate=False)


def test_every_figure_of_thirteen_closed_weeks_is_the_same_without_their_words_and_without_an_owner(
    walked: Database,
) -> None:
    with one_transaction(walked) as session:
        walk = Walk.begin(session)
        thirteen_weeks(walk)
        known = walk.figures()
        assert len(known) >= 12

        batch: Batch | None = Batch()
        while batch is not None:
            batch, _ = erase_old(session, walk.strategy.workspace_id, walk.now, batch, 50)

        require_same(known, walk.figures())

        gone = Forgotten(TEAM, BEN, PEOPLE[BEN].name, "0123456789ABCDEF0123")
        assert erase_person(session, gone, Person(TEAM, gone.stand_in, SOMEONE)).named > 20

        after = walk.figures()
        assert gone.stand_in in str(after)
        assert figures_of(after) == [one.replace(repr(BEN), repr(gone.stand_in)) for one in figures_of(known)]
    walked.close()


def figures_of(weeks: Figures) -> list[str]:
    """Without the digests' messages: that what waits to be sent is dropped, or drawn anew, others test."""
    return [
        f"{week} {name} {told}" for week, of in weeks.items() for name, told in of.items() if name != "digest"
    ]
