"""What was said about the core message before its versions were kept is its first version."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, insert, select

from storage.database import Database
from storage.models import MessageCheckRevisionRow, MessageCheckRow
from tests.support.databases import at_revision


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """A database as it was before."""
    with at_revision(empty_url, "0007") as engine:
        yield engine


def test_what_was_said_before_the_upgrade_is_the_first_version(engine: Engine) -> None:
    said = {"workspace_id": "T1", "check_in_id": 21, "initiative_id": 2, "channel": "email"}
    said |= {"carried": "partly", "where_broke": "The last two posts", "person_id": "U1"}
    said |= {"at": datetime(2026, 11, 5, 9, tzinfo=UTC)}
    with engine.begin() as connection:
        connection.execute(insert(MessageCheckRow).values(**said))
    Database(engine).migrate()

    kept = MessageCheckRevisionRow.__table__
    with engine.connect() as connection:
        [row] = connection.execute(select(kept)).mappings()
    assert dict(row) == {**said, "revision": 1}
