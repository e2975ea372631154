"""People, their absences and what was seen, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.absences import Absence, WorkPattern
from domain.people import Person, UnknownPeople
from storage import absences, people
from storage.database import Database
from storage.delivery import seen

TEAM = "T1"
MAYA = Person(TEAM, "U1", "Maya", "Europe/London")
BEN = Person(TEAM, "U2", "Ben", "America/Los_Angeles", is_admin=True)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_people_come_back_as_they_were_saved(database: Database) -> None:
    database.run(people.save_people, [MAYA, BEN])

    assert database.run(people.list_people, TEAM, ["U2", "U1"]) == {"U2": BEN, "U1": MAYA}
    assert database.run(people.get_person, TEAM, "U2") == BEN


def test_those_never_seen_are_named(database: Database) -> None:
    database.run(people.save_people, [MAYA])

    with pytest.raises(UnknownPeople) as unknown:
        database.run(people.list_people, TEAM, ["U1", "U8", "U9", "U8"])
    assert unknown.value.person_ids == ("U8", "U9")
    with pytest.raises(UnknownPeople):
        database.run(people.get_person, "T2", "U1")


def test_what_slack_says_anew_keeps_their_dm_and_own_working_days(database: Database) -> None:
    pattern = WorkPattern(frozenset({1, 2}), "GB", "SCT")
    database.run(people.save_people, [MAYA])
    database.run(people.set_dm_channel, TEAM, "U1", "D1")
    database.run(people.save_work_pattern, TEAM, "U1", pattern)
    database.run(people.save_people, [replace(MAYA, name="Maya O", is_deactivated=True)])

    assert database.run(people.get_person, TEAM, "U1") == replace(
        MAYA, name="Maya O", is_deactivated=True, dm_channel_id="D1", work_pattern=pattern
    )
    database.run(people.save_work_pattern, TEAM, "U1", None)
    assert database.run(people.get_person, TEAM, "U1").work_pattern is None


def test_absences_are_listed_by_person_earliest_first(database: Database) -> None:
    later, earlier = Absence(date(2026, 12, 24), date(2027, 1, 5)), Absence(date(2026, 12, 1), None)
    for absence in (later, earlier):
        database.run(absences.add_absence, TEAM, "U1", absence)

    assert database.run(absences.list_absences, TEAM, ["U1", "U2"]) == {"U1": (earlier, later), "U2": ()}


def test_an_absence_from_the_same_day_takes_the_place_of_the_earlier_one(database: Database) -> None:
    database.run(absences.add_absence, TEAM, "U1", Absence(date(2026, 12, 1), None))
    database.run(absences.add_absence, TEAM, "U1", Absence(date(2026, 12, 1), date(2026, 12, 4)))

    found = database.run(absences.list_absences, TEAM, ["U1"])["U1"]
    assert found == (Absence(date(2026, 12, 1), date(2026, 12, 4)),)


def test_being_back_ends_today_and_keeps_what_is_planned(database: Database) -> None:
    today = date(2026, 12, 3)
    over, now, from_today, planned = (
        Absence(date(2026, 11, 1), date(2026, 11, 5)),
        Absence(date(2026, 12, 1), None),
        Absence(today, date(2026, 12, 9)),
        Absence(date(2026, 12, 24), date(2027, 1, 5)),
    )
    for absence in (over, now, from_today, planned):
        database.run(absences.add_absence, TEAM, "U1", absence)

    assert database.run(absences.end_absences, TEAM, "U1", today) == (now, from_today)
    left = database.run(absences.list_absences, TEAM, ["U1"])["U1"]
    assert left == (over, replace(now, last=date(2026, 12, 2)), planned)


def test_a_key_is_new_once_until_it_is_forgotten(database: Database) -> None:
    assert database.run(seen.is_new, TEAM, "event:1", NOW)
    assert not database.run(seen.is_new, TEAM, "event:1", NOW)
    assert database.within("T2").run(seen.is_new, "T2", "event:1", NOW)

    database.run(seen.forget_old, "T1", NOW + timedelta(seconds=1))
    assert database.run(seen.is_new, TEAM, "event:1", NOW)


def test_of_what_is_stamped_the_latest_is_known_in_whatever_order_it_comes(database: Database) -> None:
    def is_latest(key: str, stamp: str) -> bool:
        return database.run(seen.is_latest, TEAM, key, stamp, NOW)

    assert is_latest("edit:D1:1.5", "1795453260.000000")
    assert is_latest("edit:D1:1.5", "1795453290.000200")
    assert not is_latest("edit:D1:1.5", "1795453290.000100")
    assert is_latest("edit:D1:1.5", "1795453290.000200")
    assert is_latest("edit:D1:1", "1795453260.000000")
    assert is_latest("edit:D1:1.5", "")
