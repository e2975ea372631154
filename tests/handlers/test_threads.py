"""A message and its pages in the thread, posted and redrawn as one, on either database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.threads import post_thread, redraw_thread
from storage.database import Database
from storage.models import MessageRow, OutboxRow
from tests.support.harbor_lights import STRATEGY
from views.slack.blocks import Payload, message, section

NOW = datetime(2026, 11, 25, 11, tzinfo=UTC)
UNTIL = NOW + timedelta(days=7)
NOTHING_MORE = "Nothing more to say here."


@dataclass(frozen=True)
class Posted:
    message_id: int
    details: tuple[int, ...]


def says(text: str) -> Payload:
    return message(text, [section(text)])


def post(session: Session, *pages: str) -> Posted:
    message_id, details = post_thread(
        session, STRATEGY, says("Digest"), [says(page) for page in pages], NOW, UNTIL
    )
    return Posted(message_id, tuple(details))


def redraw(session: Session, posted: Posted, *pages: str) -> Posted:
    shown = [says(page) for page in pages]
    return replace(
        posted, details=tuple(redraw_thread(session, STRATEGY, posted, says("Digest"), shown, NOW))
    )


def told(session: Session, posted: Posted) -> list[tuple[str, bool]]:
    """What each message says, and whether it stands in the thread."""
    rows = session.execute(
        select(OutboxRow.message_id, OutboxRow.payload, MessageRow.thread_of)
        .join(MessageRow, MessageRow.id == OutboxRow.message_id)
        .where(OutboxRow.message_id.in_([posted.message_id, *posted.details]))
    )
    by_id = {row.message_id: (row.payload["text"], row.thread_of == posted.message_id) for row in rows}
    return [by_id[message_id] for message_id in (posted.message_id, *posted.details)]


def test_pages_stand_in_the_thread_of_their_message(database: Database) -> None:
    posted = database.run(post, "one", "two")
    assert database.run(told, posted) == [("Digest", False), ("one", True), ("two", True)]


def test_pages_that_come_on_are_posted_and_the_others_redrawn(database: Database) -> None:
    posted = database.run(post, "one")
    longer = database.run(redraw, posted, "ONE", "two", "three")
    assert longer.details[:1] == posted.details
    assert database.run(told, longer) == [("Digest", False), ("ONE", True), ("two", True), ("three", True)]


def test_a_page_left_over_says_so_and_is_written_on_again_later(database: Database) -> None:
    posted = database.run(post, "one", "two", "three")
    shorter = database.run(redraw, posted, "all")
    assert shorter == posted
    assert [text for text, _ in database.run(told, shorter)] == ["Digest", "all", NOTHING_MORE, NOTHING_MORE]

    again = database.run(redraw, shorter, "one", "two")
    assert again == posted
    assert [text for text, _ in database.run(told, again)] == ["Digest", "one", "two", NOTHING_MORE]


def test_without_pages_there_is_the_message_alone(database: Database) -> None:
    posted = database.run(post)
    assert database.run(told, posted) == [("Digest", False)]
