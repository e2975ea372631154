"""A year of two hundred strategies of five owners, to a Slack without limits: memory at its end, of what it was after eight weeks."""

import os
import tempfile

from sqlalchemy.orm import Session

from bench.child import talking
from bench.claims import Claim
from bench.plans import fill_strategy
from bench.request_servers import SECRET
from bench.slack_process import Place, slack_elsewhere
from bench.year_process import TIMES
from storage.database import Database

STRATEGIES = 200
OWNERS = 5
GOAL = 1.1
_WARM = 2
"""Times four weeks, after which everything has happened once, a review too."""


async def measure() -> list[Claim]:
    with tempfile.TemporaryDirectory(prefix="drumbeat-bench-") as folder:
        url = f"sqlite:///{folder}/year.db"
        async with slack_elsewhere(STRATEGIES * OWNERS, STRATEGIES) as place:
            database = Database.open(url, migrate=True)
            for number, channel in enumerate(place.channels):
                owners = place.people[number * OWNERS : (number + 1) * OWNERS]
                database.run(_fill, place.team_id, channel, owners)
            database.close()
            held = await _live(url, place)
    warm, last = held[_WARM - 1], held[-1]
    detail = f"{warm / 1e6:.0f} MB after {_WARM * 4} weeks, {last / 1e6:.0f} MB after {TIMES * 4}"
    return [
        Claim(
            f"Memory over a year of {STRATEGIES} strategies", last / warm, GOAL, at_most=True, detail=detail
        )
    ]


def _fill(session: Session, team_id: str, channel: str, owners: list[str]) -> None:
    fill_strategy(session, team_id, channel, owners)


async def _live(url: str, place: Place) -> list[int]:
    """Bytes resident, every four weeks."""
    os.environ |= {
        "DATABASE_URL": url,
        "SLACK_API_URL": place.api_url,
        "SLACK_BOT_TOKEN": place.token,
        "SLACK_SIGNING_SECRET": SECRET,
        "DRUMBEAT_FOLLOW_CLOCK": "true",
        "DRUMBEAT_LOG_LEVEL": "ERROR",
    }
    async with talking("bench.year_process") as (said, _):
        return [int(await said.readline()) for _ in range(TIMES)]
