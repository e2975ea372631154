"""What is said to many at once is in the outbox as if it had been said to each."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from storage.database import Database
from storage.delivery import leases, outbox, sending
from storage.delivery.sending import Outgoing, Sent, Step, list_waiting
from storage.models import MessageRow, OutboxRow
from tests.support.databases import as_owner

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
POSTS = [
    outbox.Post("U1", {"text": "One"}),
    outbox.Post("U2", {"text": "Two"}, NOW + timedelta(days=2)),
    outbox.Post("U3", {"text": "Three"}),
]


def waiting(session: Session) -> list[tuple[Any, ...]]:
    row = OutboxRow
    columns = (row.method, row.target, row.message_id, row.payload, row.expires_at)
    return [tuple(found) for found in session.execute(select(*columns).order_by(row.id))]


def send(session: Session, *message_ids: int) -> None:
    """As if these had been posted."""
    session.execute(delete(OutboxRow).where(OutboxRow.message_id.in_(message_ids)))
    posted = update(MessageRow).where(MessageRow.id.in_(message_ids))
    session.execute(posted.values(channel_id="D1", ts="1.2"))


def test_posts_leave_in_their_order_each_with_its_own_words_and_end(database: Database) -> None:
    woken: list[str] = []
    database.when_enqueued(woken.extend)
    ids = database.run(outbox.enqueue_posts, "T1", POSTS, now=NOW)
    assert database.run(waiting) == [
        (outbox.POST, post.target, id_, post.payload, post.expires_at)
        for id_, post in zip(ids, POSTS, strict=True)
    ]
    assert woken == ["T1"]


def test_edits_of_what_was_posted_are_enqueued_once_each(database: Database) -> None:
    ids = database.run(outbox.enqueue_posts, "T1", POSTS, now=NOW)
    database.run(send, *ids)
    database.run(outbox.enqueue_updates, "T1", {id_: {"text": f"Now {id_}"} for id_ in ids}, now=NOW)
    expected = [
        (outbox.UPDATE, post.target, id_, {"text": f"Now {id_}"}, None)
        for id_, post in zip(ids, POSTS, strict=True)
    ]
    assert database.run(waiting) == expected


def test_of_several_edits_one_of_what_still_waits_changes_what_is_posted(database: Database) -> None:
    first, second, given_up = database.run(outbox.enqueue_posts, "T1", POSTS, now=NOW)
    database.run(send, second)
    database.run(lambda session: session.execute(delete(OutboxRow).where(OutboxRow.message_id == given_up)))
    edits = {id_: {"text": "Anew"} for id_ in (first, second, given_up)}
    database.run(outbox.enqueue_updates, "T1", edits, now=NOW)
    assert database.run(waiting) == [
        (outbox.POST, "U1", first, {"text": "Anew"}, None),
        (outbox.UPDATE, "U2", second, {"text": "Anew"}, None),
    ]


def test_nothing_to_say_wakes_nobody(database: Database) -> None:
    woken: list[str] = []
    database.when_enqueued(woken.extend)
    assert database.run(outbox.enqueue_posts, "T1", [], now=NOW) == []
    database.run(outbox.enqueue_updates, "T1", {}, now=NOW)
    assert woken == []


def test_what_waits_for_an_hour_is_taken_once_it_has_come_and_wakes_nobody_before(database: Database) -> None:
    at = NOW + timedelta(hours=3)
    waits = outbox.Post("U1", {"text": "At nine"}, not_before=at)
    [message_id] = database.run(outbox.enqueue_posts, "T1", [waits], now=NOW)
    assert database.run(list_waiting, "T1", 10) == []
    assert database.run(outbox.list_later, "T1", at - timedelta(seconds=1), 10) == []
    [later] = database.run(outbox.list_later, "T1", at, 10)
    assert later.person_id == "U1"

    database.run(outbox.enqueue_update, "T1", message_id, {"text": "As it is now"}, now=NOW)
    database.run(outbox.send_later, "T1", [later.id], at + timedelta(days=1))
    assert database.run(outbox.list_later, "T1", at, 10) == []
    database.run(outbox.look_again, "T1", "U1", at)
    assert database.run(outbox.list_later, "T1", at, 10) == [later]
    database.run(outbox.send_later, "T1", [later.id], None)
    [row] = database.run(list_waiting, "T1", 10)
    assert (row.message_id, json.loads(row.payload)) == (message_id, {"text": "As it is now"})


def test_an_hour_that_has_come_already_is_not_waited_for(database: Database) -> None:
    database.run(outbox.enqueue_post, "T1", "U1", {"text": "Now"}, now=NOW, not_before=NOW)
    assert len(database.run(list_waiting, "T1", 10)) == 1


def test_the_last_update_of_what_still_waits_drops_it_and_of_what_was_said_edits_it(
    database: Database,
) -> None:
    later = outbox.Post("U1", {"text": "At nine"}, not_before=NOW + timedelta(hours=3))
    waiting_one, said = database.run(
        outbox.enqueue_posts, "T1", [later, outbox.Post("U2", {"text": "Now"})], now=NOW
    )
    database.run(send, said)
    for message_id in (waiting_one, said):
        database.run(outbox.enqueue_last_update, "T1", message_id, {"text": "Over"}, now=NOW)
    assert database.run(outbox.list_later, "T1", NOW + timedelta(days=1), 10) == []
    [edit] = database.run(list_waiting, "T1", 10)
    assert (edit.method, edit.message_id) == (outbox.UPDATE, said)


def test_a_plan_made_while_nothing_waited_reads_no_whole_table_when_thousands_wait(
    postgresql_url: str,
) -> None:
    """On PostgreSQL, which keeps a statement's plan."""
    database = Database.open(postgresql_url, migrate=False)
    mine = database.within("T1")

    def reads_of_whole_tables(session: Session) -> Counter[str]:
        counts = session.execute(text("SELECT relname, seq_scan FROM pg_stat_xact_user_tables"))
        return Counter({row.relname: row.seq_scan for row in counts})

    def send_one(session: Session, row: Outgoing) -> Counter[str]:
        before = reads_of_whole_tables(session)
        sending.take_steps(session, "me", timedelta(0), [Step("T1", next_id=row.id)])
        sending.take_steps(session, "me", timedelta(0), [Step("T1", Sent(row, "D1", "1.2"), look=100)])
        return reads_of_whole_tables(session) - before

    mine.run(outbox.enqueue_posts, "T1", POSTS[:1], now=NOW)
    [row] = mine.run(list_waiting, "T1", 1)
    database.run(leases.acquire, "me", timedelta(seconds=60), ["T1"])
    database.run(send_one, row)
    with psycopg.connect(as_owner(postgresql_url), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    for _ in range(8):
        database.run(leases.acquire, "me", timedelta(seconds=60), ["T1"])
        database.run(send_one, row)
    database.run(leases.acquire, "me", timedelta(seconds=60), ["T1"])
    mine.run(outbox.enqueue_posts, "T1", POSTS * 1_000, now=NOW)

    assert database.run(send_one, row) == Counter()
    database.close()


def test_who_has_something_to_send_is_found_by_a_row_of_each_though_nothing_waited_when_it_was_planned(
    postgresql_url: str,
) -> None:
    """On PostgreSQL, which takes a table for as small as it was."""
    many, each = 40, 50
    database = Database.open(postgresql_url, migrate=False)
    with psycopg.connect(as_owner(postgresql_url), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    workspaces = [f"T{number:02}" for number in range(many)]
    for workspace_id in workspaces:
        database.within(workspace_id).run(outbox.enqueue_posts, workspace_id, POSTS[:1] * each, now=NOW)

    def look(session: Session) -> tuple[list[str], int]:
        found = leases.list_waiting_workspaces(session, many)
        read = "SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'outbox'"
        return found, session.scalar(text(read)) or 0

    found, read = database.run(look)
    database.close()
    assert found == workspaces
    assert read <= 2 * many
