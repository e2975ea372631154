"""The most frequent request of all: a signed click on *On track*, against a bare Bolt app doing one read-write transaction.

Each click is an owner's first answer of the week; it is recorded, and the prompt redrawn, in one transaction.
"""

import json
import statistics
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bench.claims import Claim
from bench.databases import address_for_bot
from bench.monday_process import perform_all
from bench.plans import FIRST, fill_strategy, minute
from bench.signed_requests import compared, rate, running_server, signed_request
from bench.slack_process import Place
from storage.database import Database
from storage.models import AnswerRow, CheckInRow, MessageRow, OutboxRow
from storage.statements import table

OWNERS = 5
CLICKS = 400
WARM_UP = 100
ROUNDS = 3
GOAL = 0.1
_answers, _check_ins = table(AnswerRow), table(CheckInRow)


class Button(NamedTuple):
    """*On track* for an initiative in an owner's prompt."""

    person_id: str
    check_in_id: int
    initiative_id: int


async def measure() -> list[Claim]:
    return await compared(_compare)


async def _compare(name: str, database: Database, place: Place, team_id: str) -> Claim:
    """The median of the rounds' ratios, the two measured in turn."""
    wanted = WARM_UP + ROUNDS * CLICKS
    database.run(_fill, team_id, wanted // OWNERS)
    await perform_all(database, [team_id], minute(FIRST))
    buttons = iter(database.run(_posted))
    url = database.engine.url.render_as_string(hide_password=False)
    async with (
        running_server("ours", address_for_bot(database), place) as our_port,
        running_server("bare", url, place) as bare_port,
    ):
        rates = []
        for count in (WARM_UP, *[CLICKS] * ROUNDS):
            clicks = [_signed_click(team_id, next(buttons)) for _ in range(count)]
            rates.append((await rate(our_port, clicks, b""), await rate(bare_port, clicks, b"")))
    if (recorded := database.run(_count_recorded)) != wanted:
        raise RuntimeError(f"{recorded} answers recorded of {wanted} clicks.")
    ratio = statistics.median(mine / theirs for mine, theirs in rates[1:])
    mine, theirs = (statistics.median(one) for one in zip(*rates[1:], strict=True))
    detail = f"{mine:,.0f} against {theirs:,.0f} clicks/s"
    return Claim(f"A click on On track, of a bare Bolt app, {name}", ratio, GOAL, detail=detail)


def _fill(session: Session, team_id: str, strategies: int) -> None:
    for number in range(strategies):
        owner_ids = [f"U{number:04}{owner}" for owner in range(OWNERS)]
        fill_strategy(session, team_id, f"C{number:04}", owner_ids)


def _posted(session: Session) -> list[Button]:
    """All prompts are in their owners' direct messages."""
    session.execute(delete(OutboxRow))
    session.execute(update(MessageRow).values(channel_id=MessageRow.target, ts=MessageRow.target))
    of_check_in = _answers.c.check_in_id == _check_ins.c.id
    asked = select(_check_ins.c.person_id, _check_ins.c.id, _answers.c.initiative_id)
    return [Button(*row) for row in session.execute(asked.join_from(_check_ins, _answers, of_check_in))]


def _count_recorded(session: Session) -> int:
    return session.scalar(select(func.count()).where(_answers.c.health == "on_track")) or 0


def _signed_click(team_id: str, button: Button) -> bytes:
    """Without the message's blocks, which neither side looks at."""
    value = f"{button.check_in_id}:{button.initiative_id}"
    payload = {
        "type": "block_actions",
        "team": {"id": team_id},
        "user": {"id": button.person_id, "team_id": team_id},
        "channel": {"id": button.person_id},
        "container": {"type": "message", "message_ts": button.person_id, "channel_id": button.person_id},
        "message": {"ts": button.person_id},
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1/none",
        "actions": [
            {
                "type": "button",
                "action_id": "check_in.on_track",
                "block_id": f"check_in.{value}",
                "value": value,
            }
        ],
    }
    return signed_request({"payload": json.dumps(payload)})
