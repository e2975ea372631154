"""The watch over transactions that leave no act sees them, and every table is watched or says why not."""

from storage.models import Base
from tests.support.audited import UNAUDITED, offence_of, table_written

WRITTEN = {
    "INSERT INTO initiatives (workspace_id, id) VALUES (?, ?)": "initiatives",
    "UPDATE decisions SET state=?, message_id=? WHERE decisions.id = ?": "decisions",
    "UPDATE decisions SET message_id=? WHERE decisions.id = ?": None,
    "UPDATE api_tokens SET last_used_at=%(last_used_at)s WHERE api_tokens.id = %(id_1)s": None,
    "UPDATE installations SET rotating_until=strftime('%f', 'now', ? || ' seconds') WHERE installations.id = ?": None,
    "DELETE FROM leads WHERE leads.strategy_id = ?": "leads",
    "SELECT initiatives.id FROM initiatives": None,
}


def test_what_a_statement_writes_is_read_from_it() -> None:
    assert {statement: table_written(statement) for statement in WRITTEN} == WRITTEN


def test_a_change_without_an_act_is_an_offence_and_one_with_an_act_is_none() -> None:
    assert offence_of({"initiatives", "outbox"}) == "initiatives changed without an act"
    assert offence_of({"initiatives", "acts"}) == ""
    assert offence_of({"outbox", "seen"}) == ""


def test_every_table_that_is_not_watched_is_there_and_says_why() -> None:
    assert UNAUDITED.keys() <= set(Base.metadata.tables)
    assert all(UNAUDITED.values())
