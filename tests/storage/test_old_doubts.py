"""Rows set aside before anything settled them: after the migration they are asked about, or tried again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import JSON, Engine, column, insert
from sqlalchemy import table as columns_of

from storage.database import Database
from storage.delivery import doubts
from storage.delivery.outbox import POST, State
from storage.models import MessageRow
from storage.types import UtcDateTime
from tests.support.databases import at_revision

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
_OLD_OUTBOX = columns_of(
    "outbox",
    *map(column, ("workspace_id", "id", "method", "target", "message_id", "state", "version")),
    column("payload", JSON),
    column("created_at", UtcDateTime),
)


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """A database as it was before."""
    with at_revision(empty_url, "0004") as engine:
        yield engine


def test_old_rows_in_doubt_and_held_are_due_at_once_and_the_doubt_begins_anew(engine: Engine) -> None:
    states = ("ambiguous", "held", "pending", "expired", "failed")
    with engine.begin() as connection:
        for number, state in enumerate(states):
            message = {"workspace_id": "T1", "id": number, "target": "C1"}
            connection.execute(insert(MessageRow).values(**message))
            row = {"workspace_id": "T1", "id": number, "method": POST, "target": "C1", "message_id": number}
            row |= {"state": state, "version": 0, "payload": {"text": "Digest"}, "created_at": LONG_AGO}
            connection.execute(insert(_OLD_OUTBOX).values(**row))
    database = Database(engine)
    database.migrate()

    now = datetime.now(UTC) + timedelta(minutes=1)
    assert sorted(database.run(doubts.list_overdue, "T1", now, 10)) == [0, 1]
    doubt = database.run(doubts.find_doubt, "T1", 0)
    assert doubt is not None
    assert (doubt.state, doubt.text, doubt.questions) == (State.IN_DOUBT, "Digest", ())
    assert doubt.in_doubt_since is not None
    assert now - doubt.in_doubt_since < timedelta(hours=1)
