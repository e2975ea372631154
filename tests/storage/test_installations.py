"""Installations: tokens that nobody reads in the database, one change at a time, and what is left after they go."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from domain.people import Person
from domain.rituals import Due, Ritual
from storage import installations, people, rituals, workspaces
from storage.database import Database
from storage.delivery import leases, outbox
from storage.delivery.seen import NOWHERE
from storage.encryption import Keys, WrongKeysError, new_key
from storage.installations import Arrival, Installation
from storage.models import Base
from storage.workspaces import Workspace

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEASE = timedelta(seconds=15)
OLD, NEW = new_key(), new_key()
KEYS = Keys([OLD])
HARBOR = Installation(
    workspace_id="T1",
    id="T1",
    name="Harbor",
    app_id="A1",
    bot_id="B1",
    bot_user_id="U1",
    scopes=("chat:write", "commands"),
    installer_id="UADA",
    token="xoxb-of-harbor",
    installed_at=NOW,
)
COMPANY = replace(HARBOR, workspace_id="E1", id="E1", name="Company", token="xoxb-of-company")
TURNING = replace(HARBOR, token="xoxe.xoxb-1", refresh_token="xoxe-1", expires_at=NOW + HOUR)


@pytest.fixture
def database(every_workspace: Database) -> Database:
    return every_workspace


def installed(database: Database, *which: Installation) -> None:
    for one in which:
        database.within(one.id).run(installations.save_installation, KEYS, one)


def found(database: Database, workspace_id: str, keys: Keys = KEYS) -> Installation | None:
    return database.within(workspace_id).run(installations.find_installation, keys, workspace_id)


def stored(database: Database) -> str:
    def read(session: Session) -> str:
        return str(session.execute(text("SELECT * FROM installations")).all())

    return "".join(database.within(workspace_id).run(read) for workspace_id in ("T1", "T2"))


# Tokens


def test_what_was_installed_is_found_again_and_its_tokens_are_nowhere_in_the_table(
    database: Database,
) -> None:
    installed(database, TURNING)
    assert found(database, "T1") == TURNING
    for token in ("xoxe.xoxb-1", "xoxe-1"):
        assert token not in stored(database)
        assert token not in repr(TURNING)


def test_another_key_reads_nothing_and_a_new_one_before_it_all(database: Database) -> None:
    installed(database, HARBOR)
    with pytest.raises(WrongKeysError, match="T1"):
        found(database, "T1", Keys([NEW]))
    both = Keys([NEW, OLD])
    assert found(database, "T1", both) == HARBOR

    assert database.run(installations.encrypt_anew, both, NOW) == 1
    assert found(database, "T1", Keys([NEW])) == HARBOR
    with pytest.raises(WrongKeysError):
        found(database, "T1", KEYS)


def test_where_one_token_cannot_be_read_none_is_encrypted_anew(database: Database) -> None:
    installed(database, HARBOR)
    other = replace(HARBOR, workspace_id="T2", id="T2")
    database.within("T2").run(installations.save_installation, Keys([NEW]), other)
    before = stored(database)
    with pytest.raises(WrongKeysError, match="T2"):
        database.run(installations.encrypt_anew, Keys([new_key(), OLD]), NOW)
    assert stored(database) == before


@pytest.mark.parametrize("keys", [[""], ["short"], [OLD, "x" * 44], []])
def test_what_is_no_key_is_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Keys(keys)


# Rotation


def claim(database: Database, id_: str = "T1") -> Installation | None:
    return database.within(id_).run(installations.claim_rotation, KEYS, id_, 60.0, NOW + 2 * HOUR)


def test_of_many_at_once_one_changes_the_token(database: Database) -> None:
    installed(database, TURNING)
    with ThreadPoolExecutor(8) as processes:
        claims = list(processes.map(lambda _: claim(database), range(16)))
    [claimed] = [one for one in claims if one is not None]
    rotated = replace(claimed, token="xoxe.xoxb-2", refresh_token="xoxe-2", expires_at=NOW + 12 * HOUR)
    database.within("T1").run(installations.save_rotated, KEYS, claimed, rotated)
    assert found(database, "T1") == rotated
    assert claim(database) is None, "it lasts long enough now"


def test_whoever_died_while_changing_it_is_followed_after_a_while(database: Database) -> None:
    installed(database, TURNING)
    within = database.within("T1")
    assert within.run(installations.claim_rotation, KEYS, "T1", 0.0, NOW + 2 * HOUR) == TURNING
    assert claim(database) == TURNING
    assert claim(database) is None


def test_a_token_that_lasts_or_does_not_rotate_is_left_alone(database: Database) -> None:
    installed(database, replace(TURNING, expires_at=NOW + 3 * HOUR))
    assert claim(database) is None
    installed(database, HARBOR)
    assert claim(database) is None
    assert claim(database, "T404") is None


def test_a_change_that_comes_after_it_was_installed_anew_or_removed_is_forgotten(database: Database) -> None:
    installed(database, TURNING)
    claimed = claim(database)
    assert claimed is not None
    late = replace(claimed, token="late", refresh_token="late")
    anew = replace(TURNING, token="anew", installed_at=NOW + HOUR)
    installed(database, anew)
    database.within("T1").run(installations.save_rotated, KEYS, claimed, late)
    assert found(database, "T1") == anew

    database.run(installations.remove, "T1", NOW + 2 * HOUR)
    database.within("T1").run(installations.save_rotated, KEYS, anew, late)
    removed = found(database, "T1")
    assert removed is not None
    assert removed.token == ""


# Coming and going


def test_it_is_new_or_there_or_was_removed(database: Database) -> None:
    def arrives() -> Arrival:
        return database.within("T1").run(installations.save_installation, KEYS, HARBOR)

    assert [arrives(), arrives()] == [Arrival.NEW, Arrival.THERE]
    assert database.run(installations.remove, "T1", NOW) == ["T1"]
    assert database.run(installations.remove, "T1", NOW) == []
    removed = found(database, "T1")
    assert removed is not None
    assert (removed.token, removed.removed_at) == ("", NOW)
    assert "gAAAA" not in stored(database), "an encrypted token is left"
    assert arrives() is Arrival.REMOVED
    assert found(database, "T1") == HARBOR


def test_what_slack_tells_late_removes_nothing_that_came_after(database: Database) -> None:
    installed(database, replace(HARBOR, installed_at=NOW + HOUR))
    assert database.run(installations.remove, "T1", NOW) == []
    assert found(database, "T1") == replace(HARBOR, installed_at=NOW + HOUR)


def test_an_organisation_serves_the_workspaces_it_lets_in(database: Database) -> None:
    def serve(workspace_id: str) -> Arrival | None:
        return database.within(workspace_id).run(installations.serve_workspace, workspace_id, "E1", NOW)

    assert serve("T7") is None
    installed(database, COMPANY, HARBOR)
    assert [serve("T7"), serve("T8"), serve("T8")] == [Arrival.NEW, Arrival.NEW, Arrival.THERE]
    assert found(database, "T7") == replace(COMPANY, workspace_id="T7")
    assert found(database, "T9") is None
    assert serve("T1") is None, "it has an installation of its own"
    assert found(database, "T1") == HARBOR
    assert [
        database.within(pair[0]).run(installations.is_served_by, *pair)
        for pair in (("T7", "E1"), ("T1", "E1"), ("T7", "E2"))
    ] == [True, False, False]
    assert database.run(installations.list_served) == ["T1", "T7", "T8"]

    assert database.run(installations.remove, "T8", NOW) == ["T8"]
    assert database.run(installations.list_served) == ["T1", "T7"]
    assert database.run(installations.remove, "E1", NOW + HOUR) == ["E1", "T7"]
    assert database.run(installations.list_served) == ["T1"]
    for gone in ("E1", "T7", "T8"):
        one = found(database, gone)
        assert one is not None
        assert one.token == ""
    assert serve("T7") is None


def test_a_workspace_whose_token_is_a_setting_is_removed_and_restored(database: Database) -> None:
    assert database.run(installations.remove, "T5", NOW) == ["T5"]
    assert database.run(installations.list_served) == []
    database.within("T5").run(installations.restore_own, "T5")
    assert database.run(installations.list_served) == ["T5"]


# What stops


def enqueue(database: Database, workspace_id: str) -> None:
    payload = {"text": "Your week"}
    database.within(workspace_id).run(outbox.enqueue_post, workspace_id, "UBEN", payload, now=NOW)


def test_where_it_was_removed_nobody_sends_from_that_moment_on_and_again_once_it_is_back(
    database: Database,
) -> None:
    installed(database, HARBOR, replace(HARBOR, workspace_id="T2", id="T2"))
    for workspace_id in ("T1", "T2"):
        enqueue(database, workspace_id)
    assert set(database.run(leases.acquire, "me", LEASE, ["T1", "T2"]).mine) == {"T1", "T2"}

    database.run(installations.remove, "T1", NOW)
    assert database.run(leases.held, "me", LEASE / 3, ["T1", "T2"]) == {"T2"}
    database.run(leases.extend, "me", LEASE, ["T1", "T2"])
    assert database.run(leases.held, "me", LEASE / 3, ["T1", "T2"]) == {"T2"}
    assert database.run(leases.acquire, "other", LEASE, ["T1"]).mine == ()
    assert database.run(leases.list_waiting_workspaces, 10) == ["T2"]

    installed(database, HARBOR)
    assert database.run(leases.list_waiting_workspaces, 10) == ["T1", "T2"]
    assert database.run(leases.acquire, "other", LEASE, ["T1"]).mine == ["T1"]


def test_the_clock_goes_only_through_workspaces_with_something_to_do(database: Database) -> None:
    skew = timedelta(minutes=10)

    def busy(only: list[str] | None = None) -> list[str]:
        return database.run(workspaces.list_busy, NOW, NOW + skew, only)

    def due(workspace_id: str, at: datetime) -> None:
        prompt = Due(workspace_id, 1, Ritual.PROMPT, "UBEN", "2026-W48", at)
        database.within(workspace_id).run(rituals.set_due, prompt)

    for workspace_id in ("T1", "T2", "T3", "T4", "T5", "T6"):
        database.within(workspace_id).run(workspaces.save_workspace, Workspace(workspace_id, "Harbor", "U1"))
        if workspace_id != "T6":
            installed(database, replace(HARBOR, workspace_id=workspace_id, id=workspace_id))
    due("T6", NOW)
    due("T1", NOW)
    due("T2", NOW + HOUR)
    due("T3", NOW + timedelta(days=30))  # further ahead than a schedule explains
    later = {"text": "Later"}
    within = database.within("T4")
    within.run(outbox.enqueue_post, "T4", "UBEN", later, now=NOW - HOUR, not_before=NOW)
    assert busy() == ["T1", "T3", "T4"]
    assert busy(["T2", "T4", "T6"]) == ["T4", "T6"], "one of the settings needs no installation"
    database.run(installations.remove, "T1", NOW)
    assert busy() == ["T3", "T4"]
    assert busy(["T1", "T3"]) == ["T3"]


# What is left


def rows_of(session: Session, workspace_id: str) -> dict[str, int]:
    counted = {
        table.name: session.scalar(
            select(func.count()).select_from(table).where(table.c.workspace_id == workspace_id)
        )
        for table in Base.metadata.sorted_tables
    }
    return {name: count for name, count in counted.items() if count}


def test_what_is_kept_is_forgotten_after_a_while_of_that_workspace_alone(database: Database) -> None:
    twins = [replace(HARBOR, workspace_id=one, id=one) for one in ("T1", "T2", "T3")]
    installed(database, *twins)
    for one in ("T1", "T2", "T3"):
        database.within(one).run(workspaces.save_workspace, Workspace(one, "Harbor", "U1"))
        database.within(one).run(people.save_people, [Person(one, "UBEN", "Ben")])
        enqueue(database, one)
    database.run(installations.remove, "T1", NOW)
    database.run(installations.remove, "T2", NOW)
    installed(database, twins[1])
    before = {one: database.within(one).run(rows_of, one) for one in ("T1", "T2", "T3")}
    assert before["T1"]["people"] == 1

    assert database.run(installations.list_forgettable, NOW - HOUR, 5) == []
    assert database.run(installations.list_forgettable, NOW, 5) == ["T1"]
    assert not database.run(installations.forget_workspace, "T1", NOW - HOUR)
    assert not database.run(installations.forget_workspace, "T2", NOW)
    assert database.run(installations.forget_workspace, "T1", NOW)
    assert database.within("T1").run(rows_of, "T1") == {}
    assert {one: database.within(one).run(rows_of, one) for one in ("T2", "T3")} == {
        one: before[one] for one in ("T2", "T3")
    }


# States


def issue(database: Database, digest: str, at: datetime) -> None:
    database.within(NOWHERE).run(installations.issue_state, digest, at, at - timedelta(minutes=10))


def consume(database: Database, digest: str, at: datetime) -> bool:
    return database.within(NOWHERE).run(installations.consume_state, digest, at - timedelta(minutes=10))


def test_a_state_is_taken_once_and_only_where_it_was_issued(database: Database) -> None:
    issue(database, "one", NOW)
    assert not consume(database, "other", NOW)
    assert consume(database, "one", NOW)
    assert not consume(database, "one", NOW)


def test_of_many_who_bring_one_state_at_once_one_comes_in(database: Database) -> None:
    issue(database, "one", NOW)
    with ThreadPoolExecutor(8) as browsers:
        taken: list[Any] = list(browsers.map(lambda _: consume(database, "one", NOW), range(16)))
    assert taken.count(True) == 1


@pytest.mark.parametrize(("minutes", "is_taken"), [(9.9, True), (10, False), (60, False)])
def test_a_state_lives_ten_minutes(database: Database, minutes: float, is_taken: bool) -> None:
    issue(database, "one", NOW)
    assert consume(database, "one", NOW + timedelta(minutes=minutes)) is is_taken


def test_states_that_nobody_brought_back_do_not_pile_up(database: Database) -> None:
    for minutes in range(100):
        issue(database, f"state {minutes}", NOW + timedelta(minutes=minutes))
    counted = text("SELECT count(*) FROM install_states")
    count = database.within(NOWHERE).run(lambda session: session.scalar(counted))
    assert count == 10
