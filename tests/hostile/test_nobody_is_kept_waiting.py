"""One member writes what once took half a minute to read: nobody else waits for it, over real sockets.

The bars are seconds, for machines that are busy with other things; what they are held against took minutes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from aiohttp import ClientSession

from sandbox import LocalSlack, Person
from tests.support.bot_process import BotProcess, install, running_bot
from tests.support.team import Team, team_of
from tests.support.waiting import until

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
PATIENCE = 30.0
"""Seconds for any answer, and for the process to end."""
MESSAGES = [
    "." * 39_999 + "x",
    "…" * 20_000 + "x" * 20_000,
    "“" * 40_000,
    "\u0301\u0323" * 20_000,
    "Ben’s work: on track. " * 1_800,
]
COMMANDS = [
    ("/kpi", "update " + "1 " * 1_600),
    ("/kpi", "update " + "1 " * 490),
    ("/initiative", "add " + "to " * 13_000),
    ("/initiative", "add x " + "to " * 320),
    ("/rhythm", "away " + "1 " * 20_000),
    ("/rhythm", "away " + "1 " * 490),
    ("/rhythm", "x" * 40_000),
    ("/checkin", "<@U1|" * 8_000),
]


@dataclass
class Stage:
    """Ben is hostile; Tom just answers his prompt."""

    team: Team
    bot: BotProcess

    @property
    def ben(self) -> Person:
        return self.team.owners["Ben"]

    @property
    def tom(self) -> Person:
        return self.team.owners["Tom"]

    async def attacks(self) -> None:
        for text in MESSAGES:
            await self.ben.says(text)

    async def longest_silence(self, done: asyncio.Event) -> float:
        """Seconds of the slowest answer of `/healthz` until then."""
        longest = 0.0
        async with ClientSession() as http:
            while not done.is_set():
                asked = monotonic()
                async with http.get(f"http://127.0.0.1:{self.bot.port}/healthz") as answer:
                    assert answer.status == 200
                longest = max(longest, monotonic() - asked)
        return longest


@asynccontextmanager
async def on_stage(database_url: str) -> AsyncIterator[Stage]:
    """Both have been prompted."""
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, {"Ben": "Europe/London", "Tom": "Europe/London"})
        async with running_bot(slack, app, database_url, http=True) as bot:
            await team.begins()
            await team.until(MONDAY)
            yield Stage(team, bot)


async def test_hostile_words_and_commands_delay_neither_health_nor_anybody_elses_click(
    database_url: str,
) -> None:
    async with on_stage(database_url) as stage:
        done = asyncio.Event()
        listening = asyncio.create_task(stage.longest_silence(done))
        await stage.attacks()
        asked = monotonic()
        await stage.tom.click("On track")
        await stage.team.slack.settled()
        clicked = monotonic() - asked
        replies = {}
        for name, text in COMMANDS:
            asked = monotonic()
            said = await stage.ben.command(name, text, channel=stage.team.channel)
            replies[name, text[:12], len(text)] = (monotonic() - asked, said.drawn)
        done.set()

        assert await listening < PATIENCE
        assert clicked < PATIENCE
        assert {key: took for key, (took, _) in replies.items() if took > PATIENCE} == {}
        assert all("Something went wrong" not in said for _, said in replies.values())
        assert replies["/rhythm", "away 1 1 1 1", 40_005][1].startswith("That is 40,004 characters")
        [prompt] = stage.team.prompts(stage.tom)
        assert "on track" in prompt.drawn


async def test_sigterm_ends_it_in_the_middle_of_hostile_words(database_url: str) -> None:
    async with on_stage(database_url) as stage:
        heard = len(stage.team.slack.calls)
        await stage.attacks()
        await until(lambda: len(stage.team.slack.calls) > heard, "the first of them being answered")
        asked = monotonic()
        assert await stage.bot.stop() == 0
        assert monotonic() - asked < PATIENCE


async def test_words_too_long_to_be_read_are_kept_whole_and_asked_about(database_url: str) -> None:
    async with on_stage(database_url) as stage:
        words = "Ben’s work is on track. " + "x" * 3_976
        await stage.ben.says(words)
        await stage.team.slack.settled()
        [read] = stage.ben.dm.messages[-1].thread
        assert read.drawn.startswith("Recorded: :large_green_circle: Ben’s work on track")

        await stage.ben.says(f"{words}x")
        await stage.team.slack.settled()
        said = stage.ben.dm.messages[-1]
        [asked] = said.thread
        assert (
            "Your message has 4,001 characters, and I read what is going on out of at most 4,000"
            in asked.drawn
        )
        assert "Recorded" not in asked.drawn
        await stage.ben.click("Ben’s work", message=asked)
        await stage.team.slack.settled()
        [placed] = said.thread
        told = (
            "I kept your words for Ben’s work. It is recorded as :large_green_circle: on track: is it still?"
        )
        assert placed.drawn.startswith(told)
