"""Notes kept before parts were: the migration files them by what they made, and widens nobody's view."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import JSON, Connection, Engine, column, insert, select
from sqlalchemy import table as columns_of

from storage.database import Database
from storage.models import NotePartRow, NoteRow
from storage.statements import table
from storage.types import UtcDateTime
from tests.support.databases import at_revision

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
OPEN, PRIVATE = 1, 2
BEFORE = "0003"
_OLD_NOTES = columns_of(
    "notes",
    *map(column, ("workspace_id", "channel_id", "ts", "version", "person_id", "text")),
    *map(column, ("strategy_id", "check_in_id")),
    column("at", UtcDateTime),
)
_CHECK_INS = columns_of(
    "check_ins",
    *map(column, ("workspace_id", "id", "strategy_id", "person_id", "period", "state")),
    column("due_at", UtcDateTime),
)
_REVISIONS = columns_of(
    "revisions",
    *map(column, ("workspace_id", "check_in_id", "initiative_id", "revision", "person_id")),
    column("content", JSON),
    column("at", UtcDateTime),
)


@dataclass(frozen=True)
class Made:
    """A revision at a note's instant: of which strategy's initiative, and its words before and after."""

    strategy_id: int
    progress: str
    stood: str = ""
    via: str = "text"
    by: str = "UBEN"


@dataclass(frozen=True)
class Case:
    """An old note of Ben's, filed under the private strategy like all of them, and whose it is afterwards."""

    name: str
    text: str
    made: tuple[Made, ...] = ()
    whole_of: int | None = None
    parts: tuple[tuple[int, str], ...] = ()


TOLD = "Newsletter: off track, Maya is being replaced"
CASES = [
    Case("recorded for the open one", TOLD, (Made(OPEN, TOLD),), OPEN, ((OPEN, TOLD),)),
    Case("added to what stood", TOLD, (Made(OPEN, f"on track\n{TOLD}", "on track"),), OPEN, ((OPEN, TOLD),)),
    Case("recorded for the private one", TOLD, (Made(PRIVATE, TOLD),), PRIVATE, ((PRIVATE, TOLD),)),
    Case(
        "a line each",
        "News: on track\nFalcon: off track",
        (Made(OPEN, "News: on track"), Made(PRIVATE, "Falcon: off track")),
        None,
        ((OPEN, "News: on track"), (PRIVATE, "Falcon: off track")),
    ),
    Case(
        "the same words for both",
        "both off track",
        (Made(OPEN, "both off track"), Made(PRIVATE, "both off track")),
        None,
        ((OPEN, "both off track"), (PRIVATE, "both off track")),
    ),
    Case("only a part of it recorded", "hi\nNews: on track", (Made(OPEN, "News: on track"),), None, ((OPEN, "News: on track"),)),
    Case("nothing recorded", "thanks, and Maya is being replaced"),
    Case("only a click then", TOLD, (Made(OPEN, TOLD, via="click"),)),
    Case("only somebody else then", TOLD, (Made(OPEN, TOLD, by="UTOM"),)),
    Case("an edit in place", "at risk now", (Made(OPEN, "at risk today\nand more", "on track\nand more"),), None, ((OPEN, ""),)),
]  # fmt: skip


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """A database as it was before parts were kept."""
    with at_revision(empty_url, BEFORE) as engine:
        yield engine


def test_a_note_belongs_to_what_was_recorded_of_it_and_otherwise_to_its_writer(engine: Engine) -> None:
    with engine.begin() as connection:
        for number, case in enumerate(CASES):
            at = AT + timedelta(minutes=number)
            row = {"workspace_id": "T1", "channel_id": "D1", "ts": str(number), "version": 1}
            row |= {"person_id": "UBEN", "text": case.text, "at": at}
            connection.execute(insert(_OLD_NOTES).values(**row, strategy_id=PRIVATE, check_in_id=PRIVATE))
            for made in case.made:
                _add_answer(connection, number, made, at)
    Database(engine).migrate()

    with engine.connect() as connection:
        notes = {row.ts: row for row in connection.execute(select(table(NoteRow)))}
        parts = list(
            connection.execute(select(table(NotePartRow)).order_by(table(NotePartRow).c.strategy_id))
        )
    for number, case in enumerate(CASES):
        note = notes[str(number)]
        found = tuple((part.strategy_id, part.text) for part in parts if part.ts == note.ts)
        assert (note.text, note.strategy_id, found) == (case.text, case.whole_of, case.parts), case.name
        assert note.unplaced == ("" if case.parts else case.text), case.name
        assert note.apart == ""
    assert all((part.person_id, part.version) == ("UBEN", 1) for part in parts)


def _add_answer(connection: Connection, number: int, made: Made, at: datetime) -> None:
    check_in_id = number * 10 + made.strategy_id
    key = {"workspace_id": "T1", "check_in_id": check_in_id, "initiative_id": made.strategy_id + 100}
    check_in = {
        "workspace_id": "T1",
        "id": check_in_id,
        "strategy_id": made.strategy_id,
        "person_id": made.by,
        "period": f"2026-W{number:02}",
        "state": "asked",
        "due_at": AT,
    }
    connection.execute(insert(_CHECK_INS).values(**check_in))
    for revision, progress, when in ((1, made.stood, AT - timedelta(days=1)), (2, made.progress, at)):
        content = {"progress": progress, "via": made.via}
        row = {"revision": revision, "content": content, "person_id": made.by, "at": when}
        connection.execute(insert(_REVISIONS).values(**key, **row))
