"""Signed `/initiative list` through the whole stack, against a bare Bolt app doing one read-write transaction."""

import statistics
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from bench.claims import Claim
from bench.databases import address_for_bot
from bench.signed_requests import CONNECTIONS, compared, rate, running_server, signed_request
from bench.slack_process import Place
from domain.initiatives import Initiative, SuccessMetric
from domain.people import Person
from domain.strategies import Goal, Strategy
from storage import initiatives, people, strategies
from storage.database import Database

REQUESTS = 3_000
ROUNDS = 3
CHANNEL = "C0BENCH"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def measure() -> list[Claim]:
    return await compared(_compare)


async def _compare(name: str, database: Database, place: Place, team_id: str) -> Claim:
    """The median of the rounds' ratios, the two measured in turn."""
    person_id = place.people[0]
    database.run(_fill, team_id, person_id)
    url = database.engine.url.render_as_string(hide_password=False)
    asked = [_signed_list(team_id, person_id)] * REQUESTS
    async with (
        running_server("ours", address_for_bot(database), place) as our_port,
        running_server("bare", url, place) as bare_port,
    ):
        for port, expected in ((our_port, b"Newsletter relaunch"), (bare_port, b"requests so far")):
            await rate(port, asked[: REQUESTS // 10], expected)
        rates = [
            (
                await rate(our_port, asked, b"Newsletter relaunch"),
                await rate(bare_port, asked, b"requests so far"),
            )
            for _ in range(ROUNDS)
        ]
    ratio = statistics.median(mine / theirs for mine, theirs in rates)
    mine, theirs = (statistics.median(rate) for rate in zip(*rates, strict=True))
    detail = f"{mine:,.0f} against {theirs:,.0f} requests/s on {CONNECTIONS} connections"
    return Claim(f"/initiative list, of a bare Bolt app, {name}", ratio, 0.5, detail=detail)


def _fill(session: Session, team_id: str, person_id: str) -> None:
    people.save_people(session, [Person(team_id, person_id, "Maya Okafor", "Europe/London")])
    blank = Strategy(
        0,
        team_id,
        CHANNEL,
        "Harbor Lights",
        "Why",
        (Goal(0, "6,000 by 31 March"),),
        "",
        "",
        (person_id,),
        "UTC",
    )
    strategy = strategies.add_strategy(session, blank, NOW)
    if strategy is None:
        raise RuntimeError("the bench's strategy is there already")
    names = ("Newsletter relaunch", "Referrals", "Open-water days", "Question desk", "Results page")
    metric = SuccessMetric(0, "subscribers", "", Decimal(4200), Decimal(6000))
    for name in names:
        due = date(2027, 3, 31)
        initiative = Initiative(
            0,
            team_id,
            strategy.id,
            name,
            strategy.goals[0].id,
            person_id,
            NOW.date(),
            due,
            due,
            metrics=(metric,),
        )
        initiatives.add_initiative(session, initiative, NOW)


def _signed_list(team_id: str, person_id: str) -> bytes:
    return signed_request(
        {
            "team_id": team_id,
            "channel_id": CHANNEL,
            "user_id": person_id,
            "command": "/initiative",
            "text": "list",
            "trigger_id": "1.2.3",
            "response_url": "http://127.0.0.1/none",
        }
    )
