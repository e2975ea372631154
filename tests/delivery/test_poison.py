"""A message that can never go out is set aside with the reason, and those behind it go out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.failures import MOST_FAILURES
from domain.troubles import TroubleKind
from storage.delivery import outbox
from storage.models import OutboxRow
from tests.delivery.conftest import MONDAY, Office, texts
from tests.support.waiting import until


def make_badly(_session: Session, _workspace_id: str, _what: Mapping[str, Any]) -> tuple[str, bytes]:
    raise ZeroDivisionError


async def errors(office: Office) -> list[tuple[str, str | None]]:
    statement = select(OutboxRow.state, OutboxRow.error).order_by(OutboxRow.id)
    return await office.transact(lambda session: [(s, e) for s, e in session.execute(statement)])


async def test_a_message_that_raises_a_fault_is_set_aside_and_those_behind_it_go_out(office: Office) -> None:
    what = {"name": "plan.csv", "content": "a,b", "words": "Here it is."}
    await office.transact(
        outbox.enqueue_file, office.team, office.ben.id, what, now=MONDAY, expires_at=MONDAY + timedelta(1)
    )
    await office.post(office.ben.id, "behind it")
    await office.post(office.ana.id, "elsewhere")

    assert await office.sender(make_file=make_badly).drain()

    assert texts(office.ben.dm) == ["behind it"]
    assert texts(office.ana.dm) == ["elsewhere"]
    assert await errors(office) == [("failed", "ZeroDivisionError")]
    assert [trouble.kind for trouble in office.troubles] == [TroubleKind.REFUSED]


async def test_a_message_that_slack_fails_at_while_it_takes_others_is_set_aside(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "error_500", times=1_000, channel=office.ben.dm)
    await office.post(office.ben.id, "poison")
    office.sender()
    for number in range(1, 500):
        await office.post(office.ana.id, "other")
        await office.until_as_many(office.ana.dm, number)
        if await office.states() == ["failed"]:
            break

    assert await errors(office) == [("failed", "http_500")]
    assert [trouble.kind for trouble in office.troubles] == [TroubleKind.REFUSED]
    assert office.called("chat.postMessage") - len(office.ana.dm.messages) >= MOST_FAILURES
    office.slack.faults.clear()
    await office.post(office.ben.id, "behind it")
    await office.until_told(office.ben.dm, "behind it")


async def test_while_slack_takes_nothing_no_message_is_given_up(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "error_500", times=1_000)
    await office.post(office.ben.id, "patient")
    office.sender()
    await until(lambda: office.called("chat.postMessage") > MOST_FAILURES, "more failures than are allowed")

    assert await office.states() == ["pending"]
    office.slack.faults.clear()
    await office.until_told(office.ben.dm, "patient")
