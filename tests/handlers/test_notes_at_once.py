"""A message and its edit that two processes hear at the same instant."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.people import Person
from services.notes.messages import Written, receive_note, revise_note
from storage import people
from storage.database import Database
from storage.models import NoteRow, OutboxRow
from tests.handlers.test_due_together import is_anybody_waiting

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FIRST = Written("T1", "D1", "1795424400.000100", None, "U1", "hello")
EDITED = replace(FIRST, text="hello, all of you", before="hello", edited_ts="1795424460.000000")


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    database = Database.open(postgresql_url, migrate=False)
    yield database.within("T1")
    database.close()


def test_it_is_answered_once(postgresql: Database) -> None:
    postgresql.run(people.save_people, [Person("T1", "U1", "Mia", "UTC", dm_channel_id="D1")])
    is_received = Event()

    def receive(session: Session) -> None:
        receive_note(session, FIRST, NOW)
        is_received.set()
        assert may_end.wait(60)

    may_end = Event()
    first = postgresql.submit(receive)
    assert is_received.wait(60)
    second = postgresql.submit(revise_note, EDITED, NOW)
    while not postgresql.run(is_anybody_waiting):
        pass
    may_end.set()
    first.result()
    second.result()

    replies = select(OutboxRow.message_id).where(OutboxRow.method == "chat.postMessage")
    assert len(postgresql.run(lambda session: session.scalars(replies).all())) == 1
    said = postgresql.run(
        lambda session: session.scalars(select(NoteRow.text).order_by(NoteRow.version)).all()
    )
    assert said == ["hello", "hello, all of you"]
