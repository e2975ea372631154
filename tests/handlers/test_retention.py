"""Old words go by the clock, once a day, where the operator wants it so."""

from datetime import timedelta

import pytest

from domain.acts import ActKind, Way
from domain.words import full_day
from storage import acts, notes
from storage.notes import Note
from tests.support.databases import SqliteFiles
from tests.support.offices import open_office

KEPT = {"DRUMBEAT_KEEP_WORDS_DAYS": 90}


@pytest.mark.parametrize(
    ("settings", "left"), [({}, ["91 days old", "88 days old"]), (KEPT, ["88 days old"])]
)
async def test_a_day_later_words_older_than_that_are_gone(
    sqlite_files: SqliteFiles, settings: dict[str, int], left: list[str]
) -> None:
    async with open_office(sqlite_files.new(), **settings) as office:
        await office.set_up()
        team, now = office.slack.workspace.id, office.slack.clock.now
        for days in (91, 88):
            at = now - timedelta(days=days)
            note = Note(
                team, office.ben.dm.id, f"{days}.000001", 1, None, office.ben.id, f"{days} days old", at
            )
            office.reads(notes.add_note, note)

        await office.slack.clock.advance(to=now + timedelta(hours=25))

        done = [act for _, act in office.reads(acts.list_all_acts, team) if act.kind is ActKind.WORDS_REMOVED]
        day = full_day((office.slack.clock.now - timedelta(days=90)).date())
        told = [(act.way, act.name, act.before, act.after) for act in done]
        assert told == [(Way.CLOCK, "notes", day, "1 row")] * (2 - len(left))
        found = office.reads(notes.list_notes_of, team, office.ben.id)
        assert sorted(note.text for note in found) == sorted(left)
