"""Signals: kept as they were when they were asked about, with every version of what was said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import text

from domain.signals import Said, Signal, Unlike
from storage import signals
from storage.database import Database

TEAM = "T1"
ASKED_AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
UNLIKE = Unlike(date(2026, 11, 20), Decimal("240.0"), Decimal(290), Decimal(340))
SIGNAL = Signal(0, TEAM, 1, 2, UNLIKE, "UBEN", 3, ASKED_AT)


def added(database: Database, *found: Signal) -> list[Signal]:
    database.run(signals.add_signals, found)
    return database.run(signals.list_since, TEAM, 1, ASKED_AT - timedelta(days=1))


def test_a_signal_is_read_back_as_it_was_asked_about(database: Database) -> None:
    [kept] = added(database, SIGNAL)
    assert kept == replace(SIGNAL, id=kept.id)
    assert database.run(signals.find_signal, TEAM, kept.id) == kept
    assert database.run(signals.find_signal, "T2", kept.id) is None
    assert database.run(signals.list_of_check_ins, TEAM, [3, 4]) == {3: [kept], 4: []}


def test_a_reading_is_asked_about_once(database: Database) -> None:
    [kept] = added(database, SIGNAL)
    again = replace(SIGNAL, check_in_id=4, unlike=replace(UNLIKE, value=Decimal(250)))
    later = replace(SIGNAL, check_in_id=4, unlike=replace(UNLIKE, on=date(2026, 11, 27)))
    first, second = added(database, again, later)
    assert first == kept
    assert (second.unlike.on, second.check_in_id) == (date(2026, 11, 27), 4)


def test_what_was_said_last_stands_and_what_was_said_before_is_kept(database: Database) -> None:
    [kept] = added(database, SIGNAL)
    for minutes, (words, person_id) in enumerate([("A strike", "UBEN"), ("Two strikes", "UMAYA")]):
        said = Said(words, person_id, ASKED_AT + timedelta(minutes=minutes))
        database.run(signals.add_words, kept, said)
    [told] = added(database)
    assert told.said == said
    written = text("SELECT words FROM signal_words ORDER BY revision")
    assert list(database.run(lambda session: session.scalars(written))) == ["A strike", "Two strikes"]

    database.run(signals.add_words, kept, Said("", "UBEN", ASKED_AT))
    [told] = added(database)
    assert told.said is None


def test_only_those_asked_about_since_then_are_listed(database: Database) -> None:
    [kept] = added(database, SIGNAL)
    assert database.run(signals.list_since, TEAM, 1, ASKED_AT - timedelta(seconds=1)) == [kept]
    assert database.run(signals.list_since, TEAM, 1, ASKED_AT) == []
    assert database.run(signals.list_since, TEAM, 2, ASKED_AT - timedelta(days=1)) == []
