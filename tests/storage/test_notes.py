"""What is kept of people's messages, on each database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage import notes
from storage.database import Database
from storage.notes import Note, NotePart

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_what_other_messages_say_is_what_their_latest_version_says(database: Database) -> None:
    one = Note("T1", "D1", "1.0", 1, None, "UBEN", "on track", AT)
    part = NotePart(7, 1, 3, "on track", 1)
    others = [replace(one, ts=f"{number}.0", at=AT + timedelta(minutes=number)) for number in (2, 3, 4)]
    with database.session() as session:
        for number, note in enumerate((one, *others), start=1):
            notes.add_note(session, note)
            notes.save_parts(session, note, [replace(part, text=f"message {number}", revision=number)])
        edited = replace(others[0], version=2, text="lovely day")
        notes.add_note(session, edited)
        notes.save_parts(session, others[1], [replace(part, initiative_id=8, revision=9)])
        notes.save_parts(session, others[2], [replace(part, text="message 4", revision=None)])

        beside = notes.list_parts_beside(session, one, part)

    assert [one.text for one in beside] == ["message 3"]
