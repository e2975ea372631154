"""Trouble with a message that nobody minds is logged by ids alone: what stands where one should may be anybody's words."""

from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from domain.troubles import Trouble, TroubleKind
from services.troubles import tell_trouble
from storage.database import Database

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("target", "logged"),
    [("C0123456789", "C0123456789"), ("Maya leaves", "no id"), ('{"channel_id": "C1"}', "no id")],
)
def test_what_is_no_id_stands_in_no_log(database: Database, target: str, logged: str) -> None:
    trouble = Trouble(TroubleKind.REFUSED, "T1", target, 1, None, "channel_not_found")
    with capture_logs() as lines:
        database.run(tell_trouble, trouble, NOW)
    assert [line["target"] for line in lines if line["event"] == "nobody_to_tell"] == [logged]
