"""Whatever goes wrong at whatever instant: nobody's words are lost, nothing is said twice, and the week ends as it should.

`make faults` does each kind many times, and writes what came of it to docs/faults.md.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest

from tests.faults.invariants import take_account
from tests.faults.kinds import KINDS, POSTGRESQL, SHARE, SQLITE, Kind, control, share_of
from tests.faults.stage import FIRST_MONDAY, Digests, Stage, on_stage, tell_undisturbed
from tests.faults.table import Outcome, keep
from tests.support.databases import PostgresqlServer, SqliteFiles

MOST_A_WEEK = 10
MOST_A_STORY = 20


@dataclass(frozen=True)
class Story:
    """What goes wrong in it."""

    database: str
    strikes: Sequence[Kind]
    number: int = 0

    def __str__(self) -> str:
        named = {kind.name for kind in self.strikes}
        return f"{named.pop() if len(named) == 1 else 'each once'}-{self.database}-{self.number}"

    @property
    def is_http(self) -> bool:
        """Both ways that Slack reaches the bot have their share."""
        return self.database == SQLITE and not any(kind.needs_socket for kind in self.strikes)


def stories() -> Iterator[Story]:
    """In the short pass one of each database, in which each kind happens once; else many of each kind."""
    for database in (SQLITE, POSTGRESQL):
        kinds = [kind for kind in KINDS if database in kind.databases]
        if not SHARE:
            yield Story(database, [kind for kind in kinds if database == POSTGRESQL or not kind.needs_socket])
            continue
        for kind in kinds:
            times = share_of(kind.times)
            for number, begin in enumerate(range(0, times, MOST_A_STORY)):
                yield Story(database, [kind] * min(MOST_A_STORY, times - begin), number)


@pytest.fixture(scope="module")
def own_server(testrun_uid: str) -> Iterator[PostgresqlServer]:
    """To be restarted: nobody else uses it, and nobody else knows which process it is by then."""
    server = PostgresqlServer(f"{testrun_uid}-faults-{os.getpid()}")
    yield server
    control(server, "-m", "immediate", "stop")


@pytest.mark.parametrize("story", list(stories()), ids=str)
async def test_whatever_goes_wrong_nothing_is_lost_or_doubled(
    request: pytest.FixtureRequest, sqlite_files: SqliteFiles, story: Story
) -> None:
    chance = Random(str(story))
    strikes = chance.sample(story.strikes, len(story.strikes))
    weeks = [strikes[begin : begin + MOST_A_WEEK] for begin in range(0, len(strikes), MOST_A_WEEK)]
    undisturbed = await tell_undisturbed(sqlite_files.new(), len(weeks))
    is_sqlite = story.database == SQLITE
    server: PostgresqlServer | None = None if is_sqlite else request.getfixturevalue("own_server")
    url = server.new() if server else sqlite_files.new()
    async with on_stage(url, chance, http=story.is_http, server=server) as stage:
        told = Told()
        for number, (happens, digests) in enumerate(zip(weeks, undisturbed, strict=True)):
            await live(stage, number, happens, digests, told)
    if len({*story.strikes}) == 1:
        keep(told.outcome(stage, story))
    assert (told.lost, told.doubled) == ({}, {})
    assert stage.fleet.faults == []


class Told:
    """What came of all that went wrong in a story."""

    def __init__(self) -> None:
        self.lost: dict[str, str] = {}
        self.doubled: dict[str, str] = {}
        """Each with what it was found after."""
        self.longest = 0.0

    def add(self, stage: Stage, after: str, digests: Digests | None = None) -> None:
        account = take_account(stage, digests)
        self.lost = dict.fromkeys(account.lost, after) | self.lost
        self.doubled = dict.fromkeys(account.doubled, after) | self.doubled

    def outcome(self, stage: Stage, story: Story) -> Outcome:
        times, what = len(story.strikes), story.strikes[0].what
        found = len(self.lost), len(self.doubled)
        return Outcome(what, story.database, times, stage.met, *found, stage.flagged, self.longest)


async def live(stage: Stage, number: int, strikes: Sequence[Kind], undisturbed: Digests, told: Told) -> None:
    """A week in which so many things go wrong."""
    steps = list(stage.week(FIRST_MONDAY + timedelta(weeks=number)))
    places = sorted(stage.chance.sample(range(len(steps)), len(strikes)))
    happens = dict(zip(places, strikes, strict=True))
    for place, step in enumerate(steps):
        if kind := happens.get(place):
            seconds = await stage.suffers(kind.strike, step)
            told.longest = max(told.longest, seconds)
            await stage.settles_doubts()
            told.add(stage, f"{kind.name} in step {place} of week {number}")
        else:
            await step()
            await stage.slack.settled()
    told.add(stage, f"week {number}", undisturbed)
